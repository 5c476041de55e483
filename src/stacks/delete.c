/* Removing what a stack has: all of it, or what was created of one that could not be. */
#include <stdlib.h>

#include "base/clock.h"
#include "stacks/run.h"

static int later_first(const void *one, const void *other)
{
    const struct resource_record *a = one, *b = other;

    return (a->order < b->order) - (a->order > b->order);
}

static enum step delete_resource(struct run *run, struct resource_record *record, bool rolling_back,
                                 struct texts *failed)
{
    struct slice reason = SLICE("");
    bool unremoved = false;
    enum step step = run_remove_leftovers(run, record, rolling_back, &unremoved);

    if (step != STEP_DONE)
        return step;
    if (record->status == STACK_DELETE_COMPLETE || record->status == STACK_DELETE_SKIPPED)
        return STEP_DONE;
    if (run_retains_resource(run, record, rolling_back)) {
        run_set_resource(run, record, STACK_DELETE_SKIPPED, SLICE(""));
        return STEP_DONE;
    }
    if (record->status != STACK_DELETE_IN_PROGRESS) {
        run_set_resource(run, record, STACK_DELETE_IN_PROGRESS, SLICE(""));
        step = run_flush(run);
    }
    if (step == STEP_DONE)
        step = run_remove_resource(run, record, &record->made, &reason);
    if (step == STEP_DONE)
        run_set_resource(run, record, STACK_DELETE_COMPLETE, SLICE(""));
    if (step == STEP_FAILED) {
        run_set_resource(run, record, STACK_DELETE_FAILED, reason);
        texts_add(run->arena, failed, record->logical);
    }
    return step;
}

static enum step delete_all(struct run *run, bool rolling_back, struct texts *failed)
{
    enum step worst = STEP_DONE;

    if (run->resources.count > 1)
        qsort(run->resources.items, run->resources.count, sizeof(run->resources.items[0]), later_first);
    for (size_t i = 0; i < run->resources.count; i++) {
        if (run_is_interrupted(run))
            return STEP_STOPPED;
        enum step step = delete_resource(run, &run->resources.items[i], rolling_back, failed);
        if (step == STEP_STOPPED || step == STEP_BROKEN)
            return step;
        if (step == STEP_FAILED)
            worst = STEP_FAILED;
    }
    return worst;
}

/* What others import stays, and so does the stack. */
static enum step give_up_exports(struct run *run)
{
    const struct json *outputs = run->record.source.outputs;

    run->record.source.outputs = NULL;
    enum step step = run_put_exports(run, outputs);
    if (step == STEP_DONE) {
        stack_put(&run->work->batch, &run->record);
        return run_flush(run);
    }
    run->record.source.outputs = outputs;
    if (step != STEP_FAILED)
        return step;
    run_set_status(run, STACK_DELETE_FAILED, run_problem_of_stack(run));
    step = run_end(run);
    return step == STEP_DONE ? STEP_FAILED : step;
}

static enum step end_failed(struct run *run, bool rolling_back, const struct texts *failed)
{
    run_set_status(run, rolling_back ? STACK_ROLLBACK_FAILED : STACK_DELETE_FAILED,
                   run_failed_list(run, "delete", failed));
    return run_end(run);
}

enum step run_delete(struct run *run, bool rolling_back)
{
    static const struct texts none;
    struct texts failed = {NULL, 0};
    enum step step = run->record.source.outputs == NULL ? STEP_DONE : give_up_exports(run);

    if (step == STEP_FAILED)
        return STEP_DONE;
    if (step == STEP_DONE)
        step = delete_all(run, rolling_back, &failed);
    if (step == STEP_FAILED && !run->record.force)
        return end_failed(run, rolling_back, &failed);
    if (step != STEP_DONE && step != STEP_FAILED)
        return step;
    run_drop_imports(run, &run->record.source.imports, &none);
    run->record.source.imports = none;
    if (!rolling_back) {
        run->record.deleted = clock_now();
        stack_delete_name(&run->work->batch, &run->record);
    }
    run_set_status(run, rolling_back ? STACK_ROLLBACK_COMPLETE : STACK_DELETE_COMPLETE, SLICE(""));
    return run_end(run);
}
