/* What CreateTable, DescribeTable, UpdateTable and DeleteTable answer: a TableDescription. */
#ifndef TURNTABLE_SERVICES_DYNAMODB_TABLE_DESCRIPTION_H
#define TURNTABLE_SERVICES_DYNAMODB_TABLE_DESCRIPTION_H

#include "catalog/table.h"
#include "services/request.h"

/* Writes {"<member>": {...}} as the whole answer. `status`: "ACTIVE" or what the table is on its way to. */
must_use bool table_description_respond(struct request *request, const char *member,
                                        const struct table *table, const char *status);

/* "CREATING", "UPDATING" while an index is made or removed, otherwise "ACTIVE". */
const char *table_status(const struct table *table);

/* The members that tell the billing mode and the table class, if they were ever set. */
void table_description_write_billing(struct buffer *out, bool *first, const char *member,
                                     const struct table *table);
void table_description_write_class(struct buffer *out, bool *first, const char *member,
                                   const struct table *table);

struct slice table_arn(struct request *request, const struct table *table);

#endif
