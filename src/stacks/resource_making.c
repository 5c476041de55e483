#include "stacks/resource_making.h"

#include "deploy/plan.h"

struct making making_begin(struct run *run, struct stack *stack, struct resource *resource)
{
    problems_init(&run->problems, run->arena);
    return (struct making){.arena = run->arena,
                           .stack = stack,
                           .resource = resource,
                           .problems = &run->problems,
                           .not_applied = SLICE(""),
                           .id = SLICE(""),
                           .instead_of = SLICE(""),
                           .strict = run->work->settings->strict,
                           .invoker = &run->work->invoker};
}

bool making_has_effect(const struct resource *resource)
{
    return !resource->kind->recorded && !resource->kind->inert;
}

bool making_find(struct making *making)
{
    making->have = NULL;
    making->replace = false;
    return plan_read(making, true) && making->resource->kind->find(making);
}

struct slice making_failure(struct run *run, const struct making *making)
{
    const struct making_refusal *refusal = &making->refusal;

    if (refusal->code == NULL)
        return run_problem(run, making->stack, making->resource);
    return arena_printf(
        run->arena, "Resource handler returned message: \"%.*s\" (RequestToken: %.*s, HandlerErrorCode: %s)",
        SLICE_ARGS(refusal->message), SLICE_ARGS(random_uuid(run->arena)), refusal->code);
}

/* ---- what is kept ---- */

void making_keep_value(struct arena *arena, struct json *values, struct slice name, struct slice text)
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
        making_keep_value(run->arena, values, SLICE("Ref"), value.text);
    for (; attribute != NULL && *attribute != NULL; attribute++) {
        if (resource_value(stack, resource, slice_of(*attribute), &value, &reason) == RESOLVED &&
            value.type == JSON_STRING)
            making_keep_value(run->arena, values, slice_of(*attribute), value.text);
    }
    return values;
}

struct slice making_note(struct run *run, const struct making *making)
{
    if (making->resource->kind->recorded)
        return SLICE("Recorded and not run: this server has no service for this type");
    return making->not_applied.len == 0
               ? SLICE("")
               : arena_printf(run->arena, "Not applied, for this server does not have it: %.*s",
                              SLICE_ARGS(making->not_applied));
}

void making_keep(struct run *run, struct making *making, struct resource_made *made)
{
    struct slice id;

    made->values = values_of(run, making->stack, making->resource);
    id = text_of(made->values, "Ref");
    made->id = making->id.len > 0 ? making->id : id;
}

/* The same with "****" for what nobody is to see; NULL if it is the same. */
static const struct json *shown_properties(struct run *run, const struct resource *resource,
                                           const struct json *properties)
{
    struct json *shown = arena_new(run->arena, struct json);
    struct slice reason;

    run->stack->masked = true;
    bool read = stack_evaluate(run->stack, resource->properties, shown, &reason) == RESOLVED;
    run->stack->masked = false;
    return read && !json_same(shown, properties) ? shown : NULL;
}

bool making_read_source(struct run *run, const struct resource *resource, struct resource_made *made)
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
    made->shown = shown_properties(run, resource, properties);
    made->body = body->object.count > 0 ? body : NULL;
    return true;
}
