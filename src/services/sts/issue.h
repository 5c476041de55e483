/*
 * Issuing temporary credentials: a session becomes an access key id, its secret and its token. Nothing is
 * stored.
 *
 *     struct session session = {.kind = SESSION_ROLE, .owner = ..., ...};
 *     struct issued issued;
 *     return issue(request, &session, duration, &issued) && ...;
 */
#ifndef TURNTABLE_SERVICES_STS_ISSUE_H
#define TURNTABLE_SERVICES_STS_ISSUE_H

#include "auth/session.h"
#include "services/request.h"

struct issued {
    struct slice access_key_id;
    struct slice secret_access_key;
    struct slice session_token;
    int64_t expires;        /* seconds since 1970 */
    int64_t packed_percent; /* of what policies and tags may take; 0: there are none */
};

/* Fills the session's access key id and times. On false the failure is set: PackedPolicyTooLarge. */
must_use bool issue(struct request *request, struct session *session, int64_t duration, struct issued *out);

/* The members of an answer: Credentials, and PackedPolicySize if there is any. */
void issue_write(struct request *request, bool *first, const struct issued *issued);

#endif
