/* Taking what is there already into a stack. AWS: "Import AWS resources into a CloudFormation stack".
 *
 * Nothing is made or changed by it, so nothing has to be announced: a resource is the stack's with one
 * commit. */
#include "deploy/resource_type.h"
#include "stacks/resource_making.h"

/* ---- one resource ---- */

static enum step fail_adoption(struct run *run, struct resource_record *record, struct slice reason)
{
    record->made = (struct resource_made){0};
    record->adopted = false;
    run_set_resource(run, record, STACK_IMPORT_FAILED, reason);
    texts_add(run->arena, &run->failed[FAILING_IMPORT], record->logical);
    return STEP_FAILED;
}

/* Whose it is by now. STEP_FAILED: another stack's, *reason says whose. */
static enum step check_owner(struct run *run, const struct resource_record *record, struct slice id,
                             struct slice *reason)
{
    struct stack_record owner;
    enum storage_status status =
        resource_owner(run->work->task->storage, run->arena, record->type, id, &owner);

    if (status != STORAGE_OK)
        return status == STORAGE_NOT_FOUND ? STEP_DONE : STEP_BROKEN;
    *reason =
        arena_printf(run->arena, "%.*s already exists in stack %.*s", SLICE_ARGS(id), SLICE_ARGS(owner.arn));
    return STEP_FAILED;
}

/* Looks for it by the id that was told. */
static bool find(struct making *making, const struct resource_record *record, struct slice id)
{
    making->id = id;
    making->before = record->made.properties;
    if (!making_find(making))
        return false;
    if (making->have != NULL)
        return true;
    making->refusal = (struct making_refusal){
        "NotFound", arena_printf(making->arena, "Resource of type '%s' with identifier '%.*s' was not found.",
                                 making->resource->kind->name, SLICE_ARGS(id))};
    return false;
}

/* It becomes the stack's on disk, unless it is another's: two that want it at once do not both get it. */
static enum step take(struct run *run, struct resource_record *record, struct slice id, struct slice *reason)
{
    pthread_mutex_lock(run->work->adopting);
    enum step step = check_owner(run, record, id, reason);
    if (step == STEP_DONE) {
        run_set_resource(run, record, STACK_IMPORT_COMPLETE, SLICE("Resource import completed."));
        step = run_flush(run);
    }
    pthread_mutex_unlock(run->work->adopting);
    return step;
}

enum step run_adopt_resource(struct run *run, struct resource *resource, struct resource_record *record,
                             const struct json *adopted)
{
    struct slice id = text_of(adopted, "Id"), reason;
    struct making making = making_begin(run, run->stack, resource);

    run_tell(run, record, id, STACK_IMPORT_IN_PROGRESS, SLICE("Resource import started."));
    if (!find(&making, record, id))
        return making.stopped ? STEP_STOPPED : fail_adoption(run, record, making_failure(run, &making));
    making_keep(run, &making, &record->made);
    record->made.name = making.name;
    record->made.named = resource->named;
    record->adopted = true;
    record->foreign = false;
    enum step step = take(run, record, id, &reason);
    return step == STEP_FAILED ? fail_adoption(run, record, reason) : step;
}

/* ---- the operation ---- */

static enum step adopt_all(struct run *run)
{
    struct stack *stack = run->stack;
    enum step worst = STEP_DONE;

    for (size_t i = 0; i < stack->resource_count; i++) {
        struct resource *resource = &stack->resources[i];
        const struct resource_record *record = resource_record_find(&run->resources, resource->id);
        if (find_by(run->record.source.adopted, "LogicalResourceId", resource->id) == NULL ||
            (record != NULL && record->status == STACK_IMPORT_COMPLETE))
            continue;
        enum step step = run_make_resource(run, resource, (int64_t)i + 1);
        if (step == STEP_STOPPED || step == STEP_BROKEN)
            return step;
        if (step == STEP_FAILED)
            worst = STEP_FAILED;
    }
    return worst;
}

static enum step fail_import(struct run *run)
{
    struct slice failures = run_failures(run);

    run->record.problem = failures;
    run_set_status(run, STACK_IMPORT_ROLLBACK_IN_PROGRESS, failures);
    return run_flush(run);
}

enum step run_import(struct run *run)
{
    enum step step = run_open_stack(run);

    if (step == STEP_DONE)
        step = adopt_all(run);
    if (step == STEP_DONE)
        step = run_put_imports(run);
    if (step == STEP_FAILED)
        return fail_import(run);
    if (step != STEP_DONE)
        return step;
    run->record.source.imports = run_imports(run);
    for (size_t i = 0; i < run->resources.count; i++)
        run_settle_resource(run, &run->resources.items[i]);
    run_forget_before(run);
    run_set_status(run, STACK_IMPORT_COMPLETE, SLICE(""));
    return run_end(run);
}

enum step run_import_rollback(struct run *run)
{
    for (size_t i = 0; i < run->resources.count; i++) {
        struct resource_record *record = &run->resources.items[i];
        if (!record->fresh)
            continue;
        run_set_resource(run, record, STACK_IMPORT_ROLLBACK_IN_PROGRESS, SLICE(""));
        run_set_resource(run, record, STACK_IMPORT_ROLLBACK_COMPLETE, SLICE(""));
        resource_delete(&run->work->batch, run->record.uuid, record->logical);
    }
    run_turn_back(run);
    run_set_status(run, STACK_IMPORT_ROLLBACK_COMPLETE, SLICE(""));
    return run_end(run);
}
