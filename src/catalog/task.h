/*
 * Tasks: what the server does behind its answers, on threads of the catalog's own (worker.h).
 *
 * A task finds its work in what is stored, descriptors and marks, and in nothing else: so after a crash it
 * goes on where it was. It works in commits of bounded size, each guarded by what it relied on, and looks
 * between them whether the server wants to stop.
 */
#ifndef TURNTABLE_CATALOG_TASK_H
#define TURNTABLE_CATALOG_TASK_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/failure.h"
#include "base/slice.h"
#include "catalog/table.h"
#include "storage/storage.h"

struct catalog;

/* What tasks work with. */
struct task {
    struct catalog *catalog;
    struct storage *storage;
    atomic_bool stopping;
    int64_t
        trimmed; /* the streamer's: when it last trimmed all streams; milliseconds since 1970, 0: not yet */
    const void *context; /* what the work brings with it, or NULL */
};

enum outcome {
    TASK_DONE,
    TASK_AGAIN,  /* somebody changed what was worked on, or there is more: look at it afresh */
    TASK_FAILED, /* the storage refuses: nothing to be done before the next start */
};

static inline bool task_is_stopping(struct task *task)
{
    return atomic_load(&task->stopping);
}

/* A conflict is TASK_AGAIN. */
enum outcome task_outcome(enum storage_status status);

/* The worse of two: FAILED, AGAIN, DONE. */
enum outcome task_worse(enum outcome one, enum outcome other);

/* Commits a changed clone of a table under a guard on the version it was cloned from, and publishes it. Takes
 * the clone. */
must_use enum outcome task_publish(struct task *task, struct table *clone);

/* The same with what else the batch has. */
must_use enum outcome task_publish_with(struct task *task, struct batch *batch, struct table *clone);

/* Calls `visit` for every table there is, until it fails or the server stops; the worst of its outcomes. */
must_use enum outcome task_for_tables(struct task *task,
                                      enum outcome (*visit)(struct task *task, struct table *table));

/* ---- the tasks ---- */

/*
 * Something that is made of a table's items, one by one: adds what belongs to one item to the batch, under a
 * guard on it, unless a writer has done so already.
 */
typedef enum outcome (*fill_one)(struct task *task, struct batch *batch, const struct table *table,
                                 const struct index *index, struct slice item_key);

/*
 * Calls `one` for every item of the table, in commits of bounded size. TASK_AGAIN: the table was changed
 * meanwhile, or the server stops.
 */
must_use enum outcome fill_from_items(struct task *task, struct table *table, const struct index *index,
                                      fill_one one);

/* Fills an index that is CREATING, and makes it ACTIVE. */
must_use enum outcome fill_index(struct task *task, struct table *table, const struct index *index);

/* Erases the entries of an index that is DELETING, and then the index. */
must_use enum outcome erase_index(struct task *task, struct table *table, const struct index *index);

/* Erases what deleted tables left. */
must_use enum outcome erase_tables(struct task *task);

/* Erases the records of client request tokens that are too old to be looked for at `now` (milliseconds). */
must_use enum outcome erase_tokens(struct task *task, int64_t now);

/* Exchanges the shards of the table's stream that are due (stream.h). */
must_use enum outcome stream_keep_shards(struct task *task, struct table *table, int64_t now);

/* Trims all streams there are or were. */
must_use enum outcome stream_trim_all(struct task *task, int64_t now);

#endif
