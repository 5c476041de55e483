/*
 * Runs all files of test/iam that end in .test, from the repository's root. A file is a list of cases; lines
 * that begin with # are comments, and a line that begins with two blanks goes on with the line before.
 *
 *     as user/ana                 who asks; forgets all policies and the context. Or: root,
 * assumed-role/App/x role/path/App [PROVIDER], federated-user/x user/ana, web PROVIDER, service NAME identity
 * POLICY             a policy of the principal, one more each time; so is session boundary POLICY likewise
 * resource, the policy of what is asked for, or trust, that of a role context {"aws:x": "y"}      the
 * request's without identity            forgets those policies
 *
 *     ask dynamodb:GetItem ARN    a case; below it, what comes out: allowed by LAYER, not allowed by LAYER,
 * denied by LAYER, where a layer is identity, boundary, session, resource or none says MESSAGE then perhaps
 * the message | TEXT                      then perhaps the explanation, line by line
 *
 *     condition {...}             a case: whether it holds in this context, in a statement that allows
 *     denying {...}               the same in one that denies
 *     true
 *     like PATTERN ~ ARN          a case: whether the Resource is like the ARN
 *     true
 *     document KIND TEXT          a case: managed, inline, session, trust or resource, and whether it is one
 *     good                        or the sentence
 *     at PLACE                    then perhaps the place
 *     lint HOLDER POLICY          a case: user, role, cognito or anyone, and the warnings
 *     | statement 1, Action, dynamodb:Foo: SENTENCE MEND
 *
 * A POLICY is a document, or its statements alone. ACCOUNT is 111122223333, and TABLE/ the beginning of a
 * table's ARN in it. {{3 ab}} is ababab.
 */
#include "lib/unit.h"

#include <dirent.h>

#include "lib/iam_case.h"

#include "iam/explain.h"
#include "iam/lint.h"

#define FOLDER "test/iam"

#define ACCOUNT "111122223333"
#define TABLES  "arn:aws:dynamodb:us-east-1:" ACCOUNT ":table/"

enum { POLICIES = 8, EXPECTED_LINES = 40 };

struct setting {
    struct slice principal; /* JSON */
    struct slice identity[POLICIES];
    size_t identity_count;
    struct slice session[POLICIES];
    size_t session_count;
    struct slice boundary, resource, trust, context;
};

struct table {
    struct arena arena;
    const char *path;
    struct slice text;
    unsigned line;  /* of the line read last */
    unsigned begun; /* where the case begins */
    struct setting setting;
    struct slice question;
    unsigned cases;
    unsigned wrong;
};

/* ---- reading ---- */

static struct slice read_file(struct arena *arena, const char *path)
{
    struct buffer buffer;
    FILE *file = fopen(path, "rb");
    size_t got;

    CHECK(file != NULL);
    buffer_init(&buffer);
    do {
        char *into = buffer_reserve(&buffer, 65536);
        got = fread(into, 1, 65536, file);
        buffer.len += got;
    } while (got > 0);
    (void)fclose(file);
    struct slice text = arena_copy(arena, buffer_slice(&buffer));
    buffer_finish(&buffer);
    return text;
}

static bool next_plain_line(struct table *table, struct slice *line)
{
    if (table->text.len == 0)
        return false;
    const char *end = memchr(table->text.ptr, '\n', table->text.len);
    size_t length = end == NULL ? table->text.len : (size_t)(end - table->text.ptr);
    *line = (struct slice){table->text.ptr, length};
    table->text = slice_skip(table->text, length + (end != NULL));
    table->line++;
    return true;
}

