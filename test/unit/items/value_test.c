/* Values: equality, order and the sizes that AWS counts. */
#include "items/attribute_value.h"

#include "lib/unit_arena.h"

static struct value value_of(const char *text)
{
    const struct json *json;
    struct value value;

    failure_init(&failure, &arena);
    if (json_parse(&arena, slice_of(text), 64, &json) != JSON_OK ||
        !value_from_json(&arena, json, &value, &failure))
        fail_msg("no value: %s", text);
    return value;
}

static void equality_is_of_type_and_content(void **state)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } cases[] = {
        {"{\"S\":\"a\"}", "{\"S\":\"a\"}", true},
        {"{\"S\":\"a\"}", "{\"B\":\"YQ==\"}", false},
        {"{\"N\":\"1.0\"}", "{\"N\":\"1\"}", true},
        {"{\"N\":\"1\"}", "{\"S\":\"1\"}", false},
        {"{\"BOOL\":true}", "{\"BOOL\":false}", false},
        {"{\"NULL\":true}", "{\"NULL\":true}", true},
        {"{\"SS\":[\"a\",\"b\"]}", "{\"SS\":[\"b\",\"a\"]}", true},
        {"{\"SS\":[\"a\",\"b\"]}", "{\"SS\":[\"a\"]}", false},
        {"{\"SS\":[\"1\"]}", "{\"NS\":[\"1\"]}", false},
        {"{\"L\":[{\"S\":\"a\"},{\"S\":\"b\"}]}", "{\"L\":[{\"S\":\"b\"},{\"S\":\"a\"}]}", false},
        {"{\"L\":[{\"S\":\"a\"}]}", "{\"L\":[{\"S\":\"a\"}]}", true},
        {"{\"M\":{\"a\":{\"N\":\"1\"},\"b\":{\"N\":\"2\"}}}",
         "{\"M\":{\"b\":{\"N\":\"2\"},\"a\":{\"N\":\"1\"}}}", true},
        {"{\"M\":{\"a\":{\"N\":\"1\"}}}", "{\"M\":{\"a\":{\"N\":\"2\"}}}", false},
        {"{\"M\":{\"a\":{\"N\":\"1\"}}}", "{\"M\":{\"b\":{\"N\":\"1\"}}}", false},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct value a = value_of(cases[i].a), b = value_of(cases[i].b);
        assert_int_equal(value_equal(&a, &b), cases[i].equal);
        assert_int_equal(value_equal(&b, &a), cases[i].equal);
        assert_true(value_equal(&a, &a));
    }
}

/* Large sets and maps take another path than small ones; the outcome is the same, whatever the order. */
static void large_sets_and_maps_compare_without_order(void **state)
{
    enum { COUNT = 100 };
    struct value sets[2], maps[2];
    (void)state;

    for (size_t side = 0; side < 2; side++) {
        sets[side] =
            (struct value){.type = VALUE_SS, .list = {arena_array(&arena, struct value, COUNT), COUNT}};
        maps[side] =
            (struct value){.type = VALUE_M, .map = {arena_array(&arena, struct attribute, COUNT), COUNT}};
        for (size_t i = 0; i < COUNT; i++) {
            size_t number = side == 0 ? i : COUNT - 1 - i;
            struct slice text = arena_printf(&arena, "%zu", number);
            sets[side].list.values[i] = (struct value){.type = VALUE_S, .bytes = text};
            maps[side].map.attributes[i] = (struct attribute){text, sets[side].list.values[i]};
        }
    }
    assert_true(value_equal(&sets[0], &sets[1]));
    assert_true(value_equal(&maps[0], &maps[1]));
    sets[1].list.values[50].bytes = SLICE("other");
    maps[1].map.attributes[50].value.bytes = SLICE("other");
    assert_false(value_equal(&sets[0], &sets[1]));
    assert_false(value_equal(&maps[0], &maps[1]));
}

static void strings_compare_by_bytes(void **state)
{
    static const char *const ascending[] = {"{\"S\":\"\"}",  "{\"S\":\"A\"}",  "{\"S\":\"B\"}",
                                            "{\"S\":\"a\"}", "{\"S\":\"aa\"}", "{\"S\":\"\xc3\xa9\"}"};
    (void)state;

    for (size_t i = 0; i + 1 < sizeof(ascending) / sizeof(ascending[0]); i++) {
        struct value a = value_of(ascending[i]), b = value_of(ascending[i + 1]);
        assert_true(value_compare(&a, &b) < 0);
        assert_true(value_compare(&b, &a) > 0);
        assert_true(value_compare(&a, &a) == 0);
    }
}

/* Measured on DynamoDB Local with items at the limit of 400 KB. */
static void sizes_are_those_that_aws_counts(void **state)
{
    static const struct {
        const char *text;
        size_t size;
    } cases[] = {
        {"{\"S\":\"\"}", 0},
        {"{\"S\":\"\xc3\xa9\"}", 2},
        {"{\"B\":\"YWJj\"}", 3},
        {"{\"N\":\"123\"}", 3},
        {"{\"BOOL\":true}", 1},
        {"{\"NULL\":true}", 1},
        {"{\"L\":[]}", 3},
        {"{\"L\":[{\"S\":\"\"}]}", 4},
        {"{\"L\":[{\"S\":\"abc\"},{\"NULL\":true}]}", 9},
        {"{\"L\":[{\"L\":[]}]}", 7},
        {"{\"M\":{}}", 3},
        {"{\"M\":{\"abc\":{\"S\":\"\"}}}", 7},
        {"{\"M\":{\"abc\":{\"S\":\"de\"},\"x\":{\"BOOL\":true}}}", 12},
        {"{\"M\":{\"m\":{\"M\":{}}}}", 8},
        {"{\"SS\":[\"a\",\"bc\"]}", 3},
        {"{\"NS\":[\"1\",\"12\"]}", 4},
        {"{\"BS\":[\"YWJj\",\"YQ==\"]}", 4},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct value value = value_of(cases[i].text);
        struct attribute attribute = {SLICE("name"), value};
        struct item item = {&attribute, 1};
        assert_int_equal(value_size(&value), cases[i].size);
        assert_int_equal(item_size(&item), cases[i].size + 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(equality_is_of_type_and_content),
        ARENA_TEST(large_sets_and_maps_compare_without_order),
        ARENA_TEST(strings_compare_by_bytes),
        ARENA_TEST(sizes_are_those_that_aws_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
