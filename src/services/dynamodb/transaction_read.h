/*
 * The reading half of transactions: up to 100 items of several tables as they were at one moment. All are
 * read from one snapshot, so such a read is never in the way of a write, nor the other way around.
 *
 * Everything lives in the request's arena.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_TRANSACTION_READ_H
#define TURNTABLE_SERVICES_DYNAMODB_TRANSACTION_READ_H

#include "catalog/table.h"
#include "expressions/expressions.h"
#include "items/value.h"
#include "services/dynamodb/capacity.h"
#include "services/request.h"

struct transaction_read {
    struct slice table_name; /* name or ARN, as the request has it */
    struct item key;
    const struct placeholders *placeholders; /* of the projection; NULL: it has none */
    const struct projection *projection;     /* NULL: all of the item */

    /* ---- from here on filled by transaction_read_all() ---- */
    struct table *table;
    struct slice place; /* the key in the storage; empty: the read has a reason */
    struct capacity capacity;
};

/*
 * Reads the items and writes the whole answer: the members Responses and, if the request asks for it,
 * ConsumedCapacity. On false the failure is set: TransactionCanceledException if keys do not fit their
 * tables.
 */
must_use bool transaction_read_all(struct request *request, struct transaction_read *reads, size_t count);

#endif
