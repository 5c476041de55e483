/* Does a request go through its steps in order, and is every end of it told as AWS tells it? */
#include "lib/unit.h"

#include "services/life.h"

#include <pthread.h>
#include <stdatomic.h>
#include <zlib.h>

#include "auth/authenticator.h"
#include "http/gzip.h"
#include "services/lanes.h"
#include "unit/services/caller.h"
#include "wire/answer.h"

/* A service made for these tests: what the life does for a handler, without DynamoDB. */

static bool echo(struct request *request)
{
    json_write_value(request->out, request->body);
    return true;
}

static bool refuse(struct request *request)
{
    buffer_append_string(request->out, "half an answer");
    request->failure.members = SLICE(",\"Item\":{}");
    return fail(&request->failure, ERROR_CONDITIONAL_CHECK_FAILED, "The conditional request failed: \"%s\"",
                "so");
}

static atomic_int published;

static void publish(struct request *request)
{
    (void)request;
    atomic_fetch_add(&published, 1);
}

/* Adds 1 to a number under the key "n": read, decide, guard. */
static bool increment(struct request *request)
{
    struct stored old;
    enum storage_status status = storage_get(request->server->storage, NULL, SLICE("n"), &old);
    long value = status == STORAGE_OK ? strtol(old.value.ptr, NULL, 10) : 0;

    batch_guard(&request->batch, SLICE("n"), old.version);
    stored_release(&old);
    batch_put(&request->batch, SLICE("n"), arena_printf(request->arena, "%ld\n", value + 1));
    buffer_printf(request->out, "{\"n\":%ld}", value + 1);
    request->committed = publish;
    return true;
}

/* Guards a version that never holds. */
static bool overtaken(struct request *request)
{
    batch_guard(&request->batch, SLICE("n"), (struct version){0, 0});
    batch_put(&request->batch, SLICE("n"), SLICE("never\n"));
    buffer_append_string(request->out, "{}");
    return true;
}

static atomic_int begun, over;

static void end_it(struct request *request)
{
    assert_ptr_equal(request->execution, &begun);
    atomic_fetch_add(&over, 1);
}

/* Decides again after the first conflict, gives up at the second. */
static bool give_up_later(struct request *request)
{
    assert_true(slice_is(request->batch.refuted->key, "n"));
    return atomic_load(&begun) < 2 ||
           fail(&request->failure, ERROR_CONDITIONAL_CHECK_FAILED, "after %d", atomic_load(&begun));
}

/* As Overtaken, but asks what a conflict means, and tells of its end. */
static bool given_up(struct request *request)
{
    atomic_fetch_add(&begun, 1);
    batch_guard(&request->batch, SLICE("n"), (struct version){0, 0});
    batch_guard(&request->batch, SLICE("absent"), (struct version){0, 1});
    request->overtaken = give_up_later;
    request->ended = end_it;
    request->execution = &begun;
    return true;
}

static int stages, refuted;

/* Three more commits, the second of which conflicts at first: the execution's state stays, and only the stage
 * is repeated. */
static bool go_on(struct request *request)
{
    int *stage = request->execution;

    assert_null(request->batch.changes);
    buffer_printf(request->out, "%d,", *stage);
    stages++;
    if (*stage == 2 && refuted++ == 0)
        batch_guard(&request->batch, SLICE("n"), (struct version){0, 0});
    else
        ++*stage;
    batch_put(&request->batch, arena_printf(request->arena, "stage %d", *stage), SLICE("x"));
    request->next = *stage < 4 ? go_on : NULL;
    if (*stage == 4)
        buffer_append_string(request->out, "\"end\"]");
    return true;
}

static bool staged(struct request *request)
{
    int *stage = arena_new(request->arena, int);

    *stage = 1;
    request->execution = stage;
    request->next = go_on;
    batch_put(&request->batch, SLICE("stage 1"), SLICE("x"));
    buffer_append_byte(request->out, '[');
    return true;
}

