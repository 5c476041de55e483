#include "services/dynamodb/item_write.h"

#include "base/check.h"
#include "catalog/item_change.h"
#include "catalog/keys.h"
#include "items/attribute_value.h"
#include "items/item_codec.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/ongoing.h"
#include "services/meter.h"
#include "services/shape.h"
#include "services/storage_failure.h"

bool item_write_begin(struct request *request, const struct table *table, const struct item *key,
                      struct item_write *write)
{
    struct stored stored;

    *write = (struct item_write){.table = table};
    capacity_init(&write->capacity, request->arena, table);
    write->key = keys_entry(request->arena, table, NULL, key);
    enum storage_status status =
        storage_get(request->server->storage, request->snapshot, write->key, &stored);
    write->version = stored.version;
    write->exists = status == STORAGE_OK;
    if (write->exists) {
        write->old_stored = arena_copy(request->arena, stored.value);
        write->old_size = item_encoded_size(write->old_stored);
    }
    stored_release(&stored);
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

const struct item *item_write_old(struct request *request, struct item_write *write)
{
    if (write->exists && !write->old_decoded) {
        if (!item_decode(request->arena, write->old_stored, &write->old)) {
            (void)storage_failure(&request->failure, STORAGE_CORRUPT);
            return NULL;
        }
        write->old_decoded = true;
    }
    return &write->old;
}

bool item_write_check(struct request *request, struct item_write *write, const struct condition *condition)
{
    return item_write_check_as(request, request->body, write, condition);
}

bool item_write_check_as(struct request *request, const struct json *object, struct item_write *write,
                         const struct condition *condition)
{
    if (ongoing_has(request->server->ongoing, write->key)) {
        meter_add(request, write->table, NULL, METRIC_CONFLICT, 1);
        return fail(&request->failure, ERROR_TRANSACTION_CONFLICT, "Transaction is ongoing for the item");
    }
    if (condition == NULL)
        return true;
    const struct item *old = item_write_old(request, write);
    if (old == NULL)
        return false;
    if (condition_holds(condition, old))
        return true;
    /* AWS: "If the condition expression evaluates to false, DynamoDB still consumes write capacity units." */
    capacity_add(&write->capacity, NULL, capacity_of_write(write->old_size));
    if (!capacity_take(request, &write->capacity, OPERATION_WRITE))
        return false;
    meter_add(request, write->table, NULL, METRIC_CONDITION_FAILED, 1);
    struct slice wanted = shape_text(object, "ReturnValuesOnConditionCheckFailure");
    if (write->exists && wanted.ptr != NULL && slice_is(wanted, "ALL_OLD")) {
        struct buffer members;
        buffer_init(&members);
        buffer_append_string(&members, ",\"Item\":");
        item_to_json(&members, old);
        request->failure.members = arena_copy(request->arena, buffer_slice(&members));
        buffer_finish(&members);
    }
    return fail(&request->failure, ERROR_CONDITIONAL_CHECK_FAILED, "The conditional request failed");
}

static bool too_large(struct request *request)
{
    return fail(&request->failure, ERROR_VALIDATION,
                "Item size to update has exceeded the maximum allowed size");
}

bool item_write_update(struct request *request, struct item_write *write, const struct item *key,
                       const struct update *update, struct item *new_item)
{
    const struct item *old = item_write_old(request, write);

    if (old == NULL)
        return false;
    const struct item *base = write->exists ? old : key;
    *new_item = *base;
    if (update != NULL && !update_apply(request->arena, update, base, new_item, &request->failure))
        return false;
    /* AWS: API reference, AttributeValueUpdate, when there is no item: "DELETE - Nothing happens". */
    if (!write->exists && update != NULL && update_only_removes(update))
        *new_item = (struct item){0};
    if (item_size(new_item) > ITEM_SIZE_LIMIT)
        return too_large(request);
    if (!input_check_updated_keys(request, write->table, new_item, &write->old) ||
        (update != NULL && !input_check_taken_away(request, write->table, update)))
        return false;
    return index_fits_local(request->arena, write->table, new_item) || too_large(request);
}

/* ---- the change ---- */

/* The units that the change of an entry uses. AWS: "Using GSIs", write capacity: an entry that moves is
 * written twice. */
static void charge_entry(struct capacity *capacity, const struct entry_change *entry)
{
    bool stays = entry->old_size > 0 && entry->new_size > 0 && !entry->moves;
    size_t larger = entry->old_size > entry->new_size ? entry->old_size : entry->new_size;

    if (!entry->changes)
        return;
    if (stays) {
        capacity_add(capacity, entry->index, capacity_of_write(larger));
        return;
    }
    if (entry->old_size > 0)
        capacity_add(capacity, entry->index, capacity_of_write(entry->old_size));
    if (entry->new_size > 0)
        capacity_add(capacity, entry->index, capacity_of_write(entry->new_size));
}

bool item_write_commit(struct request *request, struct item_write *write, const struct item *new_item)
{
    struct item_change change = {
        .table = write->table, .key = write->key, .version = write->version, .old_stored = write->old_stored};
    const struct batch mark = request->batch;
    size_t new_size = 0;

    if (new_item != NULL && new_item->count > 0) {
        change.new = new_item;
        change.new_stored = item_change_encode(request->arena, new_item);
        new_size = item_encoded_size(change.new_stored);
    }
    capacity_add(&write->capacity, NULL,
                 capacity_of_write(write->old_size > new_size ? write->old_size : new_size));
    /* A write that changes nothing is none: it happened when the item was read. It is paid for all the same.
     */
    if (item_change_is_none(request->arena, &change))
        return capacity_take(request, &write->capacity, OPERATION_WRITE);
    if (item_change_reads_old(write->table) && item_write_old(request, write) == NULL)
        return false;
    change.old = write->old_decoded ? &write->old : NULL;
    enum storage_status status = item_change_put(request->server->storage, &request->batch, &change);
    for (size_t i = 0; i < change.entry_count; i++)
        charge_entry(&write->capacity, &change.entries[i]);
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    if (capacity_take(request, &write->capacity, OPERATION_WRITE))
        return true;
    batch_rewind(&request->batch, &mark);
    return false;
}

/* ---- the answer ---- */

bool item_write_has_collections(const struct table *table)
{
    for (size_t i = 0; i < table->index_count; i++) {
        if (table->indexes[i].kind == INDEX_LOCAL)
            return true;
    }
    return false;
}

void item_write_collection_metrics(struct buffer *out, const struct table *table, const struct item *key)
{
    struct slice name = table->keys.partition[0].name;

    buffer_append_string(out, "{\"ItemCollectionKey\":{");
    json_write_string(out, name);
    buffer_append_byte(out, ':');
    value_to_json(out, item_get(key, name));
    /* AWS estimates; the bounds are whole gigabytes, and this server's collections are far below the second.
     */
    buffer_append_string(out, "},\"SizeEstimateRangeGB\":[0.0,1.0]}");
}

void item_write_respond(struct request *request, bool *first, const struct item_write *write,
                        const struct item *key)
{
    struct slice metrics = shape_text(request->body, "ReturnItemCollectionMetrics");

    capacity_respond(request, first, &write->capacity, shape_text(request->body, "TableName"));
    if (metrics.ptr != NULL && slice_is(metrics, "SIZE") && item_write_has_collections(write->table)) {
        json_write_name(request->out, first, "ItemCollectionMetrics");
        item_write_collection_metrics(request->out, write->table, key);
    }
}

void item_write_attributes(struct request *request, bool *first, const struct item *item)
{
    if (item->count == 0)
        return;
    json_write_name(request->out, first, "Attributes");
    item_to_json(request->out, item);
}
