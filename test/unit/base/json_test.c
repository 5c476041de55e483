/* JSON: strict in what it takes, exact in what it gives, and base64 beside it. */
#include "base/base64.h"
#include "base/json.h"

#include "lib/unit_arena.h"

/* The text, read and written again; NULL if it is refused. In memory of its own size, that nothing may
 * overrun. */
static const char *rewritten_slice(struct slice text)
{
    const struct json *json;
    struct buffer out;
    char *exact = arena_alloc(&arena, text.len);

    memcpy(exact, text.ptr, text.len);
    if (json_parse(&arena, (struct slice){exact, text.len}, 8, &json) != JSON_OK) {
        assert_null(json);
        return NULL;
    }
    buffer_init(&out);
    json_write_value(&out, json);
    const char *copy = arena_copy(&arena, buffer_slice(&out)).ptr;
    buffer_finish(&out);
    return copy;
}

static const char *rewritten(const char *text)
{
    return rewritten_slice(slice_of(text));
}

static void takes_json(void **state)
{
    static const char *const cases[][2] = {
        {"{}", "{}"},
        {" [ ] ", "[]"},
        {"null", "null"},
        {"\"x\"", "\"x\""},
        {"[1,-0,1.50,1e5,12345678901234567890123456789012345678.5E-100,true,false,null]",
         "[1,-0,1.50,1e5,12345678901234567890123456789012345678.5E-100,true,false,null]"},
        {"{\"a\":{\"b\":[{}]},\"c\":\"\"}", "{\"a\":{\"b\":[{}]},\"c\":\"\"}"},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20ac\\ud83d\\ude00\"",
         "\"\\\"\\\\/\\b\\f\\n\\r\\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""},
        {"\"\\u0000\\u001f\\u007f\"", "\"\\u0000\\u001f\x7f\""},
        {"\"\xf4\x8f\xbf\xbf\xed\x9f\xbf\xee\x80\x80\"", "\"\xf4\x8f\xbf\xbf\xed\x9f\xbf\xee\x80\x80\""},
        {"\"\\ud800\"", "\"?\""},
        {"\"a\\udc00b\"", "\"a?b\""},
        {"{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}"},
        {"{\"a\":1,\"\\u0061\":2}", "{\"a\":2}"},
        {"\"a long text without anything to escape in it\"",
         "\"a long text without anything to escape in it\""},
        {"\"a long text with\\na line and a \\\"quote\\\" in it\"",
         "\"a long text with\\na line and a \\\"quote\\\" in it\""},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *actual = rewritten(cases[i][0]);
        assert_non_null(actual);
        assert_string_equal(actual, cases[i][1]);
    }
}

static void refuses_what_is_no_json(void **state)
{
    static const char *const cases[] = {"",
                                        " ",
                                        "{",
                                        "}",
                                        "[1",
                                        "[1,]",
                                        "{\"a\":1,}",
                                        "{\"a\"}",
                                        "{a:1}",
                                        "{'a':1}",
                                        "01",
                                        "1.",
                                        ".5",
                                        "+1",
                                        "-",
                                        "1e",
                                        "NaN",
                                        "nul",
                                        "True",
                                        "{} {}",
                                        "{}x",
                                        "1 2",
                                        "// comment\n1",
                                        "1 /* comment */",
                                        "\"\n\"",
                                        "\"\\x\"",
                                        "\"\\u12\"",
                                        "\"abc",
                                        "\xef\xbb\xbf{}",
                                        "\"\xff\"",
                                        "\"\xc0\x80\"",
                                        "\"\xe0\x80\x80\"",
                                        "\"\xed\xa0\x80\"",
                                        "\"\xf4\x90\x80\x80\"",
                                        "\"\xf0\x8f\xbf\xbf\"",
                                        "\"\xe2\x82\"",
                                        "\"\xf5\x80\x80\x80\"",
                                        "\"\x80\""};
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (rewritten(cases[i]) != NULL)
            fail_msg("taken: %s", cases[i]);
    }
    assert_null(rewritten_slice(SLICE("\"a\0b\"")));
    assert_null(rewritten_slice(SLICE("{}\0")));
}

static void depth_is_bounded(void **state)
{
    const struct json *json;
    (void)state;

    assert_int_equal(json_parse(&arena, SLICE("[[[[]]]]"), 4, &json), JSON_OK);
    assert_int_equal(json_parse(&arena, SLICE("[[[[]]]]"), 3, &json), JSON_TOO_DEEP);
    assert_int_equal(json_parse(&arena, SLICE("[{\"a\":[]}]"), 3, &json), JSON_OK);
    assert_int_equal(json_parse(&arena, SLICE("[{\"a\":[]}]"), 2, &json), JSON_TOO_DEEP);
    assert_int_equal(json_parse(&arena, SLICE("[]"), 0, &json), JSON_TOO_DEEP);
}

/* Larger objects take another path to find repeated names; more values than the parser's first room for them.
 */