static struct {
    void (*wake)(void *context);
    void *context;
    unsigned asked;
} waking;

static void *wake_up(void *nothing)
{
    waking.wake(waking.context);
    return nothing;
}

/* The answer waits for another thread; what is asked for the second time is answered at once. */
static bool linger(struct request *request, void (*wake)(void *context), void *context)
{
    pthread_t thread;

    assert_true(batch_is_empty(&request->batch) || request->batch.committed.written > 0);
    if (waking.asked++ > 0)
        return false;
    waking.wake = wake;
    waking.context = context;
    assert_int_equal(pthread_create(&thread, NULL, wake_up, NULL), 0);
    assert_int_equal(pthread_detach(thread), 0);
    return true;
}

static bool lingering(struct request *request)
{
    request->linger = linger;
    request->ended = end_it;
    request->execution = &begun;
    batch_put(&request->batch, SLICE("lingers"), SLICE("x"));
    buffer_append_string(request->out, "{}");
    return json_get(request->body, "Fail") == NULL || fail(&request->failure, ERROR_VALIDATION, "no");
}

static const struct operation operations[] = {
    {"Echo", echo, "test:Echo", OPERATION_READ, CALLER_SIGNED, NULL},
    {"Refuse", refuse, "test:Refuse", OPERATION_WRITE, CALLER_SIGNED, NULL},
    {"Increment", increment, "test:I", OPERATION_WRITE, CALLER_SIGNED, NULL},
    {"Overtaken", overtaken, "test:O", OPERATION_WRITE, CALLER_SIGNED, NULL},
    {"GivenUp", given_up, "test:G", OPERATION_WRITE, CALLER_SIGNED, NULL},
    {"Staged", staged, "test:S", OPERATION_WRITE, CALLER_SIGNED, NULL},
    {"Lingering", lingering, "test:L", OPERATION_WRITE, CALLER_SIGNED, NULL},
    {"Unwritten", NULL, "test:Unwritten", OPERATION_READ, CALLER_SIGNED, NULL},
};
static const struct service service = {.name = "test",
                                       .protocol = PROTOCOL_JSON,
                                       .target_prefix = "Test_2026",
                                       .content_type = "application/x-amz-json-1.0",
                                       .operations = operations,
                                       .operation_count = sizeof(operations) / sizeof(operations[0])};

/* The same by the query protocol, and what anyone may call. */
static const struct operation query_operations[] = {
    {"Echo", echo, "test:Echo", OPERATION_READ, CALLER_SIGNED, NULL},
    {"Refuse", refuse, "test:Refuse", OPERATION_WRITE, CALLER_SIGNED, NULL},
    {"Ask", echo, "test:Ask", OPERATION_READ, CALLER_ANYONE, NULL},
};
static const struct service query_service = {.name = "test",
                                             .protocol = PROTOCOL_QUERY,
                                             .version = "2026-01-01",
                                             .xmlns = "https://test/doc/",
                                             .operations = query_operations,
                                             .operation_count =
                                                 sizeof(query_operations) / sizeof(query_operations[0])};
/* The same by paths. */

static bool rest_claims(const struct http_request *http, struct slice scope)
{
    return slice_is(scope, "rest") || (scope.len == 0 && slice_starts_with(http->path, SLICE("/rest")));
}

static struct http_admission rest_admit(const struct http_request *head)
{
    return (struct http_admission){.body_limit = 7, .packed = slice_is(head->method, "PUT")};
}

static bool rest_identify(struct request *request)
{
    static const struct json nothing = {.type = JSON_OBJECT};

    if (slice_is(request->http->path, "/rest/none"))
        return fail(&request->failure, ERROR_UNKNOWN_OPERATION, "none");
    request->operation = slice_is(request->http->path, "/rest/n") ? &operations[2] : &operations[0];
    request->body = &nothing;
    return true;
}