static void append_expanded(struct buffer *out, struct slice text)
{
    static const struct {
        struct slice name;
        const char *text;
    } names[] = {{{"ACCOUNT", 7}, ACCOUNT}, {{"TABLE/", 6}, TABLES}};

    for (size_t i = 0; i < text.len;) {
        struct slice rest = slice_skip(text, i);
        size_t taken = 0;
        for (size_t j = 0; j < 2 && taken == 0; j++) {
            if (slice_starts_with(rest, names[j].name)) {
                buffer_append_string(out, names[j].text);
                taken = names[j].name.len;
            }
        }
        if (taken == 0 && slice_starts_with(rest, SLICE("{{")) && rest.len > 2 && rest.ptr[2] >= '0' &&
            rest.ptr[2] <= '9') {
            char *unit;
            unsigned long times = strtoul(rest.ptr + 2, &unit, 10);
            const char *end = strstr(++unit, "}}");
            CHECK(end != NULL);
            for (unsigned long k = 0; k < times; k++)
                buffer_append(out, (struct slice){unit, (size_t)(end - unit)});
            taken = (size_t)(end - rest.ptr) + 2;
        }
        if (taken == 0)
            buffer_append_byte(out, rest.ptr[0]);
        i += taken == 0 ? 1 : taken;
    }
}

/* A line with those that go on with it; comments are left out. */
static bool next_line(struct table *table, struct slice *line)
{
    struct buffer whole;
    struct slice part;

    do {
        if (!next_plain_line(table, &part))
            return false;
    } while (part.len > 0 && part.ptr[0] == '#');
    buffer_init(&whole);
    append_expanded(&whole, part);
    while (slice_starts_with(table->text, SLICE("  ")) && next_plain_line(table, &part))
        append_expanded(&whole, slice_skip(part, 1));
    *line = arena_copy(&table->arena, buffer_slice(&whole));
    buffer_finish(&whole);
    return true;
}

/* "ask a b" is word "ask" and rest "a b" */
static struct slice split(struct slice line, struct slice *rest)
{
    const char *blank = line.len == 0 ? NULL : memchr(line.ptr, ' ', line.len);
    struct slice word = {line.ptr, blank == NULL ? line.len : (size_t)(blank - line.ptr)};

    *rest = slice_skip(line, blank == NULL ? word.len : word.len + 1);
    return word;
}

static const struct json *read_json(struct arena *arena, struct slice text)
{
    const struct json *json = NULL;
    enum json_problem problem = json_parse(arena, text, 200, &json);

    if (problem != JSON_OK)
        fail_msg("no JSON: %.*s", SLICE_ARGS(text));
    return json;
}

/* ---- who asks ---- */

static struct slice arn_of(struct arena *arena, struct slice name)
{
    bool sts =
        slice_starts_with(name, SLICE("assumed-role/")) || slice_starts_with(name, SLICE("federated-user/"));

    if (name.len == 0)
        return name;
    return arena_printf(arena, "arn:aws:%s::" ACCOUNT ":%.*s", sts ? "sts" : "iam", SLICE_ARGS(name));
}

static void set_principal(struct table *table, struct slice text)
{
    struct slice rest, provider = SLICE("");
    struct slice name = split(text, &rest);
    struct slice origin = split(rest, &provider);
    bool root = slice_is(name, "root");
    bool outsider = slice_is(name, "web") || slice_is(name, "service");
    const char *kind = root                                              ? "root"
                       : slice_is(name, "web")                           ? "web"
                       : slice_is(name, "service")                       ? "service"
                       : slice_starts_with(name, SLICE("user/"))         ? "user"
                       : slice_starts_with(name, SLICE("assumed-role/")) ? "session"
                                                                         : "federated";

    if (outsider)
        provider = origin;
    table->setting = (struct setting){0};
    table->setting.principal = arena_printf(
        &table->arena,
        "{\"kind\":\"%s\",\"account\":\"%s\",\"arn\":\"%.*s\",\"origin\":\"%.*s\",\"provider\":\"%.*s\"}",
        kind, outsider ? "" : ACCOUNT, SLICE_ARGS(outsider ? SLICE("") : arn_of(&table->arena, name)),
        SLICE_ARGS(outsider ? SLICE("") : arn_of(&table->arena, origin)), SLICE_ARGS(provider));
}

/* ---- cases ---- */

static void wrong(struct table *table, struct slice expected, struct slice got)
{
    table->wrong++;
    print_error("%s:%u: %.*s\n  expected %.*s\n  got      %.*s\n", table->path, table->begun,
                SLICE_ARGS(table->question), SLICE_ARGS(expected), SLICE_ARGS(got));
}

static void expect(struct table *table, struct slice expected, struct slice got)
{
    if (!slice_equal(expected, got))
        wrong(table, expected, got);
}

