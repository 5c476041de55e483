/*
 * INSERT, UPDATE and DELETE: a statement that writes one item.
 *
 *     statement_write_plan(request, statement, &plan)       finds the table and the item's key, and checks
 * them statement_write_apply(request, object, &plan)         reads the item, decides, adds to request->batch
 *     statement_write_finish(&plan)
 *
 * An UPDATE changes only an item that is there, and an INSERT only makes one that is not: both are conditions
 * that UpdateItem and PutItem do not have by themselves. AWS: "PartiQL update statements for DynamoDB",
 * "PartiQL insert statements for DynamoDB".
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_STATEMENT_WRITE_H
#define TURNTABLE_SERVICES_DYNAMODB_STATEMENT_WRITE_H

#include "expressions/partiql/partiql.h"
#include "services/dynamodb/item_write.h"

struct statement_write {
    const struct statement *statement;
    struct table *table;         /* a reference, given back by _finish() */
    struct item key;             /* of an INSERT, the whole item */
    struct condition *condition; /* beside what the statement's kind asks; NULL: none */
    struct item_write write;
    struct item returned; /* what RETURNING asks for; empty if there is nothing */
};

/* An EXISTS that does not name one item, or asks nothing of it. */
#define STATEMENT_WRITE_NO_CHECK "EXISTS() must contain a single item read with additional condition"

/*
 * The first half of _plan(), all that a transaction asks here: finds the table, the key and the condition,
 * and checks the types of key attributes. Also after a failure, _finish() is due.
 */
must_use bool statement_write_find(struct request *request, const struct statement *statement,
                                   struct statement_write *plan);

/* Also after a failure, _finish() is due. */
must_use bool statement_write_plan(struct request *request, const struct statement *statement,
                                   struct statement_write *plan);

/* `object` is where ReturnValuesOnConditionCheckFailure stands. */
must_use bool statement_write_apply(struct request *request, const struct json *object,
                                    struct statement_write *plan);

void statement_write_finish(struct statement_write *plan);

#endif
