/* Records of one item: what is read of each format, what is refused and why, and that what is written is read
 * back. */
#include "base/check.h"
#include "exchange/record.h"
#include "items/attribute_value.h"
#include "unit/items/random_values.h"

#include "lib/unit_arena.h"

typedef bool (*record_reader)(struct arena *arena, struct slice text, struct item *out, struct fault *fault);

/* The item in DynamoDB's JSON; or "attribute: reason". The text is copied to its exact length, so that
 * reading beyond it is seen. */
static const char *outcome(record_reader read, const char *text)
{
    struct fault fault;
    struct item item;
    struct buffer out;
    size_t length = strlen(text);
    char *exact = malloc(length + 1);

    CHECK(exact != NULL);
    memcpy(exact, text, length);
    exact = realloc(exact, length > 0 ? length : 1);
    if (!read(&arena, (struct slice){exact, length}, &item, &fault)) {
        const char *told =
            arena_printf(&arena, "%.*s: %.*s", SLICE_ARGS(fault.attribute), SLICE_ARGS(fault.reason)).ptr;
        free(exact);
        return told;
    }
    buffer_init(&out);
    item_to_json(&out, &item);
    const char *copy = arena_copy(&arena, buffer_slice(&out)).ptr;
    buffer_finish(&out);
    free(exact);
    return copy;
}

#define assert_outcomes(read, cases)                                                                         \
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)                                            \
    assert_string_equal(outcome(read, cases[i][0]), cases[i][1])

static void test_dynamodb_json(void **state)
{
    static const char *const cases[][2] = {
        {"{\"Item\":{\"id\":{\"S\":\"a\"},\"n\":{\"N\":\"5.0\"}}}",
         "{\"id\":{\"S\":\"a\"},\"n\":{\"N\":\"5\"}}"},
        {" {\"Item\" : {\"b\":{\"B\":\"AQI=\"},\"s\":{\"NS\":[\"2\",\"1\"]}}} ",
         "{\"b\":{\"B\":\"AQI=\"},\"s\":{\"NS\":[\"1\",\"2\"]}}"},
        {"{\"id\":{\"S\":\"a\"}}", ": it is not of the form {\"Item\":{...}}"},
        {"{\"Item\":{\"id\":{\"S\":\"a\"}},\"more\":1}", ": it is not of the form {\"Item\":{...}}"},
        {"{\"Item\":[]}", ": it is not of the form {\"Item\":{...}}"},
        {"{\"Item\":{}}", ": it has no attributes"},
        {"[1]", ": it is no JSON object"},
        {"{\"Item\":{\"id\":{\"S\":\"a\"}}", ": it is no JSON"},
        {"", ": it is no JSON"},
        {"{\"Item\":{\"id\":{\"S\":\"a\"},\"n\":{\"N\":\"five\"}}}",
         "n: The parameter cannot be converted to a numeric value: five"},
        {"{\"Item\":{\"id\":null}}", "id: it is null, and no attribute value"},
        {"{\"Item\":{\"s\":{\"SS\":[]}}}",
         "s: One or more parameter values were invalid: An string set  may not be empty"},
        {"{\"Item\":{\"\":{\"S\":\"a\"}}}", ": it has an attribute whose name is empty or too long"},
    };

    (void)state;
    assert_outcomes(record_from_dynamodb_json, cases);
}

static void test_json(void **state)
{
    static const char *const cases[][2] = {
        {"{\"id\":\"a\",\"n\":1.50,\"t\":true,\"z\":null}",
         "{\"id\":{\"S\":\"a\"},\"n\":{\"N\":\"1.5\"},\"t\":{\"BOOL\":true},\"z\":{\"NULL\":true}}"},
        {"{\"l\":[1,\"x\",[]],\"m\":{\"a\":{}}}",
         "{\"l\":{\"L\":[{\"N\":\"1\"},{\"S\":\"x\"},{\"L\":[]}]},\"m\":{\"M\":{\"a\":{\"M\":{}}}}}"},
        {"{\"n\":123456789012345678901234567890123456789}",
         "n: Attempting to store more than 38 significant digits in a Number"},
        {"{\"n\":1e200}",
         "n: Number overflow. Attempting to store a number with magnitude larger than supported range"},
        {"\"text\"", ": it is no JSON object"},
        {"{}", ": it has no attributes"},
    };

    (void)state;
    assert_outcomes(record_from_json, cases);
}

static void test_told_apart(void **state)
{
    (void)state;
    assert_true(record_is_dynamodb_json(&arena, SLICE("{\"Item\":{\"id\":{\"S\":\"a\"}}}")));
    assert_false(record_is_dynamodb_json(&arena, SLICE("{\"Item\":{\"id\":\"a\"}}")));
    assert_false(record_is_dynamodb_json(&arena, SLICE("{\"Item\":\"chair\"}")));
    assert_false(record_is_dynamodb_json(&arena, SLICE("{\"id\":\"a\"}")));
    assert_false(record_is_dynamodb_json(&arena, SLICE("{")));
}