static void expect_truth(struct table *table, struct slice expected, bool got)
{
    expect(table, expected, got ? SLICE("true") : SLICE("false"));
}

static void append_list(struct buffer *out, const char *name, const struct slice *texts, size_t count)
{
    buffer_printf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < count; i++)
        buffer_printf(out, "%s%.*s", i > 0 ? "," : "", SLICE_ARGS(texts[i]));
    buffer_append_byte(out, ']');
}

static void append_member(struct buffer *out, const char *name, struct slice text)
{
    if (text.len > 0)
        buffer_printf(out, ",\"%s\":%.*s", name, SLICE_ARGS(text));
}

static const struct json *case_of(struct table *table, const struct setting *setting, struct slice action,
                                  struct slice resource)
{
    struct buffer out;

    buffer_init(&out);
    buffer_printf(&out, "{\"principal\":%.*s,\"action\":\"%.*s\",\"on\":\"%.*s\"",
                  SLICE_ARGS(setting->principal), SLICE_ARGS(action), SLICE_ARGS(resource));
    append_list(&out, "identity", setting->identity, setting->identity_count);
    append_list(&out, "session", setting->session, setting->session_count);
    append_member(&out, "boundary", setting->boundary);
    append_member(&out, "resource", setting->resource);
    append_member(&out, "trust", setting->trust);
    append_member(&out, "context", setting->context);
    buffer_append_byte(&out, '}');
    struct slice text = arena_copy(&table->arena, buffer_slice(&out));
    buffer_finish(&out);
    return read_json(&table->arena, text);
}

static struct slice without_prefix(struct slice line, const char *prefix)
{
    CHECK(slice_starts_with(line, slice_of(prefix)));
    return slice_skip(line, strlen(prefix));
}

/* Lines of "| text" against a text. */
static void expect_text(struct table *table, const struct slice *lines, size_t count, struct slice got)
{
    struct buffer expected;

    buffer_init(&expected);
    for (size_t i = 0; i < count; i++) {
        buffer_append(&expected, without_prefix(lines[i], "| "));
        buffer_append_byte(&expected, '\n');
    }
    expect(table, buffer_slice(&expected), got);
    buffer_finish(&expected);
}

static void check_ask(struct table *table, struct slice rest, const struct slice *lines, size_t count)
{
    struct iam_case test;
    struct slice resource;
    struct slice action = split(rest, &resource);
    struct buffer text;

    if (!iam_case_read(&test, &table->arena, case_of(table, &table->setting, action, resource))) {
        wrong(table, lines[0], test.problem.sentence);
        iam_case_finish(&test);
        return;
    }
    struct iam_verdict verdict = iam_case_evaluate(&test);
    expect(table, lines[0], iam_case_tell(&table->arena, &verdict));
    buffer_init(&text);
    size_t told = count > 1 && slice_starts_with(lines[1], SLICE("says ")) ? 1 : 0;
    if (told > 0) {
        iam_denial_message(&text, &test.authority, &test.request, &verdict);
        expect(table, without_prefix(lines[1], "says "), buffer_slice(&text));
        buffer_reset(&text);
    }
    if (count > 1 + told) {
        iam_explain(&text, &test.authority, &test.request, &verdict);
        expect_text(table, lines + 1 + told, count - 1 - told, buffer_slice(&text));
    }
    buffer_finish(&text);
    iam_case_finish(&test);
}

static bool is_allowed(struct table *table, const struct setting *setting, struct slice resource)
{
    struct iam_case test;
    bool read = iam_case_read(&test, &table->arena, case_of(table, setting, SLICE("a:b"), resource));
    bool allowed = read && iam_case_evaluate(&test).outcome == IAM_ALLOWED;

    if (!read)
        wrong(table, SLICE("a policy"), test.problem.sentence);
    iam_case_finish(&test);
    return allowed;
}

static void check_condition(struct table *table, struct slice condition, bool denies, struct slice expected)
{
    struct setting setting = {.principal = SLICE("{\"kind\":\"user\"}"), .context = table->setting.context};

    setting.identity[setting.identity_count++] = arena_printf(
        &table->arena, "[{\"Effect\":\"%s\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":%.*s}%s]",
        denies ? "Deny" : "Allow", SLICE_ARGS(condition),
        denies ? ",{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}" : "");
    expect_truth(table, expected, is_allowed(table, &setting, SLICE("*")) != denies);
}

