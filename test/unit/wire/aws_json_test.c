/* Do answers and errors have the form that AWS gives them? */
#include "lib/unit.h"

#include "wire/aws_json.h"
#include "wire/request_id.h"

static struct http_exchange exchange;
static struct http_header header;

static int begin(void **state)
{
    (void)state;
    exchange = (struct http_exchange){.request = {.headers = &header}};
    arena_init(&exchange.arena);
    buffer_init(&exchange.response.body);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_finish(&exchange.arena);
    buffer_finish(&exchange.response.body);
    return 0;
}

static void expect_error(enum error_code code, const char *message, unsigned status, const char *body)
{
    struct failure failure;

    failure_init(&failure, &exchange.arena);
    fail(&failure, code, "%s", message);
    exchange.response.header_count = 0;
    aws_json_fail(&exchange, SLICE("ID"), "application/x-amz-json-1.0", &failure, false);
    buffer_append_byte(&exchange.response.body, '\0');
    assert_string_equal(exchange.response.body.bytes, body);
    assert_int_equal(exchange.response.status, status);
    assert_string_equal(exchange.response.content_type, "application/x-amz-json-1.0");
}

static void errors_have_aws_spelling(void **state)
{
    (void)state;

    expect_error(ERROR_VALIDATION, "no", 400,
                 "{\"__type\":\"com.amazon.coral.validate#ValidationException\",\"message\":\"no\"}");
    expect_error(ERROR_SERIALIZATION, "no", 400,
                 "{\"__type\":\"com.amazon.coral.service#SerializationException\",\"Message\":\"no\"}");
    expect_error(ERROR_ACCESS_DENIED, "no", 400,
                 "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\",\"Message\":\"no\"}");
    expect_error(ERROR_UNKNOWN_OPERATION, "", 400,
                 "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}");
    expect_error(ERROR_INTERNAL_SERVER, "a \"b\"\n\x01", 500,
                 "{\"__type\":\"com.amazonaws.dynamodb.v20120810#InternalServerError\",\"message\":\"a "
                 "\\\"b\\\"\\n\\u0001\"}");
}

static void content_types(void **state)
{
    static const struct {
        const char *sent, *answered;
    } cases[] = {{"application/x-amz-json-1.0", "application/x-amz-json-1.0"},
                 {"Application/X-Amz-Json-1.1", "application/x-amz-json-1.1"},
                 {"application/json ; charset=utf-8", "application/json"},
                 {"application/x-amz-json-1.00", NULL},
                 {"application/x-www-form-urlencoded", NULL},
                 {";", NULL},
                 {"", NULL}};
    (void)state;

    assert_null(aws_json_content_type(&exchange.request));
    exchange.request.header_count = 1;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        header = (struct http_header){SLICE("content-TYPE"), slice_of(cases[i].sent)};
        const char *answered = aws_json_content_type(&exchange.request);
        if (cases[i].answered == NULL)
            assert_null(answered);
        else
            assert_string_equal(answered, cases[i].answered);
    }
}

static int compare(const void *a, const void *b)
{
    return memcmp(((const struct slice *)a)->ptr, ((const struct slice *)b)->ptr, REQUEST_ID_LENGTH);
}

static void request_ids_are_unique(void **state)
{
    enum { COUNT = 20000 };
    struct slice *ids = calloc(COUNT, sizeof(*ids));
    (void)state;

    for (int i = 0; i < COUNT; i++) {
        ids[i] = request_id_create(&exchange.arena);
        assert_int_equal(ids[i].len, REQUEST_ID_LENGTH);
        assert_int_equal(strspn(ids[i].ptr, "0123456789ABCDEFGHIJKLMNOPQRSTUV"), REQUEST_ID_LENGTH);
    }
    qsort(ids, COUNT, sizeof(*ids), compare);
    for (int i = 1; i < COUNT; i++)
        assert_true(compare(&ids[i - 1], &ids[i]) != 0);
    free(ids);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {TEST(errors_have_aws_spelling), TEST(content_types),
                                       TEST(request_ids_are_unique)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
