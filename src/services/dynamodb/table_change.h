/*
 * Changing a table's descriptor: what CreateTable, UpdateTable and DeleteTable do with the catalog.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_TABLE_CHANGE_H
#define TURNTABLE_SERVICES_DYNAMODB_TABLE_CHANGE_H

#include "catalog/table.h"
#include "services/request.h"

/*
 * Begins or ends the stream of `draft`, which replaces request->table (NULL: it is new), as the draft's view
 * says. Before table_change_put(), when the view may have changed.
 */
must_use bool table_change_stream(struct request *request, struct table *draft);

/*
 * Puts the descriptor of `draft` into the request's batch, guarded by `version` (of the descriptor that it
 * replaces, or of its absence). The table that it describes becomes request->table, and is published once it
 * is committed. The draft stays the caller's.
 */
void table_change_put(struct request *request, struct table *draft, struct version version);

/* Gives the draft of a new table its id and puts it; fails with `exists` if there is a table of that name. */
must_use bool table_change_create(struct request *request, struct table *draft, enum error_code exists);

/* Replaces the descriptor of request->table by an erasure mark; withdraws the table once that is committed.
 */
void table_change_delete(struct request *request);

#endif
