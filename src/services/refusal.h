/* Operations that a service has on AWS and will not have here: each is refused with its reason. */
#ifndef TURNTABLE_SERVICES_REFUSAL_H
#define TURNTABLE_SERVICES_REFUSAL_H

#include "base/failure.h"
#include "services/request.h"

/* `reason`: the end of a sentence, "there is no console to sign in to". Returns false. */
must_use bool refuse_operation(struct request *request, const char *reason);

#endif
