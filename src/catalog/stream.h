/*
 * Streams: what changed in a table, one record a change, kept for 24 hours.
 *
 * A table whose stream is on (table->stream.view) writes a record in the commit of each change, with
 * batch_append(): so a record is there exactly if its change is, and the order of the records is that of the
 * commits. Records stand in shards, which share the range of the partition keys' hashes; the records of an
 * item are in one shard, or in a shard and then in its children.
 *
 * A shard is open while the table's descriptor names it. Writers guard the descriptor, so a commit that
 * exchanges a shard for its children, descriptor, closing and openings in one, splits the records exactly:
 * those before it are in the parent, those after it in the children.
 *
 * A stream outlives its table, and its being switched off, for as long as its records are kept. So it has a
 * descriptor of its own, found by the table's name and its label.
 *
 *     descriptor       JSON (stream_descriptor_write())
 *     opening          of a shard, appended when it is opened: catalog/shard.c has the format
 *     closing          of a shard, appended when it is closed: nothing but the time
 *     trimmed          of a shard, its first sequence number that is still kept: u64 commit, u32 ordinal
 *     records          of a shard (catalog/stream_record.h)
 *
 * AWS: "Change data capture for DynamoDB Streams".
 */
#ifndef TURNTABLE_CATALOG_STREAM_H
#define TURNTABLE_CATALOG_STREAM_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "base/slice.h"
#include "catalog/item_change.h"
#include "catalog/keys.h"
#include "catalog/table.h"
#include "storage/storage.h"

/* How long records are kept, and how long a shard is open; milliseconds. */
enum { STREAM_RETENTION = 24 * 60 * 60 * 1000, SHARD_LIFETIME = 4 * 60 * 60 * 1000 };

/* A stream splits no further when it has so many open shards; and how many records make one split. */
enum { OPEN_SHARDS_LIMIT = 16, SHARD_RECORDS_DEFAULT = 1000000 };

struct stream_descriptor {
    struct stream_id id;
    struct slice table_name;
    struct slice label;
    enum stream_view view;
    int64_t disabled; /* when it was switched off or its table deleted; 0: it is on */
    struct slice partition_key;
    struct slice sort_key; /* empty: the table has none */
};

/* The strings are slices of the text or live in the arena. False: no descriptor. */
must_use bool stream_descriptor_read(struct arena *arena, struct slice text, struct stream_descriptor *out);

/* The table's latest stream in storage keys. */
struct stream_id stream_id_of(const struct table *table);

/*
 * Puts into the batch what it means for streams that `draft` replaces `before` (NULL: nothing), by their
 * views: a new stream, with one shard, or the end of the one that was on. Completes draft->stream. The batch
 * guards the descriptor. STORAGE_OK, or why the storage could not be read.
 */
must_use enum storage_status stream_change(struct storage *storage, struct batch *batch,
                                           const struct table *before, struct table *draft, int64_t now);

/* Ends the stream, if one is on, of a table that the batch deletes. */
void stream_end(struct batch *batch, const struct table *table, int64_t now);

/* Puts the record of the change into the batch, if the table's stream is on. */
void stream_append(struct batch *batch, const struct item_change *change);

/* Whether a shard has been open for so long, or has taken so many records, that it is to be exchanged. */
bool stream_is_due(const struct stream *stream, uint64_t records_limit, int64_t now);

/*
 * Exchanges the draft's shards that are due, for one child or two halves each, and puts that into the batch.
 * The draft is a clone of the table that took the records; its descriptor is the caller's to commit, with the
 * batch.
 */
void stream_exchange_shards(struct batch *batch, struct table *draft, uint64_t records_limit, int64_t now);

/*
 * Removes the records of the stream that are older than `horizon`, the shards that have none left and are
 * closed since before it, and the stream itself if it was switched off before it. Only one thread does this
 * at a time.
 */
must_use enum storage_status stream_trim(struct storage *storage, const struct stream_descriptor *stream,
                                         int64_t horizon);

#endif
