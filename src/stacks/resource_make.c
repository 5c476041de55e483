/* Making a resource that is not there, or going on where a crash came between. */
#include "stacks/nested.h"
#include "stacks/resource_making.h"

/* Of what nobody has begun to make, or of which nothing was made, nothing is to be removed. */
static enum step fail_making(struct run *run, struct making *making, struct resource_record *record)
{
    if (making->stopped)
        return STEP_STOPPED;
    if (making->id.len > 0) {
        making_keep(run, making, &record->made);
        record->foreign = false;
    }
    run_set_resource(run, record, STACK_CREATE_FAILED, making_failure(run, making));
    if (making->id.len == 0) {
        record->made.properties = NULL;
        run_put_resource(run, record);
    }
    texts_add(run->arena, &run->failed[FAILING_CREATE], record->logical);
    return STEP_FAILED;
}

static enum step complete_making(struct run *run, struct resource_record *record, struct slice note)
{
    record->foreign = false;
    run_tell(run, record, record->made.id, STACK_CREATE_IN_PROGRESS, SLICE("Resource creation Initiated"));
    run_set_resource(run, record, STACK_CREATE_COMPLETE, note);
    return STEP_DONE;
}

/* Says on disk that the resource was looked for and is about to be made. What is found although nobody has
 * begun to make it is not the stack's: making it fails then, in the words of the service. */
static enum step announce(struct run *run, struct resource_record *record, struct making *making)
{
    record->foreign = making->have != NULL;
    record->made.name = making->name;
    record->made.named = making->resource->named;
    run_set_resource(run, record, STACK_CREATE_IN_PROGRESS, SLICE(""));
    enum step step = run_put_imports(run);
    return step == STEP_DONE && making_has_effect(making->resource) ? run_flush(run) : step;
}

static enum step make(struct run *run, struct resource *resource, struct resource_record *record, bool begun)
{
    struct making making = making_begin(run, run->stack, resource);

    if (!making_find(&making)) {
        making.id = SLICE("");
        return fail_making(run, &making, record);
    }
    enum step step = begun ? STEP_DONE : announce(run, record, &making);
    if (step != STEP_DONE)
        return step;
    if (!making_create(&making, record->foreign))
        return fail_making(run, &making, record);
    making_keep(run, &making, &record->made);
    return complete_making(run, record, making_note(run, &making));
}

enum step run_make_resource(struct run *run, struct resource *resource, int64_t order)
{
    struct resource_record *record = resource_record_find(&run->resources, resource->id);

    if (record == NULL)
        record = resource_record_add(run->arena, &run->resources, resource->id, resource->type);
    bool begun = record->status == STACK_CREATE_IN_PROGRESS;
    record->order = order;
    record->fresh = run->record.status != STACK_CREATE_IN_PROGRESS;
    struct making making = making_begin(run, run->stack, resource);
    if (!making_read_source(run, resource, &record->made))
        return fail_making(run, &making, record);
    const struct json *adopted = find_by(run->record.source.adopted, "LogicalResourceId", resource->id);
    if (adopted != NULL)
        return run_adopt_resource(run, resource, record, adopted);
    if (!nested_is(resource->type))
        return make(run, resource, record, begun);
    enum step step = nested_make(run, resource, record, begun);
    if (step == STEP_DONE) {
        record->foreign = false;
        run_set_resource(run, record, STACK_CREATE_COMPLETE, SLICE(""));
    }
    if (step == STEP_FAILED)
        texts_add(run->arena, &run->failed[FAILING_CREATE], record->logical);
    return step;
}
