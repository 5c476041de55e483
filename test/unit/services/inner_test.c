/* Are calls from within what requests over HTTP are: the same answers, the same errors, the same gate? */
#include "lib/unit.h"

#include "services/inner.h"

#include <pthread.h>

#include "auth/session.h"
#include "catalog/catalog.h"
#include "directory/directory.h"
#include "iam/evaluate.h"
#include "services/dynamodb/ongoing.h"

enum { WRITERS = 4, WRITES = 50 };

struct fixture {
    struct arena arena;
    struct server server;
    struct session_keys keys;
    struct inner *inner;
    struct inner_caller anyone;
};

static int set_up(void **state)
{
    static const struct catalog_settings settings = {.sweep_period = 0};
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct slice problem;

    assert_non_null(fixture);
    arena_init(&fixture->arena);
    session_keys_derive(SLICE("a secret"), &fixture->keys);
    fixture->server = (struct server){.storage = storage_open_memory(),
                                      .ongoing = ongoing_create(),
                                      .region = SLICE("us-east-1"),
                                      .account_id = SLICE("000000000000"),
                                      .session_keys = &fixture->keys};
    fixture->server.catalog = catalog_open(fixture->server.storage, &settings, &fixture->arena, &problem);
    fixture->server.directory = directory_create(fixture->server.storage, fixture->server.account_id);
    fixture->inner = inner_create(&fixture->server, false);
    assert_true(inner_open(fixture->inner, SLICE("{}"), "test.amazonaws.com", &fixture->anyone));
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    inner_close(&fixture->anyone);
    inner_destroy(fixture->inner);
    catalog_close(fixture->server.catalog);
    directory_destroy(fixture->server.directory);
    ongoing_destroy(fixture->server.ongoing);
    storage_close(fixture->server.storage);
    arena_finish(&fixture->arena);
    free(fixture);
    return 0;
}

static struct client_answer call(struct fixture *fixture, struct inner_caller *caller,
                                 enum aws_service service, const char *operation, const char *input,
                                 enum client_outcome expected)
{
    const struct invoker invoker = inner_invoker(caller);
    struct client_answer answer;

    enum client_outcome outcome =
        invoker.invoke(invoker.context, &fixture->arena, service, operation, slice_of(input), &answer);
    if (outcome != expected)
        fail_msg("%s: %.*s: %.*s", operation, SLICE_ARGS(answer.type), SLICE_ARGS(answer.message));
    return answer;
}

static struct slice text_at(const struct json *json, const char *first, const char *second)
{
    const struct json *value = json_get(json_get(json, first), second);

    assert_non_null(value);
    return value->text;
}

static void assert_slice_equal(struct slice slice, const char *expected)
{
    if (!slice_is(slice, expected))
        fail_msg("'%.*s' is not '%s'", SLICE_ARGS(slice), expected);
}

static const char table[] =
    "{\"TableName\":\"Track\",\"AttributeDefinitions\":[{\"AttributeName\":\"id\",\"AttributeType\":\"S\"}],"
    "\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}],\"BillingMode\":\"PAY_PER_REQUEST\"}";

static void answers_and_errors(void **state)
{
    struct fixture *fixture = *state;
    struct inner_caller *anyone = &fixture->anyone;
    struct client_answer answer;

    answer = call(fixture, anyone, SERVICE_DYNAMODB, "CreateTable", table, CLIENT_DONE);
    assert_slice_equal(text_at(answer.body, "TableDescription", "TableName"), "Track");
    answer = call(fixture, anyone, SERVICE_DYNAMODB, "CreateTable", table, CLIENT_REFUSED);
    assert_slice_equal(answer.type, "ResourceInUseException");
    assert_slice_equal(answer.message, "Table already exists: Track");
    /* The names of errors are those of the service's protocol. */
    answer = call(fixture, anyone, SERVICE_IAM, "GetUser", "{\"UserName\":\"ana\"}", CLIENT_REFUSED);
    assert_slice_equal(answer.type, "NoSuchEntity");
    answer = call(fixture, anyone, SERVICE_IAM, "GetUser", "{\"UserName\":\"a/b\"}", CLIENT_REFUSED);
    assert_slice_equal(answer.type, "ValidationError");
    answer = call(fixture, anyone, SERVICE_DYNAMODB, "MakeCoffee", "{}", CLIENT_REFUSED);
    assert_slice_equal(answer.type, "UnknownOperationException");
    answer = call(fixture, anyone, SERVICE_DYNAMODB, "ListTables", "[]", CLIENT_REFUSED);
    assert_slice_equal(answer.type, "SerializationException");
    /* Types come through the query protocol's services, too. */
    answer = call(fixture, anyone, SERVICE_IAM, "ListUsers", "{\"MaxItems\":5}", CLIENT_DONE);
    assert_int_equal(json_get(answer.body, "Users")->type, JSON_ARRAY);
    assert_int_equal(json_get(answer.body, "IsTruncated")->type, JSON_BOOLEAN);
}

