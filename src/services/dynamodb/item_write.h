/*
 * Writing one item: what PutItem, UpdateItem, DeleteItem and the batches share.
 *
 *     struct item_write write;
 *     item_write_begin(request, table, &key, &write);        reads the item as it is
 *     ... decide on write.old ...
 *     item_write_commit(request, &write, &new_item);         into the request's batch (NULL: delete)
 *
 * What the change means for the storage is in catalog/item_change.h: one batch, all of which happens or
 * nothing. Everything lives in the request's arena.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_ITEM_WRITE_H
#define TURNTABLE_SERVICES_DYNAMODB_ITEM_WRITE_H

#include "catalog/table.h"
#include "expressions/expressions.h"
#include "items/value.h"
#include "services/dynamodb/capacity.h"
#include "services/request.h"

struct item_write {
    const struct table *table;
    struct slice key;        /* in the storage */
    struct version version;  /* of the old item, or of its absence */
    bool exists;             /* whether there is an old item */
    struct slice old_stored; /* its stored form */
    size_t old_size;         /* as AWS counts it; 0 if there is none */
    struct item old;         /* decoded by item_write_old(); empty if there is none */
    bool old_decoded;
    struct capacity capacity;
};

/* `key` has the table's key attributes (checked); other attributes of it do not matter. */
must_use bool item_write_begin(struct request *request, const struct table *table, const struct item *key,
                               struct item_write *write);

/* The old item, decoded at the first call; an empty one if there is none. NULL: the failure is set. */
const struct item *item_write_old(struct request *request, struct item_write *write);

/*
 * The item as `update` (NULL: it changes nothing) leaves it; one that did not exist begins as its key, or, if
 * the update only removes, stays without any attribute. Checks the new item's size (that with its entries in
 * local indexes, too) and index keys.
 */
must_use bool item_write_update(struct request *request, struct item_write *write, const struct item *key,
                                const struct update *update, struct item *new_item);

/*
 * Puts the change into request->batch (an item without attributes: there is none) and reckons its capacity.
 * The new item's size is checked against the limit before. Takes the units
 * (capacity_take()); if there are not as many, the batch is as before.
 */
must_use bool item_write_commit(struct request *request, struct item_write *write,
                                const struct item *new_item);

/*
 * The check of a single write. Fails with TransactionConflictException if a transaction on the item is under
 * way, and with ConditionalCheckFailedException if the condition does not hold for the old item (NULL: no
 * condition). With ReturnValuesOnConditionCheckFailure the failure carries the old item.
 */
must_use bool item_write_check(struct request *request, struct item_write *write,
                               const struct condition *condition);

/* The same with the ReturnValuesOnConditionCheckFailure of `object`, one of several things that are written.
 */
must_use bool item_write_check_as(struct request *request, const struct json *object,
                                  struct item_write *write, const struct condition *condition);

/* Writes the members that all single writes share: ConsumedCapacity and ItemCollectionMetrics. */
void item_write_respond(struct request *request, bool *first, const struct item_write *write,
                        const struct item *key);

/* One ItemCollectionMetrics object, or nothing if the table has no local index. */
void item_write_collection_metrics(struct buffer *out, const struct table *table, const struct item *key);
bool item_write_has_collections(const struct table *table);

/* Writes "Attributes" with the item, unless it is empty. */
void item_write_attributes(struct request *request, bool *first, const struct item *item);

#endif
