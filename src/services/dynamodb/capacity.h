/*
 * Consumed capacity: how many units a request used, of the table and of each index, and how the answer tells
 * it.
 *
 * A write unit is 1 KB of item, a read unit 4 KB read consistently, and half a unit 4 KB read eventually;
 * sizes are rounded up, and nothing is free: the least is one write unit, or one or half a read unit. AWS:
 * "DynamoDB read and write operations" (capacity unit consumption).
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_CAPACITY_H
#define TURNTABLE_SERVICES_DYNAMODB_CAPACITY_H

#include "catalog/table.h"
#include "services/operation.h"
#include "services/request.h"

struct capacity {
    const struct table *table;
    double of_table;
    double *of_indexes; /* one for each of table->indexes */
    bool *used_indexes; /* whether the index had a part in the request */
};

void capacity_init(struct capacity *capacity, struct arena *arena, const struct table *table);

/* Adds units; `index` NULL: the table's. */
void capacity_add(struct capacity *capacity, const struct index *index, double units);

double capacity_of_write(size_t item_bytes);
double capacity_of_read(size_t bytes, bool consistent);

/*
 * Takes the units from the throughput of the table and its indexes, where a server enforces it; false with
 * the failure if there are not as many. An execution that is repeated has paid with the first one. What was
 * taken, and what could not be, is metered (services/meter.h).
 */
must_use bool capacity_take(struct request *request, const struct capacity *capacity,
                            enum operation_kind kind);

/* Whether the failure is that of capacity_take(). */
bool capacity_was_refused(const struct failure *failure);

/* Whether the request asks for ConsumedCapacity, and whether for that of each index too. */
must_use bool capacity_wanted(const struct request *request, bool *by_index);

/*
 * Writes the member "ConsumedCapacity" if the request asks for it. `name` is the table as the request named
 * it: AWS answers with an ARN where it was asked with one.
 */
void capacity_respond(struct request *request, bool *first, const struct capacity *capacity,
                      struct slice name);

/*
 * One ConsumedCapacity object, for answers that have a list of them. `by_index`: INDEXES was asked for.
 * `kind`: the second name under which transactions tell their units, "ReadCapacityUnits" or
 * "WriteCapacityUnits", or NULL.
 */
void capacity_write(struct buffer *out, const struct capacity *capacity, struct slice name, bool by_index,
                    const char *kind);

/* Adds `times` what `from` used to `to`, both of one table. */
void capacity_add_all(struct capacity *to, const struct capacity *from, double times);

/* What one action of a transaction used, without the doubling. */
struct capacity_share {
    struct slice name; /* of the table, as the request has it */
    const struct capacity *capacity;
};

/*
 * Writes the member "ConsumedCapacity" of a transaction, if the request asks for it: an object for each
 * table, in the order of the actions. Every item costs double, once for preparing and once for committing.
 * AWS: "Amazon DynamoDB Transactions: How it works", capacity management.
 */
void capacity_respond_transaction(struct request *request, bool *first, const struct capacity_share *shares,
                                  size_t count, const char *kind);

#endif
