#include "services/cognito_idp/session.h"

#include <inttypes.h>

#include "base/check.h"
#include "base/clock.h"
#include "services/cognito_idp/idp_input.h"
#include "services/storage_failure.h"
#include "signin/seal.h"

#define REFRESH_PURPOSE "refresh token"

enum { DEPTH_LIMIT = 4, CLEARED_AT_ONCE = 4, MILLISECONDS = 1000 };

static struct slice session_key(struct request *request, const struct user_pool *pool,
                                const struct user *user, struct slice id)
{
    return keys_users(request->arena, pool->number, USERS_SESSIONS, user->sub, id);
}

static bool read_record(struct request *request, struct slice value, struct session *out)
{
    const struct json *record;

    if (json_parse(request->arena, value, DEPTH_LIMIT, &record) != JSON_OK)
        return false;
    out->client_id = shape_text(record, "Client");
    out->event_id = shape_text(record, "Event");
    out->auth_time = shape_number(record, "AuthTime", 0);
    out->expires = shape_number(record, "Expires", 0);
    out->epoch = shape_number(record, "Epoch", 0);
    out->generation = shape_number(record, "Generation", 0);
    out->exchanged = shape_number(record, "Exchanged", 0);
    return out->client_id.len > 0 && out->event_id.len > 0;
}

void session_put(struct request *request, const struct session *session)
{
    struct buffer record;
    bool first = true;

    buffer_init(&record);
    buffer_append_byte(&record, '{');
    json_write_string_member(&record, &first, "Client", session->client_id);
    json_write_string_member(&record, &first, "Event", session->event_id);
    json_write_int64_member(&record, &first, "AuthTime", session->auth_time);
    json_write_int64_member(&record, &first, "Expires", session->expires);
    json_write_int64_member(&record, &first, "Epoch", session->epoch);
    json_write_int64_member(&record, &first, "Generation", session->generation);
    json_write_int64_member(&record, &first, "Exchanged", session->exchanged);
    buffer_append_byte(&record, '}');
    batch_guard(&request->batch, session->key, session->version);
    batch_put(&request->batch, session->key, arena_copy(request->arena, buffer_slice(&record)));
    buffer_finish(&record);
}

void session_end(struct request *request, const struct session *session)
{
    batch_guard(&request->batch, session->key, session->version);
    batch_delete(&request->batch, session->key);
}

/* The oldest ones, if they have expired. */
static bool clear_old(struct request *request, const struct user_pool *pool, const struct user *user,
                      int64_t now)
{
    struct key_range range = keys_users_range(request->arena, pool->number, USERS_SESSIONS, user->sub);
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum storage_status status = STORAGE_OK;

    for (int i = 0; i < CLEARED_AT_ONCE && (status = cursor_next(cursor, &key, &value)) == STORAGE_OK; i++) {
        struct session old = {.generation = 0};
        if (read_record(request, arena_copy(request->arena, value), &old) &&
            (old.expires < now || old.epoch != user->epoch))
            batch_delete(&request->batch, arena_copy(request->arena, key));
    }
    cursor_destroy(cursor);
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

/* A UUID that begins with the time (RFC 9562, version 7). */
static struct slice timed_uuid(struct request *request, int64_t now)
{
    struct slice random = random_uuid(request->arena);

    return arena_printf(request->arena, "%08" PRIx64 "-%04" PRIx64 "-7%.*s", (uint64_t)now >> 16,
                        (uint64_t)now & 0xFFFF, SLICE_ARGS(slice_skip(random, 15)));
}

bool session_begin(struct request *request, const struct user_pool *pool, const struct user_client *client,
                   const struct user *user, struct session *out)
{
    int64_t now = clock_now();
    struct stored stored;

    *out = (struct session){.id = timed_uuid(request, now),
                            .client_id = client->id,
                            .event_id = random_uuid(request->arena),
                            .auth_time = now / MILLISECONDS,
                            .expires = now + client->refresh_lifetime * MILLISECONDS,
                            .epoch = user->epoch};
    out->key = session_key(request, pool, user, out->id);
    enum storage_status status = storage_get(request->server->storage, NULL, out->key, &stored);
    out->version = stored.version;
    stored_release(&stored);
    if (status != STORAGE_NOT_FOUND)
        return status == STORAGE_OK
                   ? fail(&request->failure, ERROR_INTERNAL_SERVER, "A session's id was taken")
                   : storage_failure(&request->failure, status);
    if (!clear_old(request, pool, user, now))
        return false;
    session_put(request, out);
    return true;
}

bool session_find(struct request *request, const struct user_pool *pool, const struct user *user,
                  struct slice id, bool *found, struct session *out)
{
    struct stored stored;

    *out = (struct session){.id = id, .key = session_key(request, pool, user, id)};
    enum storage_status status = storage_get(request->server->storage, NULL, out->key, &stored);
    out->version = stored.version;
    if (status == STORAGE_OK && !read_record(request, arena_copy(request->arena, stored.value), out))
        status = STORAGE_CORRUPT;
    stored_release(&stored);
    *found = status == STORAGE_OK && out->epoch == user->epoch;
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

/* ---- refresh tokens ---- */

struct slice session_refresh_token(struct request *request, const struct user_pool *pool,
                                   const struct user_client *client, const struct user *user,
                                   const struct session *session)
{
    struct buffer plain;
    bool first = true;

    buffer_init(&plain);
    buffer_append_byte(&plain, '{');
    json_write_string_member(&plain, &first, "c", client->id);
    json_write_string_member(&plain, &first, "u", user->name);
    json_write_string_member(&plain, &first, "s", session->id);
    json_write_int64_member(&plain, &first, "g", session->generation);
    json_write_int64_member(&plain, &first, "e", session->expires);
    buffer_append_byte(&plain, '}');
    struct slice token = seal(request->arena, pool->seal_key, REFRESH_PURPOSE, buffer_slice(&plain));
    buffer_finish(&plain);
    return token;
}

bool session_read_refresh_token(struct request *request, const struct user_pool *pool, struct slice text,
                                struct refresh_claim *out)
{
    const struct json *read;
    struct slice plain;

    if (!unseal(request->arena, pool->seal_key, REFRESH_PURPOSE, text, &plain) ||
        json_parse(request->arena, plain, DEPTH_LIMIT, &read) != JSON_OK)
        return false;
    *out = (struct refresh_claim){.client_id = shape_text(read, "c"),
                                  .user_name = shape_text(read, "u"),
                                  .session_id = shape_text(read, "s"),
                                  .generation = shape_number(read, "g", 0),
                                  .expires = shape_number(read, "e", 0)};
    return true;
}
