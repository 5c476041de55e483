#include "services/dynamodb/new_table.h"

#include "base/clock.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/resource_policy.h"
#include "services/dynamodb/table_capacity.h"
#include "services/dynamodb/table_input.h"
#include "services/dynamodb/tags.h"

static bool read_billing(struct request *request, struct table *table)
{
    const struct json *throughput = shape_member(request->body, "ProvisionedThroughput");
    struct slice mode = shape_text(request->body, "BillingMode");
    struct failure *failure = &request->failure;

    table->billing_was_set = mode.ptr != NULL && slice_is(mode, "PAY_PER_REQUEST");
    if (table->billing_was_set) {
        table->billing = BILLING_PAY_PER_REQUEST;
        table->pay_per_request_since = table->created;
        return throughput == NULL ||
               fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Neither ReadCapacityUnits nor "
                    "WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
    }
    if (throughput == NULL)
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits "
                    "must both be "
                    "specified when BillingMode is PROVISIONED");
    return table_capacity_read_throughput(request, throughput, &table->throughput);
}

static bool read_local_indexes(struct request *request, struct table *table)
{
    const struct json *list = shape_member(request->body, "LocalSecondaryIndexes");
    struct failure *failure = &request->failure;

    if (list == NULL)
        return true;
    if (list->array.count == 0)
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: List of LocalSecondaryIndexes is empty");
    if (table->keys.sort_count == 0)
        return fail(
            failure, ERROR_VALIDATION,
            "One or more parameter values were invalid: Table KeySchema does not have a range key, which is "
            "required when specifying a LocalSecondaryIndex");
    for (size_t i = 0; i < list->array.count && i <= LOCAL_INDEX_LIMIT; i++) {
        if (!table_input_add_index(request, table, &list->array.items[i], INDEX_LOCAL))
            return false;
    }
    return list->array.count <= LOCAL_INDEX_LIMIT ||
           fail(failure, ERROR_VALIDATION,
                "One or more parameter values were invalid: Number of LocalSecondaryIndexes exceeds "
                "per-table limit of 5");
}

static bool read_global_indexes(struct request *request, struct table *table)
{
    const struct json *list = shape_member(request->body, "GlobalSecondaryIndexes");
    struct failure *failure = &request->failure;

    if (list == NULL)
        return true;
    if (list->array.count == 0)
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: List of GlobalSecondaryIndexes is empty");
    for (size_t i = 0; i < list->array.count && i <= GLOBAL_INDEX_LIMIT; i++) {
        if (!table_input_add_index(request, table, &list->array.items[i], INDEX_GLOBAL))
            return false;
    }
    return list->array.count <= GLOBAL_INDEX_LIMIT ||
           fail(failure, ERROR_VALIDATION,
                "One or more parameter values were invalid: GlobalSecondaryIndex count exceeds the per-table "
                "limit of 20");
}

/* Replicas of another account's table are of another Region, too. */
static bool check_regional(struct request *request)
{
    return (shape_member(request->body, "GlobalTableSourceArn") == NULL &&
            shape_member(request->body, "GlobalTableSettingsReplicationMode") == NULL) ||
           fail(&request->failure, ERROR_VALIDATION,
                "A table cannot be made a replica of another: this server serves the Region %.*s only",
                SLICE_ARGS(request->server->region));
}

/* AWS's API has tables without a schema, replicas of another account's; here every table has one. */
static bool check_schema(struct request *request)
{
    if (shape_member(request->body, "KeySchema") == NULL)
        return fail(
            &request->failure, ERROR_VALIDATION,
            "No defined key schema.  A key schema containing at least a hash key must be defined for all "
            "tables");
    return shape_member(request->body, "AttributeDefinitions") != NULL ||
           fail(&request->failure, ERROR_VALIDATION, "No Attribute Schema Defined");
}

static bool read_members(struct request *request, struct table *table)
{
    const struct json *body = request->body;
    struct slice name;

    if (!input_table_name_of(request, shape_text(body, "TableName"), &name) || !check_schema(request) ||
        !check_regional(request) || !table_input_refuse_vectors(request, "VectorIndexes"))
        return false;
    table->name = arena_copy(&table->arena, name);
    table->uuid = random_uuid(&table->arena);
    table->created = clock_now();
    if (!read_billing(request, table) ||
        !table_input_read_definitions(request, table, shape_member(body, "AttributeDefinitions")) ||
        !table_input_read_keys(request, table, shape_member(body, "KeySchema"), &table->keys) ||
        !read_local_indexes(request, table) || !read_global_indexes(request, table) ||
        !table_input_check_used(request, table) || !table_input_read_settings(request, table, true) ||
        !tags_read(request, table))
        return false;
    return shape_member(body, "ResourcePolicy") == NULL ||
           resource_policy_set(request, table, shape_text(body, "ResourcePolicy"), &table->policy);
}

bool new_table_read(struct request *request, const struct json *description, struct table *draft)
{
    const struct json *body = request->body;

    request->body = description; /* what all that reads a table looks into */
    bool read = read_members(request, draft);
    request->body = body;
    return read;
}
