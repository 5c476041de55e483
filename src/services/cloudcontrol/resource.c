#include "services/cloudcontrol/resource.h"

#include "base/check.h"
#include "deploy/plan.h"
#include "deploy/properties.h"
#include "services/shape.h"
#include "stacks/opening.h"

#define LOGICAL_ID "Resource"

/* AWS: an identifier has at most a few parts. */
enum { PARTS_LIMIT = 4, JSON_DEPTH = 8 };

/* ---- types ---- */

bool work_type(struct request *request, struct slice name, const char *action,
               const struct resource_type **out)
{
    const struct resource_type *type = resource_type_find(name);
    bool lists = strcmp(action, "LIST") == 0;

    *out = type;
    /* Versions are those of private types, of which there are none. */
    if ((type == NULL && !resource_type_exists(name)) || shape_member(request->body, "TypeVersionId") != NULL)
        return fail(&request->failure, ERROR_CC_TYPE_NOT_FOUND, "The type '%.*s' cannot be found.",
                    SLICE_ARGS(name));
    if (type != NULL && type->recorded)
        return fail(&request->failure, ERROR_CC_UNSUPPORTED_ACTION,
                    "Resource type %.*s does not support %s action: this server has no service for it",
                    SLICE_ARGS(name), action);
    if (type == NULL || type->identifier == NULL || type->read == NULL || (lists && type->listing == NULL))
        return fail(&request->failure, ERROR_CC_UNSUPPORTED_ACTION,
                    "Resource type %.*s does not support %s action", SLICE_ARGS(name), action);
    return true;
}

bool work_is_read_only(const struct resource_type *type, struct slice name)
{
    const struct property *property = type->properties->members;

    for (; property->name != NULL; property++) {
        if (slice_is(name, property->name))
            return false;
    }
    for (const char *const *attribute = type->attributes; attribute != NULL && *attribute != NULL;
         attribute++) {
        if (slice_is(name, *attribute))
            return true;
    }
    return false;
}

/* ---- opening ---- */

bool work_open(struct resource_work *work, struct arena *arena, const struct server *server,
               const struct invoker *invoker, const struct resource_type *type, const struct json *properties,
               struct slice token)
{
    const struct opening opening = {.region = server->region, .account = server->account_id};
    const struct resource_made made = {.properties = properties};
    /* Names are made of this, and so are all others than those of another request. */
    const struct stack_record stack = {.name = arena_printf(arena, "CCAPI-%.*s", SLICE_ARGS(token))};

    *work = (struct resource_work){.arena = arena, .type = type, .invoker = invoker};
    problems_init(&work->problems, arena);
    work->making = (struct making){.arena = arena,
                                   .problems = &work->problems,
                                   .not_applied = SLICE(""),
                                   .id = SLICE(""),
                                   .instead_of = SLICE(""),
                                   .invoker = invoker};
    work->making.stack =
        opening_made(arena, &opening, &stack, SLICE(LOGICAL_ID), slice_of(type->name), &made);
    if (work->making.stack == NULL) {
        work->making.refusal =
            (struct making_refusal){"InvalidRequest", SLICE("The properties cannot be read")};
        return false;
    }
    work->making.resource = &work->making.stack->resources[0];
    return true;
}

bool work_check(struct resource_work *work)
{
    return plan_read(&work->making, true);
}

/* ---- identifiers ---- */

static size_t part_count(const struct resource_type *type)
{
    size_t count = 0;

    while (type->identifier[count] != NULL)
        count++;
    return count;
}

static bool split(struct slice text, struct slice *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *bar = text.len == 0 ? NULL : memchr(text.ptr, '|', text.len);
        /* What is behind the last bar that is needed may have more of them. */
        size_t length = bar == NULL || i + 1 == count ? text.len : (size_t)(bar - text.ptr);
        parts[i] = (struct slice){text.ptr, length};
        if (length == 0 || (i + 1 < count && bar == NULL))
            return false;
        text = slice_skip(text, length == text.len ? length : length + 1);
    }
    return true;
}

static bool read_parts(struct arena *arena, const struct resource_type *type, struct slice identifier,
                       struct slice *parts)
{
    size_t count = part_count(type);
    const struct json *object;

    if (count > PARTS_LIMIT)
        return false;
    if (identifier.ptr[0] != '{')
        return split(identifier, parts, count);
    if (json_parse(arena, identifier, JSON_DEPTH, &object) != JSON_OK || object->type != JSON_OBJECT ||
        object->object.count != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        parts[i] = text_of(object, type->identifier[i]);
        if (parts[i].len == 0)
            return false;
    }
    return true;
}

static bool refuse_identifier(struct resource_work *work, struct slice identifier)
{
    work->making.refusal = (struct making_refusal){
        "InvalidRequest",
        arena_printf(work->arena, "Identifier %.*s is not valid for identifier [/properties/%s%s%s]",
                     SLICE_ARGS(identifier), work->type->identifier[0],
                     part_count(work->type) > 1 ? ", /properties/" : "",
                     part_count(work->type) > 1 ? work->type->identifier[1] : "")};
    return false;
}

