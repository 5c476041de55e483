#include "iam/policy_condition.h"

#include "base/base64.h"
#include "iam/moment.h"

enum { NOT_LESS = COMPARE_EQUAL | COMPARE_GREATER, NOT_GREATER = COMPARE_EQUAL | COMPARE_LESS };

static const struct comparator comparators[] = {
    {"StringEquals", OPERATOR_STRING, false, 0, 0},
    {"StringNotEquals", OPERATOR_STRING, true, 0, 0},
    {"StringEqualsIgnoreCase", OPERATOR_STRING, false, 0, PATTERN_IGNORES_CASE},
    {"StringNotEqualsIgnoreCase", OPERATOR_STRING, true, 0, PATTERN_IGNORES_CASE},
    {"StringLike", OPERATOR_STRING, false, 0, PATTERN_WILDCARDS},
    {"StringNotLike", OPERATOR_STRING, true, 0, PATTERN_WILDCARDS},
    {"NumericEquals", OPERATOR_NUMERIC, false, COMPARE_EQUAL, 0},
    {"NumericNotEquals", OPERATOR_NUMERIC, true, COMPARE_EQUAL, 0},
    {"NumericLessThan", OPERATOR_NUMERIC, false, COMPARE_LESS, 0},
    {"NumericLessThanEquals", OPERATOR_NUMERIC, false, NOT_GREATER, 0},
    {"NumericGreaterThan", OPERATOR_NUMERIC, false, COMPARE_GREATER, 0},
    {"NumericGreaterThanEquals", OPERATOR_NUMERIC, false, NOT_LESS, 0},
    {"DateEquals", OPERATOR_DATE, false, COMPARE_EQUAL, 0},
    {"DateNotEquals", OPERATOR_DATE, true, COMPARE_EQUAL, 0},
    {"DateLessThan", OPERATOR_DATE, false, COMPARE_LESS, 0},
    {"DateLessThanEquals", OPERATOR_DATE, false, NOT_GREATER, 0},
    {"DateGreaterThan", OPERATOR_DATE, false, COMPARE_GREATER, 0},
    {"DateGreaterThanEquals", OPERATOR_DATE, false, NOT_LESS, 0},
    {"Bool", OPERATOR_BOOL, false, 0, 0},
    {"BinaryEquals", OPERATOR_BINARY, false, 0, 0},
    {"IpAddress", OPERATOR_IP, false, 0, 0},
    {"NotIpAddress", OPERATOR_IP, true, 0, 0},
    {"ArnEquals", OPERATOR_ARN, false, 0, 0},
    {"ArnNotEquals", OPERATOR_ARN, true, 0, 0},
    {"ArnLike", OPERATOR_ARN, false, 0, 0},
    {"ArnNotLike", OPERATOR_ARN, true, 0, 0},
    {"Null", OPERATOR_NULL, false, 0, 0},
};

/* ---- reading ---- */

static bool take_prefix(struct slice *name, struct slice prefix)
{
    if (!slice_starts_with(*name, prefix))
        return false;
    *name = slice_skip(*name, prefix.len);
    return true;
}

static bool take_suffix(struct slice *name, struct slice suffix)
{
    if (name->len <= suffix.len || !slice_equal(slice_skip(*name, name->len - suffix.len), suffix))
        return false;
    name->len -= suffix.len;
    return true;
}

bool policy_condition_read_name(struct slice name, struct policy_condition *out)
{
    *out = (struct policy_condition){.name = name};
    if (take_prefix(&name, SLICE("ForAllValues:")))
        out->set = SET_ALL;
    else if (take_prefix(&name, SLICE("ForAnyValue:")))
        out->set = SET_ANY;
    out->if_exists = take_suffix(&name, SLICE("IfExists"));
    for (size_t i = 0; i < sizeof(comparators) / sizeof(comparators[0]); i++) {
        if (slice_is(name, comparators[i].name))
            out->comparator = &comparators[i];
    }
    /* "You can add IfExists to the end of any condition operator name except the Null condition." */
    return out->comparator != NULL && (out->comparator->family != OPERATOR_NULL || !out->if_exists);
}

/* A decimal number: sign, digits before and behind the point, without zeros that say nothing. */
struct decimal {
    bool negative;
    struct slice whole;
    struct slice fraction;
};

static struct slice take_digits(struct slice *text)
{
    struct slice digits = {text->ptr, 0};

    while (digits.len < text->len && text->ptr[digits.len] >= '0' && text->ptr[digits.len] <= '9')
        digits.len++;
    *text = slice_skip(*text, digits.len);
    return digits;
}