static void the_last_of_repeated_names_wins(void **state)
{
    struct buffer text;
    const struct json *json;
    (void)state;

    buffer_init(&text);
    buffer_append_byte(&text, '{');
    for (int i = 0; i < 3000; i++)
        buffer_printf(&text, "%s\"n%d\":%d", i == 0 ? "" : ",", i % 1000, i);
    buffer_append_byte(&text, '}');
    assert_int_equal(json_parse(&arena, buffer_slice(&text), 1, &json), JSON_OK);
    assert_int_equal(json->object.count, 1000);
    for (int i = 0; i < 1000; i++) {
        int64_t number;
        assert_true(slice_equal(json->object.members[i].name, arena_printf(&arena, "n%d", i)));
        assert_true(json_to_int64(&json->object.members[i].value, &number));
        assert_int_equal(number, 2000 + i);
    }
    buffer_finish(&text);
}

static void members_are_found(void **state)
{
    const struct json *json;
    (void)state;

    assert_int_equal(json_parse(&arena, SLICE("{\"a\":null,\"b\":[1]}"), 2, &json), JSON_OK);
    assert_int_equal(json_get(json, "a")->type, JSON_NULL);
    assert_int_equal(json_get_slice(json, SLICE("b"))->array.count, 1);
    assert_null(json_get(json, "c"));
    assert_null(json_get(json_get(json, "b"), "a"));
    assert_null(json_get(NULL, "a"));
}

static void whole_numbers_are_read(void **state)
{
    static const struct {
        const char *text;
        bool whole;
        int64_t value;
    } cases[] = {{"0", true, 0},
                 {"-0", true, 0},
                 {"42", true, 42},
                 {"-42", true, -42},
                 {"9223372036854775807", true, INT64_MAX},
                 {"-9223372036854775808", true, INT64_MIN},
                 {"9223372036854775808", false, 0},
                 {"-9223372036854775809", false, 0},
                 {"1.0", false, 0},
                 {"1e2", false, 0},
                 {"\"1\"", false, 0},
                 {"true", false, 0}};
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct json *json;
        int64_t value = 0;
        assert_int_equal(json_parse(&arena, slice_of(cases[i].text), 0, &json), JSON_OK);
        if (json_to_int64(json, &value) != cases[i].whole)
            fail_msg("%s", cases[i].text);
        assert_true(value == cases[i].value);
    }
}

static void whole_numbers_are_written(void **state)
{
    struct buffer out;
    (void)state;

    buffer_init(&out);
    json_write_int64(&out, 0);
    buffer_append_byte(&out, ' ');
    json_write_int64(&out, INT64_MIN);
    buffer_append_byte(&out, ' ');
    json_write_int64(&out, INT64_MAX);
    assert_true(slice_is(buffer_slice(&out), "0 -9223372036854775808 9223372036854775807"));
    buffer_finish(&out);
}

/* Every byte at every place of a word: what is written is what is read. */
static void strings_survive(void **state)
{
    (void)state;
    for (int byte = 0; byte < 128; byte++) {
        for (size_t at = 0; at < 17; at++) {
            char text[] = "abcdefghijklmnopq";
            struct buffer out;
            const struct json *json;
            text[at] = (char)byte;
            buffer_init(&out);
            json_write_string(&out, (struct slice){text, 17});
            assert_int_equal(json_parse(&arena, buffer_slice(&out), 0, &json), JSON_OK);
            assert_true(slice_equal(json->text, (struct slice){text, 17}));
            buffer_finish(&out);
        }
    }
}

static void base64_is_its_own_inverse(void **state)
{
    unsigned char bytes[64];
    (void)state;

    for (size_t length = 0; length < sizeof(bytes); length++) {
        struct buffer text;
        struct slice again;
        for (size_t i = 0; i < length; i++)
            bytes[i] = (unsigned char)(i * 37 + length);
        buffer_init(&text);
        base64_encode(&text, (struct slice){(char *)bytes, length});
        assert_true(base64_valid(buffer_slice(&text)));
        assert_true(base64_decode(&arena, buffer_slice(&text), &again));
        assert_true(slice_equal(again, (struct slice){(char *)bytes, length}));
        buffer_finish(&text);
    }
}

/* RFC 4648, section 10, and what is not canonical. */
static void base64_is_that_of_the_rfc(void **state)
{
    static const char *const pairs[][2] = {{"f", "Zg=="},         {"fo", "Zm8="},
                                           {"foo", "Zm9v"},       {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    static const char *const wrong[] = {"Zg",   "Zg=",  "Zh==",     "Zm9=", "Zm9v\n", "Zm9v Zm9v", "Z===",
                                        "=Zg=", "Zg=a", "Zg==Zg==", "Zm9-", "Zm9_",   "Zm9v===="};
    struct slice bytes;
    (void)state;

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct buffer text;
        buffer_init(&text);
        base64_encode(&text, slice_of(pairs[i][0]));
        assert_true(slice_is(buffer_slice(&text), pairs[i][1]));
        buffer_finish(&text);
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(base64_decode(&arena, slice_of(wrong[i]), &bytes));
        assert_false(base64_valid(slice_of(wrong[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(takes_json),
        ARENA_TEST(refuses_what_is_no_json),
        ARENA_TEST(depth_is_bounded),
        ARENA_TEST(the_last_of_repeated_names_wins),
        ARENA_TEST(members_are_found),
        ARENA_TEST(whole_numbers_are_read),
        ARENA_TEST(whole_numbers_are_written),
        ARENA_TEST(strings_survive),
        ARENA_TEST(base64_is_its_own_inverse),
        ARENA_TEST(base64_is_that_of_the_rfc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
