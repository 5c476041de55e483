/*
 * Fuzzes forms: any bytes, as the parameters of any operation of the services that speak the query protocol,
 * through the life of a request on the memory engine. The first line names the operation, or else the first
 * byte chooses one; the rest is the form without its Action and Version.
 *
 * Properties: the server lives; no input is the server's fault (5xx); every answer is XML of the operation or
 * an error with a code.
 */
#include <stdint.h>

#include "auth/session.h"
#include "base/check.h"
#include "directory/directory.h"
#include "services/lanes.h"
#include "storage/storage.h"
#include "unit/services/caller.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* After so many inputs the server is made anew, so that what inputs have left behind stays small. */
enum { INPUTS_A_SERVER = 1000 };

static const struct service *const services[] = {&iam_service, &sts_service};

enum { SERVICES = sizeof(services) / sizeof(services[0]) };

static struct server server;
static struct session_keys keys;
static struct life_config config;
static struct caller caller;
static unsigned inputs;

static void call(const struct service *service, const char *operation, struct slice parameters)
{
    struct buffer form;

    buffer_init(&form);
    buffer_printf(&form, "Action=%s&Version=%s&", operation, service->version);
    buffer_append(&form, parameters);
    caller_begin(&caller, "POST", "application/x-www-form-urlencoded", NULL, buffer_slice(&form));
    caller_run(&caller);
    buffer_finish(&form);
}

static void make(const char *operation, const char *parameters)
{
    call(&iam_service, operation, slice_of(parameters));
    CHECK(caller.exchange.response.status == 200);
}

static void open_server(void)
{
    session_keys_derive(SLICE("a secret"), &keys);
    server = (struct server){.storage = storage_open_memory(),
                             .region = SLICE("us-east-1"),
                             .account_id = SLICE("000000000000"),
                             .session_keys = &keys};
    server.directory = directory_create(server.storage, server.account_id);
    config = (struct life_config){
        .server = &server, .services = services, .service_count = SERVICES, .lanes = lanes_create()};
    caller_init(&caller, &config);
    make("CreateUser", "UserName=u");
    make("CreateGroup", "GroupName=g");
    make("CreateRole",
         "RoleName=r&AssumeRolePolicyDocument=%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22"
         "%3A%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%22*%22%2C%22Action%22%3A%22sts%3A"
         "AssumeRole%22%7D%7D");
    make("CreateAccessKey", "UserName=u");
}

static void close_server(void)
{
    caller_finish(&caller);
    directory_destroy(server.directory);
    storage_close(server.storage);
    lanes_destroy(config.lanes);
}

struct target {
    const struct service *service;
    const char *operation;
};

/* What an input chooses by its first line, or by its first byte; what is left of the input are the
 * parameters. */
static struct target take_target(struct slice *input)
{
    const char *end = memchr(input->ptr, '\n', input->len);
    struct slice line = {input->ptr, end == NULL ? 0 : (size_t)(end - input->ptr)};
    unsigned char first = (unsigned char)input->ptr[0];
    const struct service *service = services[first % SERVICES];
    struct target target = {service, service->operations[first / SERVICES % service->operation_count].name};
    size_t taken = 1;

    for (unsigned i = 0; i < SERVICES; i++) {
        for (unsigned j = 0; j < services[i]->operation_count; j++) {
            if (!slice_is(line, services[i]->operations[j].name))
                continue;
            target = (struct target){services[i], services[i]->operations[j].name};
            taken = line.len + 1;
        }
    }
    *input = slice_skip(*input, taken);
    return target;
}

static bool has(struct slice text, const char *part)
{
    return memmem(text.ptr, text.len, part, strlen(part)) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice parameters = {(const char *)data, size};

    if (size < 1)
        return 0;
    if (inputs++ % INPUTS_A_SERVER == 0) {
        if (inputs > 1)
            close_server();
        open_server();
    }
    struct target target = take_target(&parameters);
    call(target.service, target.operation, parameters);

    const struct http_response *response = &caller.exchange.response;
    struct slice body = buffer_slice(&response->body);
    CHECK(response->status >= 200 && response->status < 500);
    CHECK(response->status == 200 ? has(body, "Response xmlns=")
                                  : slice_starts_with(body, SLICE("<ErrorResponse")) && has(body, "<Code>"));
    return 0;
}
