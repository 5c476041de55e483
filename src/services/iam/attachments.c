/*
 * AttachUserPolicy, DetachUserPolicy, ListAttachedUserPolicies, and the same of groups and roles;
 * ListEntitiesForPolicy; PutUserPermissionsBoundary, DeleteUserPermissionsBoundary, and the same of roles.
 * AWS: API reference.
 */
#include "services/iam/describe.h"
#include "services/iam/handlers.h"
#include "services/iam/grantee.h"
#include "services/iam/listing.h"
#include "services/iam/lookup.h"

/* ---- attaching ---- */

static const struct shape_entry user_policy_members[] = {
    {"UserName", &form_user_name, true}, {"PolicyArn", &form_arn, true}, {0}};
static const struct shape user_policy_input = {.kind = SHAPE_STRUCTURE, .members = user_policy_members};
static const struct shape_entry group_policy_members[] = {
    {"GroupName", &form_name, true}, {"PolicyArn", &form_arn, true}, {0}};
static const struct shape group_policy_input = {.kind = SHAPE_STRUCTURE, .members = group_policy_members};
static const struct shape_entry role_policy_members[] = {
    {"RoleName", &form_role_name, true}, {"PolicyArn", &form_arn, true}, {0}};
static const struct shape role_policy_input = {.kind = SHAPE_STRUCTURE, .members = role_policy_members};

static bool attach(struct request *request, const struct grantee *grantee, const struct shape *input)
{
    union any_entity entity;
    struct managed_policy policy;

    if (!form_accepts(request, input) || !grantee_edit(request, grantee, &entity))
        return false;
    struct slice arn = form_text(request, "PolicyArn");
    struct texts *attached = &grantee_grants(grantee, &entity)->attached;
    if (!lookup_attachable(request, arn, "Policy ", &policy))
        return false;
    if (texts_find(attached, arn) < attached->count)
        return true;
    if (attached->count >= QUOTA_ATTACHED)
        return fail(&request->failure, ERROR_IAM_LIMIT_EXCEEDED, "Cannot exceed quota for PoliciesPer%s: %d",
                    grantee->upper, QUOTA_ATTACHED);
    texts_add(request->arena, attached, arn);
    return grantee_put(request, grantee, &entity);
}

bool attach_user_policy(struct request *request)
{
    return attach(request, &grantee_user, &user_policy_input);
}

bool attach_group_policy(struct request *request)
{
    return attach(request, &grantee_group, &group_policy_input);
}

bool attach_role_policy(struct request *request)
{
    return attach(request, &grantee_role, &role_policy_input);
}

static bool detach(struct request *request, const struct grantee *grantee, const struct shape *input)
{
    union any_entity entity;

    if (!form_accepts(request, input) || !grantee_edit(request, grantee, &entity))
        return false;
    struct slice arn = form_text(request, "PolicyArn");
    struct texts *attached = &grantee_grants(grantee, &entity)->attached;
    size_t place = texts_find(attached, arn);
    if (place == attached->count)
        return fail(&request->failure, ERROR_NO_SUCH_ENTITY, "Policy %.*s was not found.", SLICE_ARGS(arn));
    texts_remove(request->arena, attached, place);
    return grantee_put(request, grantee, &entity);
}

bool detach_user_policy(struct request *request)
{
    return detach(request, &grantee_user, &user_policy_input);
}

bool detach_group_policy(struct request *request)
{
    return detach(request, &grantee_group, &group_policy_input);
}

bool detach_role_policy(struct request *request)
{
    return detach(request, &grantee_role, &role_policy_input);
}

/* ---- listing what is attached ---- */

#define LIST_MEMBERS                                                                                         \
    {"PathPrefix", &form_policy_path, false}, {"Marker", &form_marker, false},                               \
    {                                                                                                        \
        "MaxItems", &form_max_items, false                                                                   \
    }
static const struct shape_entry list_user_members[] = {
    {"UserName", &form_user_name, true}, LIST_MEMBERS, {0}};
static const struct shape list_user_input = {.kind = SHAPE_STRUCTURE, .members = list_user_members};
static const struct shape_entry list_group_members[] = {{"GroupName", &form_name, true}, LIST_MEMBERS, {0}};
static const struct shape list_group_input = {.kind = SHAPE_STRUCTURE, .members = list_group_members};
static const struct shape_entry list_role_members[] = {
    {"RoleName", &form_role_name, true}, LIST_MEMBERS, {0}};
static const struct shape list_role_input = {.kind = SHAPE_STRUCTURE, .members = list_role_members};
#undef LIST_MEMBERS

/* The path in a policy's ARN. */
static struct slice path_of(struct slice arn)
{
    const char *slash = memchr(arn.ptr, '/', arn.len);
    size_t end = arn.len - describe_policy_name(arn).len;

    return (struct slice){slash, end - (size_t)(slash - arn.ptr)};
}

static bool list_attached(struct request *request, const struct grantee *grantee, const struct shape *input)
{
    union any_entity entity;
    struct page page;

    if (!form_accepts(request, input) || !grantee_find(request, grantee, &entity) ||
        !page_begin(&page, request, "AttachedPolicies"))
        return false;
    struct texts *attached = &grantee_grants(grantee, &entity)->attached;
    page_sort(attached->items, attached->count);
    for (size_t i = 0; i < attached->count && !page.more; i++) {
        struct slice arn = attached->items[i];
        bool first = true;
        if (!slice_starts_with(path_of(arn), form_text(request, "PathPrefix")) || !page_takes(&page, arn))
            continue;
        buffer_append_byte(request->out, '{');
        json_write_string_member(request->out, &first, "PolicyName", describe_policy_name(arn));
        json_write_string_member(request->out, &first, "PolicyArn", arn);
        buffer_append_byte(request->out, '}');
    }
    page_end(&page);
    return true;
}

