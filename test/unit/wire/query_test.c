/* Does a form become the object that it stands for, and an object the XML, whatever is in them? */
#include "wire/query.h"

#include "lib/unit.h"

struct bench {
    struct http_exchange exchange;
    struct http_header header;
};

static int begin(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));

    bench->exchange.request.headers = &bench->header;
    arena_init(&bench->exchange.arena);
    buffer_init(&bench->exchange.response.body);
    *state = bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;

    arena_finish(&bench->exchange.arena);
    buffer_finish(&bench->exchange.response.body);
    free(bench);
    return 0;
}

/* `json` NULL: the form is refused. */
static void expect_parsed(struct bench *bench, struct slice form, const char *json)
{
    struct buffer text;
    const struct json *object;
    struct slice problem = {NULL, 0};

    arena_reset(&bench->exchange.arena);
    if (!query_parse(&bench->exchange.arena, form, &object, &problem)) {
        assert_null(json);
        assert_true(problem.len > 0);
        return;
    }
    assert_non_null(json);
    buffer_init(&text);
    json_write_value(&text, object);
    buffer_append_byte(&text, '\0');
    assert_string_equal(text.bytes, json);
    buffer_finish(&text);
}

static void forms_are_objects(void **state)
{
    static const char *const cases[][2] = {
        {"", "{}"},
        {"&&", "{}"},
        {"a", "{\"a\":\"\"}"},
        {"a=", "{\"a\":\"\"}"},
        {"a=b=c", "{\"a\":\"b=c\"}"},
        {"a=1&a=2", "{\"a\":\"2\"}"},
        {"a+b=%2B+%c3%A4", "{\"a b\":\"+ ä\"}"},
        {"A.B=1&A.C=2", "{\"A\":{\"B\":\"1\",\"C\":\"2\"}}"},
        {"L.member.1=a&L.member.3=c&L.member.2=b", "{\"L\":[\"a\",\"b\",\"c\"]}"},
        {"L.member.10.K=b&L.member.9.K=a", "{\"L\":[{\"K\":\"a\"},{\"K\":\"b\"}]}"},
        {"L.member.1.M.member.1=a", "{\"L\":[{\"M\":[\"a\"]}]}"},
        {"M.entry.1.key=a&M.entry.1.value=b", "{\"M\":[{\"key\":\"a\",\"value\":\"b\"}]}"},
        {"L.member=a", "{\"L\":{\"member\":\"a\"}}"}, /* no list: nothing stands behind it */
        {"L.member.x=a", NULL},
        {"L.member.100001=a", NULL},
        {"member.1=a", NULL},
        {".a=b", NULL},
        {"a.=b", NULL},
        {"a..b=c", NULL},
        {"=b", NULL},
        {"a=%", NULL},
        {"a=%4", NULL},
        {"a=%4g", NULL},
        {"a=%ff", NULL},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        expect_parsed(*state, slice_of(cases[i][0]), cases[i][1]);
}

static void forms_are_bounded(void **state)
{
    struct buffer form;

    buffer_init(&form);
    for (int i = 0; i < 2 * QUERY_DEPTH_LIMIT - 1; i++)
        buffer_append_string(&form, "a.");
    buffer_append_string(&form, "a");
    struct slice problem = {NULL, 0};
    const struct json *object;
    assert_true(
        query_parse(&((struct bench *)*state)->exchange.arena, buffer_slice(&form), &object, &problem));
    buffer_append_string(&form, ".a");
    expect_parsed(*state, buffer_slice(&form), NULL);
    buffer_reset(&form);
    for (int i = 0; i < QUERY_PAIRS_LIMIT; i++)
        buffer_append_string(&form, "a&");
    expect_parsed(*state, buffer_slice(&form), "{\"a\":\"\"}");
    buffer_append_string(&form, "a");
    expect_parsed(*state, buffer_slice(&form), NULL);
    buffer_finish(&form);
}

static void expect_answer(struct bench *bench, const char *json, const char *xml)
{
    struct buffer *body = &bench->exchange.response.body;

    bench->exchange.response.header_count = 0;
    buffer_reset(body);
    buffer_append_string(body, json);
    query_answer(&bench->exchange, SLICE("ID"), "x", "Op");
    buffer_append_byte(body, '\0');
    assert_string_equal(body->bytes, xml);
}

#define META "<ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata></OpResponse>\n"

static void answers_are_xml(void **state)
{
    expect_answer(*state, "", "<OpResponse xmlns=\"x\">" META);
    expect_answer(*state, "{}", "<OpResponse xmlns=\"x\"><OpResult></OpResult>" META);
    expect_answer(
        *state, "{\"a\":\"<&>\\\"\\u0000\\r\",\"b\":true,\"c\":12,\"d\":null,\"e\":[]}",
        "<OpResponse xmlns=\"x\"><OpResult><a>&lt;&amp;&gt;&quot;\xEF\xBF\xBD&#xD;</a><b>true</b><c>12</c>"
        "<e></e></OpResult>" META);
    expect_answer(
        *state, "{\"L\":[{\"K\":\"a\"},\"b\"],\"M\":{\"entry\":[{\"key\":1},{\"key\":2}]}}",
        "<OpResponse xmlns=\"x\"><OpResult><L><member><K>a</K></member><member>b</member></L><M><entry>"
        "<key>1</key></entry><entry><key>2</key></entry></M></OpResult>" META);
}

static void errors_have_the_names_of_the_protocol(void **state)
{
    struct bench *bench = *state;
    struct buffer *body = &bench->exchange.response.body;
    struct failure failure;

    failure_init(&failure, &bench->exchange.arena);
    fail(&failure, ERROR_ACCESS_DENIED, "<no>");
    query_fail(&bench->exchange, SLICE("ID"), NULL, &failure);
    buffer_append_byte(body, '\0');
    assert_string_equal(body->bytes,
                        "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>"
                        "&lt;no&gt;</Message></Error><RequestId>ID</RequestId></ErrorResponse>\n");
    assert_int_equal(bench->exchange.response.status, 403);
    failure_init(&failure, &bench->exchange.arena);
    fail(&failure, ERROR_INTERNAL_FAILURE, "no");
    bench->exchange.response.header_count = 0;
    query_fail(&bench->exchange, SLICE("ID"), "x", &failure);
    buffer_append_byte(body, '\0');
    assert_string_equal(body->bytes,
                        "<ErrorResponse xmlns=\"x\"><Error><Type>Receiver</Type><Code>InternalFailure</Code>"
                        "<Message>no</Message></Error><RequestId>ID</RequestId></ErrorResponse>\n");
    assert_int_equal(bench->exchange.response.status, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(forms_are_objects, begin, end),
        cmocka_unit_test_setup_teardown(forms_are_bounded, begin, end),
        cmocka_unit_test_setup_teardown(answers_are_xml, begin, end),
        cmocka_unit_test_setup_teardown(errors_have_the_names_of_the_protocol, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
