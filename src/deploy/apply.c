#include "deploy/apply.h"

static bool find(struct making *making)
{
    const struct resource_type *type = making->resource->kind;

    making->have = NULL;
    making->id = SLICE("");
    making->replace = false;
    making->found = making->complete;
    return type->find(making) && (making->have == NULL || type->compare == NULL || type->compare(making));
}

/* Looks for what is there. What was found before is known by now, and so more properties may be. */
static bool survey(struct making *making)
{
    return (making->complete || plan_read(making, false)) && find(making);
}

static bool replace(struct making *making)
{
    const struct resource_type *type = making->resource->kind;

    making_step(making, "replacing it");
    if (!type->remove(making))
        return false;
    making->have = NULL;
    making->creating = true;
    return type->create(making);
}

static bool make(struct making *making)
{
    const struct resource_type *type = making->resource->kind;

    making->creating = making->have == NULL;
    if (making->creating)
        return type->create(making);
    if (making->replace)
        return replace(making);
    return type->update == NULL || type->update(making);
}

/* `stale`: something was replaced, and what was found through it may not be there any more. */
static bool apply(struct making *making, bool *stale)
{
    bool waited = !making->found;

    if (!plan_read(making, true) || ((waited || *stale) && !find(making)))
        return false;
    bool is_new = making->have == NULL;
    if (!make(making))
        return false;
    *stale |= making->replace;
    making->progress(making->context, making,
                     is_new            ? APPLY_CREATED
                     : making->replace ? APPLY_REPLACED
                     : making->changed ? APPLY_UPDATED
                                       : APPLY_UNCHANGED,
                     SLICE(""));
    return true;
}

bool apply_plan(const struct invoker *invoker, const struct plan *plan, apply_progress progress,
                void *context, struct problems *problems)
{
    bool good = true, stale = false;

    for (size_t i = 0; i < plan->count; i++) {
        struct making *making = &plan->resources[i];
        size_t before = problems->count;
        making->invoker = invoker;
        making->progress = progress;
        making->context = context;
        good &= survey(making);
        /* Without a server there is nothing more to be learned. */
        if (problems->count > before && making->have == NULL)
            return false;
    }
    for (size_t i = 0; good && i < plan->count; i++)
        good = apply(&plan->resources[i], &stale);
    return good;
}
