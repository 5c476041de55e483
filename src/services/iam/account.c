/*
 * GetAccountSummary, ListAccountAliases, GetAccountAuthorizationDetails. AWS: API reference.
 */
#include <inttypes.h>

#include "services/iam/describe.h"
#include "services/iam/handlers.h"
#include "services/iam/listing.h"
#include "services/iam/lookup.h"
#include "services/storage_failure.h"

/* ---- the summary ---- */

static const struct shape_entry no_members[] = {{0}};
static const struct shape no_input = {.kind = SHAPE_STRUCTURE, .members = no_members};

struct figure {
    const char *name;
    int64_t value;
};

/* Of what there is nothing here, there is none. */
static const struct figure constants[] = {
    {"AccessKeysPerUserQuota", QUOTA_ACCESS_KEYS},
    {"AccountAccessKeysPresent", 1}, /* the server's own */
    {"AccountMFAEnabled", 0},
    {"AccountPasswordPresent", 0},
    {"AccountSigningCertificatesPresent", 0},
    {"AssumeRolePolicySizeQuota", QUOTA_TRUST_POLICY},
    {"AttachedPoliciesPerGroupQuota", QUOTA_ATTACHED},
    {"AttachedPoliciesPerRoleQuota", QUOTA_ATTACHED},
    {"AttachedPoliciesPerUserQuota", QUOTA_ATTACHED},
    {"GlobalEndpointTokenVersion", 2},
    {"GroupPolicySizeQuota", QUOTA_GROUP_POLICIES},
    {"GroupsPerUserQuota", QUOTA_GROUPS_OF_USER},
    {"MFADevices", 0},
    {"MFADevicesInUse", 0},
    {"PolicySizeQuota", QUOTA_MANAGED_POLICY},
    {"RolePolicySizeQuota", QUOTA_ROLE_POLICIES},
    {"ServerCertificates", 0},
    {"ServerCertificatesQuota", 0},
    {"SigningCertificatesPerUserQuota", 0},
    {"UserPolicySizeQuota", QUOTA_USER_POLICIES},
    {"VersionsPerPolicyQuota", QUOTA_VERSIONS},
};

static void write_figure(struct request *request, const char *name, int64_t value)
{
    bool first = true;

    if (request->out->bytes[request->out->len - 1] == '}')
        buffer_append_byte(request->out, ',');
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "key", slice_of(name));
    json_write_int64_member(request->out, &first, "value", value);
    buffer_append_byte(request->out, '}');
}

static bool write_kind(struct request *request, enum entity_kind kind, const char *name, const char *quota)
{
    int64_t count;
    enum storage_status status = entity_count(request->server->storage, kind, &count);

    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    write_figure(request, name, count);
    if (quota != NULL)
        write_figure(request, quota, quota_of_kind(kind));
    return true;
}

bool get_account_summary(struct request *request)
{
    if (!form_accepts(request, &no_input))
        return false;
    buffer_append_string(request->out, "{\"SummaryMap\":{\"entry\":[");
    for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++)
        write_figure(request, constants[i].name, constants[i].value);
    if (!write_kind(request, KIND_USER, "Users", "UsersQuota") ||
        !write_kind(request, KIND_GROUP, "Groups", "GroupsQuota") ||
        !write_kind(request, KIND_ROLE, "Roles", "RolesQuota") ||
        !write_kind(request, KIND_POLICY, "Policies", "PoliciesQuota") ||
        !write_kind(request, KIND_INSTANCE_PROFILE, "InstanceProfiles", "InstanceProfilesQuota") ||
        !write_kind(request, KIND_OIDC_PROVIDER, "Providers", NULL))
        return false;
    buffer_append_string(request->out, "]}}");
    return true;
}

/* ---- everything ---- */

static const char *const filter_words[] = {"User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy",
                                           NULL};
static const struct shape filter_word = {.kind = SHAPE_STRING, .words = filter_words};
static const struct shape filter = {.kind = SHAPE_LIST, .element = &filter_word};
static const struct shape_entry details_members[] = {
    {"Filter", &filter, false}, {"MaxItems", &form_max_items, false}, {"Marker", &form_marker, false}, {0}};
static const struct shape details_input = {.kind = SHAPE_STRUCTURE, .members = details_members};

static void write_texts(struct request *request, bool *first, const char *name, const struct texts *texts)
{
    json_write_name(request->out, first, name);
    buffer_append_byte(request->out, '[');
    for (size_t i = 0; i < texts->count; i++) {
        if (i > 0)
            buffer_append_byte(request->out, ',');
        json_write_string(request->out, texts->items[i]);
    }
    buffer_append_byte(request->out, ']');
}

static bool describe_user_detail(struct request *request, const union any_entity *entity, void *context)
{
    const struct user *user = &entity->user;
    bool first = true;

    (void)context;
    buffer_append_byte(request->out, '{');
    describe_entity(request, &first, KIND_USER, &user->entity);
    describe_inlines(request, &first, "UserPolicyList", &user->grants.inlines);
    write_texts(request, &first, "GroupList", &user->groups);
    describe_attached(request, &first, "AttachedManagedPolicies", &user->grants.attached);
    describe_boundary(request, &first, user->grants.boundary);
    describe_tags(request, &first, &user->entity.tags);
    buffer_append_byte(request->out, '}');
    return true;
}

