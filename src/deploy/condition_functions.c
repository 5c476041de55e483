/* Conditions, Fn::If, and what else is true or false: the functions of rules. */
#include "deploy/functions.h"
#include "deploy/making.h"
#include "deploy/parameters.h"

/* ---- conditions by name ---- */

static enum resolved condition_holds(struct stack *stack, const struct json *condition, bool *holds,
                                     struct slice *reason)
{
    struct json value;

    if (condition->type == JSON_OBJECT && condition->object.count == 1 &&
        slice_is(condition->object.members[0].name, "Condition") &&
        condition->object.members[0].value.type == JSON_STRING)
        return condition_holds_named(stack, condition->object.members[0].value.text, holds, reason);
    enum resolved resolved = stack_evaluate(stack, condition, &value, reason);
    if (resolved != RESOLVED)
        return resolved;
    if (value.type != JSON_BOOLEAN)
        return function_wrong(stack, reason, "Template error: a condition must be true or false");
    *holds = value.boolean;
    return RESOLVED;
}

/* It is evaluated once, unless something in it has no value yet. */
static enum resolved decide(struct stack *stack, const struct json_member *condition,
                            enum condition_state *state, struct slice *reason)
{
    bool holds = false;

    *state = CONDITION_BEING_MADE;
    enum resolved resolved = condition_holds(stack, &condition->value, &holds, reason);
    *state = resolved != RESOLVED ? CONDITION_NEW : holds ? CONDITION_TRUE : CONDITION_FALSE;
    if (resolved == RESOLVED_LATER || resolved == RESOLVED_UNKNOWN) {
        *reason = arena_printf(stack->arena, "condition %.*s: it depends on %.*s",
                               SLICE_ARGS(condition->name), SLICE_ARGS(*reason));
        return RESOLVED_UNKNOWN;
    }
    return resolved;
}

enum resolved condition_holds_named(struct stack *stack, struct slice name, bool *holds, struct slice *reason)
{
    const struct json *conditions = stack->conditions;
    enum resolved resolved = RESOLVED;
    size_t at = 0;

    while (at < conditions->object.count && !slice_equal(conditions->object.members[at].name, name))
        at++;
    if (at == conditions->object.count)
        return function_wrong(stack, reason, "Template error: unresolved condition dependency %.*s",
                              SLICE_ARGS(name));
    enum condition_state *state = &stack->condition_states[at];
    if (*state == CONDITION_BEING_MADE)
        return function_wrong(stack, reason, "Template error: Circular dependency between conditions: [%.*s]",
                              SLICE_ARGS(name));
    if (*state == CONDITION_NEW)
        resolved = decide(stack, &conditions->object.members[at], state, reason);
    *holds = *state == CONDITION_TRUE;
    return resolved;
}

enum resolved call_if(struct stack *stack, const struct json *argument, struct json *out,
                      struct slice *reason)
{
    bool holds;

    if (!function_is_list(argument, 3, 3) || argument->array.items[0].type != JSON_STRING)
        return function_wrong(stack, reason,
                              "Template error: Fn::If requires a list argument with three elements");
    enum resolved resolved = condition_holds_named(stack, argument->array.items[0].text, &holds, reason);
    return resolved == RESOLVED ? stack_resolve(stack, &argument->array.items[holds ? 1 : 2], out, reason)
                                : resolved;
}

/* ---- true or false ---- */

/* What is not there is the same as what is not there either. */
enum resolved call_equals(struct stack *stack, const struct json *argument, struct json *out,
                          struct slice *reason)
{
    struct json values[2];
    bool there[2];

    if (!function_is_list(argument, 2, 2))
        return function_wrong(
            stack, reason, "Template error: every Fn::Equals object requires a list of 2 string parameters.");
    for (size_t i = 0; i < 2; i++) {
        enum resolved resolved = stack_evaluate(stack, &argument->array.items[i], &values[i], reason);
        if (resolved != RESOLVED && resolved != RESOLVED_NOTHING)
            return resolved;
        there[i] = resolved == RESOLVED;
    }
    return function_give_boolean(json_same(there[0] ? &values[0] : NULL, there[1] ? &values[1] : NULL), out);
}

/* A value that decides is enough, wherever it stands, though others are not known. */
static enum resolved combine(struct stack *stack, const struct json *argument, bool decisive,
                             struct json *out, struct slice *reason)
{
    enum resolved all = RESOLVED;
    bool holds;

    if (!function_is_list(argument, 2, 10))
        return function_wrong(
            stack, reason,
            "Template error: every %s object requires a list of at least 2 and at most 10 boolean "
            "parameters.",
            decisive ? "Fn::Or" : "Fn::And");
    for (size_t i = 0; i < argument->array.count; i++) {
        struct slice why;
        enum resolved resolved = condition_holds(stack, &argument->array.items[i], &holds, &why);
        if (resolved == RESOLVED && holds == decisive)
            return function_give_boolean(decisive, out);
        if (resolved != RESOLVED) {
            all = resolved;
            *reason = why;
        }
        if (resolved == RESOLVED_WRONG)
            break;
    }
    return all == RESOLVED ? function_give_boolean(!decisive, out) : all;
}

