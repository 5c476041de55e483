/*
 * SELECT: a page of items, by queries of the partitions that WHERE fixes with = or IN, or by a scan.
 *
 * AWS: "PartiQL select statements for DynamoDB".
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_STATEMENT_SELECT_H
#define TURNTABLE_SERVICES_DYNAMODB_STATEMENT_SELECT_H

#include "expressions/partiql/partiql.h"
#include "services/request.h"

/* Answers ExecuteStatement, whose other parameters are in the request's body. Finds request->table. */
must_use bool statement_select(struct request *request, const struct statement *statement);

#endif
