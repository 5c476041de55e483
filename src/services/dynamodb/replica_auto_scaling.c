/*
 * DescribeTableReplicaAutoScaling, UpdateTableReplicaAutoScaling: of the one replica there is, in the Region
 * that is served. AWS: API reference.
 */
#include "services/dynamodb/auto_scaling.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/table_description.h"

static const struct shape_entry describe_members[] = {{"TableName", &input_table_name, true}, {0}};
static const struct shape describe_input = {.kind = SHAPE_STRUCTURE, .members = describe_members};

static const struct shape_entry write_index_members[] = {
    {"IndexName", &input_index_name, false},
    {"ProvisionedWriteCapacityAutoScalingUpdate", &auto_scaling_update, false},
    {0}};
static const struct shape write_index = {.kind = SHAPE_STRUCTURE, .members = write_index_members};
static const struct shape write_indexes = {.kind = SHAPE_LIST, .min = 1, .element = &write_index};
static const struct shape_entry read_index_members[] = {
    {"IndexName", &input_index_name, false},
    {"ProvisionedReadCapacityAutoScalingUpdate", &auto_scaling_update, false},
    {0}};
static const struct shape read_index = {.kind = SHAPE_STRUCTURE, .members = read_index_members};
static const struct shape read_indexes = {.kind = SHAPE_LIST, .element = &read_index};
static const struct shape_entry replica_members[] = {
    {"RegionName", &shape_string, true},
    {"ReplicaGlobalSecondaryIndexUpdates", &read_indexes, false},
    {"ReplicaProvisionedReadCapacityAutoScalingUpdate", &auto_scaling_update, false},
    {0}};
static const struct shape replica = {.kind = SHAPE_STRUCTURE, .members = replica_members};
static const struct shape replicas = {.kind = SHAPE_LIST, .min = 1, .element = &replica};
static const struct shape_entry update_members[] = {
    {"GlobalSecondaryIndexUpdates", &write_indexes, false},
    {"TableName", &input_table_name, true},
    {"ProvisionedWriteCapacityAutoScalingUpdate", &auto_scaling_update, false},
    {"ReplicaUpdates", &replicas, false},
    {0}};
static const struct shape update_input = {.kind = SHAPE_STRUCTURE, .members = update_members};

static void write_replica(struct request *request)
{
    const struct table *table = request->table;
    struct buffer *out = request->out;
    bool first = true, any = false;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "RegionName", request->server->region);
    json_write_name(out, &first, "GlobalSecondaryIndexes");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < table->index_count; i++) {
        bool inner = true;
        if (table->indexes[i].kind != INDEX_GLOBAL)
            continue;
        buffer_append_string(out, any ? ",{" : "{");
        any = true;
        json_write_string_member(out, &inner, "IndexName", table->indexes[i].name);
        json_write_string_member(out, &inner, "IndexStatus",
                                 slice_of(index_status_name(table->indexes[i].status)));
        auto_scaling_write(out, &inner, "ProvisionedReadCapacityAutoScalingSettings");
        auto_scaling_write(out, &inner, "ProvisionedWriteCapacityAutoScalingSettings");
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
    auto_scaling_write(out, &first, "ReplicaProvisionedReadCapacityAutoScalingSettings");
    auto_scaling_write(out, &first, "ReplicaProvisionedWriteCapacityAutoScalingSettings");
    json_write_string_member(out, &first, "ReplicaStatus", SLICE("ACTIVE"));
    buffer_append_byte(out, '}');
}

static bool respond(struct request *request)
{
    bool first = true;

    buffer_append_string(request->out, "{\"TableAutoScalingDescription\":{");
    json_write_string_member(request->out, &first, "TableName", request->table->name);
    json_write_string_member(request->out, &first, "TableStatus", slice_of(table_status(request->table)));
    json_write_name(request->out, &first, "Replicas");
    buffer_append_byte(request->out, '[');
    write_replica(request);
    buffer_append_string(request->out, "]}}");
    return true;
}

bool describe_table_replica_auto_scaling(struct request *request)
{
    return input_accepts(request, &describe_input) && input_find_table(request, true) && respond(request);
}

static bool check_index(struct request *request, struct slice name)
{
    const struct index *index = table_index(request->table, name);

    return (index != NULL && index->kind == INDEX_GLOBAL) ||
           fail(&request->failure, ERROR_RESOURCE_NOT_FOUND,
                "Requested resource not found: Table: %.*s Index: %.*s not found",
                SLICE_ARGS(request->table->name), SLICE_ARGS(name));
}

static bool check_indexes(struct request *request, const struct json *list)
{
    for (size_t i = 0; list != NULL && i < list->array.count; i++) {
        if (!check_index(request, shape_text(&list->array.items[i], "IndexName")))
            return false;
    }
    return true;
}

static bool check_replica(struct request *request, const struct json *update)
{
    struct slice region = shape_text(update, "RegionName");

    if (!slice_equal(region, request->server->region))
        return fail(&request->failure, ERROR_VALIDATION,
                    "The table has no replica in %.*s: this server serves the Region %.*s only",
                    SLICE_ARGS(region), SLICE_ARGS(request->server->region));
    return check_indexes(request, shape_member(update, "ReplicaGlobalSecondaryIndexUpdates")) &&
           auto_scaling_accepts(request, update, "ReplicaProvisionedReadCapacityAutoScalingUpdate") &&
           auto_scaling_accepts_each(request, update, "ReplicaGlobalSecondaryIndexUpdates",
                                     "ProvisionedReadCapacityAutoScalingUpdate");
}

bool update_table_replica_auto_scaling(struct request *request)
{
    const struct json *updates = shape_member(request->body, "ReplicaUpdates");

    if (!input_accepts(request, &update_input) || !input_find_table(request, true))
        return false;
    if (!check_indexes(request, shape_member(request->body, "GlobalSecondaryIndexUpdates")) ||
        !auto_scaling_accepts(request, request->body, "ProvisionedWriteCapacityAutoScalingUpdate") ||
        !auto_scaling_accepts_each(request, request->body, "GlobalSecondaryIndexUpdates",
                                   "ProvisionedWriteCapacityAutoScalingUpdate"))
        return false;
    for (size_t i = 0; updates != NULL && i < updates->array.count; i++) {
        if (!check_replica(request, &updates->array.items[i]))
            return false;
    }
    return respond(request);
}
