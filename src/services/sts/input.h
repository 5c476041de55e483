/*
 * What the inputs of STS's operations have in common: shapes of members, and the session that they describe.
 * AWS: API reference of each operation.
 */
#ifndef TURNTABLE_SERVICES_STS_INPUT_H
#define TURNTABLE_SERVICES_STS_INPUT_H

#include "auth/session.h"
#include "services/query_input.h"

extern const struct shape sts_arn, sts_session_name, sts_policy, sts_policy_arns, sts_role_duration,
    sts_duration, sts_tags, sts_tag_keys, sts_serial_number, sts_token_code, sts_source_identity,
    sts_user_name, sts_token_size;

/* AWS writes no more than this of session policies: "can't exceed 2,048 characters". */
enum { SESSION_POLICY_LIMIT = 2048, SESSION_POLICY_ARNS = 10 };

/* Policy and PolicyArns. On false the failure is set: MalformedPolicyDocument, or there is too much of it. */
must_use bool input_read_policies(struct request *request, struct session *session);

/* Tags and TransitiveTagKeys. */
must_use bool input_read_tags(struct request *request, struct session_tags *out);

/* Keys of tags are one if they differ in case alone. */
bool input_same_key(struct slice a, struct slice b);

#endif
