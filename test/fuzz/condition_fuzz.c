/*
 * What conditions compare: dates, numbers, addresses, ARNs, patterns. The input is three lines, an operator
 * and two texts: a value of the policy and one of the request. A negated operator holds just when the other
 * does not; of two numbers or dates one order holds; a network contains itself; a pattern agrees with a plain
 * recursive matcher.
 */
#include "base/check.h"
#include "iam/moment.h"
#include "iam/policy_condition.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool find(void *from, struct slice key, struct iam_values *out)
{
    if (!slice_is(key, "k"))
        return false;
    *out = (struct iam_values){from, 1, false};
    return true;
}

static struct slice take_line(struct slice *rest)
{
    const char *end = rest->len == 0 ? NULL : memchr(rest->ptr, '\n', rest->len);
    struct slice line = {rest->ptr, end == NULL ? rest->len : (size_t)(end - rest->ptr)};

    *rest = slice_skip(*rest, line.len + (end != NULL));
    return line;
}

/* Whether a condition of one key, with one value, holds; false also if there is no such condition. */
static bool holds(struct arena *arena, struct slice name, struct slice wanted, struct slice given,
                  bool *known)
{
    struct iam_context context = {find, &given};
    struct matching matching = {&context, WORK_LIMIT};
    struct policy_condition condition;
    struct policy_condition_value value;

    *known = policy_condition_read_name(name, &condition) &&
             policy_condition_value_is_valid(condition.comparator, wanted);
    if (!*known)
        return false;
    condition.key = SLICE("k");
    condition.values = &value;
    condition.count = 1;
    policy_condition_value_read(&value, condition.comparator, wanted, false, arena);
    bool held = policy_condition_holds(&condition, false, &matching);
    CHECK(policy_condition_holds(&condition, true, &matching) == held || matching.work == 0);
    *known = matching.work > 0;
    return held;
}

static void check_negation(struct arena *arena, struct slice wanted, struct slice given)
{
    static const char *const pairs[][2] = {
        {"StringEquals", "StringNotEquals"}, {"StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"},
        {"StringLike", "StringNotLike"},     {"NumericEquals", "NumericNotEquals"},
        {"DateEquals", "DateNotEquals"},     {"IpAddress", "NotIpAddress"},
        {"ArnEquals", "ArnNotEquals"},       {"ArnLike", "ArnNotLike"},
    };
    bool known, also_known;

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        bool is = holds(arena, slice_of(pairs[i][0]), wanted, given, &known);
        bool is_not = holds(arena, slice_of(pairs[i][1]), wanted, given, &also_known);
        CHECK(!known || !also_known || is != is_not);
    }
    bool like = holds(arena, SLICE("ArnLike"), wanted, given, &known);
    CHECK(like == holds(arena, SLICE("ArnEquals"), wanted, given, &known));
}

/* Less, equal or greater: one of them, and the same the other way round. */
static void check_order(struct arena *arena, const char *family, struct slice a, struct slice b)
{
    bool known, other_known, used;
    struct slice less = arena_printf(arena, "%sLessThan", family);
    struct slice equal = arena_printf(arena, "%sEquals", family);
    struct slice greater = arena_printf(arena, "%sGreaterThan", family);
    struct slice not_less = arena_printf(arena, "%sGreaterThanEquals", family);
    bool is_less = holds(arena, less, a, b, &known), is_greater = holds(arena, greater, a, b, &known);
    bool is_equal = holds(arena, equal, a, b, &known);
    bool back = holds(arena, greater, b, a, &other_known);

    if (!known || !other_known)
        return;
    CHECK((int)is_less + (int)is_equal + (int)is_greater == 1);
    CHECK(is_less == back);
    CHECK(holds(arena, not_less, a, b, &used) == (is_equal || is_greater));
}

static void check_network(struct slice text)
{
    struct network network, wide;

    if (!network_parse(text, &network))
        return;
    CHECK(network.prefix <= network.bytes * 8);
    CHECK(network_contains(&network, &network));
    wide = network;
    wide.prefix = 0;
    CHECK(network_contains(&wide, &network));
}

/* As plain as can be, and slow: for short texts of one-byte characters. */
static bool like(struct slice pattern, struct slice text)
{
    if (pattern.len == 0)
        return text.len == 0;
    if (pattern.ptr[0] == '*')
        return like(slice_skip(pattern, 1), text) || (text.len > 0 && like(pattern, slice_skip(text, 1)));
    return text.len > 0 && (pattern.ptr[0] == '?' || pattern.ptr[0] == text.ptr[0]) &&
           like(slice_skip(pattern, 1), slice_skip(text, 1));
}

/* '*' not before a colon or the end stays between colons. */
static bool like_arn(struct slice pattern, struct slice text)
{
    size_t stars = 0;

    if (pattern.len == 0)
        return text.len == 0;
    if (pattern.ptr[0] == '*') {
        while (stars < pattern.len && pattern.ptr[stars] == '*')
            stars++;
        bool last = stars == pattern.len || pattern.ptr[stars] == ':';
        for (size_t i = 0; i <= text.len; i++) {
            if (like_arn(slice_skip(pattern, stars), slice_skip(text, i)))
                return true;
            if (i < text.len && text.ptr[i] == ':' && !last)
                return false;
        }
        return false;
    }
    return text.len > 0 && (pattern.ptr[0] == '?' ? text.ptr[0] != ':' : pattern.ptr[0] == text.ptr[0]) &&
           like_arn(slice_skip(pattern, 1), slice_skip(text, 1));
}

static bool is_ascii(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] >= 0x80)
            return false;
    }
    return true;
}

static void check_pattern(struct arena *arena, struct slice text, struct slice given)
{
    enum { SHORT = 14 };
    struct iam_context context = {0};
    struct matching matching = {&context, WORK_LIMIT};

    if (text.len > SHORT || given.len > SHORT || !is_ascii(text) || !is_ascii(given))
        return;
    struct pattern pattern = pattern_read(arena, text, PATTERN_WILDCARDS);
    CHECK((pattern_match(&pattern, given, &matching) == MATCH_YES) == like(text, given));
    struct pattern arn = pattern_read(arena, text, PATTERN_WILDCARDS | PATTERN_ARN);
    CHECK((pattern_match(&arn, given, &matching) == MATCH_YES) == like_arn(text, given));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    bool known;

    arena_init(&arena);
    char *copy = malloc(size > 0 ? size : 1);
    CHECK(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    struct slice rest = {copy, size < 4096 ? size : 4096};
    struct slice name = take_line(&rest), wanted = take_line(&rest), given = take_line(&rest);
    (void)holds(&arena, name, wanted, given, &known);
    check_negation(&arena, wanted, given);
    check_order(&arena, "Numeric", wanted, given);
    check_order(&arena, "Date", wanted, given);
    check_network(wanted);
    check_pattern(&arena, wanted, given);
    free(copy);
    arena_finish(&arena);
    return 0;
}
