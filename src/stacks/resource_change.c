/* Changing a resource that is there, in place or by another beside it; and bringing back what it was. */
#include "deploy/plan.h"
#include "deploy/properties.h"
#include "stacks/nested.h"
#include "stacks/resource_making.h"

#define REPLACING "Requested update requires the creation of a new physical resource; hence creating one."

/* ---- whether there is anything to change ---- */

static bool is_changed(const struct run *run, const struct resource *resource,
                       const struct resource_record *record, const struct resource_made *wanted)
{
    const struct stack_record *stack = &run->record;

    return !json_same(record->made.properties, wanted->properties) ||
           !json_same(json_get(record->made.body, "Metadata"), json_get(wanted->body, "Metadata")) ||
           (!json_same(stack->source.tags, stack->before.tags) && resource_type_has_tags(resource->kind));
}

/* Policies and the order are no change that is told. */
static void take_quietly(struct run *run, struct resource_record *record, const struct resource_made *wanted,
                         int64_t order)
{
    if (record->order == order && json_same(record->made.body, wanted->body))
        return;
    record->order = order;
    record->made.body = wanted->body;
    run_put_resource(run, record);
}

/* ---- announcing ---- */

static void add_leftover(struct run *run, struct resource_record *record, const struct resource_made *made)
{
    record->leftovers.items = arena_grow(run->arena, record->leftovers.items, record->leftovers.count,
                                         record->leftovers.count + 1, sizeof(record->leftovers.items[0]));
    record->leftovers.items[record->leftovers.count++] = *made;
}

static enum step announce(struct run *run, struct resource_record *record, struct slice reason)
{
    run_set_resource(run, record, STACK_UPDATE_IN_PROGRESS, reason);
    enum step step = run_put_imports(run);
    return step == STEP_DONE ? run_flush(run) : step;
}

static enum step fail_change(struct run *run, const struct making *making, struct resource_record *record)
{
    if (making->stopped)
        return STEP_STOPPED;
    run_set_resource(run, record, STACK_UPDATE_FAILED, making_failure(run, making));
    texts_add(run->arena, &run->failed[FAILING_UPDATE], record->logical);
    return STEP_FAILED;
}

/* Nothing was changed yet; the events tell that it was tried. */
static enum step fail_at_once(struct run *run, const struct making *making, struct resource_record *record)
{
    if (making->stopped)
        return STEP_STOPPED;
    record_keep_before(record);
    if (record->status != STACK_UPDATE_IN_PROGRESS)
        run_set_resource(run, record, STACK_UPDATE_IN_PROGRESS, SLICE(""));
    return fail_change(run, making, record);
}

static enum step complete_change(struct run *run, struct making *making, struct resource_record *record)
{
    record->foreign = false;
    making_keep(run, making, &record->made);
    run_set_resource(run, record, STACK_UPDATE_COMPLETE, making_note(run, making));
    return STEP_DONE;
}

/* ---- another beside it ---- */

/* Makes the other, or goes on making it: record->made is what it is to be. */
static enum step make_beside(struct run *run, struct resource *resource, struct resource_record *record,
                             bool begun)
{
    struct making making = making_begin(run, run->stack, resource);

    making.instead_of = record->altered ? record->before.id : SLICE("");
    if (!making_find(&making)) {
        making.id = SLICE("");
        return fail_change(run, &making, record);
    }
    if (!begun) {
        record->foreign = making.have != NULL;
        record->made.name = making.name;
        record->made.named = resource->named;
        enum step step = announce(run, record, SLICE(REPLACING));
        if (step != STEP_DONE)
            return step;
    }
    bool made = making_create(&making, record->foreign);
    if (!made && making.id.len > 0) {
        making_keep(run, &making, &record->made);
        record->foreign = false;
    } else if (!made && !making.stopped) {
        record->made.properties = NULL; /* there is nothing to be removed */
    }
    return made ? complete_change(run, &making, record) : fail_change(run, &making, record);
}

/* The stack policy may forbid it; that fails as if it were tried. */
static bool may(struct run *run, struct making *making, struct resource_record *record, const char *action)
{
    struct slice reason;

    if (run_policy_allows(run, record, action, &reason))
        return true;
    making->refusal.code = NULL;
    problems_init(&run->problems, run->arena);
    return problems_add(&run->problems, "%.*s", SLICE_ARGS(reason));
}

static enum step replace(struct run *run, struct resource *resource, struct resource_record *record,
                         const struct resource_made *wanted)
{
    struct resource_made old = record->made;

    record_keep_before(record);
    add_leftover(run, record, &old);
    record->beside = true;
    record->made = (struct resource_made){
        .generation = ++record->generations, .properties = wanted->properties, .body = wanted->body};
    resource->generation = (unsigned)(record->generations - 1);
    stack_renew_resource(resource);
    return make_beside(run, resource, record, false);
}

