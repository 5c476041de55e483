/*
 * CreatePolicy, GetPolicy, ListPolicies, DeletePolicy; CreatePolicyVersion, GetPolicyVersion,
 * ListPolicyVersions, SetDefaultPolicyVersion, DeletePolicyVersion. AWS: API reference; "Versioning IAM
 * policies".
 */
#include <inttypes.h>

#include "base/clock.h"
#include "base/digits.h"
#include "services/iam/describe.h"
#include "services/iam/document.h"
#include "services/iam/handlers.h"
#include "services/iam/listing.h"
#include "services/iam/lookup.h"

static const struct shape_entry create_members[] = {{"PolicyName", &form_name, true},
                                                    {"Path", &form_policy_path, false},
                                                    {"PolicyDocument", &form_document, true},
                                                    {"Description", &form_description, false},
                                                    {"Tags", &form_tags, false},
                                                    {0}};
static const struct shape create_input = {.kind = SHAPE_STRUCTURE, .members = create_members};
static const struct shape_entry one_members[] = {{"PolicyArn", &form_arn, true}, {0}};
static const struct shape one_input = {.kind = SHAPE_STRUCTURE, .members = one_members};
static const struct shape_entry new_version_members[] = {{"PolicyArn", &form_arn, true},
                                                         {"PolicyDocument", &form_document, true},
                                                         {"SetAsDefault", &shape_boolean_value, false},
                                                         {0}};
static const struct shape new_version_input = {.kind = SHAPE_STRUCTURE, .members = new_version_members};
static const struct shape_entry version_members[] = {
    {"PolicyArn", &form_arn, true}, {"VersionId", &form_version_id, true}, {0}};
static const struct shape version_input = {.kind = SHAPE_STRUCTURE, .members = version_members};
static const struct shape_entry versions_members[] = {{"PolicyArn", &form_arn, true},
                                                      {"Marker", &form_marker, false},
                                                      {"MaxItems", &form_max_items, false},
                                                      {0}};
