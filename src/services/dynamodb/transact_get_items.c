/*
 * TransactGetItems: up to 100 items of several tables as they were at one moment. Unlike on AWS it never
 * meets a transaction under way. AWS: API reference, TransactGetItems.
 */
#include "services/accepts.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/transaction.h"
#include "services/dynamodb/transaction_read.h"

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

static bool parse(struct request *request, const struct json *object, struct transaction_read *read)
{
    struct placeholders *placeholders;
    struct projection *projection;
    struct slice name;

    read->table_name = shape_text(object, "TableName");
    if (!input_table_name_of(request, read->table_name, &name) ||
        !input_placeholders(request, object, expressions, legacy, &placeholders) ||
        !input_projection(request, object, placeholders, &projection) ||
        !placeholders_check_used(placeholders, &request->failure))
        return false;
    read->placeholders = placeholders;
    read->projection = projection;
    return input_item(request, object, "Key", &read->key);
}

bool transact_get_items(struct request *request)
{
    if (!accepts(request, &input))
        return false;
    const struct json *entries = shape_member(request->body, "TransactItems");
    size_t count = entries->array.count;
    struct transaction_read *reads = arena_array(request->arena, struct transaction_read, count);
    for (size_t i = 0; i < count; i++) {
        if (!parse(request, shape_member(&entries->array.items[i], "Get"), &reads[i]))
            return false;
    }
    return transaction_read_all(request, reads, count);
}