static void test_ion(void **state)
{
    static const char *const cases[][2] = {
        /* AWS's own example, shortened. */
        {"$ion_1_0 "
         "{Item:{Authors:$dynamodb_SS::[\"Author1\",\"Author2\"],ISBN:\"333\",Id:103.,InPublication:false,"
         "PageCount:6d2,Price:2d3,Title:\"Book 103 Title\"}}",
         "{\"Authors\":{\"SS\":[\"Author1\",\"Author2\"]},\"ISBN\":{\"S\":\"333\"},\"Id\":{\"N\":\"103\"},"
         "\"InPublication\":{\"BOOL\":false},\"PageCount\":{\"N\":\"600\"},\"Price\":{\"N\":\"2000\"},"
         "\"Title\":{\"S\":\"Book 103 Title\"}}"},
        {"{Item:{a:-1_000.25D-3,b:0,c:-0.,d:7}}",
         "{\"a\":{\"N\":\"-1.00025\"},\"b\":{\"N\":\"0\"},\"c\":{\"N\":\"0\"},\"d\":{\"N\":\"7\"}}"},
        {"{Item:{b:{{ AQ I= }},e:{{}},s:$dynamodb_BS::[{{Ag==}},{{AQ==}}],n:$dynamodb_NS::[1.,6d2]}}",
         "{\"b\":{\"B\":\"AQI=\"},\"e\":{\"B\":\"\"},\"s\":{\"BS\":[\"AQ==\",\"Ag==\"]},\"n\":{\"NS\":[\"1\","
         "\"600\"]}}"},
        {"{Item:{a:null,b:null.string,c:[true,[],{}],},}",
         "{\"a\":{\"NULL\":true},\"b\":{\"NULL\":true},\"c\":{\"L\":[{\"BOOL\":true},{\"L\":[]},{\"M\":{}}]}"
         "}"},
        {"/* c */ $ion_1_0 /**/ {Item : { 'a b' /* c */ : '''one''' ''' two''' , "
         "\"q\":\"\\x41\\u00e9\\U0001F600\\n\"}} // end",
         "{\"a b\":{\"S\":\"one two\"},\"q\":{\"S\":\"A\xC3\xA9\xF0\x9F\x98\x80\\n\"}}"},
        {"{Item:{a:\"\\uD83D\\uDE00\"}}", "{\"a\":{\"S\":\"\xF0\x9F\x98\x80\"}}"},
        {"{Item:{a:\"\\uD83D\"}}", "a: an escape in a string is no character"},
        {"{Item:{a:\"\\q\"}}", "a: a string has an escape that Ion does not have"},
        {"{Item:{a:\"\\x4\"}}", "a: an escape in a string is not whole"},
        {"{Item:{a:\"open}}", "a: a string has no end"},
        {"{Item:{a:\"\xFF\"}}", "a: a string is not UTF-8"},
        {"{Item:{a:1e3}}", "a: a number must be a decimal, such as 5. or 1.5 or 6d2; floats, timestamps and "
                           "hexadecimal numbers have no place in an item"},
        {"{Item:{a:2020-01-01}}",
         "a: a number must be a decimal, such as 5. or 1.5 or 6d2; floats, timestamps and "
         "hexadecimal numbers have no place in an item"},
        {"{Item:{a:{{\"clob\"}}}}", "a: a blob is not base64 (clobs have no place in an item)"},
        {"{Item:{a:word}}", "a: word is a symbol, which has no place in an item"},
        {"{Item:{a:(+ 1 2)}}", "a: there is no value where one should be"},
        {"{Item:{a:$dynamodb_SS::\"a\"}}", "a: a set must be a list"},
        {"{Item:{a:$dynamodb_SS::[1.]}}", "a: a set of type SS has a member of type N"},
        {"{Item:{a:$dynamodb_SS::[]}}",
         "a: One or more parameter values were invalid: An string set  may not be empty"},
        {"{Item:{a:celsius::1.}}", "a: the annotation celsius has no meaning here"},
        {"{Item:{a:1.,a:2.}}", "a: a name appears twice in one struct"},
        {"{Item:{$10:1.}}", ": $10 stands for a symbol that is not known"},
        {"{Item:{a 1.}}", "a: there is no colon behind a field's name"},
        {"{Item:{a:1. b:2.}}", "a: there is no comma or } where one should be"},
        {"{Item:[1.]}", ": it is not of the form $ion_1_0 {Item:{...}}"},
        {"{Other:{a:1.}}", ": it is not of the form $ion_1_0 {Item:{...}}"},
        {"{Item:{a:1.}} more", ": it is not of the form $ion_1_0 {Item:{...}}"},
        {"{Item:{a:1.}", ": it is not of the form $ion_1_0 {Item:{...}}"},
        {"", ": it is not of the form $ion_1_0 {Item:{...}}"},
    };

    (void)state;
    assert_outcomes(record_from_ion, cases);
}