static const struct shape versions_input = {.kind = SHAPE_STRUCTURE, .members = versions_members};
static const char *const scopes[] = {"All", "AWS", "Local", NULL};
static const struct shape scope = {.kind = SHAPE_STRING, .words = scopes};
static const char *const usage_words[] = {"PermissionsPolicy", "PermissionsBoundary", NULL};
static const struct shape usage_filter = {.kind = SHAPE_STRING, .words = usage_words};
static const struct shape_entry list_members[] = {{"Scope", &scope, false},
                                                  {"OnlyAttached", &shape_boolean_value, false},
                                                  {"PathPrefix", &form_policy_path, false},
                                                  {"PolicyUsageFilter", &usage_filter, false},
                                                  {"Marker", &form_marker, false},
                                                  {"MaxItems", &form_max_items, false},
                                                  {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

static bool check_document(struct request *request, struct slice document)
{
    return document_is_policy(request, POLICY_MANAGED, document) &&
           (document_size(document) <= QUOTA_MANAGED_POLICY ||
            fail(&request->failure, ERROR_IAM_LIMIT_EXCEEDED, "Cannot exceed quota for PolicySize: %d",
                 QUOTA_MANAGED_POLICY));
}

static bool answer_policy(struct request *request, const struct managed_policy *policy,
                          const struct usage *usage)
{
    buffer_append_string(request->out, "{\"Policy\":");
    describe_policy(request, policy, usage, DETAIL_WHOLE);
    buffer_append_byte(request->out, '}');
    return true;
}

bool create_policy(struct request *request)
{
    const struct usage unused = {0};
    struct managed_policy policy = {.default_version = 1, .newest_version = 1};

    if (!form_accepts(request, &create_input) || !form_read_tags(request, &policy.entity.tags) ||
        !change_begin(request))
        return false;
    int64_t now = clock_now();
    struct policy_version version = {1, form_text(request, "PolicyDocument"), now};
    policy.entity.name = form_text(request, "PolicyName");
    policy.entity.path = form_path_of(request);
    policy.entity.id = entity_new_id(request->arena, KIND_POLICY);
    policy.entity.created = policy.updated = now;
    policy.description = form_text(request, "Description");
    policy.versions = (struct policy_versions){&version, 1};
    if (!check_document(request, version.document) ||
        !lookup_free(request, KIND_POLICY, policy.entity.name) || !lookup_room(request, KIND_POLICY))
        return false;
    entity_put(&request->batch, KIND_POLICY, &policy);
    return answer_policy(request, &policy, &unused);
}

bool get_policy(struct request *request)
{
    struct managed_policy policy;
    const struct usages *usages;

    if (!form_accepts(request, &one_input) || !lookup_policy(request, &policy) ||
        !usage_read(request, &usages))
        return false;
    struct usage usage = usage_of(usages, form_text(request, "PolicyArn"));
    return answer_policy(request, &policy, &usage);
}

bool delete_policy(struct request *request)
{
    struct managed_policy policy;
    const struct usages *usages;

    if (!form_accepts(request, &one_input) || !change_begin(request) ||
        !lookup_own_policy(request, &policy) || !usage_read(request, &usages))
        return false;
    struct usage usage = usage_of(usages, form_text(request, "PolicyArn"));
    if (usage.attached + usage.bounding > 0)
        return fail(&request->failure, ERROR_DELETE_CONFLICT, "Cannot delete a policy attached to entities.");
    if (policy.versions.count > 1)
        return fail(&request->failure, ERROR_DELETE_CONFLICT,
                    "This policy has more than one version. Before you delete a policy, you must delete the "
                    "policy's versions. The default version is deleted with the policy.");
    entity_delete(&request->batch, KIND_POLICY, policy.entity.name);
    return true;
}

/* ---- lists ---- */

/* What ListPolicies asks of a policy. */
struct policy_filter {
    const struct usages *usages;
    struct slice usage; /* a word, or empty */
    bool only_attached;
};

static struct usage usage_of_policy(struct request *request, const struct policy_filter *filter,
                                    const struct managed_policy *policy)
{
    return usage_of(filter->usages, managed_arn(request->arena, request->server->account_id, policy));
}

static bool is_listed(struct request *request, const union any_entity *entity, void *context)
{
    const struct policy_filter *filter = context;
    struct usage usage = usage_of_policy(request, filter, &entity->policy);

    if (slice_is(filter->usage, usage_words[0]) && usage.attached == 0)
        return false;
    if (slice_is(filter->usage, usage_words[1]) && usage.bounding == 0)
        return false;
    return !filter->only_attached || usage.attached > 0;
}

static bool describe_one(struct request *request, const union any_entity *entity, void *context)
{
    struct usage usage = usage_of_policy(request, context, &entity->policy);

    describe_policy(request, &entity->policy, &usage, DETAIL_LISTED);
    return true;
}

/* AWS's policies stand behind the account's own: '~' is in no name, and greater than what is. */
static void list_of_aws(struct page *page, struct policy_filter *filter)
{
    struct request *request = page->request;
    struct slice prefix = form_text(request, "PathPrefix");
    union any_entity entity;

    for (size_t i = 0; !page->more && managed_of_aws(i, request->arena, &entity.policy); i++) {
        struct slice place = arena_printf(request->arena, "~%.*s", SLICE_ARGS(entity.entity.name));
        if (slice_starts_with(entity.entity.path, prefix) && is_listed(request, &entity, filter) &&
            page_takes(page, place))
            (void)describe_one(request, &entity, filter);
    }
}

bool list_policies(struct request *request)
{
    struct policy_filter filter;
    struct page page;

    if (!form_accepts(request, &list_input) || !usage_read(request, &filter.usages) ||
        !page_begin(&page, request, "Policies"))
        return false;
    filter.usage = form_text(request, "PolicyUsageFilter");
    filter.only_attached = shape_boolean(request->body, "OnlyAttached", false);
    struct slice whose = form_text(request, "Scope");
    const struct listing own = {
        .kind = KIND_POLICY, .wants = is_listed, .describe = describe_one, .context = &filter};
    if (!slice_is(whose, "AWS") && !listing_walk(&page, &own))
        return false;
    if (!slice_is(whose, "Local"))
        list_of_aws(&page, &filter);
    page_end(&page);
    return true;
}

/* ---- versions ---- */

static bool find_version(struct request *request, const struct managed_policy *policy,
                         const struct policy_version **out)
{
    struct slice id = form_text(request, "VersionId");
    uint64_t number;

    *out = digits_parse(slice_skip(id, 1), 10, INT64_MAX, &number) ? managed_version(policy, (int64_t)number)
                                                                   : NULL;
    return *out != NULL || fail(&request->failure, ERROR_NO_SUCH_ENTITY,
                                "Policy %.*s version %.*s does not exist or is not attachable.",
                                SLICE_ARGS(form_text(request, "PolicyArn")), SLICE_ARGS(id));
}

static bool answer_version(struct request *request, const struct managed_policy *policy,
                           const struct policy_version *version, enum detail detail)
{
    buffer_append_string(request->out, "{\"PolicyVersion\":");
    describe_version(request, policy, version, detail);
    buffer_append_byte(request->out, '}');
    return true;
}

static void add_version(struct request *request, struct managed_policy *policy, struct slice document)
{
    struct policy_versions *versions = &policy->versions;

    policy->updated = clock_now();
    versions->items = arena_grow(request->arena, versions->items, versions->count, versions->count + 1,
                                 sizeof(versions->items[0]));
    versions->items[versions->count++] =
        (struct policy_version){++policy->newest_version, document, policy->updated};
}

bool create_policy_version(struct request *request)
{
    struct managed_policy policy;
    struct slice document;

    if (!form_accepts(request, &new_version_input) || !change_begin(request) ||
        !lookup_own_policy(request, &policy))
        return false;
    document = form_text(request, "PolicyDocument");
    if (!check_document(request, document))
        return false;
    if (policy.versions.count >= QUOTA_VERSIONS)
        return fail(&request->failure, ERROR_IAM_LIMIT_EXCEEDED,
                    "A managed policy can have up to %d versions. Before you create a new version, you must "
                    "delete an existing version.",
                    QUOTA_VERSIONS);
    add_version(request, &policy, document);
    if (shape_boolean(request->body, "SetAsDefault", false))
        policy.default_version = policy.newest_version;
    entity_put(&request->batch, KIND_POLICY, &policy);
    return answer_version(request, &policy, &policy.versions.items[policy.versions.count - 1], DETAIL_LISTED);
}

bool get_policy_version(struct request *request)
{
    struct managed_policy policy;
    const struct policy_version *version;

    return form_accepts(request, &version_input) && lookup_policy(request, &policy) &&
           find_version(request, &policy, &version) &&
           answer_version(request, &policy, version, DETAIL_WHOLE);
}

/* The newest first; a version's place in the order of pages is the number of newer ones. */
bool list_policy_versions(struct request *request)
{
    struct managed_policy policy;
    struct page page;

    if (!form_accepts(request, &versions_input) || !lookup_policy(request, &policy) ||
        !page_begin(&page, request, "Versions"))
        return false;
    for (size_t i = policy.versions.count; i > 0 && !page.more; i--) {
        const struct policy_version *version = &policy.versions.items[i - 1];
        if (page_takes(&page, arena_printf(request->arena, "%019" PRId64, INT64_MAX - version->number)))
            describe_version(request, &policy, version, DETAIL_LISTED);
    }
    page_end(&page);
    return true;
}

bool set_default_policy_version(struct request *request)
{
    struct managed_policy policy;
    const struct policy_version *version;

    if (!form_accepts(request, &version_input) || !change_begin(request) ||
        !lookup_own_policy(request, &policy) || !find_version(request, &policy, &version))
        return false;
    policy.default_version = version->number;
    policy.updated = clock_now();
    entity_put(&request->batch, KIND_POLICY, &policy);
    return true;
}

bool delete_policy_version(struct request *request)
{
    struct managed_policy policy;
    const struct policy_version *version;

    if (!form_accepts(request, &version_input) || !change_begin(request) ||
        !lookup_own_policy(request, &policy) || !find_version(request, &policy, &version))
        return false;
    if (version->number == policy.default_version)
        return fail(&request->failure, ERROR_DELETE_CONFLICT,
                    "Cannot delete the default version of a policy.");
    policy.versions.items =
        list_without(request->arena, policy.versions.items, policy.versions.count,
                     sizeof(policy.versions.items[0]), (size_t)(version - policy.versions.items));
    policy.versions.count--;
    entity_put(&request->batch, KIND_POLICY, &policy);
    return true;
}
