#include "services/iam/simulated.h"

#include <strings.h>

#include "iam/pattern.h"
#include "iam/policy_condition.h"
#include "services/iam/lookup.h"
#include "services/storage_failure.h"

/* ---- policies ---- */

static size_t count_of(const struct request *request, const char *member)
{
    const struct json *list = shape_member(request->body, member);

    return list == NULL ? 0 : list->array.count;
}

/* NULL: the failure is set. `id` is what results call it. */
static const struct policy *compile(struct request *request, struct simulated *simulated,
                                    enum policy_kind kind, struct slice text, struct slice id)
{
    struct policy_problem problem;
    struct policy *policy = policy_create(kind, text, request->arena, &problem);

    if (policy == NULL) {
        (void)!fail(&request->failure, ERROR_INVALID_INPUT, "%.*s: %.*s", SLICE_ARGS(id),
                    SLICE_ARGS(problem.sentence));
        return NULL;
    }
    if (simulated->own_count == simulated->own_capacity) {
        simulated->own_capacity = 2 * simulated->own_capacity + 8;
        simulated->own = arena_grow(request->arena, simulated->own, simulated->own_count,
                                    simulated->own_capacity, sizeof(simulated->own[0]));
    }
    simulated->own[simulated->own_count++] = policy;
    return policy;
}

static bool add_policy(struct request *request, struct simulated *simulated, enum policy_kind kind,
                       struct slice text, struct attached_policy as)
{
    struct authority *authority = &simulated->authority;

    as.policy = compile(request, simulated, kind, text, as.name);
    if (as.policy == NULL)
        return false;
    if (authority->identity_count == simulated->capacity) {
        simulated->capacity = 2 * simulated->capacity + 8;
        simulated->policies = arena_grow(request->arena, simulated->policies, authority->identity_count,
                                         simulated->capacity, sizeof(simulated->policies[0]));
    }
    simulated->policies[authority->identity_count++] = as;
    authority->identity = simulated->policies;
    return true;
}

static bool add_inputs(struct request *request, struct simulated *simulated)
{
    const struct json *list = shape_member(request->body, "PolicyInputList");

    for (size_t i = 0; i < count_of(request, "PolicyInputList"); i++) {
        struct slice id = arena_printf(request->arena, "PolicyInputList.%zu", i + 1);
        if (!add_policy(request, simulated, POLICY_INLINE, list->array.items[i].text,
                        (struct attached_policy){.source = SOURCE_USER_INLINE, .name = id}))
            return false;
    }
    return true;
}

/* "You can input only one permissions boundary"; it takes the place of the one that is attached. */
static bool set_boundary(struct request *request, struct simulated *simulated)
{
    static const char member[] = "PermissionsBoundaryPolicyInputList";
    size_t count = count_of(request, member);

    if (count == 0)
        return true;
    if (count > 1)
        return fail(&request->failure, ERROR_INVALID_INPUT,
                    "Only one permissions boundary policy can be simulated.");
    simulated->boundary = (struct attached_policy){.source = SOURCE_BOUNDARY,
                                                   .name = SLICE("PermissionsBoundaryPolicyInputList.1")};
    simulated->boundary.policy =
        compile(request, simulated, POLICY_INLINE, shape_member(request->body, member)->array.items[0].text,
                simulated->boundary.name);
    simulated->authority.boundary = &simulated->boundary;
    return simulated->boundary.policy != NULL;
}

static bool set_resource_policy(struct request *request, struct simulated *simulated)
{
    struct slice text = form_text(request, "ResourcePolicy");

    if (text.ptr == NULL)
        return true;
    if (simulated->authority.principal.arn.len == 0)
        return fail(&request->failure, ERROR_INVALID_INPUT,
                    "CallerArn is required when a ResourcePolicy is simulated.");
    simulated->resource_policy = compile(request, simulated, POLICY_RESOURCE, text, SLICE("ResourcePolicy"));
    return simulated->resource_policy != NULL;
}

/* ---- whose policies ---- */

static bool is_no_entity(struct request *request, struct slice arn)
{
    return fail(&request->failure, ERROR_INVALID_INPUT,
                "Invalid Entity Arn: %.*s does not clearly define entity type and name.", SLICE_ARGS(arn));
}

/* "arn:aws:iam::000000000000:user/path/ana": the kind and the name; the failure is set if it is none of the
 * three. */
