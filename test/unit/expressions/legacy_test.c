/* The parameters that expressions replaced: what they become, and their bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/json.h"
#include "expressions/legacy.h"
#include "items/attribute_value.h"

#include <cmocka.h>

struct fixture {
    struct arena arena;
    struct failure failure;
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

static const struct json *json_of(struct fixture *fixture, struct slice text)
{
    const struct json *json = NULL;

    assert_int_equal(json_parse(&fixture->arena, text, 20, &json), JSON_OK);
    return json;
}

static struct condition *filter_of(struct fixture *fixture, const char *text, bool any)
{
    struct condition *condition;

    assert_true(
        legacy_filter(&fixture->arena, json_of(fixture, slice_of(text)), any, &condition, &fixture->failure));
    return condition;
}

static bool holds(struct fixture *fixture, const struct condition *condition, const char *item)
{
    struct item read;

    assert_true(item_from_json(&fixture->arena, json_of(fixture, slice_of(item)), &read, &fixture->failure));
    return condition_holds(condition, &read);
}

static void assert_failed(const struct fixture *fixture, const char *message)
{
    assert_int_equal(fixture->failure.code, ERROR_VALIDATION);
    assert_true(slice_is(fixture->failure.message, message));
}

/* ---- conditions ---- */

static const char two[] =
    "{\"b\":{\"ComparisonOperator\":\"NOT_CONTAINS\",\"AttributeValueList\":[{\"S\":\"x\"}]},"
    "\"a\":{\"ComparisonOperator\":\"GT\",\"AttributeValueList\":[{\"N\":\"1\"}]}}";

static void all_of_several(void **state)
{
    struct condition *condition = filter_of(*state, two, false);

    assert_true(holds(*state, condition, "{\"a\":{\"N\":\"2\"},\"b\":{\"S\":\"y\"}}"));
    assert_false(holds(*state, condition, "{\"a\":{\"N\":\"2\"},\"b\":{\"S\":\"xy\"}}"));
    assert_false(holds(*state, condition, "{\"a\":{\"N\":\"2\"}}"));
    assert_false(holds(*state, condition, "{\"a\":{\"N\":\"1\"},\"b\":{\"S\":\"y\"}}"));
}

static void one_of_several(void **state)
{
    struct condition *condition = filter_of(*state, two, true);

    assert_true(holds(*state, condition, "{\"a\":{\"N\":\"2\"}}"));
    assert_true(holds(*state, condition, "{\"b\":{\"S\":\"y\"}}"));
    assert_false(holds(*state, condition, "{\"b\":{\"S\":\"x\"}}"));
}

static void condition_tells_its_attributes(void **state)
{
    struct fixture *fixture = *state;
    struct condition *condition = filter_of(fixture, two, false);
    struct slice *names;

    assert_int_equal(condition_attributes(&fixture->arena, condition, &names), 2);
    assert_true(slice_is(names[0], "a"));
    assert_true(slice_is(names[1], "b"));
    assert_true(condition_mentions(condition, SLICE("b")));
    assert_false(condition_mentions(condition, SLICE("c")));
}

static void nothing_is_no_condition(void **state)
{
    assert_null(filter_of(*state, "{}", false));
}

/* An object of `count` conditions that want their attribute to be missing. */
static struct slice missing_attributes(struct fixture *fixture, unsigned count)
{
    struct buffer text;

    buffer_init(&text);
    for (unsigned i = 0; i < count; i++)
        buffer_printf(&text, "%c\"a%u\":{\"Exists\":false}", i == 0 ? '{' : ',', i);
    buffer_append_byte(&text, '}');
    struct slice kept = arena_copy(&fixture->arena, buffer_slice(&text));
    buffer_finish(&text);
    return kept;
}

static void conditions_have_a_bound(void **state)
{
    struct fixture *fixture = *state;
    const struct json *most = json_of(fixture, missing_attributes(fixture, LEGACY_OPERAND_LIMIT));
    const struct json *more = json_of(fixture, missing_attributes(fixture, LEGACY_OPERAND_LIMIT + 1));
    struct condition *condition;

    assert_true(legacy_expected(&fixture->arena, most, false, &condition, &fixture->failure));
    assert_true(holds(fixture, condition, "{\"b\":{\"N\":\"1\"}}"));
    assert_false(holds(fixture, condition, "{\"a9999\":{\"N\":\"1\"}}"));
    assert_false(legacy_expected(&fixture->arena, more, false, &condition, &fixture->failure));
    assert_failed(fixture, "One or more parameter values were invalid: Conditions with more than 10000 "
                           "attributes and values are not supported");
}

static void names_may_hold_any_byte(void **state)
{
    struct condition *condition =
        filter_of(*state, "{\"a\\u0000.b\":{\"ComparisonOperator\":\"NOT_NULL\"}}", false);

    assert_true(holds(*state, condition, "{\"a\\u0000.b\":{\"NULL\":true}}"));
    assert_false(holds(*state, condition, "{\"a\":{\"NULL\":true}}"));
}

/* ---- key conditions ---- */

static void key_conditions_keep_their_order(void **state)
{
    struct fixture *fixture = *state;
    struct key_condition condition;
    const struct json *json =
        json_of(fixture, SLICE("{\"s\":{\"ComparisonOperator\":\"BETWEEN\",\"AttributeValueList\":[{\"N\":"
                               "\"1\"},{\"N\":\"2\"}]},\"p\":{\"ComparisonOperator\":\"EQ\","
                               "\"AttributeValueList\":[{\"S\":\"x\"}]}}"));

    assert_true(legacy_key_conditions(&fixture->arena, json, &condition, &fixture->failure));
    assert_true(key_condition_check(&condition, &fixture->failure));
    assert_int_equal(condition.count, 2);
    assert_true(slice_is(condition.terms[0].attribute, "s"));
    assert_int_equal(condition.terms[0].comparator, KEY_BETWEEN);
    assert_non_null(condition.terms[0].operands[1]);
    assert_int_equal(condition.terms[1].comparator, KEY_EQUAL);
    assert_null(condition.terms[1].operands[1]);
}

static void key_conditions_have_a_number(void **state)
{
    struct fixture *fixture = *state;
    struct key_condition condition;
    struct buffer text;

    buffer_init(&text);
    for (unsigned i = 0; i <= KEY_TERMS_LIMIT; i++)
        buffer_printf(&text, "%c\"a%u\":{\"ComparisonOperator\":\"NULL\"}", i == 0 ? '{' : ',', i);
    buffer_append_byte(&text, '}');
    assert_true(legacy_key_conditions(&fixture->arena, json_of(fixture, buffer_slice(&text)), &condition,
                                      &fixture->failure));
    buffer_finish(&text);
    assert_false(key_condition_check(&condition, &fixture->failure));
    assert_failed(fixture, "Conditions can be of length 1 or 2 only");
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
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct update *update;
        assert_true(legacy_updates(&fixture->arena, json_of(fixture, slice_of(cases[i].text)), &update,
                                   &fixture->failure));
        assert_int_equal(update_only_removes(update), cases[i].only_removes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_of_several, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_of_several, set_up, tear_down),
        cmocka_unit_test_setup_teardown(condition_tells_its_attributes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_no_condition, set_up, tear_down),
        cmocka_unit_test_setup_teardown(conditions_have_a_bound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_may_hold_any_byte, set_up, tear_down),
        cmocka_unit_test_setup_teardown(key_conditions_keep_their_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(key_conditions_have_a_number, set_up, tear_down),
        cmocka_unit_test_setup_teardown(updates_tell_whether_they_only_remove, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
