/* What operations on identity pools need. AWS: "Actions, resources, and condition keys for Amazon Cognito
 * Identity". */
#ifndef TURNTABLE_SERVICES_COGNITO_IDENTITY_NEEDS_H
#define TURNTABLE_SERVICES_COGNITO_IDENTITY_NEEDS_H

#include "services/permissions.h"

/* The operation's action on the pool that the request names; "*" where it names none, or identities alone.
 * And to pass the roles that it gives to the pool. */
must_use bool identity_pool_needs(struct request *request, struct permissions *needs);

#endif
