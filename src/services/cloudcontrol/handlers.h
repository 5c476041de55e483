/* The handlers of the operations of Cloud Control. */
#ifndef TURNTABLE_SERVICES_CLOUDCONTROL_HANDLERS_H
#define TURNTABLE_SERVICES_CLOUDCONTROL_HANDLERS_H

#include "services/request.h"

#define X(name, handler, kind) must_use bool handler(struct request *request);
#include "services/cloudcontrol/operations.def"
#undef X

#endif
