/* The tokens of identity pools, as GetOpenIdToken gives them out and AssumeRoleWithWebIdentity takes them. */
#ifndef TURNTABLE_SERVICES_COGNITO_IDENTITY_OPEN_ID_TOKEN_H
#define TURNTABLE_SERVICES_COGNITO_IDENTITY_OPEN_ID_TOKEN_H

#include "services/request.h"

/* One of the server's token issuers (services/request.h). */
enum token_verdict identity_pools_issuer(struct request *request, struct slice token, struct slice issuer,
                                         struct verified_token *out);

#endif