static bool rest_authenticate(struct request *request, struct authenticator *authenticator, int64_t now)
{
    (void)authenticator, (void)now;
    return http_header(request->http, "x-known") != NULL ||
           fail(&request->failure, ERROR_ACCESS_DENIED, "unknown");
}

static bool rest_parse(struct request *request)
{
    return request->http->body.len == 0 || fail(&request->failure, ERROR_SERIALIZATION, "body");
}

static void rest_respond(struct request *request, struct http_exchange *exchange)
{
    if (request->failure.code != ERROR_NONE) {
        buffer_reset(&exchange->response.body);
        buffer_printf(&exchange->response.body, "%.*s", SLICE_ARGS(request->failure.message));
    }
    answer_complete(exchange, request->id, request->failure.code == ERROR_NONE ? 201 : 499, "text/rest");
}

static const struct rest rest = {rest_claims,       rest_admit, rest_identify,
                                 rest_authenticate, rest_parse, rest_respond};
static const struct service rest_service = {.name = "rest", .protocol = PROTOCOL_REST, .rest = &rest};

static const struct service *const services[] = {&service, &query_service, &rest_service};

struct bench {
    struct server server;
    struct life_config config;
    struct caller caller;
};

static int begin(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));

    bench->server = (struct server){
        .storage = storage_open_memory(), .region = SLICE("us-east-1"), .account_id = SLICE("000000000000")};
    bench->config = (struct life_config){.server = &bench->server,
                                         .services = services,
                                         .service_count = 3,
                                         .body_limit = 100,
                                         .lanes = lanes_create()};
    caller_init(&bench->caller, &bench->config);
    atomic_store(&published, 0);
    *state = bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;

    caller_finish(&bench->caller);
    storage_close(bench->server.storage);
    lanes_destroy(bench->config.lanes);
    authenticator_destroy(bench->config.authenticator);
    free(bench);
    return 0;
}

static struct slice answer_header(struct bench *bench, const char *name)
{
    const struct http_response *response = &bench->caller.exchange.response;

    for (size_t i = 0; i < response->header_count; i++) {
        if (slice_is(response->headers[i].name, name))
            return response->headers[i].value;
    }
    return (struct slice){NULL, 0};
}

static void expect(struct bench *bench, unsigned status, const char *body)
{
    struct http_response *response = &bench->caller.exchange.response;

    buffer_append_byte(&response->body, '\0');
    response->body.len--;
    assert_string_equal(response->body.bytes, body);
    assert_int_equal(response->status, status);
    struct slice sum = answer_header(bench, "x-amz-crc32");
    assert_int_equal(strtoul(sum.ptr, NULL, 10),
                     crc32(0, (const Bytef *)response->body.bytes, (uInt)response->body.len));
    assert_int_equal(answer_header(bench, "x-amzn-RequestId").len, 52);
}

static void expect_call(struct bench *bench, const char *target, const char *body, unsigned status,
                        const char *answer)
{
    caller_call(&bench->caller, target, slice_of(body));
    expect(bench, status, answer);
}

static void an_operation_is_found_and_answered(void **state)
{
    struct bench *bench = *state;

    expect_call(bench, "Test_2026.Echo", "{\"a\":[1,2.50]}", 200, "{\"a\":[1,2.50]}");
    assert_string_equal(bench->caller.exchange.response.content_type, "application/x-amz-json-1.0");
    caller_begin(&bench->caller, "POST", "application/x-amz-json-1.1; charset=utf-8", "Test_2026.Echo",
                 SLICE("{}"));
    caller_run(&bench->caller);
    expect(bench, 200, "{}");
    assert_string_equal(bench->caller.exchange.response.content_type, "application/x-amz-json-1.1");
}

static void an_operation_may_take_several_commits(void **state)
{
    struct bench *bench = *state;
    struct stored stored;
    char key[32];

    stages = refuted = 0;
    expect_call(bench, "Test_2026.Staged", "{}", 200, "[1,2,2,3,\"end\"]");
    assert_int_equal(stages, 4);
    for (int i = 1; i <= 4; i++) {
        snprintf(key, sizeof(key), "stage %d", i);
        assert_int_equal(storage_get(bench->server.storage, NULL, slice_of(key), &stored), STORAGE_OK);
        stored_release(&stored);
    }
}

