/* Removing what a stack has: all of it, or what was created of one that could not be. */
#include <stdlib.h>

#include "base/clock.h"
#include "stacks/run.h"

static int later_first(const void *one, const void *other)
{
    const struct resource_record *a = one, *b = other;

    return (a->order < b->order) - (a->order > b->order);
}

/* AWS: "DeletionPolicy attribute". RetainExceptOnCreate keeps what was not made by the operation that is
 * rolled back. */
static bool is_retained(const struct run *run, const struct resource_record *record, bool rolling_back)
{
    struct slice policy = text_of(record->made.body, "DeletionPolicy");

    if (record->foreign || record->made.id.len == 0)
        return false;
    if (texts_find(&run->record.retain, record->logical) < run->record.retain.count)
        return true;
    return (slice_is(policy, "Retain") && !(rolling_back && run->record.retain_created)) ||
           (slice_is(policy, "RetainExceptOnCreate") && !rolling_back);
}

static enum step delete_resource(struct run *run, struct resource_record *record, bool rolling_back)
{
    struct slice reason = SLICE("");
    enum step step = STEP_DONE;

    if (record->status == STACK_DELETE_COMPLETE || record->status == STACK_DELETE_SKIPPED)
        return STEP_DONE;
    if (is_retained(run, record, rolling_back)) {
        run_set_resource(run, record, STACK_DELETE_SKIPPED, SLICE(""));
        return STEP_DONE;
    }
    if (record->status != STACK_DELETE_IN_PROGRESS) {
        run_set_resource(run, record, STACK_DELETE_IN_PROGRESS, SLICE(""));
        step = run_flush(run);
    }
    if (step == STEP_DONE && !record->foreign)
        step = resource_remove(run, record, &record->made, &reason);
    if (step == STEP_DONE)
        run_set_resource(run, record, STACK_DELETE_COMPLETE, SLICE(""));
    if (step == STEP_FAILED) {
        run_set_resource(run, record, STACK_DELETE_FAILED, reason);
        texts_add(run->arena, &run->failed, record->logical);
    }
    return step;
}

static enum step delete_all(struct run *run, bool rolling_back)
{
    enum step worst = STEP_DONE;

    qsort(run->resources.items, run->resources.count, sizeof(run->resources.items[0]), later_first);
    for (size_t i = 0; i < run->resources.count; i++) {
        if (run_is_interrupted(run))
            return STEP_STOPPED;
        enum step step = delete_resource(run, &run->resources.items[i], rolling_back);
        if (step == STEP_STOPPED || step == STEP_BROKEN)
            return step;
        if (step == STEP_FAILED)
            worst = STEP_FAILED;
    }
    return worst;
}

enum step run_delete(struct run *run, bool rolling_back)
{
    enum step step = delete_all(run, rolling_back);

    if (step != STEP_DONE && step != STEP_FAILED)
        return step;
    if (step == STEP_FAILED) {
        run_set_status(run, rolling_back ? STACK_ROLLBACK_FAILED : STACK_DELETE_FAILED,
                       run_failures(run, "delete"));
        return run_end(run);
    }
    if (!rolling_back) {
        run->record.deleted = clock_now();
        run->record.outputs = NULL;
        stack_delete_name(&run->work->batch, &run->record);
    }
    run_set_status(run, rolling_back ? STACK_ROLLBACK_COMPLETE : STACK_DELETE_COMPLETE, SLICE(""));
    return run_end(run);
}
