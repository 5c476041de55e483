/* The change sets of nested stacks, with IncludeNestedStacks. AWS: "Change sets for nested stacks". */
#include "base/clock.h"
#include "deploy/making.h"
#include "services/cloudformation/creation.h"
#include "services/cloudformation/lookups.h"
#include "services/cloudformation/template_source.h"
#include "services/cloudformation/update.h"
#include "services/inner.h"
#include "services/storage_failure.h"
#include "stacks/nested.h"

#define LATER "{{changeSet:KNOWN_AFTER_APPLY}}"

/* Of one root, however deep; their templates are read all at once. */
enum { CHILDREN_LIMIT = 100, TEXTS_LIMIT = 16 * 1024 * 1024 };

/* All that are worked out for one root. */
struct nest {
    struct request *request;
    unsigned count;
    size_t size; /* of their templates, bytes */
};

/* One level of it. */
struct level {
    struct nest *nest;
    struct creation *parent;
    struct stack *stack; /* the parent as it is to be */
    unsigned depth;
};

/* One nested stack. */
struct child {
    struct creation creation;
    struct json properties; /* of its resource */
    bool guessed;           /* the value of a parameter is not known yet */
    struct slice url;
};

static bool nest_all(const struct level *level);

/* ---- properties ---- */

/* A value as it will be; a text in its place if that is not known yet. */
static void evaluate(struct stack *stack, const struct json *written, struct json *out, bool *guessed)
{
    struct slice reason;

    if (stack_evaluate(stack, written, out, &reason) == RESOLVED)
        return;
    *out = (struct json){.type = JSON_STRING, .text = SLICE(LATER)};
    *guessed = true;
}

static void read_members(struct stack *stack, const struct json *written, struct json *out, bool *guessed)
{
    size_t count = written->object.count;

    *out = (struct json){.type = JSON_OBJECT,
                         .object = {arena_array(stack->arena, struct json_member, count), count}};
    for (size_t i = 0; i < count; i++) {
        const struct json_member *member = &written->object.members[i];
        out->object.members[i].name = member->name;
        if (slice_is(member->name, "Parameters") && member->value.type == JSON_OBJECT &&
            !is_function(&member->value))
            read_members(stack, &member->value, &out->object.members[i].value, guessed);
        else
            evaluate(stack, &member->value, &out->object.members[i].value, guessed);
    }
}

static void read_properties(const struct level *level, const struct resource *resource, struct child *child)
{
    bool elsewhere = false;
    struct json url = {.type = JSON_NULL};

    read_members(level->stack, resource->properties, &child->properties, &child->guessed);
    evaluate(level->stack, json_get(resource->properties, "TemplateURL"), &url, &elsewhere);
    child->url = elsewhere || url.type != JSON_STRING ? SLICE("") : url.text;
}

/* ---- the stack ---- */