static void an_answer_may_wait_for_what_is_behind_it(void **state)
{
    struct bench *bench = *state;

    waking.asked = 0;
    atomic_store(&over, 0);
    expect_call(bench, "Test_2026.Lingering", "{}", 200, "{}");
    expect_call(bench, "Test_2026.Lingering", "{}", 200, "{}");
    assert_int_equal(waking.asked, 2);
    assert_int_equal(atomic_load(&over), 2);
    /* A failure is told at once. */
    expect_call(bench, "Test_2026.Lingering", "{\"Fail\":1}", 400,
                "{\"__type\":\"com.amazon.coral.validate#ValidationException\",\"message\":\"no\"}");
    assert_int_equal(waking.asked, 2);
}

static void request_ids_differ(void **state)
{
    struct bench *bench = *state;
    char first[53];

    caller_call(&bench->caller, "Test_2026.Echo", SLICE("{}"));
    memcpy(first, answer_header(bench, "x-amzn-RequestId").ptr, 52);
    first[52] = '\0';
    assert_int_equal(strspn(first, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 52);
    caller_call(&bench->caller, "Test_2026.Echo", SLICE("{}"));
    assert_memory_not_equal(first, answer_header(bench, "x-amzn-RequestId").ptr, 52);
}

static void what_is_no_operation(void **state)
{
    struct bench *bench = *state;
    static const char *const targets[] = {
        NULL,         "",         ".",    "Test_2026.",          "Test_2026.Nope",
        "Other.Echo", ".Echo",    "Echo", "Test_2026.Echo.Echo", "Test_2026.echo",
        "test.Echo",  "Test_2026"};

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
        expect_call(bench, targets[i], "{", 400,
                    "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}");
    expect_call(bench, "Test_2026.Unwritten", "{}", 400,
                "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\","
                "\"message\":\"Unwritten is not implemented by this server yet\"}");
}

static void what_is_no_call(void **state)
{
    struct bench *bench = *state;

    caller_begin(&bench->caller, "GET", NULL, NULL, SLICE(""));
    caller_run(&bench->caller);
    expect(bench, 200, "healthy: dynamodb.us-east-1.amazonaws.com ");
    assert_true(slice_is(answer_header(bench, "x-amz-crc32"), "3128867991")); /* as on AWS */
    caller_begin(&bench->caller, "PUT", "application/x-amz-json-1.0", "Test_2026.Echo", SLICE("{}"));
    caller_run(&bench->caller);
    expect(bench, 404, "<UnknownOperationException/>\n");
    assert_true(slice_is(answer_header(bench, "x-amz-crc32"), "3552371480"));
    caller_begin(&bench->caller, "POST", "text/plain", "Test_2026.Echo", SLICE("{}"));
    caller_run(&bench->caller);
    expect(bench, 404, "<UnknownOperationException/>\n");
}

static void ask_rest(struct bench *bench, const char *method, const char *path, const char *authorization,
                     const char *known)
{
    caller_begin(&bench->caller, method, NULL, NULL, SLICE(""));
    bench->caller.exchange.request.path = slice_of(path);
    if (authorization != NULL)
        caller_header(&bench->caller, "Authorization", authorization);
    if (known != NULL)
        caller_header(&bench->caller, "X-Known", known);
    caller_run(&bench->caller);
}

static void a_rest_service_goes_its_own_steps(void **state)
{
    struct bench *bench = *state;
    static const char signature[] = "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/rest/aws4_request, x";

    ask_rest(bench, "PUT", "/rest/a", NULL, NULL); /* nobody is asked who they are */
    expect(bench, 201, "{}");
    assert_string_equal(bench->caller.exchange.response.content_type, "text/rest");
    ask_rest(bench, "PUT", "/rest/n", NULL, NULL);
    expect(bench, 201, "{\"n\":1}");
    ask_rest(bench, "PUT", "/rest/none", NULL, NULL);
    expect(bench, 499, "none");
    ask_rest(bench, "GET", "/", signature, NULL); /* what the signature says counts more than the path */
    expect(bench, 201, "{}");
    caller_begin(&bench->caller, "POST", "application/x-amz-json-1.0", "Test_2026.Echo", SLICE("{}"));
    bench->caller.exchange.request.path = SLICE("/rest/a"); /* and so do another protocol's marks */
    caller_run(&bench->caller);
    expect(bench, 200, "{}");
    caller_begin(&bench->caller, "PUT", NULL, NULL, SLICE("x"));
    bench->caller.exchange.request.path = SLICE("/rest/a");
    caller_run(&bench->caller);
    expect(bench, 499, "body");
}

static void a_rest_service_admits_bodies_itself(void **state)
{
    struct bench *bench = *state;
    struct http_request *request = &bench->caller.exchange.request;

    caller_begin(&bench->caller, "PUT", NULL, NULL, SLICE(""));
    request->path = SLICE("/rest/a");
    assert_int_equal(life_admit(&bench->config, request).body_limit, 7);
    assert_true(life_admit(&bench->config, request).packed);
    request->path = SLICE("/");
    assert_int_equal(life_admit(&bench->config, request).body_limit, 100);
    assert_false(life_admit(&bench->config, request).packed);
}

static void a_rest_service_asks_who_it_is(void **state)
{
    struct bench *bench = *state;
    const struct credentials root = {"AKIDEXAMPLE", "secret"};
    const struct authenticator_settings settings = {.root = &root, .account_id = SLICE("000000000000")};

    bench->config.authenticator = authenticator_create(&settings);
    ask_rest(bench, "GET", "/rest/a", NULL, NULL);
    expect(bench, 499, "unknown");
    ask_rest(bench, "GET", "/rest/a", NULL, "yes");
    expect(bench, 201, "{}");
}

static void bodies_that_are_no_object(void **state)
{
    struct bench *bench = *state;
    static const char *const bodies[] = {"",     "{",   "[]",         "\"x\"",  "1",
                                         "null", "{}x", "{\"a\":01}", "\xff{}", "{\"a\":\"\xff\"}"};
    struct buffer deep;

    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
        expect_call(bench, "Test_2026.Echo", bodies[i], 400,
                    "{\"__type\":\"com.amazon.coral.service#SerializationException\"}");
    buffer_init(&deep);
    for (int i = 0; i < 100 * 1000; i++)
        buffer_append_string(&deep, "{\"a\":");
    caller_call(&bench->caller, "Test_2026.Echo", buffer_slice(&deep));
    expect(bench, 400, "{\"__type\":\"com.amazon.coral.service#SerializationException\"}");
    buffer_finish(&deep);
    caller_begin(&bench->caller, "POST", "application/x-amz-json-1.0", "Test_2026.Echo", SLICE("{}"));
    bench->caller.exchange.request.body_malformed = true;
    caller_run(&bench->caller);
    expect(bench, 400, "{\"__type\":\"com.amazon.coral.service#SerializationException\"}");
    caller_begin(&bench->caller, "POST", "application/x-amz-json-1.0", "Test_2026.Echo", SLICE("{}"));
    bench->caller.exchange.request.body_too_large = true;
    caller_run(&bench->caller);
    assert_int_equal(bench->caller.exchange.response.status, 413);
}

static void a_failure_is_told_with_its_members(void **state)
{
    struct bench *bench = *state;

    expect_call(bench, "Test_2026.Refuse", "{}", 400,
                "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\","
                "\"message\":\"The conditional request failed: \\\"so\\\"\",\"Item\":{}}");
}

static void a_write_is_committed_and_then_published(void **state)
{
    struct bench *bench = *state;
    struct stored stored;

    expect_call(bench, "Test_2026.Increment", "{}", 200, "{\"n\":1}");
    expect_call(bench, "Test_2026.Increment", "{}", 200, "{\"n\":2}");
    assert_int_equal(atomic_load(&published), 2);
    assert_int_equal(storage_get(bench->server.storage, NULL, SLICE("n"), &stored), STORAGE_OK);
    assert_true(slice_is(stored.value, "2\n"));
    stored_release(&stored);
}

enum { WRITERS = 8, INCREMENTS = 200 };

static void *increment_many_times(void *context)
{
    struct caller caller;
    intptr_t done = 0;

    caller_init(&caller, context);
    for (int i = 0; i < INCREMENTS; i++) {
        caller_call(&caller, "Test_2026.Increment", SLICE("{}"));
        done += caller.exchange.response.status == 200;
    }
    caller_finish(&caller);
    return (void *)done;
}

static void conflicting_writes_are_decided_again(void **state)
{
    struct bench *bench = *state;
    pthread_t writers[WRITERS];
    intptr_t done = 0;

    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&writers[i], NULL, increment_many_times, &bench->config), 0);
    for (int i = 0; i < WRITERS; i++) {
        void *result;
        pthread_join(writers[i], &result);
        done += (intptr_t)result;
    }
    assert_int_equal(done, WRITERS * INCREMENTS);
    caller_call(&bench->caller, "Test_2026.Increment", SLICE("{}"));
    expect(bench, 200, "{\"n\":1601}");
    assert_int_equal(atomic_load(&published), WRITERS * INCREMENTS + 1);
}

