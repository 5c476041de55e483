/* The handlers of the operations of Systems Manager. */
#ifndef TURNTABLE_SERVICES_SSM_HANDLERS_H
#define TURNTABLE_SERVICES_SSM_HANDLERS_H

#include "services/request.h"

#define X(name, handler, kind) must_use bool handler(struct request *request);
#define R(name, reason)
#include "services/ssm/operations.def"
#undef X
#undef R

#endif
