/* Ref, Fn::GetAtt, Fn::ImportValue, and how all functions are called. */
#include "deploy/intrinsics.h"

#include "deploy/functions.h"
#include "deploy/making.h"
#include "deploy/parameters.h"
#include "deploy/resource_type.h"

/* What evaluation may make of one template, over and over: far more than any real one needs. */
enum { BYTES_LIMIT = 64 * 1024 * 1024, STEPS_LIMIT = 20 * 1000 * 1000, NESTING_LIMIT = 200 };

enum resolved function_wrong(struct stack *stack, struct slice *reason, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    *reason = arena_vprintf(stack->arena, format, arguments);
    va_end(arguments);
    return RESOLVED_WRONG;
}

bool function_count(struct stack *stack, size_t bytes, struct slice *reason)
{
    if (stack->bytes <= BYTES_LIMIT && bytes <= BYTES_LIMIT - stack->bytes) {
        stack->bytes += bytes;
        return true;
    }
    *reason = SLICE("Template error: the functions of the template make too much text");
    return false;
}

enum resolved function_give_text(struct stack *stack, struct slice text, struct json *out,
                                 struct slice *reason)
{
    *out = (struct json){.type = JSON_STRING, .text = text};
    return function_count(stack, text.len, reason) ? RESOLVED : RESOLVED_WRONG;
}

enum resolved function_give_boolean(bool boolean, struct json *out)
{
    *out = (struct json){.type = JSON_BOOLEAN, .boolean = boolean};
    return RESOLVED;
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

bool function_is_list(const struct json *argument, size_t least, size_t most)
{
    return argument->type == JSON_ARRAY && argument->array.count >= least && argument->array.count <= most;
}

enum resolved function_text(struct stack *stack, const struct json *json, struct slice *out,
                            const char *otherwise, struct slice *reason)
{
    struct json value;
    enum resolved resolved = stack_evaluate(stack, json, &value, reason);

    if (resolved == RESOLVED && !scalar_text(&value, out))
        return function_wrong(stack, reason, "%s", otherwise);
    if (resolved == RESOLVED_NOTHING)
        *out = SLICE("");
    return resolved;
}

enum resolved function_list(struct stack *stack, const struct json *json, struct json *out,
                            const char *otherwise, struct slice *reason)
{
    enum resolved resolved = stack_evaluate(stack, json, out, reason);

    return resolved == RESOLVED && out->type != JSON_ARRAY ? function_wrong(stack, reason, "%s", otherwise)
                                                           : resolved;
}

/* ---- references ---- */

static enum resolved pseudo_value(struct stack *stack, struct slice name, struct json *out,
                                  struct slice *reason)
{
    const struct stack_identity *identity = &stack->identity;

    if (slice_is(name, "AWS::NoValue"))
        return RESOLVED_NOTHING;
    if (slice_is(name, "AWS::Region"))
        return function_give_text(stack, identity->region, out, reason);
    if (slice_is(name, "AWS::AccountId"))
        return function_give_text(stack, identity->account, out, reason);
    if (slice_is(name, "AWS::Partition"))
        return function_give_text(stack, SLICE("aws"), out, reason);
    if (slice_is(name, "AWS::URLSuffix"))
        return function_give_text(stack, SLICE("amazonaws.com"), out, reason);
    if (slice_is(name, "AWS::StackName"))
        return function_give_text(stack, identity->name, out, reason);
    if (slice_is(name, "AWS::StackId"))
        return function_give_text(stack, stack_arn(stack), out, reason);
    if (slice_is(name, "AWS::NotificationARNs")) {
        *out = (struct json){.type = JSON_ARRAY};
        if (identity->notification_arns != NULL)
            *out = *identity->notification_arns;
        return RESOLVED;
    }
    return function_wrong(stack, reason, "Template error: there is no pseudo parameter %.*s",
                          SLICE_ARGS(name));
}

/* What is not made because of its condition is, to those who refer to it, as if it were not in the template.
 */
static enum resolved check_made(struct stack *stack, const struct resource *resource, struct slice *reason)
{
    if (stack_has_resource(stack, resource, reason))
        return RESOLVED;
    if (reason->len > 0)
        return RESOLVED_UNKNOWN;
    return function_wrong(
        stack, reason,
        "Template format error: Unresolved resource dependencies [%.*s] in the %s block of the "
        "template",
        SLICE_ARGS(resource->id), stack->in_outputs ? "Outputs" : "Resources");
}

static enum resolved unknown_resource(struct stack *stack, const struct resource *resource,
                                      struct slice *reason)
{
    *reason = arena_printf(stack->arena, "%.*s (%.*s), which is not made here", SLICE_ARGS(resource->id),
                           SLICE_ARGS(resource->type));
    return RESOLVED_UNKNOWN;
}

/* While it is only looked whether functions have values no resource has any. */
static enum resolved later(struct stack *stack, const struct resource *resource, struct slice *reason)
{
    *reason =
        arena_printf(stack->arena, "%.*s, which is known only when it is made", SLICE_ARGS(resource->id));
    return RESOLVED_LATER;
}

enum resolved function_reference(struct stack *stack, struct slice name, struct json *out,
                                 struct slice *reason)
{
    struct parameter *parameter = parameter_find(stack, name);
    struct resource *resource = stack_resource(stack, name);