bool list_attached_user_policies(struct request *request)
{
    return list_attached(request, &grantee_user, &list_user_input);
}

bool list_attached_group_policies(struct request *request)
{
    return list_attached(request, &grantee_group, &list_group_input);
}

bool list_attached_role_policies(struct request *request)
{
    return list_attached(request, &grantee_role, &list_role_input);
}

/* ---- boundaries ---- */

static const struct shape_entry put_user_members[] = {
    {"UserName", &form_user_name, true}, {"PermissionsBoundary", &form_arn, true}, {0}};
static const struct shape put_user_input = {.kind = SHAPE_STRUCTURE, .members = put_user_members};
static const struct shape_entry put_role_members[] = {
    {"RoleName", &form_role_name, true}, {"PermissionsBoundary", &form_arn, true}, {0}};
static const struct shape put_role_input = {.kind = SHAPE_STRUCTURE, .members = put_role_members};
static const struct shape_entry user_members[] = {{"UserName", &form_user_name, true}, {0}};
static const struct shape user_input = {.kind = SHAPE_STRUCTURE, .members = user_members};
static const struct shape_entry role_members[] = {{"RoleName", &form_role_name, true}, {0}};
static const struct shape role_input = {.kind = SHAPE_STRUCTURE, .members = role_members};

/* Without the member the boundary is taken away. */
static bool set_boundary(struct request *request, const struct grantee *grantee, const struct shape *input)
{
    union any_entity entity;

    if (!form_accepts(request, input) || !grantee_edit(request, grantee, &entity))
        return false;
    struct slice arn = form_text(request, "PermissionsBoundary");
    grantee_grants(grantee, &entity)->boundary = arn;
    return lookup_boundary(request, arn) && grantee_put(request, grantee, &entity);
}

bool put_user_permissions_boundary(struct request *request)
{
    return set_boundary(request, &grantee_user, &put_user_input);
}

bool put_role_permissions_boundary(struct request *request)
{
    return set_boundary(request, &grantee_role, &put_role_input);
}

bool delete_user_permissions_boundary(struct request *request)
{
    return set_boundary(request, &grantee_user, &user_input);
}

bool delete_role_permissions_boundary(struct request *request)
{
    return set_boundary(request, &grantee_role, &role_input);
}

/* ---- whom a policy is attached to ---- */

static const char *const entity_words[] = {"User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy",
                                           NULL};
static const struct shape entity_filter = {.kind = SHAPE_STRING, .words = entity_words};
static const char *const usage_words[] = {"PermissionsPolicy", "PermissionsBoundary", NULL};
static const struct shape usage_filter = {.kind = SHAPE_STRING, .words = usage_words};
static const struct shape_entry entities_members[] = {{"PolicyArn", &form_arn, true},
                                                      {"EntityFilter", &entity_filter, false},
                                                      {"PathPrefix", &form_path, false},
                                                      {"PolicyUsageFilter", &usage_filter, false},
                                                      {"Marker", &form_marker, false},
                                                      {"MaxItems", &form_max_items, false},
                                                      {0}};
static const struct shape entities_input = {.kind = SHAPE_STRUCTURE, .members = entities_members};

static bool uses_policy(struct request *request, const union any_entity *entity, void *context)
{
    const struct grantee *grantee = context;
    const struct grants *grants = usage_grants(grantee->kind, entity);
    struct slice arn = form_text(request, "PolicyArn"), usage = form_text(request, "PolicyUsageFilter");
    bool attached = texts_find(&grants->attached, arn) < grants->attached.count;
    bool bounds = slice_equal(grants->boundary, arn);

    return (attached && !slice_is(usage, "PermissionsBoundary")) ||
           (bounds && !slice_is(usage, "PermissionsPolicy"));
}

static bool describe_grantee(struct request *request, const union any_entity *entity, void *context)
{
    const struct grantee *grantee = context;
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, grantee->member, entity->entity.name);
    json_write_string_member(out, &first, arena_printf(request->arena, "%sId", grantee->upper).ptr,
                             entity->entity.id);
    buffer_append_byte(out, '}');
    return true;
}

/* Three lists and one marker: each list is a section of the page, whose letter its places begin with. */
bool list_entities_for_policy(struct request *request)
{
    static const struct grantee *const grantees[] = {&grantee_group, &grantee_user, &grantee_role};
    struct managed_policy policy;
    struct page page;
    bool first = true;

    if (!form_accepts(request, &entities_input) || !lookup_policy(request, &policy) ||
        !page_begin(&page, request, NULL))
        return false;
    struct slice filter = form_text(request, "EntityFilter");
    buffer_append_byte(request->out, '{');
    for (char section = 'a'; section <= 'c'; section++) {
        const struct grantee *grantee = grantees[section - 'a'];
        const struct listing listing = {.kind = grantee->kind,
                                        .wants = uses_policy,
                                        .describe = describe_grantee,
                                        .context = (void *)(uintptr_t)grantee};
        json_write_name(request->out, &first, arena_printf(request->arena, "Policy%ss", grantee->upper).ptr);
        buffer_append_byte(request->out, '[');
        if ((filter.ptr == NULL || slice_is(filter, grantee->upper)) &&
            !listing_walk_section(&page, &listing, section))
            return false;
        buffer_append_byte(request->out, ']');
    }
    page_write_end(&page, &first);
    buffer_append_byte(request->out, '}');
    return true;
}
