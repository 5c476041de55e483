/* The handlers of the operations, one file an operation or a family (operations.def). */
#ifndef TURNTABLE_SERVICES_CLOUDFORMATION_HANDLERS_H
#define TURNTABLE_SERVICES_CLOUDFORMATION_HANDLERS_H

#include "base/failure.h"
#include "services/operation.h"
#include "services/request.h"

#define X(name, handler, needs, kind) must_use bool handler(struct request *request);
#define Y(name)
#define R(name, reason)
#include "services/cloudformation/operations.def"
#undef X
#undef Y
#undef R

#endif
