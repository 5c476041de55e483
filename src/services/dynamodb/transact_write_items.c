/*
 * TransactWriteItems: up to 100 puts, updates, deletes and checks of items in several tables, all or none.
 * AWS: API reference, TransactWriteItems; developer guide, "Amazon DynamoDB Transactions: How it works".
 */
#include "services/accepts.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/transaction.h"

#define PACKAGE "com.amazonaws.dynamodb.v20120810."

static const struct shape_entry check_members[] = {
    {"TableName", &input_table_name, true},
    {"Key", &shape_attribute_map, true},
    {"ReturnValuesOnConditionCheckFailure", &input_return_values_on_check_failure, false},
    {"ConditionExpression", &shape_string, true},
    {"ExpressionAttributeNames", &shape_string_map, false},
    {"ExpressionAttributeValues", &shape_attribute_map, false},
    {0},
};
static const struct shape_entry put_members[] = {
    {"TableName", &input_table_name, true},
    {"Item", &shape_attribute_map, true},
    {"ReturnValuesOnConditionCheckFailure", &input_return_values_on_check_failure, false},
    {"ConditionExpression", &shape_string, false},
    {"ExpressionAttributeNames", &shape_string_map, false},
    {"ExpressionAttributeValues", &shape_attribute_map, false},
    {0},
};
static const struct shape_entry delete_members[] = {
    {"TableName", &input_table_name, true},
    {"Key", &shape_attribute_map, true},
    {"ReturnValuesOnConditionCheckFailure", &input_return_values_on_check_failure, false},
    {"ConditionExpression", &shape_string, false},
    {"ExpressionAttributeNames", &shape_string_map, false},
    {"ExpressionAttributeValues", &shape_attribute_map, false},
    {0},
};
static const struct shape_entry update_members[] = {
    {"TableName", &input_table_name, true},
    {"Key", &shape_attribute_map, true},
    {"ReturnValuesOnConditionCheckFailure", &input_return_values_on_check_failure, false},
    {"UpdateExpression", &shape_string, true},
    {"ConditionExpression", &shape_string, false},
    {"ExpressionAttributeNames", &shape_string_map, false},
    {"ExpressionAttributeValues", &shape_attribute_map, false},
    {0},
};
static const struct shape check = {
    .kind = SHAPE_STRUCTURE, .members = check_members, .java = PACKAGE "ConditionCheck"};
static const struct shape put = {.kind = SHAPE_STRUCTURE, .members = put_members, .java = PACKAGE "Put"};
static const struct shape delete = {
    .kind = SHAPE_STRUCTURE, .members = delete_members, .java = PACKAGE "Delete"};
static const struct shape update = {
    .kind = SHAPE_STRUCTURE, .members = update_members, .java = PACKAGE "Update"};
static const struct shape_entry action_members[] = {
    {"ConditionCheck", &check, false},
    {"Put", &put, false},
    {"Delete", &delete, false},
    {"Update", &update, false},
    {0},
};
static const struct shape action_shape = {
    .kind = SHAPE_STRUCTURE, .members = action_members, .java = PACKAGE "TransactWriteItem"};
static const struct shape actions_shape = {.kind = SHAPE_LIST,
                                           .min = 1,
                                           .max = TRANSACTION_ACTIONS_LIMIT,
                                           .element = &action_shape,
                                           .java = "java.util.List<" PACKAGE "TransactWriteItem>"};
