#include "deploy/plan.h"

#include "deploy/properties.h"

struct planner {
    struct arena *arena;
    struct plan *plan;
    struct problems *problems;
};

bool plan_read(struct making *making, bool final)
{
    const struct resource_type *type = making->resource->kind;
    struct slice reason = SLICE("");
    struct reading reading;

    if (!properties_read(making->stack, making->resource, final, !making->checking, &reading,
                         making->problems))
        return false;
    making->want = reading.values;
    making->complete = reading.complete;
    making->not_applied = reading.not_applied;
    making->name = SLICE("");
    if (type->naming != NULL) {
        enum resolved named = stack_resource_name(making->stack, making->resource, &making->name, &reason);
        if (named == RESOLVED_WRONG || (named == RESOLVED_UNKNOWN && final))
            return making_refuse(making, "%s: %s%.*s", type->naming->property,
                                 named == RESOLVED_UNKNOWN ? "it depends on " : "", SLICE_ARGS(reason));
        if (named != RESOLVED)
            making->name = SLICE("");
    }
    return !making->complete || type->check == NULL || type->check(making);
}

/* Two resources of the same name would be one. Both kinds of table live in one namespace. */
static bool shares_names(const struct resource_type *a, const struct resource_type *b)
{
    return a == b || (a->naming != NULL && a->naming == b->naming);
}

static bool check_name_is_free(const struct plan *plan, struct making *making)
{
    const struct resource_type *type = making->resource->kind;

    for (size_t i = 0; making->name.len > 0 && !type->naming->shared && i < plan->count; i++) {
        const struct making *other = &plan->resources[i];
        if (shares_names(type, other->resource->kind) && slice_equal(other->name, making->name))
            return making_refuse(making, "%s: '%.*s' is the name of %.*s too", type->naming->property,
                                 SLICE_ARGS(making->name), SLICE_ARGS(other->resource->id));
    }
    return true;
}

static bool plan_stack(struct planner *planner, struct stack *stack);

static bool plan_resource(struct planner *planner, struct stack *stack, struct resource *resource)
{
    struct plan *plan = planner->plan;
    struct making *making = &plan->resources[plan->count];
    struct slice undecided;

    *making = (struct making){.arena = planner->arena,
                              .stack = stack,
                              .resource = resource,
                              .problems = planner->problems,
                              .checking = true,
                              .not_applied = SLICE("")};
    if (!stack_has_resource(stack, resource, &undecided))
        return true;
    if (resource->nested != NULL)
        return plan_stack(planner, resource->nested);
    if (resource->kind == NULL || resource->kind->recorded || resource->kind->inert)
        return true;
    if (!plan_read(making, false) || !check_name_is_free(plan, making))
        return false;
    plan->count++;
    return true;
}

static bool plan_stack(struct planner *planner, struct stack *stack)
{
    bool good = true;

    for (size_t i = 0; i < stack->resource_count; i++)
        good &= plan_resource(planner, stack, &stack->resources[i]);
    return good;
}

bool plan_make(struct arena *arena, const struct assembly *assembly, struct plan *out,
               struct problems *problems)
{
    struct planner planner = {.arena = arena, .plan = out, .problems = problems};
    size_t resources = 1;
    bool good = true;

    for (size_t i = 0; i < assembly->count; i++)
        resources += assembly->stacks[i]->resource_count;
    *out = (struct plan){.resources = arena_array(arena, struct making, resources)};
    for (size_t i = 0; i < assembly->count; i++) {
        if (assembly->stacks[i]->identity.parent == NULL)
            good &= plan_stack(&planner, assembly->stacks[i]);
    }
    return good;
}
