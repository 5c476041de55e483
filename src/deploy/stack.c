#include "deploy/stack.h"

#include <inttypes.h>

#include "base/characters.h"
#include "base/hash.h"
#include "deploy/intrinsics.h"
#include "deploy/parameters.h"
#include "deploy/path.h"
#include "deploy/resource_type.h"

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

/* ---- sections ---- */

static bool complain(struct stack *stack, struct problems *problems, const char *what)
{
    return problems_add(problems, "%.*s: %s", SLICE_ARGS(stack->identity.file), what);
}

/* A section that is absent is as an empty one. */
static bool read_section(struct stack *stack, const char *name, const struct json **out,
                         struct problems *problems)
{
    *out = json_get(stack->template, name);
    if (*out == NULL || (*out)->type == JSON_NULL)
        *out = &no_properties;
    return (*out)->type == JSON_OBJECT ||
           complain(stack, problems, arena_printf(stack->arena, "%s must be an object", name).ptr);
}

static bool check_parameters(struct stack *stack, struct problems *problems)
{
    const struct json *parameters;

    if (!read_section(stack, "Parameters", &parameters, problems))
        return false;
    for (size_t i = 0; i < parameters->object.count; i++) {
        const struct json_member *parameter = &parameters->object.members[i];
        const struct json *type = json_get(&parameter->value, "Type");
        if (type == NULL || type->type != JSON_STRING)
            return problems_add(problems, "%.*s: parameter %.*s: Type is missing",
                                SLICE_ARGS(stack->identity.file), SLICE_ARGS(parameter->name));
    }
    return parameters_open(stack, problems);
}

static bool check_conditions(struct stack *stack, struct problems *problems)
{
    if (!read_section(stack, "Conditions", &stack->conditions, problems))
        return false;
    stack->condition_states =
        arena_array(stack->arena, enum condition_state, stack->conditions->object.count); /* CONDITION_NEW */
    return true;
}

static bool read_resource(struct stack *stack, const struct json_member *member, struct resource *resource,
                          struct problems *problems)
{
    const struct json *type = json_get(&member->value, "Type");
    const struct json *properties = json_get(&member->value, "Properties");
    const struct json *condition = json_get(&member->value, "Condition");

    *resource = (struct resource){.id = member->name,
                                  .body = &member->value,
                                  .properties = &no_properties,
                                  .values = {.type = JSON_OBJECT}};
    if (slice_starts_with(member->name, SLICE("Fn::")))
        return problems_add(problems, "%.*s: %.*s is not available here", SLICE_ARGS(stack->identity.file),
                            SLICE_ARGS(member->name));
    if (member->value.type != JSON_OBJECT)
        return problems_add(problems, "%.*s: must be an object", SLICE_ARGS(stack_describe(stack, resource)));
    if (type == NULL || type->type != JSON_STRING || type->text.len == 0)
        return problems_add(problems, "%.*s: Type is missing", SLICE_ARGS(stack_describe(stack, resource)));
    resource->type = type->text;
    resource->kind = resource_type_find(type->text);
    if (properties != NULL && properties->type != JSON_NULL)
        resource->properties = properties;
    if (resource->properties->type != JSON_OBJECT)
        return problems_add(problems, "%.*s: Properties must be an object",
                            SLICE_ARGS(stack_describe(stack, resource)));
    if (condition != NULL &&
        (condition->type != JSON_STRING || json_get_slice(stack->conditions, condition->text) == NULL))
        return problems_add(problems, "%.*s: Condition: there is no such condition",
                            SLICE_ARGS(stack_describe(stack, resource)));
    return true;
}

static bool read_resources(struct stack *stack, struct problems *problems)
{
    const struct json *section;
    bool good = true;

    if (!read_section(stack, "Resources", &section, problems))
        return false;
    if (section->object.count == 0)
        return complain(stack, problems, "the template has no Resources");
    if (section->object.count > RESOURCES_LIMIT)
        return complain(stack, problems, "the template has more than 500 resources");
    stack->resources = arena_array(stack->arena, struct resource, section->object.count);
    stack->resource_count = section->object.count;
    for (size_t i = 0; i < section->object.count; i++)
        good &= read_resource(stack, &section->object.members[i], &stack->resources[i], problems);
    return good;
}

/* A transformation may still make known types of unknown ones. */
static bool check_types(struct stack *stack, struct problems *problems)
{
    struct slice unknown = SLICE("");

    for (size_t i = 0; json_get(stack->template, "Transform") == NULL && i < stack->resource_count; i++) {
        struct slice type = stack->resources[i].type;
        if (!resource_type_exists(type))
            unknown = arena_printf(stack->arena, "%.*s%s%.*s", SLICE_ARGS(unknown),
                                   unknown.len > 0 ? ", " : "", SLICE_ARGS(type));
    }
    return unknown.len == 0 ||
           stack_refuse(stack, problems, "Template format error: Unrecognized resource types: [%.*s]",
                        SLICE_ARGS(unknown));
}

