/* The handlers of the operations of identity pools. */
#ifndef TURNTABLE_SERVICES_COGNITO_IDENTITY_HANDLERS_H
#define TURNTABLE_SERVICES_COGNITO_IDENTITY_HANDLERS_H

#include "services/request.h"

#define X(name, handler, action, kind, caller) must_use bool handler(struct request *request);
#define R(name, reason)
#include "services/cognito_identity/operations.def"
#undef X
#undef R

#endif
