/*
 * BatchGetItem: reads up to 100 items of several tables, up to 16 MB; the keys that did not fit come back as
 * unprocessed. AWS: API reference, BatchGetItem.
 */
#include "catalog/keys.h"
#include "items/attribute_value.h"
#include "items/item_codec.h"
#include "services/accepts.h"
#include "services/dynamodb/capacity.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/legacy_input.h"
#include "services/meter.h"
#include "services/storage_failure.h"

enum { KEYS_LIMIT = 100, ANSWER_LIMIT = 16 * 1024 * 1024 };

static const struct shape key_list = {
    .kind = SHAPE_LIST, .min = 1, .max = KEYS_LIMIT, .element = &shape_attribute_map};
static const struct shape_entry table_members[] = {
    {"Keys", &key_list, true},
    {"ConsistentRead", &shape_boolean_value, false},
    {"AttributesToGet", &input_attributes_to_get, false},
    {"ProjectionExpression", &shape_string, false},
    {"ExpressionAttributeNames", &shape_string_map, false},
    {0},
};
static const struct shape keys_and_attributes = {.kind = SHAPE_STRUCTURE,
                                                 .members = table_members,
                                                 .java =
                                                     "com.amazonaws.dynamodb.v20120810.KeysAndAttributes"};
static const struct shape request_items = {.kind = SHAPE_MAP,
                                           .min = 1,
                                           .max = KEYS_LIMIT,
                                           .element = &keys_and_attributes,
                                           .names = &input_table_name};
static const struct shape_entry members[] = {
    {"ReturnConsumedCapacity", &input_return_consumed_capacity, false},
    {"RequestItems", &request_items, true},
    {0},
};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static const char *const expressions[] = {"ProjectionExpression", NULL};
static const char *const legacy[] = {"AttributesToGet", NULL};

/* What is asked of one table. */
struct part {
    const struct json_member *asked; /* its member of RequestItems */
    const struct json *key_list;
    struct item *keys;
    struct slice *places; /* the keys in the storage */
    size_t key_count;
    size_t done; /* how many keys were read; the others are unprocessed */
    bool consistent;
    struct placeholders *placeholders;
    struct projection *projection;
    struct table *table;
    struct capacity capacity;
    struct failure refused; /* why the table's throughput had no units for more; no failure: it had */
};

static bool same_key(const struct item *a, const struct item *b)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct value *other = item_get(b, a->attributes[i].name);
        if (other == NULL || !value_equal(&a->attributes[i].value, other))
            return false;
    }
    return a->count == b->count;
}

/* Reads key `i`. Keys are looked at one after the other: of several faults the first key's is told. */
static bool parse_key(struct request *request, struct part *part, size_t i)
{
    const struct json *given = &part->key_list->array.items[i];

    if (given->type == JSON_NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "The list of keys in RequestItems for BatchGetItem may not contain null or empty values: "
                    "%.*s has one or more empty keys",
                    SLICE_ARGS(part->asked->name));
    if (!item_from_json(request->arena, given, &part->keys[i], &request->failure))
        return false;
    for (size_t j = 0; j < i; j++) {
        if (same_key(&part->keys[i], &part->keys[j]))
            return fail(&request->failure, ERROR_VALIDATION,
                        "Provided list of item keys contains duplicates");
    }
    return true;
}

static bool parse_part(struct request *request, struct part *part, size_t *total)
{
    const struct json *asked = &part->asked->value;

    if (asked->type != JSON_OBJECT)
        return fail(&request->failure, ERROR_VALIDATION,
                    "The list of keys in RequestItems for BatchGetItem is required: %.*s has empty list",
                    SLICE_ARGS(part->asked->name));
    if (!input_placeholders(request, asked, expressions, legacy, &part->placeholders))
        return false;
    part->key_list = shape_member(asked, "Keys");
    part->consistent = shape_boolean(asked, "ConsistentRead", false);
    part->key_count = part->key_list->array.count;
    *total += part->key_count;
    if (*total > KEYS_LIMIT)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Too many items requested for the BatchGetItem call");
    part->keys = arena_array(request->arena, struct item, part->key_count);
    part->places = arena_array(request->arena, struct slice, part->key_count);
    for (size_t i = 0; i < part->key_count; i++) {
        if (!parse_key(request, part, i))
            return false;
    }
    return legacy_input_projection(request, asked, part->placeholders, &part->projection) &&
           placeholders_check_used(part->placeholders, &request->failure);
}

static bool find_places(struct request *request, struct part *part)
{
    part->table = input_table(request, part->asked->name);
    if (part->table == NULL)
        return false;
    capacity_init(&part->capacity, request->arena, part->table);
    for (size_t i = 0; i < part->key_count; i++) {
        if (!input_check_key(request, part->table, &part->keys[i]))
            return false;
        part->places[i] = keys_entry(request->arena, part->table, NULL, &part->keys[i]);
    }
    return input_check_paths(request, part->table, part->placeholders);
}

static bool write_stored(struct request *request, const struct part *part, struct slice stored,
                         struct arena *scratch, bool *any)
{
    struct item item;

    if (*any)
        buffer_append_byte(request->out, ',');
    *any = true;
    if (part->projection == NULL)
        return item_encoded_to_json(request->out, stored) ||
               storage_failure(&request->failure, STORAGE_CORRUPT);
    arena_reset(scratch);
    if (!item_decode(scratch, stored, &item))
        return storage_failure(&request->failure, STORAGE_CORRUPT);
    struct item projected = projection_apply(scratch, part->projection, &item);
    item_to_json(request->out, &projected);
    return true;
}

