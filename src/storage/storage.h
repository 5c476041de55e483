/*
 * The storage: an ordered space of keys and values with guarded, atomic, durable commits.
 *
 * One contract, several engines: rocksdb.c (the embedded one, on disk) and memory.c (the reference). Nothing
 * above this header knows which one runs; one conformance suite runs over all of them.
 *
 *     struct stored old;
 *     enum storage_status status = storage_get(storage, NULL, key, &old);        (value, and the version it
 * had)
 *     ... decide on it ...
 *     batch_guard(&batch, key, old.version);      (nobody changed it since, present or absent)
 *     batch_put(&batch, key, new_value);
 *     stored_release(&old);
 *     storage_commit(storage, &batch, done, context);
 *
 * Writing is optimistic. A commit carries guards; all of them hold and all of its changes happen, in one step
 * and durably, or nothing happens and the status is STORAGE_CONFLICT: the caller decides again on fresh data.
 * Commits of many callers are gathered into one write and one fsync. `done` is called when the outcome is
 * known and on disk.
 *
 * Reading sees committed and durable data only: a reader is never shown a write that a crash could take back.
 *
 * Keys and values are bytes; keys are ordered as unsigned bytes, 1 to 16,384 of them; a value has up to 64
 * MiB. Threads: every function may be called from any thread; one batch, stored, cursor or snapshot by one
 * thread at a time.
 */
#ifndef TURNTABLE_STORAGE_STORAGE_H
#define TURNTABLE_STORAGE_STORAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"

struct storage;  /* an open engine */
struct snapshot; /* one moment of it, for several reads that must agree */
struct cursor;   /* a walk over a range of keys */

enum storage_status {
    STORAGE_OK,
    STORAGE_NOT_FOUND, /* no such key; the end of a cursor's range */
    STORAGE_CONFLICT,  /* a guard did not hold: nothing was written */
    STORAGE_CORRUPT,   /* a checksum failed: this read has no answer */
    STORAGE_FULL, /* no space: nothing was written, and no write is taken until the server is started anew */
    STORAGE_FAILED, /* the disk failed: as STORAGE_FULL, the outcome of the commits in flight is unknown */
};

/* What a key's value was when it was read. Opaque above this room; {0, 0} never holds. */
struct version {
    uint64_t written; /* the commit that wrote the value; 0: absent */
    uint64_t seen;    /* the newest commit that the reader could see */
};

/* A value that was read. The bytes live until stored_release(). */
struct stored {
    struct slice value;
    struct version version; /* filled for STORAGE_NOT_FOUND too: a guard on absence */

    /* The engine's: what keeps the bytes, and how to let go of it. */
    void *pin;
    void (*release)(void *pin);
};

/* ---- open and close ---- */

/*
 * Opens or creates the engine in `folder` (which exists). On failure NULL is returned and *problem is a
 * sentence for the operator, in the arena: corruption, a newer format, a folder without permission.
 */
must_use struct storage *storage_open_rocksdb(const char *folder, struct arena *arena, struct slice *problem);
must_use struct storage *storage_open_memory(void);

/* Waits for the commits in flight, then closes. No cursor, snapshot or stored may be left. Accepts NULL. */
void storage_close(struct storage *storage);

/* NULL while writes are taken; otherwise why they are refused, as a sentence that stays valid. */
const char *storage_refusal(const struct storage *storage);

/* ---- reading ---- */

must_use struct snapshot *snapshot_create(struct storage *storage);
void snapshot_destroy(struct storage *storage, struct snapshot *snapshot); /* accepts NULL */

/* `snapshot` NULL: as of now. STORAGE_OK, _NOT_FOUND, _CORRUPT or _FAILED. Release the result in every case.
 */
must_use enum storage_status storage_get(struct storage *storage, const struct snapshot *snapshot,
                                         struct slice key, struct stored *out);
void stored_release(struct stored *stored);

enum direction { FORWARD, BACKWARD };

/*
 * Walks the keys in [from, to), ascending or descending; an empty `to` means no end. `from` and `to` are
 * copied. A cursor is itself consistent: it sees the moment of its creation, or of `snapshot`. Never NULL.
 */
must_use struct cursor *cursor_create(struct storage *storage, const struct snapshot *snapshot,
                                      struct slice from, struct slice to, enum direction direction);
/* STORAGE_OK: *key and *value live until the next call. STORAGE_NOT_FOUND: the range is at its end. */
must_use enum storage_status cursor_next(struct cursor *cursor, struct slice *key, struct slice *value);
void cursor_destroy(struct cursor *cursor); /* accepts NULL */

