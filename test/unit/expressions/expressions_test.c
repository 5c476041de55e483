/* What the expressions of a request are asked besides their outcome. */
#include "base/json.h"
#include "expressions/expressions.h"
#include "items/attribute_value.h"

#include "lib/unit_arena.h"

static struct placeholders *placeholders;

static const struct json *json_of(const char *text)
{
    const struct json *json = NULL;

    if (text != NULL)
        assert_int_equal(json_parse(&arena, slice_of(text), 20, &json), JSON_OK);
    return json;
}

static void with_placeholders(const char *names, const char *values)
{
    assert_true(placeholders_parse(&arena, json_of(names), json_of(values), &placeholders, &failure));
}

static struct condition *condition_of(const char *text)
{
    struct condition *condition;

    assert_true(
        condition_parse(&arena, EXPRESSION_FILTER, slice_of(text), placeholders, &condition, &failure));
    return condition;
}

static struct projection *projection_of(const char *text)
{
    struct projection *projection;

    assert_true(projection_parse(&arena, slice_of(text), placeholders, &projection, &failure));
    return projection;
}

static struct update *update_of(const char *text)
{
    struct update *update;

    assert_true(update_parse(&arena, slice_of(text), placeholders, &update, &failure));
    return update;
}

static void expect_failure(const char *message)
{
    assert_int_equal(failure.code, ERROR_VALIDATION);
    assert_int_equal(failure.message.len, strlen(message));
    assert_memory_equal(failure.message.ptr, message, strlen(message));
    failure_init(&failure, &arena);
}

static void test_condition_mentions(void **state)
{
    (void)state;

    with_placeholders("{\"#k\":\"key\"}", "{\":v\":{\"N\":\"1\"}}");
    struct condition *condition =
        condition_of("a.deep = :v OR NOT (size(b[0]) > :v AND contains(#k, c) OR d IN (e, f))");
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
    (void)state;

    with_placeholders(NULL, NULL);
    assert_true(condition_holds(condition_of("attribute_not_exists(a)"), NULL));
    assert_false(condition_holds(condition_of("attribute_exists(a)"), NULL));
}

static void test_projection_attributes(void **state)
{
    (void)state;
    struct slice *names;

    with_placeholders("{\"#k\":\"key\"}", NULL);
    struct projection *projection = projection_of("m.x, b[3], #k, m.y[0], a, b[1]");
    assert_int_equal(projection_attributes(&arena, projection, &names), 4);
    assert_true(slice_is(names[0], "a"));
    assert_true(slice_is(names[1], "b"));
    assert_true(slice_is(names[2], "key"));
    assert_true(slice_is(names[3], "m"));
}

static void test_update_writes_any(void **state)
{
    const struct slice keys[] = {SLICE("pk"), SLICE("sk")};
    (void)state;

    with_placeholders("{\"#k\":\"sk\"}", "{\":v\":{\"N\":\"1\"}}");
    assert_int_equal(update_writes_any(update_of("SET a = pk REMOVE b.pk"), keys, 2).len, 0);
    assert_true(slice_is(update_writes_any(update_of("SET a = :v, pk = :v"), keys, 2), "pk"));
    assert_true(slice_is(update_writes_any(update_of("REMOVE #k.x, pk"), keys, 2), "sk"));
    assert_true(slice_is(update_writes_any(update_of("ADD a :v REMOVE pk[0]"), keys, 2), "pk"));
    assert_int_equal(update_writes_any(update_of("SET pk = :v"), keys, 0).len, 0);
}

/* One set of placeholders serves all expressions of a request. */
static void test_placeholders_are_shared(void **state)
{
    (void)state;

    with_placeholders("{\"#a\":\"x\",\"#b\":\"y\"}", "{\":v\":{\"N\":\"1\"},\":w\":{\"N\":\"2\"}}");
    assert_false(placeholders_check_used(placeholders, &failure));
    expect_failure("Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}");
    (void)update_of("SET #a = :v");
    assert_false(placeholders_check_used(placeholders, &failure));
    expect_failure("Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}");
    (void)condition_of("#b = #a");
    assert_false(placeholders_check_used(placeholders, &failure));
    expect_failure("Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}");
    (void)condition_of("#b = :w");
    assert_true(placeholders_check_used(placeholders, &failure));
}

