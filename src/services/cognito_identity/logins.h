/*
 * Logins: what a client shows to be somebody, a provider's name and its token. Here a provider is a user pool
 * of this server; tokens of others would need their keys, which are not fetched from the network.
 *
 * AWS: "Identity pools (federated identities) authentication flow"; API reference, GetId, Logins.
 */
#ifndef TURNTABLE_SERVICES_COGNITO_IDENTITY_LOGINS_H
#define TURNTABLE_SERVICES_COGNITO_IDENTITY_LOGINS_H

#include "services/cognito_identity/records.h"
#include "services/sts/web_identity.h"

/* A login whose token is true and meant for the pool. */
struct login {
    struct pair link; /* the provider's name and the subject: what leads to an identity */
    const struct pool_provider *provider;
    struct verified_token token;
};

struct logins {
    struct login *items;
    size_t count;
};

/* Whether the request shows any: a name whose token is null is none. */
bool logins_shown(const struct request *request);

/* The request's Logins, each verified for the pool. On false the failure is set: NotAuthorizedException. */
must_use bool logins_read(struct request *request, const struct identity_pool *pool, struct logins *out);

/* Whether the logins are the identity's own: each leads to it, and there are some if it has some. Otherwise
 * NotAuthorizedException. */
must_use bool logins_lead_to(struct request *request, const struct logins *logins,
                             const struct identity_record *identity);

/* A claim that is a text, or an empty slice. */
struct slice claim_text(const struct json *claims, const char *name);

#endif
