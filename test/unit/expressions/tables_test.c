/*
 * Runs all files of test/expressions that end in .test, from the repository's root. A file is a list of
 * cases, each some lines that belong together, with blank lines between them; lines that begin with # are
 * comments.
 *
 *     item {"n":{"N":"1"}}       by itself: the item of all cases that follow
 *     values {":v":{"N":"1"}}    by itself: the values, and likewise names, to choose from: a case is given
 *     names {"#n":"name"}        those that its expression mentions
 *
 *     condition n = :v           a case begins with its kind (condition, filter, key, projection, update,
 *                                statement) and text
 *     item {...}                 then, for this case alone: item, names and values, given as they are; null
 *     names null                 is none at all; the values of a statement are a list
 *     true                       then what comes out
 *
 * What comes out:
 *     true, false                of a condition or filter, or of a statement's WHERE
 *     = {...}                    an item: of a projection, the new item of an update, what is inserted
 *     old {...}, new {...}       of an update: what UPDATED_OLD and UPDATED_NEW return
 *     = [["n","=",{"N":"1"}]]    of a key condition
 *     error MESSAGE              the message, to the end of the line
 *     invalid MESSAGE            the same with "Invalid ConditionExpression: " (or other kind) in front
 *
 * In texts and messages, \n \t \r \s (a blank, at the end of a line) and \\ are what they look like. There,
 * and in a case's names and values, {{3 ab}} is ababab and {{3 a%,}} is a0,a1,a2, .
 */
#include "lib/unit.h"

#include <dirent.h>

#include "base/check.h"
#include "base/json.h"
#include "expressions/expressions.h"
#include "expressions/partiql/partiql.h"
#include "items/attribute_value.h"

#define FOLDER "test/expressions"

struct table {
    struct arena arena; /* the file, its pools and its item */
    const char *path;
    struct slice text;
    unsigned line; /* of the line read last */
    const struct json *names;
    const struct json *values;
    struct item item;
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

static bool next_line(struct table *table, struct slice *line)
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

static void append_repeated(struct buffer *out, unsigned long times, struct slice unit)
{
    for (unsigned long i = 0; i < times; i++)
        for (size_t j = 0; j < unit.len; j++)
            if (unit.ptr[j] == '%')
                buffer_printf(out, "%lu", i);
            else
                buffer_append_byte(out, unit.ptr[j]);
}

static struct slice expand(struct arena *arena, struct slice text, bool with_escapes)
{
    struct buffer out;

    buffer_init(&out);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        char next = i + 1 < text.len ? text.ptr[i + 1] : '\0';
        if (c == '\\' && with_escapes) {
            i++;
            buffer_append_byte(&out, (char)(next == 'n'   ? '\n'
                                            : next == 't' ? '\t'
                                            : next == 'r' ? '\r'
                                            : next == 's' ? ' '
                                                          : next));
        } else if (c == '{' && next == '{') {
            char *unit;
            unsigned long times = strtoul(text.ptr + i + 2, &unit, 10);
            unit++;
            const char *end = strstr(unit, "}}");
            CHECK(end != NULL);
            append_repeated(&out, times, (struct slice){unit, (size_t)(end - unit)});
            i = (size_t)(end - text.ptr) + 1;
        } else {
            buffer_append_byte(&out, c);
        }
    }
    struct slice copy = arena_copy(arena, buffer_slice(&out));
    buffer_finish(&out);
    return copy;
}

static const struct json *read_json(struct arena *arena, struct slice text)
{
    const struct json *json = NULL;
    enum json_problem problem = json_parse(arena, text, 200, &json);

    CHECK(problem == JSON_OK);
    return json;
}

static struct item read_item(struct arena *arena, struct slice text)
{
    struct failure failure;
    struct item item;

    failure_init(&failure, arena);
    bool read = item_from_json(arena, read_json(arena, text), &item, &failure);
    CHECK(read);
    return item;
}

/* "condition a = b" is word "condition" and rest "a = b" */
static struct slice split(struct slice line, struct slice *rest)
{
    const char *blank = memchr(line.ptr, ' ', line.len);
    struct slice word = {line.ptr, blank == NULL ? line.len : (size_t)(blank - line.ptr)};

    *rest = slice_skip(line, blank == NULL ? word.len : word.len + 1);
    return word;
}

