#include "services/dynamodb/backup_description.h"

#include "base/clock.h"
#include "catalog/keys.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/table_description.h"
#include "services/gate.h"
#include "services/storage_failure.h"

const struct shape backup_arn_shape = {.kind = SHAPE_STRING, .min = 37, .max = 1024};
const struct shape backup_name_shape = {
    .kind = SHAPE_STRING, .min = 3, .max = 255, .matches = input_is_name, .pattern = "[a-zA-Z0-9_.-]+"};

static const char *const types[] = {"USER", "SYSTEM"};

struct slice backup_arn(struct request *request, const struct backup *backup)
{
    struct slice of_table = table_arn(request, backup->table);

    return arena_printf(request->arena, "%.*s/backup/%.*s", SLICE_ARGS(of_table), SLICE_ARGS(backup->id));
}

bool backup_arn_id(struct slice arn, struct slice *table_name, struct slice *id)
{
    static const char backup_part[] = "/backup/";
    struct slice resource = input_table_in_arn(arn);
    const char *slash = resource.len == 0 ? NULL : memchr(resource.ptr, '/', resource.len);

    if (slash == NULL)
        return false;
    *table_name = (struct slice){resource.ptr, (size_t)(slash - resource.ptr)};
    struct slice rest = slice_skip(resource, table_name->len);
    if (!slice_starts_with(rest, slice_of(backup_part)))
        return false;
    *id = slice_skip(rest, sizeof(backup_part) - 1);
    return input_is_table_name(*table_name) && input_is_name(*id);
}

