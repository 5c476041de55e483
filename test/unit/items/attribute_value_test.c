/* Attribute values in JSON: what is read, what is refused in which words, what is written. */
#include "items/attribute_value.h"
#include "unit/items/random_values.h"

#include "lib/unit_arena.h"

static const struct json *json_of(const char *text)
{
    const struct json *json;

    if (json_parse(&arena, slice_of(text), 128, &json) != JSON_OK)
        fail_msg("no JSON: %s", text);
    return json;
}

/* What reading the value gives: its JSON again, or "V " or "S " and the message. */
static const char *outcome(const char *text)
{
    struct value value;
    struct buffer out;

    failure_init(&failure, &arena);
    if (!value_from_json(&arena, json_of(text), &value, &failure)) {
        assert_true(failure.code == ERROR_VALIDATION || failure.code == ERROR_SERIALIZATION);
        return arena_printf(&arena, "%c %.*s", failure.code == ERROR_VALIDATION ? 'V' : 'S',
                            SLICE_ARGS(failure.message))
            .ptr;
    }
    buffer_init(&out);
    value_to_json(&out, &value);
    const char *copy = arena_copy(&arena, buffer_slice(&out)).ptr;
    buffer_finish(&out);
    return copy;
}

static void assert_outcomes(const char *const (*cases)[2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *actual = outcome(cases[i][0]);
        if (strcmp(actual, cases[i][1]) != 0)
            fail_msg("%s gives %s, expected %s", cases[i][0], actual, cases[i][1]);
    }
}

#define ASSERT_OUTCOMES(cases) assert_outcomes((cases), sizeof(cases) / sizeof((cases)[0]))

static void reads_and_writes_every_type(void **state)
{
    static const char *const cases[][2] = {
        {"{\"S\":\"\"}", "{\"S\":\"\"}"},
        {"{\"S\":\"a\\u0000\\\"\\\\\\/\\n\\u00e9\"}", "{\"S\":\"a\\u0000\\\"\\\\/\\n\xc3\xa9\"}"},
        {"{\"N\":\"1.50\"}", "{\"N\":\"1.5\"}"},
        {"{\"B\":\"YWJj\"}", "{\"B\":\"YWJj\"}"},
        {"{\"B\":\"\"}", "{\"B\":\"\"}"},
        {"{\"B\":\"YQ==\"}", "{\"B\":\"YQ==\"}"},
        {"{\"B\":\"+/8=\"}", "{\"B\":\"+/8=\"}"},
        {"{\"BOOL\":true}", "{\"BOOL\":true}"},
        {"{\"BOOL\":false}", "{\"BOOL\":false}"},
        {"{\"BOOL\":\"TRUE\"}", "{\"BOOL\":true}"},
        {"{\"BOOL\":\"no\"}", "{\"BOOL\":false}"},
        {"{\"NULL\":true}", "{\"NULL\":true}"},
        {"{\"SS\":[\"b\",\"a\",\"\"]}", "{\"SS\":[\"\",\"a\",\"b\"]}"},
        {"{\"NS\":[\"10\",\"9\",\"-2.0\"]}", "{\"NS\":[\"-2\",\"9\",\"10\"]}"},
        {"{\"BS\":[\"/w==\",\"AA==\"]}", "{\"BS\":[\"AA==\",\"/w==\"]}"},
        {"{\"L\":[]}", "{\"L\":[]}"},
        {"{\"L\":[{\"S\":\"a\"},{\"L\":[{\"N\":\"1\"}]}]}",
         "{\"L\":[{\"S\":\"a\"},{\"L\":[{\"N\":\"1\"}]}]}"},
        {"{\"M\":{}}", "{\"M\":{}}"},
        {"{\"M\":{\"a\":{\"M\":{\"b\":{\"NULL\":true}}},\"c\":{\"S\":\"d\"}}}",
         "{\"M\":{\"a\":{\"M\":{\"b\":{\"NULL\":true}}},\"c\":{\"S\":\"d\"}}}"},
        {"{\"S\":\"a\",\"X\":1,\"N\":null}", "{\"S\":\"a\"}"},
    };
    (void)state;

    ASSERT_OUTCOMES(cases);
}

#define INVALID "V One or more parameter values were invalid: "
#define EMPTY   "V Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
#define SEVERAL                                                                                              \
    "V Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "  \
    "datatypes"

