#include "iam/policy_document.h"

#include "base/json.h"

enum { DOCUMENT_DEPTH = 16 }; /* of the grammar it is 6 */

/* A document that is read; the first problem stays. */
struct reading {
    const char *service;
    struct arena *arena;
    struct slice *problem;
};

static bool wrong(struct reading *reading, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool wrong(struct reading *reading, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    *reading->problem = arena_vprintf(reading->arena, format, arguments);
    va_end(arguments);
    return false;
}

/* Names are told by their first bytes only: they come from outside. */
enum { SHOWN_BYTES = 100 };
#define SHOWN(text) (int)((text).len < SHOWN_BYTES ? (text).len : SHOWN_BYTES), (text).ptr

static bool is_member(const char *const *names, struct slice name)
{
    for (; *names != NULL; names++) {
        if (slice_is(name, *names))
            return true;
    }
    return false;
}

static bool check_members(struct reading *reading, const struct json *object, const char *const *names,
                          const char *what)
{
    for (size_t i = 0; i < object->object.count; i++) {
        struct slice name = object->object.members[i].name;
        if (!is_member(names, name))
            return wrong(reading, "%s has no element %.*s", what, SHOWN(name));
    }
    return true;
}

/* ---- strings ---- */

typedef bool (*string_check)(struct reading *reading, struct slice text);

/* A string or a list of strings, each of which satisfies the check. */
static bool check_strings(struct reading *reading, const struct json *value, const char *name,
                          string_check check)
{
    const struct json *items = value->type == JSON_ARRAY ? value->array.items : value;
    size_t count = value->type == JSON_ARRAY ? value->array.count : 1;

    for (size_t i = 0; i < count; i++) {
        if (items[i].type != JSON_STRING)
            return wrong(reading, "%s is a string or a list of strings", name);
        if (!check(reading, items[i].text))
            return false;
    }
    return count > 0 || wrong(reading, "%s is empty", name);
}

/* "*", or "dynamodb:" and a name with wildcards. */
static bool check_action(struct reading *reading, struct slice action)
{
    size_t length = strlen(reading->service);

    if (slice_is(action, "*"))
        return true;
    if (action.len <= length + 1 || action.ptr[length] != ':' ||
        !slice_starts_with(action, slice_of(reading->service)))
        return wrong(reading, "The action %.*s is none of %s", SHOWN(action), reading->service);
    for (size_t i = length + 1; i < action.len; i++) {
        char c = action.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '*' || c == '?'))
            return wrong(reading, "The action %.*s is none of %s", SHOWN(action), reading->service);
    }
    return true;
}

static bool check_resource(struct reading *reading, struct slice resource)
{
    return slice_is(resource, "*") || slice_starts_with(resource, SLICE("arn:")) ||
           wrong(reading, "The resource %.*s is no ARN", SHOWN(resource));
}

static bool check_filled(struct reading *reading, struct slice text)
{
    return text.len > 0 || wrong(reading, "A principal is empty");
}

/* ---- statements ---- */

/* Exactly one of two elements; *found is it. */
static bool one_of(struct reading *reading, const struct json *statement, const char *name,
                   const char *opposite, const struct json **found)
{
    const struct json *there = json_get(statement, name), *other = json_get(statement, opposite);

    *found = there != NULL ? there : other;
    if ((there == NULL) == (other == NULL))
        return wrong(reading, "A statement has either %s or %s", name, opposite);
    return true;
}

static bool check_principal(struct reading *reading, const struct json *statement)
{
    static const char *const kinds[] = {"AWS", "Service", "Federated", "CanonicalUser", NULL};
    const struct json *principal;

    if (!one_of(reading, statement, "Principal", "NotPrincipal", &principal))
        return false;
    if (principal->type == JSON_STRING)
        return slice_is(principal->text, "*") || wrong(reading, "A principal that is a string is *");
    if (principal->type != JSON_OBJECT || principal->object.count == 0)
        return wrong(reading, "Principal is * or an object");
    if (!check_members(reading, principal, kinds, "A principal"))
        return false;
    for (size_t i = 0; i < principal->object.count; i++) {
        if (!check_strings(reading, &principal->object.members[i].value, "A principal", check_filled))
            return false;
    }
    return true;
}

