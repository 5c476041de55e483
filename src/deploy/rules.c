#include "deploy/rules.h"

#include "deploy/intrinsics.h"
#include "deploy/path.h"

/* ---- conditions ---- */

bool conditions_decide(struct stack *stack, struct problems *problems)
{
    for (size_t i = 0; i < stack->conditions->object.count; i++) {
        struct slice reason;
        bool holds;
        if (condition_holds_named(stack, stack->conditions->object.members[i].name, &holds, &reason) ==
            RESOLVED_WRONG)
            return stack_refuse(stack, problems, "%.*s", SLICE_ARGS(reason));
    }
    return true;
}

/* ---- rules ---- */

/* Whether an assertion, or a rule's condition, is true. False also when it cannot be told; then *unknown, or
 * a problem was added. */
static bool is_true(struct stack *stack, const struct json *json, bool *unknown, struct problems *problems)
{
    struct json value;
    struct slice reason;
    enum resolved resolved = stack_evaluate(stack, json, &value, &reason);

    *unknown = resolved == RESOLVED_UNKNOWN || resolved == RESOLVED_LATER;
    if (*unknown)
        return false;
    if (resolved == RESOLVED_WRONG)
        return stack_refuse(stack, problems, "%.*s", SLICE_ARGS(reason));
    if (resolved == RESOLVED && value.type == JSON_BOOLEAN)
        return value.boolean;
    return stack_refuse(stack, problems,
                        "Template error: rules are made of functions that are true or false");
}

static bool check_assertion(struct stack *stack, struct slice rule, const struct json *assertion,
                            struct problems *problems)
{
    const struct json *description = json_get(assertion, "AssertDescription");
    size_t before = problems->count;
    struct slice text = SLICE("an assertion is false");
    bool unknown;

    if (is_true(stack, json_get(assertion, "Assert"), &unknown, problems) || unknown)
        return true;
    if (problems->count > before)
        return false;
    if (description != NULL)
        (void)scalar_text(description, &text);
    return stack_refuse(stack, problems, "Template error: Rule %.*s failed: %.*s", SLICE_ARGS(rule),
                        SLICE_ARGS(text));
}

static bool check_rule(struct stack *stack, const struct json_member *rule, struct problems *problems)
{
    const struct json *condition = json_get(&rule->value, "RuleCondition");
    const struct json *assertions = json_get(&rule->value, "Assertions");
    size_t before = problems->count;
    bool unknown;

    if (condition != NULL && !is_true(stack, condition, &unknown, problems))
        return problems->count == before;
    for (size_t i = 0; i < assertions->array.count; i++) {
        if (!check_assertion(stack, rule->name, &assertions->array.items[i], problems))
            return false;
    }
    return true;
}

bool rules_hold(struct stack *stack, struct problems *problems)
{
    const struct json *rules = json_get(stack->template, "Rules");

    for (size_t i = 0; rules != NULL && i < rules->object.count; i++) {
        if (!check_rule(stack, &rules->object.members[i], problems))
            return false;
    }
    return true;
}

/* ---- values ---- */

static bool probe(struct stack *stack, const struct json *json, const struct path *path,
                  struct problems *problems);

static bool probe_members(struct stack *stack, const struct json *json, const struct path *path,
                          struct problems *problems)
{
    for (size_t i = 0; json->type == JSON_ARRAY && i < json->array.count; i++) {
        if (!probe(stack, &json->array.items[i], &(struct path){path, SLICE(""), i}, problems))
            return false;
    }
    for (size_t i = 0; json->type == JSON_OBJECT && i < json->object.count; i++) {
        const struct json_member *member = &json->object.members[i];
        if (!probe(stack, &member->value, &(struct path){path, member->name, 0}, problems))
            return false;
    }
    return true;
}

/* The branch of Fn::If that is taken, or NULL if that cannot be told. */
static const struct json *branch_of(struct stack *stack, const struct json *argument)
{
    struct slice reason;
    bool holds;

    return condition_holds_named(stack, argument->array.items[0].text, &holds, &reason) == RESOLVED
               ? &argument->array.items[holds ? 1 : 2]
               : NULL;
}

/* A function whose value depends on what is made may have others in it that have values now. Recursion is
 * bounded by the depth of a template. */
static bool probe(struct stack *stack, const struct json *json, const struct path *path,
                  struct problems *problems)
{
    struct slice reason;
    struct json value;

    if (!is_function(json))
        return probe_members(stack, json, path, problems);
    const struct json_member *function = &json->object.members[0];
    if (slice_is(function->name, "Fn::If")) {
        const struct json *branch = branch_of(stack, &function->value);
        return branch == NULL || probe(stack, branch, path, problems);
    }
    switch (stack_evaluate(stack, json, &value, &reason)) {
    case RESOLVED_WRONG:
        (void)stack_refuse(stack, problems, "%.*s", SLICE_ARGS(reason));
        problems_locate(problems, path_text(stack->arena, path));
        return false;
    case RESOLVED_LATER:
    case RESOLVED_UNKNOWN:
        return probe_members(stack, &function->value, path, problems);
    default:
        return true;
    }
}

static bool probe_resource(struct stack *stack, const struct resource *resource, struct problems *problems)
{
    const struct path root = {0}, block = {&root, SLICE("Resources"), 0}, whole = {&block, resource->id, 0},
                      path = {&whole, SLICE("Properties"), 0};
    struct slice unknown;

    return !stack_has_resource(stack, resource, &unknown) ||
           probe(stack, resource->properties, &path, problems);
}

static bool probe_output(struct stack *stack, const struct json_member *output, struct problems *problems)
{
    const struct path root = {0}, block = {&root, SLICE("Outputs"), 0}, whole = {&block, output->name, 0};
    const struct json *name = json_get(json_get(&output->value, "Export"), "Name");

    if (!stack_has_output(stack, &output->value))
        return true;
    return probe(stack, json_get(&output->value, "Value"), &(struct path){&whole, SLICE("Value"), 0},
                 problems) &&
           (name == NULL || probe(stack, name, &(struct path){&whole, SLICE("Export"), 0}, problems));
}

bool values_probe(struct stack *stack, struct problems *problems)
{
    const struct json *outputs = json_get(stack->template, "Outputs");
    bool good = true;

    stack->probing = true;
    for (size_t i = 0; good && i < stack->resource_count; i++)
        good = probe_resource(stack, &stack->resources[i], problems);
    stack->in_outputs = true;
    for (size_t i = 0; good && outputs != NULL && i < outputs->object.count; i++)
        good = probe_output(stack, &outputs->object.members[i], problems);
    stack->probing = stack->in_outputs = false;
    return good;
}