static void refuses_in_the_words_of_aws(void **state)
{
    static const char *const cases[][2] = {
        {"{}", EMPTY},
        {"{\"X\":1}", EMPTY},
        {"{\"S\":null}", EMPTY},
        {"{\"L\":[{}]}", EMPTY},
        {"{\"S\":\"a\",\"N\":\"1\"}", SEVERAL},
        {"{\"S\":\"a\",\"N\":\"x\"}", "V The parameter cannot be converted to a numeric value: x"},
        {"{\"N\":\"\"}", "V The parameter cannot be converted to a numeric value"},
        {"{\"NULL\":false}", INVALID "Null attribute value types must have the value of true"},
        {"{\"NULL\":false,\"S\":\"a\"}", INVALID "Null attribute value types must have the value of true"},
        {"{\"SS\":[]}", INVALID "An string set  may not be empty"},
        {"{\"NS\":[]}", INVALID "An number set  may not be empty"},
        {"{\"BS\":[]}", INVALID "Binary sets should not be empty"},
        {"{\"SS\":[\"b\",\"a\",\"b\"]}", INVALID "Input collection [b, a, b] contains duplicates."},
        {"{\"NS\":[\"1\",\"1.0\"]}", "V Input collection contains duplicates"},
        {"{\"BS\":[\"YQ==\",\"YQ==\"]}",
         INVALID "Input collection [YQ==, YQ==]of type BS contains duplicates."},
        {"{\"SS\":[null]}", INVALID "An string set may not have a null string as a member"},
        {"{\"SS\":[\"a\",null,\"a\"]}", INVALID "Input collection [a, null, a] contains duplicates."},
        {"{\"SS\":[null,null]}", INVALID "Input collection [null, null] contains duplicates."},
        {"{\"SS\":[\"null\",null]}", INVALID "An string set may not have a null string as a member"},
        {"{\"SS\":[\"a\",\"a\",5]}", "S NUMBER_VALUE cannot be converted to String"},
        {"{\"BS\":[\"YQ==\",null]}", "V The supplied Item contains a null AttributeValue"},
        {"{\"BS\":[null,null]}", INVALID "Input collection [null, null]of type BS contains duplicates."},
        {"{\"NS\":[\"4\",\"4.0\",\"x\"]}", "V Input collection contains duplicates"},
        {"{\"NS\":[\"4\",\"4\",null]}", "V Input collection contains duplicates"},
        {"{\"NS\":[\"4\",\"x\",\"4\"]}", "V The parameter cannot be converted to a numeric value: x"},
        {"{\"NS\":[\"4\",null,\"4\"]}", "V The parameter cannot be converted to a numeric value"},
        {"{\"NS\":[\"x\",\"x\"]}", "V The parameter cannot be converted to a numeric value: x"},
        {"{\"L\":[null]}", "V The supplied Item contains a null AttributeValue"},
        {"{\"M\":{\"a\":null}}", "V The supplied Item contains a null AttributeValue: a is null"},
        {"{\"M\":{\"\":{\"S\":\"x\"}}}", "V Empty attribute name"},
    };
    (void)state;

    ASSERT_OUTCOMES(cases);
}

#define NOT_EXPECTED "S Start of structure or map found where not expected"
#define ATTRIBUTE    "com.amazonaws.dynamodb.v20120810.AttributeValue"
#define LAST_BITS    "S Invalid last non-pad Base64 character dectected"

static void refuses_other_json_types(void **state)
{
    static const char *const cases[][2] = {
        {"\"x\"", "S Unexpected value type in payload"},
        {"5", "S Unexpected value type in payload"},
        {"[]", "S Unrecognized collection type class " ATTRIBUTE},
        {"{\"S\":5}", "S NUMBER_VALUE cannot be converted to String"},
        {"{\"S\":5.5}", "S DECIMAL_VALUE cannot be converted to String"},
        {"{\"S\":true}", "S TRUE_VALUE cannot be converted to String"},
        {"{\"N\":false}", "S FALSE_VALUE cannot be converted to String"},
        {"{\"S\":[]}", "S Unrecognized collection type class java.lang.String"},
        {"{\"S\":{}}", NOT_EXPECTED},
        {"{\"B\":5}", "S only base-64-encoded strings are convertible to bytes"},
        {"{\"B\":[]}", "S Unrecognized collection type class java.nio.ByteBuffer"},
        {"{\"B\":{}}", NOT_EXPECTED},
        {"{\"B\":\"YQ\"}", "S Base64 encoded length is expected a multiple of 4 bytes but found: 2"},
        {"{\"B\":\"YR==\"}", LAST_BITS},
        {"{\"B\":\"YWJ=\"}", LAST_BITS},
        {"{\"B\":\"!!!!\"}", LAST_BITS},
        {"{\"B\":\"====\"}", LAST_BITS},
        {"{\"B\":\"YQ==YQ==\"}", LAST_BITS},
        {"{\"B\":\"Y-_j\"}", LAST_BITS},
        {"{\"BOOL\":\"x\"}", "S Unexpected token received from parser"},
        {"{\"BOOL\":1}", "S NUMBER_VALUE cannot be converted to Boolean"},
        {"{\"NULL\":1.5}", "S DECIMAL_VALUE cannot be converted to Boolean"},
        {"{\"BOOL\":[]}", "S Unrecognized collection type class java.lang.Boolean"},
        {"{\"BOOL\":{}}", NOT_EXPECTED},
        {"{\"SS\":\"a\"}", "S Unexpected field type"},
        {"{\"SS\":{}}", NOT_EXPECTED},
        {"{\"SS\":[5]}", "S NUMBER_VALUE cannot be converted to String"},
        {"{\"L\":\"a\"}", "S Unexpected field type"},
        {"{\"L\":{}}", NOT_EXPECTED},
        {"{\"L\":[\"a\"]}", "S Unexpected value type in payload"},
        {"{\"M\":\"a\"}", "S Unexpected field type"},
        {"{\"M\":[]}", "S Unrecognized collection type java.util.Map<java.lang.String, " ATTRIBUTE ">"},
        {"{\"M\":{\"a\":\"x\"}}", "S Unexpected value type in payload"},
        /* A wrong shape anywhere is told before a wrong value anywhere. */
        {"{\"L\":[{},{\"S\":5}]}", "S NUMBER_VALUE cannot be converted to String"},
        {"{\"NS\":[\"x\",5]}", "S NUMBER_VALUE cannot be converted to String"},
    };
    (void)state;

    ASSERT_OUTCOMES(cases);
}

