/* The input of an operation of a service that speaks the query protocol: a form has texts only, which become
 * what the operation's shape says. */
#ifndef TURNTABLE_SERVICES_QUERY_INPUT_H
#define TURNTABLE_SERVICES_QUERY_INPUT_H

#include "services/request.h"
#include "services/shape.h"

/*
 * Gives the members of the request's body their types ("true" is a boolean where the shape wants one, ""
 * an empty list), forgets those that the shape does not name, and then checks it as shape_accepts() does. On
 * false the failure is set.
 */
must_use bool query_input_accepts(struct request *request, const struct shape *shape);

#endif
