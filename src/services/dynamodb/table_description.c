#include "services/dynamodb/table_description.h"

#include "base/clock.h"
#include "base/json.h"
#include "catalog/arn.h"
#include "catalog/keys.h"
#include "services/dynamodb/table_capacity.h"
#include "services/storage_failure.h"

const char *table_status(const struct table *table)
{
    if (table->status == TABLE_CREATING)
        return "CREATING";
    return table_is_updating(table) ? "UPDATING" : "ACTIVE";
}

struct slice table_arn_of(struct request *request, struct slice name)
{
    return arn_of_table(request->arena, request->server->region, request->server->account_id, name);
}

struct slice table_arn(struct request *request, const struct table *table)
{
    return table_arn_of(request, table->name);
}

static void write_definitions(struct buffer *out, bool *first, const struct table *table)
{
    json_write_name(out, first, "AttributeDefinitions");
    for (size_t i = 0; i < table->definition_count; i++) {
        buffer_append_string(out, i == 0 ? "[{\"AttributeName\":" : ",{\"AttributeName\":");
        json_write_string(out, table->definitions[i].name);
        buffer_printf(out, ",\"AttributeType\":\"%s\"}", value_type_name(table->definitions[i].type));
    }
    buffer_append_byte(out, ']');
}

static void write_parts(struct buffer *out, const struct key_part *parts, unsigned count, const char *type,
                        bool *first)
{
    for (unsigned i = 0; i < count; i++) {
        buffer_append_string(out, *first ? "{\"AttributeName\":" : ",{\"AttributeName\":");
        *first = false;
        json_write_string(out, parts[i].name);
        buffer_printf(out, ",\"KeyType\":\"%s\"}", type);
    }
}

void table_description_write_keys(struct buffer *out, bool *first, const struct key_schema *keys)
{
    bool first_part = true;

    json_write_name(out, first, "KeySchema");
    buffer_append_byte(out, '[');
    write_parts(out, keys->partition, keys->partition_count, "HASH", &first_part);
    write_parts(out, keys->sort, keys->sort_count, "RANGE", &first_part);
    buffer_append_byte(out, ']');
}

static void write_throughput(struct buffer *out, bool *first, const struct throughput *throughput)
{
    bool inner = true;

    json_write_name(out, first, "ProvisionedThroughput");
    buffer_append_byte(out, '{');
    if (throughput->last_increase > 0)
        json_write_time_member(out, &inner, "LastIncreaseDateTime", throughput->last_increase);
    if (throughput->last_decrease > 0)
        json_write_time_member(out, &inner, "LastDecreaseDateTime", throughput->last_decrease);
    json_write_int64_member(out, &inner, "NumberOfDecreasesToday",
                            throughput_decreases(throughput, clock_now()));
    json_write_int64_member(out, &inner, "ReadCapacityUnits", throughput->read);
    json_write_int64_member(out, &inner, "WriteCapacityUnits", throughput->write);
    buffer_append_byte(out, '}');
}

void table_description_write_on_demand(struct buffer *out, bool *first, const struct units *units)
{
    bool inner = true;

    if (units->read < 0 && units->write < 0)
        return;
    json_write_name(out, first, "OnDemandThroughput");
    buffer_append_byte(out, '{');
    json_write_int64_member(out, &inner, "MaxReadRequestUnits", units->read);
    json_write_int64_member(out, &inner, "MaxWriteRequestUnits", units->write);
    buffer_append_byte(out, '}');
}

static void write_warm(struct buffer *out, bool *first, const struct table *table, const struct index *index)
{
    struct units warm = table_capacity_warm(table, index);
    bool inner = true;

    json_write_name(out, first, "WarmThroughput");
    buffer_append_byte(out, '{');
    json_write_int64_member(out, &inner, "ReadUnitsPerSecond", warm.read);
    json_write_int64_member(out, &inner, "WriteUnitsPerSecond", warm.write);
    json_write_string_member(out, &inner, "Status", SLICE("ACTIVE"));
    buffer_append_byte(out, '}');
}

void table_description_write_projection(struct buffer *out, bool *first, const struct index *index)
{
    static const char *const types[] = {"ALL", "KEYS_ONLY", "INCLUDE"};

    json_write_name(out, first, "Projection");
    buffer_printf(out, "{\"ProjectionType\":\"%s\"", types[index->projection]);
    for (size_t i = 0; i < index->included_count; i++) {
        buffer_append_string(out, i == 0 ? ",\"NonKeyAttributes\":[" : ",");
        json_write_string(out, index->included[i]);
    }
    buffer_append_string(out, index->included_count > 0 ? "]}" : "}");
}