static bool decimal_parse(struct slice text, struct decimal *out)
{
    bool pointed;

    *out = (struct decimal){0};
    if (text.len == 0)
        return false;
    if (text.ptr[0] == '-' || text.ptr[0] == '+') {
        out->negative = text.ptr[0] == '-';
        text = slice_skip(text, 1);
    }
    out->whole = take_digits(&text);
    bool right = out->whole.len > 0;
    pointed = text.len > 0 && text.ptr[0] == '.';
    if (pointed) {
        text = slice_skip(text, 1);
        out->fraction = take_digits(&text);
        right = right && out->fraction.len > 0;
    }
    while (out->whole.len > 0 && out->whole.ptr[0] == '0')
        out->whole = slice_skip(out->whole, 1);
    while (out->fraction.len > 0 && out->fraction.ptr[out->fraction.len - 1] == '0')
        out->fraction.len--;
    out->negative = out->negative && (out->whole.len > 0 || out->fraction.len > 0);
    return right && text.len == 0;
}

/* Less than, equal to or greater than 0. */
static int decimal_compare(const struct decimal *a, const struct decimal *b)
{
    int order;

    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    if (a->whole.len != b->whole.len)
        order = a->whole.len < b->whole.len ? -1 : 1;
    else
        order = slice_compare(a->whole, b->whole);
    if (order == 0)
        order = slice_compare(a->fraction, b->fraction);
    return a->negative ? -order : order;
}

static bool equal_ignoring_case(struct slice text, struct slice word)
{
    return text.len == word.len && strncasecmp(text.ptr, word.ptr, word.len) == 0;
}

static bool truth_parse(struct slice text, bool *out)
{
    *out = equal_ignoring_case(text, SLICE("true"));
    return *out || equal_ignoring_case(text, SLICE("false"));
}

bool policy_condition_value_is_valid(const struct comparator *comparator, struct slice text)
{
    struct decimal number;
    struct network network;
    int64_t time;
    bool truth;

    switch (comparator->family) {
    case OPERATOR_NUMERIC:
        return decimal_parse(text, &number);
    case OPERATOR_DATE:
        return moment_parse(text, &time);
    case OPERATOR_BOOL:
    case OPERATOR_NULL:
        return truth_parse(text, &truth);
    case OPERATOR_BINARY:
        return base64_valid(text);
    case OPERATOR_IP:
        return network_parse(text, &network);
    case OPERATOR_STRING:
    case OPERATOR_ARN:
        break;
    }
    return true;
}

/* The six parts of an ARN are compared each for itself: no wildcard of one reaches into the next. */
static const struct pattern *read_arn(struct slice text, unsigned traits, struct arena *arena)
{
    struct slice parts[6];

    if (arn_split(text, (traits & PATTERN_VARIABLES) != 0, parts) < 6)
        return NULL;
    struct pattern *patterns = arena_array(arena, struct pattern, 6);
    for (size_t i = 0; i < 6; i++)
        patterns[i] = pattern_read(arena, parts[i], traits);
    return patterns;
}

void policy_condition_value_read(struct policy_condition_value *value, const struct comparator *comparator,
                                 struct slice text, bool variables, struct arena *arena)
{
    unsigned traits = variables ? PATTERN_VARIABLES : 0;

    *value = (struct policy_condition_value){.text = text};
    switch (comparator->family) {
    case OPERATOR_STRING:
        value->pattern = pattern_read(arena, text, traits | comparator->traits);
        break;
    case OPERATOR_ARN:
        value->arn = read_arn(text, traits | PATTERN_WILDCARDS, arena);
        break;
    case OPERATOR_DATE:
        (void)!moment_parse(text, &value->time);
        break;
    case OPERATOR_IP:
        (void)!network_parse(text, &value->network);
        break;
    case OPERATOR_BOOL:
    case OPERATOR_NULL:
        (void)!truth_parse(text, &value->truth);
        break;
    case OPERATOR_NUMERIC:
    case OPERATOR_BINARY:
        break;
    }
}

/* ---- holding ---- */

static bool satisfies(unsigned comparison, int order)
{
    return (comparison & (order < 0 ? COMPARE_LESS : order > 0 ? COMPARE_GREATER : COMPARE_EQUAL)) != 0;
}

static enum match match_number(const struct comparator *comparator, struct slice wanted, struct slice given)
{
    struct decimal a, b;

    return decimal_parse(given, &a) && decimal_parse(wanted, &b) &&
                   satisfies(comparator->comparison, decimal_compare(&a, &b))
               ? MATCH_YES
               : MATCH_NO;
}

