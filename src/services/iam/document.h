/* Policy documents in requests: is this one, and is it short enough. */
#ifndef TURNTABLE_SERVICES_IAM_DOCUMENT_H
#define TURNTABLE_SERVICES_IAM_DOCUMENT_H

#include "directory/entity.h"
#include "iam/policy.h"
#include "services/request.h"

/* Otherwise MalformedPolicyDocument. */
must_use bool document_is_policy(struct request *request, enum policy_kind kind, struct slice document);

/* Whether the users and roles of this account that a trust policy names are there, and who they are;
 * otherwise MalformedPolicyDocument. The document is a policy. */
must_use bool document_names_principals(struct request *request, struct slice document,
                                        struct trusted_list *trusted);

/* What counts of its size: all characters but white space. AWS: "IAM and AWS STS quotas". */
int64_t document_size(struct slice document);

#endif
