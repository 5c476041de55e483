/* The handlers of the operations; each stands in the file of its name. */
#ifndef TURNTABLE_SERVICES_STREAMS_HANDLERS_H
#define TURNTABLE_SERVICES_STREAMS_HANDLERS_H

#include "services/request.h"

#define X(name, handler, needs, kind) must_use bool handler(struct request *request);
#include "services/streams/operations.def"
#undef X

#endif
