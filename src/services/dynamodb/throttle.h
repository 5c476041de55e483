/*
 * Throttling: what tables and global indexes may be read and written a second, when the server is started to
 * enforce it.
 *
 * Each table and global index has two token buckets, of reads and of writes, which fill at its provisioned
 * throughput, or at the maximum that an on-demand table has. They are made at the first use and let go when
 * they are full again, as that of a table of the same age would be.
 *
 * Threads: any.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_THROTTLE_H
#define TURNTABLE_SERVICES_DYNAMODB_THROTTLE_H

#include "services/dynamodb/capacity.h"
#include "services/operation.h"
#include "services/request.h"

struct throttle;

struct throttle *throttle_create(void);
void throttle_destroy(struct throttle *throttle); /* accepts NULL */

/*
 * Takes the units from the table and its indexes, all or none; false with the failure if one of them has not
 * as many. To be asked through capacity_take().
 */
must_use bool throttle_take(struct throttle *throttle, struct request *request,
                            const struct capacity *capacity, enum operation_kind kind);

#endif
