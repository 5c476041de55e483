#include "deploy/intrinsics.h"

#include <inttypes.h>

#include "deploy/parameters.h"
#include "deploy/resource_type.h"

/* What evaluation may make of one template: far more than any real one needs. */
enum { BYTES_LIMIT = 8 * 1024 * 1024, STEPS_LIMIT = 1000 * 1000, NESTING_LIMIT = 200 };

static enum resolved wrong(struct stack *stack, struct slice *reason, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum resolved wrong(struct stack *stack, struct slice *reason, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    *reason = arena_vprintf(stack->arena, format, arguments);
    va_end(arguments);
    return RESOLVED_WRONG;
}

static enum resolved give_text(struct stack *stack, struct slice text, struct json *out, struct slice *reason)
{
    *out = (struct json){.type = JSON_STRING, .text = text};
    stack->bytes += text.len;
    return stack->bytes <= BYTES_LIMIT
               ? RESOLVED
               : wrong(stack, reason, "the functions of the template make too much text");
}

bool scalar_text(const struct json *value, struct slice *out)
{
    switch (value->type) {
    case JSON_STRING:
    case JSON_NUMBER:
        *out = value->text;
        return true;
    case JSON_BOOLEAN:
        *out = value->boolean ? SLICE("true") : SLICE("false");
        return true;
    default:
        return false;
    }
}

/* The argument as a list of `least` to `most` elements. */
static bool is_list(const struct json *argument, size_t least, size_t most)
{
    return argument->type == JSON_ARRAY && argument->array.count >= least && argument->array.count <= most;
}

static enum resolved evaluate_text(struct stack *stack, const struct json *json, struct slice *out,
                                   const char *otherwise, struct slice *reason)
{
    struct json value;
    enum resolved resolved = stack_evaluate(stack, json, &value, reason);

    if (resolved == RESOLVED && !scalar_text(&value, out))
        return wrong(stack, reason, "%s", otherwise);
    if (resolved == RESOLVED_NOTHING)
        *out = SLICE("");
    return resolved;
}

/* ---- parameters and pseudo parameters ---- */

enum resolved split_text(struct stack *stack, struct slice text, struct slice delimiter, bool trim,
                         struct json *out, struct slice *reason)
{
    size_t count = 1, start = 0;

    if (stack->bytes + text.len > BYTES_LIMIT)
        return wrong(stack, reason, "the functions of the template make too much text");
    stack->bytes += text.len;
    for (size_t i = 0; i + delimiter.len <= text.len; i++) {
        if (memcmp(text.ptr + i, delimiter.ptr, delimiter.len) == 0) {
            count++;
            i += delimiter.len - 1;
        }
    }
    *out = (struct json){.type = JSON_ARRAY, .array = {arena_array(stack->arena, struct json, count), 0}};
    for (size_t i = 0; i <= text.len; i++) {
        bool here = i + delimiter.len <= text.len && memcmp(text.ptr + i, delimiter.ptr, delimiter.len) == 0;
        if (!here && i < text.len)
            continue;
        struct slice part = {text.ptr + start, i - start};
        while (trim && part.len > 0 && part.ptr[0] == ' ')
            part = slice_skip(part, 1);
        while (trim && part.len > 0 && part.ptr[part.len - 1] == ' ')
            part.len--;
        out->array.items[out->array.count++] = (struct json){.type = JSON_STRING, .text = part};
        if (here) {
            start = i + delimiter.len;
            i = start - 1;
        }
    }
    return RESOLVED;
}

static enum resolved pseudo_value(struct stack *stack, struct slice name, struct json *out,
                                  struct slice *reason)
{
    const struct stack_identity *identity = &stack->identity;

    if (slice_is(name, "AWS::NoValue"))
        return RESOLVED_NOTHING;
    if (slice_is(name, "AWS::Region"))
        return give_text(stack, identity->region, out, reason);
    if (slice_is(name, "AWS::AccountId"))
        return give_text(stack, identity->account, out, reason);
    if (slice_is(name, "AWS::Partition"))
        return give_text(stack, SLICE("aws"), out, reason);
    if (slice_is(name, "AWS::URLSuffix"))
        return give_text(stack, SLICE("amazonaws.com"), out, reason);
    if (slice_is(name, "AWS::StackName"))
        return give_text(stack, identity->name, out, reason);
    if (slice_is(name, "AWS::StackId"))
        return give_text(stack, stack_arn(stack), out, reason);
    if (slice_is(name, "AWS::NotificationARNs")) {
        *out = (struct json){.type = JSON_ARRAY};
        if (identity->notification_arns != NULL)
            *out = *identity->notification_arns;
        return RESOLVED;
    }
    return wrong(stack, reason, "there is no pseudo parameter %.*s", SLICE_ARGS(name));
}

/* ---- references ---- */

/* What is not made here has no value; what is not there because of its condition has none either. */
static enum resolved check_made(struct stack *stack, const struct resource *resource, struct slice *reason)
{
    struct slice undecided;

    if (stack_has_resource(stack, resource, &undecided))
        return RESOLVED;
    if (undecided.len > 0) {
        *reason = undecided;
        return RESOLVED_WRONG;
    }
    return wrong(stack, reason, "%.*s is not made: its condition does not hold", SLICE_ARGS(resource->id));
}

static enum resolved unknown_resource(struct stack *stack, const struct resource *resource,
                                      struct slice *reason)
{
    *reason = arena_printf(stack->arena, "%.*s (%.*s), which is not made here", SLICE_ARGS(resource->id),
                           SLICE_ARGS(resource->type));
    return RESOLVED_UNKNOWN;
}

static enum resolved reference(struct stack *stack, struct slice name, struct json *out, struct slice *reason)
{
    struct parameter *parameter = parameter_find(stack, name);
    struct resource *resource = stack_resource(stack, name);

    if (slice_starts_with(name, SLICE("AWS::")))
        return pseudo_value(stack, name, out, reason);
    if (parameter != NULL)
        return parameter_value(stack, parameter, out, reason);
    if (resource == NULL)
        return wrong(stack, reason, "there is no resource or parameter %.*s in the template",
                     SLICE_ARGS(name));
    enum resolved resolved = check_made(stack, resource, reason);
    if (resolved != RESOLVED)
        return resolved;
    if (resource->nested != NULL)
        return give_text(stack, stack_arn(resource->nested), out, reason);
    return resource->kind != NULL ? resource_value(stack, resource, SLICE(""), out, reason)
                                  : unknown_resource(stack, resource, reason);
}

static enum resolved attribute_of(struct stack *stack, struct slice id, struct slice attribute,
                                  struct json *out, struct slice *reason)
{
    struct resource *resource = stack_resource(stack, id);
    const struct slice outputs = SLICE("Outputs.");

    if (resource == NULL)
        return wrong(stack, reason, "there is no resource %.*s in the template", SLICE_ARGS(id));
    enum resolved resolved = check_made(stack, resource, reason);
    if (resolved != RESOLVED)
        return resolved;
    if (resource->kind != NULL)
        return resource_value(stack, resource, attribute, out, reason);
    if (resource->nested == NULL || !slice_starts_with(attribute, outputs))
        return unknown_resource(stack, resource, reason);
    struct slice name = slice_skip(attribute, outputs.len);
    const struct json *output = json_get_slice(json_get(resource->nested->template, "Outputs"), name);
    const struct json *value = json_get(output, "Value");
    if (value == NULL)
        return wrong(stack, reason, "%.*s has no output %.*s", SLICE_ARGS(id), SLICE_ARGS(name));
    return stack_evaluate(resource->nested, value, out, reason);
}

static enum resolved call_ref(struct stack *stack, const struct json *argument, struct json *out,
                              struct slice *reason)
{
    if (argument->type != JSON_STRING)
        return wrong(stack, reason, "Ref needs the name of a resource or parameter");
    return reference(stack, argument->text, out, reason);
}

static enum resolved call_get_att(struct stack *stack, const struct json *argument, struct json *out,
                                  struct slice *reason)
{
    static const char usage[] = "Fn::GetAtt needs the name of a resource and of an attribute";
    struct slice attribute;

    if (argument->type == JSON_STRING) {
        const char *dot =
            argument->text.len == 0 ? NULL : memchr(argument->text.ptr, '.', argument->text.len);
        if (dot == NULL)
            return wrong(stack, reason, "%s", usage);
        size_t length = (size_t)(dot - argument->text.ptr);
        return attribute_of(stack, (struct slice){argument->text.ptr, length},
                            slice_skip(argument->text, length + 1), out, reason);
    }
    if (!is_list(argument, 2, 2) || argument->array.items[0].type != JSON_STRING)
        return wrong(stack, reason, "%s", usage);
    enum resolved resolved = evaluate_text(stack, &argument->array.items[1], &attribute, usage, reason);
    return resolved == RESOLVED ? attribute_of(stack, argument->array.items[0].text, attribute, out, reason)
                                : resolved;
}

/* ---- text ---- */

bool substitution_next(struct slice *rest, struct slice *before, struct slice *name)
{
    struct slice text = *rest;

    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.ptr[i] != '$' || text.ptr[i + 1] != '{')
            continue;
        const char *end = memchr(text.ptr + i, '}', text.len - i);
        if (end == NULL)
            break;
        *before = (struct slice){text.ptr, i};
        *name = (struct slice){text.ptr + i + 2, (size_t)(end - text.ptr) - i - 2};
        while (name->len > 0 && name->ptr[0] == ' ')
            *name = slice_skip(*name, 1);
        while (name->len > 0 && name->ptr[name->len - 1] == ' ')
            name->len--;
        *rest = slice_skip(text, (size_t)(end - text.ptr) + 1);
        return true;
    }
    *before = text;
    return false;
}

