/*
 * Managed policies by their ARN: the account's own, which are records, and those that AWS has made, which are
 * part of the program.
 *
 * Of AWS's there are the ones that apps commonly name, as far as they concern services that are here, or are
 * what templates give to the roles of others; they are written after what the AWS Managed Policy Reference
 * Guide says of each. Each has one version; ids and dates are this server's. Threads: any.
 */
#ifndef TURNTABLE_DIRECTORY_MANAGED_H
#define TURNTABLE_DIRECTORY_MANAGED_H

#include "base/arena.h"
#include "base/slice.h"
#include "directory/entity.h"
#include "storage/storage.h"

/* Whether the ARN is of a policy that AWS has made. */
bool managed_is_of_aws(struct slice arn);

/* AWS's policies, counted from 0; false behind the last. */
must_use bool managed_of_aws(size_t place, struct arena *arena, struct managed_policy *out);

/* The ARN of a policy, of the account's own or AWS's. */
struct slice managed_arn(struct arena *arena, struct slice account_id, const struct managed_policy *policy);

/* STORAGE_NOT_FOUND if there is none with exactly this ARN. */
must_use enum storage_status managed_find(struct storage *storage, const struct snapshot *snapshot,
                                          struct slice account_id, struct slice arn, struct arena *arena,
                                          struct managed_policy *out);

/* NULL if there is no version of this number. */
const struct policy_version *managed_version(const struct managed_policy *policy, int64_t number);
/* The document that is in force. */
struct slice managed_document(const struct managed_policy *policy);

#endif
