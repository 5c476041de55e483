/* Operations that a service has on AWS and will not have here: each is refused with its reason. */
#ifndef TURNTABLE_SERVICES_REFUSAL_H
#define TURNTABLE_SERVICES_REFUSAL_H

#include "base/failure.h"
#include "services/request.h"

/* `code`: how the service calls what it does not support. `reason`: the end of a sentence, "there is no
 * console to sign in to". Returns false. */
must_use bool refuse_operation(struct request *request, enum error_code code, const char *reason);

#endif
