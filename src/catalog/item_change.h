/*
 * What the change of one item means for the storage: the item itself, its entries in all indexes, its expiry,
 * the undo record of a table that keeps its history, the record in the table's stream, and the counters, as
 * one batch that happens as a whole or not at all.
 *
 *     struct item_change change = {.table = table, .key = key, .version = version, .old = old, ...};
 *     if (item_change_is_none(arena, &change)) ...          nothing to be written
 *     status = item_change_put(storage, batch, &change);
 *
 * A change knows no request: clients' writes come here through services/dynamodb/item_write.h, and so do the
 * server's own, such as the removal of what has expired. Everything lives in the batch's arena.
 */
#ifndef TURNTABLE_CATALOG_ITEM_CHANGE_H
#define TURNTABLE_CATALOG_ITEM_CHANGE_H

#include "base/arena.h"
#include "base/slice.h"
#include "catalog/table.h"
#include "items/value.h"
#include "storage/storage.h"

/* What becomes of an item's entry in one index. */
struct entry_change {
    const struct index *index;
    size_t old_size; /* of the entry, as AWS counts it; 0: there was none */
    size_t new_size; /* 0: there is none */
    bool moves;      /* from one key to another */
    bool changes;    /* at all */
};

/* Who changes the item. The numbers are stored with stream records; never renumber. */
enum change_author { BY_CLIENT = 0, BY_TIME_TO_LIVE = 1 };

struct item_change {
    const struct table *table;
    struct slice key;       /* of the item in the storage */
    struct version version; /* of the old item, or of its absence */

    /* Stored forms; an empty slice (ptr NULL): there is no item before, after. */
    struct slice old_stored;
    struct slice new_stored;
    /* The items. `old` may be NULL although there is one, unless item_change_reads_old(). */
    const struct item *old;
    const struct item *new;

    enum change_author author;

    /* Filled by item_change_put(): one for each index of the table that is not being removed. */
    struct entry_change *entries;
    size_t entry_count;
};

/* The stored form of an item, in the arena. */
struct slice item_change_encode(struct arena *arena, const struct item *item);

/* Whether a change of an item of this table needs the old item decoded. */
bool item_change_reads_old(const struct table *table);

/* Whether before and after are the same: such a change is not written at all. */
bool item_change_is_none(struct arena *arena, const struct item_change *change);

/*
 * Puts the change into the batch, with guards on the item as it was read and on the table's descriptor, the
 * item's last: it is what others write too. STORAGE_OK, or why an entry could not be read.
 */
must_use enum storage_status item_change_put(struct storage *storage, struct batch *batch,
                                             struct item_change *change);

#endif
