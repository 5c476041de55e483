#include "stacks/stack_policy.h"

#include "deploy/making.h"

enum { DEPTH = 32 };

/* ---- patterns ---- */

/* '*' stands for any text, '?' for any character. Goes back to the last star only. */
static bool matches(struct slice pattern, struct slice text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, from = 0;

    while (t < text.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            from = t;
        } else if (p < pattern.len && (pattern.ptr[p] == '?' || pattern.ptr[p] == text.ptr[t])) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*')
        p++;
    return p == pattern.len;
}

/* Whether one of the texts, or the one text, matches; `plain`: is the same. */
static bool matches_any(const struct json *patterns, struct slice text, bool plain)
{
    if (patterns->type == JSON_STRING)
        return plain ? slice_equal(patterns->text, text) : matches(patterns->text, text);
    for (size_t i = 0; i < count_of(patterns); i++) {
        if (matches_any(&patterns->array.items[i], text, plain))
            return true;
    }
    return false;
}

/* ---- statements ---- */

/* Action or NotAction, Resource or NotResource. */
static bool covers(const struct json *statement, const char *name, const char *negated, struct slice text)
{
    const struct json *patterns = json_get(statement, name);

    return patterns != NULL ? matches_any(patterns, text, false)
                            : !matches_any(json_get(statement, negated), text, false);
}

/* The one key that conditions may ask is the resource's type, by StringEquals or StringLike. */
static bool condition_holds(const struct json *condition, struct slice type)
{
    for (size_t i = 0; condition != NULL && i < condition->object.count; i++) {
        const struct json_member *test = &condition->object.members[i];
        if (!matches_any(json_get(&test->value, "ResourceType"), type, slice_is(test->name, "StringEquals")))
            return false;
    }
    return true;
}

static bool is_texts(const struct json *value)
{
    if (value == NULL || value->type == JSON_STRING)
        return value != NULL;
    for (size_t i = 0; i < count_of(value); i++) {
        if (value->array.items[i].type != JSON_STRING)
            return false;
    }
    return count_of(value) > 0;
}

static bool is_condition(const struct json *condition)
{
    if (condition == NULL)
        return true;
    if (condition->type != JSON_OBJECT)
        return false;
    for (size_t i = 0; i < condition->object.count; i++) {
        const struct json_member *test = &condition->object.members[i];
        if ((!slice_is(test->name, "StringEquals") && !slice_is(test->name, "StringLike")) ||
            test->value.type != JSON_OBJECT || test->value.object.count != 1 ||
            !is_texts(json_get(&test->value, "ResourceType")))
            return false;
    }
    return true;
}

static bool is_statement(const struct json *statement)
{
    struct slice effect = text_of(statement, "Effect");
    bool action = json_get(statement, "Action") != NULL, resource = json_get(statement, "Resource") != NULL;

    return statement->type == JSON_OBJECT && (slice_is(effect, "Allow") || slice_is(effect, "Deny")) &&
           is_texts(json_get(statement, action ? "Action" : "NotAction")) &&
           is_texts(json_get(statement, resource ? "Resource" : "NotResource")) &&
           is_condition(json_get(statement, "Condition"));
}

/* A list, also of one statement that stands alone. */
static bool read_statements(struct arena *arena, struct slice policy, struct json *out)
{
    const struct json *document, *statements;

    if (json_parse(arena, policy, DEPTH, &document) != JSON_OK)
        return false;
    statements = json_get(document, "Statement");
    if (statements == NULL)
        return false;
    *out = statements->type == JSON_ARRAY ? *statements : (struct json){.type = JSON_ARRAY};
    if (statements->type == JSON_OBJECT)
        list_append(arena, out,
                    &(struct json){.type = JSON_ARRAY, .array = {(struct json[]){*statements}, 1}});
    return count_of(out) > 0;
}

bool stack_policy_check(struct arena *arena, struct slice policy, struct slice *problem)
{
    struct json statements;

    if (!read_statements(arena, policy, &statements)) {
        *problem = SLICE("Error validating stack policy: Invalid stack policy");
        return false;
    }
    for (size_t i = 0; i < statements.array.count; i++) {
        if (is_statement(&statements.array.items[i]))
            continue;
        *problem = arena_printf(arena, "Error validating stack policy: Invalid statement [#%zu]", i + 1);
        return false;
    }
    return true;
}

/* ---- asking ---- */

bool stack_policy_allows(struct arena *arena, struct slice policy, const char *action, struct slice logical,
                         struct slice type, struct slice *reason)
{
    struct slice resource = arena_printf(arena, "LogicalResourceId/%.*s", SLICE_ARGS(logical));
    struct json statements;
    size_t denied = 0;
    bool allowed = false;

    if (policy.len == 0 || !read_statements(arena, policy, &statements))
        return true;
    for (size_t i = 0; i < statements.array.count; i++) {
        const struct json *statement = &statements.array.items[i];
        if (!covers(statement, "Action", "NotAction", slice_of(action)) ||
            !covers(statement, "Resource", "NotResource", resource) ||
            !condition_holds(json_get(statement, "Condition"), type))
            continue;
        if (slice_is(text_of(statement, "Effect"), "Allow"))
            allowed = true;
        else if (denied == 0)
            denied = i + 1;
    }
    if (allowed && denied == 0)
        return true;
    *reason = denied > 0
                  ? arena_printf(arena,
                                 "Action denied by stack policy: Statement [#%zu] does not allow [%s] for "
                                 "resource [%.*s];",
                                 denied, action, SLICE_ARGS(resource))
                  : arena_printf(arena,
                                 "Action not allowed by stack policy: no statement allows [%s] for "
                                 "resource [%.*s];",
                                 action, SLICE_ARGS(resource));
    return false;
}
