/* Pruning: away with the undo records that no backup, no restore and no recovery window needs any more. */
#include "base/buffer.h"
#include "catalog/backups.h"
#include "catalog/catalog.h"
#include "catalog/history.h"
#include "catalog/keys.h"

enum { PRUNE_RECORDS = 1000 }; /* of one commit */

/*
 * What a restore asks for was in the window when it was asked for. So that it is still there when the request
 * is committed, records stay a little longer than the window says.
 */
static const int64_t grace = (int64_t)60 * 60 * 1000;

/* One pass over the history of one table. */
struct pruning {
    struct task *task;
    uint32_t table_id;
    const struct needs *needs; /* of all tables */
    struct moment kept_since;  /* all records after it are needed */
    struct buffer place;       /* of the last record */
    struct history_undo last;  /* the record before, if it is of the same place; its slices do not live */
    struct arena arena;
    struct batch batch;
    unsigned count; /* of the records in the batch */
};

/* Whether reading the item as it was just after the moment needs this record: the oldest after it. */
static bool answers(const struct pruning *pruning, const struct history_undo *undo, bool is_first,
                    const struct moment *moment)
{
    return history_undo_is_after(undo, moment) &&
           (is_first || !history_undo_is_after(&pruning->last, moment));
}

static bool is_needed(const struct pruning *pruning, const struct history_undo *undo)
{
    bool is_first = !slice_equal(undo->place, buffer_slice(&pruning->place));

    if (history_undo_is_after(undo, &pruning->kept_since))
        return true;
    for (size_t i = 0; i < pruning->needs->count; i++) {
        const struct need *need = &pruning->needs->list[i];
        if (need->table_id == pruning->table_id && answers(pruning, undo, is_first, &need->moment))
            return true;
    }
    return false;
}

/* Nobody changes an undo record, and who will need one that is there needs it already: no guards. */
static enum outcome commit(struct pruning *pruning)
{
    enum outcome outcome = TASK_DONE;

    if (pruning->count > 0)
        outcome = task_outcome(storage_commit_wait(pruning->task->storage, &pruning->batch));
    arena_reset(&pruning->arena);
    batch_init(&pruning->batch, &pruning->arena);
    pruning->count = 0;
    return outcome;
}

static enum outcome prune_record(struct pruning *pruning, struct slice key, struct slice value)
{
    struct history_undo undo;

    if (!history_undo_read(key, value, &undo))
        return TASK_FAILED;
    if (!is_needed(pruning, &undo)) {
        batch_delete(&pruning->batch, arena_copy(&pruning->arena, key));
        pruning->count++;
    }
    pruning->last = undo;
    pruning->place.len = 0;
    buffer_append(&pruning->place, undo.place);
    return pruning->count == PRUNE_RECORDS ? commit(pruning) : TASK_DONE;
}

static enum outcome prune_table(struct pruning *pruning, const struct snapshot *snapshot)
{
    struct slice key, value;
    enum outcome outcome = TASK_DONE;
    enum storage_status status = STORAGE_OK;

    arena_init(&pruning->arena);
    buffer_init(&pruning->place);
    batch_init(&pruning->batch, &pruning->arena);
    struct key_range range = keys_histories(&pruning->arena, pruning->table_id);
    struct cursor *cursor = cursor_create(pruning->task->storage, snapshot, range.from, range.to, FORWARD);
    while (outcome == TASK_DONE && !task_is_stopping(pruning->task) &&
           (status = cursor_next(cursor, &key, &value)) == STORAGE_OK)
        outcome = prune_record(pruning, key, value);
    cursor_destroy(cursor);
    if (outcome == TASK_DONE && status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        outcome = TASK_FAILED;
    if (outcome == TASK_DONE)
        outcome = commit(pruning);
    buffer_finish(&pruning->place);
    arena_finish(&pruning->arena);
    return outcome;
}

/* Since when the table's recovery window needs all records: never if it has none; of one without a beginning,
 * all. */
static enum storage_status kept_since(struct task *task, const struct snapshot *snapshot,
                                      const struct table *table, int64_t now, struct moment *out)
{
    int64_t earliest;

    *out = (struct moment){.time = INT64_MAX};
    if (table->recovery.days == 0)
        return STORAGE_OK;
    enum storage_status status = recovery_earliest(task->storage, snapshot, table, now, &earliest);
    out->time = earliest == INT64_MAX ? INT64_MIN : earliest - grace;
    return status;
}

/* One pass over all tables: what the snapshot says of needs is what is pruned by. */
struct pass {
    struct task *task;
    const struct snapshot *snapshot;
    struct needs needs;
    int64_t now;
};

static enum outcome prune_live(struct pass *pass, const struct table *table)
{
    struct pruning pruning = {.task = pass->task, .table_id = table->id, .needs = &pass->needs};