static bool describe_group_detail(struct request *request, const union any_entity *entity, void *context)
{
    bool first = true;

    (void)context;
    buffer_append_byte(request->out, '{');
    describe_entity(request, &first, KIND_GROUP, &entity->entity);
    describe_inlines(request, &first, "GroupPolicyList", &entity->group.grants.inlines);
    describe_attached(request, &first, "AttachedManagedPolicies", &entity->group.grants.attached);
    buffer_append_byte(request->out, '}');
    return true;
}

/* The instance profiles that have the role. */
static bool write_profiles(struct request *request, bool *first, struct slice role)
{
    struct instance_profile profile;
    struct entity_walk walk;
    enum storage_status status;
    bool told = true, any = false;

    json_write_name(request->out, first, "InstanceProfileList");
    buffer_append_byte(request->out, '[');
    entity_walk_begin(&walk, request->server->storage, NULL, KIND_INSTANCE_PROFILE, SLICE(""),
                      request->arena);
    while (told && (status = entity_walk_next(&walk, &profile)) == STORAGE_OK) {
        if (texts_find(&profile.roles, role) == profile.roles.count)
            continue;
        if (any)
            buffer_append_byte(request->out, ',');
        any = true;
        told = describe_instance_profile(request, &profile, DETAIL_LISTED);
    }
    entity_walk_end(&walk);
    buffer_append_byte(request->out, ']');
    return told && (status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status));
}

static bool describe_role_detail(struct request *request, const union any_entity *entity, void *context)
{
    const struct role *role = &entity->role;
    bool first = true;

    (void)context;
    buffer_append_byte(request->out, '{');
    describe_entity(request, &first, KIND_ROLE, &role->entity);
    describe_document(request, &first, "AssumeRolePolicyDocument", role->trust_policy);
    if (!write_profiles(request, &first, role->entity.name))
        return false;
    describe_inlines(request, &first, "RolePolicyList", &role->grants.inlines);
    describe_attached(request, &first, "AttachedManagedPolicies", &role->grants.attached);
    describe_boundary(request, &first, role->grants.boundary);
    describe_tags(request, &first, &role->entity.tags);
    buffer_append_byte(request->out, '}');
    return true;
}

static bool describe_policy_detail(struct request *request, const union any_entity *entity, void *context)
{
    const struct managed_policy *policy = &entity->policy;
    struct usage usage = usage_of(context, managed_arn(request->arena, request->server->account_id, policy));
    bool first = false;

    describe_policy(request, policy, &usage, DETAIL_WHOLE);
    request->out->len--; /* its closing brace, for there is one member more */
    json_write_name(request->out, &first, "PolicyVersionList");
    buffer_append_byte(request->out, '[');
    for (size_t i = policy->versions.count; i > 0; i--) {
        describe_version(request, policy, &policy->versions.items[i - 1], DETAIL_WHOLE);
        if (i > 1)
            buffer_append_byte(request->out, ',');
    }
    buffer_append_string(request->out, "]}");
    return true;
}

static bool is_wanted(const struct request *request, const char *word)
{
    const struct json *list = shape_member(request->body, "Filter");

    for (size_t i = 0; list != NULL && i < list->array.count; i++) {
        if (slice_is(list->array.items[i].text, word))
            return true;
    }
    return list == NULL || list->array.count == 0;
}

/* AWS's policies are the last section of the pages. */
static void list_of_aws(struct page *page, const struct usages *usages)
{
    struct arena *arena = page->request->arena;
    union any_entity entity;

    for (size_t i = 0; !page->more && managed_of_aws(i, arena, &entity.policy); i++) {
        if (page_takes(page, arena_printf(arena, "e/%.*s", SLICE_ARGS(entity.entity.name))))
            (void)describe_policy_detail(page->request, &entity, (void *)(uintptr_t)usages);
    }
}

bool get_account_authorization_details(struct request *request)
{
    static const struct {
        const char *word;
        struct listing listing;
    } sections[] = {
        {"User", {.kind = KIND_USER, .member = "UserDetailList", .describe = describe_user_detail}},
        {"Group", {.kind = KIND_GROUP, .member = "GroupDetailList", .describe = describe_group_detail}},
        {"Role", {.kind = KIND_ROLE, .member = "RoleDetailList", .describe = describe_role_detail}},
        {"LocalManagedPolicy",
         {.kind = KIND_POLICY, .member = "Policies", .describe = describe_policy_detail}}};
    const struct usages *usages;
    struct page page;
    bool first = true;

    if (!form_accepts(request, &details_input) || !usage_read(request, &usages) ||
        !page_begin(&page, request, NULL))
        return false;
    buffer_append_byte(request->out, '{');
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        struct listing listing = sections[i].listing;
        listing.context = (void *)(uintptr_t)usages;
        json_write_name(request->out, &first, listing.member);
        buffer_append_byte(request->out, '[');
        page.commas = false;
        if (is_wanted(request, sections[i].word) && !listing_walk_section(&page, &listing, (char)('a' + i)))
            return false;
        if (listing.kind == KIND_POLICY && is_wanted(request, "AWSManagedPolicy"))
            list_of_aws(&page, usages);
        buffer_append_byte(request->out, ']');
    }
    page_write_end(&page, &first);
    buffer_append_byte(request->out, '}');
    return true;
}