/* ---- writing ---- */

enum change_kind { CHANGE_PUT, CHANGE_DELETE, CHANGE_COUNT, CHANGE_APPEND };

struct change {
    enum change_kind kind;
    struct slice key;
    struct slice value; /* CHANGE_PUT, CHANGE_APPEND */
    int64_t deltas[2];  /* CHANGE_COUNT */
    struct change *next;
};

struct guard {
    struct slice key;
    struct version version;
    struct guard *next;
};

/* What one commit does. It lives in an arena, as do the keys and values given to it, until the commit is
 * done. */
struct batch {
    struct arena *arena;
    struct guard *guards;
    struct change *changes; /* in the order they were added; of two changes of one key the later wins */
    struct change **last_change;
    size_t bytes;                /* of keys and values: the caller's bound */
    struct version committed;    /* the engine fills it before `done` with STORAGE_OK: the version of what was
                                    put, for a guard of a later batch without reading it back */
    const struct guard *refuted; /* the engine fills it before `done` with STORAGE_CONFLICT: a guard that did
                                    not hold */

    /* The engine's, while the commit is under way. */
    void (*done)(void *context, enum storage_status status);
    void *context;
    struct batch *next_in_queue;
};

void batch_init(struct batch *batch, struct arena *arena);
bool batch_is_empty(const struct batch *batch);
/* Takes back what was added since `mark`, a copy of the batch, was made. */
void batch_rewind(struct batch *batch, const struct batch *mark);

/* The commit happens only if the key is as it was when `version` was read. */
void batch_guard(struct batch *batch, struct slice key, struct version version);
void batch_put(struct batch *batch, struct slice key, struct slice value);
void batch_delete(struct batch *batch, struct slice key);

/*
 * Appends to the queue of all keys that begin with `prefix`: a put whose key and value the committing thread
 * completes, so that the order of the keys is the order of the commits. Who reads such a queue up to some key
 * has seen all that will ever stand before it.
 *
 *     key      prefix, u64 number of the commit, u32 ordinal in it          (STAMP_SIZE more than the prefix)
 *     value    u64 time of the commit, milliseconds since 1970, then `value` (TIME_SIZE more than the value)
 *
 * Numbers go up from commit to commit, over restarts too; times do not go down while the server runs,
 * whatever the clock does. A prefix belongs to one queue; its keys are not guarded, and are deleted as any
 * others. The prefix and the value are copied.
 */
enum { STAMP_SIZE = 12, TIME_SIZE = 8 };
void batch_append(struct batch *batch, struct slice prefix, struct slice value);
/* Read back from what a cursor found: the number in a key, the time in a value. */
uint64_t append_number(struct slice key);
int64_t append_time(struct slice value);

/* The number of the commit that wrote what was read, as queues have it in their keys; 0 for what is absent.
 */
static inline uint64_t version_number(struct version version)
{
    return version.written;
}

/*
 * Adds to the two counters that live under `key` (items and bytes of a table, say), which start at 0, and do
 * so again when they are deleted. Counters need no guard, for additions commute, and so a busy table's
 * counters are no point of conflict. A counter's key holds nothing else, and is not guarded.
 */
void batch_count(struct batch *batch, struct slice key, int64_t first, int64_t second);
must_use enum storage_status storage_read_counters(struct storage *storage, struct slice key, int64_t out[2]);

/*
 * Commits. `done` is called exactly once, from the engine's own thread or, when the engine decides at once,
 * from the caller's before this returns; it must be quick and must not call back into the storage. STORAGE_OK
 * means durable. After STORAGE_CONFLICT, what it conflicted with can be read. STORAGE_CORRUPT: what a guard
 * or counter needed cannot be read; nothing was written.
 */
void storage_commit(struct storage *storage, struct batch *batch,
                    void (*done)(void *context, enum storage_status status), void *context);

/* The same for callers that may block: background work and tools. */
must_use enum storage_status storage_commit_wait(struct storage *storage, struct batch *batch);

/*
 * Erases all keys in [from, to), without guards and not at one moment: for what nobody can reach any more,
 * such as the items of a deleted table. Can be repeated after a crash.
 */
must_use enum storage_status storage_erase(struct storage *storage, struct slice from, struct slice to);

/* Figures for the operator. Bytes on disk, 0 for memory. */
uint64_t storage_disk_usage(struct storage *storage);

#endif
