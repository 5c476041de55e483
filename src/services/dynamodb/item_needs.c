/*
 * What operations on items need: each item by its key, with the attributes that the request names. AWS:
 * "Actions, resources, and condition keys for Amazon DynamoDB"; for transactions, "Using IAM with DynamoDB
 * transactions": each action of one needs the permission of its own.
 */
#include "items/attribute_value.h"
#include "services/dynamodb/access.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/legacy_input.h"
#include "services/dynamodb/needs.h"
#include "services/operation.h"

enum { EXPRESSIONS_LIMIT = 4 };

/* Where an input has keys and attributes. */
struct form {
    const char *operation; /* or the member of a transaction's action */
    const char *action;
    const char *item; /* the member that is the item or its key; NULL: there is none */
    const char *expressions[EXPRESSIONS_LIMIT];
    const char *older[EXPRESSIONS_LIMIT]; /* parameters that expressions replaced: maps by attributes */
    bool has_values;                      /* ExpressionAttributeValues */
    bool reads;                           /* AttributesToGet, and what Select says */
    bool selects;                         /* the member Select */
    bool returns;                         /* ReturnValues */
    bool returns_on_failure;              /* ReturnValuesOnConditionCheckFailure */
};

static const struct form forms[] = {
    {.operation = "GetItem",
     .action = "dynamodb:GetItem",
     .item = "Key",
     .expressions = {"ProjectionExpression"},
     .reads = true},
    {.operation = "PutItem",
     .action = "dynamodb:PutItem",
     .item = "Item",
     .expressions = {"ConditionExpression"},
     .older = {"Expected"},
     .has_values = true,
     .returns = true,
     .returns_on_failure = true},
    {.operation = "UpdateItem",
     .action = "dynamodb:UpdateItem",
     .item = "Key",
     .expressions = {"UpdateExpression", "ConditionExpression"},
     .older = {"AttributeUpdates", "Expected"},
     .has_values = true,
     .returns = true,
     .returns_on_failure = true},
    {.operation = "DeleteItem",
     .action = "dynamodb:DeleteItem",
     .item = "Key",
     .expressions = {"ConditionExpression"},
     .older = {"Expected"},
     .has_values = true,
     .returns = true,
     .returns_on_failure = true},
    {.operation = "Query",
     .action = "dynamodb:Query",
     .expressions = {"FilterExpression", "ProjectionExpression", "KeyConditionExpression"},
     .older = {"QueryFilter", "KeyConditions"},
     .has_values = true,
     .reads = true,
     .selects = true},
    {.operation = "Scan",
     .action = "dynamodb:Scan",
     .expressions = {"FilterExpression", "ProjectionExpression"},
     .older = {"ScanFilter"},
     .has_values = true,
     .reads = true,
     .selects = true},
};

/* The actions of TransactWriteItems, and TransactGetItems' one, under their members. */
static const struct form transacted[] = {
    {.operation = "ConditionCheck",
     .action = "dynamodb:ConditionCheckItem",
     .item = "Key",
     .expressions = {"ConditionExpression"},
     .has_values = true,
     .returns_on_failure = true},
    {.operation = "Put",
     .action = "dynamodb:PutItem",
     .item = "Item",
     .expressions = {"ConditionExpression"},
     .has_values = true,
     .returns_on_failure = true},
    {.operation = "Delete",
     .action = "dynamodb:DeleteItem",
     .item = "Key",
     .expressions = {"ConditionExpression"},
     .has_values = true,
     .returns_on_failure = true},
    {.operation = "Update",
     .action = "dynamodb:UpdateItem",
     .item = "Key",
     .expressions = {"UpdateExpression", "ConditionExpression"},
     .has_values = true,
     .returns_on_failure = true},
};
static const struct form transacted_get = {.operation = "Get",
                                           .action = "dynamodb:GetItem",
                                           .item = "Key",
                                           .expressions = {"ProjectionExpression"},
                                           .reads = true};

static const struct form batch_get = {
    .action = "dynamodb:BatchGetItem", .expressions = {"ProjectionExpression"}, .reads = true};

/* An input, or the part of one that is about one table or item. */
struct part {
    const struct form *form;
    const struct json *object;
};

/* ---- expressions ---- */

static bool parse_expression(struct request *request, const char *name, struct slice text,
                             struct placeholders *placeholders)
{
    struct arena *arena = request->arena;
    struct failure *failure = &request->failure;
    struct key_condition keys;
    struct projection *projection;
    struct condition *condition;
    struct update *update;

    if (strcmp(name, "ProjectionExpression") == 0)
        return projection_parse(arena, text, placeholders, &projection, failure);
    if (strcmp(name, "UpdateExpression") == 0)
        return update_parse(arena, text, placeholders, &update, failure);
    if (strcmp(name, "KeyConditionExpression") == 0)
        return key_condition_parse(arena, text, placeholders, &keys, failure);
    return condition_parse(arena,
                           strcmp(name, "FilterExpression") == 0 ? EXPRESSION_FILTER : EXPRESSION_CONDITION,
                           text, placeholders, &condition, failure);
}

