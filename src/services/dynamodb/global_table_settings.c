/*
 * DescribeGlobalTableSettings, UpdateGlobalTableSettings: the settings of the one replica of a global table,
 * which are the table's own. AWS: API reference.
 */
#include "services/accepts.h"
#include "services/dynamodb/auto_scaling.h"
#include "services/dynamodb/global_table.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/resource.h"
#include "services/dynamodb/table_capacity.h"
#include "services/dynamodb/table_description.h"
#include "services/dynamodb/table_input.h"

static const struct shape_entry describe_members[] = {{"GlobalTableName", &global_table_name, true}, {0}};
static const struct shape describe_input = {.kind = SHAPE_STRUCTURE, .members = describe_members};

static const struct shape units = {.kind = SHAPE_LONG, .min = 1};

static const struct shape_entry index_members[] = {
    {"IndexName", &input_index_name, true},
    {"ProvisionedWriteCapacityUnits", &units, false},
    {"ProvisionedWriteCapacityAutoScalingSettingsUpdate", &auto_scaling_update, false},
    {0}};
static const struct shape index_settings = {.kind = SHAPE_STRUCTURE, .members = index_members};
static const struct shape indexes_settings = {
    .kind = SHAPE_LIST, .min = 1, .max = GLOBAL_INDEX_LIMIT, .element = &index_settings};

static const struct shape_entry replica_index_members[] = {
    {"IndexName", &input_index_name, true},
    {"ProvisionedReadCapacityUnits", &units, false},
    {"ProvisionedReadCapacityAutoScalingSettingsUpdate", &auto_scaling_update, false},
    {0}};
static const struct shape replica_index = {.kind = SHAPE_STRUCTURE, .members = replica_index_members};
static const struct shape replica_indexes = {
    .kind = SHAPE_LIST, .min = 1, .max = GLOBAL_INDEX_LIMIT, .element = &replica_index};

static const struct shape_entry replica_members[] = {
    {"RegionName", &shape_string, true},
    {"ReplicaProvisionedReadCapacityUnits", &units, false},
    {"ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate", &auto_scaling_update, false},
    {"ReplicaGlobalSecondaryIndexSettingsUpdate", &replica_indexes, false},
    {"ReplicaTableClass", &table_input_table_class, false},
    {0}};
static const struct shape replica = {.kind = SHAPE_STRUCTURE, .members = replica_members};
static const struct shape replicas = {.kind = SHAPE_LIST, .min = 1, .max = 50, .element = &replica};

static const struct shape_entry update_members[] = {
    {"GlobalTableName", &global_table_name, true},
    {"GlobalTableBillingMode", &table_input_billing_mode, false},
    {"GlobalTableProvisionedWriteCapacityUnits", &units, false},
    {"GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate", &auto_scaling_update, false},
    {"GlobalTableGlobalSecondaryIndexSettingsUpdate", &indexes_settings, false},
    {"ReplicaSettingsUpdate", &replicas, false},
    {0}};
static const struct shape update_input = {.kind = SHAPE_STRUCTURE, .members = update_members};

static void write_indexes(struct buffer *out, bool *first, const struct table *table)
{
    bool any = false;

    json_write_name(out, first, "ReplicaGlobalSecondaryIndexSettings");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];
        bool inner = true;
        if (index->kind != INDEX_GLOBAL)
            continue;
        buffer_append_string(out, any ? ",{" : "{");
        any = true;
        json_write_string_member(out, &inner, "IndexName", index->name);
        json_write_string_member(out, &inner, "IndexStatus", slice_of(index_status_name(index->status)));
        json_write_int64_member(out, &inner, "ProvisionedReadCapacityUnits", index->throughput.read);
        auto_scaling_write(out, &inner, "ProvisionedReadCapacityAutoScalingSettings");
        json_write_int64_member(out, &inner, "ProvisionedWriteCapacityUnits", index->throughput.write);
        auto_scaling_write(out, &inner, "ProvisionedWriteCapacityAutoScalingSettings");
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
}

