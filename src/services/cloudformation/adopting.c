#include "services/cloudformation/adopting.h"

#include "deploy/intrinsics.h"
#include "deploy/making.h"
#include "deploy/plan.h"
#include "services/cloudformation/creation.h"
#include "services/inner.h"
#include "services/storage_failure.h"

enum { IMPORTS_LIMIT = 200, PARTS_LIMIT = 4 }; /* AWS: at most 200 resources */

static const struct shape_entry pair_members[] = {
    {"key", &shape_string, true}, {"value", &shape_string, true}, {0}};
static const struct shape pair = {.kind = SHAPE_STRUCTURE, .members = pair_members};
static const struct shape identifier = {.kind = SHAPE_LIST, .element = &pair, .min = 1, .max = 256};
static const struct shape_entry resource_members[] = {{"ResourceType", &shape_string, true},
                                                      {"LogicalResourceId", &shape_string, true},
                                                      {"ResourceIdentifier", &identifier, true},
                                                      {0}};
static const struct shape resource_shape = {.kind = SHAPE_STRUCTURE, .members = resource_members};
const struct shape adopting_resources_shape = {
    .kind = SHAPE_LIST, .element = &resource_shape, .max = IMPORTS_LIMIT};

/* ---- which types ---- */

static size_t part_count(const struct resource_type *type)
{
    size_t count = 0;

    while (type->identifier[count] != NULL)
        count++;
    return count;
}

/* The last part of its identifier is its id here, which is its name if it has one. */
static bool can_be_adopted(const struct resource_type *type)
{
    if (type == NULL || type->recorded || type->inert || type->identifier == NULL)
        return false;
    size_t parts = part_count(type);
    return parts > 0 && parts <= PARTS_LIMIT &&
           (type->naming == NULL || strcmp(type->naming->property, type->identifier[parts - 1]) == 0);
}

/* ---- the list ---- */

static struct json *list_of(struct arena *arena, size_t count)
{
    struct json *list = arena_new(arena, struct json);

    *list = (struct json){.type = JSON_ARRAY, .array = {arena_array(arena, struct json, count), 0}};
    return list;
}

static void add(struct arena *arena, struct json *list, struct slice logical, struct slice id)
{
    struct json_member *members = arena_array(arena, struct json_member, 2);

    members[0] = (struct json_member){SLICE("LogicalResourceId"), {.type = JSON_STRING, .text = logical}};
    members[1] = (struct json_member){SLICE("Id"), {.type = JSON_STRING, .text = id}};
    list->array.items[list->array.count++] = (struct json){.type = JSON_OBJECT, .object = {members, 2}};
}

static bool is_there(const struct resource_records *records, struct slice logical)
{
    const struct resource_record *record = resource_record_find(records, logical);

    return record != NULL && record->status != STACK_DELETE_COMPLETE &&
           record->status != STACK_DELETE_SKIPPED && record->made.id.len > 0;
}

/* ---- ResourcesToImport ---- */

static bool check_resource(struct request *request, const struct resource_records *records,
                           struct stack *stack, const struct json *given)
{
    struct slice logical = shape_text(given, "LogicalResourceId"), type = shape_text(given, "ResourceType"),
                 reason;
    const struct resource *resource = stack_resource(stack, logical);

    if (resource == NULL || !stack_has_resource(stack, resource, &reason))
        return fail(&request->failure, ERROR_VALIDATION,
                    "Resources [%.*s] in ResourcesToImport are not in the template.", SLICE_ARGS(logical));
    if (!slice_equal(resource->type, type))
        return fail(&request->failure, ERROR_VALIDATION,
                    "Resource [%.*s] in ResourcesToImport has the type %.*s, and %.*s in the template.",
                    SLICE_ARGS(logical), SLICE_ARGS(type), SLICE_ARGS(resource->type));
    if (is_there(records, logical))
        return fail(&request->failure, ERROR_VALIDATION,
                    "Resources [%.*s] in ResourcesToImport are in the stack already.", SLICE_ARGS(logical));
    if (!can_be_adopted(resource->kind))
        return fail(&request->failure, ERROR_VALIDATION, "ResourceTypes [%.*s] are not supported for Import",
                    SLICE_ARGS(type));
    return json_get(resource->body, "DeletionPolicy") != NULL ||
           fail(&request->failure, ERROR_VALIDATION,
                "Following resources to import [%.*s] must have DeletionPolicy attribute specified in the "
                "template.",
                SLICE_ARGS(logical));
}

/* A part of the identifier is what the template says of it, if it says anything. */
static bool check_part(struct request *request, struct stack *stack, const struct resource *resource,
                       const char *name, struct slice value)
{
    const struct json *written = json_get(resource->properties, name);
    struct slice reason, text;
    struct json known;

    if (written == NULL || stack_evaluate(stack, written, &known, &reason) != RESOLVED ||
        !scalar_text(&known, &text) || slice_equal(text, value))
        return true;
    return fail(
        &request->failure, ERROR_VALIDATION,
        "The identifier %s of resource [%.*s] is %.*s in ResourcesToImport, and %.*s in the template.", name,
        SLICE_ARGS(resource->id), SLICE_ARGS(value), SLICE_ARGS(text));
}

static bool read_identifier(struct request *request, struct stack *stack, const struct json *given,
                            struct slice *id)
{
    const struct resource *resource = stack_resource(stack, shape_text(given, "LogicalResourceId"));
    const struct json *pairs = shape_member(given, "ResourceIdentifier");
    const char *const *names = resource->kind->identifier;
    size_t count = part_count(resource->kind);