static bool read_source(struct request *request, struct slice arn, enum entity_kind *kind, struct slice *name)
{
    static const enum entity_kind kinds[] = {KIND_USER, KIND_GROUP, KIND_ROLE};
    const char *slash = memrchr(arn.ptr, '/', arn.len);
    struct slice rest = arn;

    if (slash == NULL || !slice_starts_with(arn, SLICE("arn:aws:iam::")))
        return is_no_entity(request, arn);
    *name = slice_skip(arn, (size_t)(slash - arn.ptr) + 1);
    rest = slice_skip(arn, strlen("arn:aws:iam::"));
    const char *colon = rest.len == 0 ? NULL : memchr(rest.ptr, ':', rest.len);
    if (colon == NULL || name->len == 0)
        return is_no_entity(request, arn);
    rest = slice_skip(rest, (size_t)(colon - rest.ptr) + 1);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct slice word = arena_printf(request->arena, "%s/", entity_word(kinds[i]));
        *kind = kinds[i];
        if (slice_starts_with(rest, word))
            return true;
    }
    return is_no_entity(request, arn);
}

static bool no_such(struct request *request, struct slice arn)
{
    return fail(&request->failure, ERROR_NO_SUCH_ENTITY, "Entity %.*s does not exist.", SLICE_ARGS(arn));
}

static bool add_group(struct request *request, struct simulated *simulated, struct slice arn,
                      struct slice name)
{
    struct storage *storage = request->server->storage;
    struct group group;
    enum storage_status status = entity_find(storage, NULL, KIND_GROUP, name, request->arena, &group);

    if (status == STORAGE_NOT_FOUND)
        return no_such(request, arn);
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    if (!slice_equal(arn, lookup_arn(request, KIND_GROUP, &group.entity)))
        return no_such(request, arn);
    for (size_t i = 0; i < group.grants.inlines.count; i++) {
        const struct inline_policy *policy = &group.grants.inlines.items[i];
        if (!add_policy(request, simulated, POLICY_INLINE, policy->document,
                        (struct attached_policy){.source = SOURCE_GROUP_INLINE, .name = policy->name}))
            return false;
    }
    for (size_t i = 0; i < group.grants.attached.count; i++) {
        struct slice of = group.grants.attached.items[i], document;
        status = directory_policy_document(request->server->directory, of, request->arena, &document);
        if (status == STORAGE_NOT_FOUND)
            continue; /* it was detached, and deleted, in between */
        if (status != STORAGE_OK)
            return storage_failure(&request->failure, status);
        if (!add_policy(request, simulated, POLICY_MANAGED, document,
                        (struct attached_policy){.source = SOURCE_GROUP_MANAGED, .name = of}))
            return false;
    }
    return true;
}

/* A user's policies with those of its groups, or a role's. */
static bool add_identity(struct request *request, struct simulated *simulated, enum identity_kind kind,
                         struct slice arn, struct slice name)
{
    struct authority *authority = &simulated->authority;
    enum storage_status status = directory_hold(request->server->directory, kind, name, &simulated->held);

    if (status == STORAGE_NOT_FOUND)
        return no_such(request, arn);
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    if (!slice_equal(arn, simulated->held->arn))
        return no_such(request, arn);
    *authority = simulated->held->authority;
    simulated->policies = arena_array(request->arena, struct attached_policy, authority->identity_count);
    for (size_t i = 0; i < authority->identity_count; i++)
        simulated->policies[i] = authority->identity[i];
    authority->identity = simulated->policies;
    simulated->capacity = authority->identity_count;
    return true;
}

static bool add_source(struct request *request, struct simulated *simulated)
{
    struct slice arn = form_text(request, "PolicySourceArn"), name;
    enum entity_kind kind;

    if (arn.ptr == NULL)
        return true;
    if (!read_source(request, arn, &kind, &name))
        return false;
    return kind == KIND_GROUP ? add_group(request, simulated, arn, name)
                              : add_identity(request, simulated,
                                             kind == KIND_USER ? IDENTITY_USER : IDENTITY_ROLE, arn, name);
}

/* "You can specify only the ARN of an IAM user." */
static bool set_caller(struct request *request, struct simulated *simulated)
{
    struct slice arn = form_text(request, "CallerArn"), parts[6];
    struct iam_principal *principal = &simulated->authority.principal;

    if (arn.ptr != NULL) {
        if (arn_split(arn, false, parts) < 6 || !slice_is(parts[0], "arn") || !slice_is(parts[2], "iam") ||
            !slice_starts_with(parts[5], SLICE("user/")) || parts[4].len == 0)
            return fail(&request->failure, ERROR_INVALID_INPUT,
                        "Invalid Caller Arn: %.*s is not the ARN of a user.", SLICE_ARGS(arn));
        *principal = (struct iam_principal){.kind = IAM_USER, .account = parts[4], .arn = arn};
        return true;
    }
    if (principal->kind != IAM_USER || simulated->held == NULL)
        *principal = (struct iam_principal){.kind = IAM_USER, .account = request->server->account_id};
    return true;
}