static bool respond(struct request *request, const struct table *table, const char *status)
{
    struct buffer *out = request->out;
    bool first = true, inner = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "GlobalTableName", table->name);
    buffer_append_string(out, ",\"ReplicaSettings\":[{");
    json_write_string_member(out, &inner, "RegionName", request->server->region);
    json_write_string_member(out, &inner, "ReplicaStatus", slice_of(status));
    table_description_write_billing(out, &inner, "ReplicaBillingModeSummary", table);
    json_write_int64_member(out, &inner, "ReplicaProvisionedReadCapacityUnits", table->throughput.read);
    auto_scaling_write(out, &inner, "ReplicaProvisionedReadCapacityAutoScalingSettings");
    json_write_int64_member(out, &inner, "ReplicaProvisionedWriteCapacityUnits", table->throughput.write);
    auto_scaling_write(out, &inner, "ReplicaProvisionedWriteCapacityAutoScalingSettings");
    write_indexes(out, &inner, table);
    table_description_write_class(out, &inner, "ReplicaTableClassSummary", table);
    buffer_append_string(out, "}]}");
    return true;
}

bool describe_global_table_settings(struct request *request)
{
    return accepts(request, &describe_input) && global_table_find(request) &&
           respond(request, request->table, table_status(request->table));
}

/* ---- changing them ---- */

static bool read_indexes(struct request *request, struct table *draft, const struct json *list,
                         const char *member, bool is_read)
{
    for (size_t i = 0; list != NULL && i < list->array.count; i++) {
        struct slice name = shape_text(&list->array.items[i], "IndexName");
        struct index *index = table_index_mutable(draft, name);
        if (index == NULL || index->kind != INDEX_GLOBAL)
            return fail(&request->failure, ERROR_INDEX_NOT_FOUND, "Index not found: Table: %.*s Index: %.*s",
                        SLICE_ARGS(draft->name), SLICE_ARGS(name));
        int64_t *wanted = is_read ? &index->throughput.read : &index->throughput.write;
        *wanted = shape_number(&list->array.items[i], member, *wanted);
    }
    return true;
}

static bool read_replica(struct request *request, struct table *draft, const struct json *update)
{
    struct slice region = shape_text(update, "RegionName"), class = shape_text(update, "ReplicaTableClass");

    if (!global_table_is_home(request, region))
        return fail(&request->failure, ERROR_REPLICA_NOT_FOUND, "Replica not found in Region: %.*s",
                    SLICE_ARGS(region));
    if (!auto_scaling_accepts(request, update, "ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate") ||
        !auto_scaling_accepts_each(request, update, "ReplicaGlobalSecondaryIndexSettingsUpdate",
                                   "ProvisionedReadCapacityAutoScalingSettingsUpdate"))
        return false;
    draft->throughput.read =
        shape_number(update, "ReplicaProvisionedReadCapacityUnits", draft->throughput.read);
    if (class.ptr != NULL)
        table_input_set_class(draft, class, false);
    return read_indexes(request, draft, shape_member(update, "ReplicaGlobalSecondaryIndexSettingsUpdate"),
                        "ProvisionedReadCapacityUnits", true);
}

static bool change(struct request *request, struct table *draft)
{
    const struct json *body = request->body, *list = shape_member(body, "ReplicaSettingsUpdate");
    struct slice mode = shape_text(body, "GlobalTableBillingMode");

    if (!auto_scaling_accepts(request, body,
                              "GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate") ||
        !auto_scaling_accepts_each(request, body, "GlobalTableGlobalSecondaryIndexSettingsUpdate",
                                   "ProvisionedWriteCapacityAutoScalingSettingsUpdate"))
        return false;
    if (mode.ptr != NULL)
        table_capacity_set_billing(draft, mode);
    draft->throughput.write =
        shape_number(body, "GlobalTableProvisionedWriteCapacityUnits", draft->throughput.write);
    if (!read_indexes(request, draft, shape_member(body, "GlobalTableGlobalSecondaryIndexSettingsUpdate"),
                      "ProvisionedWriteCapacityUnits", false))
        return false;
    for (size_t i = 0; list != NULL && i < list->array.count; i++) {
        if (!read_replica(request, draft, &list->array.items[i]))
            return false;
    }
    return table_capacity_check(request, request->table, draft);
}

bool update_global_table_settings(struct request *request)
{
    if (!accepts(request, &update_input) || !global_table_find(request))
        return false;
    if (table_is_updating(request->table))
        return fail(&request->failure, ERROR_RESOURCE_IN_USE,
                    "Attempt to change a resource which is still in use: Table is being updated: %.*s",
                    SLICE_ARGS(request->table->name));
    return resource_change(request, change) && respond(request, request->table, "UPDATING");
}
