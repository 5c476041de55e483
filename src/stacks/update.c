/* Updating a stack, taking an update back, and removing what either left over. */
#include <stdlib.h>

#include "stacks/nested.h"
#include "stacks/run.h"

/* ---- forward ---- */

static bool is_there(const struct resource_record *record)
{
    return record != NULL && record->status != STACK_DELETE_COMPLETE &&
           record->status != STACK_DELETE_SKIPPED;
}

/* What an update makes, and has not made yet, or not well. */
static bool is_to_be_made(const struct resource_record *record)
{
    return !is_there(record) || record->status == STACK_CREATE_IN_PROGRESS ||
           record->status == STACK_CREATE_FAILED || record->status == STACK_IMPORT_FAILED;
}

static enum step update_resource(struct run *run, struct resource *resource, int64_t order)
{
    struct resource_record *record = resource_record_find(&run->resources, resource->id);

    return is_to_be_made(record) ? run_make_resource(run, resource, order)
                                 : run_change_resource(run, resource, record, order);
}

static enum step update_all(struct run *run)
{
    struct stack *stack = run->stack;

    for (size_t i = 0; i < stack->resource_count; i++) {
        struct slice undecided;
        if (run_is_interrupted(run))
            return STEP_STOPPED;
        if (!stack_has_resource(stack, &stack->resources[i], &undecided)) {
            if (undecided.len == 0)
                continue;
            problems_add(&run->problems, "%.*s", SLICE_ARGS(undecided));
            return STEP_FAILED;
        }
        enum step step = update_resource(run, &stack->resources[i], (int64_t)i + 1);
        if (step != STEP_DONE)
            return step;
    }
    return STEP_DONE;
}

static bool is_wanted(struct run *run, const struct resource_record *record)
{
    const struct resource *resource = stack_resource(run->stack, record->logical);
    struct slice undecided;

    return resource != NULL && stack_has_resource(run->stack, resource, &undecided);
}

/* What the template has no more is removed when all else is done, if the stack policy allows it. */
static enum step check_absent(struct run *run)
{
    enum step step = STEP_DONE;
    struct slice reason;

    for (size_t i = 0; i < run->resources.count; i++) {
        struct resource_record *record = &run->resources.items[i];
        if (is_wanted(run, record) || run_policy_allows(run, record, "Update:Delete", &reason))
            continue;
        run_set_resource(run, record, STACK_UPDATE_FAILED, reason);
        record_keep_before(record);
        run_put_resource(run, record);
        texts_add(run->arena, &run->failed[FAILING_UPDATE], record->logical);
        step = STEP_FAILED;
    }
    return step;
}

static void doom_absent(struct run *run)
{
    for (size_t i = 0; i < run->resources.count; i++) {
        struct resource_record *record = &run->resources.items[i];
        if (is_wanted(run, record))
            continue;
        record->doomed = true;
        run_put_resource(run, record);
    }
}

/* A stack that was never complete has nothing to go back to. */
enum stack_status run_way_back(const struct run *run)
{
    return run->record.before.template == 0 ? STACK_ROLLBACK_IN_PROGRESS : STACK_UPDATE_ROLLBACK_IN_PROGRESS;
}

static enum step fail_update(struct run *run)
{
    struct slice failures = run_failures(run);

    run->record.problem = failures;
    run->record.source.outputs = run->record.before.outputs;
    if (run->parent == NULL && slice_is(run->record.on_failure, "DO_NOTHING")) {
        run_set_status(run, STACK_UPDATE_FAILED, failures);
        return run_end(run);
    }
    run_set_status(run, run_way_back(run), failures);
    return run_flush(run);
}

enum step run_update(struct run *run)
{
    enum step step = run_open_stack(run);

    if (step == STEP_DONE)
        step = update_all(run);
    if (step == STEP_DONE)
        step = check_absent(run);
    if (step == STEP_DONE)
        step = run_outputs(run);
    if (step == STEP_DONE)
        step = run_put_imports(run);
    if (step == STEP_DONE)
        step = run_put_exports(run, run->record.before.outputs);
    if (step == STEP_FAILED)
        return fail_update(run);
    if (step != STEP_DONE)
        return step;
    run->record.source.imports = run_imports(run);
    doom_absent(run);
    run_set_status(run, STACK_UPDATE_COMPLETE_CLEANUP_IN_PROGRESS, SLICE(""));
    return run_flush(run);
}

/* ---- back ---- */

static int earlier_first(const void *one, const void *other)
{
    const struct resource_record *a = one, *b = other;

    return (a->order > b->order) - (a->order < b->order);
}

static int later_first(const void *one, const void *other)
{
    return earlier_first(other, one);
}

static void sort(struct run *run, int (*compare)(const void *one, const void *other))
{
    if (run->resources.count > 1)
        qsort(run->resources.items, run->resources.count, sizeof(run->resources.items[0]), compare);
}