static enum resolved substitute(struct stack *stack, struct slice name, const struct json *variables,
                                struct slice *out, struct slice *reason)
{
    const struct json *variable = json_get_slice(variables, name);
    const char *dot = name.len == 0 ? NULL : memchr(name.ptr, '.', name.len);
    struct json value;
    enum resolved resolved;

    if (name.len > 0 && name.ptr[0] == '!') {
        *out = arena_printf(stack->arena, "${%.*s}", (int)name.len - 1, name.ptr + 1);
        return RESOLVED;
    }
    if (variable != NULL)
        resolved = stack_evaluate(stack, variable, &value, reason);
    else if (dot != NULL)
        resolved = attribute_of(stack, (struct slice){name.ptr, (size_t)(dot - name.ptr)},
                                slice_skip(name, (size_t)(dot - name.ptr) + 1), &value, reason);
    else
        resolved = reference(stack, name, &value, reason);
    if (resolved == RESOLVED_NOTHING)
        return wrong(stack, reason, "Fn::Sub: ${%.*s} has no value", SLICE_ARGS(name));
    if (resolved == RESOLVED && !scalar_text(&value, out))
        return wrong(stack, reason, "Fn::Sub: the value of ${%.*s} is no text", SLICE_ARGS(name));
    return resolved;
}