static void test_keys_are_scalars(void **state)
{
    const struct slice pk = SLICE("pk");
    struct key_condition key;
    (void)state;

    with_placeholders("{\"#k\":\"pk\"}", "{\":v\":{\"N\":\"1\"}}");
    (void)condition_of("pk = :v AND a.pk = :v");
    (void)projection_of("pk, b[0]");
    assert_true(placeholders_check_key(placeholders, pk, false, &failure));
    (void)condition_of("size(#k.x) = :v");
    assert_false(placeholders_check_key(placeholders, pk, false, &failure));
    expect_failure("Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
                   "allowed: Key: pk");
    assert_false(placeholders_check_key(placeholders, SLICE("b"), true, &failure));
    expect_failure("Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
                   "allowed: IndexKey: b");
    with_placeholders(NULL, "{\":v\":{\"N\":\"1\"}}");
    assert_true(key_condition_parse(&arena, SLICE("pk[0] = :v"), placeholders, &key, &failure));
    assert_false(placeholders_check_key(placeholders, pk, false, &failure));
    expect_failure("Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
                   "allowed: Key: pk");
    assert_false(key_condition_check(&key, &failure));
    expect_failure("KeyConditionExpressions cannot have conditions on nested attributes");
}

static void test_key_condition_with_a_problem_has_no_terms(void **state)
{
    struct key_condition key;
    (void)state;

    with_placeholders(NULL, "{\":v\":{\"N\":\"1\"}}");
    assert_true(key_condition_parse(&arena, SLICE("pk = :v AND sk <> :v"), placeholders, &key, &failure));
    assert_int_equal(key.count, 0);
    assert_false(key_condition_check(&key, &failure));
    expect_failure("Invalid operator used in KeyConditionExpression: <>");
}

static struct item item_of(const char *text)
{
    struct item item;

    assert_true(item_from_json(&arena, json_of(text), &item, &failure));
    return item;
}

/* An update builds a new item; the old one, which others may read, is as it was. */
static void test_update_leaves_the_old_item(void **state)
{
    static const char text[] =
        "{\"l\":{\"L\":[{\"N\":\"1\"},{\"M\":{\"x\":{\"SS\":[\"a\",\"b\"]}}}]},\"n\":{\"N\":\"1\"}}";
    (void)state;
    struct item updated;

    with_placeholders(NULL, "{\":s\":{\"SS\":[\"a\",\"c\"]},\":n\":{\"N\":\"5\"}}");
    struct item old = item_of(text);
    struct item before = item_of(text);
    assert_true(update_apply(&arena, update_of("SET l[9] = :n, q = l REMOVE l[0] ADD l[1].x :s, n :n"), &old,
                             &updated, &failure));
    assert_true(value_equal(&(struct value){.type = VALUE_M, .map = old},
                            &(struct value){.type = VALUE_M, .map = before}));
    assert_int_equal(updated.count, 3);
}

/* A short text cannot make more than an item may be. */
static void test_copies_are_bounded(void **state)
{
    (void)state;
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

    with_placeholders(NULL, NULL);
    struct item old = item_of(json.bytes);
    size_t before = arena.allocated;
    assert_false(update_apply(&arena, update_of(text.bytes), &old, &updated, &failure));
    expect_failure("Item size to update has exceeded the maximum allowed size");
    assert_true(arena.allocated - before < 64 * 1024 * 1024);
    buffer_finish(&json);
    buffer_finish(&text);
}

static void test_depth_is_bounded(void **state)
{
    (void)state;
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
    assert_int_equal(json_parse(&arena, slice_of(json.bytes), 100, &parsed), JSON_OK);
    struct item old;
    assert_true(item_from_json(&arena, parsed, &old, &failure));
    with_placeholders(NULL, NULL);
    assert_true(update_apply(&arena, update_of("SET q = d"), &old, &updated, &failure));
    assert_true(update_apply(&arena, update_of("SET m.q = d[0]"), &old, &updated, &failure));
    assert_false(update_apply(&arena, update_of("SET m.q = d"), &old, &updated, &failure));
    expect_failure("Nesting Levels have exceeded supported limits");
    buffer_finish(&json);
}

/* Names may hold any byte; a message shows them all. */
static void test_nul_in_names(void **state)
{
    (void)state;
    struct condition *condition;

    with_placeholders("{\"#n\":\"a\\u0000b\"}", NULL);
    assert_false(
        condition_parse(&arena, EXPRESSION_CONDITION, SLICE("#n = #n"), placeholders, &condition, &failure));
    static const char message[] =
        "Invalid ConditionExpression: The first operand must be distinct from the remaining "
        "operands for this operator or function; operator: =, first operand: [a\0b]";
    assert_int_equal(failure.message.len, sizeof(message) - 1);
    assert_memory_equal(failure.message.ptr, message, sizeof(message) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_condition_mentions),
        ARENA_TEST(test_missing_item_is_empty),
        ARENA_TEST(test_projection_attributes),
        ARENA_TEST(test_update_writes_any),
        ARENA_TEST(test_placeholders_are_shared),
        ARENA_TEST(test_keys_are_scalars),
        ARENA_TEST(test_key_condition_with_a_problem_has_no_terms),
        ARENA_TEST(test_update_leaves_the_old_item),
        ARENA_TEST(test_copies_are_bounded),
        ARENA_TEST(test_depth_is_bounded),
        ARENA_TEST(test_nul_in_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
