/*
 * How answers describe entities: JSON objects, appended to the request's answer.
 *
 * Lists tell less than the operations that get one: no tags, no boundary. AWS: "Data types" of the IAM API.
 */
#ifndef TURNTABLE_SERVICES_IAM_DESCRIBE_H
#define TURNTABLE_SERVICES_IAM_DESCRIBE_H

#include "directory/entity.h"
#include "services/iam/usage.h"
#include "services/request.h"

enum detail { DETAIL_LISTED, DETAIL_WHOLE };

void describe_user(struct request *request, const struct user *user, enum detail detail);
void describe_group(struct request *request, const struct group *group);
void describe_role(struct request *request, const struct role *role, enum detail detail);
void describe_policy(struct request *request, const struct managed_policy *policy, const struct usage *usage,
                     enum detail detail);
/* With DETAIL_WHOLE it has its document. */
void describe_version(struct request *request, const struct managed_policy *policy,
                      const struct policy_version *version, enum detail detail);
/* False: a role in it could not be read, and the failure is set. */
must_use bool describe_instance_profile(struct request *request, const struct instance_profile *profile,
                                        enum detail detail);

/* ---- members ---- */

/* Path, NAMEName, NAMEId, Arn, CreateDate; `kind` is "User". */
void describe_entity(struct request *request, bool *first, enum entity_kind kind,
                     const struct entity *entity);
void describe_tags(struct request *request, bool *first, const struct entity_tags *tags);
void describe_boundary(struct request *request, bool *first, struct slice arn);
/* "2026-11-26T15:00:00Z" */
void describe_time(struct request *request, bool *first, const char *name, int64_t milliseconds);
/* A document as AWS's answers have it: every byte but letters, digits and -_.~ as %XX (RFC 3986). */
void describe_document(struct request *request, bool *first, const char *name, struct slice document);
/* [{PolicyName, PolicyArn}] */
void describe_attached(struct request *request, bool *first, const char *name, const struct texts *arns);
/* [{PolicyName, PolicyDocument}] */
void describe_inlines(struct request *request, bool *first, const char *name,
                      const struct inline_policies *inlines);

/* The last part of a policy's ARN. */
struct slice describe_policy_name(struct slice arn);

#endif