/* ---- a case ---- */

static const char *const kinds[] = {
    [EXPRESSION_CONDITION] = "condition", [EXPRESSION_FILTER] = "filter",
    [EXPRESSION_KEY_CONDITION] = "key",   [EXPRESSION_PROJECTION] = "projection",
    [EXPRESSION_UPDATE] = "update",       [EXPRESSION_STATEMENT] = "statement",
};
static const char *const prefixes[] = {
    [EXPRESSION_CONDITION] = "ConditionExpression",
    [EXPRESSION_FILTER] = "FilterExpression",
    [EXPRESSION_KEY_CONDITION] = "KeyConditionExpression",
    [EXPRESSION_PROJECTION] = "ProjectionExpression",
    [EXPRESSION_UPDATE] = "UpdateExpression",
    [EXPRESSION_STATEMENT] = "Statement",
};

struct test_case {
    unsigned line;
    enum expression_kind kind;
    struct slice text;
    const struct json *names;
    const struct json *values;
    struct item item;
};

struct outcome {
    struct failure failure;
    bool holds;
    struct item item; /* of a projection or an update */
    struct item old;
    struct item new;
    struct key_condition key;
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool mentions(struct slice text, struct slice key)
{
    for (size_t i = 0; i + key.len <= text.len; i++)
        if (memcmp(text.ptr + i, key.ptr, key.len) == 0 &&
            (i + key.len == text.len || !is_word(text.ptr[i + key.len])))
            return true;
    return false;
}

static const struct json *choose(struct arena *arena, const struct json *pool, struct slice text)
{
    if (pool == NULL)
        return NULL;
    struct json *chosen = arena_new(arena, struct json);
    chosen->type = JSON_OBJECT;
    chosen->object.members = arena_array(arena, struct json_member, pool->object.count);
    for (size_t i = 0; i < pool->object.count; i++)
        if (mentions(text, pool->object.members[i].name))
            chosen->object.members[chosen->object.count++] = pool->object.members[i];
    return chosen->object.count == 0 ? NULL : chosen;
}

static bool run_condition(struct arena *arena, const struct test_case *test,
                          struct placeholders *placeholders, struct outcome *out)
{
    struct condition *condition;

    if (!condition_parse(arena, test->kind, test->text, placeholders, &condition, &out->failure) ||
        !placeholders_check_used(placeholders, &out->failure))
        return false;
    out->holds = condition_holds(condition, &test->item);
    return true;
}

static bool run_key(struct arena *arena, const struct test_case *test, struct placeholders *placeholders,
                    struct outcome *out)
{
    return key_condition_parse(arena, test->text, placeholders, &out->key, &out->failure) &&
           placeholders_check_used(placeholders, &out->failure) &&
           key_condition_check(&out->key, &out->failure);
}

static bool run_projection(struct arena *arena, const struct test_case *test,
                           struct placeholders *placeholders, struct outcome *out)
{
    struct projection *projection;

    if (!projection_parse(arena, test->text, placeholders, &projection, &out->failure) ||
        !placeholders_check_used(placeholders, &out->failure))
        return false;
    out->item = projection_apply(arena, projection, &test->item);
    return true;
}

static bool run_update(struct arena *arena, const struct test_case *test, struct placeholders *placeholders,
                       struct outcome *out)
{
    struct update *update;

