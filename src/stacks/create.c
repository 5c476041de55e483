/* Creating a stack: its resources in the order of their references, and its outputs; and what comes of a
 * failure. */
#include "base/clock.h"
#include "stacks/run.h"

static bool is_late(const struct run *run)
{
    return run->record.deadline > 0 && clock_now() > run->record.deadline;
}

/* AWS: OnFailure. A nested stack leaves it to its parent. */
static enum step give_up(struct run *run)
{
    struct slice failures = run_failures(run);
    struct slice how = run->record.on_failure;

    run->record.problem = failures;
    run->record.source.outputs = NULL;
    if (run->parent != NULL || slice_is(how, "DO_NOTHING")) {
        run_set_status(run, STACK_CREATE_FAILED, failures);
        return run_end(run);
    }
    bool removing = slice_is(how, "DELETE");
    run_set_status(run, removing ? STACK_DELETE_IN_PROGRESS : STACK_ROLLBACK_IN_PROGRESS,
                   run_requested(run, failures, removing ? "Delete" : "Rollback"));
    return run_flush(run);
}

static enum step make_all(struct run *run)
{
    struct stack *stack = run->stack;

    for (size_t i = 0; i < stack->resource_count; i++) {
        struct resource *resource = &stack->resources[i];
        const struct resource_record *record = resource_record_find(&run->resources, resource->id);
        struct slice undecided;
        if (run_is_interrupted(run))
            return STEP_STOPPED;
        if (!stack_has_resource(stack, resource, &undecided)) {
            if (undecided.len == 0)
                continue;
            problems_add(&run->problems, "%.*s", SLICE_ARGS(undecided));
            return STEP_FAILED;
        }
        if (record != NULL &&
            (record->status == STACK_CREATE_COMPLETE || record->status == STACK_IMPORT_COMPLETE))
            continue;
        if (is_late(run)) {
            problems_add(&run->problems, "Stack creation time exceeded the specified timeout");
            return STEP_FAILED;
        }
        enum step step = run_make_resource(run, resource, (int64_t)i + 1);
        if (step != STEP_DONE)
            return step;
    }
    return STEP_DONE;
}

enum step run_create(struct run *run)
{
    enum step step = run_open_stack(run);

    if (step == STEP_DONE)
        step = make_all(run);
    if (step == STEP_DONE)
        step = run_outputs(run);
    if (step == STEP_DONE)
        step = run_put_imports(run);
    if (step == STEP_DONE)
        step = run_put_exports(run, NULL);
    if (step == STEP_FAILED)
        return give_up(run);
    if (step != STEP_DONE)
        return step;
    run_set_status(run, STACK_CREATE_COMPLETE, SLICE(""));
    return run_end(run);
}
