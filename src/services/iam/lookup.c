#include "services/iam/lookup.h"

#include <inttypes.h>
#include <strings.h>

#include "directory/directory.h"
#include "services/operation.h"
#include "services/storage_failure.h"

static const struct words {
    const char *absent[2]; /* what stands before and behind the name */
    const char *exists[2];
    const char *quota_name;
    int64_t quota; /* AWS: "IAM and AWS STS quotas" */
} words[] = {
    [KIND_USER] = {{"The user with name ", " cannot be found."},
                   {"User with name ", " already exists."},
                   "UsersPerAccount",
                   5000},
    [KIND_GROUP] = {{"The group with name ", " cannot be found."},
                    {"Group with name ", " already exists."},
                    "GroupsPerAccount",
                    300},
    [KIND_ROLE] = {{"The role with name ", " cannot be found."},
                   {"Role with name ", " already exists."},
                   "RolesPerAccount",
                   1000},
    [KIND_POLICY] = {{"Policy ", " was not found."},
                     {"A policy called ", " already exists. Duplicate names are not allowed."},
                     "PoliciesPerAccount",
                     1500},
    [KIND_ACCESS_KEY] = {{"The Access Key with id ", " cannot be found."}, {"", ""}, "", 0},
    [KIND_INSTANCE_PROFILE] = {{"Instance Profile ", " cannot be found."},
                               {"Instance Profile ", " already exists."},
                               "InstanceProfilesPerAccount",
                               1000},
    [KIND_OIDC_PROVIDER] = {{"OpenIDConnect Provider ", " cannot be found."},
                            {"Provider with url https://", " already exists."},
                            "OpenIdConnectProvidersPerAccount",
                            100},
};

int64_t quota_of_kind(enum entity_kind kind)
{
    return words[kind].quota;
}

/* On the storage's thread. */
static void on_committed(struct request *request)
{
    directory_changed(request->server->directory);
}

bool change_begin(struct request *request)
{
    enum storage_status status = entities_edit(request->server->storage, &request->batch);

    request->committed = on_committed;
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

static bool absent(struct request *request, enum entity_kind kind, struct slice name)
{
    const char *const *text = words[kind].absent;

    return fail(&request->failure, ERROR_NO_SUCH_ENTITY, "%s%.*s%s", text[0], SLICE_ARGS(name), text[1]);
}

static bool exists(struct request *request, enum entity_kind kind, struct slice name)
{
    const char *const *text = words[kind].exists;

    return fail(&request->failure, ERROR_ENTITY_ALREADY_EXISTS, "%s%.*s%s", text[0], SLICE_ARGS(name),
                text[1]);
}

bool lookup(struct request *request, enum entity_kind kind, struct slice name, void *out)
{
    enum storage_status status = entity_find(request->server->storage, NULL, kind, name, request->arena, out);

    if (status == STORAGE_NOT_FOUND)
        return absent(request, kind, name);
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

bool lookup_free(struct request *request, enum entity_kind kind, struct slice name)
{
    union any_entity found;
    enum storage_status status =
        entity_find_alike(request->server->storage, NULL, kind, name, request->arena, &found);

    if (status == STORAGE_OK)
        return exists(request, kind, name);
    return status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

bool lookup_renamable(struct request *request, enum entity_kind kind, struct slice old, struct slice name)
{
    bool own = old.len == name.len && strncasecmp(old.ptr, name.ptr, old.len) == 0;

    return own || lookup_free(request, kind, name);
}

bool lookup_bare(struct request *request, const struct grants *grants)
{
    if (grants->attached.count > 0)
        return fail(&request->failure, ERROR_DELETE_CONFLICT,
                    "Cannot delete entity, must detach all policies first.");
    return grants->inlines.count == 0 || fail(&request->failure, ERROR_DELETE_CONFLICT,
                                              "Cannot delete entity, must delete policies first.");
}

bool lookup_room(struct request *request, enum entity_kind kind)
{
    int64_t count;
    enum storage_status status = entity_count(request->server->storage, kind, &count);

    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    return count < words[kind].quota ||
           fail(&request->failure, ERROR_IAM_LIMIT_EXCEEDED, "Cannot exceed quota for %s: %" PRId64,
                words[kind].quota_name, words[kind].quota);
}

struct slice lookup_arn(struct request *request, enum entity_kind kind, const struct entity *entity)
{
    return entity_arn(request->arena, request->server->account_id, kind, entity);
}

/* ---- policies ---- */

/* "arn:aws:iam::", an account or "aws", ":policy/" and a name. */
static bool is_policy_arn(struct slice arn)
{
    struct slice prefix = SLICE("arn:aws:iam::");

    if (!slice_starts_with(arn, prefix))
        return false;
    struct slice rest = slice_skip(arn, prefix.len);
    const char *colon = rest.len == 0 ? NULL : memchr(rest.ptr, ':', rest.len);
    if (colon == NULL)
        return false;
    rest = slice_skip(rest, (size_t)(colon - rest.ptr));
    return slice_starts_with(rest, SLICE(":policy/")) && rest.len > strlen(":policy/") &&
           rest.ptr[rest.len - 1] != '/';
}

/* `status` of the search. */
static bool find_policy(struct request *request, struct slice arn, struct managed_policy *out, bool *found)
{
    if (!is_policy_arn(arn))
        return fail(&request->failure, ERROR_INVALID_INPUT, "ARN %.*s is not valid.", SLICE_ARGS(arn));
    enum storage_status status =
        managed_find(request->server->storage, NULL, request->server->account_id, arn, request->arena, out);
    *found = status == STORAGE_OK;
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

bool lookup_policy(struct request *request, struct managed_policy *out)
{
    struct slice arn = form_text(request, "PolicyArn");
    bool found;

    return find_policy(request, arn, out, &found) && (found || absent(request, KIND_POLICY, arn));
}

bool lookup_attachable(struct request *request, struct slice arn, const char *prefix,
                       struct managed_policy *out)
{
    bool found;

    return find_policy(request, arn, out, &found) &&
           (found || fail(&request->failure, ERROR_NO_SUCH_ENTITY,
                          "%s%.*s does not exist or is not attachable.", prefix, SLICE_ARGS(arn)));
}

bool lookup_boundary(struct request *request, struct slice arn)
{
    struct managed_policy policy;

    return arn.len == 0 || lookup_attachable(request, arn, "Scope ARN: ", &policy);
}

bool lookup_own_policy(struct request *request, struct managed_policy *out)
{
    struct slice arn = form_text(request, "PolicyArn");

    if (managed_is_of_aws(arn))
        return fail(&request->failure, ERROR_ACCESS_DENIED,
                    "User: %.*s is not authorized to perform: %s on resource: policy %.*s",
                    SLICE_ARGS(request->principal.arn), request->operation->action, SLICE_ARGS(arn));
    return lookup_policy(request, out);
}

/* ---- the caller ---- */

bool lookup_user_or_caller(struct request *request, struct user *out)
{
    struct slice name = form_text(request, "UserName");

    if (name.ptr == NULL)
        name = request->principal.user_name;
    if (name.len == 0)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Must specify userName when calling with non-User credentials");
    return lookup(request, KIND_USER, name, out);
}
