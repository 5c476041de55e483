/* The documents by which verifiers of tokens find a pool's keys: GET /POOL/.well-known/jwks.json and
 * GET /POOL/.well-known/openid-configuration. Open to everyone, as on AWS. */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_KEYS_PAGE_H
#define TURNTABLE_SERVICES_COGNITO_IDP_KEYS_PAGE_H

#include "services/life.h"

/* A life_page. */
bool user_pool_keys_page(struct request *request, struct slice path, const char **content_type);

#endif
