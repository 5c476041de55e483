/*
 * The shards of a stream, as they are found in the storage. catalog/stream.h says what they are.
 */
#ifndef TURNTABLE_CATALOG_SHARD_H
#define TURNTABLE_CATALOG_SHARD_H

#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"
#include "catalog/keys.h"
#include "catalog/sequence_number.h"
#include "catalog/table.h"
#include "storage/storage.h"

/* What a shard is called by: unlike its number, the time lets nobody guess one, and puts them in order. */
struct shard_name {
    int64_t opened;
    uint32_t number;
};

struct shard {
    struct shard_name name;
    bool has_parent;
    struct shard_name parent; /* it may be trimmed already */
    uint32_t from;            /* its share of the hashes' upper halves: both included */
    uint32_t to;
    struct sequence_number start; /* below all of its records */
    struct sequence_number kept;  /* what is below was trimmed */
    bool closed;
    int64_t closed_at;          /* milliseconds since 1970 */
    struct sequence_number end; /* closed: of the last record, or `start` if it never had one */
};

/* "shardId-00000001795643295863-00000001" */
struct slice shard_name_text(struct arena *arena, struct shard_name name);
must_use bool shard_name_parse(struct slice text, struct shard_name *out);
bool shard_name_equal(struct shard_name a, struct shard_name b);

/* Appends the opening of a shard to the batch; `parent` may be NULL. */
void shard_open(struct batch *batch, struct stream_id stream, const struct open_shard *shard, uint32_t to,
                const struct open_shard *parent);
void shard_close(struct batch *batch, struct stream_id stream, uint32_t number);

/* STORAGE_NOT_FOUND: no such shard, or it was trimmed. `snapshot` as for storage_get(). */
must_use enum storage_status shard_read(struct storage *storage, const struct snapshot *snapshot,
                                        struct stream_id stream, struct shard_name name, struct shard *out);

/*
 * Up to `limit` shards in the order of their names, of those behind `after` (NULL: all), and of those only
 * the children of `parent` (NULL: all). *more tells whether there are others.
 */
must_use enum storage_status shards_list(struct storage *storage, struct stream_id stream,
                                         const struct shard_name *after, const struct shard_name *parent,
                                         size_t limit, struct shard *out, size_t *count, bool *more);

/* Where the records of a shard begin at `from`, and end. */
struct key_range shard_records(struct arena *arena, struct stream_id stream, uint32_t number,
                               struct sequence_number from);

/* The last record's number in *out; STORAGE_NOT_FOUND: there is none. */
must_use enum storage_status shard_last_record(struct storage *storage, const struct snapshot *snapshot,
                                               struct stream_id stream, uint32_t number,
                                               struct sequence_number *out);

#endif