static void a_write_that_is_always_overtaken_ends(void **state)
{
    struct bench *bench = *state;

    caller_call(&bench->caller, "Test_2026.Increment", SLICE("{}"));
    caller_call(&bench->caller, "Test_2026.Overtaken", SLICE("{}"));
    assert_int_equal(bench->caller.exchange.response.status, 400);
    assert_non_null(memmem(bench->caller.exchange.response.body.bytes,
                           bench->caller.exchange.response.body.len, "ThrottlingException", 19));
}

static void an_operation_may_give_up_when_overtaken(void **state)
{
    struct bench *bench = *state;

    atomic_store(&begun, 0);
    atomic_store(&over, 0);
    expect_call(bench, "Test_2026.GivenUp", "{}", 400,
                "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\","
                "\"message\":\"after 2\"}");
    assert_int_equal(atomic_load(&begun), 2);
    assert_int_equal(atomic_load(&over), 2);
}

static void a_signature_is_asked_for(void **state)
{
    struct bench *bench = *state;
    static const struct credentials root = {"AKIDEXAMPLE", "secret"};

    bench->config.authenticator = authenticator_create(
        &(struct authenticator_settings){.root = &root, .account_id = SLICE("000000000000")});
    /* Before the body is looked at, and after the operation is known. */
    expect_call(bench, "Test_2026.Echo", "{", 400,
                "{\"__type\":\"com.amazon.coral.service#MissingAuthenticationTokenException\","
                "\"message\":\"Request is missing Authentication Token\"}");
    expect_call(bench, "Test_2026.Nope", "{}", 400,
                "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}");
}

