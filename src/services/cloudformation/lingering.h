/*
 * Lingering: a request that begins an operation of a stack is answered when the operation is over, if that is
 * within a moment. Clients look at once, and then after 5 or 30 seconds again: so who deploys a few tables is
 * spared the wait.
 */
#ifndef TURNTABLE_SERVICES_CLOUDFORMATION_LINGERING_H
#define TURNTABLE_SERVICES_CLOUDFORMATION_LINGERING_H

#include "services/request.h"

/* Wakes the engine when the request's batch is on disk, and lets its answer wait. The uuid lives as long as
 * the request's execution. */
void stack_linger(struct request *request, struct slice uuid);

#endif