/* Copies what was built; the buffer is finished in any case. */
static enum resolved give_built(struct stack *stack, enum resolved resolved, struct buffer *built,
                                struct json *out, struct slice *reason)
{
    if (resolved == RESOLVED)
        resolved = give_text(stack, arena_copy(stack->arena, buffer_slice(built)), out, reason);
    buffer_finish(built);
    return resolved;
}

/* Appends, as long as it is not too much. */
static enum resolved append(struct stack *stack, struct buffer *built, struct slice text,
                            struct slice *reason)
{
    if (built->len + text.len > BYTES_LIMIT)
        return wrong(stack, reason, "the functions of the template make too much text");
    buffer_append(built, text);
    return RESOLVED;
}

static enum resolved call_sub(struct stack *stack, const struct json *argument, struct json *out,
                              struct slice *reason)
{
    const struct json *text = argument, *variables = NULL;
    enum resolved resolved = RESOLVED;
    struct slice rest, before, name, value;
    struct buffer built;

    if (is_list(argument, 2, 2)) {
        text = &argument->array.items[0];
        variables = &argument->array.items[1];
    }
    if (text->type != JSON_STRING || (variables != NULL && variables->type != JSON_OBJECT))
        return wrong(stack, reason, "Fn::Sub needs a text, or a list of a text and an object of variables");
    buffer_init(&built);
    rest = text->text;
    while (resolved == RESOLVED && substitution_next(&rest, &before, &name)) {
        resolved = append(stack, &built, before, reason);
        if (resolved == RESOLVED)
            resolved = substitute(stack, name, variables, &value, reason);
        if (resolved == RESOLVED)
            resolved = append(stack, &built, value, reason);
    }
    if (resolved == RESOLVED)
        resolved = append(stack, &built, rest, reason);
    return give_built(stack, resolved, &built, out, reason);
}