static bool read_placeholders(struct request *request, const struct part *part, struct placeholders **out)
{
    const struct json *names = shape_member(part->object, "ExpressionAttributeNames"),
                      *values = part->form->has_values
                                    ? shape_member(part->object, "ExpressionAttributeValues")
                                    : NULL;

    return placeholders_parse(request->arena, names, values, out, &request->failure);
}

static bool add_expressions(struct access *access, struct access_texts *out)
{
    const struct part *part = access->of;
    struct request *request = access->request;
    struct placeholders *placeholders;

    if (!read_placeholders(request, part, &placeholders))
        return false;
    for (size_t i = 0; i < EXPRESSIONS_LIMIT && part->form->expressions[i] != NULL; i++) {
        const char *name = part->form->expressions[i];
        struct slice text = shape_text(part->object, name);
        if (text.ptr != NULL && !parse_expression(request, name, text, placeholders))
            return false;
    }
    access_add_paths(access, out, placeholders);
    return true;
}

/* Parameters that expressions replaced. */
static void add_older(struct access *access, struct access_texts *out)
{
    const struct part *part = access->of;
    const struct json *list = part->form->reads ? shape_member(part->object, "AttributesToGet") : NULL;

    for (size_t i = 0; i < EXPRESSIONS_LIMIT && part->form->older[i] != NULL; i++) {
        const struct json *map = shape_member(part->object, part->form->older[i]);
        for (size_t j = 0; map != NULL && j < map->object.count; j++)
            access_add(access, out, map->object.members[j].name);
    }
    for (size_t i = 0; list != NULL && i < list->array.count; i++)
        access_add(access, out, list->array.items[i].text);
}

/* ---- one item ---- */

static bool read_item(struct access *access, struct item *out)
{
    const struct part *part = access->of;

    *out = (struct item){0};
    return part->form->item == NULL || input_item(access->request, part->object, part->form->item, out);
}

static bool item_leading(struct access *access, struct slice attribute, struct access_texts *out)
{
    struct item item;

    if (!read_item(access, &item))
        return false;
    access_add_key(access, out, &item, attribute);
    return true;
}

static bool item_attributes(struct access *access, struct access_texts *out)
{
    struct item item;

    if (!read_item(access, &item))
        return false;
    access_add_names(access, out, &item);
    add_older(access, out);
    return add_expressions(access, out);
}

/* Only a value that the partition key is equal to names it; a request without one is refused. */
static bool query_leading(struct access *access, struct slice attribute, struct access_texts *out)
{
    struct placeholders *placeholders;
    struct key_condition condition;

    if (!read_placeholders(access->request, access->of, &placeholders) ||
        !legacy_input_key_condition(access->request, placeholders, &condition))
        return false;
    const struct key_term *term = key_condition_term(&condition, attribute);
    if (term != NULL && term->comparator == KEY_EQUAL)
        access_add_value(access, out, term->operands[0]);
    return true;
}

/* What the request asks for, or what it gets if it does not say. */
static struct slice select_of(const struct access *access, const struct part *part)
{
    struct slice given = part->form->selects ? shape_text(part->object, "Select") : (struct slice){NULL, 0};

    if (!part->form->reads || given.ptr != NULL)
        return given;
    if (shape_member(part->object, "ProjectionExpression") != NULL ||
        shape_member(part->object, "AttributesToGet") != NULL)
        return SLICE("SPECIFIC_ATTRIBUTES");
    return access->index != NULL || access->lacks_index ? SLICE("ALL_PROJECTED_ATTRIBUTES")
                                                        : SLICE("ALL_ATTRIBUTES");
}

static void read_returns(struct access *access, const struct part *part)
{
    struct slice *values = access->return_values;

    if (part->form->returns)
        values[0] = shape_text(part->object, "ReturnValues");
    if (part->form->returns_on_failure)
        values[1] = shape_text(part->object, "ReturnValuesOnConditionCheckFailure");
    if (values[0].ptr != NULL && slice_is(values[1], "NONE"))
        values[1] = (struct slice){NULL, 0};
}

/* NULL: it names no table, with which the operation will refuse it. */
static struct access *begin(struct permissions *needs, const struct form *form, const struct json *object,
                            struct slice table)
{
    struct part *part = arena_new(needs->request->arena, struct part);
    struct slice name, index = {NULL, 0};

    if (!input_read_table_name(table, &name))
        return NULL;
    if (form->selects)
        index = shape_text(object, "IndexName");
    struct access *access = access_new(needs, name, index);
    *part = (struct part){form, object};
    access->of = part;
    access->read_leading = item_leading;
    access->read_attributes = item_attributes;
    access->select = select_of(access, part);
    read_returns(access, part);
    return access;
}

