#include "stacks/purge.h"

#include "catalog/keys.h"
#include "stacks/change_set.h"

enum { STACKS_LIMIT = 100 }; /* of one round */

static const int64_t kept = STACK_KEPT_DAYS * (int64_t)24 * 60 * 60 * 1000;

/* Change sets are known by their ARNs, too: these keys are not among those of their stack. */
static enum storage_status erase_change_sets(struct storage *storage, struct arena *arena, struct slice uuid)
{
    struct batch batch;

    batch_init(&batch, arena);
    enum storage_status status = change_sets_delete(storage, &batch, uuid, SLICE(""));
    return status == STORAGE_OK && !batch_is_empty(&batch) ? storage_commit_wait(storage, &batch) : status;
}

/* The record goes last, so that what a crash leaves is found again. Nobody writes a stack that is deleted: no
 * guards. */
static enum storage_status erase_stack(struct storage *storage, struct arena *arena, struct slice uuid)
{
    static const enum stack_part parts[] = {STACK_CHANGE_SETS, STACK_EVENTS, STACK_RESOURCES,
                                            STACK_TEMPLATES};
    enum storage_status status = erase_change_sets(storage, arena, uuid);
    struct batch batch;

    for (size_t i = 0; status == STORAGE_OK && i < sizeof(parts) / sizeof(parts[0]); i++) {
        const struct key_range range = keys_stack_range(arena, parts[i], uuid);
        status = storage_erase(storage, range.from, range.to);
    }
    if (status != STORAGE_OK)
        return status;
    batch_init(&batch, arena);
    batch_delete(&batch, stack_wishes_key(arena, uuid));
    batch_delete(&batch, stack_key(arena, uuid));
    return storage_commit_wait(storage, &batch);
}

enum outcome stacks_purge(struct task *task, int64_t now)
{
    enum storage_status status = STORAGE_OK;
    struct slice place = SLICE("");
    struct arena arena;
    unsigned erased = 0;

    arena_init(&arena);
    while (!task_is_stopping(task) && erased < STACKS_LIMIT) {
        struct stack_record record;
        status = stack_after(task->storage, &arena, &place, &record);
        /* What began since then is not to be erased, and comes behind what began before. */
        if (status != STORAGE_OK || record.created >= now - kept)
            break;
        if (record.status != STACK_DELETE_COMPLETE || record.deleted >= now - kept)
            continue;
        status = erase_stack(task->storage, &arena, record.uuid);
        if (status != STORAGE_OK)
            break;
        erased++;
    }
    arena_finish(&arena);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return task_outcome(status);
    return erased == STACKS_LIMIT ? TASK_AGAIN : TASK_DONE;
}
