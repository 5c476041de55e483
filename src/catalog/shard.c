/*
 * An opening's value, behind the time of the commit:
 *
 *     u64    when the shard was opened, milliseconds since 1970: a part of its name
 *     u32    the first and
 *     u32    the last of the hashes' upper halves that it takes
 *     u8     1: it has a parent, and then its name follows
 *     u64    when the parent was opened
 *     u32    the parent's number
 */
#include "catalog/shard.h"

#include <inttypes.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/digits.h"

enum { NAME_TIME_DIGITS = 20, NAME_NUMBER_DIGITS = 8 };
enum { OPENING_SIZE = 8 + 4 + 4 + 1, PARENT_SIZE = 8 + 4 };

static const char name_prefix[] = "shardId-";

/* ---- names ---- */

struct slice shard_name_text(struct arena *arena, struct shard_name name)
{
    return arena_printf(arena, "%s%020" PRId64 "-%08" PRIx32, name_prefix, name.opened, name.number);
}

bool shard_name_parse(struct slice text, struct shard_name *out)
{
    uint64_t opened, number;

    if (text.len != sizeof(name_prefix) - 1 + NAME_TIME_DIGITS + 1 + NAME_NUMBER_DIGITS ||
        !slice_starts_with(text, slice_of(name_prefix)))
        return false;
    const char *time = text.ptr + sizeof(name_prefix) - 1, *dash = time + NAME_TIME_DIGITS;
    if (!digits_parse((struct slice){time, NAME_TIME_DIGITS}, 10, INT64_MAX, &opened) || *dash != '-' ||
        !digits_parse((struct slice){dash + 1, NAME_NUMBER_DIGITS}, 16, UINT32_MAX, &number))
        return false;
    *out = (struct shard_name){(int64_t)opened, (uint32_t)number};
    return true;
}

bool shard_name_equal(struct shard_name a, struct shard_name b)
{
    return a.opened == b.opened && a.number == b.number;
}

/* ---- opening and closing ---- */

void shard_open(struct batch *batch, struct stream_id stream, const struct open_shard *shard, uint32_t to,
                const struct open_shard *parent)
{
    struct buffer value;

    buffer_init(&value);
    buffer_append_u64(&value, (uint64_t)shard->opened);
    buffer_append_u32(&value, shard->from);
    buffer_append_u32(&value, to);
    buffer_append_byte(&value, parent != NULL);
    if (parent != NULL) {
        buffer_append_u64(&value, (uint64_t)parent->opened);
        buffer_append_u32(&value, parent->number);
    }
    batch_append(batch, keys_shard(batch->arena, stream, STREAM_OPENINGS, shard->number),
                 buffer_slice(&value));
    buffer_finish(&value);
}

void shard_close(struct batch *batch, struct stream_id stream, uint32_t number)
{
    batch_append(batch, keys_shard(batch->arena, stream, STREAM_CLOSINGS, number), SLICE(""));
}

/* ---- reading ---- */

static bool decode_opening(struct slice key, struct slice value, struct shard *out)
{
    size_t stamped = sizeof(uint32_t) + STAMP_SIZE;

    if (key.len < stamped || value.len < TIME_SIZE + OPENING_SIZE)
        return false;
    const char *at = value.ptr + TIME_SIZE;
    *out = (struct shard){.name = {(int64_t)bytes_read_u64(at), bytes_read_u32(key.ptr + key.len - stamped)},
                          .from = bytes_read_u32(at + 8),
                          .to = bytes_read_u32(at + 12),
                          .has_parent = at[OPENING_SIZE - 1] != 0,
                          .start = sequence_number_of_key(key)};
    at += OPENING_SIZE;
    if (value.len != TIME_SIZE + OPENING_SIZE + (out->has_parent ? PARENT_SIZE : 0U))
        return false;
    if (out->has_parent)
        out->parent = (struct shard_name){(int64_t)bytes_read_u64(at), bytes_read_u32(at + 8)};
    out->kept = out->start;
    return true;
}

struct key_range shard_records(struct arena *arena, struct stream_id stream, uint32_t number,
                               struct sequence_number from)
{
    struct slice prefix = keys_shard(arena, stream, STREAM_RECORDS, number);
    struct key_range range = {.to = keys_after_prefix(arena, prefix)};
    struct buffer key;

    buffer_init(&key);
    buffer_append(&key, prefix);
    sequence_number_append(&key, from);
    range.from = arena_copy(arena, buffer_slice(&key));
    buffer_finish(&key);
    return range;
}

enum storage_status shard_last_record(struct storage *storage, const struct snapshot *snapshot,
                                      struct stream_id stream, uint32_t number, struct sequence_number *out)
{
    struct arena arena;
    struct slice key, value;

