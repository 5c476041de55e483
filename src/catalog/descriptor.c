/*
 * The descriptor of a table: the JSON text under its catalog key.
 *
 *     {"Format":1,"Id":7,"Name":"TrackTable","Uuid":"...","Created":1700000000000,
 *      "Attributes":[["id","S"],["uploadedBy","S"]],
 *      "Partition":["id"],"Sort":[],
 *      "Indexes":[{"Name":"byUserId","Kind":"GLOBAL","Id":1,"Status":"ACTIVE","Partition":["uploadedBy"],"Sort":[],
 *                  "Projection":"ALL","Included":[],"Throughput":[0,0,0,0,0],"OnDemand":[-1,-1],"Warm":[-1,-1]}],
 *      "NextIndexId":2, "Billing":"PAY_PER_REQUEST", "OpenShards":[number,from,opened, ...], ...}
 *
 * Members that are absent take the value that they had before they existed, so that a newer server reads what
 * an older one wrote; "Format" changes only when that is impossible.
 */
#include "catalog/table.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/check.h"
#include "iam/policy.h"

enum { DESCRIPTOR_FORMAT = 1, DESCRIPTOR_DEPTH = 40 };

static const char *const index_kinds[] = {"LOCAL", "GLOBAL"};
static const char *const statuses[] = {"ACTIVE", "CREATING"};
static const char *const index_statuses[] = {"CREATING", "ACTIVE", "DELETING"};
static const char *const projections[] = {"ALL", "KEYS_ONLY", "INCLUDE"};
static const char *const billing_modes[] = {"PROVISIONED", "PAY_PER_REQUEST"};

static const char *const ttl_statuses[] = {"DISABLED", "ENABLING", "ENABLED", "DISABLING"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *index_status_name(enum index_status status)
{
    return index_statuses[status];
}

/* ---- writing ---- */

static void write_boolean(struct buffer *out, bool *first, const char *name, bool value)
{
    json_write_name(out, first, name);
    buffer_append_string(out, value ? "true" : "false");
}

static void write_numbers(struct buffer *out, bool *first, const char *name, const int64_t *numbers,
                          size_t count)
{
    json_write_name(out, first, name);
    for (size_t i = 0; i < count; i++) {
        buffer_append_byte(out, i == 0 ? '[' : ',');
        json_write_int64(out, numbers[i]);
    }
    buffer_append_byte(out, ']');
}

static void write_part_names(struct buffer *out, bool *first, const char *name, const struct key_part *parts,
                             unsigned count)
{
    json_write_name(out, first, name);
    buffer_append_byte(out, '[');
    for (unsigned i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        json_write_string(out, parts[i].name);
    }
    buffer_append_byte(out, ']');
}

static void write_keys(struct buffer *out, bool *first, const struct key_schema *keys)
{
    write_part_names(out, first, "Partition", keys->partition, keys->partition_count);
    write_part_names(out, first, "Sort", keys->sort, keys->sort_count);
}

static void write_capacity(struct buffer *out, bool *first, const struct throughput *throughput,
                           const struct units *on_demand, const struct units *warm)
{
    const int64_t provisioned[] = {throughput->read, throughput->write, throughput->last_increase,
                                   throughput->last_decrease, throughput->decreases_today};

    write_numbers(out, first, "Throughput", provisioned, COUNT(provisioned));
    write_numbers(out, first, "OnDemand", (int64_t[]){on_demand->read, on_demand->write}, 2);
    write_numbers(out, first, "Warm", (int64_t[]){warm->read, warm->write}, 2);
}

static void write_index(struct buffer *out, const struct index *index)
{
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "Name", index->name);
    json_write_string_member(out, &first, "Kind", slice_of(index_kinds[index->kind]));
    json_write_int64_member(out, &first, "Id", index->id);
    json_write_string_member(out, &first, "Status", slice_of(index_statuses[index->status]));
    write_keys(out, &first, &index->keys);
    json_write_string_member(out, &first, "Projection", slice_of(projections[index->projection]));
    json_write_name(out, &first, "Included");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < index->included_count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        json_write_string(out, index->included[i]);
    }
    buffer_append_byte(out, ']');
    write_capacity(out, &first, &index->throughput, &index->on_demand, &index->warm);
    buffer_append_byte(out, '}');
}

