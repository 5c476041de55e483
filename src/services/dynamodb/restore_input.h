/* The new table of a restore: what it takes from its source, and what the request's overrides say. */
#ifndef TURNTABLE_SERVICES_DYNAMODB_RESTORE_INPUT_H
#define TURNTABLE_SERVICES_DYNAMODB_RESTORE_INPUT_H

#include "catalog/table.h"
#include "services/request.h"
#include "services/shape.h"

/* TargetTableName and the overrides: the members that both restores have, for their lists of members. */
extern const struct shape restore_input_table_name;

#define RESTORE_INPUT_MEMBERS                                                                                \
    {"TargetTableName", &restore_input_table_name, true},                                                    \
        {"BillingModeOverride", &table_input_billing_mode, false},                                           \
        {"GlobalSecondaryIndexOverride", &table_input_global_indexes, false},                                \
        {"LocalSecondaryIndexOverride", &table_input_local_indexes, false},                                  \
        {"ProvisionedThroughputOverride", &table_input_throughput, false},                                   \
        {"OnDemandThroughputOverride", &table_input_on_demand, false},                                       \
        {"SSESpecificationOverride", &table_input_sse, false},                                               \
    {                                                                                                        \
        "VectorIndexOverride", &shape_list, false                                                            \
    }

/*
 * Makes the table TargetTableName from `source`, as the overrides want it, with `restore` as where its items
 * come from, puts it into the request's batch, and answers with its description. The source stays the
 * caller's; it lives until the answer.
 */
must_use bool restore_input_create(struct request *request, const struct table *source,
                                   const struct restore *restore);

#endif
