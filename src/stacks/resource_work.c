/* One resource of a run: making it and removing it, or going on with what was interrupted. */
#include "deploy/plan.h"
#include "stacks/opening.h"
#include "stacks/run.h"

/* ---- makings ---- */

static struct making begin(struct run *run, struct stack *stack, struct resource *resource)
{
    problems_init(&run->problems, run->arena);
    return (struct making){.arena = run->arena,
                           .stack = stack,
                           .resource = resource,
                           .problems = &run->problems,
                           .not_applied = SLICE(""),
                           .id = SLICE(""),
                           .replaces = true,
                           .invoker = &run->work->invoker};
}

/* Whether there is anything to be called for it. */
static bool is_made(const struct resource *resource)
{
    return resource->kind != NULL && resource->kind->properties != NULL;
}

static bool read_and_find(struct making *making)
{
    making->have = NULL;
    making->found = true;
    return plan_read(making, true) && making->resource->kind->find(making);
}

/* As CloudFormation tells what a type's handler was told by its service. */
static struct slice failure_of(struct run *run, const struct making *making)
{
    const struct making_refusal *refusal = &making->refusal;

    if (refusal->code == NULL)
        return run_problem(run, making->stack, making->resource);
    return arena_printf(run->arena, "Resource handler returned message: \"%.*s\" (HandlerErrorCode: %s)",
                        SLICE_ARGS(refusal->message), refusal->code);
}

/* ---- what is kept ---- */

static void keep_value(struct arena *arena, struct json *values, struct slice name, struct slice text)
{
    for (size_t i = 0; i < values->object.count; i++) {
        if (slice_equal(values->object.members[i].name, name))
            return;
    }
    values->object.members = arena_grow(arena, values->object.members, values->object.count,
                                        values->object.count + 1, sizeof(values->object.members[0]));
    values->object.members[values->object.count++] =
        (struct json_member){name, {.type = JSON_STRING, .text = text}};
}

/* All that Ref and Fn::GetAtt give of the resource by now. */
static const struct json *values_of(struct run *run, struct stack *stack, struct resource *resource)
{
    const char *const *attribute = resource->kind->attributes;
    struct json *values = arena_new(run->arena, struct json);
    struct slice reason;
    struct json value;

    *values = resource->values;
    values->type = JSON_OBJECT;
    if (resource_value(stack, resource, SLICE(""), &value, &reason) == RESOLVED)
        keep_value(run->arena, values, SLICE("Ref"), value.text);
    for (; attribute != NULL && *attribute != NULL; attribute++) {
        if (resource_value(stack, resource, slice_of(*attribute), &value, &reason) == RESOLVED &&
            value.type == JSON_STRING)
            keep_value(run->arena, values, slice_of(*attribute), value.text);
    }
    return values;
}

static void keep_made(struct run *run, struct making *making, struct resource_made *made)
{
    struct slice id;

    made->values = values_of(run, making->stack, making->resource);
    id = text_of(made->values, "Ref");
    if (id.len > 0)
        made->id = id;
}

/* ---- making ---- */

/* The properties without their functions, and what else of the resource is needed when its template is gone.
 * False: a problem was added. */
static bool read_source(struct run *run, const struct resource *resource, struct resource_made *made)
{
    static const char *const kept[] = {"DeletionPolicy", "UpdateReplacePolicy", "Metadata", NULL};
    struct json *body = arena_new(run->arena, struct json), value;
    struct json *properties = arena_new(run->arena, struct json);
    struct slice reason = SLICE("");

    enum resolved resolved = stack_evaluate(run->stack, resource->properties, properties, &reason);
    if (resolved != RESOLVED)
        return problems_add(&run->problems, "%.*s", SLICE_ARGS(reason));
    *body = (struct json){.type = JSON_OBJECT, .object = {arena_array(run->arena, struct json_member, 3), 0}};
    for (size_t i = 0; kept[i] != NULL; i++) {
        const struct json *member = json_get(resource->body, kept[i]);
        if (member != NULL && stack_evaluate(run->stack, member, &value, &reason) == RESOLVED)
            body->object.members[body->object.count++] = (struct json_member){slice_of(kept[i]), value};
    }
    made->properties = properties;
    made->body = body->object.count > 0 ? body : NULL;
    return true;
}

static enum step fail_making(struct run *run, const struct making *making, struct resource_record *record)
{
    if (making->stopped)
        return STEP_STOPPED;
    /* What was made by somebody else in the moment between looking for it and making it. */
    if (making->refusal.code != NULL && strcmp(making->refusal.code, "AlreadyExists") == 0)
        record->foreign = true;
    run_set_resource(run, record, STACK_CREATE_FAILED, failure_of(run, making));
    texts_add(run->arena, &run->failed, record->logical);
    return STEP_FAILED;
}

