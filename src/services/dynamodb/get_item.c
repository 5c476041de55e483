/*
 * GetItem: reads the item with a key. Every read of this server is consistent; ConsistentRead tells only what
 * it costs. AWS: API reference, GetItem.
 */
#include "catalog/keys.h"
#include "items/attribute_value.h"
#include "items/item_codec.h"
#include "services/dynamodb/capacity.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/legacy_input.h"
#include "services/storage_failure.h"

static const struct shape_entry members[] = {
    {"ReturnConsumedCapacity", &input_return_consumed_capacity, false},
    {"TableName", &input_table_name, true},
    {"Key", &shape_attribute_map, true},
    {"ConsistentRead", &shape_boolean_value, false},
    {"AttributesToGet", &input_attributes_to_get, false},
    {"ProjectionExpression", &shape_string, false},
    {"ExpressionAttributeNames", &shape_string_map, false},
    {0},
};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static const char *const expressions[] = {"ProjectionExpression", NULL};
static const char *const legacy[] = {"AttributesToGet", NULL};

static bool write_item(struct request *request, bool *first, struct slice stored,
                       const struct projection *projection)
{
    struct item item;

    json_write_name(request->out, first, "Item");
    if (projection == NULL)
        return item_encoded_to_json(request->out, stored) ||
               storage_failure(&request->failure, STORAGE_CORRUPT);
    if (!item_decode(request->arena, stored, &item))
        return storage_failure(&request->failure, STORAGE_CORRUPT);
    struct item projected = projection_apply(request->arena, projection, &item);
    item_to_json(request->out, &projected);
    return true;
}

bool get_item(struct request *request)
{
    struct placeholders *placeholders;
    struct projection *projection;
    struct capacity capacity;
    struct stored stored;
    struct item key;
    bool first = true, written = true;

    if (!input_accepts(request, &input) ||
        !input_placeholders(request, request->body, expressions, legacy, &placeholders) ||
        !input_item(request, request->body, "Key", &key) ||
        !legacy_input_projection(request, request->body, placeholders, &projection) ||
        !placeholders_check_used(placeholders, &request->failure))
        return false;
    if (!input_find_table(request, false) || !input_check_key(request, request->table, &key) ||
        !input_check_paths(request, request->table, placeholders))
        return false;

    struct slice place = keys_entry(request->arena, request->table, NULL, &key);
    enum storage_status status = storage_get(request->server->storage, NULL, place, &stored);
    size_t size = status == STORAGE_OK ? item_encoded_size(stored.value) : 0;
    buffer_append_byte(request->out, '{');
    if (status == STORAGE_OK)
        written = write_item(request, &first, stored.value, projection);
    else if (status != STORAGE_NOT_FOUND)
        written = storage_failure(&request->failure, status);
    stored_release(&stored);
    if (!written)
        return false;
    capacity_init(&capacity, request->arena, request->table);
    capacity_add(&capacity, NULL,
                 capacity_of_read(size, shape_boolean(request->body, "ConsistentRead", false)));
    if (!capacity_take(request, &capacity, OPERATION_READ))
        return false;
    capacity_respond(request, &first, &capacity, shape_text(request->body, "TableName"));
    buffer_append_byte(request->out, '}');
    return true;
}
