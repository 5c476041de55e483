/*
 * Grantees: users, groups and roles, which have policies and, but for groups, tags and a boundary. What is
 * done to them is the same for all three but for names: each operation of a family begins with its grantee.
 */
#ifndef TURNTABLE_SERVICES_IAM_GRANTEE_H
#define TURNTABLE_SERVICES_IAM_GRANTEE_H

#include "directory/entity.h"
#include "services/iam/form.h"

struct grantee {
    enum entity_kind kind;
    const char *member; /* of the input, that names it */
    const char *word;   /* as sentences have it */
    const char *upper;  /* "User" */
    int64_t inline_quota;
};

extern const struct grantee grantee_user, grantee_group, grantee_role;

/* The grantee that the request names, to be read only; or to be changed, which grantee_put() completes. */
must_use bool grantee_find(struct request *request, const struct grantee *grantee, union any_entity *out);
must_use bool grantee_edit(struct request *request, const struct grantee *grantee, union any_entity *out);
bool grantee_put(struct request *request, const struct grantee *grantee, const union any_entity *entity);

/* Its policies. */
struct grants *grantee_grants(const struct grantee *grantee, union any_entity *entity);

#endif
