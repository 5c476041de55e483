#include "iam/simulate.h"

#include <strings.h>

#include "iam/statement.h"

struct simulating {
    const struct authority *authority;
    const struct iam_request *request;
    struct arena *arena;
    struct matching matching;
    struct iam_simulation *out;
    size_t capacity; /* of the matches */
    bool complete;   /* all keys had a place */
};

/* ---- keys ---- */

static bool add_key(struct iam_keys *keys, struct slice key, struct arena *arena)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->names[i].len == key.len && strncasecmp(keys->names[i].ptr, key.ptr, key.len) == 0)
            return true;
    }
    if (keys->count == KEYS_LIMIT)
        return false;
    if (keys->count == keys->capacity) {
        keys->capacity = keys->capacity == 0 ? 8 : 2 * keys->capacity;
        keys->names = arena_grow(arena, keys->names, keys->count, keys->capacity, sizeof(keys->names[0]));
    }
    keys->names[keys->count++] = arena_copy(arena, key);
    return true;
}

/* For those who want the keys of a policy, one after the other; false ends it. */
typedef bool (*take_key)(void *context, struct slice key, bool has_default);

static bool walk_pattern(const struct pattern *pattern, take_key take, void *context)
{
    for (size_t i = 0; i < pattern->count; i++) {
        const struct part *part = &pattern->parts[i];
        if (part->kind == PART_VARIABLE && !take(context, part->text, part->fallback.ptr != NULL))
            return false;
    }
    return true;
}

static bool walk_condition(const struct policy_condition *condition, take_key take, void *context)
{
    if (!take(context, condition->key, false))
        return false;
    for (size_t i = 0; i < condition->count; i++) {
        const struct policy_condition_value *value = &condition->values[i];
        if (condition->comparator->family == OPERATOR_STRING && !walk_pattern(&value->pattern, take, context))
            return false;
        for (size_t j = 0; condition->comparator->family == OPERATOR_ARN && value->arn != NULL && j < 6;
             j++) {
            if (!walk_pattern(&value->arn[j], take, context))
                return false;
        }
    }
    return true;
}

static bool walk_resources(const struct statement *statement, take_key take, void *context)
{
    for (size_t i = 0; i < statement->resources.count; i++) {
        if (!walk_pattern(&statement->resources.items[i], take, context))
            return false;
    }
    return true;
}

static bool walk_conditions(const struct statement *statement, take_key take, void *context)
{
    for (size_t i = 0; i < statement->condition_count; i++) {
        if (!walk_condition(&statement->conditions[i], take, context))
            return false;
    }
    return true;
}

struct gathering {
    struct iam_keys *keys;
    struct arena *arena;
};

static bool gather(void *context, struct slice key, bool has_default)
{
    const struct gathering *gathering = context;

    (void)has_default;
    return add_key(gathering->keys, key, gathering->arena);
}

bool iam_keys_add(struct iam_keys *keys, const struct policy *policy, struct arena *arena)
{
    struct gathering gathering = {keys, arena};

    for (size_t i = 0; i < policy->count; i++) {
        if (!walk_resources(&policy->statements[i], gather, &gathering) ||
            !walk_conditions(&policy->statements[i], gather, &gathering))
            return false;
    }
    return true;
}

/* Notes a key that the request does not have. */
static bool miss(void *context, struct slice key, bool has_default)
{
    struct simulating *simulating = context;
    struct iam_values values;

    if (has_default || matching_find(&simulating->matching, key, &values))
        return true;
    simulating->complete = matching_work(&simulating->matching, simulating->out->missing.count) &&
                           add_key(&simulating->out->missing, key, simulating->arena);
    return simulating->complete;
}

/* ---- statements ---- */

/* Whether the statement would be about the resource if its variables had the right values. */
static bool may_have_resource(struct simulating *simulating, const struct statement *statement)
{
    const struct patterns *patterns = &statement->resources;
    bool may = false;

    for (size_t i = 0; i < patterns->count; i++) {
        enum match match =
            pattern_match(&patterns->items[i], simulating->request->resource, &simulating->matching);
        if (match == MATCH_YES)
            return !patterns->inverted;
        may = may || match == MATCH_UNRESOLVED;
    }
    return may || patterns->inverted;
}

static void add_match(struct simulating *simulating, const struct policy *policy,
                      const struct attached_policy *where, size_t statement)
{
    struct iam_simulation *out = simulating->out;

    if (out->match_count == simulating->capacity) {
        simulating->capacity = simulating->capacity == 0 ? 8 : 2 * simulating->capacity;
        out->matches = arena_grow(simulating->arena, out->matches, out->match_count, simulating->capacity,
                                  sizeof(out->matches[0]));
    }
    out->matches[out->match_count++] = (struct iam_match){policy, where, statement};
}

/* A denial is determined by all that deny, permission by all that allow. */
static bool determines(struct simulating *simulating, const struct statement *statement)
{
    enum iam_outcome outcome = simulating->out->verdict.outcome;
    bool right = statement->denies ? outcome == IAM_EXPLICITLY_DENIED : outcome == IAM_ALLOWED;

    return right && statement_has_resource(statement, simulating->request->resource, &simulating->matching) &&
           statement_conditions_hold(statement, &simulating->matching);
}

static void look_at(struct simulating *simulating, const struct policy *policy,
                    const struct attached_policy *where)
{
    const struct iam_principal *principal = &simulating->authority->principal;

    for (size_t i = 0; i < policy->count && simulating->complete; i++) {
        const struct statement *statement = &policy->statements[i];
        if (!matching_work(&simulating->matching, 1) ||
            (policy->kind == POLICY_RESOURCE && statement_names(statement, principal) == NAMES_NOT) ||
            !statement_has_action(statement, simulating->request->action, &simulating->matching))
            continue;
        if (walk_resources(statement, miss, simulating) && may_have_resource(simulating, statement))
            (void)walk_conditions(statement, miss, simulating);
        if (determines(simulating, statement))
            add_match(simulating, policy, where, i);
    }
}

/* What the boundary says alone. */
static bool boundary_allows(const struct authority *authority, const struct iam_request *request)
{
    struct authority bounded = {.principal = authority->principal, .identity = authority->boundary};
    struct iam_request alone = *request;

    if (authority->boundary == NULL)
        return false;
    bounded.identity_count = 1;
    alone.resource_policy = NULL;
    return iam_evaluate(&bounded, &alone).outcome == IAM_ALLOWED;
}

bool iam_simulate(const struct authority *authority, const struct iam_request *request, struct arena *arena,
                  struct iam_simulation *out)
{
    struct simulating simulating = {.authority = authority,
                                    .request = request,
                                    .arena = arena,
                                    .matching = {&request->context, WORK_LIMIT},
                                    .out = out,
                                    .complete = true};

    *out = (struct iam_simulation){.verdict = iam_evaluate(authority, request),
                                   .boundary_allows = boundary_allows(authority, request)};
    if (out->verdict.outcome == IAM_IMPLICITLY_DENIED && out->verdict.layer == LAYER_NONE)
        return false;
    for (size_t i = 0; i < authority->identity_count; i++)
        look_at(&simulating, authority->identity[i].policy, &authority->identity[i]);
    if (authority->boundary != NULL)
        look_at(&simulating, authority->boundary->policy, authority->boundary);
    if (request->resource_policy != NULL)
        look_at(&simulating, request->resource_policy, NULL);
    out->work = WORK_LIMIT - simulating.matching.work;
    return simulating.complete && simulating.matching.work > 0;
}
