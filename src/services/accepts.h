/* Whether a request's input is one: what nearly every operation begins with. */
#ifndef TURNTABLE_SERVICES_ACCEPTS_H
#define TURNTABLE_SERVICES_ACCEPTS_H

#include "services/request.h"
#include "services/shape.h"

/*
 * shape_accepts() of the request's body, in which members that the shape does not name are forgotten then: so
 * whoever asks policies for the operation (services/permissions.h) sees nothing in it that the operation does
 * not have. On false the failure is set.
 */
must_use bool accepts(struct request *request, const struct shape *shape);

#endif
