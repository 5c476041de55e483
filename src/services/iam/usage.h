/*
 * Who is attached to which managed policy, or bounded by it: counted over all users, groups and roles, for
 * the records of policies do not tell.
 */
#ifndef TURNTABLE_SERVICES_IAM_USAGE_H
#define TURNTABLE_SERVICES_IAM_USAGE_H

#include "directory/entity.h"
#include "services/request.h"

struct usage {
    int64_t attached;
    int64_t bounding;
};

struct usages;

/* As of now. On false the failure is set. */
must_use bool usage_read(struct request *request, const struct usages **out);
struct usage usage_of(const struct usages *usages, struct slice arn);

/* The grants of a user, group or role. */
const struct grants *usage_grants(enum entity_kind kind, const union any_entity *entity);

#endif