/* ---- the query protocol ---- */

static void expect_form(struct bench *bench, const char *form, unsigned status, const char *begin)
{
    struct http_response *response = &bench->caller.exchange.response;

    caller_begin(&bench->caller, "POST", "application/x-www-form-urlencoded; charset=utf-8", NULL,
                 slice_of(form));
    caller_run(&bench->caller);
    buffer_append_byte(&response->body, '\0');
    assert_in_range(strlen(begin), 1, response->body.len - 1);
    response->body.bytes[strlen(begin)] = '\0'; /* the request's id is behind it */
    assert_string_equal(response->body.bytes, begin);
    assert_int_equal(response->status, status);
    assert_string_equal(response->content_type, "text/xml");
}

static void a_form_is_an_operation_too(void **state)
{
    struct bench *bench = *state;

    expect_form(
        bench, "Action=Echo&Version=2026-01-01&Tags.member.2.Key=b&Tags.member.1.Key=a+%26", 200,
        "<EchoResponse xmlns=\"https://test/doc/\"><EchoResult><Action>Echo</Action><Version>2026-01-01"
        "</Version><Tags><member><Key>a &amp;</Key></member><member><Key>b</Key></member></Tags>"
        "</EchoResult><ResponseMetadata><RequestId>");
    expect_form(bench, "Action=Refuse&Version=2026-01-01", 400,
                "<ErrorResponse xmlns=\"https://test/doc/\"><Error><Type>Sender</Type><Code>"
                "ConditionalCheckFailedException</Code><Message>The conditional request failed: "
                "&quot;so&quot;</Message></Error><RequestId>");
}

