/*
 * CreateTable: the answer says CREATING, as on AWS; the table is there for the next request. AWS: API
 * reference, CreateTable.
 */
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/new_table.h"
#include "services/dynamodb/replica_updates.h"
#include "services/dynamodb/table_change.h"
#include "services/dynamodb/table_description.h"
#include "services/dynamodb/table_input.h"
#include "services/dynamodb/tags.h"

static const struct shape source_arn = {.kind = SHAPE_STRING, .min = 1, .max = 1024};
static const struct shape_entry members[] = {
    {"AttributeDefinitions", &table_input_definitions, false},
    {"TableName", &input_table_name, true},
    {"BillingMode", &table_input_billing_mode, false},
    {"ProvisionedThroughput", &table_input_throughput, false},
    {"KeySchema", &table_input_key_schema, false},
    {"LocalSecondaryIndexes", &table_input_local_indexes, false},
    {"GlobalSecondaryIndexes", &table_input_global_indexes, false},
    {"StreamSpecification", &table_input_stream, false},
    {"SSESpecification", &table_input_sse, false},
    {"Tags", &tags_shape, false},
    {"TableClass", &table_input_table_class, false},
    {"DeletionProtectionEnabled", &shape_boolean_value, false},
    {"OnDemandThroughput", &table_input_on_demand, false},
    {"WarmThroughput", &table_input_warm, false},
    {"ResourcePolicy", &shape_string, false},
    {"GlobalTableSourceArn", &source_arn, false},
    {"GlobalTableSettingsReplicationMode", &replica_updates_settings_mode, false},
    {"VectorIndexes", &shape_list, false},
    {0},
};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

bool create_table(struct request *request)
{
    if (!input_accepts(request, &input))
        return false;
    struct table *draft = table_create();
    bool good = new_table_read(request, request->body, draft) &&
                table_change_create(request, draft, ERROR_RESOURCE_IN_USE);
    table_release(draft);
    return good && table_description_respond(request, "TableDescription", request->table, "CREATING");
}