/* ---- references ---- */

/* The references of one resource, while they are gathered. */
struct references {
    struct stack *stack;
    const struct resource *from;
    struct slice *to; /* for each resource of the stack: the path of the first reference to it, or empty */
    bool lenient;     /* a transformation may still make what is missing */
    struct problems *problems;
    bool good;
};

static bool is_pseudo(struct slice name)
{
    static const char *const names[] = {"AWS::AccountId", "AWS::NotificationARNs", "AWS::NoValue",
                                        "AWS::Partition", "AWS::Region",           "AWS::StackId",
                                        "AWS::StackName", "AWS::URLSuffix",        NULL};

    for (size_t i = 0; names[i] != NULL; i++) {
        if (slice_is(name, names[i]))
            return true;
    }
    return false;
}

static void note_reference(struct references *references, struct slice name, const struct path *path,
                           bool resource_only)
{
    struct stack *stack = references->stack;
    const struct resource *resource = stack_resource(stack, name);

    if (resource != NULL) {
        struct slice *known = &references->to[resource - stack->resources];
        if (known->len == 0)
            *known = path_text(stack->arena, path);
        return;
    }
    if (!resource_only &&
        (is_pseudo(name) || json_get_slice(json_get(stack->template, "Parameters"), name) != NULL))
        return;
    if (references->lenient)
        return;
    int length = name.len > 100 ? 100 : (int)name.len;
    references->good = problems_add(references->problems, "%.*s: %.*s: there is no %s %.*s in the template",
                                    SLICE_ARGS(stack_describe(stack, references->from)),
                                    SLICE_ARGS(path_text(stack->arena, path)),
                                    resource_only ? "resource" : "resource or parameter", length, name.ptr);
}

static struct slice before_dot(struct slice name)
{
    const char *dot = name.len == 0 ? NULL : memchr(name.ptr, '.', name.len);

    return dot == NULL ? name : (struct slice){name.ptr, (size_t)(dot - name.ptr)};
}

static void note_substitution(struct references *references, const struct json *argument,
                              const struct path *path)
{
    const struct json *text = argument, *variables = NULL;
    struct slice rest, name;

    if (argument->type == JSON_ARRAY && argument->array.count == 2) {
        text = &argument->array.items[0];
        variables = &argument->array.items[1];
    }
    if (text->type != JSON_STRING)
        return; /* evaluation tells */
    for (rest = text->text; substitution_next(&rest, &(struct slice){0}, &name);) {
        if (name.len > 0 && name.ptr[0] != '!' && json_get_slice(variables, name) == NULL)
            note_reference(references, before_dot(name), path, before_dot(name).len < name.len);
    }
}

/* `inside`: the value is an argument of a function, which `path` names. */
static void note_references(struct references *references, const struct json *json, const struct path *path,
                            bool inside)
{
    if (json->type == JSON_ARRAY) {
        for (size_t i = 0; i < json->array.count; i++)
            note_references(references, &json->array.items[i],
                            inside ? path : &(struct path){path, SLICE(""), i}, inside);
        return;
    }
    if (json->type != JSON_OBJECT)
        return;
    bool function = is_function(json);
    for (size_t i = 0; i < json->object.count; i++) {
        const struct json_member *member = &json->object.members[i];
        const struct json *value = &member->value;
        if (function && slice_is(member->name, "Ref") && value->type == JSON_STRING) {
            note_reference(references, value->text, path, false);
        } else if (function && slice_is(member->name, "Fn::GetAtt")) {
            const struct json *target =
                value->type == JSON_ARRAY && value->array.count > 0 ? value->array.items : value;
            if (target->type == JSON_STRING)
                note_reference(references, before_dot(target->text), path, true);
        } else {
            if (function && slice_is(member->name, "Fn::Sub"))
                note_substitution(references, value, path);
            note_references(references, value,
                            function || inside ? path : &(struct path){path, member->name, 0},
                            function || inside);
        }
    }
}

static void note_dependencies(struct references *references, const struct json *on)
{
    const struct path root = {0}, path = {&root, SLICE("DependsOn"), 0};

    if (on == NULL)
        return;
    if (on->type == JSON_STRING)
        note_reference(references, on->text, &path, true);
    for (size_t i = 0; on->type == JSON_ARRAY && i < on->array.count; i++) {
        if (on->array.items[i].type == JSON_STRING)
            note_reference(references, on->array.items[i].text, &path, true);
    }
}

/* The order of making, found by walking along the references. */
struct ordering {
    struct stack *stack;
    struct slice *edges; /* resource_count * resource_count: the path of the reference, or empty */
    enum { UNSEEN, OPEN, DONE } * states;
    size_t *way; /* the resources that are open */
    size_t way_length;
    struct resource *ordered;
    size_t ordered_count;
    struct problems *problems;
};

