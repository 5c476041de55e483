/*
 * A SELECT of one item by its whole key, as batches and transactions have it.
 *
 *     statement_read_plan(request, statement, &read, &found)      finds the table and the key
 *     statement_read_item(request, &first, &read)                 writes the member "Item", if there is one
 *     statement_read_finish(&read)
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_STATEMENT_READ_H
#define TURNTABLE_SERVICES_DYNAMODB_STATEMENT_READ_H

#include "expressions/partiql/partiql.h"
#include "services/dynamodb/item_write.h"

struct statement_read {
    const struct statement *statement;
    struct table *table; /* a reference, given back by _finish() */
    struct item key;
    struct slice place;     /* the key in the storage */
    struct item_write item; /* what was read */
};

/* *names_one: WHERE is the whole key of a table's item, and nothing else. If it is not, nothing else was
 * checked and true is returned. Also after a failure, _finish() is due. */
must_use bool statement_read_plan(struct request *request, const struct statement *statement,
                                  struct statement_read *read, bool *names_one);

/* Reads at request->snapshot, and charges it. */
must_use bool statement_read_item(struct request *request, bool *first, struct statement_read *read,
                                  bool consistent);

void statement_read_finish(struct statement_read *read);

#endif