static void check_like(struct table *table, struct slice text, struct slice expected)
{
    struct setting setting = {.principal = SLICE("{\"kind\":\"user\"}"), .context = table->setting.context};
    const char *between = memmem(text.ptr, text.len, " ~ ", 3);

    CHECK(between != NULL);
    size_t length = (size_t)(between - text.ptr);
    setting.identity[setting.identity_count++] =
        arena_printf(&table->arena, "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"%.*s\"}",
                     (int)length, text.ptr);
    expect_truth(table, expected, is_allowed(table, &setting, slice_skip(text, length + 3)));
}

static enum policy_kind kind_named(struct slice name)
{
    static const char *const names[] = {
        [POLICY_MANAGED] = "managed", [POLICY_INLINE] = "inline",     [POLICY_SESSION] = "session",
        [POLICY_TRUST] = "trust",     [POLICY_RESOURCE] = "resource", [POLICY_BUCKET] = "bucket"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_is(name, names[i]))
            return (enum policy_kind)i;
    }
    fail_msg("what kind is %.*s?", SLICE_ARGS(name));
    return POLICY_INLINE;
}

static void check_document(struct table *table, struct slice rest, const struct slice *lines, size_t count)
{
    struct policy_problem problem;
    struct slice text;
    struct slice kind = split(rest, &text);
    struct policy *policy = policy_create(kind_named(kind), text, &table->arena, &problem);

    expect(table, lines[0], policy != NULL ? SLICE("good") : problem.sentence);
    if (count > 1)
        expect(table, without_prefix(lines[1], "at "), problem.place);
    policy_destroy(policy);
}

/* The tables of which the warnings know: Plain has no indexes, Track has byUserId. */
static struct lint_table table_of(void *from, struct slice name)
{
    (void)from;
    return (struct lint_table){slice_is(name, "Plain") || slice_is(name, "Track"),
                               slice_is(name, "Track") ? 1 : 0};
}

static bool has_index(void *from, struct slice table_name, struct slice index_name)
{
    (void)from;
    return slice_is(table_name, "Track") && slice_is(index_name, "byUserId");
}

static void check_lint(struct table *table, struct slice rest, const struct slice *lines, size_t count)
{
    static const char *const holders[] = {[LINT_ANYONE] = "anyone",
                                          [LINT_USER] = "user",
                                          [LINT_ROLE] = "role",
                                          [LINT_COGNITO_ROLE] = "cognito"};
    struct lint_question question = {.table = table_of, .has_index = has_index};
    struct lint_warning *warnings;
    struct policy_problem problem;
    struct slice json;
    struct slice holder = split(rest, &json);
    struct buffer text;

    for (size_t i = 0; i < sizeof(holders) / sizeof(holders[0]); i++) {
        if (slice_is(holder, holders[i]))
            question.holder = (enum lint_holder)i;
    }
    struct slice document = iam_case_document(&table->arena, read_json(&table->arena, json));
    bool resource = memmem(document.ptr, document.len, "\"Principal\"", 11) != NULL;
    struct policy *policy =
        policy_create(resource ? POLICY_RESOURCE : POLICY_INLINE, document, &table->arena, &problem);
    if (policy == NULL) {
        wrong(table, lines[0], problem.sentence);
        return;
    }
    size_t found = policy_lint(policy, &question, &table->arena, &warnings);
    buffer_init(&text);
    for (size_t i = 0; i < found; i++)
        buffer_printf(&text, "statement %zu, %.*s, %.*s: %.*s %.*s\n", warnings[i].statement + 1,
                      SLICE_ARGS(warnings[i].element), SLICE_ARGS(warnings[i].subject),
                      SLICE_ARGS(warnings[i].sentence), SLICE_ARGS(warnings[i].mend));
    if (slice_is(lines[0], "good"))
        expect(table, SLICE(""), buffer_slice(&text));
    else
        expect_text(table, lines, count, buffer_slice(&text));
    buffer_finish(&text);
    policy_destroy(policy);
}