static const struct shape_entry members[] = {
    {"ReturnConsumedCapacity", &input_return_consumed_capacity, false},
    {"ReturnItemCollectionMetrics", &input_return_item_collection_metrics, false},
    {"ClientRequestToken", &transaction_token_shape, false},
    {"TransactItems", &actions_shape, true},
    {0},
};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* The kinds of action, and what each has. */
static const struct kind {
    const char *member;
    enum transaction_kind kind;
    const char *item; /* the member with the item or the key */
    const char *expressions[3];
} kinds[] = {
    {"ConditionCheck", TRANSACTION_CHECK, "Key", {"ConditionExpression", NULL}},
    {"Put", TRANSACTION_PUT, "Item", {"ConditionExpression", NULL}},
    {"Delete", TRANSACTION_DELETE, "Key", {"ConditionExpression", NULL}},
    {"Update", TRANSACTION_UPDATE, "Key", {"UpdateExpression", "ConditionExpression", NULL}},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* The one action of an entry of TransactItems. NULL: the failure is set. */
static const struct kind *kind_of(struct request *request, const struct json *entry)
{
    const struct kind *found = NULL;

    for (const struct kind *kind = kinds; kind != kinds + KINDS; kind++) {
        if (shape_member(entry, kind->member) == NULL)
            continue;
        if (found != NULL) {
            (void)fail(&request->failure, ERROR_VALIDATION,
                       "TransactItems can only contain one of Check, Put, Update or Delete");
            return NULL;
        }
        found = kind;
    }
    if (found == NULL)
        (void)fail(&request->failure, ERROR_VALIDATION,
                   "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request");
    return found;
}

static bool parse_expressions(struct request *request, const struct json *object, const struct kind *kind,
                              struct transaction_action *action)
{
    static const char *const legacy[] = {NULL};
    struct slice text = shape_text(object, "UpdateExpression");
    struct placeholders *placeholders;
    struct condition *condition;
    struct update *parsed = NULL;

    if (!input_placeholders(request, object, kind->expressions, legacy, &placeholders) ||
        (kind->kind == TRANSACTION_UPDATE &&
         !update_parse(request->arena, text, placeholders, &parsed, &request->failure)) ||
        !input_condition(request, object, EXPRESSION_CONDITION, placeholders, &condition) ||
        !placeholders_check_used(placeholders, &request->failure))
        return false;
    action->placeholders = placeholders;
    action->condition = condition;
    action->update = parsed;
    return true;
}

/* What AWS counts of an action against the limit of 4 MB. */
static size_t payload_of(const struct json *object, const struct transaction_action *action)
{
    return item_size(&action->item) + shape_text(object, "ConditionExpression").len +
           shape_text(object, "UpdateExpression").len + placeholders_size(action->placeholders);
}

static bool parse_action(struct request *request, const struct json *entry, struct transaction_action *action,
                         size_t *payload)
{
    const struct kind *kind = kind_of(request, entry);
    struct slice name;

    if (kind == NULL)
        return false;
    const struct json *object = shape_member(entry, kind->member);
    struct slice wanted = shape_text(object, "ReturnValuesOnConditionCheckFailure");
    action->kind = kind->kind;
    action->table_name = shape_text(object, "TableName");
    action->returns_old = wanted.ptr != NULL && slice_is(wanted, "ALL_OLD");
    if (!input_table_name_of(request, action->table_name, &name) ||
        !parse_expressions(request, object, kind, action) ||
        !input_item(request, object, kind->item, &action->item))
        return false;
    if (item_size(&action->item) > ITEM_SIZE_LIMIT)
        return fail(&request->failure, ERROR_VALIDATION, "Item size has exceeded the maximum allowed size");
    *payload += payload_of(object, action);
    return transaction_check_size(request, *payload);
}

bool transact_write_items(struct request *request)
{
    bool first = true;
    size_t payload = 0;

    if (!accepts(request, &input))
        return false;
    const struct json *entries = shape_member(request->body, "TransactItems");
    struct transaction *transaction = transaction_create(request, entries->array.count);
    for (size_t i = 0; i < transaction->count; i++) {
        if (!parse_action(request, &entries->array.items[i], &transaction->actions[i], &payload))
            return false;
    }
    transaction_token(request, transaction, entries);
    if (!transaction_write(request, transaction))
        return false;
    buffer_append_byte(request->out, '{');
    transaction_respond_capacity(request, &first, transaction);
    transaction_respond_metrics(request, &first, transaction);
    buffer_append_byte(request->out, '}');
    return true;
}
