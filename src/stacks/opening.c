#include "stacks/opening.h"

#include "deploy/capabilities.h"
#include "deploy/making.h"
#include "deploy/parameters.h"
#include "deploy/resource_type.h"
#include "deploy/template.h"

/* One member of each of the parameters, as an object by their names. */
static const struct json *by_name(struct arena *arena, const struct json *parameters, const char *member)
{
    struct json *out = arena_new(arena, struct json);

    out->type = JSON_OBJECT;
    out->object.members = arena_array(arena, struct json_member, count_of(parameters));
    for (size_t i = 0; i < count_of(parameters); i++) {
        const struct json *parameter = &parameters->array.items[i], *value = json_get(parameter, member);
        if (value != NULL)
            out->object.members[out->object.count++] =
                (struct json_member){text_of(parameter, "ParameterKey"), *value};
    }
    return out;
}

static struct stack_identity identity_of(struct arena *arena, const struct opening *opening,
                                         const struct stack_record *record)
{
    const struct json *parameters = record->source.parameters;

    return (struct stack_identity){
        .name = record->name,
        .arn = record->arn,
        .tags = record->source.tags,
        .region = opening->region,
        .account = opening->account,
        .notification_arns = record->source.notification_arns,
        .parameters = by_name(arena, parameters, "ParameterValue"),
        .resolved = parameters == NULL ? NULL : by_name(arena, parameters, "ResolvedValue"),
        .lookups = opening->lookups};
}

struct stack *opening_stack(struct arena *arena, const struct opening *opening,
                            const struct stack_record *record, struct slice template,
                            struct problems *problems)
{
    const struct stack_identity identity = identity_of(arena, opening, record);
    const struct json *tree;
    struct slice problem;

    if (!template_parse(arena, template, &tree, &problem)) {
        problems_add(problems, "%.*s", SLICE_ARGS(problem));
        return NULL;
    }
    return stack_open(arena, &identity, tree, problems);
}

void opening_publish(struct stack *stack, struct resource *resource, const struct resource_made *made)
{
    const struct json *values = made->values;

    resource->generation = (unsigned)made->generation;
    if (!made->named)
        resource->kept = made->name;
    for (size_t i = 0; values != NULL && i < values->object.count; i++) {
        const struct json_member *value = &values->object.members[i];
        if (value->value.type == JSON_STRING)
            resource_publish(stack, resource, arena_copy(stack->arena, value->name).ptr, value->value.text);
    }
}

static struct json *object(struct arena *arena, size_t count)
{
    struct json *made = arena_new(arena, struct json);

    *made = (struct json){.type = JSON_OBJECT, .object = {arena_array(arena, struct json_member, count), 0}};
    return made;
}

static void add(struct json *to, struct slice name, struct json value)
{
    to->object.members[to->object.count++] = (struct json_member){name, value};
}

static struct json text(struct slice slice)
{
    return (struct json){.type = JSON_STRING, .text = slice};
}

struct stack *opening_made(struct arena *arena, const struct opening *opening,
                           const struct stack_record *record, struct slice logical, struct slice type,
                           const struct resource_made *made)
{
    struct stack_identity identity = identity_of(arena, opening, record);
    struct json *template = object(arena, 1), *resources = object(arena, 1), *body = object(arena, 2);
    struct problems problems;

    add(body, SLICE("Type"), text(type));
    if (made->properties != NULL)
        add(body, SLICE("Properties"), *made->properties);
    add(resources, logical, *body);
    add(template, SLICE("Resources"), *resources);
    identity.parameters = NULL;
    problems_init(&problems, arena);
    struct stack *stack = stack_open(arena, &identity, template, &problems);
    if (stack != NULL)
        opening_publish(stack, &stack->resources[0], made);
    return stack;
}

const struct json *opening_parameters(struct stack *stack)
{
    struct arena *arena = stack->arena;
    const struct json *given = parameters_given(stack), *resolved = parameters_resolved(stack);
    struct json *list = arena_new(arena, struct json);

    if (given->object.count == 0)
        return NULL;
    *list =
        (struct json){.type = JSON_ARRAY, .array = {arena_array(arena, struct json, given->object.count), 0}};
    for (size_t i = 0; i < given->object.count; i++) {
        const struct json_member *parameter = &given->object.members[i];
        const struct json *kept = json_get_slice(resolved, parameter->name);
        struct json *element = object(arena, 4);
        add(element, SLICE("ParameterKey"), text(parameter->name));
        add(element, SLICE("ParameterValue"), parameter->value);
        if (kept != NULL)
            add(element, SLICE("ResolvedValue"), *kept);
        if (parameter_find(stack, parameter->name)->no_echo)
            add(element, SLICE("NoEcho"), (struct json){.type = JSON_BOOLEAN, .boolean = true});
        list->array.items[list->array.count++] = *element;
    }
    return list;
}

/* ---- capabilities ---- */

const char *opening_missing_capability(const struct stack *stack, const struct json *given)
{
    const struct capabilities needed = capabilities_of(stack->arena, stack->written);
    bool has_named = list_has(given, SLICE("CAPABILITY_NAMED_IAM"));

    if (needed.auto_expand && !list_has(given, SLICE("CAPABILITY_AUTO_EXPAND")))
        return "CAPABILITY_AUTO_EXPAND";
    if (needed.named_iam && !has_named)
        return "CAPABILITY_NAMED_IAM";
    return needed.iam && !has_named && !list_has(given, SLICE("CAPABILITY_IAM")) ? "CAPABILITY_IAM" : NULL;
}