static enum storage_status read_counters(struct request *request, const struct table *table,
                                         const struct index *index, int64_t counters[2])
{
    struct slice key = keys_counters(request->arena, table, index);

    return storage_read_counters(request->server->storage, key, counters);
}

/* When the table is described: by DescribeTable, or in the answer of what changes it, before the work behind
 * has begun. */
struct occasion {
    const char *status;
    bool described;
};

static bool write_index(struct request *request, const struct table *table, const struct index *index,
                        const struct occasion *occasion)
{
    struct buffer *out = request->out;
    struct slice arn = table_arn(request, table);
    int64_t counters[2] = {0, 0};
    bool first = true;

    enum storage_status counted = read_counters(request, table, index, counters);
    if (counted != STORAGE_OK)
        return storage_failure(&request->failure, counted);
    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "IndexName", index->name);
    table_description_write_keys(out, &first, &index->keys);
    table_description_write_projection(out, &first, index);
    if (index->kind == INDEX_GLOBAL) {
        /* The indexes of a new table are made with it. */
        bool is_new = strcmp(occasion->status, "CREATING") == 0;
        json_write_string_member(out, &first, "IndexStatus",
                                 slice_of(index_status_name(is_new ? INDEX_CREATING : index->status)));
        if (index->status == INDEX_CREATING) {
            json_write_name(out, &first, "Backfilling");
            buffer_append_string(out, occasion->described ? "true" : "false");
        }
        write_throughput(out, &first, &index->throughput);
        table_description_write_on_demand(out, &first, &index->on_demand);
        write_warm(out, &first, table, index);
    }
    json_write_int64_member(out, &first, "IndexSizeBytes", counters[1]);
    json_write_int64_member(out, &first, "ItemCount", counters[0]);
    json_write_string_member(
        out, &first, "IndexArn",
        arena_printf(request->arena, "%.*s/index/%.*s", SLICE_ARGS(arn), SLICE_ARGS(index->name)));
    buffer_append_byte(out, '}');
    return true;
}

static bool write_indexes(struct request *request, bool *first, const struct table *table,
                          enum index_kind kind, const struct occasion *occasion)
{
    bool any = false;

    for (size_t i = 0; i < table->index_count; i++) {
        if (table->indexes[i].kind != kind)
            continue;
        if (!any) {
            json_write_name(request->out, first,
                            kind == INDEX_LOCAL ? "LocalSecondaryIndexes" : "GlobalSecondaryIndexes");
        }
        buffer_append_byte(request->out, any ? ',' : '[');
        any = true;
        if (!write_index(request, table, &table->indexes[i], occasion))
            return false;
    }
    if (any)
        buffer_append_byte(request->out, ']');
    return true;
}

void table_description_write_billing(struct buffer *out, bool *first, const char *member,
                                     const struct table *table)
{
    bool inner = true;

    if (!table->billing_was_set)
        return;
    json_write_name(out, first, member);
    buffer_append_byte(out, '{');
    json_write_string_member(out, &inner, "BillingMode",
                             table->billing == BILLING_PROVISIONED ? SLICE("PROVISIONED")
                                                                   : SLICE("PAY_PER_REQUEST"));
    if (table->pay_per_request_since > 0)
        json_write_time_member(out, &inner, "LastUpdateToPayPerRequestDateTime",
                               table->pay_per_request_since);
    buffer_append_byte(out, '}');
}

void table_description_write_class(struct buffer *out, bool *first, const char *member,
                                   const struct table *table)
{
    bool inner = true;

    if (table->table_class.len == 0)
        return;
    json_write_name(out, first, member);
    buffer_append_byte(out, '{');
    json_write_string_member(out, &inner, "TableClass", table->table_class);
    if (table->table_class_since > 0)
        json_write_time_member(out, &inner, "LastUpdateDateTime", table->table_class_since);
    buffer_append_byte(out, '}');
}

void table_description_write_stream(struct buffer *out, bool *first, const char *member,
                                    const struct table *table)
{
    json_write_name(out, first, member);
    buffer_append_string(out, "{\"StreamEnabled\":true,\"StreamViewType\":");
    json_write_string(out, slice_of(stream_view_name(table->stream.view)));
    buffer_append_byte(out, '}');
}

static void write_stream(struct request *request, bool *first, const struct table *table)
{
    struct slice arn = table_arn(request, table);
    struct buffer *out = request->out;

    if (table->stream.view != STREAM_OFF)
        table_description_write_stream(out, first, "StreamSpecification", table);
    if (table->stream.label.len == 0)
        return;
    json_write_string_member(out, first, "LatestStreamLabel", table->stream.label);
    json_write_string_member(
        out, first, "LatestStreamArn",
        arena_printf(request->arena, "%.*s/stream/%.*s", SLICE_ARGS(arn), SLICE_ARGS(table->stream.label)));
}

