#include "deploy/stack.h"

#include <inttypes.h>

#include "base/characters.h"
#include "base/hash.h"
#include "deploy/form.h"
#include "deploy/intrinsics.h"
#include "deploy/parameters.h"
#include "deploy/order.h"
#include "deploy/resource_type.h"
#include "deploy/rules.h"
#include "deploy/transform.h"

static const struct json no_properties = {.type = JSON_OBJECT};

bool is_function(const struct json *json)
{
    if (json->type != JSON_OBJECT || json->object.count != 1)
        return false;
    struct slice name = json->object.members[0].name;
    return slice_is(name, "Ref") || slice_starts_with(name, SLICE("Fn::"));
}

struct resource *stack_resource(struct stack *stack, struct slice id)
{
    for (size_t i = 0; i < stack->resource_count; i++) {
        if (slice_equal(stack->resources[i].id, id))
            return &stack->resources[i];
    }
    return NULL;
}

struct slice stack_describe(const struct stack *stack, const struct resource *resource)
{
    int id = resource->id.len > 100 ? 100 : (int)resource->id.len;
    int type = resource->type.len > 100 ? 100 : (int)resource->type.len;

    if (type == 0)
        return arena_printf(stack->arena, "%.*s: %.*s", SLICE_ARGS(stack->identity.file), id,
                            resource->id.ptr);
    return arena_printf(stack->arena, "%.*s: %.*s (%.*s)", SLICE_ARGS(stack->identity.file), id,
                        resource->id.ptr, type, resource->type.ptr);
}

struct slice stack_arn(const struct stack *stack)
{
    const struct stack_identity *identity = &stack->identity;
    uint64_t hash = hash_bytes(identity->name);

    if (identity->arn.len > 0)
        return identity->arn;
    return arena_printf(stack->arena,
                        "arn:aws:cloudformation:%.*s:%.*s:stack/%.*s/"
                        "%08" PRIx64 "-%04" PRIx64 "-4000-8000-000000000000",
                        SLICE_ARGS(identity->region), SLICE_ARGS(identity->account),
                        SLICE_ARGS(identity->name), hash >> 32, hash >> 16 & 0xFFFF);
}

bool stack_refuse(const struct stack *stack, struct problems *problems, const char *format, ...)
{
    struct slice file = stack->identity.file;
    va_list arguments;

    va_start(arguments, format);
    struct slice text = arena_vprintf(stack->arena, format, arguments);
    va_end(arguments);
    return problems_add(problems, "%.*s%s%.*s", SLICE_ARGS(file), file.len > 0 ? ": " : "", SLICE_ARGS(text));
}

/* ---- opening ---- */

static void read_resource(const struct json_member *member, struct resource *resource)
{
    const struct json *properties = json_get(&member->value, "Properties");

    *resource = (struct resource){.id = member->name,
                                  .type = json_get(&member->value, "Type")->text,
                                  .body = &member->value,
                                  .properties = properties == NULL ? &no_properties : properties,
                                  .values = {.type = JSON_OBJECT}};
    resource->kind = resource_type_find(resource->type);
}

static void read_resources(struct stack *stack)
{
    const struct json *section = json_get(stack->template, "Resources");

    stack->resources = arena_array(stack->arena, struct resource, section->object.count);
    stack->resource_count = section->object.count;
    for (size_t i = 0; i < section->object.count; i++)
        read_resource(&section->object.members[i], &stack->resources[i]);
}

static void read_conditions(struct stack *stack)
{
    stack->conditions = json_get(stack->template, "Conditions");
    if (stack->conditions == NULL)
        stack->conditions = &no_properties;
    stack->condition_states =
        arena_array(stack->arena, enum condition_state, stack->conditions->object.count); /* CONDITION_NEW */
}

/* What functions and references concern; the sections were checked. */
static bool check_functions(struct stack *stack, struct problems *problems)
{
    read_resources(stack);
    read_conditions(stack);
    bool *needs = arena_array(stack->arena, bool, stack->resource_count * stack->resource_count);
    return form_check_functions(stack, needs, problems) && order_conditions(stack, problems) &&
           order_resources(stack, needs, problems);
}

/* Parameters have values last, for a template that is wrong is refused whatever they are. */
static bool open_plain(struct stack *stack, struct problems *problems)
{
    return check_functions(stack, problems) && parameters_open(stack, problems);
}

/* But loops go over values of parameters. */
static bool open_extended(struct stack *stack, struct problems *problems)
{
    return parameters_open(stack, problems) && transform_expand(stack, problems) &&
           form_check_sections(stack, problems) && check_functions(stack, problems);
}

static struct stack *make(struct arena *arena, const struct stack_identity *identity,
                          const struct json *template)
{
    struct stack *stack = arena_new(arena, struct stack);

    stack->arena = arena;
    stack->identity = *identity;
    stack->written = stack->template = template;
    stack->conditions = &no_properties;
    stack->imports.type = JSON_ARRAY;
    return stack;
}

bool stack_check(struct arena *arena, const struct json *template, bool any_types, struct problems *problems)
{
    const struct stack_identity nobody = {.name = SLICE(""), .file = SLICE("")};
    struct stack *stack = make(arena, &nobody, template);
    bool is_whole = transform_note(stack);

    stack->any_types = any_types || !is_whole;
    return form_check_sections(stack, problems) && (!is_whole || check_functions(stack, problems));
}

struct stack *stack_open(struct arena *arena, const struct stack_identity *identity,
                         const struct json *template, struct problems *problems)
{
    struct stack *stack = make(arena, identity, template);

    return transform_read(stack, problems) && form_check_sections(stack, problems) &&
                   (stack->extensions ? open_extended(stack, problems) : open_plain(stack, problems)) &&
                   conditions_decide(stack, problems) && rules_hold(stack, problems) &&
                   values_probe(stack, problems)
               ? stack
               : NULL;
}