static enum step restore_all(struct run *run)
{
    const struct texts *skipped = &run->record.retain;
    enum step worst = STEP_DONE;

    sort(run, earlier_first);
    for (size_t i = 0; i < run->resources.count; i++) {
        struct resource_record *record = &run->resources.items[i];
        if (!record->altered)
            continue;
        if (run_is_interrupted(run))
            return STEP_STOPPED;
        enum step step =
            run_restore_resource(run, record, texts_find(skipped, record->logical) < skipped->count);
        if (step == STEP_STOPPED || step == STEP_BROKEN)
            return step;
        if (step == STEP_FAILED)
            worst = STEP_FAILED;
    }
    return worst;
}

/* What is there since the update goes; what it would have removed stays. */
static void doom_fresh(struct run *run)
{
    for (size_t i = 0; i < run->resources.count; i++) {
        struct resource_record *record = &run->resources.items[i];
        if (record->doomed == record->fresh)
            continue;
        record->doomed = record->fresh;
        run_put_resource(run, record);
    }
}

/* The source before the update is the stack's again. */
void run_turn_back(struct run *run)
{
    struct stack_record *record = &run->record;

    if (record->before.template == 0) /* it was turned back already */
        return;
    if (record->source.template != record->before.template)
        stack_delete_template(&run->work->batch, record->uuid, record->source.template);
    run_drop_imports(run, &record->source.imports, &record->before.imports);
    record->source = record->before;
    record->before = (struct stack_source){0};
}

enum step run_update_rollback(struct run *run)
{
    const struct json *outputs = run->record.source.outputs;
    enum step step = restore_all(run);

    if (step == STEP_FAILED) {
        run_set_status(run, STACK_UPDATE_ROLLBACK_FAILED, run_failures(run));
        return run_end(run);
    }
    if (step != STEP_DONE)
        return step;
    doom_fresh(run);
    run_turn_back(run);
    step = run_put_exports(run, outputs); /* of a nested stack, whose update was complete */
    if (step != STEP_DONE && step != STEP_FAILED)
        return step;
    run_set_status(run, STACK_UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS, SLICE(""));
    return run_flush(run);
}

/* ---- cleaning up ---- */

static enum step remove_doomed(struct run *run, struct resource_record *record, bool rolling_back,
                               bool *failed)
{
    struct slice reason = SLICE("");
    enum step step = STEP_DONE;

    if (record->status == STACK_DELETE_COMPLETE || record->status == STACK_DELETE_SKIPPED) {
        resource_delete(&run->work->batch, run->record.uuid, record->logical);
        return STEP_DONE;
    }
    if (run_retains_resource(run, record, rolling_back)) {
        run_set_resource(run, record, STACK_DELETE_SKIPPED, SLICE(""));
        resource_delete(&run->work->batch, run->record.uuid, record->logical);
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
        *failed = true;
        step = STEP_DONE;
    }
    if (step == STEP_DONE)
        resource_delete(&run->work->batch, run->record.uuid, record->logical);
    return step;
}

/* What is left is as it was made: nothing of the update can be taken back any more. */
void run_settle_resource(struct run *run, struct resource_record *record)
{
    if (!record->fresh && !record->altered && !record->beside)
        return;
    record->fresh = record->altered = record->beside = false;
    record->before = (struct resource_made){0};
    run_put_resource(run, record);
}

static enum step clean_resource(struct run *run, struct resource_record *record, bool rolling_back,
                                bool *failed)
{
    enum step step = run_remove_leftovers(run, record, rolling_back, failed);

    if (step == STEP_DONE && record->doomed)
        return remove_doomed(run, record, rolling_back, failed);
    if (step == STEP_DONE && nested_is(record->type))
        step = nested_clean_up(run, record);
    if (step == STEP_DONE)
        run_settle_resource(run, record);
    return step;
}

void run_forget_before(struct run *run)
{
    struct stack_record *record = &run->record;

    if (record->before.template != 0 && record->before.template != record->source.template)
        stack_delete_template(&run->work->batch, record->uuid, record->before.template);
    run_drop_imports(run, &record->before.imports, &record->source.imports);
    record->before = (struct stack_source){0};
}

/* AWS goes on without what cannot be removed, and so does the stack: it is not the stack's any more. */
enum step run_clean_up(struct run *run, bool rolling_back)
{
    bool failed = false;

    sort(run, later_first);
    for (size_t i = 0; i < run->resources.count; i++) {
        if (run_is_interrupted(run))
            return STEP_STOPPED;
        enum step step = clean_resource(run, &run->resources.items[i], rolling_back, &failed);
        if (step != STEP_DONE)
            return step;
    }
    run_forget_before(run);
    struct slice reason =
        failed ? SLICE("Update successful. One or more resources could not be deleted.") : SLICE("");
    run_set_status(run, rolling_back ? STACK_UPDATE_ROLLBACK_COMPLETE : STACK_UPDATE_COMPLETE, reason);
    return run_end(run);
}