    if (slice_starts_with(name, SLICE("AWS::")))
        return pseudo_value(stack, name, out, reason);
    if (parameter != NULL)
        return parameter_value(stack, parameter, out, reason);
    if (resource == NULL)
        return function_wrong(
            stack, reason,
            "Template format error: Unresolved resource dependencies [%.*s] in the Resources block "
            "of the template",
            SLICE_ARGS(name));
    enum resolved resolved = check_made(stack, resource, reason);
    if (resolved != RESOLVED)
        return resolved;
    if (stack->probing)
        return later(stack, resource, reason);
    if (resource->nested != NULL)
        return function_give_text(stack, stack_arn(resource->nested), out, reason);
    return resource->kind != NULL ? resource_value(stack, resource, SLICE(""), out, reason)
                                  : unknown_resource(stack, resource, reason);
}

/* An output of a nested stack whose template is at hand. */
static enum resolved nested_output(struct stack *stack, const struct resource *resource, struct slice name,
                                   struct json *out, struct slice *reason)
{
    const struct json *output = json_get_slice(json_get(resource->nested->template, "Outputs"), name);
    const struct json *value = json_get(output, "Value");

    if (value == NULL || !stack_has_output(resource->nested, output))
        return function_wrong(stack, reason, "Template error: Nested stack %.*s has no output %.*s",
                              SLICE_ARGS(resource->id), SLICE_ARGS(name));
    return stack_evaluate(resource->nested, value, out, reason);
}

enum resolved function_attribute(struct stack *stack, struct slice id, struct slice attribute,
                                 struct json *out, struct slice *reason)
{
    struct resource *resource = stack_resource(stack, id);
    const struct slice outputs = SLICE("Outputs.");

    if (resource == NULL)
        return function_wrong(stack, reason,
                              "Template error: instance of Fn::GetAtt references undefined resource %.*s",
                              SLICE_ARGS(id));
    enum resolved resolved = check_made(stack, resource, reason);
    if (resolved != RESOLVED)
        return resolved;
    if (stack->probing)
        return later(stack, resource, reason);
    if (resource->nested != NULL && slice_starts_with(attribute, outputs))
        return nested_output(stack, resource, slice_skip(attribute, outputs.len), out, reason);
    return resource->kind != NULL ? resource_value(stack, resource, attribute, out, reason)
                                  : unknown_resource(stack, resource, reason);
}

static enum resolved call_ref(struct stack *stack, const struct json *argument, struct json *out,
                              struct slice *reason)
{
    if (argument->type != JSON_STRING)
        return function_wrong(stack, reason,
                              "Template error: every Ref object must have a single String value.");
    return function_reference(stack, argument->text, out, reason);
}

bool split_attribute(struct slice name, struct slice *id, struct slice *attribute)
{
    const char *dot = name.len == 0 ? NULL : memchr(name.ptr, '.', name.len);

    if (dot == NULL)
        return false;
    *id = (struct slice){name.ptr, (size_t)(dot - name.ptr)};
    *attribute = slice_skip(name, id->len + 1);
    return id->len > 0 && attribute->len > 0;
}

static enum resolved call_get_att(struct stack *stack, const struct json *argument, struct json *out,
                                  struct slice *reason)
{
    static const char usage[] =
        "Template error: every Fn::GetAtt object requires two non-empty parameters, the "
        "resource name and the resource attribute";
    struct slice id, attribute;

    if (argument->type == JSON_STRING)
        return split_attribute(argument->text, &id, &attribute)
                   ? function_attribute(stack, id, attribute, out, reason)
                   : function_wrong(stack, reason, "%s", usage);
    if (!function_is_list(argument, 2, 2) || argument->array.items[0].type != JSON_STRING)
        return function_wrong(stack, reason, "%s", usage);
    enum resolved resolved = function_text(stack, &argument->array.items[1], &attribute, usage, reason);
    return resolved == RESOLVED
               ? function_attribute(stack, argument->array.items[0].text, attribute, out, reason)
               : resolved;
}

/* ---- what other stacks export ---- */

static void note_import(struct stack *stack, struct slice name)
{
    const struct json text = {.type = JSON_STRING, .text = name};

    for (size_t i = 0; i < stack->imports.array.count; i++) {
        if (slice_equal(stack->imports.array.items[i].text, name))
            return;
    }
    list_append(stack->arena, &stack->imports,
                &(struct json){.type = JSON_ARRAY, .array = {(struct json *)&text, 1}});
}

static enum resolved call_import_value(struct stack *stack, const struct json *argument, struct json *out,
                                       struct slice *reason)
{
    const struct stack_lookups *lookups = stack->identity.lookups;
    struct slice name, value = SLICE("");
    enum resolved resolved =
        function_text(stack, argument, &name,
                      "Template error: every Fn::ImportValue object must have a String-typed value.", reason);