    if (kept_since(pass->task, pass->snapshot, table, pass->now, &pruning.kept_since) != STORAGE_OK)
        return TASK_FAILED;
    enum outcome outcome = prune_table(&pruning, pass->snapshot);
    if (outcome != TASK_DONE || !table->keeps_history || table->recovery.days > 0 ||
        needs_have(&pass->needs, table->id))
        return outcome;
    struct table *clone = table_clone(table);
    clone->keeps_history = false;
    outcome = task_publish(pass->task, clone);
    return outcome == TASK_AGAIN ? TASK_DONE : outcome; /* somebody needs it now, or the next pass tells */
}

static enum outcome prune_described(struct pass *pass, struct slice descriptor_key)
{
    struct stored stored;
    struct table *table = NULL;

    enum storage_status status = storage_get(pass->task->storage, pass->snapshot, descriptor_key, &stored);
    if (status == STORAGE_OK)
        table = table_read_descriptor(stored.value);
    if (table != NULL)
        table->version = stored.version;
    stored_release(&stored);
    if (table == NULL)
        return TASK_FAILED;
    enum outcome outcome = prune_live(pass, table);
    table_release(table);
    return outcome;
}

/* What a deleted table left is kept for its backups alone. */
static enum outcome prune_deleted(struct pass *pass, struct slice mark)
{
    struct pruning pruning = {.task = pass->task,
                              .table_id = keys_erasure_table(mark),
                              .needs = &pass->needs,
                              .kept_since = {.time = INT64_MAX}};

    return prune_table(&pruning, pass->snapshot);
}

static enum outcome prune_each(struct pass *pass, struct key_range range,
                               enum outcome (*prune)(struct pass *pass, struct slice key))
{
    struct cursor *cursor = cursor_create(pass->task->storage, pass->snapshot, range.from, range.to, FORWARD);
    struct slice key, value;
    enum outcome outcome = TASK_DONE;
    enum storage_status status = STORAGE_OK;

    while (outcome == TASK_DONE && !task_is_stopping(pass->task) &&
           (status = cursor_next(cursor, &key, &value)) == STORAGE_OK)
        outcome = prune(pass, key);
    cursor_destroy(cursor);
    if (outcome == TASK_DONE && status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        outcome = TASK_FAILED;
    return outcome;
}

/* Removes a SYSTEM backup whose time is over; *removed then. */
static enum outcome expire_backup(struct task *task, struct slice id, int64_t now, bool *removed)
{
    struct backup backup;
    struct arena arena;
    struct batch batch;
    enum outcome outcome = TASK_DONE;

    arena_init(&arena);
    enum storage_status status = backup_read(task->storage, NULL, id, &arena, &backup);
    if (status == STORAGE_OK && backup.expires > 0 && backup.expires <= now) {
        batch_init(&batch, &arena);
        struct slice key = keys_backup(&arena, id);
        batch_guard(&batch, key, backup.version);
        batch_delete(&batch, key);
        outcome = task_outcome(storage_commit_wait(task->storage, &batch));
        *removed = true;
    }
    backup_finish(&backup);
    arena_finish(&arena);
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND ? outcome : TASK_FAILED;
}

static enum outcome expire_backups(struct task *task, int64_t now)
{
    struct key_range range = keys_backups();
    struct cursor *cursor = cursor_create(task->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum outcome outcome = TASK_DONE;
    enum storage_status status = STORAGE_OK;
    bool removed = false;

    while (outcome == TASK_DONE && (status = cursor_next(cursor, &key, &value)) == STORAGE_OK)
        outcome = expire_backup(task, keys_backup_id(key), now, &removed);
    cursor_destroy(cursor);
    if (outcome == TASK_DONE && status != STORAGE_NOT_FOUND)
        outcome = TASK_FAILED;
    if (removed)
        catalog_wake(task->catalog); /* the items of the table that it was of */
    return outcome;
}

enum outcome prune_histories(struct task *task, int64_t now)
{
    struct pass pass = {.task = task, .now = now};
    struct arena arena;

    enum outcome outcome = expire_backups(task, now);
    if (outcome != TASK_DONE)
        return outcome;
    arena_init(&arena);
    struct snapshot *snapshot = snapshot_create(task->storage);
    pass.snapshot = snapshot;
    if (needs_read(task->storage, snapshot, &arena, &pass.needs) != STORAGE_OK)
        outcome = TASK_FAILED;
    if (outcome == TASK_DONE)
        outcome = prune_each(&pass, keys_descriptors(), prune_described);
    if (outcome == TASK_DONE)
        outcome = prune_each(&pass, keys_erasures(), prune_deleted);
    snapshot_destroy(task->storage, snapshot);
    arena_finish(&arena);
    return outcome;
}
