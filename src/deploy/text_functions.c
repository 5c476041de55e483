/* Fn::Sub, Fn::Join, Fn::Split, Fn::Select, Fn::FindInMap, Fn::Base64, Fn::Length, Fn::ToJsonString. */
#include <inttypes.h>

#include "base/base64.h"
#include "deploy/functions.h"

/* ---- building texts ---- */

/* Copies what was built; the buffer is finished in any case. */
static enum resolved give_built(struct stack *stack, enum resolved resolved, struct buffer *built,
                                struct json *out, struct slice *reason)
{
    if (resolved == RESOLVED)
        resolved = function_give_text(stack, arena_copy(stack->arena, buffer_slice(built)), out, reason);
    buffer_finish(built);
    return resolved;
}

/* Appends, as long as it is not too much. */
static enum resolved append(struct stack *stack, struct buffer *built, struct slice text,
                            struct slice *reason)
{
    if (!function_count(stack, text.len, reason))
        return RESOLVED_WRONG;
    buffer_append(built, text);
    return RESOLVED;
}

/* ---- Fn::Sub ---- */

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
    struct slice id, attribute;
    struct json value;
    enum resolved resolved;

    if (name.len > 0 && name.ptr[0] == '!') {
        *out = arena_printf(stack->arena, "${%.*s}", (int)name.len - 1, name.ptr + 1);
        return RESOLVED;
    }
    if (variable != NULL)
        resolved = stack_evaluate(stack, variable, &value, reason);
    else if (split_attribute(name, &id, &attribute))
        resolved = function_attribute(stack, id, attribute, &value, reason);
    else
        resolved = function_reference(stack, name, &value, reason);
    if (resolved == RESOLVED_NOTHING || (resolved == RESOLVED && !scalar_text(&value, out)))
        return function_wrong(stack, reason, "Template error: Fn::Sub: ${%.*s} does not resolve to a string",
                              SLICE_ARGS(name));
    return resolved;
}

enum resolved call_sub(struct stack *stack, const struct json *argument, struct json *out,
                       struct slice *reason)
{
    const struct json *template = argument, *variables = NULL;
    enum resolved resolved = RESOLVED;
    struct slice rest, before, name, value;
    struct buffer built;

    if (function_is_list(argument, 1, 2)) {
        template = &argument->array.items[0];
        variables = argument->array.count == 2 ? &argument->array.items[1] : NULL;
    }
    if (!scalar_text(template, &rest))
        return function_wrong(stack, reason, "Template error: Fn::Sub needs a string");
    buffer_init(&built);
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

/* ---- lists and texts ---- */

enum resolved call_join(struct stack *stack, const struct json *argument, struct json *out,
                        struct slice *reason)
{
    static const char usage[] = "Template error: every Fn::Join object requires two parameters, (1) a string "
                                "delimiter and (2) a list of "
                                "strings to be joined or a function that returns a list of strings (such as "
                                "Fn::GetAZs) to be joined.";
    struct slice delimiter, text;
    struct json list;
    struct buffer built;

    if (!function_is_list(argument, 2, 2) || !scalar_text(&argument->array.items[0], &delimiter))
        return function_wrong(stack, reason, "%s", usage);
    enum resolved resolved = function_list(stack, &argument->array.items[1], &list, usage, reason);
    if (resolved != RESOLVED)
        return resolved;
    buffer_init(&built);
    for (size_t i = 0; resolved == RESOLVED && i < list.array.count; i++) {
        if (!scalar_text(&list.array.items[i], &text)) {
            resolved = function_wrong(stack, reason, "%s", usage);
            break;
        }
        if (i > 0)
            resolved = append(stack, &built, delimiter, reason);
        if (resolved == RESOLVED)
            resolved = append(stack, &built, text, reason);
    }
    return give_built(stack, resolved, &built, out, reason);
}

enum resolved split_text(struct stack *stack, struct slice text, struct slice delimiter, bool trim,
                         struct json *out, struct slice *reason)
{
    size_t count = 1, start = 0;

    for (size_t i = 0; i + delimiter.len <= text.len; i++) {
        if (memcmp(text.ptr + i, delimiter.ptr, delimiter.len) == 0) {
            count++;
            i += delimiter.len - 1;
        }
    }
    if (!function_count(stack, count * sizeof(struct json), reason))
        return RESOLVED_WRONG;
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

enum resolved call_split(struct stack *stack, const struct json *argument, struct json *out,
                         struct slice *reason)
{
    static const char usage[] = "Template error: every Fn::Split object requires two parameters, (1) a "
                                "string delimiter and (2) a string to "
                                "be split or a function that returns a string to be split.";
    struct slice text;