/* ---- in place ---- */

static enum step change_in_place(struct run *run, struct resource *resource, struct resource_record *record,
                                 const struct resource_made *wanted, bool begun)
{
    struct making making = making_begin(run, run->stack, resource);
    const struct resource_type *type = resource->kind;

    making.id = record->made.id;
    making.before = begun && record->altered ? record->before.properties : record->made.properties;
    if (!making_find(&making))
        return fail_at_once(run, &making, record);
    if (making.have == NULL && making_has_effect(resource)) {
        making.refusal.code = "NotFound";
        making.refusal.message =
            arena_printf(run->arena, "Resource of type '%s' with identifier '%.*s' was not found.",
                         type->name, SLICE_ARGS(record->made.id));
        return fail_at_once(run, &making, record);
    }
    if (type->compare != NULL && !type->compare(&making))
        return fail_at_once(run, &making, record);
    if (!begun && !may(run, &making, record, making.replace ? "Update:Replace" : "Update:Modify"))
        return fail_at_once(run, &making, record);
    if (making.replace)
        return replace(run, resource, record, wanted);
    if (!begun) {
        record_keep_before(record);
        record->made.properties = wanted->properties;
        record->made.shown = wanted->shown;
        record->made.body = wanted->body;
        enum step step = announce(run, record, SLICE(""));
        if (step != STEP_DONE)
            return step;
    }
    if (type->update != NULL && !type->update(&making))
        return fail_change(run, &making, record);
    return complete_change(run, &making, record);
}

enum step run_change_resource(struct run *run, struct resource *resource, struct resource_record *record,
                              int64_t order)
{
    struct resource_made wanted = record->made;
    struct making making = making_begin(run, run->stack, resource);
    bool begun = record->status == STACK_UPDATE_IN_PROGRESS;

    if (!making_read_source(run, resource, &wanted))
        return fail_at_once(run, &making, record);
    if (nested_is(resource->type)) {
        record->order = order;
        enum step step = nested_change(run, resource, record, &wanted, begun);
        if (step == STEP_FAILED)
            texts_add(run->arena, &run->failed[FAILING_UPDATE], record->logical);
        return step;
    }
    if (!begun && !is_changed(run, resource, record, &wanted)) {
        take_quietly(run, record, &wanted, order);
        return STEP_DONE;
    }
    record->order = order;
    if (begun && record->beside && record->made.id.len == 0)
        return make_beside(run, resource, record, true);
    return change_in_place(run, resource, record, &wanted, begun);
}

/* ---- bringing back ---- */

static enum step restore_in_place(struct run *run, struct resource_record *record)
{
    const struct opening opening = run_opening(run);
    struct resource_made back = record->before;
    struct stack *stack =
        opening_made(run->arena, &opening, &run->record, record->logical, record->type, &back);

    problems_init(&run->problems, run->arena);
    if (stack == NULL)
        return STEP_FAILED;
    struct making making = making_begin(run, stack, &stack->resources[0]);
    const struct resource_type *type = making.resource->kind;
    making.id = back.id;
    making.before = record->made.properties;
    bool done = making_find(&making) && (making.have != NULL || !making_has_effect(making.resource)) &&
                (type->compare == NULL || type->compare(&making)) && !making.replace &&
                (type->update == NULL || type->update(&making));
    if (!done) {
        if (making.stopped)
            return STEP_STOPPED;
        run_set_resource(run, record, STACK_UPDATE_FAILED, making_failure(run, &making));
        return STEP_FAILED;
    }
    making_keep(run, &making, &record->before);
    return STEP_DONE;
}

/* What was made beside it goes; it is itself again. */
static void step_back(struct run *run, struct resource_record *record)
{
    record->leftovers.count = 0;
    if (record->beside && record->made.properties != NULL && !(record->foreign && record->made.id.len == 0))
        add_leftover(run, record, &record->made);
    record->foreign = false;
    record->beside = record->altered = false;
    record->made = record->before;
    run_set_resource(run, record, STACK_UPDATE_COMPLETE, SLICE(""));
}

enum step run_restore_resource(struct run *run, struct resource_record *record, bool skip)
{
    enum step step = STEP_DONE;

    if (!skip && record->status != STACK_UPDATE_IN_PROGRESS) {
        run_set_resource(run, record, STACK_UPDATE_IN_PROGRESS, SLICE(""));
        step = run_flush(run);
    }
    if (step == STEP_DONE && !skip && nested_is(record->type))
        step = nested_restore(run, record);
    else if (step == STEP_DONE && !skip && !record->beside)
        step = restore_in_place(run, record);
    if (step == STEP_FAILED)
        texts_add(run->arena, &run->failed[FAILING_UPDATE], record->logical);
    if (step == STEP_DONE)
        step_back(run, record);
    return step;
}
