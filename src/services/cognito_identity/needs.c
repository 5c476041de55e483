#include "services/cognito_identity/needs.h"

#include "services/cognito_identity/records.h"
#include "services/cognito_identity/subject.h"
#include "services/operation.h"
#include "services/tagged.h"

static bool find_tag(struct request *request, struct slice id, struct slice name, struct slice *value)
{
    struct identity_pool pool;

    if (!pool_find(request, id, &pool, NULL)) {
        if (request->failure.code == ERROR_IDP_RESOURCE_NOT_FOUND)
            failure_init(&request->failure, request->arena); /* it has no tags */
        return false;
    }
    for (size_t i = 0; i < pool.tags.count; i++) {
        *value = pool.tags.items[i].value;
        if (slice_alike(pool.tags.items[i].key, name))
            return true;
    }
    return false;
}

/* ---- roles ---- */

static void need_role(struct permissions *needs, const struct json *role)
{
    if (role != NULL && role->type == JSON_STRING)
        permissions_pass_role(needs, role->text, SUBJECT_PROVIDER);
}

static const struct json *member_of(const struct json *value, const char *name)
{
    return value == NULL || value->type != JSON_OBJECT ? NULL : json_get_present(value, name);
}

static void need_mapped_roles(struct permissions *needs, const struct json *mapping)
{
    const struct json *rules = member_of(member_of(mapping, "RulesConfiguration"), "Rules");

    for (size_t i = 0; rules != NULL && rules->type == JSON_ARRAY && i < rules->array.count; i++)
        need_role(needs, member_of(&rules->array.items[i], "RoleARN"));
}

/* AWS: "Role-based access control", granting pass role permission. */
static void need_roles(struct request *request, struct permissions *needs)
{
    const struct json *roles = json_get_present(request->body, "Roles"),
                      *mappings = json_get_present(request->body, "RoleMappings");

    for (size_t i = 0; roles != NULL && roles->type == JSON_OBJECT && i < roles->object.count; i++)
        need_role(needs, &roles->object.members[i].value);
    for (size_t i = 0; mappings != NULL && mappings->type == JSON_OBJECT && i < mappings->object.count; i++)
        need_mapped_roles(needs, &mappings->object.members[i].value);
}

bool identity_pool_needs(struct request *request, struct permissions *needs)
{
    if (request->operation->action == NULL)
        return true;
    tagged_pool_need(request, needs, "IdentityPoolId", "IdentityPoolTags", identity_pool_arn_of, find_tag);
    need_roles(request, needs);
    return true;
}
