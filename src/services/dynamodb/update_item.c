/*
 * UpdateItem: changes attributes of the item with a key, or makes it, if the condition holds.
 * AWS: API reference, UpdateItem.
 */
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/item_write.h"
#include "services/dynamodb/legacy_input.h"

static const struct shape_entry members[] = {
    {"ReturnConsumedCapacity", &input_return_consumed_capacity, false},
    {"TableName", &input_table_name, true},
    {"ReturnValues", &input_return_values, false},
    {"ReturnItemCollectionMetrics", &input_return_item_collection_metrics, false},
    {"ReturnValuesOnConditionCheckFailure", &input_return_values_on_check_failure, false},
    {"Key", &shape_attribute_map, true},
    {"AttributeUpdates", &input_attribute_updates, false},
    {"Expected", &input_expected, false},
    {"ConditionalOperator", &input_conditional_operator, false},
    {"ConditionExpression", &shape_string, false},
    {"UpdateExpression", &shape_string, false},
    {"ExpressionAttributeNames", &shape_string_map, false},
    {"ExpressionAttributeValues", &shape_attribute_map, false},
    {0},
};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static const char *const expressions[] = {"UpdateExpression", "ConditionExpression", NULL};
static const char *const legacy[] = {"AttributeUpdates", "Expected", "ConditionalOperator", NULL};

struct parsed {
    struct item key;
    struct placeholders *placeholders;
    struct update *update; /* NULL: none */
    struct condition *condition;
};

static bool parse(struct request *request, struct parsed *parsed)
{
    return input_placeholders(request, request->body, expressions, legacy, &parsed->placeholders) &&
           input_item(request, request->body, "Key", &parsed->key) &&
           legacy_input_update(request, parsed->placeholders, &parsed->update) &&
           legacy_input_condition(request, EXPRESSION_CONDITION, parsed->placeholders, &parsed->condition) &&
           placeholders_check_used(parsed->placeholders, &request->failure);
}

/* The attributes that ReturnValues asks for, out of the item before or after. */
static struct item returned(struct request *request, const struct parsed *parsed,
                            const struct item_write *write, const struct item *new_item)
{
    struct slice wanted = shape_text(request->body, "ReturnValues");
    static const struct item none;

    if (wanted.ptr == NULL || slice_is(wanted, "NONE"))
        return none;
    if (slice_is(wanted, "ALL_NEW"))
        return *new_item;
    if (slice_is(wanted, "ALL_OLD"))
        return write->old;
    if (parsed->update == NULL)
        return none;
    return update_touched(request->arena, parsed->update,
                          slice_is(wanted, "UPDATED_OLD") ? &write->old : new_item);
}

bool update_item(struct request *request)
{
    struct parsed parsed;
    struct item_write write;
    struct item new_item;
    bool first = true;

    if (!input_accepts(request, &input) || !parse(request, &parsed))
        return false;
    if (!input_find_table(request, false) || !input_check_key(request, request->table, &parsed.key) ||
        (parsed.update != NULL && !input_check_update(request, request->table, parsed.update)) ||
        !input_check_paths(request, request->table, parsed.placeholders))
        return false;
    if (!item_write_begin(request, request->table, &parsed.key, &write) ||
        !item_write_check(request, &write, parsed.condition) ||
        !item_write_update(request, &write, &parsed.key, parsed.update, &new_item) ||
        !item_write_commit(request, &write, &new_item))
        return false;

    struct item attributes = returned(request, &parsed, &write, &new_item);
    buffer_append_byte(request->out, '{');
    item_write_attributes(request, &first, &attributes);
    item_write_respond(request, &first, &write, &parsed.key);
    buffer_append_byte(request->out, '}');
    return true;
}
