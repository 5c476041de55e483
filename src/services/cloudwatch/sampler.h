/*
 * The sampler: a thread that looks every ten seconds at what is not counted by requests (storage, memory,
 * connections) and settles the metrics.
 */
#ifndef TURNTABLE_SERVICES_CLOUDWATCH_SAMPLER_H
#define TURNTABLE_SERVICES_CLOUDWATCH_SAMPLER_H

#include "http/server.h"
#include "metrics/metrics.h"
#include "storage/storage.h"

struct sampler;

/* What it looks at outlives it. */
struct sampler *sampler_open(struct metrics *metrics, struct storage *storage, struct http_server *http);
void sampler_close(struct sampler *sampler); /* accepts NULL */

#endif
