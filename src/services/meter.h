/*
 * The meter of a request: what it used, returned and failed of, gathered by the handler while it works and
 * noted once its answer is made (metrics/metrics.h). Without metrics, and for calls from within, nothing is
 * noted.
 *
 * What an execution gathered is forgotten when the handler is called again.
 */
#ifndef TURNTABLE_SERVICES_METER_H
#define TURNTABLE_SERVICES_METER_H

#include "catalog/table.h"
#include "metrics/metrics.h"
#include "services/operation.h"
#include "services/request.h"

/* Adds an amount, in the metric's worth; `index` NULL: the table's. */
void meter_add(struct request *request, const struct table *table, const struct index *index,
               enum metric metric, uint64_t amount);

/* Capacity units, which are multiples of a half; those of a local index are its table's. */
void meter_add_units(struct request *request, const struct table *table, const struct index *index,
                     enum operation_kind kind, double units);

/* Something of the request was too much for the table, or an index of it: an event each time, but one
 * request. */
void meter_add_throttled(struct request *request, const struct table *table, const struct index *index,
                         enum operation_kind kind);

/* Behind the answer. `service` NULL: it is not known of which one; `began`: of the monotonic clock. */
void meter_note(struct request *request, const struct service *service, int64_t began);

#endif
