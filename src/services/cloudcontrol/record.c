#include "services/cloudcontrol/record.h"

#include <inttypes.h>

#include "base/clock.h"
#include "storage/kept_record.h"

#define FIELD(type, name, kind, member)                                                                      \
    {                                                                                                        \
        name, FIELD_##kind, offsetof(struct type, member), NULL                                              \
    }

static const struct field fields[] = {FIELD(control_record, "Token", TEXT, token),
                                      FIELD(control_record, "Type", TEXT, type),
                                      FIELD(control_record, "Identifier", TEXT, identifier),
                                      FIELD(control_record, "Operation", TEXT, operation),
                                      FIELD(control_record, "Status", TEXT, status),
                                      FIELD(control_record, "Code", TEXT, code),
                                      FIELD(control_record, "Message", TEXT, message),
                                      FIELD(control_record, "Begun", NUMBER, begun),
                                      FIELD(control_record, "ClientToken", TEXT, client_token),
                                      FIELD(control_record, "Caller", TEXT, caller),
                                      FIELD(control_record, "Wanted", JSON, wanted),
                                      FIELD(control_record, "Before", JSON, before),
                                      FIELD(control_record, "Locked", BOOLEAN, locked),
                                      FIELD(control_record, "Announced", BOOLEAN, announced),
                                      FIELD(control_record, "Foreign", BOOLEAN, foreign),
                                      {0}};
static const struct layout layout = {sizeof(struct control_record), fields};

static const struct field client_fields[] = {FIELD(client_token_record, "Token", TEXT, token),
                                             FIELD(client_token_record, "Time", NUMBER, time),
                                             FIELD(client_token_record, "Fingerprint", TEXT, fingerprint),
                                             {0}};
static const struct layout client_layout = {sizeof(struct client_token_record), client_fields};

/* ---- keys ---- */

/* Names have no zero byte (input.c). */
static struct slice make_key(struct arena *arena, char letter, struct slice first, struct slice second)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append(&key, SLICE("\0\0\0\0q"));
    buffer_append_byte(&key, letter);
    buffer_append(&key, first);
    if (second.len > 0) {
        buffer_append_byte(&key, '\0');
        buffer_append(&key, second);
    }
    struct slice kept = arena_copy(arena, buffer_slice(&key));
    buffer_finish(&key);
    return kept;
}

struct slice control_key(struct arena *arena, struct slice token)
{
    return make_key(arena, 'r', token, SLICE(""));
}

struct slice client_token_key(struct arena *arena, struct slice client_token)
{
    return make_key(arena, 'c', client_token, SLICE(""));
}

struct slice control_lock_key(struct arena *arena, struct slice type, struct slice identifier)
{
    return make_key(arena, 'l', type, identifier);
}

struct key_range control_marks(struct arena *arena, struct slice after)
{
    struct slice all = make_key(arena, 'w', SLICE(""), SLICE(""));

    return (struct key_range){after.len == 0 ? all
                                             : keys_after(arena, make_key(arena, 'w', after, SLICE(""))),
                              keys_after_prefix(arena, all)};
}

struct slice control_mark_token(struct slice key)
{
    return slice_skip(key, 6);
}

/* The beginning of a token: 48 bits of its time. */
static struct slice token_of_time(struct arena *arena, int64_t time)
{
    uint64_t bits = (uint64_t)time & UINT64_C(0xFFFFFFFFFFFF);

    return arena_printf(arena, "%08" PRIx64 "-%04" PRIx64, bits >> 16, bits & 0xFFFF);
}

struct key_range control_keys_before(struct arena *arena, int64_t time)
{
    return (struct key_range){control_key(arena, SLICE("")), control_key(arena, token_of_time(arena, time))};
}

/* A UUID of version 7. */
struct slice control_new_token(struct arena *arena, int64_t now)
{
    struct slice random = slice_skip(random_uuid(arena), 15);

    return arena_printf(arena, "%.*s-7%.*s", SLICE_ARGS(token_of_time(arena, now)), SLICE_ARGS(random));
}

/* ---- reading ---- */

enum storage_status control_read(struct storage *storage, struct arena *arena, struct slice token,
                                 struct control_record *out, struct version *version)
{
    return kept_read(storage, NULL, arena, control_key(arena, token), &layout, out, version);
}

bool control_decode(struct arena *arena, struct slice record, struct control_record *out)
{
    return layout_read(arena, arena_copy(arena, record), &layout, out);
}

enum storage_status control_read_before(struct storage *storage, struct arena *arena, struct slice before,
                                        struct control_record *out)
{
    struct slice from = control_key(arena, SLICE(""));
    struct slice to = before.len == 0 ? keys_after_prefix(arena, from) : control_key(arena, before);
    struct cursor *cursor = cursor_create(storage, NULL, from, to, BACKWARD);
    struct slice key, value;
    enum storage_status status = cursor_next(cursor, &key, &value);

    if (status == STORAGE_OK && !control_decode(arena, value, out))
        status = STORAGE_CORRUPT;
    cursor_destroy(cursor);
    return status;
}

enum storage_status client_token_read(struct storage *storage, struct arena *arena, struct slice client_token,
                                      struct client_token_record *out, struct version *version)
{
    return kept_read(storage, NULL, arena, client_token_key(arena, client_token), &client_layout, out,
                     version);
}

enum storage_status control_find_lock(struct storage *storage, struct arena *arena, struct slice type,
                                      struct slice identifier, struct version *version)
{
    struct stored stored;
    enum storage_status status =
        storage_get(storage, NULL, control_lock_key(arena, type, identifier), &stored);

    *version = stored.version;
    stored_release(&stored);
    return status;
}

bool control_is_settled(const struct control_record *record)
{
    return !slice_is(record->status, "IN_PROGRESS") && !slice_is(record->status, "CANCEL_IN_PROGRESS");
}

/* ---- writing ---- */

void control_put(struct batch *batch, const struct control_record *record)
{
    kept_put(batch, control_key(batch->arena, record->token), &layout, record);
}

void client_token_put(struct batch *batch, struct slice client_token,
                      const struct client_token_record *record)
{
    kept_put(batch, client_token_key(batch->arena, client_token), &client_layout, record);
}

static struct slice mark_key(struct arena *arena, struct slice token)
{
    return make_key(arena, 'w', token, SLICE(""));
}

void control_begin(struct batch *batch, const struct control_record *record)
{
    control_put(batch, record);
    batch_put(batch, mark_key(batch->arena, record->token), SLICE(""));
    if (record->locked)
        batch_put(batch, control_lock_key(batch->arena, record->type, record->identifier), record->token);
}

void control_end(struct batch *batch, const struct control_record *record)
{
    control_put(batch, record);
    batch_delete(batch, mark_key(batch->arena, record->token));
    if (record->locked)
        batch_delete(batch, control_lock_key(batch->arena, record->type, record->identifier));
}

enum storage_status control_delete(struct storage *storage, struct batch *batch,
                                   const struct control_record *record)
{
    struct client_token_record client;
    enum storage_status status = STORAGE_NOT_FOUND;

    batch_delete(batch, control_key(batch->arena, record->token));
    if (record->client_token.len > 0)
        status = client_token_read(storage, batch->arena, record->client_token, &client, NULL);
    if (status == STORAGE_OK && slice_equal(client.token, record->token))
        batch_delete(batch, client_token_key(batch->arena, record->client_token));
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}