    for (size_t i = 0; i < count; i++) {
        const struct json *part = find_by(pairs, "key", slice_of(names[i]));
        *id = shape_text(part, "value");
        if (id->len == 0)
            return fail(&request->failure, ERROR_VALIDATION,
                        "ResourceIdentifier of resource [%.*s] must have the property %s.",
                        SLICE_ARGS(resource->id), names[i]);
        if (!check_part(request, stack, resource, names[i], *id))
            return false;
    }
    return pairs->array.count == count ||
           fail(&request->failure, ERROR_VALIDATION,
                "ResourceIdentifier of resource [%.*s] has properties that do not identify a %s.",
                SLICE_ARGS(resource->id), resource->kind->name);
}

/* What is new in the template is imported, all of it. */
static bool check_missing(struct request *request, const struct resource_records *records,
                          struct stack *stack, const struct json *adopted)
{
    struct slice missing = SLICE(""), reason;

    for (size_t i = 0; i < stack->resource_count; i++) {
        const struct resource *resource = &stack->resources[i];
        if (stack_has_resource(stack, resource, &reason) && !is_there(records, resource->id) &&
            find_by(adopted, "LogicalResourceId", resource->id) == NULL)
            problems_list(request->arena, &missing, resource->id);
    }
    return missing.len == 0 ||
           fail(&request->failure, ERROR_VALIDATION, "Resources [%.*s] is missing from ResourceToImport list",
                SLICE_ARGS(missing));
}

bool adopting_named(struct request *request, const struct resource_records *records, struct stack *stack,
                    const struct json **out)
{
    const struct json *given = shape_member(request->body, "ResourcesToImport");
    struct json *list = list_of(request->arena, count_of(given));

    creation_publish(records, stack);
    for (size_t i = 0; i < count_of(given); i++) {
        const struct json *one = &given->array.items[i];
        struct slice logical = shape_text(one, "LogicalResourceId"), id = SLICE("");
        if (find_by(list, "LogicalResourceId", logical) != NULL)
            return fail(&request->failure, ERROR_VALIDATION, "Resource [%.*s] is twice in ResourcesToImport.",
                        SLICE_ARGS(logical));
        if (!check_resource(request, records, stack, one) || !read_identifier(request, stack, one, &id))
            return false;
        add(request->arena, list, logical, id);
    }
    *out = list;
    return check_missing(request, records, stack, list);
}

/* ---- ImportExistingResources ---- */

/* What is being made is there; nobody waits for it. */
static bool never_wait(void *context)
{
    (void)context;
    return true;
}

/* Whether there is something of the name that the template gives. */
static bool exists(struct request *request, const struct invoker *invoker, struct stack *stack,
                   struct resource *resource, struct slice *name)
{
    struct problems problems;

    problems_init(&problems, request->arena);
    struct making making = {.arena = request->arena,
                            .stack = stack,
                            .resource = resource,
                            .problems = &problems,
                            .not_applied = SLICE(""),
                            .id = SLICE(""),
                            .instead_of = SLICE(""),
                            .invoker = invoker};
    if (!plan_read(&making, false) || !resource->named || making.name.len == 0)
        return false;
    *name = making.name;
    return resource->kind->find(&making) ? making.have != NULL : making.stopped;
}

bool adopting_existing(struct request *request, const struct resource_records *records, struct stack *stack,
                       const struct json **out)
{
    struct inner_caller caller = inner_of(request, "cloudformation.amazonaws.com");
    struct invoker invoker = inner_invoker(&caller);
    struct json *list = list_of(request->arena, stack->resource_count);

    invoker.stopping = never_wait;
    creation_publish(records, stack);
    for (size_t i = 0; i < stack->resource_count; i++) {
        struct resource *resource = &stack->resources[i];
        struct slice name, reason;
        if (!stack_has_resource(stack, resource, &reason) || is_there(records, resource->id) ||
            !can_be_adopted(resource->kind) || resource->kind->naming == NULL ||
            part_count(resource->kind) > 1)
            continue;
        if (exists(request, &invoker, stack, resource, &name))
            add(request->arena, list, resource->id, name);
    }
    *out = list->array.count > 0 ? list : NULL;
    return true;
}

/* ---- what forbids it ---- */

static bool is_kept(const struct resource *resource)
{
    struct slice policy = text_of(resource->body, "DeletionPolicy");

    return slice_is(policy, "Retain") || slice_is(policy, "RetainExceptOnCreate");
}

bool adopting_problem(struct request *request, struct stack *stack, const struct json *adopted, bool existing,
                      struct slice *problem)
{
    *problem = SLICE("");
    for (size_t i = 0; problem->len == 0 && i < count_of(adopted); i++) {
        const struct json *one = &adopted->array.items[i];
        struct slice id = text_of(one, "Id"), logical = text_of(one, "LogicalResourceId");
        const struct resource *resource = stack_resource(stack, logical);
        struct stack_record owner;
        enum storage_status status =
            resource_owner(request->server->storage, request->arena, resource->type, id, &owner);
        if (status == STORAGE_OK)
            *problem = arena_printf(request->arena, "%.*s already exists in stack %.*s", SLICE_ARGS(id),
                                    SLICE_ARGS(owner.arn));
        else if (status != STORAGE_NOT_FOUND)
            return storage_failure(&request->failure, status);
        else if (existing && !is_kept(resource))
            *problem = arena_printf(request->arena,
                                    "Following resources to import [%.*s] must have DeletionPolicy attribute "
                                    "Retain or RetainExceptOnCreate specified in the template.",
                                    SLICE_ARGS(logical));
    }
    return true;
}
