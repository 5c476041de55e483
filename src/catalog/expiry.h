/*
 * Time to live: the removal of items whose time is over.
 *
 * A table with a time-to-live attribute keeps an entry for each item that has one, in the order of the times
 * (keys_expiry()). Every change of an item keeps its entry; the sweeper walks the entries that are due and
 * removes their items, as changes like any others: with their index entries, counters and stream records.
 *
 * AWS: developer guide, "Using time to live (TTL) in DynamoDB": the attribute is a Number, seconds since
 * 1970; values of other types, and times more than five years past, do not expire an item.
 */
#ifndef TURNTABLE_CATALOG_EXPIRY_H
#define TURNTABLE_CATALOG_EXPIRY_H

#include "catalog/item_change.h"
#include "catalog/task.h"

/* The second at which the item expires, by this attribute; false: never. */
bool expiry_of(struct slice attribute, const struct item *item, int64_t *second);

/* Whether changes of the table's items have expiries to keep. */
bool expiry_is_kept(const struct table *table);

/* Puts what the change of an item means for its expiry into the batch. */
void expiry_change(struct batch *batch, const struct item_change *change);

/* ENABLING: enters the items that are there, and makes it ENABLED. */
must_use enum outcome expiry_fill(struct task *task, struct table *table);
/* DISABLING: erases the entries, and makes it DISABLED. */
must_use enum outcome expiry_erase(struct task *task, struct table *table);

/* Removes the items of the table whose time is over at `now`, milliseconds since 1970. */
must_use enum outcome expiry_sweep(struct task *task, struct table *table, int64_t now);

#endif