static enum match match_time(const struct comparator *comparator, int64_t wanted, struct slice given)
{
    int64_t time;

    return moment_parse(given, &time) && satisfies(comparator->comparison, (time > wanted) - (time < wanted))
               ? MATCH_YES
               : MATCH_NO;
}

static enum match match_arn(const struct pattern *wanted, struct slice given, struct matching *matching)
{
    struct slice parts[6];
    enum match all = MATCH_YES;

    if (wanted == NULL || arn_split(given, false, parts) < 6)
        return MATCH_NO;
    for (size_t i = 0; i < 6; i++) {
        enum match one = pattern_match(&wanted[i], parts[i], matching);
        if (one == MATCH_UNRESOLVED)
            return one;
        if (one == MATCH_NO)
            all = MATCH_NO;
    }
    return all;
}

/* The comparison itself, before it is negated. */
static enum match match_value(const struct comparator *comparator,
                              const struct policy_condition_value *wanted, struct slice given,
                              struct matching *matching)
{
    struct network address;
    bool truth;

    switch (comparator->family) {
    case OPERATOR_STRING:
        return pattern_match(&wanted->pattern, given, matching);
    case OPERATOR_ARN:
        return match_arn(wanted->arn, given, matching);
    case OPERATOR_NUMERIC:
        return match_number(comparator, wanted->text, given);
    case OPERATOR_DATE:
        return match_time(comparator, wanted->time, given);
    case OPERATOR_BOOL:
        return truth_parse(given, &truth) && truth == wanted->truth ? MATCH_YES : MATCH_NO;
    case OPERATOR_BINARY:
        return slice_equal(wanted->text, given) ? MATCH_YES : MATCH_NO;
    case OPERATOR_IP:
        return network_parse(given, &address) && network_contains(&wanted->network, &address) ? MATCH_YES
                                                                                              : MATCH_NO;
    case OPERATOR_NULL:
        break;
    }
    return MATCH_NO;
}

bool policy_condition_value_matches(const struct policy_condition *condition,
                                    const struct policy_condition_value *value, struct slice given,
                                    struct matching *matching)
{
    return match_value(condition->comparator, value, given, matching) == MATCH_YES;
}

/* One value of the request against all that are wanted: like one of them; or, negated, like none. A variable
 * without a value makes the condition fail either way, unless another value decides. */
static bool value_passes(const struct policy_condition *condition, struct slice given,
                         struct matching *matching)
{
    enum { BYTES_A_STEP = 16 };
    bool negated = condition->comparator->negated, unresolved = false;

    for (size_t i = 0; i < condition->count; i++) {
        const struct policy_condition_value *wanted = &condition->values[i];
        if (!matching_work(matching, 1 + given.len / BYTES_A_STEP))
            return false;
        switch (match_value(condition->comparator, wanted, given, matching)) {
        case MATCH_YES:
            return !negated;
        case MATCH_UNRESOLVED:
            unresolved = true;
            break;
        case MATCH_NO:
            break;
        }
    }
    return negated && !unresolved;
}

static bool is_wanted_null(const struct policy_condition *condition, bool is_null)
{
    for (size_t i = 0; i < condition->count; i++) {
        if (condition->values[i].truth == is_null)
            return true;
    }
    return false;
}

/* "if the key values resolve to a null data set, such as an empty string" */
static bool is_null_set(const struct iam_values *given)
{
    return given->count == 0 || (given->count == 1 && given->values[0].len == 0);
}

static bool holds_without_value(const struct policy_condition *condition)
{
    if (condition->if_exists)
        return true;
    switch (condition->set) {
    case SET_ALL:
        return true;
    case SET_ANY:
        return false;
    case SET_NONE:
        break;
    }
    return condition->comparator->negated;
}

bool policy_condition_holds(const struct policy_condition *condition, bool denies, struct matching *matching)
{
    enum condition_set set = condition->set;
    struct iam_values given;
    bool there = matching_find(matching, condition->key, &given);

    if (condition->comparator->family == OPERATOR_NULL)
        return is_wanted_null(condition, !there);
    if (!there || (set != SET_NONE && is_null_set(&given)))
        return holds_without_value(condition);
    if (set == SET_NONE && given.count > 1 && !denies)
        return false;
    for (size_t i = 0; i < given.count; i++) {
        bool passes = value_passes(condition, given.values[i], matching);
        if (passes != (set == SET_ALL))
            return passes;
    }
    return set == SET_ALL;
}
