#include "services/iam/grantee.h"

#include "services/iam/lookup.h"

const struct grantee grantee_user = {KIND_USER, "UserName", "user", "User", QUOTA_USER_POLICIES};
const struct grantee grantee_group = {KIND_GROUP, "GroupName", "group", "Group", QUOTA_GROUP_POLICIES};
const struct grantee grantee_role = {KIND_ROLE, "RoleName", "role", "Role", QUOTA_ROLE_POLICIES};

bool grantee_find(struct request *request, const struct grantee *grantee, union any_entity *out)
{
    return lookup(request, grantee->kind, form_text(request, grantee->member), out);
}

bool grantee_edit(struct request *request, const struct grantee *grantee, union any_entity *out)
{
    return change_begin(request) && grantee_find(request, grantee, out);
}

bool grantee_put(struct request *request, const struct grantee *grantee, const union any_entity *entity)
{
    entity_put(&request->batch, grantee->kind, entity);
    return true;
}

struct grants *grantee_grants(const struct grantee *grantee, union any_entity *entity)
{
    switch (grantee->kind) {
    case KIND_USER:
        return &entity->user.grants;
    case KIND_GROUP:
        return &entity->group.grants;
    default:
        return &entity->role.grants;
    }
}
