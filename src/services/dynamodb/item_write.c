#include "services/dynamodb/item_write.h"

#include "base/check.h"
#include "catalog/keys.h"
#include "items/attribute_value.h"
#include "items/item_codec.h"
#include "services/shape.h"
#include "services/storage_failure.h"

bool item_write_begin(struct request *request, const struct table *table, const struct item *key,
                      struct item_write *write)
{
    struct stored stored;

    *write = (struct item_write){.table = table};
    capacity_init(&write->capacity, request->arena, table);
    write->key = keys_entry(request->arena, table, NULL, key);
    enum storage_status status = storage_get(request->server->storage, NULL, write->key, &stored);
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
    if (condition == NULL)
        return true;
    const struct item *old = item_write_old(request, write);
    if (old == NULL)
        return false;
    if (condition_holds(condition, old))
        return true;
    struct slice wanted = shape_text(request->body, "ReturnValuesOnConditionCheckFailure");
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

/* ---- the change ---- */

static struct slice encode(struct arena *arena, const struct item *item)
{
    struct buffer encoded;

    buffer_init(&encoded);
    item_encode(&encoded, item);
    struct slice kept = arena_copy(arena, buffer_slice(&encoded));
    buffer_finish(&encoded);
    return kept;
}

/* An entry of an index as it is before or after the change. */
struct entry {
    bool exists;
    struct slice key;
    struct slice stored;
    size_t size;
};

static struct entry entry_of(struct arena *arena, const struct table *table, const struct index *index,
                             const struct item *item)
{
    struct entry entry = {0};

    if (item == NULL || !index_has_entry(index, item))
        return entry;
    struct item projected = index_project(arena, table, index, item);
    entry.exists = true;
    entry.key = keys_entry(arena, table, index, item);
    entry.stored = encode(arena, &projected);
    entry.size = item_encoded_size(entry.stored);
    return entry;
}

/*
 * While an index is being filled, the entry that an old item should have may not be there yet. The counters
 * must not count it out then, so it is looked up, under a guard. Returns false with the failure set if it
 * cannot be read.
 */
static bool find_unfilled(struct request *request, struct entry *entry)
{
    struct stored stored;

    enum storage_status status = storage_get(request->server->storage, NULL, entry->key, &stored);
    batch_guard(&request->batch, entry->key, stored.version);
    stored_release(&stored);
    entry->exists = status == STORAGE_OK;
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

/* The units that the change of an entry uses. AWS: "Using GSIs", write capacity: an entry that moves is
 * written twice. */
static void charge_entry(struct capacity *capacity, const struct index *index, const struct entry *old,
                         const struct entry *new)
{
    bool same_key = old->exists && new->exists &&slice_equal(old->key, new->key);

    if (same_key) {
        if (!slice_equal(old->stored, new->stored))
            capacity_add(capacity, index, capacity_of_write(old->size > new->size ? old->size : new->size));
        return;
    }
    if (old->exists)
        capacity_add(capacity, index, capacity_of_write(old->size));
    if (new->exists)
        capacity_add(capacity, index, capacity_of_write(new->size));
}

static bool change_entry(struct request *request, struct item_write *write, const struct index *index,
                         const struct item *new_item)
{
    struct arena *arena = request->arena;
    struct batch *batch = &request->batch;
    struct entry old = entry_of(arena, write->table, index, write->exists ? &write->old : NULL);
    struct entry new = entry_of(arena, write->table, index, new_item);

    charge_entry(&write->capacity, index, &old, &new);
    if (old.exists && index->status == INDEX_CREATING && !find_unfilled(request, &old))
        return false;
    bool moves = old.exists && (!new.exists || !slice_equal(old.key, new.key));
    bool changes = new.exists && (!old.exists || moves || !slice_equal(old.stored, new.stored));
    if (moves)
        batch_delete(batch, old.key);
    if (changes)
        batch_put(batch, new.key, new.stored);
    int64_t items = (int64_t) new.exists - (int64_t)old.exists;
    int64_t bytes = (int64_t)(new.exists ? new.size : 0) - (int64_t)(old.exists ? old.size : 0);
    if (items != 0 || bytes != 0)
        batch_count(batch, keys_counters(arena, write->table, index), items, bytes);
    return true;
}

bool item_write_commit(struct request *request, struct item_write *write, const struct item *new_item)
{
    struct batch *batch = &request->batch;
    const struct table *table = write->table;
    struct slice stored = {0};
    size_t new_size = 0;

    if (new_item != NULL) {
        stored = encode(request->arena, new_item);
        new_size = item_encoded_size(stored);
    }
    capacity_add(&write->capacity, NULL,
                 capacity_of_write(write->old_size > new_size ? write->old_size : new_size));
    /* A write that changes nothing is none: it happened when the item was read. */
    if (write->exists ? new_item != NULL && slice_equal(stored, write->old_stored) : new_item == NULL)
        return true;
    if (table->index_count > 0 && item_write_old(request, write) == NULL)
        return false;
    batch_guard(batch, keys_descriptor(request->arena, table->name), table->version);
    batch_guard(batch, write->key, write->version);
    if (new_item != NULL)
        batch_put(batch, write->key, stored);
    else
        batch_delete(batch, write->key);
    int64_t items = (int64_t)(new_item != NULL) - (int64_t)write->exists;
    int64_t bytes = (int64_t)new_size - (int64_t)write->old_size;
    if (items != 0 || bytes != 0)
        batch_count(batch, keys_counters(request->arena, table, NULL), items, bytes);
    for (size_t i = 0; i < table->index_count; i++) {
        if (table->indexes[i].status != INDEX_DELETING &&
            !change_entry(request, write, &table->indexes[i], new_item))
            return false;
    }
    return true;
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
