/* What operations on streams need (services/permissions.h): operations.def names the functions. */
#ifndef TURNTABLE_SERVICES_STREAMS_NEEDS_H
#define TURNTABLE_SERVICES_STREAMS_NEEDS_H

#include "services/permissions.h"

/* The stream StreamArn. */
must_use bool stream_needs(struct request *request, struct permissions *needs);
/* The stream that a shard iterator is of. */
must_use bool iterator_needs(struct request *request, struct permissions *needs);
/* All streams of a table, or of all. */
must_use bool list_needs(struct request *request, struct permissions *needs);

#endif
