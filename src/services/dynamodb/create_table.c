/*
 * CreateTable: the answer says CREATING, as on AWS; the table is there for the next request. AWS: API
 * reference, CreateTable.
 */
#include "base/clock.h"
#include "catalog/catalog.h"
#include "catalog/keys.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/replica_updates.h"
#include "services/dynamodb/resource_policy.h"
#include "services/dynamodb/table_change.h"
#include "services/dynamodb/table_description.h"
#include "services/dynamodb/table_input.h"
#include "services/dynamodb/tags.h"
#include "services/storage_failure.h"

static const struct shape source_arn = {.kind = SHAPE_STRING, .min = 1, .max = 1024};
static const struct shape_entry members[] = {
    {"AttributeDefinitions", &table_input_definitions, true},
    {"TableName", &input_table_name, true},
    {"BillingMode", &table_input_billing_mode, false},
    {"ProvisionedThroughput", &table_input_throughput, false},
    {"KeySchema", &table_input_key_schema, true},
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
    return table_input_read_throughput(request, throughput, &table->throughput);
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

static bool read_table(struct request *request, struct table *table)
{
    const struct json *body = request->body;
    struct slice name;

    if (!input_table_name_of(request, shape_text(body, "TableName"), &name) || !check_regional(request) ||
        !table_input_refuse_vectors(request, "VectorIndexes"))
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

/* Takes the next id for storage keys: read, and written with the table, so that it is never used twice. */
static bool take_id(struct request *request, struct table *table)
{
    struct slice key = keys_next_table_id();
    struct stored stored;
    uint32_t next = 1;

    enum storage_status status = storage_get(request->server->storage, NULL, key, &stored);
    if (status == STORAGE_OK) {
        next = 0;
        for (size_t i = 0; i < stored.value.len; i++)
            next = next * 10 + (uint32_t)(stored.value.ptr[i] - '0');
    }
    batch_guard(&request->batch, key, stored.version);
    stored_release(&stored);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    if (next == UINT32_MAX)
        return fail(&request->failure, ERROR_LIMIT_EXCEEDED,
                    "This server has made all the tables that it can number");
    table->id = next;
    batch_put(&request->batch, key, arena_printf(request->arena, "%u", next + 1));
    return true;
}

static bool check_absent(struct request *request, const struct table *table, struct version *version)
{
    struct stored stored;

    enum storage_status status =
        storage_get(request->server->storage, NULL, keys_descriptor(request->arena, table->name), &stored);
    *version = stored.version;
    stored_release(&stored);
    if (status == STORAGE_NOT_FOUND)
        return true;
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    return fail(&request->failure, ERROR_RESOURCE_IN_USE, "Table already exists: %.*s",
                SLICE_ARGS(table->name));
}

bool create_table(struct request *request)
{
    struct version version;

    if (!input_accepts(request, &input))
        return false;
    struct table *draft = table_create();
    bool good =
        read_table(request, draft) && check_absent(request, draft, &version) && take_id(request, draft);
    if (good)
        table_change_put(request, draft, version);
    table_release(draft);
    return good && table_description_respond(request, "TableDescription", request->table, "CREATING");
}