static enum resolved call_join(struct stack *stack, const struct json *argument, struct json *out,
                               struct slice *reason)
{
    static const char usage[] = "Fn::Join needs a delimiter and a list of texts";
    struct json list;
    struct slice text;
    struct buffer built;

    if (!is_list(argument, 2, 2) || argument->array.items[0].type != JSON_STRING)
        return wrong(stack, reason, "%s", usage);
    enum resolved resolved = stack_evaluate(stack, &argument->array.items[1], &list, reason);
    if (resolved != RESOLVED)
        return resolved;
    if (list.type != JSON_ARRAY)
        return wrong(stack, reason, "%s", usage);
    buffer_init(&built);
    for (size_t i = 0; resolved == RESOLVED && i < list.array.count; i++) {
        if (!scalar_text(&list.array.items[i], &text)) {
            resolved = wrong(stack, reason, "%s", usage);
            break;
        }
        if (i > 0)
            resolved = append(stack, &built, argument->array.items[0].text, reason);
        if (resolved == RESOLVED)
            resolved = append(stack, &built, text, reason);
    }
    return give_built(stack, resolved, &built, out, reason);
}

static enum resolved call_split(struct stack *stack, const struct json *argument, struct json *out,
                                struct slice *reason)
{
    static const char usage[] = "Fn::Split needs a delimiter and a text";
    struct slice text;

    if (!is_list(argument, 2, 2) || argument->array.items[0].type != JSON_STRING ||
        argument->array.items[0].text.len == 0)
        return wrong(stack, reason, "%s", usage);
    enum resolved resolved = evaluate_text(stack, &argument->array.items[1], &text, usage, reason);
    return resolved == RESOLVED ? split_text(stack, text, argument->array.items[0].text, false, out, reason)
                                : resolved;
}

static enum resolved call_select(struct stack *stack, const struct json *argument, struct json *out,
                                 struct slice *reason)
{
    static const char usage[] = "Fn::Select needs an index and a list";
    struct slice text;
    struct json list;
    int64_t index;

    if (!is_list(argument, 2, 2))
        return wrong(stack, reason, "%s", usage);
    enum resolved resolved = evaluate_text(stack, &argument->array.items[0], &text, usage, reason);
    if (resolved != RESOLVED)
        return resolved;
    resolved = stack_evaluate(stack, &argument->array.items[1], &list, reason);
    if (resolved != RESOLVED)
        return resolved;
    if (!json_to_int64(&(struct json){.type = JSON_NUMBER, .text = text}, &index) || list.type != JSON_ARRAY)
        return wrong(stack, reason, "%s", usage);
    if (index < 0 || (uint64_t)index >= list.array.count)
        return wrong(stack, reason, "Fn::Select: the list has no element %" PRId64, index);
    *out = list.array.items[index];
    return RESOLVED;
}

static enum resolved call_find_in_map(struct stack *stack, const struct json *argument, struct json *out,
                                      struct slice *reason)
{
    static const char usage[] = "Fn::FindInMap needs the name of a mapping and two keys";
    const struct json *found = json_get(stack->template, "Mappings");

    if (!is_list(argument, 3, 4))
        return wrong(stack, reason, "%s", usage);
    for (size_t i = 0; i < 3; i++) {
        struct slice key;
        enum resolved resolved = evaluate_text(stack, &argument->array.items[i], &key, usage, reason);
        if (resolved != RESOLVED)
            return resolved;
        found = json_get_slice(found, key);
    }
    if (found == NULL && argument->array.count == 4)
        found = json_get(&argument->array.items[3], "DefaultValue");
    if (found == NULL)
        return wrong(stack, reason, "Fn::FindInMap: there is no such mapping or key");
    return stack_evaluate(stack, found, out, reason);
}

