/* The handlers of the operations; each family stands in a file. */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_HANDLERS_H
#define TURNTABLE_SERVICES_COGNITO_IDP_HANDLERS_H

#include "services/request.h"

#define X(name, handler, kind, caller) must_use bool handler(struct request *request);
#define R(name, reason)
#include "services/cognito_idp/operations.def"
#undef X
#undef R

#endif