    if (!update_parse(arena, test->text, placeholders, &update, &out->failure) ||
        !placeholders_check_used(placeholders, &out->failure) ||
        !update_apply(arena, update, &test->item, &out->item, &out->failure))
        return false;
    out->old = update_touched(arena, update, &test->item);
    out->new = update_touched(arena, update, &out->item);
    return true;
}

static bool run_statement(struct arena *arena, const struct test_case *test, struct outcome *out)
{
    size_t count = test->values == NULL ? 0 : test->values->array.count;
    struct value *parameters = arena_array(arena, struct value, count);
    struct statement *statement;

    for (size_t i = 0; i < count; i++) {
        bool read = value_from_json(arena, &test->values->array.items[i], &parameters[i], &out->failure);
        CHECK(read);
    }
    if (!statement_parse(arena, test->text, parameters, count, &statement, &out->failure))
        return false;
    out->holds = statement->condition == NULL || condition_holds(statement->condition, &test->item);
    out->item = statement->kind == STATEMENT_INSERT ? statement->item : test->item;
    if (statement->projection != NULL)
        out->item = projection_apply(arena, statement->projection, &test->item);
    if (statement->update == NULL)
        return true;
    out->old = update_touched(arena, statement->update, &test->item);
    bool updated = update_apply(arena, statement->update, &test->item, &out->item, &out->failure);
    out->new = update_touched(arena, statement->update, &out->item);
    return updated;
}

static bool run_case(struct arena *arena, const struct test_case *test, struct outcome *out)
{
    struct placeholders *placeholders;

    *out = (struct outcome){0};
    failure_init(&out->failure, arena);
    if (test->kind == EXPRESSION_STATEMENT)
        return run_statement(arena, test, out);
    if (!placeholders_parse(arena, test->names, test->values, &placeholders, &out->failure))
        return false;
    switch (test->kind) {
    case EXPRESSION_CONDITION:
    case EXPRESSION_FILTER:
        return run_condition(arena, test, placeholders, out);
    case EXPRESSION_KEY_CONDITION:
        return run_key(arena, test, placeholders, out);
    case EXPRESSION_PROJECTION:
        return run_projection(arena, test, placeholders, out);
    case EXPRESSION_UPDATE:
        return run_update(arena, test, placeholders, out);
    case EXPRESSION_STATEMENT:
        break;
    }
    return false;
}

/* ---- comparing ---- */

static const char *const key_operators[] = {
    [KEY_NONE] = "?",          [KEY_EQUAL] = "=",
    [KEY_LESS] = "<",          [KEY_LESS_OR_EQUAL] = "<=",
    [KEY_GREATER] = ">",       [KEY_GREATER_OR_EQUAL] = ">=",
    [KEY_BETWEEN] = "BETWEEN", [KEY_BEGINS_WITH] = "begins_with",
};

static struct slice key_text(struct arena *arena, const struct key_condition *key)
{
    struct buffer out;

    buffer_init(&out);
    buffer_append_byte(&out, '[');
    for (unsigned i = 0; i < key->count; i++) {
        const struct key_term *term = &key->terms[i];
        buffer_append_string(&out, i == 0 ? "[" : ",[");
        json_write_string(&out, term->attribute);
        buffer_printf(&out, ",\"%s\"", key_operators[term->comparator]);
        for (int j = 0; j < 2 && term->operands[j] != NULL; j++) {
            buffer_append_byte(&out, ',');
            value_to_json(&out, term->operands[j]);
        }
        buffer_append_byte(&out, ']');
    }
    buffer_append_byte(&out, ']');
    struct slice text = arena_copy(arena, buffer_slice(&out));
    buffer_finish(&out);
    return text;
}

static struct slice item_text(struct arena *arena, const struct item *item)
{
    struct buffer out;

    buffer_init(&out);
    item_to_json(&out, item);
    struct slice text = arena_copy(arena, buffer_slice(&out));
    buffer_finish(&out);
    return text;
}

static bool same_items(const struct item *a, const struct item *b)
{
    return value_equal(&(struct value){.type = VALUE_M, .map = *a},
                       &(struct value){.type = VALUE_M, .map = *b});
}

static void wrong(struct table *table, const struct test_case *test, struct slice expected, struct slice got)
{
    table->wrong++;
    print_error("%s:%u: %s %.*s\n  expected %.*s\n  got      %.*s\n", table->path, test->line,
                kinds[test->kind], SLICE_ARGS(test->text), SLICE_ARGS(expected), SLICE_ARGS(got));
}

static void expect_item(struct table *table, struct arena *arena, const struct test_case *test,
                        struct slice expected, const struct item *got)
{
    struct item item = read_item(arena, expected);