/* Nobody has that key: its version, to guard by. */
static bool read_free(struct request *request, struct slice key, struct version *version)
{
    struct stored held;
    enum storage_status status = storage_get(request->server->storage, NULL, key, &held);

    *version = held.version;
    stored_release(&held);
    if (status == STORAGE_OK) /* names have twelve characters of chance */
        return fail(&request->failure, ERROR_INTERNAL_SERVER, "The name of a nested stack was taken");
    return status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

/* The one that is there, or one that is put under review. */
static bool find_stack(const struct level *level, const struct resource *resource, struct creation *child)
{
    struct request *request = level->nest->request;
    const struct creation *parent = level->parent;
    const struct resource_record *record = resource_record_find(&parent->resources, resource->id);
    enum storage_status status = STORAGE_NOT_FOUND;

    if (record != NULL && record->made.id.len > 0)
        status = stack_read(request->server->storage, request->arena, stack_uuid(record->made.id),
                            &child->stack, &child->version);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    if (status == STORAGE_OK && child->stack.status != STACK_DELETE_COMPLETE)
        return true;
    child->is_new = true;
    child->stack = stack_new(request->arena, request->server->region, request->server->account_id,
                             nested_name(request->arena, parent->stack.name, resource->id), clock_now());
    child->stack.status = STACK_REVIEW_IN_PROGRESS;
    child->stack.reason = SLICE("User Initiated");
    child->stack.parent = parent->stack.arn;
    child->stack.root = parent->stack.root.len > 0 ? parent->stack.root : parent->stack.arn;
    return read_free(request, stack_name_key(request->arena, child->stack.name), &child->version);
}

static bool begin_set(const struct level *level, const struct resource *resource, struct creation *child)
{
    struct request *request = level->nest->request;
    const struct change_set *parent = &level->parent->set;
    struct change_set *set = &child->set;

    *set = change_set_new(request->arena, request->server->region, request->server->account_id, &child->stack,
                          nested_name(request->arena, parent->name, resource->id), clock_now());
    set->of_new_stack = child->is_new;
    set->nested = true;
    set->parent = parent->arn;
    set->root = parent->root.len > 0 ? parent->root : parent->arn;
    set->role = parent->role;
    return read_free(request, change_set_key(request->arena, child->stack.uuid, set->name),
                     &child->set_version);
}

/* ---- one of them ---- */

static void add_child(const struct level *level, const struct resource *resource,
                      const struct creation *child)
{
    struct arena *arena = level->nest->request->arena;
    struct json_member *members = arena_array(arena, struct json_member, 3);
    struct json *list = arena_new(arena, struct json), one;

    members[0] =
        (struct json_member){SLICE("LogicalResourceId"), {.type = JSON_STRING, .text = resource->id}};
    members[1] = (struct json_member){SLICE("StackId"), {.type = JSON_STRING, .text = child->stack.arn}};
    members[2] = (struct json_member){SLICE("ChangeSetId"), {.type = JSON_STRING, .text = child->set.arn}};
    one = (struct json){.type = JSON_OBJECT, .object = {members, 3}};
    *list = (struct json){.type = JSON_ARRAY};
    list_append(arena, list, level->parent->set.children);
    list_append(arena, list, &(struct json){.type = JSON_ARRAY, .array = {&one, 1}});
    level->parent->set.children = list;
}

/* What forbids a nested change set forbids those above it. */
static bool refuse(const struct level *level, const struct creation *child, struct slice problem)
{
    level->parent->problem =
        arena_printf(level->nest->request->arena, "Nested change set %.*s was not successfully created: %.*s",
                     SLICE_ARGS(child->set.arn), SLICE_ARGS(problem));
    return true;
}

static bool find_changes(const struct level *level, const struct resource *resource, struct creation *child,
                         struct stack *stack)
{
    struct request *request = level->nest->request;
    const struct level below = {level->nest, child, stack, level->depth + 1};

    if (!update_keeps_types(request, &child->resources, stack) || !nest_all(&below))
        return false;
    if (child->problem.len > 0)
        return refuse(level, child, child->problem);
    struct changes changes = creation_find_changes(request, child, stack);
    if (!slice_is(child->set.status, "CREATE_COMPLETE")) {
        texts_add(request->arena, &level->parent->the_same, resource->id);
        return true;
    }
    add_child(level, resource, child);
    creation_put(request, child, changes.text);
    return true;
}

/* What depends on a value that is not known yet may be told when it is, and not before: such a stack is named
 * as changed, and has no change set. */
static bool nest_one(const struct level *level, const struct resource *resource)
{
    struct request *request = level->nest->request;
    const struct opening opening = request_opening(request);
    struct inner_caller caller = inner_of(request, "cloudformation.amazonaws.com");
    struct stack_record parent = level->parent->stack;
    struct child *child = arena_new(request->arena, struct child);
    struct creation *creation = &child->creation;
    struct problems problems;
    struct slice problem;

    *child = (struct child){.url = SLICE("")};
    read_properties(level, resource, child);
    if (child->url.len == 0)
        return true;
    if (!find_stack(level, resource, creation) || !creation_read_stack(request, creation) ||
        !begin_set(level, resource, creation))
        return false;
    if (++level->nest->count > CHILDREN_LIMIT || level->depth >= NESTING_LIMIT)
        return refuse(level, creation, SLICE("Stacks are nested too deeply, or there are too many of them"));
    if (!template_fetch(request->server, &caller, request->arena, child->url, &creation->template, &problem))
        return refuse(level, creation, problem);
    level->nest->size += creation->template.len;
    if (level->nest->size > TEXTS_LIMIT)
        return refuse(level, creation, SLICE("The templates of the nested stacks are too large together"));
    problems_init(&problems, request->arena);
    parent.source = level->parent->set.source;
    const struct nested_source from = {request->arena,     &opening,           &parent,
                                       &child->properties, creation->template, &problems};
    struct stack_record wanted = creation->stack;
    struct stack *stack = nested_read_source(&from, &wanted);
    if (stack == NULL)
        return child->guessed || refuse(level, creation, problems.texts[0]);
    creation->set.source = wanted.source;
    return find_changes(level, resource, creation, stack);
}

/* ---- all of them ---- */

static bool nest_all(const struct level *level)
{
    struct stack *stack = level->stack;
    struct slice undecided;

    creation_publish(&level->parent->resources, stack);
    for (size_t i = 0; i < stack->resource_count && level->parent->problem.len == 0; i++) {
        const struct resource *resource = &stack->resources[i];
        if (nested_is(resource->type) && stack_has_resource(stack, resource, &undecided) &&
            !nest_one(level, resource))
            return false;
    }
    return true;
}

bool creation_nest(struct request *request, struct creation *creation, struct stack *stack)
{
    struct nest nest = {.request = request};
    const struct level level = {&nest, creation, stack, 1};

    return nest_all(&level);
}
