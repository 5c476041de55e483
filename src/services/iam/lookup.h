/*
 * Finding who a request speaks of, with AWS's answer if there is none; and beginning a change.
 *
 * A handler that changes something calls change_begin() before it looks anything up: what it decides by is
 * then what is there when the change happens (directory/entity.h).
 */
#ifndef TURNTABLE_SERVICES_IAM_LOOKUP_H
#define TURNTABLE_SERVICES_IAM_LOOKUP_H

#include "directory/entity.h"
#include "directory/managed.h"
#include "services/iam/form.h"

/* Guards the directory, and lets it know when the change is on disk. */
must_use bool change_begin(struct request *request);

/* The entity of this name, or NoSuchEntity. `out` is the kind's struct. */
must_use bool lookup(struct request *request, enum entity_kind kind, struct slice name, void *out);

/* Whether a new one can have this name, or EntityAlreadyExists. */
must_use bool lookup_free(struct request *request, enum entity_kind kind, struct slice name);

/* Whether an entity can get another name: one that differs in case alone is its own. */
must_use bool lookup_renamable(struct request *request, enum entity_kind kind, struct slice old,
                               struct slice name);

/* Whether no policies hang on it, or DeleteConflict. */
must_use bool lookup_bare(struct request *request, const struct grants *grants);

/* Whether there is room for one more, or LimitExceeded: how many there are is counted. */
must_use bool lookup_room(struct request *request, enum entity_kind kind);

/* The policy of the member PolicyArn, or InvalidInput for what is no policy's ARN, or NoSuchEntity. */
must_use bool lookup_policy(struct request *request, struct managed_policy *out);

/* The same of a policy that is to be attached; what NoSuchEntity says begins with `prefix` and the ARN. */
must_use bool lookup_attachable(struct request *request, struct slice arn, const char *prefix,
                                struct managed_policy *out);

/* The same of PolicyArn, if it is not one of AWS's, which nobody can change. */
must_use bool lookup_own_policy(struct request *request, struct managed_policy *out);

/* Whether a policy of this ARN can be a permissions boundary; an empty ARN is none, and will do. */
must_use bool lookup_boundary(struct request *request, struct slice arn);

/* The user of the member UserName, or if it is absent the one who asks. */
must_use bool lookup_user_or_caller(struct request *request, struct user *out);

struct slice lookup_arn(struct request *request, enum entity_kind kind, const struct entity *entity);

/* AWS: "IAM and AWS STS quotas", the defaults. */
enum quota {
    QUOTA_ACCESS_KEYS = 2,
    QUOTA_GROUPS_OF_USER = 10,
    QUOTA_ATTACHED = 10,
    QUOTA_VERSIONS = 5,
    QUOTA_TAGS = 50,
    QUOTA_PROFILE_ROLES = 1,
    QUOTA_CLIENT_IDS = 100,
    QUOTA_THUMBPRINTS = 5,
    QUOTA_USER_POLICIES = 2048,
    QUOTA_GROUP_POLICIES = 5120,
    QUOTA_ROLE_POLICIES = 10240,
    QUOTA_MANAGED_POLICY = 6144,
    QUOTA_TRUST_POLICY = 2048,
};
int64_t quota_of_kind(enum entity_kind kind); /* how many there may be in the account */

#endif
