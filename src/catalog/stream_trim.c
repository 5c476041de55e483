/*
 * Trimming: what is older than a stream's horizon goes.
 *
 * First the shard's new beginning is committed, then what is below it is erased: so a reader that looks at
 * the beginning after it has read never takes a gap for the end. A crash in between leaves records below the
 * beginning; the next trimming looks from the shard's first key on, and finds them.
 */
#include <stdlib.h>

#include "base/check.h"
#include "catalog/shard.h"
#include "catalog/stream.h"

enum {
    SHARDS_AT_ONCE = 100,
    RECORDS_AT_ONCE = 100000, /* of one shard; the others have their turn before the rest */
};

struct trim {
    struct storage *storage;
    struct stream_id stream;
    int64_t horizon;
    struct arena *arena; /* of one shard's trimming */
};

/* How many records from the first on are too old, the number behind the last of them, and whether there are
 * others. */
static enum storage_status find_old(const struct trim *trim, uint32_t shard, size_t *count,
                                    struct sequence_number *behind, bool *others)
{
    struct key_range range = shard_records(trim->arena, trim->stream, shard, (struct sequence_number){0, 0});
    struct cursor *cursor = cursor_create(trim->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum storage_status status;

    *count = 0;
    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK && *count < RECORDS_AT_ONCE) {
        if (value.len < TIME_SIZE)
            status = STORAGE_CORRUPT;
        if (status != STORAGE_OK || append_time(value) >= trim->horizon)
            break;
        *behind = sequence_number_next(sequence_number_of_key(key));
        (*count)++;
    }
    *others = status == STORAGE_OK;
    cursor_destroy(cursor);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

static enum storage_status move_beginning(const struct trim *trim, uint32_t shard,
                                          struct sequence_number kept)
{
    struct batch batch;
    struct buffer value;

    batch_init(&batch, trim->arena);
    buffer_init(&value);
    sequence_number_append(&value, kept);
    batch_put(&batch, keys_shard(trim->arena, trim->stream, STREAM_TRIMMED, shard), buffer_slice(&value));
    enum storage_status status = storage_commit_wait(trim->storage, &batch);
    buffer_finish(&value);
    return status;
}

/* Erases the records below `kept`. */
static enum storage_status erase_records(const struct trim *trim, uint32_t shard, struct sequence_number kept)
{
    struct key_range all = shard_records(trim->arena, trim->stream, shard, (struct sequence_number){0, 0});

    return storage_erase(trim->storage, all.from, shard_records(trim->arena, trim->stream, shard, kept).from);
}

/* Deletes the keys that begin with `prefix`: one or none. */
static enum storage_status delete_one(const struct trim *trim, struct batch *batch, struct slice prefix)
{
    struct cursor *cursor =
        cursor_create(trim->storage, NULL, prefix, keys_after_prefix(trim->arena, prefix), FORWARD);
    struct slice key, value;

    enum storage_status status = cursor_next(cursor, &key, &value);
    if (status == STORAGE_OK)
        batch_delete(batch, arena_copy(trim->arena, key));
    cursor_destroy(cursor);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

static enum storage_status forget_shard(const struct trim *trim, uint32_t shard)
{
    static const enum stream_part parts[] = {STREAM_OPENINGS, STREAM_CLOSINGS, STREAM_TRIMMED};
    struct batch batch;

    batch_init(&batch, trim->arena);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        enum storage_status status =
            delete_one(trim, &batch, keys_shard(trim->arena, trim->stream, parts[i], shard));
        if (status != STORAGE_OK)
            return status;
    }
    return storage_commit_wait(trim->storage, &batch);
}

static enum storage_status trim_shard(const struct trim *trim, const struct shard *shard)
{
    uint32_t number = shard->name.number;
    struct sequence_number behind;
    size_t count;
    bool others;

    enum storage_status status = find_old(trim, number, &count, &behind, &others);
    if (status == STORAGE_OK && count > 0)
        status = move_beginning(trim, number, behind);
    if (status == STORAGE_OK && count > 0)
        status = erase_records(trim, number, behind);
    if (status == STORAGE_OK && !others && shard->closed && shard->closed_at < trim->horizon)
        status = forget_shard(trim, number);
    return status;
}

static enum storage_status trim_shards(struct storage *storage, struct stream_id stream, int64_t horizon)
{
    struct shard *shards = calloc(SHARDS_AT_ONCE, sizeof(*shards));
    struct shard_name last;
    struct arena arena;
    struct trim trim = {storage, stream, horizon, &arena};
    const struct shard_name *after = NULL;
    enum storage_status status = STORAGE_OK;
    size_t count;
    bool more = true;

    CHECK(shards != NULL);
    arena_init(&arena);
    while (more && status == STORAGE_OK) {
        status = shards_list(storage, stream, after, NULL, SHARDS_AT_ONCE, shards, &count, &more);
        for (size_t i = 0; i < count && status == STORAGE_OK; i++) {
            status = trim_shard(&trim, &shards[i]);
            arena_reset(&arena);
        }
        if (count == 0)
            break;
        last = shards[count - 1].name;
        after = &last;
    }
    arena_finish(&arena);
    free(shards);
    return status;
}

static enum storage_status remove_stream(struct storage *storage, const struct stream_descriptor *stream)
{
    struct arena arena;
    struct batch batch;

    arena_init(&arena);
    struct key_range range = keys_of_stream(&arena, stream->id);
    enum storage_status status = storage_erase(storage, range.from, range.to);
    if (status == STORAGE_OK) {
        batch_init(&batch, &arena);
        batch_delete(&batch, keys_stream(&arena, stream->table_name, stream->label));
        status = storage_commit_wait(storage, &batch);
    }
    arena_finish(&arena);
    return status;
}

enum storage_status stream_trim(struct storage *storage, const struct stream_descriptor *stream,
                                int64_t horizon)
{
    if (stream->disabled != 0 && stream->disabled < horizon)
        return remove_stream(storage, stream);
    return trim_shards(storage, stream->id, horizon);
}
