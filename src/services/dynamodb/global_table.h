/*
 * Global tables of version 2017.11.29. One Region is served here, so that the one replica of a global table
 * is the table itself: CreateGlobalTable declares a table global, and a replica in another Region is refused.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_GLOBAL_TABLE_H
#define TURNTABLE_SERVICES_DYNAMODB_GLOBAL_TABLE_H

#include "services/request.h"
#include "services/shape.h"

/* GlobalTableName. */
extern const struct shape global_table_name;

/* Finds the global table of GlobalTableName and makes it request->table. */
must_use bool global_table_find(struct request *request);

/* Whether the Region is the one that is served. */
bool global_table_is_home(const struct request *request, struct slice region);

/* Says that no other Region is served; returns false. */
bool global_table_refuse_region(struct request *request, struct slice region);

#endif
