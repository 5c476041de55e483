/*
 * Assuming a role: may they, by the role's trust policy and by their own, and the credentials of the session
 * that begins.
 *
 *     const struct web_identity identity = {.provider = SLICE("cognito-identity.amazonaws.com"), .context =
 * ...}; struct assumption assumption = {.action = "sts:AssumeRoleWithWebIdentity", .identity = &identity,
 *                                     .role_arn = arn, .session = {.name =
 * SLICE("CognitoIdentityCredentials")}}; struct assumed assumed; return assume(request, &assumption,
 * &assumed) && ...;
 *
 * For whoever gives out a role's credentials within a request: AssumeRole, AssumeRoleWithWebIdentity,
 * identity pools. What is in the assumption lives in the request's arena, and so does what is issued.
 */
#ifndef TURNTABLE_SERVICES_STS_ASSUMPTION_H
#define TURNTABLE_SERVICES_STS_ASSUMPTION_H

#include "auth/session.h"
#include "services/request.h"
#include "services/sts/issue.h"

enum { ROLE_DURATION = 3600, CHAINED_DURATION_LIMIT = 3600 };

/* Who shows the token of a provider, and no credentials of the account. */
struct web_identity {
    struct slice provider; /* as a trust policy's Federated names it: "cognito-identity.amazonaws.com", or the
                              ARN of an OpenID Connect provider */
    /* What the token says, as conditions ask for it: "cognito-identity.amazonaws.com:aud" ... The session has
     * it too.
     */
    struct session_contexts context;
};

struct assumption {
    const char *action;                  /* that the trust policy must allow: "sts:AssumeRole" */
    const struct web_identity *identity; /* NULL: request->principal asks */
    struct slice role_arn;
    int64_t duration;         /* seconds; at least 900 */
    struct slice external_id; /* ptr NULL: none */
    /* The session as it is asked for: name, tags, source identity, policies, which are valid ones; further
     * context. The rest is filled in. */
    struct session session;
};

struct assumed {
    struct issued issued;
    struct slice role_id; /* AssumedRoleId: "AROA...:NAME" */
    struct slice arn;     /* of the session */
};

/* On false the failure is set: AccessDenied, a ValidationError of the duration, PackedPolicyTooLarge. */
must_use bool assume(struct request *request, struct assumption *assumption, struct assumed *out);

/* The members of an answer: Credentials, AssumedRoleUser, and what there is of PackedPolicySize and
 * SourceIdentity. */
void assumed_write(struct request *request, bool *first, const struct assumption *assumption,
                   const struct assumed *assumed);

#endif