static bool complain_of_circle(struct ordering *ordering, size_t from, size_t to)
{
    struct stack *stack = ordering->stack;
    struct slice circle = SLICE(""), path = ordering->edges[from * stack->resource_count + to];
    size_t at = 0;

    while (ordering->way[at] != to)
        at++;
    for (; at < ordering->way_length; at++)
        circle = arena_printf(stack->arena, "%.*s%.*s -> ", SLICE_ARGS(circle),
                              SLICE_ARGS(stack->resources[ordering->way[at]].id));
    return problems_add(ordering->problems, "%.*s: %.*s: circular reference: %.*s%.*s",
                        SLICE_ARGS(stack_describe(stack, &stack->resources[from])), SLICE_ARGS(path),
                        SLICE_ARGS(circle), SLICE_ARGS(stack->resources[to].id));
}

static bool order_from(struct ordering *ordering, size_t from)
{
    size_t count = ordering->stack->resource_count;

    ordering->states[from] = OPEN;
    ordering->way[ordering->way_length++] = from;
    for (size_t to = 0; to < count; to++) {
        if (ordering->edges[from * count + to].len == 0 || ordering->states[to] == DONE)
            continue;
        if (ordering->states[to] == OPEN)
            return complain_of_circle(ordering, from, to);
        if (!order_from(ordering, to))
            return false;
    }
    ordering->way_length--;
    ordering->states[from] = DONE;
    ordering->ordered[ordering->ordered_count++] = ordering->stack->resources[from];
    return true;
}

static bool order_resources(struct stack *stack, struct slice *edges, struct problems *problems)
{
    size_t count = stack->resource_count;
    struct ordering ordering = {.stack = stack, .edges = edges, .problems = problems};

    ordering.states = arena_calloc(stack->arena, count, sizeof(*ordering.states));
    ordering.way = arena_array(stack->arena, size_t, count);
    ordering.ordered = arena_array(stack->arena, struct resource, count);
    for (size_t i = 0; i < count; i++) {
        if (ordering.states[i] == UNSEEN && !order_from(&ordering, i))
            return false;
    }
    stack->resources = ordering.ordered;
    return true;
}

static bool check_references(struct stack *stack, struct problems *problems)
{
    size_t count = stack->resource_count;
    struct slice *edges = arena_array(stack->arena, struct slice, count * count);
    bool transformed = json_get(stack->template, "Transform") != NULL, good = true;

    for (size_t i = 0; i < count; i++) {
        const struct resource *resource = &stack->resources[i];
        struct references references = {.stack = stack,
                                        .from = resource,
                                        .to = edges + i * count,
                                        .lenient = transformed &&
                                                   (resource->kind == NULL || resource->kind->recorded),
                                        .problems = problems,
                                        .good = true};
        note_references(&references, resource->properties, &(struct path){0}, false);
        note_dependencies(&references, json_get(resource->body, "DependsOn"));
        good &= references.good;
    }
    return good && order_resources(stack, edges, problems);
}

struct stack *stack_open(struct arena *arena, const struct stack_identity *identity,
                         const struct json *template, struct problems *problems)
{
    struct stack *stack = arena_new(arena, struct stack);

    stack->arena = arena;
    stack->identity = *identity;
    stack->template = template;
    return check_parameters(stack, problems) && check_conditions(stack, problems) &&
                   read_resources(stack, problems) && check_types(stack, problems) &&
                   check_references(stack, problems)
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
static struct slice make_name(struct stack *stack, const struct resource *resource, size_t part)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    enum { LETTERS = 12 };
    struct slice whose = stack->identity.arn.len > 0 ? stack->identity.arn : stack->identity.name;
    struct slice seed = arena_printf(stack->arena, "%.*s/%.*s", SLICE_ARGS(whose), SLICE_ARGS(resource->id));
    if (resource->generation > 0)
        seed = arena_printf(stack->arena, "%.*s/%u", SLICE_ARGS(seed), resource->generation);
    uint64_t hash = hash_bytes(seed);
    char suffix[LETTERS + 1] = "";
    size_t name = stack->identity.name.len, id = resource->id.len;

    for (size_t i = 0; i < LETTERS; i++, hash >>= 5)
        suffix[i] = letters[hash & 31];
    struct slice made =
        arena_printf(stack->arena, "%.*s-%.*s-%s", (int)(name > part ? part : name), stack->identity.name.ptr,
                     (int)(id > part ? part : id), resource->id.ptr, suffix);
    char *bytes = (char *)made.ptr;
    for (size_t i = 0; i < made.len; i++) {
        if (!is_letter(bytes[i]) && !is_digit(bytes[i]))
            bytes[i] = '-';
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
        *name = resource->kept.len > 0 ? resource->kept : make_name(stack, resource, naming->part);
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

    return make_name(stack, resource, PART);
}

struct slice stack_resource_made_name(struct stack *stack, const struct resource *resource)
{
    enum { PART = 24 };

    return make_name(stack, resource, PART);
}
