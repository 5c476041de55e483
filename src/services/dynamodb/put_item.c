/*
 * PutItem: writes a whole item, in place of the one with its key, if there is one and the condition holds.
 * AWS: API reference, PutItem.
 */
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/item_write.h"
#include "services/dynamodb/legacy_input.h"

static const struct shape_entry members[] = {
    {"ReturnConsumedCapacity", &input_return_consumed_capacity, false},
    {"TableName", &input_table_name, true},
    {"Item", &shape_attribute_map, true},
    {"ReturnValues", &input_return_values, false},
    {"ReturnItemCollectionMetrics", &input_return_item_collection_metrics, false},
    {"ReturnValuesOnConditionCheckFailure", &input_return_values_on_check_failure, false},
    {"Expected", &input_expected, false},
    {"ConditionalOperator", &input_conditional_operator, false},
    {"ConditionExpression", &shape_string, false},
    {"ExpressionAttributeNames", &shape_string_map, false},
    {"ExpressionAttributeValues", &shape_attribute_map, false},
    {0},
};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static const char *const expressions[] = {"ConditionExpression", NULL};
static const char *const legacy[] = {"Expected", "ConditionalOperator", NULL};

bool put_item(struct request *request)
{
    struct failure *failure = &request->failure;
    struct placeholders *placeholders;
    struct condition *condition;
    struct item_write write;
    struct item item;
    bool first = true, return_old;

    if (!input_accepts(request, &input) ||
        !input_placeholders(request, request->body, expressions, legacy, &placeholders) ||
        !input_item(request, request->body, "Item", &item) || !input_returns_old(request, &return_old))
        return false;
    if (item_size(&item) > ITEM_SIZE_LIMIT)
        return fail(failure, ERROR_VALIDATION, "Item size has exceeded the maximum allowed size");
    if (!legacy_input_condition(request, EXPRESSION_CONDITION, placeholders, &condition) ||
        !placeholders_check_used(placeholders, failure))
        return false;

    if (!input_find_table(request, false) || !input_check_item_keys(request, request->table, &item) ||
        !input_check_local_size(request, request->table, &item) ||
        !input_check_paths(request, request->table, placeholders))
        return false;
    if (!item_write_begin(request, request->table, &item, &write) ||
        !item_write_check(request, &write, condition) || !item_write_commit(request, &write, &item))
        return false;

    const struct item *old = return_old ? item_write_old(request, &write) : NULL;
    if (return_old && old == NULL)
        return false;
    buffer_append_byte(request->out, '{');
    if (return_old)
        item_write_attributes(request, &first, old);
    item_write_respond(request, &first, &write, &item);
    buffer_append_byte(request->out, '}');
    return true;
}
