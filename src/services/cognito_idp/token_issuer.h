/* The tokens of user pools, as identity pools and AssumeRoleWithWebIdentity take them: who signed in? */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_TOKEN_ISSUER_H
#define TURNTABLE_SERVICES_COGNITO_IDP_TOKEN_ISSUER_H

#include "services/request.h"

/* One of the server's token issuers (services/request.h). Id tokens only: an access token is for the pool's
 * own operations. */
enum token_verdict user_pools_issuer(struct request *request, struct slice token, struct slice issuer,
                                     struct verified_token *out);

#endif