/* {"operator": {"key": value or values}}. */
static bool check_condition(struct reading *reading, const struct json *condition)
{
    if (condition == NULL)
        return true;
    if (condition->type != JSON_OBJECT)
        return wrong(reading, "Condition is an object");
    for (size_t i = 0; i < condition->object.count; i++) {
        const struct json *keys = &condition->object.members[i].value;
        if (keys->type != JSON_OBJECT || keys->object.count == 0)
            return wrong(reading, "The condition operator %.*s has no keys",
                         SHOWN(condition->object.members[i].name));
        for (size_t j = 0; j < keys->object.count; j++) {
            enum json_type type = keys->object.members[j].value.type;
            if (type == JSON_OBJECT || type == JSON_NULL)
                return wrong(reading, "The condition key %.*s has no value",
                             SHOWN(keys->object.members[j].name));
        }
    }
    return true;
}

static bool check_sid(struct reading *reading, const struct json *sid)
{
    if (sid == NULL)
        return true;
    if (sid->type != JSON_STRING)
        return wrong(reading, "Sid is a string");
    for (size_t i = 0; i < sid->text.len; i++) {
        char c = sid->text.ptr[i];
        /* A resource-based policy may also have blanks in it. */
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' '))
            return wrong(reading, "Sid has letters, digits and blanks only");
    }
    return true;
}

static bool check_statement(struct reading *reading, const struct json *statement)
{
    static const char *const elements[] = {"Sid",       "Effect",   "Principal",   "NotPrincipal", "Action",
                                           "NotAction", "Resource", "NotResource", "Condition",    NULL};
    const struct json *actions, *resources;

    if (statement->type != JSON_OBJECT)
        return wrong(reading, "A statement is an object");
    const struct json *effect = json_get(statement, "Effect");
    if (!check_members(reading, statement, elements, "A statement") ||
        !check_sid(reading, json_get(statement, "Sid")))
        return false;
    if (effect == NULL || effect->type != JSON_STRING ||
        (!slice_is(effect->text, "Allow") && !slice_is(effect->text, "Deny")))
        return wrong(reading, "The Effect of a statement is Allow or Deny");
    return check_principal(reading, statement) &&
           one_of(reading, statement, "Action", "NotAction", &actions) &&
           check_strings(reading, actions, "Action", check_action) &&
           one_of(reading, statement, "Resource", "NotResource", &resources) &&
           check_strings(reading, resources, "Resource", check_resource) &&
           check_condition(reading, json_get(statement, "Condition"));
}

/* "The Sid value must be unique within a JSON policy." */
static bool check_sid_differs(struct reading *reading, const struct json *statements, size_t place)
{
    const struct json *sid = json_get(&statements[place], "Sid"), *other;

    for (size_t i = 0; sid != NULL && i < place; i++) {
        other = json_get(&statements[i], "Sid");
        if (other != NULL && slice_equal(other->text, sid->text))
            return wrong(reading, "The Sid %.*s is there twice", SHOWN(sid->text));
    }
    return true;
}

static bool check_version(struct reading *reading, const struct json *version)
{
    return version == NULL ||
           (version->type == JSON_STRING &&
            (slice_is(version->text, "2012-10-17") || slice_is(version->text, "2008-10-17"))) ||
           wrong(reading, "Version is 2012-10-17 or 2008-10-17");
}

bool policy_document_is_valid(struct slice text, const char *service, struct arena *arena,
                              struct slice *problem)
{
    static const char *const elements[] = {"Version", "Id", "Statement", NULL};
    struct reading reading = {service, arena, problem};
    const struct json *document;

    if (json_parse(arena, text, DOCUMENT_DEPTH, &document) != JSON_OK || document->type != JSON_OBJECT)
        return wrong(&reading, "It is no JSON object");
    if (!check_members(&reading, document, elements, "A policy") ||
        !check_version(&reading, json_get(document, "Version")))
        return false;
    const struct json *id = json_get(document, "Id"), *statements = json_get(document, "Statement");
    if (id != NULL && id->type != JSON_STRING)
        return wrong(&reading, "Id is a string");
    if (statements == NULL || (statements->type == JSON_ARRAY && statements->array.count == 0))
        return wrong(&reading, "It has no Statement");
    if (statements->type != JSON_ARRAY)
        return check_statement(&reading, statements);
    for (size_t i = 0; i < statements->array.count; i++) {
        if (!check_statement(&reading, &statements->array.items[i]) ||
            !check_sid_differs(&reading, statements->array.items, i))
            return false;
    }
    return true;
}
