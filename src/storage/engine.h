/*
 * What an engine is: the functions behind storage.h. Only the storage's own files include this.
 *
 * An engine's storage, snapshot and cursor begin with the structs below and go on with what it needs.
 * Keys are checked by the caller, storage.c; batches hold what batch.c let in.
 */
#ifndef TURNTABLE_STORAGE_ENGINE_H
#define TURNTABLE_STORAGE_ENGINE_H

#include "storage/storage.h"

enum { KEY_LONGEST = 16384, VALUE_LONGEST = 64 * 1024 * 1024 };

struct engine {
    void (*close)(struct storage *storage);
    const char *(*refusal)(const struct storage *storage);

    struct snapshot *(*snapshot_create)(struct storage *storage);
    void (*snapshot_destroy)(struct storage *storage, struct snapshot *snapshot);

    /* `out` comes with nothing pinned and no value. */
    enum storage_status (*get)(struct storage *storage, const struct snapshot *snapshot, struct slice key,
                               struct stored *out);

    struct cursor *(*cursor_create)(struct storage *storage, const struct snapshot *snapshot,
                                    struct slice from, struct slice to, enum direction direction);
    enum storage_status (*cursor_next)(struct cursor *cursor, struct slice *key, struct slice *value);
    void (*cursor_destroy)(struct cursor *cursor);

    /* batch->done and batch->context are set. */
    void (*commit)(struct storage *storage, struct batch *batch);
    enum storage_status (*erase)(struct storage *storage, struct slice from, struct slice to);
    uint64_t (*disk_usage)(struct storage *storage);
};

struct storage {
    const struct engine *engine;
};

struct cursor {
    const struct engine *engine;
};

/* Calls batch->done. The batch may be gone when this returns. */
static inline void batch_done(struct batch *batch, enum storage_status status)
{
    batch->done(batch->context, status);
}

/* True if the batch has a change that gives its key a new version; counters have none. */
bool batch_writes(const struct batch *batch);

/* Completes what the batch appends; `time` in milliseconds. */
void batch_stamp(struct batch *batch, uint64_t number, int64_t time);

/* Two counters as they are stored: u64 each, big-endian, two's complement. */
enum { COUNTERS_SIZE = 16 };
void counters_encode(const int64_t counters[2], char out[COUNTERS_SIZE]);
must_use bool counters_decode(struct slice value, int64_t out[2]); /* false: no counters */
/* Wraps around rather than overflows: sums of what items say about themselves stay far below that. */
void counters_add(int64_t counters[2], const int64_t deltas[2]);

#endif
