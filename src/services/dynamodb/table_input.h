/*
 * What CreateTable and UpdateTable share: the shapes of schemas, indexes and settings, and reading them into
 * a table. The checks are AWS's, in its order and words.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_TABLE_INPUT_H
#define TURNTABLE_SERVICES_DYNAMODB_TABLE_INPUT_H

#include "catalog/table.h"
#include "services/request.h"
#include "services/shape.h"

extern const struct shape table_input_definitions, table_input_key_schema, table_input_local_indexes,
    table_input_global_index_create, table_input_global_indexes, table_input_throughput,
    table_input_billing_mode, table_input_stream, table_input_sse, table_input_table_class,
    table_input_on_demand, table_input_warm;

/* Adds AttributeDefinitions to the table; one that is there already must have the same type. */
must_use bool table_input_read_definitions(struct request *request, struct table *table,
                                           const struct json *list);

/* The table's own KeySchema. */
must_use bool table_input_read_keys(struct request *request, struct table *table, const struct json *list,
                                    struct key_schema *keys);

/* Appends an index, read from an element of the lists or from GlobalSecondaryIndexUpdates' Create. */
must_use bool table_input_add_index(struct request *request, struct table *table, const struct json *input,
                                    enum index_kind kind);

/* Checks that each defined attribute is part of some key. */
must_use bool table_input_check_used(struct request *request, const struct table *table);

/* Fails if the list has vector indexes, which are not served. */
must_use bool table_input_refuse_vectors(struct request *request, const char *list);

void table_input_set_class(struct table *table, struct slice wanted, bool is_new);

/* An SSESpecification. */
must_use bool table_input_read_sse(struct request *request, struct table *table, const struct json *input);

/* StreamSpecification, SSESpecification, TableClass, DeletionProtectionEnabled, OnDemandThroughput,
 * WarmThroughput: those that the body has. */
must_use bool table_input_read_settings(struct request *request, struct table *table, bool is_new);

#endif