/* ---- operations ---- */

bool item_needs(struct request *request, struct permissions *needs)
{
    const struct form *form = forms;

    while (strcmp(form->operation, request->operation->name) != 0)
        form++;
    struct access *access = begin(needs, form, request->body, shape_text(request->body, "TableName"));
    if (access == NULL)
        return true;
    if (form->selects)
        access->read_leading = strcmp(form->operation, "Query") == 0 ? query_leading : NULL;
    access_need(needs, form->action, access);
    return true;
}

static void add_transacted(struct permissions *needs, const struct form *form, const struct json *entry)
{
    const struct json *object = shape_member(entry, form->operation);

    if (object == NULL)
        return;
    struct access *access = begin(needs, form, object, shape_text(object, "TableName"));
    if (access == NULL)
        return;
    access->enclosing = needs->request->operation->name;
    access_need(needs, form->action, access);
}

bool transact_get_needs(struct request *request, struct permissions *needs)
{
    const struct json *entries = shape_member(request->body, "TransactItems");

    for (size_t i = 0; i < entries->array.count; i++)
        add_transacted(needs, &transacted_get, &entries->array.items[i]);
    return true;
}

bool transact_write_needs(struct request *request, struct permissions *needs)
{
    const struct json *entries = shape_member(request->body, "TransactItems");

    for (size_t i = 0; i < entries->array.count; i++) {
        for (size_t j = 0; j < sizeof(transacted) / sizeof(transacted[0]); j++)
            add_transacted(needs, &transacted[j], &entries->array.items[i]);
    }
    return true;
}

/* ---- batches ---- */

typedef void (*item_visitor)(struct access *access, struct access_texts *out, const struct item *item,
                             struct slice attribute);

static void visit_key(struct access *access, struct access_texts *out, const struct item *item,
                      struct slice attribute)
{
    access_add_key(access, out, item, attribute);
}

static void visit_names(struct access *access, struct access_texts *out, const struct item *item,
                        struct slice attribute)
{
    (void)attribute;
    access_add_names(access, out, item);
}

static bool visit_keys(struct access *access, struct access_texts *out, struct slice attribute,
                       item_visitor visit)
{
    const struct part *part = access->of;
    const struct json *keys = shape_member(part->object, "Keys");
    struct request *request = access->request;
    struct item item;

    for (size_t i = 0; i < keys->array.count; i++) {
        if (!item_from_json(request->arena, &keys->array.items[i], &item, &request->failure))
            return false;
        visit(access, out, &item, attribute);
    }
    return true;
}

static bool keys_leading(struct access *access, struct slice attribute, struct access_texts *out)
{
    return visit_keys(access, out, attribute, visit_key);
}

static bool keys_attributes(struct access *access, struct access_texts *out)
{
    if (!visit_keys(access, out, SLICE(""), visit_names))
        return false;
    add_older(access, out);
    return add_expressions(access, out);
}

bool batch_get_needs(struct request *request, struct permissions *needs)
{
    const struct json *tables = shape_member(request->body, "RequestItems");

    for (size_t i = 0; i < tables->object.count; i++) {
        const struct json_member *asked = &tables->object.members[i];
        struct access *access = begin(needs, &batch_get, &asked->value, asked->name);
        if (access == NULL)
            continue;
        access->read_leading = keys_leading;
        access->read_attributes = keys_attributes;
        access_need(needs, batch_get.action, access);
    }
    return true;
}

static bool visit_writes(struct access *access, struct access_texts *out, struct slice attribute,
                         item_visitor visit)
{
    const struct part *part = access->of;
    struct item item;

    for (size_t i = 0; i < part->object->array.count; i++) {
        const struct json *put = shape_member(&part->object->array.items[i], "PutRequest"),
                          *delete = shape_member(&part->object->array.items[i], "DeleteRequest");
        if (!input_item(access->request, put != NULL ? put : delete, put != NULL ? "Item" : "Key", &item))
            return false;
        visit(access, out, &item, attribute);
    }
    return true;
}

static bool writes_leading(struct access *access, struct slice attribute, struct access_texts *out)
{
    return visit_writes(access, out, attribute, visit_key);
}

static bool writes_attributes(struct access *access, struct access_texts *out)
{
    return visit_writes(access, out, SLICE(""), visit_names);
}

bool batch_write_needs(struct request *request, struct permissions *needs)
{
    static const struct form form = {.action = "dynamodb:BatchWriteItem"};
    const struct json *tables = shape_member(request->body, "RequestItems");

    for (size_t i = 0; i < tables->object.count; i++) {
        const struct json_member *asked = &tables->object.members[i];
        struct access *access = begin(needs, &form, &asked->value, asked->name);
        if (access == NULL)
            continue;
        access->read_leading = writes_leading;
        access->read_attributes = writes_attributes;
        access_need(needs, form.action, access);
    }
    return true;
}