/* Whether the table's throughput, where it is enforced, has units for one more key. */
static bool is_paid(struct request *request, struct part *part, double units)
{
    struct capacity one;

    if (request->server->throttle == NULL) {
        meter_add_units(request, part->table, NULL, OPERATION_READ, units);
        return true;
    }
    capacity_init(&one, request->arena, part->table);
    capacity_add(&one, NULL, units);
    if (capacity_take(request, &one, OPERATION_READ))
        return true;
    part->refused = request->failure;
    failure_init(&request->failure, request->arena);
    return false;
}

/* Reads the items of one table until the answer is full, or the throughput used up. */
static bool read_part(struct request *request, struct part *part, struct arena *scratch, size_t *bytes)
{
    bool any = false;

    json_write_string(request->out, part->asked->name);
    buffer_append_string(request->out, ":[");
    for (; part->done < part->key_count && *bytes <= ANSWER_LIMIT; part->done++) {
        struct stored stored;
        enum storage_status status =
            storage_get(request->server->storage, NULL, part->places[part->done], &stored);
        size_t size = status == STORAGE_OK ? item_encoded_size(stored.value) : 0;
        double units = capacity_of_read(size, part->consistent);
        bool fits = *bytes + size <= ANSWER_LIMIT && is_paid(request, part, units);
        bool good = status == STORAGE_OK ? !fits || write_stored(request, part, stored.value, scratch, &any)
                    : status == STORAGE_NOT_FOUND ? true
                                                  : storage_failure(&request->failure, status);
        stored_release(&stored);
        *bytes += size;
        if (!good)
            return false;
        if (!fits)
            break;
        capacity_add(&part->capacity, NULL, units);
    }
    buffer_append_byte(request->out, ']');
    return true;
}

/* The part of the request that was not done, as a request for the next call. */
static void write_unprocessed(struct request *request, const struct part *parts, size_t count, bool *first)
{
    bool any = false;

    json_write_name(request->out, first, "UnprocessedKeys");
    buffer_append_byte(request->out, '{');
    for (const struct part *part = parts; part != parts + count; part++) {
        if (part->done == part->key_count)
            continue;
        if (any)
            buffer_append_byte(request->out, ',');
        any = true;
        json_write_string(request->out, part->asked->name);
        buffer_append_string(request->out, ":{\"Keys\":[");
        for (size_t i = part->done; i < part->key_count; i++) {
            if (i > part->done)
                buffer_append_byte(request->out, ',');
            item_to_json(request->out, &part->keys[i]);
        }
        buffer_append_byte(request->out, ']');
        for (size_t i = 0; i < part->asked->value.object.count; i++) {
            const struct json_member *member = &part->asked->value.object.members[i];
            if (slice_is(member->name, "Keys") || member->value.type == JSON_NULL)
                continue;
            buffer_append_byte(request->out, ',');
            json_write_string(request->out, member->name);
            buffer_append_byte(request->out, ':');
            json_write_value(request->out, &member->value);
        }
        buffer_append_byte(request->out, '}');
    }
    buffer_append_byte(request->out, '}');
}

static void write_capacities(struct request *request, const struct part *parts, size_t count, bool *first)
{
    bool by_index;

    if (!capacity_wanted(request, &by_index))
        return;
    json_write_name(request->out, first, "ConsumedCapacity");
    for (size_t i = 0; i < count; i++) {
        buffer_append_byte(request->out, i == 0 ? '[' : ',');
        capacity_write(request->out, &parts[i].capacity, parts[i].asked->name, by_index, NULL);
    }
    buffer_append_byte(request->out, ']');
}

static bool read_parts(struct request *request, struct part *parts, size_t count)
{
    struct arena scratch; /* of one item */
    bool good = true;
    size_t bytes = 0;

    arena_init(&scratch);
    for (size_t i = 0; good && i < count; i++) {
        if (i > 0)
            buffer_append_byte(request->out, ',');
        good = read_part(request, &parts[i], &scratch, &bytes);
    }
    arena_finish(&scratch);
    return good;
}

/* "If none of the items can be processed due to insufficient provisioned throughput on all of the tables in
 * the request, then BatchGetItem returns a ProvisionedThroughputExceededException." */
static bool check_processed(struct request *request, const struct part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (parts[i].done > 0 || parts[i].refused.code == ERROR_NONE)
            return true;
    }
    request->failure = parts[0].refused;
    return false;
}

static bool respond(struct request *request, struct part *parts, size_t count)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    json_write_name(request->out, &first, "Responses");
    buffer_append_byte(request->out, '{');
    if (!read_parts(request, parts, count) || !check_processed(request, parts, count))
        return false;
    buffer_append_byte(request->out, '}');
    write_unprocessed(request, parts, count, &first);
    write_capacities(request, parts, count, &first);
    buffer_append_byte(request->out, '}');
    return true;
}

bool batch_get_item(struct request *request)
{
    if (!accepts(request, &input))
        return false;
    const struct json *tables = shape_member(request->body, "RequestItems");
    size_t count = tables->object.count, total = 0;
    struct part *parts = arena_array(request->arena, struct part, count);
    bool good = true;

    for (size_t i = 0; good && i < count; i++) {
        parts[i].asked = &tables->object.members[i];
        good = parse_part(request, &parts[i], &total);
    }
    for (size_t i = 0; good && i < count; i++)
        good = find_places(request, &parts[i]);
    good = good && respond(request, parts, count);
    for (size_t i = 0; i < count; i++)
        table_release(parts[i].table);
    return good;
}
