/*
 * CreateRole, GetRole, ListRoles, UpdateRole, UpdateRoleDescription, UpdateAssumeRolePolicy, DeleteRole. AWS:
 * API reference.
 */
#include "base/clock.h"
#include "services/iam/describe.h"
#include "services/iam/document.h"
#include "services/iam/handlers.h"
#include "services/iam/listing.h"
#include "services/iam/lookup.h"
#include "services/iam/profiles.h"

enum { SESSION_SECONDS = 3600 }; /* the longest session, unless it is given */

static const struct shape_entry create_members[] = {{"Path", &form_path, false},
                                                    {"RoleName", &form_role_name, true},
                                                    {"AssumeRolePolicyDocument", &form_document, true},
                                                    {"Description", &form_role_description, false},
                                                    {"MaxSessionDuration", &form_session_duration, false},
                                                    {"PermissionsBoundary", &form_arn, false},
                                                    {"Tags", &form_tags, false},
                                                    {0}};
static const struct shape create_input = {.kind = SHAPE_STRUCTURE, .members = create_members};
static const struct shape_entry one_members[] = {{"RoleName", &form_role_name, true}, {0}};
static const struct shape one_input = {.kind = SHAPE_STRUCTURE, .members = one_members};
static const struct shape_entry update_members[] = {{"RoleName", &form_role_name, true},
                                                    {"Description", &form_role_description, false},
                                                    {"MaxSessionDuration", &form_session_duration, false},
                                                    {0}};
static const struct shape update_input = {.kind = SHAPE_STRUCTURE, .members = update_members};
static const struct shape_entry description_members[] = {
    {"RoleName", &form_role_name, true}, {"Description", &form_role_description, true}, {0}};
static const struct shape description_input = {.kind = SHAPE_STRUCTURE, .members = description_members};
static const struct shape_entry trust_members[] = {
    {"RoleName", &form_role_name, true}, {"PolicyDocument", &form_document, true}, {0}};
static const struct shape trust_input = {.kind = SHAPE_STRUCTURE, .members = trust_members};

static bool take_trust(struct request *request, struct slice document, struct role *role)
{
    role->trust_policy = document;
    return document_is_policy(request, POLICY_TRUST, document) &&
           document_names_principals(request, document, &role->trusted) &&
           (document_size(document) <= QUOTA_TRUST_POLICY ||
            fail(&request->failure, ERROR_IAM_LIMIT_EXCEEDED, "Cannot exceed quota for ACLSizePerRole: %d",
                 QUOTA_TRUST_POLICY));
}

static bool answer_role(struct request *request, const struct role *role)
{
    buffer_append_string(request->out, "{\"Role\":");
    describe_role(request, role, DETAIL_WHOLE);
    buffer_append_byte(request->out, '}');
    return true;
}

static bool find_role(struct request *request, const struct shape *shape, struct role *out)
{
    return form_accepts(request, shape) && change_begin(request) &&
           lookup(request, KIND_ROLE, form_text(request, "RoleName"), out);
}

bool create_role(struct request *request)
{
    struct role role = {0};

    if (!form_accepts(request, &create_input) || !form_read_tags(request, &role.entity.tags) ||
        !change_begin(request))
        return false;
    role.entity.name = form_text(request, "RoleName");
    role.entity.path = form_path_of(request);
    role.entity.id = entity_new_id(request->arena, KIND_ROLE);
    role.entity.created = clock_now();
    role.description = form_text(request, "Description");
    role.max_session = shape_number(request->body, "MaxSessionDuration", SESSION_SECONDS);
    role.grants.boundary = form_text(request, "PermissionsBoundary");
    if (!take_trust(request, form_text(request, "AssumeRolePolicyDocument"), &role) ||
        !lookup_free(request, KIND_ROLE, role.entity.name) || !lookup_room(request, KIND_ROLE) ||
        !lookup_boundary(request, role.grants.boundary))
        return false;
    entity_put(&request->batch, KIND_ROLE, &role);
    return answer_role(request, &role);
}

bool get_role(struct request *request)
{
    struct role role;

    return form_accepts(request, &one_input) &&
           lookup(request, KIND_ROLE, form_text(request, "RoleName"), &role) && answer_role(request, &role);
}

static bool describe_one(struct request *request, const union any_entity *entity, void *context)
{
    (void)context;
    describe_role(request, &entity->role, DETAIL_LISTED);
    return true;
}

bool list_roles(struct request *request)
{
    static const struct listing listing = {.kind = KIND_ROLE, .member = "Roles", .describe = describe_one};

    return form_accepts(request, &listing_input) && listing_answer(request, &listing);
}

bool update_role(struct request *request)
{
    struct role role;

    if (!find_role(request, &update_input, &role))
        return false;
    struct slice description = form_text(request, "Description");
    if (description.ptr != NULL)
        role.description = description;
    role.max_session = shape_number(request->body, "MaxSessionDuration", role.max_session);
    entity_put(&request->batch, KIND_ROLE, &role);
    buffer_append_string(request->out, "{}");
    return true;
}

bool update_role_description(struct request *request)
{
    struct role role;

    if (!find_role(request, &description_input, &role))
        return false;
    role.description = form_text(request, "Description");
    entity_put(&request->batch, KIND_ROLE, &role);
    return answer_role(request, &role);
}

bool update_assume_role_policy(struct request *request)
{
    struct role role;

    if (!find_role(request, &trust_input, &role))
        return false;
    if (!take_trust(request, form_text(request, "PolicyDocument"), &role))
        return false;
    entity_put(&request->batch, KIND_ROLE, &role);
    return true;
}

bool delete_role(struct request *request)
{
    struct role role;
    bool used;

    if (!find_role(request, &one_input, &role) || !profiles_have_role(request, role.entity.name, &used))
        return false;
    if (used)
        return fail(&request->failure, ERROR_DELETE_CONFLICT,
                    "Cannot delete entity, must remove roles from instance profile first.");
    if (!lookup_bare(request, &role.grants))
        return false;
    entity_delete(&request->batch, KIND_ROLE, role.entity.name);
    return true;
}
