/* What the expressions of a request are asked besides their outcome. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "expressions/expressions.h"
#include "items/attribute_value.h"

#include <cmocka.h>

struct fixture {
    struct arena arena;
    struct failure failure;
    struct placeholders *placeholders;
};

static int set_up(void **state)
{
    struct fixture *fixture = malloc(sizeof(*fixture));

    arena_init(&fixture->arena);
    failure_init(&fixture->failure, &fixture->arena);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    arena_finish(&fixture->arena);
    free(fixture);
    return 0;
}

static const struct json *json_of(struct fixture *fixture, const char *text)
{
    const struct json *json = NULL;

    if (text != NULL)
        assert_int_equal(json_parse(&fixture->arena, slice_of(text), 20, &json), JSON_OK);
    return json;
}

static void with_placeholders(struct fixture *fixture, const char *names, const char *values)
{
    assert_true(placeholders_parse(&fixture->arena, json_of(fixture, names), json_of(fixture, values),
                                   &fixture->placeholders, &fixture->failure));
}

static struct condition *condition_of(struct fixture *fixture, const char *text)
{
    struct condition *condition;

    assert_true(condition_parse(&fixture->arena, EXPRESSION_FILTER, slice_of(text), fixture->placeholders,
                                &condition, &fixture->failure));
    return condition;
}

static struct projection *projection_of(struct fixture *fixture, const char *text)
{
    struct projection *projection;

    assert_true(projection_parse(&fixture->arena, slice_of(text), fixture->placeholders, &projection,
                                 &fixture->failure));
    return projection;
}

static struct update *update_of(struct fixture *fixture, const char *text)
{
    struct update *update;

    assert_true(
        update_parse(&fixture->arena, slice_of(text), fixture->placeholders, &update, &fixture->failure));
    return update;
}

static void expect_failure(struct fixture *fixture, const char *message)
{
    assert_int_equal(fixture->failure.code, ERROR_VALIDATION);
    assert_int_equal(fixture->failure.message.len, strlen(message));
    assert_memory_equal(fixture->failure.message.ptr, message, strlen(message));
    failure_init(&fixture->failure, &fixture->arena);
}

static void test_condition_mentions(void **state)
{
    struct fixture *fixture = *state;

    with_placeholders(fixture, "{\"#k\":\"key\"}", "{\":v\":{\"N\":\"1\"}}");
    struct condition *condition =
        condition_of(fixture, "a.deep = :v OR NOT (size(b[0]) > :v AND contains(#k, c) OR d IN (e, f))");
    static const char *const mentioned[] = {"a", "b", "key", "c", "d", "e", "f"};
    for (size_t i = 0; i < sizeof(mentioned) / sizeof(mentioned[0]); i++)
        assert_true(condition_mentions(condition, slice_of(mentioned[i])));
    assert_false(condition_mentions(condition, SLICE("deep")));
    assert_false(condition_mentions(condition, SLICE("#k")));
    assert_false(condition_mentions(condition, SLICE("size")));
    assert_false(condition_mentions(condition, SLICE("")));
}

static void test_missing_item_is_empty(void **state)
{
    struct fixture *fixture = *state;

    with_placeholders(fixture, NULL, NULL);
    assert_true(condition_holds(condition_of(fixture, "attribute_not_exists(a)"), NULL));
    assert_false(condition_holds(condition_of(fixture, "attribute_exists(a)"), NULL));
}

static void test_projection_attributes(void **state)
{
    struct fixture *fixture = *state;
    struct slice *names;

    with_placeholders(fixture, "{\"#k\":\"key\"}", NULL);
    struct projection *projection = projection_of(fixture, "m.x, b[3], #k, m.y[0], a, b[1]");
    assert_int_equal(projection_attributes(&fixture->arena, projection, &names), 4);
    assert_true(slice_is(names[0], "a"));
    assert_true(slice_is(names[1], "b"));
    assert_true(slice_is(names[2], "key"));
    assert_true(slice_is(names[3], "m"));
}

static void test_update_writes_any(void **state)
{
    const struct slice keys[] = {SLICE("pk"), SLICE("sk")};
    struct fixture *fixture = *state;

    with_placeholders(fixture, "{\"#k\":\"sk\"}", "{\":v\":{\"N\":\"1\"}}");
    assert_int_equal(update_writes_any(update_of(fixture, "SET a = pk REMOVE b.pk"), keys, 2).len, 0);
    assert_true(slice_is(update_writes_any(update_of(fixture, "SET a = :v, pk = :v"), keys, 2), "pk"));
    assert_true(slice_is(update_writes_any(update_of(fixture, "REMOVE #k.x, pk"), keys, 2), "sk"));
    assert_true(slice_is(update_writes_any(update_of(fixture, "ADD a :v REMOVE pk[0]"), keys, 2), "pk"));
    assert_int_equal(update_writes_any(update_of(fixture, "SET pk = :v"), keys, 0).len, 0);
}

/* One set of placeholders serves all expressions of a request. */
static void test_placeholders_are_shared(void **state)
{
    struct fixture *fixture = *state;

    with_placeholders(fixture, "{\"#a\":\"x\",\"#b\":\"y\"}", "{\":v\":{\"N\":\"1\"},\":w\":{\"N\":\"2\"}}");
    assert_false(placeholders_check_used(fixture->placeholders, &fixture->failure));
    expect_failure(fixture,
                   "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}");
    (void)update_of(fixture, "SET #a = :v");
    assert_false(placeholders_check_used(fixture->placeholders, &fixture->failure));
    expect_failure(fixture, "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}");
    (void)condition_of(fixture, "#b = #a");
    assert_false(placeholders_check_used(fixture->placeholders, &fixture->failure));
    expect_failure(fixture, "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}");
    (void)condition_of(fixture, "#b = :w");
    assert_true(placeholders_check_used(fixture->placeholders, &fixture->failure));
}