void table_description_write_time_to_live(struct buffer *out, bool *first, const struct table *table)
{
    static const char *const statuses[] = {"DISABLED", "ENABLING", "ENABLED", "DISABLING"};
    const struct time_to_live *now = &table->time_to_live;
    bool inner = true;

    json_write_name(out, first, "TimeToLiveDescription");
    buffer_append_byte(out, '{');
    json_write_string_member(out, &inner, "TimeToLiveStatus", slice_of(statuses[now->status]));
    if (now->attribute.len > 0)
        json_write_string_member(out, &inner, "AttributeName", now->attribute);
    buffer_append_byte(out, '}');
}

void table_description_write_sse(struct request *request, bool *first, const struct table *table)
{
    const struct server *server = request->server;
    struct buffer *out = request->out;
    struct slice key = table->kms_key;

    if (key.len == 0)
        key = arena_printf(request->arena, "arn:aws:kms:%.*s:%.*s:key/alias/aws/dynamodb",
                           SLICE_ARGS(server->region), SLICE_ARGS(server->account_id));
    json_write_name(out, first, "SSEDescription");
    buffer_append_string(out, "{\"Status\":\"ENABLED\",\"SSEType\":\"KMS\",\"KMSMasterKeyArn\":");
    json_write_string(out, key);
    buffer_append_byte(out, '}');
}

/* AWS tells where the items of a restored table come from for as long as the table is. */
static void write_restore(struct request *request, bool *first, const struct table *table)
{
    const struct restore *restore = &table->restore;
    struct slice arn = table_arn_of(request, restore->source_name);
    struct buffer *out = request->out;
    bool inner = true;

    if (restore->source_id == 0)
        return;
    json_write_name(out, first, "RestoreSummary");
    buffer_append_byte(out, '{');
    if (restore->backup_id.len > 0)
        json_write_string_member(out, &inner, "SourceBackupArn",
                                 arena_printf(request->arena, "%.*s/backup/%.*s", SLICE_ARGS(arn),
                                              SLICE_ARGS(restore->backup_id)));
    json_write_string_member(out, &inner, "SourceTableArn", arn);
    json_write_time_member(out, &inner, "RestoreDateTime", restore->time);
    json_write_name(out, &inner, "RestoreInProgress");
    buffer_append_string(out, table_is_restoring(table) ? "true}" : "false}");
}

static void write_settings(struct request *request, bool *first, const struct table *table)
{
    struct buffer *out = request->out;

    if (table->sse_kms)
        table_description_write_sse(request, first, table);
    table_description_write_class(out, first, "TableClassSummary", table);
    json_write_name(out, first, "DeletionProtectionEnabled");
    buffer_append_string(out, table->deletion_protection ? "true" : "false");
    table_description_write_on_demand(out, first, &table->on_demand);
    write_warm(out, first, table, NULL);
}

bool table_description_respond(struct request *request, const char *member, const struct table *table,
                               const char *status)
{
    struct buffer *out = request->out;
    const struct occasion occasion = {status, strcmp(member, "Table") == 0};
    int64_t counters[2] = {0, 0};
    bool first = true;

    enum storage_status counted = read_counters(request, table, NULL, counters);
    if (counted != STORAGE_OK)
        return storage_failure(&request->failure, counted);
    buffer_printf(out, "{\"%s\":{", member);
    write_definitions(out, &first, table);
    json_write_string_member(out, &first, "TableName", table->name);
    table_description_write_keys(out, &first, &table->keys);
    json_write_string_member(out, &first, "TableStatus", slice_of(status));
    json_write_time_member(out, &first, "CreationDateTime", table->created);
    write_throughput(out, &first, &table->throughput);
    json_write_int64_member(out, &first, "TableSizeBytes", counters[1]);
    json_write_int64_member(out, &first, "ItemCount", counters[0]);
    json_write_string_member(out, &first, "TableArn", table_arn(request, table));
    json_write_string_member(out, &first, "TableId", table->uuid);
    table_description_write_billing(out, &first, "BillingModeSummary", table);
    if (!write_indexes(request, &first, table, INDEX_LOCAL, &occasion) ||
        !write_indexes(request, &first, table, INDEX_GLOBAL, &occasion))
        return false;
    write_stream(request, &first, table);
    write_settings(request, &first, table);
    write_restore(request, &first, table);
    buffer_append_string(out, "}}");
    return true;
}