/* The parts but the last, as properties. */
static const struct json *place_of(struct arena *arena, const struct resource_type *type,
                                   const struct slice *parts)
{
    size_t all = part_count(type), count = all - 1;
    struct json *place = arena_new(arena, struct json);

    CHECK(all > 0);
    *place =
        (struct json){.type = JSON_OBJECT, .object = {arena_array(arena, struct json_member, count), count}};
    for (size_t i = 0; i < count; i++)
        place->object.members[i] =
            (struct json_member){slice_of(type->identifier[i]), {.type = JSON_STRING, .text = parts[i]}};
    return place;
}

bool work_open_identified(struct resource_work *work, struct arena *arena, const struct server *server,
                          const struct invoker *invoker, const struct resource_type *type,
                          struct slice identifier)
{
    struct slice parts[PARTS_LIMIT];
    bool good = read_parts(arena, type, identifier, parts);
    const struct json *place = good ? place_of(arena, type, parts) : NULL;

    if (!work_open(work, arena, server, invoker, type, place, SLICE("")))
        return false;
    if (!good)
        return refuse_identifier(work, identifier);
    work->making.want = work->making.before = place;
    work->making.name = work->making.id = parts[part_count(type) - 1];
    return true;
}

bool work_identify(struct resource_work *work, struct slice identifier)
{
    struct slice parts[PARTS_LIMIT];

    if (!read_parts(work->arena, work->type, identifier, parts))
        return refuse_identifier(work, identifier);
    work->making.id = parts[part_count(work->type) - 1];
    return true;
}

struct slice work_identifier_with(struct resource_work *work, struct slice last)
{
    const struct resource_type *type = work->type;
    struct buffer out;

    if (last.len == 0)
        return SLICE("");
    buffer_init(&out);
    for (size_t i = 0; i + 1 < part_count(type); i++) {
        buffer_append(&out, text_of(work->making.want, type->identifier[i]));
        buffer_append_byte(&out, '|');
    }
    buffer_append(&out, last);
    struct slice kept = arena_copy(work->arena, buffer_slice(&out));
    buffer_finish(&out);
    return kept;
}

struct slice work_identifier(struct resource_work *work)
{
    struct slice reason;
    struct json value;

    if (work->making.id.len > 0)
        return work_identifier_with(work, work->making.id);
    if (resource_value(work->making.stack, work->making.resource, SLICE(""), &value, &reason) != RESOLVED)
        return SLICE("");
    return work_identifier_with(work, value.text);
}

/* ---- looking ---- */

bool work_find(struct resource_work *work)
{
    struct making *making = &work->making;

    if (!work->type->find(making))
        return false;
    if (making->have != NULL)
        return true;
    making->refusal = (struct making_refusal){
        "NotFound", arena_printf(work->arena, "Resource of type '%s' with identifier '%.*s' was not found.",
                                 work->type->name, SLICE_ARGS(work_identifier(work)))};
    return false;
}

/* Whether it is a name alone, and not one of a structure's members, or of all outputs. */
static bool is_plain(const char *attribute)
{
    return strpbrk(attribute, ".*") == NULL;
}

bool work_read(struct resource_work *work, const struct json **properties, const struct json **model)
{
    struct making *making = &work->making;
    const struct resource_type *type = work->type;
    struct json *told = arena_new(work->arena, struct json);
    size_t room = 0;

    if (!type->read(making, properties))
        return false;
    for (const char *const *attribute = type->attributes; attribute != NULL && *attribute != NULL;
         attribute++)
        room++;
    const struct json *read = *properties;
    *told = (struct json){.type = JSON_OBJECT,
                          .object = {arena_array(work->arena, struct json_member, read->object.count + room),
                                     read->object.count}};
    for (size_t i = 0; i < read->object.count; i++)
        told->object.members[i] = read->object.members[i];
    for (const char *const *attribute = type->attributes; attribute != NULL && *attribute != NULL;
         attribute++) {
        const struct json *value = json_get(&making->resource->values, *attribute);
        if (value != NULL && is_plain(*attribute) && json_get(read, *attribute) == NULL)
            told->object.members[told->object.count++] = (struct json_member){slice_of(*attribute), *value};
    }
    *model = told;
    return true;
}

/* ---- telling ---- */

struct slice work_problem(const struct resource_work *work)
{
    const struct making *making = &work->making;

    if (making->refusal.code != NULL && making->refusal.message.len > 0)
        return making->refusal.message;
    if (work->problems.count == 0)
        return SLICE("Internal failure");
    struct slice text = work->problems.texts[0];
    struct slice before = stack_describe(making->stack, making->resource);
    return slice_starts_with(text, before) && text.len > before.len + 2 ? slice_skip(text, before.len + 2)
                                                                        : text;
}

struct slice work_fixed(const struct resource_work *work)
{
    return arena_printf(work->arena,
                        "Invalid patch update: createOnlyProperties [/properties/%s] cannot be updated",
                        work->making.fixed);
}

/* Recursion is bounded by the depth of what was parsed. */
struct slice work_function_in(const struct json *value)
{
    struct slice found = {NULL, 0};

    if (value->type == JSON_OBJECT && is_function(value))
        return value->object.members[0].name;
    if (value->type == JSON_OBJECT) {
        for (size_t i = 0; i < value->object.count && found.len == 0; i++)
            found = work_function_in(&value->object.members[i].value);
    }
    if (value->type == JSON_ARRAY) {
        for (size_t i = 0; i < value->array.count && found.len == 0; i++)
            found = work_function_in(&value->array.items[i]);
    }
    return found;
}
