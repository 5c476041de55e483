/* Erasing: what nobody can reach any more, the entries of removed indexes, all that deleted tables left, and
 * old tokens. */
#include "catalog/backups.h"
#include "catalog/catalog.h"
#include "catalog/keys.h"
#include "catalog/task.h"

enum outcome erase_index(struct task *task, struct table *table, const struct index *index)
{
    struct arena arena;
    struct batch batch;

    arena_init(&arena);
    struct key_range range = keys_space(&arena, table, index);
    enum outcome outcome = task_outcome(storage_erase(task->storage, range.from, range.to));
    if (outcome == TASK_DONE) {
        batch_init(&batch, &arena);
        batch_delete(&batch, keys_counters(&arena, table, index));
        outcome = task_outcome(storage_commit_wait(task->storage, &batch));
    }
    arena_finish(&arena);
    if (outcome != TASK_DONE)
        return outcome;
    struct table *clone = table_clone(table);
    size_t place = (size_t)(table_index_mutable(clone, index->name) - clone->indexes);
    clone->index_count--;
    memmove(&clone->indexes[place], &clone->indexes[place + 1],
            (clone->index_count - place) * sizeof(clone->indexes[0]));
    table_drop_unused_definitions(clone);
    return task_publish(task, clone);
}

static enum outcome erase_table(struct task *task, struct slice mark)
{
    struct arena arena;
    struct batch batch;

    arena_init(&arena);
    struct key_range ranges[2];
    keys_of_table(&arena, keys_erasure_table(mark), ranges);
    enum outcome outcome = task_outcome(storage_erase(task->storage, ranges[0].from, ranges[0].to));
    if (outcome == TASK_DONE)
        outcome = task_outcome(storage_erase(task->storage, ranges[1].from, ranges[1].to));
    if (outcome == TASK_DONE) {
        batch_init(&batch, &arena);
        batch_delete(&batch, mark);
        outcome = task_outcome(storage_commit_wait(task->storage, &batch));
    }
    arena_finish(&arena);
    return outcome;
}

enum outcome erase_tables(struct task *task)
{
    struct key_range range = keys_erasures();
    struct snapshot *snapshot = snapshot_create(task->storage);
    struct cursor *cursor = cursor_create(task->storage, snapshot, range.from, range.to, FORWARD);
    struct slice key, value;
    struct needs needs = {0};
    struct arena arena;
    bool needs_known = false;
    enum outcome outcome = TASK_DONE;

    arena_init(&arena);
    while (outcome == TASK_DONE && !task_is_stopping(task) &&
           cursor_next(cursor, &key, &value) == STORAGE_OK) {
        /* Nobody begins to need a table that is deleted: what the snapshot says stays true. */
        if (!needs_known)
            outcome = task_outcome(needs_read(task->storage, snapshot, &arena, &needs));
        needs_known = true;
        if (outcome == TASK_DONE && !needs_have(&needs, keys_erasure_table(key)))
            outcome = erase_table(task, key);
    }
    cursor_destroy(cursor);
    snapshot_destroy(task->storage, snapshot);
    arena_finish(&arena);
    return outcome;
}

enum outcome erase_tokens(struct task *task, int64_t now)
{
    struct arena arena;
    struct slice key, value;

    arena_init(&arena);
    /* They are looked for in the present window and the one before. */
    struct key_range range = keys_tokens_before(&arena, (uint64_t)now / TOKEN_WINDOW - 1);
    struct cursor *cursor = cursor_create(task->storage, NULL, range.from, range.to, FORWARD);
    enum storage_status status = cursor_next(cursor, &key, &value);
    cursor_destroy(cursor);
    enum outcome outcome =
        status == STORAGE_OK ? task_outcome(storage_erase(task->storage, range.from, range.to)) : TASK_DONE;
    arena_finish(&arena);
    return outcome;
}