    if (resolved != RESOLVED)
        return resolved;
    *reason = arena_printf(stack->arena, "the export %.*s of another stack", SLICE_ARGS(name));
    if (stack->probing || lookups == NULL)
        return stack->probing ? RESOLVED_LATER : RESOLVED_UNKNOWN;
    switch (lookups->export_value(lookups->context, stack->arena, name, &value)) {
    case LOOKUP_FOUND:
        note_import(stack, name);
        return function_give_text(stack, value, out, reason);
    case LOOKUP_ABSENT:
        return function_wrong(stack, reason, "No export named %.*s found", SLICE_ARGS(name));
    case LOOKUP_FAILED:
        break;
    }
    return function_wrong(stack, reason, "The export named %.*s could not be looked up", SLICE_ARGS(name));
}

/* ---- evaluation ---- */

static const struct {
    const char *name;
    function_call call;
} functions[] = {
    {"Ref", call_ref},
    {"Fn::GetAtt", call_get_att},
    {"Fn::ImportValue", call_import_value},
    {"Fn::Sub", call_sub},
    {"Fn::Join", call_join},
    {"Fn::If", call_if},
    {"Fn::Select", call_select},
    {"Fn::Split", call_split},
    {"Fn::FindInMap", call_find_in_map},
    {"Fn::Base64", call_base64},
    {"Fn::Cidr", call_cidr},
    {"Fn::GetAZs", call_get_azs},
    {"Fn::Length", call_length},
    {"Fn::ToJsonString", call_to_json_string},
    {"Fn::Equals", call_equals},
    {"Fn::And", call_and},
    {"Fn::Or", call_or},
    {"Fn::Not", call_not},
    {"Fn::Contains", call_contains},
    {"Fn::EachMemberEquals", call_each_member_equals},
    {"Fn::EachMemberIn", call_each_member_in},
    {"Fn::RefAll", call_ref_all},
    {"Fn::ValueOf", call_value_of},
    {"Fn::ValueOfAll", call_value_of},
};

static enum resolved too_much(struct stack *stack, struct slice *reason)
{
    return function_wrong(stack, reason,
                          "Template error: the functions of the template are nested too deeply, or too many");
}

static enum resolved call(struct stack *stack, const struct json_member *function, struct json *out,
                          struct slice *reason)
{
    if (stack->steps++ >= STEPS_LIMIT || stack->depth >= NESTING_LIMIT)
        return too_much(stack, reason);
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (!slice_is(function->name, functions[i].name))
            continue;
        stack->depth++;
        enum resolved resolved = functions[i].call(stack, &function->value, out, reason);
        stack->depth--;
        return resolved;
    }
    int length = function->name.len > 60 ? 60 : (int)function->name.len;
    return function_wrong(stack, reason, "Template error: Encountered unsupported function: %.*s", length,
                          function->name.ptr);
}

enum resolved stack_resolve(struct stack *stack, const struct json *json, struct json *out,
                            struct slice *reason)
{
    enum resolved resolved = RESOLVED;

    *out = *json;
    if (is_function(json))
        resolved = call(stack, &json->object.members[0], out, reason);
    return resolved == RESOLVED && out->type == JSON_STRING
               ? dynamic_references(stack, out->text, out, reason)
               : resolved;
}

static enum resolved evaluate_members(struct stack *stack, struct json *object, struct slice *reason)
{
    const struct json_member *from = object->object.members;
    size_t count = object->object.count, kept = 0;

    if (!function_count(stack, count * sizeof(*from), reason))
        return RESOLVED_WRONG;
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

    if (!function_count(stack, count * sizeof(*from), reason))
        return RESOLVED_WRONG;
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
    if (stack->steps++ >= STEPS_LIMIT || stack->depth >= NESTING_LIMIT)
        return too_much(stack, reason);
    stack->depth++;
    enum resolved resolved = stack_resolve(stack, json, out, reason);
    if (resolved == RESOLVED && out->type == JSON_OBJECT && !is_function(out))
        resolved = evaluate_members(stack, out, reason);
    else if (resolved == RESOLVED && out->type == JSON_ARRAY)
        resolved = evaluate_elements(stack, out, reason);
    stack->depth--;
    return resolved;
}