static void write_policy(struct buffer *out, bool *first, const char *name,
                         const struct resource_policy *policy)
{
    if (policy->document.len == 0)
        return;
    json_write_name(out, first, name);
    buffer_append_byte(out, '[');
    json_write_string(out, policy->document);
    buffer_append_byte(out, ',');
    json_write_string(out, policy->revision);
    buffer_append_byte(out, ']');
}

static void write_tags(struct buffer *out, bool *first, const struct table *table)
{
    if (table->tag_count == 0)
        return;
    json_write_name(out, first, "Tags");
    for (size_t i = 0; i < table->tag_count; i++) {
        bool inner = true;
        buffer_append_string(out, i == 0 ? "[{" : ",{");
        json_write_string_member(out, &inner, "Key", table->tags[i].key);
        json_write_string_member(out, &inner, "Value", table->tags[i].value);
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
}

static void write_restore(struct buffer *out, bool *first, const struct restore *restore)
{
    bool inner = true;

    json_write_name(out, first, "Restore");
    buffer_append_byte(out, '{');
    json_write_int64_member(out, &inner, "Source", restore->source_id);
    json_write_string_member(out, &inner, "Name", restore->source_name);
    json_write_string_member(out, &inner, "Backup", restore->backup_id);
    /* Numbers of commits stay far below the largest int64_t. */
    write_numbers(out, &inner, "Moment",
                  (int64_t[]){(int64_t)restore->moment.number, restore->moment.time, restore->time}, 3);
    buffer_append_byte(out, '}');
}

/* The open shards are a list of numbers, three each. */
static void write_stream(struct buffer *out, bool *first, const struct stream *stream)
{
    json_write_string_member(out, first, "StreamView", slice_of(stream_view_name(stream->view)));
    json_write_string_member(out, first, "StreamLabel", stream->label);
    json_write_int64_member(out, first, "StreamCreated", stream->created);
    json_write_int64_member(out, first, "NextShard", stream->next_shard);
    json_write_name(out, first, "OpenShards");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < stream->open_count; i++) {
        const struct open_shard *shard = &stream->open[i];
        buffer_printf(out, "%s%" PRIu32 ",%" PRIu32 ",%" PRId64, i > 0 ? "," : "", shard->number, shard->from,
                      shard->opened);
    }
    buffer_append_byte(out, ']');
}

static void write_settings(struct buffer *out, bool *first, const struct table *table)
{
    json_write_string_member(out, first, "Billing", slice_of(billing_modes[table->billing]));
    write_boolean(out, first, "BillingWasSet", table->billing_was_set);
    json_write_int64_member(out, first, "PayPerRequestSince", table->pay_per_request_since);
    write_capacity(out, first, &table->throughput, &table->on_demand, &table->warm);
    write_boolean(out, first, "DeletionProtection", table->deletion_protection);
    if (table->global_since > 0)
        json_write_int64_member(out, first, "GlobalSince", table->global_since);
    json_write_string_member(out, first, "TableClass", table->table_class);
    json_write_int64_member(out, first, "TableClassSince", table->table_class_since);
    write_stream(out, first, &table->stream);
    json_write_string_member(out, first, "TtlStatus", slice_of(ttl_statuses[table->time_to_live.status]));
    json_write_string_member(out, first, "TtlAttribute", table->time_to_live.attribute);
    if (table->keeps_history)
        write_boolean(out, first, "KeepsHistory", true);
    if (table->recovery.days > 0)
        write_numbers(out, first, "Recovery", (int64_t[]){table->recovery.days, table->recovery.floor}, 2);
    if (table->restore.source_id > 0)
        write_restore(out, first, &table->restore);
    write_boolean(out, first, "SseKms", table->sse_kms);
    json_write_string_member(out, first, "KmsKey", table->kms_key);
    json_write_int64_member(out, first, "SseSince", table->sse_since);
    write_policy(out, first, "ResourcePolicy", &table->policy);
    write_policy(out, first, "StreamPolicy", &table->stream_policy);
    write_tags(out, first, table);
}