static void check_case(struct table *table, struct slice word, struct slice rest, const struct slice *lines,
                       size_t count)
{
    if (slice_is(word, "ask"))
        check_ask(table, rest, lines, count);
    else if (slice_is(word, "condition") || slice_is(word, "denying"))
        check_condition(table, rest, slice_is(word, "denying"), lines[0]);
    else if (slice_is(word, "like"))
        check_like(table, rest, lines[0]);
    else if (slice_is(word, "document"))
        check_document(table, rest, lines, count);
    else
        check_lint(table, rest, lines, count);
}

/* ---- lines ---- */

static bool is_case(struct slice word)
{
    return slice_is(word, "ask") || slice_is(word, "condition") || slice_is(word, "denying") ||
           slice_is(word, "like") || slice_is(word, "document") || slice_is(word, "lint");
}

static bool set(struct table *table, struct slice word, struct slice rest)
{
    struct setting *setting = &table->setting;

    if (slice_is(word, "as"))
        set_principal(table, rest);
    else if (slice_is(word, "identity"))
        setting->identity[setting->identity_count++] = rest;
    else if (slice_is(word, "session"))
        setting->session[setting->session_count++] = rest;
    else if (slice_is(word, "boundary"))
        setting->boundary = rest;
    else if (slice_is(word, "resource"))
        setting->resource = rest;
    else if (slice_is(word, "trust"))
        setting->trust = rest;
    else if (slice_is(word, "context"))
        setting->context = rest;
    else
        return false;
    CHECK(setting->identity_count < POLICIES && setting->session_count < POLICIES);
    return true;
}

static void forget(struct setting *setting, struct slice what)
{
    if (slice_is(what, "identity"))
        setting->identity_count = 0;
    else if (slice_is(what, "session"))
        setting->session_count = 0;
    else if (slice_is(what, "boundary"))
        setting->boundary = SLICE("");
    else if (slice_is(what, "resource"))
        setting->resource = SLICE("");
    else
        fail_msg("forget %.*s?", SLICE_ARGS(what));
}

static void read_case(struct table *table, struct slice first)
{
    struct slice lines[EXPECTED_LINES], rest;
    struct slice word = split(first, &rest);
    size_t count = 0;

    table->begun = table->line;
    table->question = first;
    table->cases++;
    while (count < EXPECTED_LINES && next_line(table, &lines[count]) && lines[count].len > 0)
        count++;
    if (count == 0)
        wrong(table, SLICE("something to expect"), SLICE("nothing"));
    else
        check_case(table, word, rest, lines, count);
}

static void test_table(void **state)
{
    struct table table = {.path = *state};
    struct slice line, rest;

    arena_init(&table.arena);
    table.text = read_file(&table.arena, table.path);
    while (next_line(&table, &line)) {
        struct slice word = split(line, &rest);
        if (is_case(word))
            read_case(&table, line);
        else if (slice_is(word, "without"))
            forget(&table.setting, rest);
        else if (line.len > 0 && !set(&table, word, rest))
            fail_msg("%s:%u: what is \"%.*s\"?", table.path, table.line, SLICE_ARGS(word));
    }
    unsigned wrong_cases = table.wrong, cases = table.cases;
    arena_finish(&table.arena);
    print_message("%s: %u cases\n", table.path, cases);
    assert_int_not_equal(cases, 0);
    if (wrong_cases > 0)
        fail_msg("%u of %u cases are wrong", wrong_cases, cases);
}

static int is_table(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return length > 5 && strcmp(entry->d_name + length - 5, ".test") == 0;
}

enum { TABLES_LIMIT = 64 };

int main(void)
{
    static char paths[TABLES_LIMIT][512];
    static struct CMUnitTest tests[TABLES_LIMIT];
    struct dirent **entries;
    int count = scandir(FOLDER, &entries, is_table, alphasort);

    CHECK(count > 0 && count <= TABLES_LIMIT);
    for (int i = 0; i < count; i++) {
        (void)snprintf(paths[i], sizeof(paths[i]), "%s/%s", FOLDER, entries[i]->d_name);
        tests[i] = (struct CMUnitTest){paths[i], test_table, NULL, NULL, paths[i]};
        free(entries[i]);
    }
    free(entries);
    return _cmocka_run_group_tests("policies", tests, (size_t)count, NULL, NULL);
}
