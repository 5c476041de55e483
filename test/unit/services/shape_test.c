/* Shapes: which inputs are accepted, and what AWS says of the others. */
#include "lib/unit.h"

#include "services/shape.h"

enum { DEPTH = 40 };

static bool is_lower(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < 'a' || text.ptr[i] > 'z')
            return false;
    }
    return true;
}

static const char *const words[] = {"RED", "GREEN", NULL};
static const struct shape name = {
    .kind = SHAPE_STRING, .min = 3, .max = 5, .matches = is_lower, .pattern = "[a-z]+"};
static const struct shape color = {.kind = SHAPE_STRING, .words = words};
static const struct shape size = {.kind = SHAPE_INTEGER, .min = 1, .max = 10};
static const struct shape_entry part_members[] = {{"Name", &name, true}, {"Color", &color, false}, {0}};
static const struct shape part = {.kind = SHAPE_STRUCTURE, .members = part_members, .java = "x.Part"};
static const struct shape parts = {.kind = SHAPE_LIST, .min = 1, .max = 2, .element = &part};
static const struct shape table = {.kind = SHAPE_MAP, .min = 1, .max = 25, .element = &parts, .names = &name};
static const struct shape_entry members[] = {{"Name", &name, false},
                                             {"Size", &size, false},
                                             {"Flag", &shape_boolean_value, false},
                                             {"Part", &part, false},
                                             {"Parts", &parts, false},
                                             {"Table", &table, false},
                                             {"Item", &shape_attribute_map, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

struct expectation {
    const char *text;
    enum error_code code; /* ERROR_NONE: accepted */
    const char *message;
};

#define REFUSED(path_and_rule) ERROR_VALIDATION, "1 validation error detected: Value " path_and_rule

static const struct expectation expectations[] = {
    {"{}", ERROR_NONE, ""},
    {"{\"Name\":null,\"Unknown\":[1,{}]}", ERROR_NONE, ""},
    {"{\"Name\":\"abc\",\"Size\":10,\"Flag\":false,\"Part\":{\"Name\":\"abcde\",\"Color\":\"RED\"}}",
     ERROR_NONE, ""},
    {"{\"Item\":{\"a\":{\"S\":\"x\"},\"b\":{\"L\":[{\"N\":\"1\"}]}}}", ERROR_NONE, ""},

    {"{\"Name\":1}", ERROR_SERIALIZATION, "NUMBER_VALUE cannot be converted to String"},
    {"{\"Name\":1.5}", ERROR_SERIALIZATION, "DECIMAL_VALUE cannot be converted to String"},
    {"{\"Name\":true}", ERROR_SERIALIZATION, "TRUE_VALUE cannot be converted to String"},
    {"{\"Name\":[]}", ERROR_SERIALIZATION, "Unrecognized collection type class java.lang.String"},
    {"{\"Name\":{}}", ERROR_SERIALIZATION, "Start of structure or map found where not expected"},
    {"{\"Size\":\"1\"}", ERROR_SERIALIZATION, "STRING_VALUE cannot be converted to Integer"},
    {"{\"Flag\":\"perhaps\"}", ERROR_SERIALIZATION, "Unexpected token received from parser"},
    {"{\"Part\":\"x\"}", ERROR_SERIALIZATION, "Unexpected field type"},
    {"{\"Part\":[]}", ERROR_SERIALIZATION, "Unrecognized collection type class x.Part"},
    {"{\"Parts\":{}}", ERROR_SERIALIZATION, "Start of structure or map found where not expected"},
    {"{\"Parts\":\"x\"}", ERROR_SERIALIZATION, "Unexpected field type"},
    {"{\"Item\":{\"a\":1}}", ERROR_SERIALIZATION, "Unexpected value type in payload"},
    {"{\"Item\":{\"a\":{\"S\":1}}}", ERROR_SERIALIZATION, "NUMBER_VALUE cannot be converted to String"},

    {"{\"Name\":\"ab\"}",
     REFUSED("'ab' at 'name' failed to satisfy constraint: Member must have length greater than or "
             "equal to 3")},
    {"{\"Name\":\"abcdef\"}",
     REFUSED("'abcdef' at 'name' failed to satisfy constraint: Member must have length less than "
             "or equal to 5")},
    {"{\"Name\":\"ABC\"}",
     REFUSED("'ABC' at 'name' failed to satisfy constraint: Member must satisfy regular expression "
             "pattern: [a-z]+")},
    {"{\"Size\":0}",
     REFUSED("'0' at 'size' failed to satisfy constraint: Member must have value greater than or equal to "
             "1")},
    {"{\"Size\":11}",
     REFUSED("'11' at 'size' failed to satisfy constraint: Member must have value less than or equal to "
             "10")},
    {"{\"Part\":{}}", REFUSED("null at 'part.name' failed to satisfy constraint: Member must not be null")},
    {"{\"Part\":{\"Name\":\"abc\",\"Color\":\"BLUE\"}}",
     REFUSED("'BLUE' at 'part.color' failed to satisfy constraint: Member must satisfy enum value set: [RED, "
             "GREEN]")},
    {"{\"Parts\":[]}",
     REFUSED("'[]' at 'parts' failed to satisfy constraint: Member must have length greater than or "
             "equal to 1")},
    {"{\"Parts\":[{\"Name\":\"abc\"},{}]}",
     REFUSED("null at 'parts.2.member.name' failed to satisfy constraint: Member must not be null")},
    {"{\"Parts\":[null]}",
     REFUSED("null at 'parts.1.member' failed to satisfy constraint: Member must not be null")},
    {"{\"Size\":1.9}", ERROR_NONE, ""},
    {"{\"Size\":0.1e2}", ERROR_NONE, ""},
    {"{\"Size\":0.9}",
     REFUSED("'0.9' at 'size' failed to satisfy constraint: Member must have value greater than or equal to "
             "1")},
    {"{\"Size\":2147483648}", ERROR_SERIALIZATION, "NUMBER_VALUE cannot be converted to Integer"},
    {"{\"Size\":1e10}", ERROR_SERIALIZATION, "DECIMAL_VALUE cannot be converted to Integer"},
    {"{\"Name\":\"A\",\"Size\":0}", ERROR_VALIDATION,
     "3 validation errors detected: Value 'A' at 'name' failed to satisfy constraint: Member must satisfy "
     "regular "
     "expression pattern: [a-z]+; Value 'A' at 'name' failed to satisfy constraint: Member must have length "
     "greater than or "
     "equal to 3; Value '0' at 'size' failed to satisfy constraint: Member must have value greater than or "
     "equal to 1"},
    /* A wrong type is told before any constraint, wherever it stands. */
    {"{\"Name\":\"A\",\"Flag\":1}", ERROR_SERIALIZATION, "NUMBER_VALUE cannot be converted to Boolean"},
};

static void inputs_are_accepted_or_refused_in_awss_words(void **state)
{
    struct arena arena;
    (void)state;

    arena_init(&arena);
    for (size_t i = 0; i < sizeof(expectations) / sizeof(expectations[0]); i++) {
        const struct expectation *expected = &expectations[i];
        struct failure failure;
        const struct json *json;

        failure_init(&failure, &arena);
        assert_int_equal(json_parse(&arena, slice_of(expected->text), DEPTH, &json), JSON_OK);
        assert_int_equal(shape_accepts(json, &input, &failure), expected->code == ERROR_NONE);
        assert_int_equal(failure.code, expected->code);
        if (expected->code != ERROR_NONE)
            assert_string_equal(arena_copy(&arena, failure.message).ptr, expected->message);
        arena_reset(&arena);
    }
    arena_finish(&arena);
}

static void members_are_read_by_type(void **state)
{
    struct arena arena;
    const struct json *json;
    (void)state;

    arena_init(&arena);
    assert_int_equal(
        json_parse(&arena, SLICE("{\"Name\":\"abc\",\"Size\":7,\"Flag\":true,\"Part\":null}"), DEPTH, &json),
        JSON_OK);
    assert_true(slice_is(shape_text(json, "Name"), "abc"));
    assert_null(shape_text(json, "Other").ptr);
    assert_int_equal(shape_number(json, "Size", 1), 7);
    assert_int_equal(shape_number(json, "Other", 1), 1);
    assert_true(shape_boolean(json, "Flag", false));
    assert_true(shape_boolean(json, "Other", true));
    assert_null(shape_member(json, "Part"));
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inputs_are_accepted_or_refused_in_awss_words),
        cmocka_unit_test(members_are_read_by_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
