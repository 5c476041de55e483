#include "catalog/expiry.h"

#include "catalog/keys.h"
#include "items/item_codec.h"

enum { SWEEP_ITEMS = 100, SWEEP_BYTES = 4 * 1024 * 1024 };

/* Five years, as AWS counts what is too long ago to be meant. */
#define FORGOTTEN_SECONDS INT64_C(157680000)

bool expiry_of(struct slice attribute, const struct item *item, int64_t *second)
{
    const struct value *value = item_get(item, attribute);

    return value != NULL && value->type == VALUE_N && number_floor(&value->number, second) && *second > 0;
}

bool expiry_is_kept(const struct table *table)
{
    return table->time_to_live.status == TTL_ENABLING || table->time_to_live.status == TTL_ENABLED;
}

/* The key of the item's entry; an empty slice if it has none. */
static struct slice entry_of(struct arena *arena, const struct table *table, struct slice item_key,
                             const struct item *item)
{
    int64_t second;

    if (item == NULL || !expiry_of(table->time_to_live.attribute, item, &second))
        return (struct slice){0};
    return keys_expiry(arena, item_key, (uint64_t)second);
}

/* An entry says all in its key. */
static void put_entry(struct batch *batch, struct slice key)
{
    batch_put(batch, key, SLICE("1"));
}

void expiry_change(struct batch *batch, const struct item_change *change)
{
    struct slice old = entry_of(batch->arena, change->table, change->key, change->old);
    struct slice new = entry_of(batch->arena, change->table, change->key, change->new);

    if (old.ptr != NULL && (new.ptr == NULL || !slice_equal(old, new)))
        batch_delete(batch, old);
    /* While the table is filled, an entry that should be there may not be; to put it twice does no harm. */
    if (new.ptr != NULL)
        put_entry(batch, new);
}

/* ---- enabling and disabling ---- */

static enum outcome fill_entry(struct task *task, struct batch *batch, const struct table *table,
                               const struct index *index, struct slice item_key)
{
    struct stored stored;
    struct item item;

    (void)index;
    enum storage_status status = storage_get(task->storage, NULL, item_key, &stored);
    struct slice kept = arena_copy(batch->arena, stored.value);
    struct version seen = stored.version;
    stored_release(&stored);
    if (status == STORAGE_NOT_FOUND)
        return TASK_DONE;
    if (status != STORAGE_OK || !item_decode(batch->arena, kept, &item))
        return TASK_FAILED;
    struct slice key = entry_of(batch->arena, table, item_key, &item);
    if (key.ptr == NULL)
        return TASK_DONE;
    /* Items that are written meanwhile enter themselves, so they need not hold this up. */
    status = storage_get(task->storage, NULL, key, &stored);
    stored_release(&stored);
    if (status != STORAGE_NOT_FOUND)
        return task_outcome(status);
    batch_guard(batch, item_key, seen);
    put_entry(batch, key);
    return TASK_DONE;
}

static enum outcome publish_status(struct task *task, const struct table *table, enum ttl_status status)
{
    struct table *clone = table_clone(table);

    clone->time_to_live.status = status;
    if (status == TTL_DISABLED)
        clone->time_to_live.attribute = SLICE("");
    return task_publish(task, clone);
}

enum outcome expiry_fill(struct task *task, struct table *table)
{
    enum outcome outcome = fill_from_items(task, table, NULL, fill_entry);

    return outcome == TASK_DONE ? publish_status(task, table, TTL_ENABLED) : outcome;
}

enum outcome expiry_erase(struct task *task, struct table *table)
{
    struct arena arena;

    arena_init(&arena);
    struct key_range range = keys_expiries(&arena, table, 0, UINT64_MAX);
    enum outcome outcome = task_outcome(storage_erase(task->storage, range.from, range.to));
    arena_finish(&arena);
    return outcome == TASK_DONE ? publish_status(task, table, TTL_DISABLED) : outcome;
}

/* ---- removing ---- */

/* Adds the removal of the item to the batch, if it is there and its time is over. */
static enum outcome remove_item(struct task *task, struct batch *batch, const struct table *table,
                                struct slice item_key, int64_t due)
{
    struct item_change change = {.table = table, .key = item_key, .author = BY_TIME_TO_LIVE};
    struct stored stored;
    struct item item;
    int64_t second;

    enum storage_status status = storage_get(task->storage, NULL, item_key, &stored);
    change.version = stored.version;
    change.old_stored = arena_copy(batch->arena, stored.value);
    stored_release(&stored);
    if (status == STORAGE_NOT_FOUND) /* the entry is gone by now, too */
        return TASK_DONE;
    if (status != STORAGE_OK || !item_decode(batch->arena, change.old_stored, &item))
        return TASK_FAILED;
    if (!expiry_of(table->time_to_live.attribute, &item, &second) || second > due)
        return TASK_DONE;
    change.old = &item;
    return task_outcome(item_change_put(task->storage, batch, &change));
}

/* Removes up to `limit` items in one commit; *more tells whether others are due. */
static enum outcome remove_some(struct task *task, struct table *table, int64_t due, unsigned limit,
                                bool *more)
{
    struct arena arena;
    struct batch batch;
    struct slice key, value;
    enum outcome outcome = TASK_DONE;
    enum storage_status status = STORAGE_OK;
    unsigned count = 0;

    arena_init(&arena);
    batch_init(&batch, &arena);
    uint64_t from = due > FORGOTTEN_SECONDS ? (uint64_t)(due - FORGOTTEN_SECONDS) : 0;
    struct key_range range = keys_expiries(&arena, table, from, (uint64_t)due);
    struct cursor *cursor = cursor_create(task->storage, NULL, range.from, range.to, FORWARD);
    while (outcome == TASK_DONE && count < limit && batch.bytes < SWEEP_BYTES) {
        status = cursor_next(cursor, &key, &value);
        if (status != STORAGE_OK)
            break;
        outcome = remove_item(task, &batch, table, keys_expiry_item(&arena, key), due);
        count++;
    }
    cursor_destroy(cursor);
    *more = status == STORAGE_OK;
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        outcome = TASK_FAILED;
    if (outcome == TASK_DONE && !batch_is_empty(&batch))
        outcome = task_outcome(storage_commit_wait(task->storage, &batch));
    arena_finish(&arena);
    return outcome;
}

enum outcome expiry_sweep(struct task *task, struct table *table, int64_t now)
{
    enum outcome outcome = TASK_DONE;
    bool more = table->time_to_live.status == TTL_ENABLED;
    unsigned limit = SWEEP_ITEMS;

    /* AWS: an item expires when the current time is greater than its time. */
    int64_t due = now / 1000 - 1;
    while (more && outcome != TASK_FAILED && !task_is_stopping(task)) {
        outcome = remove_some(task, table, due, limit, &more);
        if (outcome == TASK_AGAIN && limit == 1)
            break; /* somebody writes this very item, or changed the table: the next round will see */
        /* One item that others write must not hold up the rest for ever. */
        limit = outcome == TASK_AGAIN ? 1 : SWEEP_ITEMS;
        more = more || outcome == TASK_AGAIN;
    }
    return outcome == TASK_FAILED ? TASK_FAILED : TASK_DONE;
}
