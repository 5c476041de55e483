/* Which role an identity gets. AWS: "Using role-based access control", "Role-based access control", "Role
 * trust and permissions". */
#ifndef TURNTABLE_SERVICES_COGNITO_IDENTITY_ROLE_CHOICE_H
#define TURNTABLE_SERVICES_COGNITO_IDENTITY_ROLE_CHOICE_H

#include "services/cognito_identity/logins.h"

#define ROLE_CHOICE_NO_ROLE "Invalid identity pool configuration. Check assigned IAM roles for this pool."

/* `wanted`: CustomRoleArn, or an empty slice. On false the failure is set. */
must_use bool role_choose(struct request *request, const struct identity_pool *pool,
                          const struct logins *logins, struct slice wanted, struct slice *role_arn);

#endif