enum resolved call_and(struct stack *stack, const struct json *argument, struct json *out,
                       struct slice *reason)
{
    return combine(stack, argument, false, out, reason);
}

enum resolved call_or(struct stack *stack, const struct json *argument, struct json *out,
                      struct slice *reason)
{
    return combine(stack, argument, true, out, reason);
}

enum resolved call_not(struct stack *stack, const struct json *argument, struct json *out,
                       struct slice *reason)
{
    bool holds;

    if (!function_is_list(argument, 1, 1))
        return function_wrong(stack, reason,
                              "Template error: every Fn::Not object requires one boolean parameter.");
    enum resolved resolved = condition_holds(stack, &argument->array.items[0], &holds, reason);
    return resolved == RESOLVED ? function_give_boolean(!holds, out) : resolved;
}

/* ---- rules ---- */

#define LIST_AND_MORE                                                                                        \
    "Template error: every Fn::Contains, Fn::EachMemberEquals and Fn::EachMemberIn object requires two "     \
    "parameters, a list of strings and what is asked of them"

static bool has_text(const struct json *list, struct slice text)
{
    struct slice element;

    for (size_t i = 0; i < list->array.count; i++) {
        if (scalar_text(&list->array.items[i], &element) && slice_equal(element, text))
            return true;
    }
    return false;
}

/* The list of the first argument, and the text of the second. */
static enum resolved read_members(struct stack *stack, const struct json *argument, struct json *list,
                                  struct slice *text, struct slice *reason)
{
    if (!function_is_list(argument, 2, 2))
        return function_wrong(stack, reason, "%s", LIST_AND_MORE);
    enum resolved resolved = function_list(stack, &argument->array.items[0], list, LIST_AND_MORE, reason);
    return resolved == RESOLVED ? function_text(stack, &argument->array.items[1], text, LIST_AND_MORE, reason)
                                : resolved;
}

enum resolved call_contains(struct stack *stack, const struct json *argument, struct json *out,
                            struct slice *reason)
{
    struct slice text;
    struct json list;
    enum resolved resolved = read_members(stack, argument, &list, &text, reason);

    return resolved == RESOLVED ? function_give_boolean(has_text(&list, text), out) : resolved;
}

enum resolved call_each_member_equals(struct stack *stack, const struct json *argument, struct json *out,
                                      struct slice *reason)
{
    struct slice text, element;
    struct json list;
    bool all = true;
    enum resolved resolved = read_members(stack, argument, &list, &text, reason);

    for (size_t i = 0; resolved == RESOLVED && i < list.array.count; i++)
        all &= scalar_text(&list.array.items[i], &element) && slice_equal(element, text);
    return resolved == RESOLVED ? function_give_boolean(all, out) : resolved;
}

enum resolved call_each_member_in(struct stack *stack, const struct json *argument, struct json *out,
                                  struct slice *reason)
{
    struct json members, allowed;
    struct slice element;
    bool all = true;

    if (!function_is_list(argument, 2, 2))
        return function_wrong(stack, reason, "%s", LIST_AND_MORE);
    enum resolved resolved = function_list(stack, &argument->array.items[0], &members, LIST_AND_MORE, reason);
    if (resolved == RESOLVED)
        resolved = function_list(stack, &argument->array.items[1], &allowed, LIST_AND_MORE, reason);
    if (resolved != RESOLVED)
        return resolved;
    if (!function_count(stack, members.array.count * (allowed.array.count + 1), reason))
        return RESOLVED_WRONG;
    for (size_t i = 0; i < members.array.count; i++)
        all &= scalar_text(&members.array.items[i], &element) && has_text(&allowed, element);
    return function_give_boolean(all, out);
}

/* The values of all parameters of that type; a list's are each one. */
enum resolved call_ref_all(struct stack *stack, const struct json *argument, struct json *out,
                           struct slice *reason)
{
    struct json all = {.type = JSON_ARRAY};

    for (size_t i = 0; i < stack->parameter_count; i++) {
        struct parameter *parameter = &stack->parameters[i];
        struct json value, one = {.type = JSON_ARRAY, .array = {&value, 1}};
        if (argument->type != JSON_STRING || !slice_equal(parameter->type, argument->text))
            continue;
        enum resolved resolved = parameter_value(stack, parameter, &value, reason);
        if (resolved != RESOLVED)
            return resolved;
        list_append(stack->arena, &all, value.type == JSON_ARRAY ? &value : &one);
    }
    *out = all;
    return RESOLVED;
}

/* Fn::ValueOf, Fn::ValueOfAll: attributes of what parameters name, such as a network's tags. */
enum resolved call_value_of(struct stack *stack, const struct json *argument, struct json *out,
                            struct slice *reason)
{
    (void)argument;
    (void)out;
    return function_wrong(
        stack, reason,
        "Template error: Fn::ValueOf and Fn::ValueOfAll are not available here: there are no "
        "resources of the types of which they tell attributes");
}