    if (!same_items(&item, got))
        wrong(table, test, expected, item_text(arena, got));
}

/* One line of what must come out. */
static void expect(struct table *table, struct arena *arena, const struct test_case *test, bool succeeded,
                   const struct outcome *got, struct slice line)
{
    struct slice rest;
    struct slice word = split(line, &rest);

    if (slice_is(word, "error") || slice_is(word, "invalid")) {
        struct slice message = expand(arena, rest, true);
        if (slice_is(word, "invalid"))
            message = arena_printf(arena, "Invalid %s: %.*s", prefixes[test->kind], SLICE_ARGS(message));
        if (succeeded)
            wrong(table, test, message, SLICE("success"));
        else if (!slice_equal(message, got->failure.message) || got->failure.code != ERROR_VALIDATION)
            wrong(table, test, message, got->failure.message);
        return;
    }
    if (!succeeded) {
        wrong(table, test, line, got->failure.message);
        return;
    }
    bool is_statement = test->kind == EXPRESSION_STATEMENT;
    bool is_condition = test->kind == EXPRESSION_CONDITION || test->kind == EXPRESSION_FILTER;
    bool is_update = test->kind == EXPRESSION_UPDATE || is_statement;
    if ((is_condition || is_statement) && (slice_is(line, "true") || slice_is(line, "false"))) {
        if (got->holds != slice_is(line, "true"))
            wrong(table, test, line, got->holds ? SLICE("true") : SLICE("false"));
    } else if (slice_is(word, "=") && test->kind == EXPRESSION_KEY_CONDITION) {
        struct slice text = key_text(arena, &got->key);
        if (!slice_equal(text, rest))
            wrong(table, test, rest, text);
    } else if (slice_is(word, "=") && !is_condition) {
        expect_item(table, arena, test, rest, &got->item);
    } else if (slice_is(word, "old") && is_update) {
        expect_item(table, arena, test, rest, &got->old);
    } else if (slice_is(word, "new") && is_update) {
        expect_item(table, arena, test, rest, &got->new);
    } else {
        wrong(table, test, line, SLICE("(a line that the test does not understand)"));
    }
}

static bool kind_named(struct slice word, enum expression_kind *kind)
{
    for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (slice_is(word, kinds[i])) {
            *kind = (enum expression_kind)i;
            return true;
        }
    return false;
}

static bool is_null(struct slice text)
{
    return slice_is(text, "null");
}

static void check_case(struct table *table, struct slice first, enum expression_kind kind)
{
    struct arena arena;
    struct slice line;
    struct slice rest;
    struct outcome outcome;
    bool ran = false;
    bool succeeded = false;

    arena_init(&arena);
    (void)split(first, &rest);
    struct test_case test = {
        .line = table->line, .kind = kind, .text = expand(&arena, rest, true), .item = table->item};
    test.names = choose(&arena, table->names, test.text);
    test.values = choose(&arena, table->values, test.text);
    table->cases++;
    while (next_line(table, &line) && line.len > 0) {
        struct slice word = split(line, &rest);
        if (slice_is(word, "item") && !ran) {
            test.item = read_item(&arena, rest);
        } else if (slice_is(word, "names") && !ran) {
            test.names = is_null(rest) ? NULL : read_json(&arena, expand(&arena, rest, false));
        } else if (slice_is(word, "values") && !ran) {
            test.values = is_null(rest) ? NULL : read_json(&arena, expand(&arena, rest, false));
        } else {
            if (!ran)
                succeeded = run_case(&arena, &test, &outcome);
            ran = true;
            expect(table, &arena, &test, succeeded, &outcome, line);
        }
    }
    if (!ran)
        wrong(table, &test, SLICE("something to expect"), SLICE("nothing"));
    arena_finish(&arena);
}

static void read_line(struct table *table, struct slice line)
{
    struct slice rest;
    struct slice word = split(line, &rest);
    enum expression_kind kind;

    if (line.len == 0 || line.ptr[0] == '#')
        return;
    if (slice_is(word, "item")) {
        table->item = read_item(&table->arena, rest);
    } else if (slice_is(word, "names")) {
        table->names = read_json(&table->arena, rest);
    } else if (slice_is(word, "values")) {
        table->values = read_json(&table->arena, rest);
    } else if (kind_named(word, &kind)) {
        check_case(table, line, kind);
    } else {
        fail_msg("%s:%u: what is \"%.*s\"?", table->path, table->line, SLICE_ARGS(word));
    }
}

static void test_table(void **state)
{
    struct table table = {.path = *state};
    struct slice line;

    arena_init(&table.arena);
    table.text = read_file(&table.arena, table.path);
    while (next_line(&table, &line))
        read_line(&table, line);
    unsigned wrong_cases = table.wrong;
    unsigned cases = table.cases;
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
    return _cmocka_run_group_tests("expression tables", tests, (size_t)count, NULL, NULL);
}
