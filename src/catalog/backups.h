/*
 * Backups: moments of tables that are kept, and who needs which part of a table's history.
 *
 * A backup is one record: what the table was like, and when. It copies no item. Its moment is the commit that
 * wrote the record, so it must not be written again; the table keeps its history from that commit on at the
 * latest, and history.h reads the table as it was. A deleted table's items and history stay until nobody
 * needs them.
 *
 * Undo records are needed by backups, by restores under way, and by point-in-time recovery, which needs all
 * of its window. Whoever begins to need a table's history rewrites the table's descriptor in the same commit,
 * or needs no more than somebody else who is there: so what is given up under a guard on the descriptor, on
 * the grounds of a snapshot that has it, is needed by nobody.
 */
#ifndef TURNTABLE_CATALOG_BACKUPS_H
#define TURNTABLE_CATALOG_BACKUPS_H

#include "base/arena.h"
#include "catalog/table.h"
#include "catalog/task.h"
#include "storage/storage.h"

enum { RECOVERY_DAYS_LIMIT = 35, SYSTEM_BACKUP_DAYS = 35 };
#define MILLISECONDS_A_DAY ((int64_t)24 * 60 * 60 * 1000)

enum backup_type { BACKUP_USER, BACKUP_SYSTEM };

struct backup {
    struct slice id; /* the end of its ARN: "01489602797149-73d8d5bc" */
    struct slice name;
    enum backup_type type;
    int64_t created; /* milliseconds since 1970 */
    int64_t expires; /* 0: never */
    int64_t items;   /* of the table then */
    int64_t bytes;
    struct table *table;    /* as it was */
    struct version version; /* of the record: its number is the moment */
};

/* An id that no other backup has; in the order of the times. */
struct slice backup_id_create(struct arena *arena, int64_t created);

/* Puts the backup's record into the batch, whose commit is the moment. The backup stays the caller's. */
void backup_put(struct batch *batch, const struct backup *backup);

/* Reads a backup; its slices live in the arena, its table is released by backup_finish(), which is due in
 * every case. */
must_use enum storage_status backup_read(struct storage *storage, const struct snapshot *snapshot,
                                         struct slice id, struct arena *arena, struct backup *out);
void backup_finish(struct backup *backup);

/* ---- point-in-time recovery ---- */

/* What the commit that turns it on adds: a mark with the time of the commit. */
void recovery_begin(struct batch *batch, uint32_t table_id);

/*
 * The first millisecond to which the table, whose recovery is on, can be restored at `now`. In a snapshot
 * without the commit that turned it on, there is no such time: INT64_MAX.
 */
must_use enum storage_status recovery_earliest(struct storage *storage, const struct snapshot *snapshot,
                                               const struct table *table, int64_t now, int64_t *earliest);

/* ---- needs ---- */

/* Somebody needs to read the table as it was just after the moment. */
struct need {
    uint32_t table_id;
    struct moment moment;
};

struct needs {
    struct need *list;
    size_t count;
};

/* All there are in the snapshot, but for the windows of point-in-time recovery. */
must_use enum storage_status needs_read(struct storage *storage, const struct snapshot *snapshot,
                                        struct arena *arena, struct needs *out);
bool needs_have(const struct needs *needs, uint32_t table_id);

/* ---- tasks ---- */

/* Goes on with the restore that makes the table; makes it ACTIVE at the end. */
must_use enum outcome restore_table(struct task *task, struct table *table);

/* Removes SYSTEM backups that have expired, and undo records that nobody needs at `now`; tables whose history
 * nobody needs keep it no longer. */
must_use enum outcome prune_histories(struct task *task, int64_t now);

#endif