/* ---- the context ---- */

/* The types of entries, and an operator that compares with their values: what it takes, they may be. */
static const struct {
    const char *type;
    const char *operator_name;
} types[] = {{"string", "StringEquals"}, {"numeric", "NumericEquals"}, {"boolean", "Bool"},
             {"ip", "IpAddress"},        {"binary", "BinaryEquals"},   {"date", "DateEquals"}};

static bool check_values(struct request *request, const struct simulated_entry *entry, struct slice type)
{
    struct policy_condition condition = {0};

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (slice_starts_with(type, slice_of(types[i].type)) &&
            !policy_condition_read_name(slice_of(types[i].operator_name), &condition))
            return false;
    }
    for (size_t i = 0; i < entry->values.count; i++) {
        if (!policy_condition_value_is_valid(condition.comparator, entry->values.values[i]))
            return fail(&request->failure, ERROR_INVALID_INPUT,
                        "Invalid value for context key %.*s: %.*s is not of the type %.*s.",
                        SLICE_ARGS(entry->key), SLICE_ARGS(entry->values.values[i]), SLICE_ARGS(type));
    }
    return entry->values.multi_valued || entry->values.count <= 1 ||
           fail(&request->failure, ERROR_INVALID_INPUT,
                "Invalid value for context key %.*s: the type %.*s has one value.", SLICE_ARGS(entry->key),
                SLICE_ARGS(type));
}

static bool read_entry(struct request *request, const struct json *json, struct simulated_entry *out)
{
    const struct json *list = shape_member(json, "ContextKeyValues");
    struct slice type = shape_text(json, "ContextKeyType");
    size_t count = list == NULL ? 0 : list->array.count;
    struct slice *values = arena_array(request->arena, struct slice, count);

    for (size_t i = 0; i < count; i++)
        values[i] = list->array.items[i].text;
    out->key = shape_text(json, "ContextKeyName");
    if (out->key.ptr == NULL || type.ptr == NULL)
        return fail(&request->failure, ERROR_INVALID_INPUT,
                    "A context entry must have a ContextKeyName and a ContextKeyType.");
    const size_t suffix = strlen("List");
    bool is_list = type.len > suffix && memcmp(type.ptr + type.len - suffix, "List", suffix) == 0;
    out->values = (struct iam_values){values, count, is_list};
    return check_values(request, out, type);
}

static bool read_entries(struct request *request, struct simulated *simulated)
{
    const struct json *list = shape_member(request->body, "ContextEntries");
    size_t count = count_of(request, "ContextEntries");

    simulated->entries = arena_array(request->arena, struct simulated_entry, count);
    for (size_t i = 0; i < count; i++) {
        if (!read_entry(request, &list->array.items[i], &simulated->entries[i]))
            return false;
        simulated->entry_count++;
    }
    return true;
}

static bool find_entry(void *from, struct slice key, struct iam_values *out)
{
    const struct simulated *simulated = from;

    for (size_t i = 0; i < simulated->entry_count; i++) {
        const struct simulated_entry *entry = &simulated->entries[i];
        if (entry->key.len == key.len && strncasecmp(entry->key.ptr, key.ptr, key.len) == 0) {
            *out = entry->values;
            return true;
        }
    }
    return false;
}

/* ---- all of it ---- */

bool simulated_begin(struct request *request, struct simulated *out)
{
    *out = (struct simulated){.context = {find_entry, out}};
    return add_source(request, out) && add_inputs(request, out) && set_caller(request, out) &&
           set_boundary(request, out) && set_resource_policy(request, out) && read_entries(request, out);
}

void simulated_end(struct simulated *simulated)
{
    for (size_t i = 0; i < simulated->own_count; i++)
        policy_destroy(simulated->own[i]);
    directory_release(simulated->held);
}

struct slice simulated_policy_id(const struct attached_policy *where)
{
    if (where == NULL)
        return SLICE("ResourcePolicy");
    const char *slash = where->name.len == 0 ? NULL : memrchr(where->name.ptr, '/', where->name.len);
    bool is_path = where->source == SOURCE_GROUP_INLINE || slice_starts_with(where->name, SLICE("arn:"));
    return is_path && slash != NULL ? slice_skip(where->name, (size_t)(slash - where->name.ptr) + 1)
                                    : where->name;
}