/* AWS: 32 levels, of which a scalar is one. */
static void nests_to_32_levels(void **state)
{
    static const char *const ends[] = {"{\"S\":\"x\"}", "{\"L\":[]}"};
    static const size_t most[] = {31, 30};
    (void)state;

    for (size_t end = 0; end < 2; end++) {
        for (size_t count = 30; count < 33; count++) {
            struct buffer text;
            buffer_init(&text);
            for (size_t i = 0; i < count; i++)
                buffer_append_string(&text, i % 2 == 0 ? "{\"L\":[" : "{\"M\":{\"a\":");
            buffer_append_string(&text, ends[end]);
            for (size_t i = count; i-- > 0;)
                buffer_append_string(&text, i % 2 == 0 ? "]}" : "}}");
            const char *json = arena_copy(&arena, buffer_slice(&text)).ptr, *actual = outcome(json);
            assert_string_equal(actual, count <= most[end]
                                            ? json
                                            : "V Nesting Levels have exceeded supported limits: "
                                              "Attributes in the item have nested levels beyond "
                                              "supported limit");
            buffer_finish(&text);
        }
    }
}

static const char *item_outcome(const char *text)
{
    struct item item;

    failure_init(&failure, &arena);
    return item_from_json(&arena, json_of(text), &item, &failure) ? "" : failure.message.ptr;
}

static void items_are_objects_of_values(void **state)
{
    (void)state;
    assert_string_equal(item_outcome("{}"), "");
    assert_string_equal(item_outcome("{\"a\":{\"S\":\"b\"}}"), "");
    assert_string_equal(item_outcome("[]"),
                        "Unrecognized collection type java.util.Map<java.lang.String, " ATTRIBUTE ">");
    assert_string_equal(item_outcome("5"), "Unexpected field type");
    assert_string_equal(item_outcome("{\"\":{\"S\":\"b\"}}"), "Empty attribute name");
    assert_string_equal(item_outcome("{\"a\":{},\"b\":{\"S\":5}}"),
                        "NUMBER_VALUE cannot be converted to String");
}

static void names_have_up_to_65535_bytes(void **state)
{
    (void)state;
    for (size_t length = 65535; length <= 65536; length++) {
        char *name = arena_alloc(&arena, length + 1);
        memset(name, 'x', length);
        name[length] = '\0';
        assert_string_equal(item_outcome(arena_printf(&arena, "{\"%s\":{\"S\":\"\"}}", name).ptr),
                            length == 65535 ? ""
                                            : "Attribute name is too large, must be less than 65536 bytes");
    }
}

static void what_is_written_is_read_again(void **state)
{
    struct random_source source = {.seed = 8};
    (void)state;

    for (int i = 0; i < 3000; i++) {
        struct value value = random_value(&source, &arena, 4), again;
        struct buffer out;
        buffer_init(&out);
        failure_init(&failure, &arena);
        value_to_json(&out, &value);
        const struct json *json;
        assert_int_equal(json_parse(&arena, buffer_slice(&out), 64, &json), JSON_OK);
        assert_true(value_from_json(&arena, json, &again, &failure));
        assert_true(value_equal(&value, &again));
        assert_int_equal(value_size(&value), value_size(&again));
        buffer_finish(&out);
        arena_reset(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(reads_and_writes_every_type),   ARENA_TEST(refuses_in_the_words_of_aws),
        ARENA_TEST(refuses_other_json_types),      ARENA_TEST(nests_to_32_levels),
        ARENA_TEST(items_are_objects_of_values),   ARENA_TEST(names_have_up_to_65535_bytes),
        ARENA_TEST(what_is_written_is_read_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