/* ---- conditions ---- */

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
        return wrong(stack, reason,
                     "a condition must be made of Fn::Equals, Fn::And, Fn::Or, Fn::Not or other conditions");
    *holds = value.boolean;
    return RESOLVED;
}

enum resolved condition_holds_named(struct stack *stack, struct slice name, bool *holds, struct slice *reason)
{
    const struct json *condition = json_get_slice(stack->conditions, name);

    if (condition == NULL)
        return wrong(stack, reason, "there is no condition %.*s", SLICE_ARGS(name));
    const struct json_member *member =
        (const struct json_member *)(const void *)((const char *)condition -
                                                   offsetof(struct json_member, value));
    enum condition_state *state = &stack->condition_states[member - stack->conditions->object.members];
    if (*state == CONDITION_BEING_MADE)
        return wrong(stack, reason, "condition %.*s: circular reference", SLICE_ARGS(name));
    if (*state == CONDITION_WRONG)
        return wrong(stack, reason, "condition %.*s has no value", SLICE_ARGS(name));
    if (*state == CONDITION_NEW) {
        *state = CONDITION_BEING_MADE;
        enum resolved resolved = condition_holds(stack, condition, holds, reason);
        if (resolved != RESOLVED) {
            *state = CONDITION_WRONG;
            *reason = arena_printf(
                stack->arena, "condition %.*s: %s%.*s", SLICE_ARGS(name),
                resolved == RESOLVED_UNKNOWN || resolved == RESOLVED_LATER ? "it depends on " : "",
                SLICE_ARGS(*reason));
            return RESOLVED_WRONG;
        }
        *state = *holds ? CONDITION_TRUE : CONDITION_FALSE;
    }
    *holds = *state == CONDITION_TRUE;
    return RESOLVED;
}

static enum resolved call_if(struct stack *stack, const struct json *argument, struct json *out,
                             struct slice *reason)
{
    bool holds;

    if (!is_list(argument, 3, 3) || argument->array.items[0].type != JSON_STRING)
        return wrong(stack, reason, "Fn::If needs the name of a condition and two values");
    enum resolved resolved = condition_holds_named(stack, argument->array.items[0].text, &holds, reason);
    return resolved == RESOLVED ? stack_resolve(stack, &argument->array.items[holds ? 1 : 2], out, reason)
                                : resolved;
}

static enum resolved give_boolean(bool boolean, struct json *out)
{
    *out = (struct json){.type = JSON_BOOLEAN, .boolean = boolean};
    return RESOLVED;
}

static enum resolved call_equals(struct stack *stack, const struct json *argument, struct json *out,
                                 struct slice *reason)
{
    struct slice texts[2];

    if (!is_list(argument, 2, 2))
        return wrong(stack, reason, "Fn::Equals needs two values");
    for (size_t i = 0; i < 2; i++) {
        enum resolved resolved = evaluate_text(stack, &argument->array.items[i], &texts[i],
                                               "Fn::Equals compares texts, numbers and booleans", reason);
        if (resolved != RESOLVED && resolved != RESOLVED_NOTHING)
            return resolved;
    }
    return give_boolean(slice_equal(texts[0], texts[1]), out);
}

static enum resolved combine(struct stack *stack, const struct json *argument, bool decisive,
                             const char *usage, struct json *out, struct slice *reason)
{
    bool holds;

    if (!is_list(argument, 2, 10))
        return wrong(stack, reason, "%s", usage);
    for (size_t i = 0; i < argument->array.count; i++) {
        enum resolved resolved = condition_holds(stack, &argument->array.items[i], &holds, reason);
        if (resolved != RESOLVED)
            return resolved;
        if (holds == decisive)
            return give_boolean(decisive, out);
    }
    return give_boolean(!decisive, out);
}

static enum resolved call_and(struct stack *stack, const struct json *argument, struct json *out,
                              struct slice *reason)
{
    return combine(stack, argument, false, "Fn::And needs 2 to 10 conditions", out, reason);
}

