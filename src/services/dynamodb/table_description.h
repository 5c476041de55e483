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

/* Members that other descriptions have too. */
void table_description_write_keys(struct buffer *out, bool *first, const struct key_schema *keys);
void table_description_write_projection(struct buffer *out, bool *first, const struct index *index);
void table_description_write_on_demand(struct buffer *out, bool *first, const struct units *units);
void table_description_write_stream(struct buffer *out, bool *first, const char *member,
                                    const struct table *table);
void table_description_write_time_to_live(struct buffer *out, bool *first, const struct table *table);
void table_description_write_sse(struct request *request, bool *first, const struct table *table);

struct slice table_arn(struct request *request, const struct table *table);
struct slice table_arn_of(struct request *request, struct slice name);

#endif
