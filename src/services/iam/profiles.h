/* What other operations ask of instance profiles. */
#ifndef TURNTABLE_SERVICES_IAM_PROFILES_H
#define TURNTABLE_SERVICES_IAM_PROFILES_H

#include "services/request.h"

/* Whether an instance profile has the role. On false the failure is set. */
must_use bool profiles_have_role(struct request *request, struct slice role, bool *out);

#endif