static void test_ion_depth(void **state)
{
    static const char *const openings[] = {"[", "{a:", "$dynamodb_SS::["};
    struct buffer text;

    (void)state;
    for (size_t kind = 0; kind < 3; kind++) {
        buffer_init(&text);
        buffer_append_string(&text, "{Item:{a:");
        for (int i = 0; i < 100000; i++)
            buffer_append_string(&text, openings[kind]);
        buffer_append_byte(&text, '\0');
        assert_non_null(strstr(outcome(record_from_ion, text.bytes), "nested too deeply"));
        buffer_finish(&text);
    }
}

/* What is written of each item. */
static void test_ion_written(void **state)
{
    static const char *const cases[][2] = {
        {"{\"Item\":{\"n\":{\"N\":\"5\"}}}", "$ion_1_0 {Item:{n:5.}}\n"},
        {"{\"Item\":{\"n\":{\"N\":\"600\"}}}", "$ion_1_0 {Item:{n:6d2}}\n"},
        {"{\"Item\":{\"n\":{\"N\":\"-12.5\"}}}", "$ion_1_0 {Item:{n:-12.5}}\n"},
        {"{\"Item\":{\"n\":{\"N\":\"0\"}}}", "$ion_1_0 {Item:{n:0.}}\n"},
        {"{\"Item\":{\"n\":{\"N\":\"0.05\"}}}", "$ion_1_0 {Item:{n:0.05}}\n"},
        {"{\"Item\":{\"n\":{\"N\":\"0.0000012\"}}}", "$ion_1_0 {Item:{n:0.0000012}}\n"},
        {"{\"Item\":{\"n\":{\"N\":\"1E-7\"}}}", "$ion_1_0 {Item:{n:1d-7}}\n"},
        {"{\"Item\":{\"a b\":{\"BS\":[\"AQ==\"]}}}", "$ion_1_0 {Item:{'a b':$dynamodb_BS::[{{AQ==}}]}}\n"},
        {"{\"Item\":{\"null\":{\"NULL\":true},\"$ion\":{\"BOOL\":true}}}",
         "$ion_1_0 {Item:{'null':null,'$ion':true}}\n"},
        {"{\"Item\":{\"s\":{\"S\":\"a\\\"\\\\\\n\\u0000\"}}}", "$ion_1_0 {Item:{s:\"a\\\"\\\\\\n\\x00\"}}\n"},
    };
    struct buffer out;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct item item;
        struct fault fault;
        assert_true(record_from_dynamodb_json(&arena, slice_of(cases[i][0]), &item, &fault));
        buffer_init(&out);
        record_to_ion(&out, &item);
        buffer_append_byte(&out, '\0');
        assert_string_equal(out.bytes, cases[i][1]);
        buffer_finish(&out);
    }
}

static void test_plain_written(void **state)
{
    struct item item;
    struct fault fault;
    struct buffer out;

    (void)state;
    assert_true(record_from_dynamodb_json(
        &arena,
        SLICE("{\"Item\":{\"s\":{\"S\":\"a\"},\"n\":{\"N\":\"1.5\"},\"b\":{\"B\":\"AQ==\"},\"t\":{\"BOOL\":"
              "false},"
              "\"z\":{\"NULL\":true},\"l\":{\"L\":[{\"N\":\"1\"}]},\"m\":{\"M\":{\"x\":{\"S\":\"y\"}}},"
              "\"q\":{\"SS\":[\"a\",\"b\"]}}}"),
        &item, &fault));
    buffer_init(&out);
    record_to_json(&out, &item);
    buffer_append_byte(&out, '\0');
    assert_string_equal(out.bytes, "{\"s\":\"a\",\"n\":1.5,\"b\":\"AQ==\",\"t\":false,\"z\":null,\"l\":[1],"
                                   "\"m\":{\"x\":\"y\"},\"q\":[\"a\",\"b\"]}\n");
    buffer_finish(&out);
}

static struct value map_of(const struct item *item)
{
    return (struct value){.type = VALUE_M, .map = *item};
}

static void test_read_back(void **state)
{
    struct random_source source = {.bytes = {NULL, 0}, .seed = 20261125};
    struct buffer out;
    unsigned compared = 0;

    (void)state;
    for (int i = 0; i < 3000; i++) {
        struct item item = random_item(&source, &arena, 3), back;
        struct fault fault;
        struct value given = map_of(&item);
        buffer_init(&out);
        record_to_ion(&out, &item);
        struct slice line = {out.bytes, out.len - 1};
        assert_null(memchr(line.ptr, '\n', line.len));
        if (record_from_ion(&arena, line, &back, &fault)) {
            struct value read = map_of(&back);
            assert_true(value_equal(&given, &read));
            compared++;
        } else {
            /* Only what no item may be: empty, or with an empty name. */
            assert_true(item.count == 0 || item_get(&item, SLICE("")) != NULL);
        }
        buffer_finish(&out);
        arena_reset(&arena);
    }
    assert_true(compared > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_dynamodb_json), ARENA_TEST(test_json),      ARENA_TEST(test_told_apart),
        ARENA_TEST(test_ion),           ARENA_TEST(test_ion_depth), ARENA_TEST(test_ion_written),
        ARENA_TEST(test_plain_written), ARENA_TEST(test_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
