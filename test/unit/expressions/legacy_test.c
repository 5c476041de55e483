/* The parameters that expressions replaced: what they become, and their bounds. */
#include <stdlib.h>

#include "base/json.h"
#include "expressions/legacy.h"
#include "items/attribute_value.h"

#include "lib/unit_arena.h"

static const struct json *json_of(struct slice text)
{
    const struct json *json = NULL;

    assert_int_equal(json_parse(&arena, text, 20, &json), JSON_OK);
    return json;
}

static struct condition *filter_of(const char *text, bool any)
{
    struct condition *condition;

    assert_true(legacy_filter(&arena, json_of(slice_of(text)), any, &condition, &failure));
    return condition;
}

static bool holds(const struct condition *condition, const char *item)
{
    struct item read;

    assert_true(item_from_json(&arena, json_of(slice_of(item)), &read, &failure));
    return condition_holds(condition, &read);
}

static void assert_failed(const char *message)
{
    assert_int_equal(failure.code, ERROR_VALIDATION);
    assert_true(slice_is(failure.message, message));
}

/* ---- conditions ---- */

static const char two[] =
    "{\"b\":{\"ComparisonOperator\":\"NOT_CONTAINS\",\"AttributeValueList\":[{\"S\":\"x\"}]},"
    "\"a\":{\"ComparisonOperator\":\"GT\",\"AttributeValueList\":[{\"N\":\"1\"}]}}";

static void all_of_several(void **state)
{
    struct condition *condition = filter_of(two, false);
    (void)state;

    assert_true(holds(condition, "{\"a\":{\"N\":\"2\"},\"b\":{\"S\":\"y\"}}"));
    assert_false(holds(condition, "{\"a\":{\"N\":\"2\"},\"b\":{\"S\":\"xy\"}}"));
    assert_false(holds(condition, "{\"a\":{\"N\":\"2\"}}"));
    assert_false(holds(condition, "{\"a\":{\"N\":\"1\"},\"b\":{\"S\":\"y\"}}"));
}

static void one_of_several(void **state)
{
    struct condition *condition = filter_of(two, true);
    (void)state;

    assert_true(holds(condition, "{\"a\":{\"N\":\"2\"}}"));
    assert_true(holds(condition, "{\"b\":{\"S\":\"y\"}}"));
    assert_false(holds(condition, "{\"b\":{\"S\":\"x\"}}"));
}

static void condition_tells_its_attributes(void **state)
{
    (void)state;
    struct condition *condition = filter_of(two, false);
    struct slice *names;

    assert_int_equal(condition_attributes(&arena, condition, &names), 2);
    assert_true(slice_is(names[0], "a"));
    assert_true(slice_is(names[1], "b"));
    assert_true(condition_mentions(condition, SLICE("b")));
    assert_false(condition_mentions(condition, SLICE("c")));
}

static void nothing_is_no_condition(void **state)
{
    assert_null(filter_of("{}", false));
    (void)state;
}

/* An object of `count` conditions that want their attribute to be missing. */
static struct slice missing_attributes(unsigned count)
{
    struct buffer text;

    buffer_init(&text);
    for (unsigned i = 0; i < count; i++)
        buffer_printf(&text, "%c\"a%u\":{\"Exists\":false}", i == 0 ? '{' : ',', i);
    buffer_append_byte(&text, '}');
    struct slice kept = arena_copy(&arena, buffer_slice(&text));
    buffer_finish(&text);
    return kept;
}

static void conditions_have_a_bound(void **state)
{
    (void)state;
    const struct json *most = json_of(missing_attributes(LEGACY_OPERAND_LIMIT));
    const struct json *more = json_of(missing_attributes(LEGACY_OPERAND_LIMIT + 1));
    struct condition *condition;

    assert_true(legacy_expected(&arena, most, false, &condition, &failure));
    assert_true(holds(condition, "{\"b\":{\"N\":\"1\"}}"));
    assert_false(holds(condition, "{\"a9999\":{\"N\":\"1\"}}"));
    assert_false(legacy_expected(&arena, more, false, &condition, &failure));
    assert_failed("One or more parameter values were invalid: Conditions with more than 10000 "
                  "attributes and values are not supported");
}

static void names_may_hold_any_byte(void **state)
{
    (void)state;
    struct condition *condition = filter_of("{\"a\\u0000.b\":{\"ComparisonOperator\":\"NOT_NULL\"}}", false);

    assert_true(holds(condition, "{\"a\\u0000.b\":{\"NULL\":true}}"));
    assert_false(holds(condition, "{\"a\":{\"NULL\":true}}"));
}

/* ---- key conditions ---- */

static void key_conditions_keep_their_order(void **state)
{
    (void)state;
    struct key_condition condition;
    const struct json *json =
        json_of(SLICE("{\"s\":{\"ComparisonOperator\":\"BETWEEN\",\"AttributeValueList\":[{\"N\":"
                      "\"1\"},{\"N\":\"2\"}]},\"p\":{\"ComparisonOperator\":\"EQ\","
                      "\"AttributeValueList\":[{\"S\":\"x\"}]}}"));

    assert_true(legacy_key_conditions(&arena, json, &condition, &failure));
    assert_true(key_condition_check(&condition, &failure));
    assert_int_equal(condition.count, 2);
    assert_true(slice_is(condition.terms[0].attribute, "s"));
    assert_int_equal(condition.terms[0].comparator, KEY_BETWEEN);
    assert_non_null(condition.terms[0].operands[1]);
    assert_int_equal(condition.terms[1].comparator, KEY_EQUAL);
    assert_null(condition.terms[1].operands[1]);
}

static void key_conditions_have_a_number(void **state)
{
    (void)state;
    struct key_condition condition;
    struct buffer text;

    buffer_init(&text);
    for (unsigned i = 0; i <= KEY_TERMS_LIMIT; i++)
        buffer_printf(&text, "%c\"a%u\":{\"ComparisonOperator\":\"NULL\"}", i == 0 ? '{' : ',', i);
    buffer_append_byte(&text, '}');
    assert_true(legacy_key_conditions(&arena, json_of(buffer_slice(&text)), &condition, &failure));
    buffer_finish(&text);
    assert_false(key_condition_check(&condition, &failure));
    assert_failed("Conditions can be of length 1 or 2 only");
}

/* ---- updates ---- */

static void updates_tell_whether_they_only_remove(void **state)
{
    static const struct {
        const char *text;
        bool only_removes;
    } cases[] = {
        {"{}", false},
        {"{\"a\":{\"Action\":\"DELETE\"}}", true},
        {"{\"a\":{\"Action\":\"DELETE\",\"Value\":{\"SS\":[\"x\"]}}}", true},
        {"{\"a\":{\"Action\":\"DELETE\"},\"b\":{\"Value\":{\"N\":\"1\"}}}", false},
        {"{\"a\":{\"Action\":\"ADD\",\"Value\":{\"N\":\"1\"}}}", false},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct update *update;
        assert_true(legacy_updates(&arena, json_of(slice_of(cases[i].text)), &update, &failure));
        assert_int_equal(update_only_removes(update), cases[i].only_removes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(all_of_several),
        ARENA_TEST(one_of_several),
        ARENA_TEST(condition_tells_its_attributes),
        ARENA_TEST(nothing_is_no_condition),
        ARENA_TEST(conditions_have_a_bound),
        ARENA_TEST(names_may_hold_any_byte),
        ARENA_TEST(key_conditions_keep_their_order),
        ARENA_TEST(key_conditions_have_a_number),
        ARENA_TEST(updates_tell_whether_they_only_remove),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
