/*
 * The history of a table: what its items were before each change, so that the table can be read as it was.
 *
 * A table whose descriptor says keeps_history leaves an undo record, in the same commit, wherever an item
 * changes: the stored form that the item had before. The state just after a moment is then found in one walk
 * over the items and the undo records side by side, both in the order of the items' places: the oldest record
 * after the moment has the item as it was; an item without one has not changed since.
 *
 *     walk = history_walk_create(storage, snapshot, table->id, NULL, &until, SLICE(""));
 *     while ((status = history_walk_next(walk, &item)) == STORAGE_OK)
 *         ... item.place, item.after ...
 *     history_walk_destroy(walk);
 *
 * The caller knows that the table has kept its history since the moment, and that commits up to it are in the
 * snapshot: one that is later than the moment has gone through before the snapshot was taken. Who needs
 * undo records, and keeps them from being pruned: catalog/backups.h.
 *
 * The table is told by its id alone: what it walks may be the rest of a table that was deleted, as long as a
 * backup keeps it. A walk belongs to one thread, and reads item by item: its memory is that of one item.
 */
#ifndef TURNTABLE_CATALOG_HISTORY_H
#define TURNTABLE_CATALOG_HISTORY_H

#include <stdint.h>

#include "base/slice.h"
#include "catalog/table.h"
#include "storage/storage.h"

/* Adds an undo record to the batch that changes the item. `old_stored`: ptr NULL if there was no item. */
void history_record(struct batch *batch, uint32_t table_id, struct slice item_key, struct slice old_stored);

/* ---- walking ---- */

/* An item on a walk; all slices live until the next step. */
struct history_item {
    struct slice place;  /* its key within any table: keys_item_at() */
    struct slice before; /* its stored form at `from`; ptr NULL: there was none */
    struct slice after;  /* at `until` */
    int64_t changed;     /* the time of its last change from `from` to `until`; 0: there was none */
};

struct history_walk;

/*
 * Without `from`: a walk over the items that the table had at `until`. With it: over all items, present or
 * not, that were written after `from` and not after `until`. `behind`: the place after which to begin; empty
 * for all. `snapshot` NULL: as of now; otherwise it outlives the walk.
 */
must_use struct history_walk *history_walk_create(struct storage *storage, const struct snapshot *snapshot,
                                                  uint32_t table_id, const struct moment *from,
                                                  const struct moment *until, struct slice behind);
/* STORAGE_NOT_FOUND: the walk is at its end. STORAGE_CORRUPT or _FAILED: so is it, before its time. */
must_use enum storage_status history_walk_next(struct history_walk *walk, struct history_item *out);
void history_walk_destroy(struct history_walk *walk); /* accepts NULL */

/* ---- single records ---- */

/* An undo record as a cursor over keys_histories() reads it. */
struct history_undo {
    struct slice place;
    uint64_t number;     /* of the commit that changed the item */
    int64_t time;        /* of that commit */
    struct slice stored; /* before it; ptr NULL: there was no item */
};

/* False if this is no undo record. The slices point into key and value. */
must_use bool history_undo_read(struct slice key, struct slice value, struct history_undo *out);

/* Whether the commit came after the moment. */
bool history_undo_is_after(const struct history_undo *undo, const struct moment *moment);

#endif