/* Of what nobody has begun to make, nothing is looked for when it is removed. */
static enum step fail_unbegun(struct run *run, const struct making *making, struct resource_record *record,
                              bool begun)
{
    enum step step = fail_making(run, making, record);

    if (step == STEP_FAILED && !begun) {
        record->made.properties = NULL;
        run_put_resource(run, record);
    }
    return step;
}

static enum step complete_making(struct run *run, struct resource_record *record)
{
    run_tell(run, record, record->made.id, STACK_CREATE_IN_PROGRESS, SLICE("Resource creation Initiated"));
    record->foreign = false;
    run_set_resource(run, record, STACK_CREATE_COMPLETE, SLICE(""));
    return STEP_DONE;
}

/* What nothing is called for has an id all the same. */
static enum step note(struct run *run, struct resource *resource, struct resource_record *record)
{
    run_set_resource(run, record, STACK_CREATE_IN_PROGRESS, SLICE(""));
    record->made.id = arena_printf(run->arena, "%.*s-%.*s-%.*s", SLICE_ARGS(run->record.name),
                                   SLICE_ARGS(record->logical), 8, run->record.uuid.ptr + 28);
    if (resource->kind != NULL)
        resource_publish(run->stack, resource, "Ref", record->made.id);
    struct json *values = arena_new(run->arena, struct json);
    *values = (struct json){.type = JSON_OBJECT};
    keep_value(run->arena, values, SLICE("Ref"), record->made.id);
    record->made.values = values;
    return complete_making(run, record);
}

/* Says on disk that the resource was looked for and is about to be made. What is found although nobody has
 * begun to make it is not the stack's: making it fails then, in the words of the service. */
static enum step announce(struct run *run, struct resource_record *record, struct making *making)
{
    record->foreign = making->have != NULL;
    record->made.name = making->name;
    record->made.named = making->resource->named;
    run_set_resource(run, record, STACK_CREATE_IN_PROGRESS, SLICE(""));
    return run_flush(run);
}

static bool create_or_adopt(struct resource_record *record, struct making *making)
{
    const struct resource_type *type = making->resource->kind;

    making->creating = true;
    if (making->have == NULL || record->foreign)
        return type->create(making);
    return type->update == NULL || type->update(making); /* begun before a crash */
}

enum step resource_make(struct run *run, struct resource *resource, int64_t order)
{
    struct resource_record *record = resource_record_find(&run->resources, resource->id);
    struct making making = begin(run, run->stack, resource);
    enum step step = STEP_DONE;

    if (record == NULL)
        record = resource_record_add(run->arena, &run->resources, resource->id, resource->type);
    bool begun = record->status == STACK_CREATE_IN_PROGRESS && record->turn == run->record.turn;
    record->order = order;
    record->turn = run->record.turn;
    if (!read_source(run, resource, &record->made))
        return fail_unbegun(run, &making, record, begun);
    if (!is_made(resource))
        return note(run, resource, record);
    if (!read_and_find(&making))
        return fail_unbegun(run, &making, record, begun);
    if (!begun)
        step = announce(run, record, &making);
    if (step != STEP_DONE)
        return step;
    if (!create_or_adopt(record, &making))
        return fail_making(run, &making, record);
    keep_made(run, &making, &record->made);
    return complete_making(run, record);
}

/* ---- removing ---- */

enum step resource_remove(struct run *run, const struct resource_record *record,
                          const struct resource_made *made, struct slice *reason)
{
    const struct opening opening = run_opening(run);

    *reason = SLICE("");
    problems_init(&run->problems, run->arena);
    if (made->properties == NULL) /* it was never begun */
        return STEP_DONE;
    struct stack *stack =
        opening_made(run->arena, &opening, &run->record, record->logical, record->type, made);
    if (stack == NULL) {
        *reason = SLICE("The resource cannot be read any more");
        return STEP_FAILED;
    }
    struct making making = begin(run, stack, &stack->resources[0]);
    making.before = made->properties;
    making.id = made->id;
    if (!is_made(making.resource))
        return STEP_DONE;
    bool removed =
        read_and_find(&making) &&
        (making.have == NULL || (making.resource->kind->remove == NULL
                                     ? making_refuse(&making, "resources of this type cannot be removed yet")
                                     : making.resource->kind->remove(&making)));
    if (!removed)
        *reason = run_problem(run, stack, making.resource);
    return removed ? STEP_DONE : STEP_FAILED;
}