static void forms_that_are_no_operation(void **state)
{
    struct bench *bench = *state;

    expect_form(
        bench, "", 400,
        "<ErrorResponse><Error><Type>Sender</Type><Code>MissingAction</Code><Message>Missing Action<");
    expect_form(
        bench, "Action=Nope&Version=2026-01-01", 400,
        "<ErrorResponse xmlns=\"https://test/doc/\"><Error><Type>Sender</Type><Code>InvalidAction</Code>"
        "<Message>Could not find operation Nope for version 2026-01-01<");
    expect_form(bench, "Action=Echo", 400,
                "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find "
                "operation Echo for version NO_VERSION_SPECIFIED<");
    expect_form(bench, "Action=%4", 400, "<ErrorResponse><Error><Type>Sender</Type><Code>MalformedInput<");
}

static void anyone_may_call_what_anyone_may_call(void **state)
{
    struct bench *bench = *state;
    static const struct credentials root = {"AKIDEXAMPLE", "secret"};

    bench->config.authenticator = authenticator_create(
        &(struct authenticator_settings){.root = &root, .account_id = SLICE("000000000000")});
    expect_form(bench, "Action=Echo&Version=2026-01-01", 403,
                "<ErrorResponse xmlns=\"https://test/doc/\"><Error><Type>Sender</Type><Code>"
                "MissingAuthenticationToken</Code><Message>Request is missing Authentication Token<");
    expect_form(bench, "Action=Ask&Version=2026-01-01", 200,
                "<AskResponse xmlns=\"https://test/doc/\"><AskResult>");
}

static bool give_key_set(struct request *request, struct slice path, const char **content_type)
{
    *content_type = "application/json";
    if (slice_is(path, "/refused"))
        fail(&request->failure, ERROR_INTERNAL_FAILURE, "no");
    else if (slice_is(path, "/keys"))
        buffer_append_string(request->out, "{\"keys\":[]}");
    else
        return false;
    return true;
}

static void ask_for_page(struct bench *bench, const char *path)
{
    caller_begin(&bench->caller, "GET", NULL, NULL, SLICE(""));
    bench->caller.exchange.request.path = slice_of(path);
    caller_run(&bench->caller);
}

static void pages_are_given(void **state)
{
    struct bench *bench = *state;
    static const life_page pages[] = {give_key_set, NULL};

    bench->config.pages = pages;
    ask_for_page(bench, "/keys");
    expect(bench, 200, "{\"keys\":[]}");
    assert_string_equal(bench->caller.exchange.response.content_type, "application/json");
    ask_for_page(bench, "/refused");
    expect(bench, 500, "{\"__type\":\"com.amazon.coral.service#InternalFailure\",\"message\":\"no\"}");
    ask_for_page(bench, "/");
    expect(bench, 200, "healthy: dynamodb.us-east-1.amazonaws.com ");
}