void table_write_descriptor(struct buffer *out, const struct table *table)
{
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_int64_member(out, &first, "Format", DESCRIPTOR_FORMAT);
    json_write_int64_member(out, &first, "Id", table->id);
    json_write_string_member(out, &first, "Name", table->name);
    json_write_string_member(out, &first, "Uuid", table->uuid);
    json_write_int64_member(out, &first, "Created", table->created);
    json_write_string_member(out, &first, "Status", slice_of(statuses[table->status]));
    json_write_name(out, &first, "Attributes");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < table->definition_count; i++) {
        buffer_append_string(out, i > 0 ? ",[" : "[");
        json_write_string(out, table->definitions[i].name);
        buffer_append_byte(out, ',');
        json_write_string(out, slice_of(value_type_name(table->definitions[i].type)));
        buffer_append_byte(out, ']');
    }
    buffer_append_byte(out, ']');
    write_keys(out, &first, &table->keys);
    json_write_name(out, &first, "Indexes");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < table->index_count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        write_index(out, &table->indexes[i]);
    }
    buffer_append_byte(out, ']');
    json_write_int64_member(out, &first, "NextIndexId", table->next_index_id);
    write_settings(out, &first, table);
    buffer_append_byte(out, '}');
}

/* ---- reading ---- */

static struct slice read_text(const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);

    return member != NULL && member->type == JSON_STRING ? member->text : SLICE("");
}

static int64_t read_number(const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);
    int64_t number;

    return member != NULL && json_to_int64(member, &number) ? number : 0;
}

static bool read_boolean(const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);

    return member != NULL && member->type == JSON_BOOLEAN && member->boolean;
}

/* The place of the member's text in `words`, or -1. */
static int read_word(const struct json *object, const char *name, const char *const *words, size_t count)
{
    struct slice text = read_text(object, name);

    for (size_t i = 0; i < count; i++) {
        if (slice_is(text, words[i]))
            return (int)i;
    }
    return -1;
}

static void read_numbers(const struct json *object, const char *name, int64_t *out, size_t count)
{
    const struct json *member = json_get(object, name);

    if (member == NULL || member->type != JSON_ARRAY)
        return;
    for (size_t i = 0; i < count && i < member->array.count; i++) {
        if (!json_to_int64(&member->array.items[i], &out[i]))
            return;
    }
}

static enum value_type type_of_letter(struct slice letter)
{
    static const enum value_type types[] = {VALUE_S, VALUE_N, VALUE_B};

    for (size_t i = 0; i < COUNT(types); i++) {
        if (slice_is(letter, value_type_name(types[i])))
            return types[i];
    }
    return (enum value_type)0;
}

static bool read_definitions(const struct json *object, struct table *table)
{
    const struct json *list = json_get(object, "Attributes");

    if (list == NULL || list->type != JSON_ARRAY)
        return false;
    table->definition_count = list->array.count;
    table->definitions = arena_array(&table->arena, struct key_part, list->array.count);
    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *pair = &list->array.items[i];
        if (pair->type != JSON_ARRAY || pair->array.count != 2 || pair->array.items[0].type != JSON_STRING ||
            pair->array.items[1].type != JSON_STRING)
            return false;
        table->definitions[i].name = pair->array.items[0].text;
        table->definitions[i].type = type_of_letter(pair->array.items[1].text);
        if (table->definitions[i].type == 0)
            return false;
    }
    return true;
}

static bool read_parts(const struct json *object, const char *name, const struct table *table,
                       struct key_part *parts, unsigned *count)
{
    const struct json *list = json_get(object, name);

    if (list == NULL || list->type != JSON_ARRAY || list->array.count > KEY_PARTS_LIMIT)
        return false;
    *count = (unsigned)list->array.count;
    for (unsigned i = 0; i < *count; i++) {
        if (list->array.items[i].type != JSON_STRING)
            return false;
        parts[i].name = list->array.items[i].text;
        parts[i].type = table_attribute_type(table, parts[i].name);
        if (parts[i].type == 0)
            return false;
    }
    return true;
}

static bool read_keys(const struct json *object, const struct table *table, struct key_schema *keys)
{
    return read_parts(object, "Partition", table, keys->partition, &keys->partition_count) &&
           read_parts(object, "Sort", table, keys->sort, &keys->sort_count) && keys->partition_count > 0;
}

static void read_capacity(const struct json *object, struct throughput *throughput, struct units *on_demand,
                          struct units *warm)
{
    int64_t provisioned[5] = {0}, limits[2] = {-1, -1}, warmth[2] = {-1, -1};

    read_numbers(object, "Throughput", provisioned, COUNT(provisioned));
    read_numbers(object, "OnDemand", limits, COUNT(limits));
    read_numbers(object, "Warm", warmth, COUNT(warmth));
    *throughput =
        (struct throughput){provisioned[0], provisioned[1], provisioned[2], provisioned[3], provisioned[4]};
    *on_demand = (struct units){limits[0], limits[1]};
    *warm = (struct units){warmth[0], warmth[1]};
}