static void test_keys_are_scalars(void **state)
{
    const struct slice pk = SLICE("pk");
    struct key_condition key;
    struct fixture *fixture = *state;

    with_placeholders(fixture, "{\"#k\":\"pk\"}", "{\":v\":{\"N\":\"1\"}}");
    (void)condition_of(fixture, "pk = :v AND a.pk = :v");
    (void)projection_of(fixture, "pk, b[0]");
    assert_true(placeholders_check_key(fixture->placeholders, pk, false, &fixture->failure));
    (void)condition_of(fixture, "size(#k.x) = :v");
    assert_false(placeholders_check_key(fixture->placeholders, pk, false, &fixture->failure));
    expect_failure(fixture,
                   "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
                   "allowed: Key: pk");
    assert_false(placeholders_check_key(fixture->placeholders, SLICE("b"), true, &fixture->failure));
    expect_failure(fixture,
                   "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
                   "allowed: IndexKey: b");
    with_placeholders(fixture, NULL, "{\":v\":{\"N\":\"1\"}}");
    assert_true(key_condition_parse(&fixture->arena, SLICE("pk[0] = :v"), fixture->placeholders, &key,
                                    &fixture->failure));
    assert_false(placeholders_check_key(fixture->placeholders, pk, false, &fixture->failure));
    expect_failure(fixture,
                   "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
                   "allowed: Key: pk");
    assert_false(key_condition_check(&key, &fixture->failure));
    expect_failure(fixture, "KeyConditionExpressions cannot have conditions on nested attributes");
}

static void test_key_condition_with_a_problem_has_no_terms(void **state)
{
    struct key_condition key;
    struct fixture *fixture = *state;

    with_placeholders(fixture, NULL, "{\":v\":{\"N\":\"1\"}}");
    assert_true(key_condition_parse(&fixture->arena, SLICE("pk = :v AND sk <> :v"), fixture->placeholders,
                                    &key, &fixture->failure));
    assert_int_equal(key.count, 0);
    assert_false(key_condition_check(&key, &fixture->failure));
    expect_failure(fixture, "Invalid operator used in KeyConditionExpression: <>");
}

static struct item item_of(struct fixture *fixture, const char *text)
{
    struct item item;

    assert_true(item_from_json(&fixture->arena, json_of(fixture, text), &item, &fixture->failure));
    return item;
}

/* An update builds a new item; the old one, which others may read, is as it was. */
static void test_update_leaves_the_old_item(void **state)
{
    static const char text[] =
        "{\"l\":{\"L\":[{\"N\":\"1\"},{\"M\":{\"x\":{\"SS\":[\"a\",\"b\"]}}}]},\"n\":{\"N\":\"1\"}}";
    struct fixture *fixture = *state;
    struct item updated;

    with_placeholders(fixture, NULL, "{\":s\":{\"SS\":[\"a\",\"c\"]},\":n\":{\"N\":\"5\"}}");
    struct item old = item_of(fixture, text);
    struct item before = item_of(fixture, text);
    assert_true(update_apply(&fixture->arena,
                             update_of(fixture, "SET l[9] = :n, q = l REMOVE l[0] ADD l[1].x :s, n :n"), &old,
                             &updated, &fixture->failure));
    assert_true(value_equal(&(struct value){.type = VALUE_M, .map = old},
                            &(struct value){.type = VALUE_M, .map = before}));
    assert_int_equal(updated.count, 3);
}

