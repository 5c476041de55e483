/* Who an identity pool vouches for: an identity, with the logins that were shown for it, and what conditions
 * can ask of it. AWS: "IAM and AWS STS condition context keys", keys of AWS web identity federation. */
#ifndef TURNTABLE_SERVICES_COGNITO_IDENTITY_SUBJECT_H
#define TURNTABLE_SERVICES_COGNITO_IDENTITY_SUBJECT_H

#include "services/cognito_identity/logins.h"

#define SUBJECT_PROVIDER "cognito-identity.amazonaws.com"

/* The request's IdentityId, the pool it is of, and its Logins, which are the identity's own. On false the
 * failure is set. */
must_use bool subject_read(struct request *request, struct identity_record *identity,
                           struct identity_pool *pool, struct logins *logins);

/* Where the subject comes from, as the amr claim and the condition key have it: "authenticated", the
 * provider, and the provider with its subject; or "unauthenticated". */
struct texts subject_methods(struct request *request, const struct logins *logins);

/* cognito-identity.amazonaws.com:aud, :sub and :amr. */
struct session_contexts subject_context(struct request *request, const struct identity_record *identity,
                                        const struct logins *logins);
struct session_contexts subject_context_of(struct request *request, struct slice pool_id,
                                           struct slice identity_id, struct texts methods);

/* aws:username: the user's name in the user pool. On AWS only IAM users have one; see docs/security.md. */
struct session_contexts subject_username(struct request *request, const struct login *login);

#endif
