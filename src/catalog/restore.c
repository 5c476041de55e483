/*
 * Restoring a table: a walk over another one as it was, written as new items, index entries and counters.
 *
 * It goes in the order of the items' places, in commits that happen as a whole: so the last item of the new
 * table tells where to go on after a crash. Nobody else writes to a table that is being restored.
 */
#include "base/buffer.h"
#include "catalog/backups.h"
#include "catalog/catalog.h"
#include "catalog/history.h"
#include "catalog/item_change.h"
#include "catalog/keys.h"
#include "items/item_codec.h"

/* One commit. Items take more memory read than stored, hence a bound of its own. */
enum { RESTORE_ITEMS = 1000, RESTORE_BYTES = 4 * 1024 * 1024, RESTORE_MEMORY = 32 * 1024 * 1024 };

/* The place of the last item that was restored; empty if there is none. */
static enum storage_status find_last(struct task *task, const struct table *table, struct buffer *place)
{
    struct arena arena;
    struct slice key, value;

    arena_init(&arena);
    struct key_range range = keys_items(&arena, table->id);
    struct cursor *cursor = cursor_create(task->storage, NULL, range.from, range.to, BACKWARD);
    enum storage_status status = cursor_next(cursor, &key, &value);
    if (status == STORAGE_OK)
        buffer_append(place, keys_place(key));
    cursor_destroy(cursor);
    arena_finish(&arena);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

static enum storage_status restore_item(struct task *task, struct batch *batch, const struct table *table,
                                        struct slice key, struct slice stored, struct version absent)
{
    struct item item;
    struct item_change change = {.table = table, .key = key, .version = absent, .new = &item};

    change.new_stored = arena_copy(batch->arena, stored);
    if (!item_decode(batch->arena, change.new_stored, &item))
        return STORAGE_CORRUPT;
    return item_change_put(task->storage, batch, &change);
}

/* One commit: the items of the walk from behind *place on, which moves on; *end when there are no more. */
static enum outcome restore_some(struct task *task, const struct table *table, struct buffer *place,
                                 bool *end)
{
    struct history_item item;
    struct arena arena;
    struct batch batch;
    struct stored absent;

    arena_init(&arena);
    batch_init(&batch, &arena);
    struct history_walk *walk = history_walk_create(task->storage, NULL, table->restore.source_id, NULL,
                                                    &table->restore.moment, buffer_slice(place));
    enum storage_status status = history_walk_next(walk, &item);
    for (unsigned i = 0; status == STORAGE_OK; i++) {
        struct slice key = keys_item_at(&arena, table->id, item.place);
        if (i == 0) { /* what is true of the first is true of all: nothing was ever behind the last item */
            status = storage_get(task->storage, NULL, key, &absent);
            stored_release(&absent);
            if (status != STORAGE_NOT_FOUND) {
                status = status == STORAGE_OK ? STORAGE_CONFLICT : status;
                break;
            }
        }
        status = restore_item(task, &batch, table, key, item.after, absent.version);
        place->len = 0;
        buffer_append(place, item.place);
        if (status != STORAGE_OK || i + 1 == RESTORE_ITEMS || batch.bytes >= RESTORE_BYTES ||
            arena.allocated >= RESTORE_MEMORY)
            break;
        status = history_walk_next(walk, &item);
    }
    history_walk_destroy(walk);
    *end = status == STORAGE_NOT_FOUND;
    enum outcome outcome = *end ? TASK_DONE : task_outcome(status);
    if (outcome == TASK_DONE && !batch_is_empty(&batch))
        outcome = task_outcome(storage_commit_wait(task->storage, &batch));
    arena_finish(&arena);
    return outcome;
}

enum outcome restore_table(struct task *task, struct table *table)
{
    struct buffer place;
    bool end = false;

    if (!table_is_restoring(table))
        return TASK_DONE;
    buffer_init(&place);
    enum outcome outcome = task_outcome(find_last(task, table, &place));
    while (outcome == TASK_DONE && !end && !task_is_stopping(task))
        outcome = restore_some(task, table, &place, &end);
    buffer_finish(&place);
    if (outcome != TASK_DONE || !end)
        return task_worse(outcome, TASK_AGAIN);
    struct table *clone = table_clone(table);
    clone->status = TABLE_ACTIVE;
    outcome = task_publish(task, clone);
    catalog_wake(task->catalog); /* what waits for its source */
    return outcome;
}
