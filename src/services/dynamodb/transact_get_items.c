/*
 * TransactGetItems: up to 100 items of several tables as they were at one moment. All are read from one
 * snapshot, and so, unlike on AWS, never meet a transaction under way. AWS: API reference, TransactGetItems.
 */
#include "catalog/keys.h"
#include "items/attribute_value.h"
#include "items/item_codec.h"
#include "services/dynamodb/cancellation.h"
#include "services/dynamodb/capacity.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/transaction.h"
#include "services/storage_failure.h"

static const struct shape_entry get_members[] = {
    {"TableName", &input_table_name, true},
    {"Key", &shape_attribute_map, true},
    {"ProjectionExpression", &shape_string, false},
    {"ExpressionAttributeNames", &shape_string_map, false},
    {0},
};
static const struct shape get_shape = {
    .kind = SHAPE_STRUCTURE, .members = get_members, .java = "com.amazonaws.dynamodb.v20120810.Get"};
static const struct shape_entry entry_members[] = {{"Get", &get_shape, true}, {0}};
static const struct shape entry_shape = {.kind = SHAPE_STRUCTURE,
                                         .members = entry_members,
                                         .java = "com.amazonaws.dynamodb.v20120810.TransactGetItem"};
static const struct shape entries_shape = {
    .kind = SHAPE_LIST,
    .min = 1,
    .max = TRANSACTION_ACTIONS_LIMIT,
    .element = &entry_shape,
    .java = "java.util.List<com.amazonaws.dynamodb.v20120810.TransactGetItem>"};
static const struct shape_entry members[] = {
    {"ReturnConsumedCapacity", &input_return_consumed_capacity, false},
    {"TransactItems", &entries_shape, true},
    {0},
};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static const char *const expressions[] = {"ProjectionExpression", NULL};
static const char *const legacy[] = {NULL};

struct reading {
    struct slice table_name;
    struct item key;
    struct placeholders *placeholders;
    struct projection *projection;
    struct table *table;
    struct slice place; /* the key in the storage; empty: the action has a reason */
    struct capacity capacity;
};

struct all {
    struct reading *reads;
    struct reason *reasons;
    size_t count;
};

static bool parse(struct request *request, const struct json *object, struct reading *reading)
{
    struct slice name;

    reading->table_name = shape_text(object, "TableName");
    return input_table_name_of(request, reading->table_name, &name) &&
           input_placeholders(request, object, expressions, legacy, &reading->placeholders) &&
           input_projection(request, object, reading->placeholders, &reading->projection) &&
           placeholders_check_used(reading->placeholders, &request->failure) &&
           input_item(request, object, "Key", &reading->key);
}

static bool find_place(struct request *request, struct all *all, size_t i)
{
    struct reading *reading = &all->reads[i];

    reading->table = input_table(request, reading->table_name);
    if (reading->table == NULL || !input_check_no_empty_keys(request, reading->table, &reading->key) ||
        !input_check_paths(request, reading->table, reading->placeholders))
        return false;
    if (!input_check_key(request, reading->table, &reading->key))
        return reason_take(request, &all->reasons[i]);
    reading->place = keys_entry(request->arena, reading->table, NULL, &reading->key);
    for (size_t j = 0; j < i; j++) {
        if (slice_equal(all->reads[j].place, reading->place))
            return fail(&request->failure, ERROR_VALIDATION,
                        "Transaction request cannot include multiple operations on one item");
    }
    return true;
}

static bool write_item(struct request *request, const struct reading *reading, struct slice stored)
{
    struct item item;

    buffer_append_string(request->out, "\"Item\":");
    if (reading->projection == NULL)
        return item_encoded_to_json(request->out, stored) ||
               storage_failure(&request->failure, STORAGE_CORRUPT);
    if (!item_decode(request->arena, stored, &item))
        return storage_failure(&request->failure, STORAGE_CORRUPT);
    struct item projected = projection_apply(request->arena, reading->projection, &item);
    item_to_json(request->out, &projected);
    return true;
}

static bool read_one(struct request *request, struct reading *reading, const struct snapshot *snapshot,
                     size_t *bytes)
{
    struct stored stored;
    bool good = true;

    enum storage_status status = storage_get(request->server->storage, snapshot, reading->place, &stored);
    size_t size = status == STORAGE_OK ? item_encoded_size(stored.value) : 0;
    *bytes += size;
    buffer_append_byte(request->out, '{');
    if (*bytes > TRANSACTION_SIZE_LIMIT)
        good = fail(&request->failure, ERROR_VALIDATION, "Payload in response is too large.%zu", *bytes);
    else if (status == STORAGE_OK)
        good = write_item(request, reading, stored.value);
    else if (status != STORAGE_NOT_FOUND)
        good = storage_failure(&request->failure, status);
    stored_release(&stored);
    buffer_append_byte(request->out, '}');
    capacity_init(&reading->capacity, request->arena, reading->table);
    capacity_add(&reading->capacity, NULL, capacity_of_read(size, true));
    return good;
}

static bool read_all(struct request *request, struct all *all)
{
    struct snapshot *snapshot = snapshot_create(request->server->storage);
    size_t bytes = 0;
    bool good = true;

    buffer_append_string(request->out, "\"Responses\":[");
    for (size_t i = 0; good && i < all->count; i++) {
        if (i > 0)
            buffer_append_byte(request->out, ',');
        good = read_one(request, &all->reads[i], snapshot, &bytes);
    }
    buffer_append_byte(request->out, ']');
    snapshot_destroy(request->server->storage, snapshot);
    return good;
}

static void respond_capacity(struct request *request, const struct all *all)
{
    struct capacity_share *shares = arena_array(request->arena, struct capacity_share, all->count);
    bool first = false;

    for (size_t i = 0; i < all->count; i++)
        shares[i] = (struct capacity_share){all->reads[i].table_name, &all->reads[i].capacity};
    capacity_respond_transaction(request, &first, shares, all->count, "ReadCapacityUnits");
}

static bool answer(struct request *request, struct all *all)
{
    const struct json *entries = shape_member(request->body, "TransactItems");

    for (size_t i = 0; i < all->count; i++) {
        if (!parse(request, shape_member(&entries->array.items[i], "Get"), &all->reads[i]))
            return false;
    }
    for (size_t i = 0; i < all->count; i++) {
        if (!find_place(request, all, i))
            return false;
    }
    if (!cancel_if_any(request, all->reasons, all->count))
        return false;
    buffer_append_byte(request->out, '{');
    if (!read_all(request, all))
        return false;
    respond_capacity(request, all);
    buffer_append_byte(request->out, '}');
    return true;
}

bool transact_get_items(struct request *request)
{
    struct all all = {0};

    if (!shape_accepts(request->body, &input, &request->failure))
        return false;
    all.count = shape_member(request->body, "TransactItems")->array.count;
    all.reads = arena_array(request->arena, struct reading, all.count);
    all.reasons = arena_array(request->arena, struct reason, all.count);
    bool good = answer(request, &all);
    for (size_t i = 0; i < all.count; i++)
        table_release(all.reads[i].table);
    return good;
}