    if (!function_is_list(argument, 2, 2) || argument->array.items[0].type != JSON_STRING ||
        argument->array.items[0].text.len == 0)
        return function_wrong(stack, reason, "%s", usage);
    enum resolved resolved = function_text(stack, &argument->array.items[1], &text, usage, reason);
    return resolved == RESOLVED ? split_text(stack, text, argument->array.items[0].text, false, out, reason)
                                : resolved;
}

/* Whether every element stands for exactly one of the list: none may turn out to be AWS::NoValue. */
static bool has_sure_places(const struct json *list)
{
    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *element = &list->array.items[i];
        if (!is_function(element))
            continue;
        const struct json_member *function = &element->object.members[0];
        bool is_nothing = slice_is(function->name, "Ref") && function->value.type == JSON_STRING &&
                          slice_is(function->value.text, "AWS::NoValue");
        if (is_nothing || slice_is(function->name, "Fn::If"))
            return false;
    }
    return true;
}

enum resolved call_select(struct stack *stack, const struct json *argument, struct json *out,
                          struct slice *reason)
{
    static const char usage[] =
        "Template error: Fn::Select requires a list argument with two elements: an integer index and a list";
    struct slice text;
    struct json list;
    int64_t index;

    if (!function_is_list(argument, 2, 2))
        return function_wrong(stack, reason, "%s", usage);
    enum resolved resolved = function_text(stack, &argument->array.items[0], &text, usage, reason);
    if (resolved != RESOLVED)
        return resolved;
    const struct json *from = &argument->array.items[1];
    bool sure = from->type == JSON_ARRAY && has_sure_places(from); /* then the others need no value */
    if (sure)
        list = *from;
    else
        resolved = function_list(stack, from, &list, usage, reason);
    if (resolved != RESOLVED)
        return resolved;
    if (!json_to_int64(&(struct json){.type = JSON_NUMBER, .text = text}, &index))
        return function_wrong(stack, reason, "%s", usage);
    if (index < 0 || (uint64_t)index >= list.array.count)
        return function_wrong(stack, reason,
                              "Template error: Fn::Select cannot select nonexistent value at index %" PRId64,
                              index);
    if (sure)
        return stack_evaluate(stack, &list.array.items[index], out, reason);
    *out = list.array.items[index];
    return RESOLVED;
}

enum resolved call_find_in_map(struct stack *stack, const struct json *argument, struct json *out,
                               struct slice *reason)
{
    static const char usage[] =
        "Template error: every Fn::FindInMap object requires three parameters, the map name, "
        "map key and the attribute for return value";
    const struct json *mappings = json_get(stack->template, "Mappings"), *found = mappings;
    struct slice keys[3];

    if (!function_is_list(argument, 3, 4))
        return function_wrong(stack, reason, "%s", usage);
    for (size_t i = 0; i < 3; i++) {
        enum resolved resolved = function_text(stack, &argument->array.items[i], &keys[i], usage, reason);
        if (resolved != RESOLVED)
            return resolved;
        found = json_get_slice(found, keys[i]);
    }
    const struct json *otherwise =
        argument->array.count == 4 ? json_get(&argument->array.items[3], "DefaultValue") : NULL;
    if (found == NULL && otherwise != NULL)
        return stack_evaluate(stack, otherwise, out, reason);
    if (json_get_slice(mappings, keys[0]) == NULL)
        return function_wrong(
            stack, reason,
            "Template error: Mapping named '%.*s' is not present in the 'Mappings' section of template.",
            SLICE_ARGS(keys[0]));
    if (found == NULL)
        return function_wrong(stack, reason, "Template error: Unable to get mapping for %.*s::%.*s::%.*s",
                              SLICE_ARGS(keys[0]), SLICE_ARGS(keys[1]), SLICE_ARGS(keys[2]));
    *out = *found; /* a mapping has no functions */
    return RESOLVED;
}

enum resolved call_base64(struct stack *stack, const struct json *argument, struct json *out,
                          struct slice *reason)
{
    struct slice text;
    struct buffer built;
    enum resolved resolved =
        function_text(stack, argument, &text,
                      "Template error: every Fn::Base64 object must have a String-typed value.", reason);

    if (resolved != RESOLVED)
        return resolved;
    buffer_init(&built);
    base64_encode(&built, text);
    return give_built(stack, RESOLVED, &built, out, reason);
}

/* ---- AWS::LanguageExtensions ---- */

enum resolved call_length(struct stack *stack, const struct json *argument, struct json *out,
                          struct slice *reason)
{
    struct json list;
    enum resolved resolved = function_list(stack, argument, &list,
                                           "Template error: every Fn::Length object requires a list", reason);

    if (resolved == RESOLVED)
        *out =
            (struct json){.type = JSON_NUMBER, .text = arena_printf(stack->arena, "%zu", list.array.count)};
    return resolved;
}

enum resolved call_to_json_string(struct stack *stack, const struct json *argument, struct json *out,
                                  struct slice *reason)
{
    struct json value;
    struct buffer built;

    if (argument->type != JSON_OBJECT && argument->type != JSON_ARRAY)
        return function_wrong(stack, reason,
                              "Template error: every Fn::ToJsonString object requires an object or a list");
    enum resolved resolved = stack_evaluate(stack, argument, &value, reason);
    if (resolved != RESOLVED)
        return resolved;
    buffer_init(&built);
    json_write_value(&built, &value);
    return give_built(stack, RESOLVED, &built, out, reason);
}