bool backup_find(struct request *request, struct backup *out)
{
    struct slice arn = shape_text(request->body, "BackupArn"), name, id;
    enum storage_status status = STORAGE_NOT_FOUND;

    *out = (struct backup){0};
    if (!gate_pass(request))
        return false;
    if (backup_arn_id(arn, &name, &id))
        status = backup_read(request->server->storage, NULL, id, request->arena, out);
    if (status == STORAGE_NOT_FOUND || (status == STORAGE_OK && !slice_equal(out->table->name, name)))
        return fail(&request->failure, ERROR_BACKUP_NOT_FOUND, "Backup not found: %.*s", SLICE_ARGS(arn));
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

bool backup_make(struct request *request, struct table *table, struct slice name, enum backup_type type,
                 struct backup *out)
{
    int64_t counters[2] = {0, 0}, now = clock_now();

    enum storage_status status =
        storage_read_counters(request->server->storage, keys_counters(request->arena, table, NULL), counters);
    *out = (struct backup){.id = backup_id_create(request->arena, now),
                           .name = name,
                           .type = type,
                           .created = now,
                           .items = counters[0],
                           .bytes = counters[1],
                           .table = table_retain(table)};
    if (type == BACKUP_SYSTEM)
        out->expires = now + SYSTEM_BACKUP_DAYS * MILLISECONDS_A_DAY;
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

bool backup_find_table(struct request *request)
{
    struct slice name;

    if (!input_table_name_of(request, shape_text(request->body, "TableName"), &name))
        return false;
    request->table = gate_table(request, name);
    if (request->table == NULL)
        return fail(&request->failure, ERROR_TABLE_NOT_FOUND, "Table not found: %.*s", SLICE_ARGS(name));
    return true;
}

/* ---- descriptions ---- */

/* What details and summary both have. */
static void write_backup(struct request *request, bool *first, const struct backup *backup,
                         const char *status)
{
    struct buffer *out = request->out;

    json_write_string_member(out, first, "BackupArn", backup_arn(request, backup));
    json_write_string_member(out, first, "BackupName", backup->name);
    json_write_int64_member(out, first, "BackupSizeBytes", backup->bytes);
    json_write_string_member(out, first, "BackupStatus", slice_of(status));
    json_write_string_member(out, first, "BackupType", slice_of(types[backup->type]));
    json_write_time_member(out, first, "BackupCreationDateTime", backup->created);
    if (backup->expires > 0)
        json_write_time_member(out, first, "BackupExpiryDateTime", backup->expires);
}

static void write_table_names(struct request *request, bool *first, const struct table *table)
{
    json_write_string_member(request->out, first, "TableName", table->name);
    json_write_string_member(request->out, first, "TableId", table->uuid);
    json_write_string_member(request->out, first, "TableArn", table_arn(request, table));
}

void backup_describe_details(struct request *request, bool *first, const struct backup *backup,
                             const char *status)
{
    bool inner = true;

    json_write_name(request->out, first, "BackupDetails");
    buffer_append_byte(request->out, '{');
    write_backup(request, &inner, backup, status);
    buffer_append_byte(request->out, '}');
}

void backup_describe_summary(struct request *request, const struct backup *backup)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    write_table_names(request, &first, backup->table);
    write_backup(request, &first, backup, "AVAILABLE");
    buffer_append_byte(request->out, '}');
}

static void write_throughput(struct buffer *out, bool *first, const struct throughput *throughput)
{
    bool inner = true;

    json_write_name(out, first, "ProvisionedThroughput");
    buffer_append_byte(out, '{');
    json_write_int64_member(out, &inner, "ReadCapacityUnits", throughput->read);
    json_write_int64_member(out, &inner, "WriteCapacityUnits", throughput->write);
    buffer_append_byte(out, '}');
}

static void write_table(struct request *request, bool *first, const struct backup *backup)
{
    const struct table *table = backup->table;
    struct buffer *out = request->out;
    bool inner = true;

    json_write_name(out, first, "SourceTableDetails");
    buffer_append_byte(out, '{');
    write_table_names(request, &inner, table);
    json_write_int64_member(out, &inner, "TableSizeBytes", backup->bytes);
    table_description_write_keys(out, &inner, &table->keys);
    json_write_time_member(out, &inner, "TableCreationDateTime", table->created);
    write_throughput(out, &inner, &table->throughput);
    table_description_write_on_demand(out, &inner, &table->on_demand);
    json_write_int64_member(out, &inner, "ItemCount", backup->items);
    json_write_string_member(
        out, &inner, "BillingMode",
        slice_of(table->billing == BILLING_PROVISIONED ? "PROVISIONED" : "PAY_PER_REQUEST"));
    buffer_append_byte(out, '}');
}

static void write_indexes(struct buffer *out, bool *first, const struct table *table, enum index_kind kind)
{
    bool any = false;

    for (size_t i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];
        bool inner = true;
        if (index->kind != kind || index->status == INDEX_DELETING)
            continue;
        if (!any)
            json_write_name(out, first,
                            kind == INDEX_LOCAL ? "LocalSecondaryIndexes" : "GlobalSecondaryIndexes");
        buffer_append_string(out, any ? ",{" : "[{");
        any = true;
        json_write_string_member(out, &inner, "IndexName", index->name);
        table_description_write_keys(out, &inner, &index->keys);
        table_description_write_projection(out, &inner, index);
        if (kind == INDEX_GLOBAL) {
            write_throughput(out, &inner, &index->throughput);
            table_description_write_on_demand(out, &inner, &index->on_demand);
        }
        buffer_append_byte(out, '}');
    }
    if (any)
        buffer_append_byte(out, ']');
}

void backup_describe_table(struct request *request, bool *first, const struct backup *backup)
{
    const struct table *table = backup->table;
    struct buffer *out = request->out;
    bool inner = true;

    write_table(request, first, backup);
    json_write_name(out, first, "SourceTableFeatureDetails");
    buffer_append_byte(out, '{');
    write_indexes(out, &inner, table, INDEX_LOCAL);
    write_indexes(out, &inner, table, INDEX_GLOBAL);
    if (table->stream.view != STREAM_OFF)
        table_description_write_stream(out, &inner, "StreamDescription", table);
    table_description_write_time_to_live(out, &inner, table);
    if (table->sse_kms)
        table_description_write_sse(request, &inner, table);
    buffer_append_byte(out, '}');
}