    arena_init(&arena);
    struct key_range range = shard_records(&arena, stream, number, (struct sequence_number){0, 0});
    struct cursor *cursor = cursor_create(storage, snapshot, range.from, range.to, BACKWARD);
    enum storage_status status = cursor_next(cursor, &key, &value);
    if (status == STORAGE_OK)
        *out = sequence_number_of_key(key);
    cursor_destroy(cursor);
    arena_finish(&arena);
    return status;
}

static enum storage_status read_closing(struct storage *storage, const struct snapshot *snapshot,
                                        struct arena *arena, struct stream_id stream, struct shard *shard)
{
    struct slice prefix = keys_shard(arena, stream, STREAM_CLOSINGS, shard->name.number), key, value;
    struct cursor *cursor =
        cursor_create(storage, snapshot, prefix, keys_after_prefix(arena, prefix), FORWARD);

    enum storage_status status = cursor_next(cursor, &key, &value);
    if (status == STORAGE_OK && value.len < TIME_SIZE)
        status = STORAGE_CORRUPT;
    if (status == STORAGE_OK) {
        shard->closed = true;
        shard->closed_at = append_time(value);
    }
    cursor_destroy(cursor);
    if (status != STORAGE_OK)
        return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
    shard->end = shard->start;
    status = shard_last_record(storage, snapshot, stream, shard->name.number, &shard->end);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

static enum storage_status read_trimmed(struct storage *storage, const struct snapshot *snapshot,
                                        struct arena *arena, struct stream_id stream, struct shard *shard)
{
    struct stored stored;

    enum storage_status status = storage_get(
        storage, snapshot, keys_shard(arena, stream, STREAM_TRIMMED, shard->name.number), &stored);
    if (status == STORAGE_OK && stored.value.len == STAMP_SIZE)
        shard->kept = sequence_number_of_key(stored.value);
    else if (status == STORAGE_OK)
        status = STORAGE_CORRUPT;
    stored_release(&stored);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

/* All of a shard but its opening, which was read. */
static enum storage_status read_rest(struct storage *storage, const struct snapshot *snapshot,
                                     struct stream_id stream, struct shard *shard)
{
    struct arena arena;

    arena_init(&arena);
    enum storage_status status = read_closing(storage, snapshot, &arena, stream, shard);
    if (status == STORAGE_OK)
        status = read_trimmed(storage, snapshot, &arena, stream, shard);
    arena_finish(&arena);
    return status;
}

enum storage_status shard_read(struct storage *storage, const struct snapshot *snapshot,
                               struct stream_id stream, struct shard_name name, struct shard *out)
{
    struct arena arena;
    struct slice key, value;

    arena_init(&arena);
    struct slice prefix = keys_shard(&arena, stream, STREAM_OPENINGS, name.number);
    struct cursor *cursor =
        cursor_create(storage, snapshot, prefix, keys_after_prefix(&arena, prefix), FORWARD);
    enum storage_status status = cursor_next(cursor, &key, &value);
    if (status == STORAGE_OK && !decode_opening(key, value, out))
        status = STORAGE_CORRUPT;
    cursor_destroy(cursor);
    arena_finish(&arena);
    if (status == STORAGE_OK && !shard_name_equal(out->name, name))
        status = STORAGE_NOT_FOUND;
    return status == STORAGE_OK ? read_rest(storage, snapshot, stream, out) : status;
}

enum storage_status shards_list(struct storage *storage, struct stream_id stream,
                                const struct shard_name *after, const struct shard_name *parent, size_t limit,
                                struct shard *out, size_t *count, bool *more)
{
    struct arena arena;
    struct slice key, value;
    struct shard shard;
    enum storage_status status;

    *count = 0;
    *more = false;
    arena_init(&arena);
    struct snapshot *snapshot = snapshot_create(storage);
    struct key_range range = keys_stream_part(&arena, stream, STREAM_OPENINGS);
    if (after != NULL)
        range.from = keys_after_prefix(&arena, keys_shard(&arena, stream, STREAM_OPENINGS, after->number));
    struct cursor *cursor = cursor_create(storage, snapshot, range.from, range.to, FORWARD);
    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK && !*more) {
        if (!decode_opening(key, value, &shard))
            status = STORAGE_CORRUPT;
        else if (parent != NULL && !(shard.has_parent && shard_name_equal(shard.parent, *parent)))
            continue;
        else if (*count == limit)
            *more = true;
        else if ((status = read_rest(storage, snapshot, stream, &shard)) == STORAGE_OK)
            out[(*count)++] = shard;
        if (status != STORAGE_OK)
            break;
    }
    cursor_destroy(cursor);
    snapshot_destroy(storage, snapshot);
    arena_finish(&arena);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}
