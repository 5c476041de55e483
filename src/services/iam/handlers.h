/* The handlers of the operations, one file an operation or a family (operations.def). */
#ifndef TURNTABLE_SERVICES_IAM_HANDLERS_H
#define TURNTABLE_SERVICES_IAM_HANDLERS_H

#include "base/failure.h"
#include "services/operation.h"
#include "services/request.h"

#define X(name, handler, kind) must_use bool handler(struct request *request);
#define N(name, handler, kind) X(name, handler, kind)
#define R(name, reason)
#include "services/iam/operations.def"
#undef X
#undef N
#undef R

#endif
