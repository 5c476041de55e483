/*
 * Fuzzes IAM: each line of an input is a form, without Version, and all are sent one after the other to a
 * server that begins empty. PolicyDocument=@N (AssumeRolePolicyDocument=@N) stands for one of some documents.
 *
 * Properties: the server lives; no form is the server's fault; every answer is XML that a client can read;
 * and every user and role that is there in the end can be held, with all its policies.
 */
#include <stdint.h>

#include "base/check.h"
#include "directory/directory.h"
#include "services/lanes.h"
#include "storage/storage.h"
#include "unit/services/caller.h"
#include "wire/query_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES_LIMIT = 50, FORM_LIMIT = 16 * 1024 };

static const struct service *const services[] = {&iam_service};

static const char *const documents[] = {
    "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%"
    "22*"
    "%22%2C%22Resource%22%3A%22*%22%7D%7D",
    "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%"
    "22"
    "sts%3AAssumeRole%22%2C%22Principal%22%3A%7B%22AWS%22%3A%22arn%3Aaws%3Aiam%3A%3A000000000000%3Auser%2Fu%"
    "22%7D"
    "%7D%7D",
    "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%"
    "22"
    "sts%3AAssumeRole%22%2C%22Principal%22%3A%7B%22Service%22%3A%22lambda.amazonaws.com%22%7D%7D%7D",
};
enum { DOCUMENTS = sizeof(documents) / sizeof(documents[0]) };

/* The form that a line stands for. */
static void write_form(struct slice line, struct buffer *out)
{
    buffer_append_string(out, "Version=2010-05-08&Action=");
    for (size_t i = 0; i < line.len; i++) {
        bool stands = line.ptr[i] == '@' && i + 1 < line.len && line.ptr[i + 1] >= '0' &&
                      line.ptr[i + 1] < '0' + DOCUMENTS;
        if (stands)
            buffer_append_string(out, documents[line.ptr[++i] - '0']);
        else
            buffer_append_byte(out, line.ptr[i]);
    }
}

static void send(struct caller *caller, struct slice line)
{
    const struct http_response *response = &caller->exchange.response;
    struct buffer form;
    struct json answer;

    buffer_init(&form);
    write_form(line, &form);
    caller_begin(caller, "POST", "application/x-www-form-urlencoded", NULL, buffer_slice(&form));
    caller_run(caller);
    CHECK(response->status == 200 || (response->status >= 400 && response->status < 500));
    CHECK(query_answer_read(&caller->exchange.arena, buffer_slice(&response->body), &answer));
    buffer_finish(&form);
}

static void hold_all(struct server *server, enum entity_kind kind, enum identity_kind as)
{
    const struct identity *identity;
    union any_entity entity;
    struct entity_walk walk;
    struct arena arena;

    arena_init(&arena);
    entity_walk_begin(&walk, server->storage, NULL, kind, SLICE(""), &arena);
    while (entity_walk_next(&walk, &entity) == STORAGE_OK) {
        CHECK(directory_hold(server->directory, as, entity.entity.name, &identity) == STORAGE_OK);
        directory_release(identity);
    }
    entity_walk_end(&walk);
    arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct server server = {
        .storage = storage_open_memory(), .region = SLICE("us-east-1"), .account_id = SLICE("000000000000")};
    struct life_config config = {
        .server = &server, .services = services, .service_count = 1, .lanes = lanes_create()};
    struct slice rest = {(const char *)data, size};
    struct caller caller;

    server.directory = directory_create(server.storage, server.account_id);
    caller_init(&caller, &config);
    for (int i = 0; i < LINES_LIMIT && rest.len > 0; i++) {
        const char *end = memchr(rest.ptr, '\n', rest.len);
        struct slice line = {rest.ptr, end == NULL ? rest.len : (size_t)(end - rest.ptr)};
        if (line.len <= FORM_LIMIT)
            send(&caller, line);
        rest = slice_skip(rest, end == NULL ? rest.len : line.len + 1);
    }
    hold_all(&server, KIND_USER, IDENTITY_USER);
    hold_all(&server, KIND_ROLE, IDENTITY_ROLE);
    caller_finish(&caller);
    directory_destroy(server.directory);
    lanes_destroy(config.lanes);
    storage_close(server.storage);
    return 0;
}