/* ---- conditions and names ---- */

bool stack_has_output(struct stack *stack, const struct json *output)
{
    const struct json *condition = json_get(output, "Condition");
    struct slice reason;
    bool holds = true;

    return condition == NULL ||
           (condition->type == JSON_STRING &&
            condition_holds_named(stack, condition->text, &holds, &reason) == RESOLVED && holds);
}

bool stack_has_resource(struct stack *stack, const struct resource *resource, struct slice *reason)
{
    const struct json *condition = json_get(resource->body, "Condition");
    bool holds = true;

    *reason = SLICE("");
    if (condition != NULL && condition_holds_named(stack, condition->text, &holds, reason) != RESOLVED)
        return false;
    return holds;
}

/* As CloudFormation makes names: of the stack, the logical id, and letters that make it unlike others. Here
 * they come of a hash, so that the name is the same the next time: of the stack's ARN, if it has one of its
 * own, so that a stack of the same name later has other names. */
static struct slice make_name(struct stack *stack, const struct resource *resource, struct slice head,
                              size_t part)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    enum { LETTERS = 12 };
    struct slice whose = stack->identity.arn.len > 0 ? stack->identity.arn : stack->identity.name;
    struct slice seed = arena_printf(stack->arena, "%.*s/%.*s", SLICE_ARGS(whose), SLICE_ARGS(resource->id));
    if (resource->generation > 0)
        seed = arena_printf(stack->arena, "%.*s/%u", SLICE_ARGS(seed), resource->generation);
    uint64_t hash = hash_bytes(seed);
    char suffix[LETTERS + 1] = "";
    size_t name = head.len, id = resource->id.len;

    for (size_t i = 0; i < LETTERS; i++, hash >>= 5)
        suffix[i] = letters[hash & 31];
    struct slice made = arena_printf(stack->arena, "%.*s-%.*s-%s", (int)(name > part ? part : name), head.ptr,
                                     (int)(id > part ? part : id), resource->id.ptr, suffix);
    char *bytes = (char *)made.ptr;
    for (size_t i = 0; i < made.len; i++) {
        if (!is_letter(bytes[i]) && !is_digit(bytes[i]))
            bytes[i] = '-';
    }
    return made;
}

static struct slice make_named(struct stack *stack, const struct resource *resource,
                               const struct naming *naming)
{
    struct slice head = naming->prefix == NULL ? stack->identity.name : slice_of(naming->prefix);
    struct slice made = make_name(stack, resource, head, naming->part);
    char *bytes = (char *)made.ptr;

    for (size_t i = 0; naming->small && i < made.len; i++) {
        if (bytes[i] >= 'A' && bytes[i] <= 'Z')
            bytes[i] = (char)(bytes[i] - 'A' + 'a');
    }
    return made;
}

static bool is_name(const struct naming *naming, struct slice name)
{
    for (size_t i = 0; naming->more != NULL && i < name.len; i++) {
        char c = name.ptr[i];
        if (!is_letter(c) && !is_digit(c) && (c == '\0' || strchr(naming->more, c) == NULL))
            return false;
    }
    return name.len >= naming->least && name.len <= naming->most;
}

static enum resolved evaluate_name(struct stack *stack, struct resource *resource, struct slice *name,
                                   struct slice *reason)
{
    const struct naming *naming = resource->kind->naming;
    const struct json *given = json_get(resource->properties, naming->property);
    struct json value;
    enum resolved resolved = RESOLVED_NOTHING;

    if (given != NULL && given->type != JSON_NULL)
        resolved = stack_evaluate(stack, given, &value, reason);
    resource->named = resolved != RESOLVED_NOTHING;
    if (resolved == RESOLVED_NOTHING) {
        *name = resource->kept.len > 0 ? resource->kept : make_named(stack, resource, naming);
        return RESOLVED;
    }
    if (resolved != RESOLVED)
        return resolved;
    if (!scalar_text(&value, name)) {
        *reason = SLICE("must be text");
        return RESOLVED_WRONG;
    }
    if (is_name(naming, *name))
        return RESOLVED;
    int length = name->len > 60 ? 60 : (int)name->len;
    *reason = arena_printf(stack->arena, "'%.*s' is no %s: %zu to %zu %s", length, name->ptr, naming->what,
                           naming->least, naming->most, naming->more_text);
    return RESOLVED_WRONG;
}

enum resolved stack_resource_name(struct stack *stack, struct resource *resource, struct slice *name,
                                  struct slice *reason)
{
    if (resource->naming == NAME_KNOWN) {
        *name = resource->name;
        return RESOLVED;
    }
    if (resource->naming == NAME_BEING_MADE) {
        *reason = SLICE("circular reference");
        return RESOLVED_WRONG;
    }
    resource->naming = NAME_BEING_MADE;
    enum resolved resolved = evaluate_name(stack, resource, &resource->name, reason);
    resource->naming = resolved == RESOLVED ? NAME_KNOWN : NAME_UNKNOWN;
    *name = resource->name;
    return resolved;
}

void stack_renew_resource(struct resource *resource)
{
    resource->kept = SLICE("");
    resource->generation++;
    resource->naming = NAME_UNKNOWN;
    resource->values.object.count = 0;
}

struct slice stack_resource_made_id(struct stack *stack, const struct resource *resource)
{
    enum { PART = 6 };

    return make_name(stack, resource, stack->identity.name, PART);
}

struct slice stack_resource_made_name(struct stack *stack, const struct resource *resource)
{
    enum { PART = 24 };

    return make_name(stack, resource, stack->identity.name, PART);
}
