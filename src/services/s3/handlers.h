/* The handlers of S3's operations, one for each row X of operations.def, and what they need. */
#ifndef TURNTABLE_SERVICES_S3_HANDLERS_H
#define TURNTABLE_SERVICES_S3_HANDLERS_H

#include "services/operation.h"
#include "services/request.h"

#define X(name, handler, action, kind, method, place, marks, payload, answer)                                \
    bool handler(struct request *request);
#define R(name, method, place, marks, reason)
#include "services/s3/operations.def"
#undef X
#undef R

/* An operation_needs for all of them. */
bool s3_needs(struct request *request, struct permissions *needs);

#endif
