#include "catalog/item_change.h"

#include "base/buffer.h"
#include "catalog/expiry.h"
#include "catalog/history.h"
#include "catalog/keys.h"
#include "catalog/stream.h"
#include "items/item_codec.h"

struct slice item_change_encode(struct arena *arena, const struct item *item)
{
    struct buffer encoded;

    buffer_init(&encoded);
    item_encode(&encoded, item);
    struct slice kept = arena_copy(arena, buffer_slice(&encoded));
    buffer_finish(&encoded);
    return kept;
}

bool item_change_reads_old(const struct table *table)
{
    return table->index_count > 0 || expiry_is_kept(table) || table->stream.view != STREAM_OFF;
}

/* Whether two stored forms are of the same item: attributes and the elements of sets are in no order, and so
 * may be stored in different ones. */
static bool same_item(struct arena *arena, struct slice a, struct slice b)
{
    struct value before = {.type = VALUE_M}, after = {.type = VALUE_M};

    if (a.len != b.len || slice_equal(a, b))
        return a.len == b.len;
    return item_decode(arena, a, &before.map) && item_decode(arena, b, &after.map) &&
           value_equal(&before, &after);
}

bool item_change_is_none(struct arena *arena, const struct item_change *change)
{
    if (change->old_stored.ptr == NULL || change->new_stored.ptr == NULL)
        return change->old_stored.ptr == change->new_stored.ptr;
    return same_item(arena, change->old_stored, change->new_stored);
}

static size_t size_of(struct slice stored)
{
    return stored.ptr == NULL ? 0 : item_encoded_size(stored);
}

static void count(struct batch *batch, const struct table *table, const struct index *index, size_t old_size,
                  size_t new_size)
{
    /* No item is empty: a size of 0 is an absence. */
    int64_t items = (int64_t)(new_size > 0) - (int64_t)(old_size > 0);
    int64_t bytes = (int64_t)new_size - (int64_t)old_size;

    if (items != 0 || bytes != 0)
        batch_count(batch, keys_counters(batch->arena, table, index), items, bytes);
}

/* ---- indexes ---- */

/* An entry of an index as it is before or after the change; `stored` is empty if there is none. */
struct entry {
    struct slice key;
    struct slice stored;
};

static struct entry entry_of(struct arena *arena, const struct table *table, const struct index *index,
                             const struct item *item)
{
    struct entry entry = {0};

    if (item == NULL || !index_has_entry(index, item))
        return entry;
    struct item projected = index_project(arena, table, index, item);
    entry.key = keys_entry(arena, table, index, item);
    entry.stored = item_change_encode(arena, &projected);
    return entry;
}

/*
 * While an index is being filled, the entry that an old item should have may not be there yet. The counters
 * must not count it out then, so it is looked up, under a guard.
 */
static enum storage_status find_unfilled(struct storage *storage, struct batch *batch, struct entry *entry)
{
    struct stored stored;

    enum storage_status status = storage_get(storage, NULL, entry->key, &stored);
    batch_guard(batch, entry->key, stored.version);
    stored_release(&stored);
    if (status == STORAGE_NOT_FOUND)
        *entry = (struct entry){0};
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

static enum storage_status change_entry(struct storage *storage, struct batch *batch,
                                        const struct item_change *change, struct entry_change *out)
{
    const struct table *table = change->table;
    const struct index *index = out->index;
    struct entry old = entry_of(batch->arena, table, index, change->old);
    struct entry new = entry_of(batch->arena, table, index, change->new);

    out->old_size = size_of(old.stored);
    out->new_size = size_of(new.stored);
    out->moves = old.stored.ptr != NULL && (new.stored.ptr == NULL || !slice_equal(old.key, new.key));
    out->changes =
        out->moves || (new.stored.ptr != NULL &&
                       (old.stored.ptr == NULL || !same_item(batch->arena, old.stored, new.stored)));
    if (old.stored.ptr != NULL && index->status == INDEX_CREATING) {
        enum storage_status status = find_unfilled(storage, batch, &old);
        if (status != STORAGE_OK)
            return status;
    }
    bool there = old.stored.ptr != NULL;
    if (there && out->moves)
        batch_delete(batch, old.key);
    if (new.stored.ptr != NULL && (!there || out->changes))
        batch_put(batch, new.key, new.stored);
    count(batch, table, index, size_of(old.stored), size_of(new.stored));
    return STORAGE_OK;
}

static enum storage_status change_entries(struct storage *storage, struct batch *batch,
                                          struct item_change *change)
{
    const struct table *table = change->table;

    change->entries = arena_array(batch->arena, struct entry_change, table->index_count);
    change->entry_count = 0;
    for (size_t i = 0; i < table->index_count; i++) {
        if (table->indexes[i].status == INDEX_DELETING)
            continue;
        struct entry_change *entry = &change->entries[change->entry_count++];
        *entry = (struct entry_change){.index = &table->indexes[i]};
        enum storage_status status = change_entry(storage, batch, change, entry);
        if (status != STORAGE_OK)
            return status;
    }
    return STORAGE_OK;
}

/* ---- the whole ---- */

enum storage_status item_change_put(struct storage *storage, struct batch *batch, struct item_change *change)
{
    const struct table *table = change->table;

    batch_guard(batch, keys_descriptor(batch->arena, table->name), table->version);
    enum storage_status status = change_entries(storage, batch, change);
    if (table->keeps_history)
        history_record(batch, table->id, change->key, change->old_stored);
    batch_guard(batch, change->key, change->version);
    if (change->new_stored.ptr != NULL)
        batch_put(batch, change->key, change->new_stored);
    else
        batch_delete(batch, change->key);
    count(batch, table, NULL, size_of(change->old_stored), size_of(change->new_stored));
    if (expiry_is_kept(table))
        expiry_change(batch, change);
    stream_append(batch, change);
    return status;
}