static bool read_index(const struct json *object, struct table *table, struct index *index)
{
    int kind = read_word(object, "Kind", index_kinds, COUNT(index_kinds));
    int status = read_word(object, "Status", index_statuses, COUNT(index_statuses));
    int projection = read_word(object, "Projection", projections, COUNT(projections));
    const struct json *included = json_get(object, "Included");
    int64_t id = read_number(object, "Id");

    if (kind < 0 || status < 0 || projection < 0 || included == NULL || included->type != JSON_ARRAY ||
        id <= 0 || id > UINT16_MAX || !read_keys(object, table, &index->keys))
        return false;
    index->name = read_text(object, "Name");
    index->kind = (enum index_kind)kind;
    index->status = (enum index_status)status;
    index->projection = (enum projection_type)projection;
    index->id = (uint16_t)id;
    index->included_count = included->array.count;
    index->included = arena_array(&table->arena, struct slice, included->array.count);
    for (size_t i = 0; i < included->array.count; i++) {
        if (included->array.items[i].type != JSON_STRING)
            return false;
        index->included[i] = included->array.items[i].text;
    }
    read_capacity(object, &index->throughput, &index->on_demand, &index->warm);
    return true;
}

static bool read_indexes(const struct json *object, struct table *table)
{
    const struct json *list = json_get(object, "Indexes");

    if (list == NULL || list->type != JSON_ARRAY)
        return false;
    table->index_count = list->array.count;
    table->indexes = arena_array(&table->arena, struct index, list->array.count);
    for (size_t i = 0; i < list->array.count; i++) {
        if (!read_index(&list->array.items[i], table, &table->indexes[i]))
            return false;
    }
    return true;
}

/* Before policies had revisions, "ResourcePolicy" was the document alone. */
static struct resource_policy read_policy(const struct json *object, const char *name)
{
    const struct json *pair = json_get(object, name);
    struct resource_policy policy = {read_text(object, name), SLICE("0"), NULL};

    if (pair != NULL && pair->type == JSON_ARRAY && pair->array.count == 2 &&
        pair->array.items[0].type == JSON_STRING && pair->array.items[1].type == JSON_STRING)
        policy = (struct resource_policy){pair->array.items[0].text, pair->array.items[1].text, NULL};
    return policy.document.len > 0 ? policy : (struct resource_policy){0};
}

/* A document that an older server has taken and this one would not: what it denied is not known, so that
 * nobody is let in whom policies limit. */