static enum resolved call_or(struct stack *stack, const struct json *argument, struct json *out,
                             struct slice *reason)
{
    return combine(stack, argument, true, "Fn::Or needs 2 to 10 conditions", out, reason);
}

static enum resolved call_not(struct stack *stack, const struct json *argument, struct json *out,
                              struct slice *reason)
{
    bool holds;

    if (!is_list(argument, 1, 1))
        return wrong(stack, reason, "Fn::Not needs one condition");
    enum resolved resolved = condition_holds(stack, &argument->array.items[0], &holds, reason);
    return resolved == RESOLVED ? give_boolean(!holds, out) : resolved;
}

/* ---- evaluation ---- */

static const struct {
    const char *name;
    enum resolved (*call)(struct stack *stack, const struct json *argument, struct json *out,
                          struct slice *reason);
} functions[] = {
    {"Ref", call_ref},           {"Fn::GetAtt", call_get_att},
    {"Fn::Sub", call_sub},       {"Fn::Join", call_join},
    {"Fn::If", call_if},         {"Fn::Select", call_select},
    {"Fn::Split", call_split},   {"Fn::FindInMap", call_find_in_map},
    {"Fn::Equals", call_equals}, {"Fn::And", call_and},
    {"Fn::Or", call_or},         {"Fn::Not", call_not},
};

enum resolved stack_resolve(struct stack *stack, const struct json *json, struct json *out,
                            struct slice *reason)
{
    *out = *json;
    if (!is_function(json))
        return RESOLVED;
    if (stack->steps++ == STEPS_LIMIT || stack->depth == NESTING_LIMIT)
        return wrong(stack, reason, "the functions of the template are nested too deeply, or too many");
    const struct json_member *function = &json->object.members[0];
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (!slice_is(function->name, functions[i].name))
            continue;
        stack->depth++;
        enum resolved resolved = functions[i].call(stack, &function->value, out, reason);
        stack->depth--;
        return resolved;
    }
    int length = function->name.len > 60 ? 60 : (int)function->name.len;
    return wrong(stack, reason, "%.*s is a function that is not available here", length, function->name.ptr);
}

static enum resolved evaluate_members(struct stack *stack, struct json *object, struct slice *reason)
{
    const struct json_member *from = object->object.members;
    size_t count = object->object.count, kept = 0;

    object->object.members = arena_array(stack->arena, struct json_member, count);
    for (size_t i = 0; i < count; i++) {
        struct json_member *to = &object->object.members[kept];
        enum resolved resolved = stack_evaluate(stack, &from[i].value, &to->value, reason);
        if (resolved != RESOLVED && resolved != RESOLVED_NOTHING)
            return resolved;
        to->name = from[i].name;
        kept += resolved == RESOLVED;
    }
    object->object.count = kept;
    return RESOLVED;
}

static enum resolved evaluate_elements(struct stack *stack, struct json *array, struct slice *reason)
{
    const struct json *from = array->array.items;
    size_t count = array->array.count, kept = 0;

    array->array.items = arena_array(stack->arena, struct json, count);
    for (size_t i = 0; i < count; i++) {
        enum resolved resolved = stack_evaluate(stack, &from[i], &array->array.items[kept], reason);
        if (resolved != RESOLVED && resolved != RESOLVED_NOTHING)
            return resolved;
        kept += resolved == RESOLVED;
    }
    array->array.count = kept;
    return RESOLVED;
}

enum resolved stack_evaluate(struct stack *stack, const struct json *json, struct json *out,
                             struct slice *reason)
{
    if (stack->steps++ >= STEPS_LIMIT || stack->depth == NESTING_LIMIT)
        return wrong(stack, reason, "the functions of the template are nested too deeply, or too many");
    stack->depth++;
    enum resolved resolved = stack_resolve(stack, json, out, reason);
    if (resolved == RESOLVED && out->type == JSON_OBJECT && !is_function(out))
        resolved = evaluate_members(stack, out, reason);
    else if (resolved == RESOLVED && out->type == JSON_ARRAY)
        resolved = evaluate_elements(stack, out, reason);
    stack->depth--;
    return resolved;
}
