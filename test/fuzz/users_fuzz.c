/*
 * Fuzzes user pools: each line of the input is an operation and its body, sent one after the other through
 * the life of a request on the memory engine. In a body, $P, $C, $A and $R stand for a pool, its client, and
 * the tokens of a user "ana" who has signed in; $B is the SECRET_BLOCK or Session of the answer before.
 *
 * Properties: the server lives; no input is the server's fault (5xx); every answer is JSON or empty, an error
 * has a type. And what was stored of ana has no password in it.
 */
#include <stdint.h>

#include "base/check.h"
#include "catalog/catalog.h"
#include "services/lanes.h"
#include "services/shape.h"
#include "storage/storage.h"
#include "unit/services/caller.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES_LIMIT = 12, LINE_LIMIT = 2000, INPUTS_A_SERVER = 500 };

#define TARGET   "AWSCognitoIdentityProviderService."
#define PASSWORD "A-pass0rd-that-no-input-has!"

static const struct service *const services[] = {&cognito_idp_service};

static struct server server;
static struct life_config config;
static struct caller caller;
static unsigned inputs;
static struct arena kept; /* what the placeholders stand for */
static struct slice pool, client, access, refresh, block;

/* Sends, and gives the answer if it is a good one. */
static const struct json *call(const char *operation, struct slice body)
{
    struct http_response *response = &caller.exchange.response;
    const struct json *answer = NULL;
    char target[160];

    snprintf(target, sizeof(target), TARGET "%s", operation);
    caller_call(&caller, target, body);
    CHECK(response->status == 200 || (response->status >= 400 && response->status < 500));
    if (response->body.len == 0) {
        CHECK(response->status == 200);
        return NULL;
    }
    CHECK(json_parse(&caller.exchange.arena, buffer_slice(&response->body), 64, &answer) == JSON_OK);
    CHECK(response->status == 200 || json_get(answer, "__type") != NULL);
    return response->status == 200 ? answer : NULL;
}

static struct slice keep_text(const struct json *object, const char *name)
{
    struct slice text = shape_text(object, name);

    return text.ptr == NULL ? SLICE("") : arena_copy(&kept, text);
}

/* The storage keeps what proves a password, and not the password. */
static void check_storage(void)
{
    struct cursor *cursor = cursor_create(server.storage, NULL, SLICE(""), SLICE(""), FORWARD);
    struct slice key, value;

    while (cursor_next(cursor, &key, &value) == STORAGE_OK)
        CHECK(memmem(value.ptr, value.len, PASSWORD, sizeof(PASSWORD) - 1) == NULL);
    cursor_destroy(cursor);
}

static void open_server(void)
{
    struct slice problem, body;

    arena_init(&kept);
    server = (struct server){
        .storage = storage_open_memory(), .region = SLICE("us-east-1"), .account_id = SLICE("000000000000")};
    server.catalog = catalog_open(server.storage, &(struct catalog_settings){0}, &kept, &problem);
    CHECK(server.catalog != NULL);
    config = (struct life_config){
        .server = &server, .services = services, .service_count = 1, .lanes = lanes_create()};
    caller_init(&caller, &config);
    const struct json *answer =
        call("CreateUserPool", SLICE("{\"PoolName\":\"p\",\"AutoVerifiedAttributes\":[\"email\"],"
                                     "\"AliasAttributes\":[\"email\"]}"));
    pool = keep_text(json_get(answer, "UserPool"), "Id");
    body =
        arena_printf(&kept,
                     "{\"UserPoolId\":\"%.*s\",\"ClientName\":\"c\",\"ExplicitAuthFlows\":[\"ALLOW_USER_SRP_"
                     "AUTH\",\"ALLOW_USER_PASSWORD_AUTH\",\"ALLOW_REFRESH_TOKEN_AUTH\"]}",
                     SLICE_ARGS(pool));
    client = keep_text(json_get(call("CreateUserPoolClient", body), "UserPoolClient"), "ClientId");
    body = arena_printf(&kept, "{\"ClientId\":\"%.*s\",\"Username\":\"ana\",\"Password\":\"" PASSWORD "\"}",
                        SLICE_ARGS(client));
    CHECK(call("SignUp", body) != NULL);
    body = arena_printf(&kept, "{\"UserPoolId\":\"%.*s\",\"Username\":\"ana\"}", SLICE_ARGS(pool));
    CHECK(call("AdminConfirmSignUp", body) != NULL);
    body = arena_printf(&kept,
                        "{\"ClientId\":\"%.*s\",\"AuthFlow\":\"USER_PASSWORD_AUTH\",\"AuthParameters\":{"
                        "\"USERNAME\":\"ana\",\"PASSWORD\":\"" PASSWORD "\"}}",
                        SLICE_ARGS(client));
    answer = json_get(call("InitiateAuth", body), "AuthenticationResult");
    access = keep_text(answer, "AccessToken");
    refresh = keep_text(answer, "RefreshToken");
    block = SLICE("");
    CHECK(access.len > 0 && refresh.len > 0);
    check_storage();
}

static void close_server(void)
{
    caller_finish(&caller);
    catalog_close(server.catalog);
    lanes_destroy(config.lanes);
    storage_close(server.storage);
    arena_finish(&kept);
}

static struct slice placeholder(char letter)
{
    return letter == 'P'   ? pool
           : letter == 'C' ? client
           : letter == 'A' ? access
           : letter == 'R' ? refresh
           : letter == 'B' ? block
                           : SLICE("");
}

static void send(struct slice line)
{
    const char *space = memchr(line.ptr, ' ', line.len);
    struct buffer body;
    char operation[64];

    if (space == NULL || (size_t)(space - line.ptr) >= sizeof(operation))
        return;
    snprintf(operation, sizeof(operation), "%.*s", (int)(space - line.ptr), line.ptr);
    struct slice rest = slice_skip(line, (size_t)(space - line.ptr) + 1);
    buffer_init(&body);
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.ptr[i] == '$' && i + 1 < rest.len)
            buffer_append(&body, placeholder(rest.ptr[++i]));
        else
            buffer_append_byte(&body, rest.ptr[i]);
    }
    const struct json *answer = call(operation, buffer_slice(&body));
    const struct json *parameters = json_get(answer, "ChallengeParameters");
    struct slice session = keep_text(answer, "Session");
    block = session.len > 0 ? session : keep_text(parameters, "SECRET_BLOCK");
    buffer_finish(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = {(const char *)data, size};

    if (inputs++ % INPUTS_A_SERVER == 0) {
        if (inputs > 1)
            close_server();
        open_server();
    }
    for (int i = 0; i < LINES_LIMIT && rest.len > 0; i++) {
        const char *end = memchr(rest.ptr, '\n', rest.len);
        struct slice line = {rest.ptr, end == NULL ? rest.len : (size_t)(end - rest.ptr)};
        if (line.len <= LINE_LIMIT)
            send(line);
        rest = slice_skip(rest, end == NULL ? rest.len : line.len + 1);
    }
    return 0;
}
