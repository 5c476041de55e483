/* What the engine of stacks has of the services: their calls, as whoever asked for the work. */
#ifndef TURNTABLE_SERVICES_CLOUDFORMATION_HANDS_H
#define TURNTABLE_SERVICES_CLOUDFORMATION_HANDS_H

#include "services/request.h"
#include "stacks/engine.h"

/* The server outlives them. */
struct engine_hands cloudformation_hands(struct server *server);

#endif