/* A short text cannot make more than an item may be. */
static void test_copies_are_bounded(void **state)
{
    struct fixture *fixture = *state;
    struct buffer json;
    struct buffer text;
    struct item updated;

    buffer_init(&json);
    buffer_append_string(&json, "{\"l\":{\"L\":[");
    for (int i = 0; i < 100000; i++)
        buffer_append_string(&json, i == 0 ? "{\"NULL\":true}" : ",{\"NULL\":true}");
    buffer_append_string(&json, "]}}");
    buffer_append_byte(&json, '\0');
    buffer_init(&text);
    buffer_append_string(&text, "SET a = list_append(l, l)");
    for (int i = 0; i < 140; i++)
        buffer_printf(&text, ", a%d = list_append(l, l)", i);
    buffer_append_byte(&text, '\0');

    with_placeholders(fixture, NULL, NULL);
    struct item old = item_of(fixture, json.bytes);
    size_t before = fixture->arena.allocated;
    assert_false(
        update_apply(&fixture->arena, update_of(fixture, text.bytes), &old, &updated, &fixture->failure));
    expect_failure(fixture, "Item size to update has exceeded the maximum allowed size");
    assert_true(fixture->arena.allocated - before < 64 * 1024 * 1024);
    buffer_finish(&json);
    buffer_finish(&text);
}

static void test_depth_is_bounded(void **state)
{
    struct fixture *fixture = *state;
    struct buffer json;
    struct item updated;

    buffer_init(&json);
    buffer_append_string(&json, "{\"m\":{\"M\":{}},\"d\":");
    for (int i = 0; i < 31; i++)
        buffer_append_string(&json, "{\"L\":[");
    buffer_append_string(&json, "{\"S\":\"x\"}");
    for (int i = 0; i < 31; i++)
        buffer_append_string(&json, "]}");
    buffer_append_string(&json, "}");
    buffer_append_byte(&json, '\0');

    const struct json *parsed = NULL;
    assert_int_equal(json_parse(&fixture->arena, slice_of(json.bytes), 100, &parsed), JSON_OK);
    struct item old;
    assert_true(item_from_json(&fixture->arena, parsed, &old, &fixture->failure));
    with_placeholders(fixture, NULL, NULL);
    assert_true(
        update_apply(&fixture->arena, update_of(fixture, "SET q = d"), &old, &updated, &fixture->failure));
    assert_true(update_apply(&fixture->arena, update_of(fixture, "SET m.q = d[0]"), &old, &updated,
                             &fixture->failure));
    assert_false(
        update_apply(&fixture->arena, update_of(fixture, "SET m.q = d"), &old, &updated, &fixture->failure));
    expect_failure(fixture, "Nesting Levels have exceeded supported limits");
    buffer_finish(&json);
}

/* Names may hold any byte; a message shows them all. */
static void test_nul_in_names(void **state)
{
    struct fixture *fixture = *state;
    struct condition *condition;

    with_placeholders(fixture, "{\"#n\":\"a\\u0000b\"}", NULL);
    assert_false(condition_parse(&fixture->arena, EXPRESSION_CONDITION, SLICE("#n = #n"),
                                 fixture->placeholders, &condition, &fixture->failure));
    static const char message[] =
        "Invalid ConditionExpression: The first operand must be distinct from the remaining "
        "operands for this operator or function; operator: =, first operand: [a\0b]";
    assert_int_equal(fixture->failure.message.len, sizeof(message) - 1);
    assert_memory_equal(fixture->failure.message.ptr, message, sizeof(message) - 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_condition_mentions),
        TEST(test_missing_item_is_empty),
        TEST(test_projection_attributes),
        TEST(test_update_writes_any),
        TEST(test_placeholders_are_shared),
        TEST(test_keys_are_scalars),
        TEST(test_key_condition_with_a_problem_has_no_terms),
        TEST(test_update_leaves_the_old_item),
        TEST(test_copies_are_bounded),
        TEST(test_depth_is_bounded),
        TEST(test_nul_in_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
