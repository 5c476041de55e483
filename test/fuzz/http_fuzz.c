/*
 * Fuzzes request bodies: any bytes, as the input of any operation, through the life of a request and the
 * whole of DynamoDB on the memory engine. The first line names the operation, or else the first byte
 * chooses one; the rest is the body.
 *
 * Properties: the server lives; no input is the server's fault (5xx); every answer is JSON, and an error has
 * a type.
 */
#include <stdint.h>

#include "base/check.h"
#include "catalog/catalog.h"
#include "services/dynamodb/ongoing.h"
#include "services/lanes.h"
#include "storage/storage.h"
#include "unit/services/caller.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* After so many inputs the server is made anew, so that what inputs have left behind stays small. */
enum { INPUTS_A_SERVER = 2000 };

static const struct service *const services[] = {&dynamodb_service, &streams_service};

enum { SERVICES = sizeof(services) / sizeof(services[0]) };

static struct server server;
static struct life_config config;
static struct caller caller;
static unsigned inputs;

static void call(const char *operation, const char *body)
{
    char target[128];

    snprintf(target, sizeof(target), "DynamoDB_20120810.%s", operation);
    caller_call(&caller, target, slice_of(body));
    CHECK(caller.exchange.response.status == 200);
}

static void open_server(void)
{
    struct arena arena;
    struct slice problem;

    arena_init(&arena);
    server = (struct server){
        .storage = storage_open_memory(), .region = SLICE("us-east-1"), .account_id = SLICE("000000000000")};
    server.iterator_key = SLICE("a key");
    server.ongoing = ongoing_create();
    server.catalog = catalog_open(server.storage, &(struct catalog_settings){0}, &arena, &problem);
    CHECK(server.catalog != NULL);
    arena_finish(&arena);
    config = (struct life_config){
        .server = &server, .services = services, .service_count = SERVICES, .lanes = lanes_create()};
    caller_init(&caller, &config);
    call(
        "CreateTable",
        "{\"TableName\":\"tab\",\"BillingMode\":\"PAY_PER_REQUEST\","
        "\"StreamSpecification\":{\"StreamEnabled\":true,\"StreamViewType\":\"NEW_AND_OLD_IMAGES\"},"
        "\"KeySchema\":[{\"AttributeName\":\"p\",\"KeyType\":\"HASH\"},{\"AttributeName\":\"s\",\"KeyType\":"
        "\"RANGE\"}],"
        "\"AttributeDefinitions\":[{\"AttributeName\":\"p\",\"AttributeType\":\"S\"},"
        "{\"AttributeName\":\"s\",\"AttributeType\":\"N\"},{\"AttributeName\":\"g\",\"AttributeType\":\"B\"}]"
        ","
        "\"LocalSecondaryIndexes\":[{\"IndexName\":\"loc\",\"Projection\":{\"ProjectionType\":\"KEYS_ONLY\"},"
        "\"KeySchema\":[{\"AttributeName\":\"p\",\"KeyType\":\"HASH\"},{\"AttributeName\":\"g\",\"KeyType\":"
        "\"RANGE\"}]}],"
        "\"GlobalSecondaryIndexes\":[{\"IndexName\":\"glo\",\"Projection\":{\"ProjectionType\":\"ALL\"},"
        "\"KeySchema\":[{\"AttributeName\":\"g\",\"KeyType\":\"HASH\"}]}]}");
    call("PutItem",
         "{\"TableName\":\"tab\",\"Item\":{\"p\":{\"S\":\"a\"},\"s\":{\"N\":\"1\"},\"g\":{\"B\":\"AAAA\"},"
         "\"m\":{\"M\":{\"x\":{\"L\":[{\"N\":\"1\"},{\"NULL\":true}]}}},\"z\":{\"SS\":[\"b\",\"c\"]}}}");
    call(
        "UpdateContinuousBackups",
        "{\"TableName\":\"tab\",\"PointInTimeRecoverySpecification\":{\"PointInTimeRecoveryEnabled\":true}}");
}

static void close_server(void)
{
    caller_finish(&caller);
    ongoing_destroy(server.ongoing);
    catalog_close(server.catalog);
    storage_close(server.storage);
    lanes_destroy(config.lanes);
}

/* The target that an input chooses by its first line, or by its first byte; what is left of the input is the
 * body. */
static void take_target(struct slice *input, char *target, size_t size)
{
    const char *end = memchr(input->ptr, '\n', input->len);
    struct slice line = {input->ptr, end == NULL ? 0 : (size_t)(end - input->ptr)};
    unsigned char first = (unsigned char)input->ptr[0];
    const struct service *service = services[first % SERVICES];
    const char *name = service->operations[first / SERVICES % service->operation_count].name;
    size_t taken = 1;

    for (unsigned i = 0; i < SERVICES; i++) {
        for (unsigned j = 0; j < services[i]->operation_count; j++) {
            if (!slice_is(line, services[i]->operations[j].name))
                continue;
            service = services[i];
            name = service->operations[j].name;
            taken = line.len + 1;
        }
    }
    *input = slice_skip(*input, taken);
    snprintf(target, size, "%s.%s", service->target_prefix, name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice body = {(const char *)data, size};
    const struct json *answer;
    char target[128];

    if (size < 1)
        return 0;
    if (inputs++ % INPUTS_A_SERVER == 0) {
        if (inputs > 1)
            close_server();
        open_server();
    }
    take_target(&body, target, sizeof(target));
    caller_call(&caller, target, body);

    const struct http_response *response = &caller.exchange.response;
    CHECK(response->status == 200 || response->status == 400);
    CHECK(json_parse(&caller.exchange.arena, buffer_slice(&response->body), 256, &answer) == JSON_OK);
    CHECK(response->status == 200 || json_get(answer, "__type") != NULL);
    return 0;
}
