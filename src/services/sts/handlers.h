/* The handlers of the operations of STS. */
#ifndef TURNTABLE_SERVICES_STS_HANDLERS_H
#define TURNTABLE_SERVICES_STS_HANDLERS_H

#include "services/request.h"

#define X(name, handler, action, caller) must_use bool handler(struct request *request);
#include "services/sts/operations.def"
#undef X

#endif