/* As a request of that user would keep it. */
static struct slice keep_user(struct fixture *fixture, struct slice id)
{
    static const struct authority limited;
    struct request request = {.server = &fixture->server,
                              .arena = &fixture->arena,
                              .principal = {.kind = PRINCIPAL_USER,
                                            .credentials = CREDENTIALS_LASTING,
                                            .user_name = SLICE("ana"),
                                            .user_id = id,
                                            .authority = &limited}};
    struct slice kept;

    failure_init(&request.failure, &fixture->arena);
    assert_true(inner_keep(&request, &kept));
    return kept;
}

static void limits(void **state)
{
    struct fixture *fixture = *state;
    struct inner_caller ana, *anyone = &fixture->anyone;
    struct client_answer answer;

    answer = call(fixture, anyone, SERVICE_IAM, "CreateUser", "{\"UserName\":\"ana\"}", CLIENT_DONE);
    struct slice kept = keep_user(fixture, text_at(answer.body, "User", "UserId"));
    assert_true(inner_open(fixture->inner, kept, "test.amazonaws.com", &ana));
    answer = call(fixture, &ana, SERVICE_DYNAMODB, "CreateTable", table, CLIENT_REFUSED);
    assert_slice_equal(answer.type, "AccessDeniedException");
    inner_close(&ana);
    call(fixture, anyone, SERVICE_DYNAMODB, "ListTables", "{}", CLIENT_DONE);

    /* Only through the service that calls for her. */
    call(
        fixture, anyone, SERVICE_IAM, "PutUserPolicy",
        "{\"UserName\":\"ana\",\"PolicyName\":\"p\",\"PolicyDocument\":\"{\\\"Version\\\":\\\"2012-10-17\\\","
        "\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"dynamodb:*\\\","
        "\\\"Resource\\\":\\\"*\\\",\\\"Condition\\\":{\\\"ForAnyValue:StringEquals\\\":"
        "{\\\"aws:CalledVia\\\":\\\"test.amazonaws.com\\\"}}}]}\"}",
        CLIENT_DONE);
    assert_true(inner_open(fixture->inner, kept, "other.amazonaws.com", &ana));
    call(fixture, &ana, SERVICE_DYNAMODB, "CreateTable", table, CLIENT_REFUSED);
    inner_close(&ana);
    assert_true(inner_open(fixture->inner, kept, "test.amazonaws.com", &ana));
    call(fixture, &ana, SERVICE_DYNAMODB, "CreateTable", table, CLIENT_DONE);
    inner_close(&ana);

    /* What nobody is any more is not opened; nor what was made up. */
    call(fixture, anyone, SERVICE_IAM, "DeleteUserPolicy", "{\"UserName\":\"ana\",\"PolicyName\":\"p\"}",
         CLIENT_DONE);
    call(fixture, anyone, SERVICE_IAM, "DeleteUser", "{\"UserName\":\"ana\"}", CLIENT_DONE);
    assert_false(inner_open(fixture->inner, kept, "test.amazonaws.com", &ana));
    assert_false(inner_open(fixture->inner,
                            SLICE("{\"Key\":\"ASIAAAAAAAAAAAAAAAAA\",\"Token\":\"x\",\"At\":1}"),
                            "test.amazonaws.com", &ana));
    assert_false(inner_open(fixture->inner, SLICE("what"), "test.amazonaws.com", &ana));
}

static void *count_up(void *context)
{
    struct fixture *fixture = context;
    struct inner_caller caller;

    assert_true(inner_open(fixture->inner, SLICE("{}"), "test.amazonaws.com", &caller));
    const struct invoker invoker = inner_invoker(&caller);
    for (unsigned i = 0; i < WRITES; i++) {
        struct client_answer answer;
        struct arena arena;
        arena_init(&arena);
        assert_int_equal(invoker.invoke(invoker.context, &arena, SERVICE_DYNAMODB, "UpdateItem",
                                        SLICE("{\"TableName\":\"Track\",\"Key\":{\"id\":{\"S\":\"a\"}},"
                                              "\"UpdateExpression\":\"ADD n :one\","
                                              "\"ExpressionAttributeValues\":{\":one\":{\"N\":\"1\"}}}"),
                                        &answer),
                         CLIENT_DONE);
        arena_finish(&arena);
    }
    inner_close(&caller);
    return NULL;
}

static void conflicts(void **state)
{
    struct fixture *fixture = *state;
    pthread_t writers[WRITERS];

    call(fixture, &fixture->anyone, SERVICE_DYNAMODB, "CreateTable", table, CLIENT_DONE);
    for (unsigned i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&writers[i], NULL, count_up, fixture), 0);
    for (unsigned i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_join(writers[i], NULL), 0);
    struct client_answer answer =
        call(fixture, &fixture->anyone, SERVICE_DYNAMODB, "GetItem",
             "{\"TableName\":\"Track\",\"Key\":{\"id\":{\"S\":\"a\"}},\"ConsistentRead\":true}", CLIENT_DONE);
    assert_slice_equal(text_at(json_get(answer.body, "Item"), "n", "N"), "200");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_and_errors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(conflicts, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