static void browsers_are_answered(void **state)
{
    struct bench *bench = *state;

    caller_begin(&bench->caller, "OPTIONS", NULL, NULL, SLICE(""));
    caller_header(&bench->caller, "Origin", "https://example.com");
    caller_header(&bench->caller, "Access-Control-Request-Headers", "authorization,x-amz-target");
    caller_header(&bench->caller, "Access-Control-Request-Method", "POST");
    caller_run(&bench->caller);
    expect(bench, 200, "");
    assert_true(slice_is(answer_header(bench, "Access-Control-Allow-Origin"), "*"));
    assert_true(slice_is(answer_header(bench, "Access-Control-Allow-Headers"), "authorization,x-amz-target"));
    assert_true(slice_is(answer_header(bench, "Access-Control-Allow-Methods"), "POST"));
    assert_true(slice_is(answer_header(bench, "Access-Control-Max-Age"), "172800"));
    caller_begin(&bench->caller, "OPTIONS", NULL, NULL, SLICE(""));
    caller_run(&bench->caller);
    expect(bench, 404, "<UnknownOperationException/>\n");
    caller_begin(&bench->caller, "POST", "application/json", "Test_2026.Echo", SLICE("{}"));
    caller_header(&bench->caller, "Origin", "null");
    caller_run(&bench->caller);
    expect(bench, 200, "{}");
    assert_true(slice_is(answer_header(bench, "Access-Control-Allow-Origin"), "*"));
}

static void large_answers_are_packed_for_who_can_unpack(void **state)
{
    struct bench *bench = *state;
    struct buffer body, unpacked;
    struct http_response *response = &bench->caller.exchange.response;

    buffer_init(&body);
    buffer_init(&unpacked);
    buffer_append_string(&body, "{\"a\":\"");
    for (int i = 0; i < 20000; i++)
        buffer_append_byte(&body, (char)('a' + i % 26));
    buffer_append_string(&body, "\"}");
    caller_begin(&bench->caller, "POST", "application/x-amz-json-1.0", "Test_2026.Echo", buffer_slice(&body));
    caller_header(&bench->caller, "Accept-Encoding", "gzip");
    caller_run(&bench->caller);
    assert_true(slice_is(answer_header(bench, "Content-Encoding"), "gzip"));
    assert_true(response->body.len < 1000);
    assert_int_equal(strtoul(answer_header(bench, "x-amz-crc32").ptr, NULL, 10),
                     crc32(0, (const Bytef *)response->body.bytes, (uInt)response->body.len));
    assert_int_equal(gzip_unpack(buffer_slice(&response->body), 100000, &unpacked), GZIP_OK);
    assert_true(slice_equal(buffer_slice(&unpacked), buffer_slice(&body)));
    caller_call(&bench->caller, "Test_2026.Echo", buffer_slice(&body));
    assert_int_equal(response->body.len, body.len);
    assert_null(answer_header(bench, "Content-Encoding").ptr);
    buffer_finish(&body);
    buffer_finish(&unpacked);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(an_operation_is_found_and_answered),
        TEST(an_operation_may_take_several_commits),
        TEST(an_answer_may_wait_for_what_is_behind_it),
        TEST(request_ids_differ),
        TEST(a_rest_service_goes_its_own_steps),
        TEST(a_rest_service_admits_bodies_itself),
        TEST(a_rest_service_asks_who_it_is),
        TEST(what_is_no_operation),
        TEST(what_is_no_call),
        TEST(bodies_that_are_no_object),
        TEST(a_failure_is_told_with_its_members),
        TEST(a_write_is_committed_and_then_published),
        TEST(conflicting_writes_are_decided_again),
        TEST(a_write_that_is_always_overtaken_ends),
        TEST(an_operation_may_give_up_when_overtaken),
        TEST(a_signature_is_asked_for),
        TEST(a_form_is_an_operation_too),
        TEST(forms_that_are_no_operation),
        TEST(anyone_may_call_what_anyone_may_call),
        TEST(pages_are_given),
        TEST(browsers_are_answered),
        TEST(large_answers_are_packed_for_who_can_unpack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
