/* Removing a resource, whatever is there of it. */
#include "stacks/nested.h"
#include "stacks/resource_making.h"

/* AWS: "DeletionPolicy attribute". RetainExceptOnCreate keeps what was not made by the operation that is
 * rolled back. */
bool run_retains_resource(const struct run *run, const struct resource_record *record, bool rolling_back)
{
    struct slice policy = text_of(record->made.body, "DeletionPolicy");

    if (record->made.id.len == 0)
        return false;
    if (texts_find(&run->record.retain, record->logical) < run->record.retain.count)
        return true;
    if (rolling_back && record->adopted)
        return true;
    return (slice_is(policy, "Retain") && !(rolling_back && run->record.retain_created)) ||
           (slice_is(policy, "RetainExceptOnCreate") && !rolling_back);
}

enum step run_remove_resource(struct run *run, const struct resource_record *record,
                              const struct resource_made *made, struct slice *reason)
{
    const struct opening opening = run_opening(run);

    *reason = SLICE("");
    problems_init(&run->problems, run->arena);
    if (nested_is(record->type))
        return nested_remove(run, made, reason);
    if (made->properties == NULL || (record->foreign && made->id.len == 0))
        return STEP_DONE; /* nobody made it */
    struct stack *stack =
        opening_made(run->arena, &opening, &run->record, record->logical, record->type, made);
    if (stack == NULL) {
        *reason = SLICE("The resource's properties cannot be read any more");
        return STEP_FAILED;
    }
    struct making making = making_begin(run, stack, &stack->resources[0]);
    making.before = made->properties;
    making.id = made->id;
    if (making_find(&making) && (making.have == NULL || making.resource->kind->remove(&making)))
        return STEP_DONE;
    *reason = making_failure(run, &making);
    return making.stopped ? STEP_STOPPED : STEP_FAILED;
}

/* ---- what was replaced, or would have replaced it ---- */

/* The events of a replacement's end tell the physical id of what is removed. */
static enum step remove_leftover(struct run *run, struct resource_record *record,
                                 const struct resource_made *made, bool rolling_back, bool *failed)
{
    struct slice reason = SLICE("");
    bool retained = !rolling_back && slice_is(text_of(record->made.body, "UpdateReplacePolicy"), "Retain");

    if (retained) {
        run_tell(run, record, made->id, STACK_DELETE_SKIPPED, SLICE(""));
        return STEP_DONE;
    }
    run_tell(run, record, made->id, STACK_DELETE_IN_PROGRESS, SLICE(""));
    enum step step = run_flush(run);
    if (step == STEP_DONE)
        step = run_remove_resource(run, record, made, &reason);
    if (step == STEP_DONE)
        run_tell(run, record, made->id, STACK_DELETE_COMPLETE, SLICE(""));
    if (step == STEP_FAILED) {
        run_tell(run, record, made->id, STACK_DELETE_FAILED, reason);
        *failed = true;
        step = STEP_DONE;
    }
    return step;
}

enum step run_remove_leftovers(struct run *run, struct resource_record *record, bool rolling_back,
                               bool *failed)
{
    enum step step = STEP_DONE;

    while (step == STEP_DONE && record->leftovers.count > 0) {
        const struct resource_made *made = &record->leftovers.items[record->leftovers.count - 1];
        step = remove_leftover(run, record, made, rolling_back, failed);
        if (step == STEP_DONE) {
            record->leftovers.count--;
            run_put_resource(run, record);
        }
    }
    return step;
}
