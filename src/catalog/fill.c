/* Filling: what a new index, or the expiry of a table, has of the items that were there before it. */
#include "base/check.h"
#include "catalog/catalog.h"
#include "catalog/item_change.h"
#include "catalog/keys.h"
#include "catalog/task.h"
#include "items/item_codec.h"

/* Commits of so many items or bytes: small enough that writers seldom meet one. Items take more memory read
 * than stored, hence a bound of its own. */
enum { FILL_ITEMS = 100, FILL_BYTES = 1024 * 1024, FILL_MEMORY = 16 * 1024 * 1024 };

/*
 * Adds the index entry of one item to the batch, unless the item is gone, has no place in the index, or a
 * writer has added the entry already. Guards the item and the entry that it adds, so that a writer in between
 * makes the commit fail. What is not added needs no guard: since the index is CREATING every writer keeps its
 * own items' entries. So items that are written all the time hold up the filling once at most.
 */
static enum outcome fill_entry(struct task *task, struct batch *batch, const struct table *table,
                               const struct index *index, struct slice item_key)
{
    struct stored stored, existing;
    struct item item;

    enum storage_status status = storage_get(task->storage, NULL, item_key, &stored);
    if (status != STORAGE_OK) {
        stored_release(&stored);
        return status == STORAGE_NOT_FOUND ? TASK_DONE : TASK_FAILED;
    }
    struct slice kept = arena_copy(batch->arena, stored.value);
    struct version seen = stored.version;
    stored_release(&stored);
    if (!item_decode(batch->arena, kept, &item))
        return TASK_FAILED;
    if (!index_has_entry(index, &item))
        return TASK_DONE;
    struct slice key = keys_entry(batch->arena, table, index, &item);
    status = storage_get(task->storage, NULL, key, &existing);
    struct version version = existing.version;
    stored_release(&existing);
    if (status != STORAGE_NOT_FOUND)
        return status == STORAGE_OK ? TASK_DONE : TASK_FAILED;
    struct item projected = index_project(batch->arena, table, index, &item);
    batch_guard(batch, item_key, seen);
    batch_guard(batch, key, version);
    batch_put(batch, key, item_change_encode(batch->arena, &projected));
    batch_count(batch, keys_counters(batch->arena, table, index), 1, (int64_t)item_size(&projected));
    return TASK_DONE;
}

/* One commit: the entries of the next items from *from on, which moves behind them; *end when there are no
 * more. */
static enum outcome fill_some(struct task *task, const struct table *table, const struct index *index,
                              fill_one one, struct buffer *from, bool *end)
{
    struct arena arena;
    struct batch batch;
    struct slice key, value, last = {0};
    enum outcome outcome = TASK_DONE;
    enum storage_status status = STORAGE_OK;

    arena_init(&arena);
    batch_init(&batch, &arena);
    batch_guard(&batch, keys_descriptor(&arena, table->name), table->version);
    struct key_range range = keys_space(&arena, table, NULL);
    struct cursor *cursor = cursor_create(task->storage, NULL, buffer_slice(from), range.to, FORWARD);
    for (unsigned i = 0;
         outcome == TASK_DONE && i < FILL_ITEMS && batch.bytes < FILL_BYTES && arena.allocated < FILL_MEMORY;
         i++) {
        status = cursor_next(cursor, &key, &value);
        if (status != STORAGE_OK)
            break;
        last = arena_copy(&arena, key);
        outcome = one(task, &batch, table, index, last);
    }
    cursor_destroy(cursor);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        outcome = TASK_FAILED;
    if (outcome == TASK_DONE)
        outcome = task_outcome(storage_commit_wait(task->storage, &batch));
    if (outcome == TASK_DONE && last.ptr != NULL) {
        struct slice next = keys_after(&arena, last);
        from->len = 0;
        buffer_append(from, next);
    }
    *end = status == STORAGE_NOT_FOUND;
    arena_finish(&arena);
    return outcome;
}

/* Whether the table is still what the task found. */
static bool is_same(struct task *task, const struct table *table)
{
    struct table *now = catalog_find(task->catalog, table->name);
    bool same = now != NULL && memcmp(&now->version, &table->version, sizeof(now->version)) == 0;

    table_release(now);
    return same;
}

enum outcome fill_from_items(struct task *task, struct table *table, const struct index *index, fill_one one)
{
    struct buffer from;
    struct arena arena;
    bool end = false;
    enum outcome outcome = TASK_DONE;

    arena_init(&arena);
    buffer_init(&from);
    buffer_append(&from, keys_space(&arena, table, NULL).from);
    while (!end && outcome != TASK_FAILED && !task_is_stopping(task)) {
        outcome = fill_some(task, table, index, one, &from, &end);
        if (outcome == TASK_AGAIN) {
            /* An item or the table itself changed. If it was the table, begin again with what it is now. */
            end = false;
            if (!is_same(task, table))
                break;
        }
    }
    buffer_finish(&from);
    arena_finish(&arena);
    return outcome == TASK_DONE && !end ? TASK_AGAIN : outcome;
}

enum outcome fill_index(struct task *task, struct table *table, const struct index *index)
{
    enum outcome outcome = fill_from_items(task, table, index, fill_entry);

    if (outcome != TASK_DONE)
        return outcome;
    struct table *clone = table_clone(table);
    table_index_mutable(clone, index->name)->status = INDEX_ACTIVE;
    return task_publish(task, clone);
}