static const char deny_all[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Sid\":\"UnreadablePolicy\",\"Effect\":\"Deny\","
    "\"Principal\":\"*\",\"Action\":\"dynamodb:*\",\"Resource\":\"*\"}}";

static void compile_policy(struct resource_policy *policy, struct arena *arena)
{
    struct policy_problem problem;

    if (policy->document.len == 0)
        return;
    policy->compiled = policy_create(POLICY_RESOURCE, policy->document, arena, &problem);
    if (policy->compiled == NULL)
        policy->compiled = policy_create(POLICY_RESOURCE, slice_of(deny_all), arena, &problem);
    CHECK(policy->compiled != NULL);
}

static void read_tags(const struct json *object, struct table *table)
{
    const struct json *list = json_get(object, "Tags");

    for (size_t i = 0; list != NULL && list->type == JSON_ARRAY && i < list->array.count; i++) {
        const struct json *tag = &list->array.items[i];
        table_set_tag(table, read_text(tag, "Key"), read_text(tag, "Value"));
    }
}

static void read_time_to_live(const struct json *object, struct time_to_live *out)
{
    int status = read_word(object, "TtlStatus", ttl_statuses, COUNT(ttl_statuses));

    out->status = status < 0 ? TTL_DISABLED : (enum ttl_status)status;
    out->attribute = read_text(object, "TtlAttribute");
}

static void read_recovery(const struct json *object, struct recovery *recovery)
{
    int64_t numbers[2] = {0, 0};

    read_numbers(object, "Recovery", numbers, COUNT(numbers));
    *recovery = (struct recovery){numbers[0], numbers[1]};
}

static bool read_restore(const struct json *object, struct restore *restore)
{
    const struct json *member = json_get(object, "Restore");
    int64_t numbers[3] = {0, 0, 0}, source;

    if (member == NULL)
        return true;
    source = read_number(member, "Source");
    if (source <= 0 || source > UINT32_MAX)
        return false;
    read_numbers(member, "Moment", numbers, COUNT(numbers));
    *restore = (struct restore){.source_id = (uint32_t)source,
                                .source_name = read_text(member, "Name"),
                                .backup_id = read_text(member, "Backup"),
                                .moment = {(uint64_t)numbers[0], numbers[1]},
                                .time = numbers[2]};
    return true;
}

/* What an older server described as a stream, without shards, is none: it kept no records. */
static void read_stream(const struct json *object, struct table *table)
{
    enum { NUMBERS = 3 };
    const struct json *list = json_get(object, "OpenShards");
    struct stream *stream = &table->stream;

    if (list == NULL || list->type != JSON_ARRAY)
        return;
    stream->label = read_text(object, "StreamLabel");
    stream->created = read_number(object, "StreamCreated");
    stream->next_shard = (uint32_t)read_number(object, "NextShard");
    stream->open_count = list->array.count / NUMBERS;
    stream->open = arena_array(&table->arena, struct open_shard, stream->open_count);
    for (size_t i = 0; i < stream->open_count; i++) {
        int64_t numbers[NUMBERS] = {0};
        for (size_t j = 0; j < NUMBERS; j++) {
            if (!json_to_int64(&list->array.items[i * NUMBERS + j], &numbers[j]))
                numbers[j] = 0;
        }
        stream->open[i].number = (uint32_t)numbers[0];
        stream->open[i].from = (uint32_t)numbers[1];
        stream->open[i].opened = numbers[2];
    }
    if (stream->open_count > 0)
        stream->view = stream_view_of(read_text(object, "StreamView"));
}

static bool read_table(const struct json *object, struct table *table)
{
    int billing = read_word(object, "Billing", billing_modes, COUNT(billing_modes));
    int64_t id = read_number(object, "Id"), next_index_id = read_number(object, "NextIndexId");

    if (read_number(object, "Format") != DESCRIPTOR_FORMAT || billing < 0 || id <= 0 || id > UINT32_MAX ||
        next_index_id <= 0 || next_index_id > UINT16_MAX)
        return false;
    table->id = (uint32_t)id;
    table->next_index_id = (uint16_t)next_index_id;
    table->name = read_text(object, "Name");
    table->uuid = read_text(object, "Uuid");
    table->created = read_number(object, "Created");
    table->status = read_word(object, "Status", statuses, COUNT(statuses)) == TABLE_CREATING ? TABLE_CREATING
                                                                                             : TABLE_ACTIVE;
    table->billing = (enum billing_mode)billing;
    table->billing_was_set = read_boolean(object, "BillingWasSet");
    table->pay_per_request_since = read_number(object, "PayPerRequestSince");
    read_capacity(object, &table->throughput, &table->on_demand, &table->warm);
    table->deletion_protection = read_boolean(object, "DeletionProtection");
    table->global_since = read_number(object, "GlobalSince");
    table->table_class = read_text(object, "TableClass");
    table->table_class_since = read_number(object, "TableClassSince");
    read_stream(object, table);
    read_time_to_live(object, &table->time_to_live);
    table->keeps_history = read_boolean(object, "KeepsHistory");
    read_recovery(object, &table->recovery);
    if (!read_restore(object, &table->restore))
        return false;
    table->sse_kms = read_boolean(object, "SseKms");
    table->kms_key = read_text(object, "KmsKey");
    table->sse_since = read_number(object, "SseSince");
    table->policy = read_policy(object, "ResourcePolicy");
    table->stream_policy = read_policy(object, "StreamPolicy");
    compile_policy(&table->policy, &table->arena);
    compile_policy(&table->stream_policy, &table->arena);
    read_tags(object, table);
    return table->name.len > 0 && read_definitions(object, table) && read_keys(object, table, &table->keys) &&
           read_indexes(object, table);
}

struct table *table_read_descriptor(struct slice text)
{
    struct table *table = table_create();
    const struct json *object;

    /* The tree points into the text, so the table keeps its own copy. */
    struct slice kept = arena_copy(&table->arena, text);
    if (json_parse(&table->arena, kept, DESCRIPTOR_DEPTH, &object) == JSON_OK &&
        object->type == JSON_OBJECT && read_table(object, table))
        return table;
    table_release(table);
    return NULL;
}
