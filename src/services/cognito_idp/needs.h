/* What operations on user pools need. AWS: "Actions, resources, and condition keys for Amazon Cognito User
 * Pools". */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_NEEDS_H
#define TURNTABLE_SERVICES_COGNITO_IDP_NEEDS_H

#include "services/permissions.h"

/* The operation's action on the pool that the request names; "*" where it names none. And to pass the roles
 * that it gives to a group or to the pool. */
must_use bool user_pool_needs(struct request *request, struct permissions *needs);

#endif
