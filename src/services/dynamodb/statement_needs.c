/*
 * What PartiQL statements need, each the action of its kind. A SELECT is of the partitions that its WHERE
 * fixes, or a scan; a statement in a batch or transaction, and one that writes, is of the one item that its
 * WHERE names. AWS: "IAM security policies with PartiQL for DynamoDB".
 */
#include "services/dynamodb/access.h"
#include "services/dynamodb/needs.h"
#include "services/dynamodb/statement_input.h"
#include "services/operation.h"

static bool item_leading(struct access *access, struct slice attribute, struct access_texts *out)
{
    const struct statement *statement = access->of;

    access_add_key(access, out, &statement->item, attribute);
    return true;
}

/* The one item that WHERE names by its whole key; a statement that names none is refused. */
static bool where_leading(struct access *access, struct slice attribute, struct access_texts *out)
{
    const struct key_schema *keys = &access->table->keys;
    const struct slice names[] = {keys->partition[0].name, keys->sort[0].name};
    struct condition *rest;
    struct slice twice;
    struct item key;

    if (statement_key(access->request->arena, access->of, names, 1 + keys->sort_count, &key, &rest, &twice))
        access_add_key(access, out, &key, attribute);
    return true;
}

/* How many values WHERE fixes each part of the partition key to. */
static bool fixes_partitions(const struct access *access)
{
    const struct key_schema *keys = table_keys(access->table, access->index);
    size_t counts[KEY_PARTS_LIMIT], too_many;
    const struct value **values;

    for (unsigned i = 0; i < keys->partition_count; i++)
        counts[i] = statement_partitions(access->request->arena, access->of, keys->partition[i].name, &values,
                                         &too_many);
    return statement_fixes_partitions(counts, keys->partition_count);
}

static bool select_leading(struct access *access, struct slice attribute, struct access_texts *out)
{
    const struct value **values;
    size_t too_many;

    if (!fixes_partitions(access))
        return true;
    size_t count = statement_partitions(access->request->arena, access->of, attribute, &values, &too_many);
    for (size_t i = 0; i < count; i++)
        access_add_value(access, out, values[i]);
    return true;
}

static bool statement_attributes(struct access *access, struct access_texts *out)
{
    const struct statement *statement = access->of;

    if (statement->kind == STATEMENT_INSERT)
        access_add_names(access, out, &statement->item);
    if (statement->placeholders != NULL)
        access_add_paths(access, out, statement->placeholders);
    return true;
}

static void read_returns(struct access *access, const struct json *object)
{
    static const char *const words[] = {[RETURNING_ALL_OLD] = "ALL_OLD",
                                        [RETURNING_ALL_NEW] = "ALL_NEW",
                                        [RETURNING_MODIFIED_OLD] = "UPDATED_OLD",
                                        [RETURNING_MODIFIED_NEW] = "UPDATED_NEW"};
    const struct statement *statement = access->of;
    struct slice otherwise = shape_text(object, "ReturnValuesOnConditionCheckFailure");

    if (statement->returning != RETURNING_NOTHING)
        access->return_values[0] = slice_of(words[statement->returning]);
    if (otherwise.ptr != NULL && !slice_is(otherwise, "NONE"))
        access->return_values[1] = otherwise;
}

static const char *action_of(const struct statement *statement)
{
    switch (statement->kind) {
    case STATEMENT_SELECT:
    case STATEMENT_EXISTS:
        return "dynamodb:PartiQLSelect";
    case STATEMENT_INSERT:
        return "dynamodb:PartiQLInsert";
    case STATEMENT_UPDATE:
        return "dynamodb:PartiQLUpdate";
    case STATEMENT_DELETE:
        return "dynamodb:PartiQLDelete";
    case STATEMENT_OTHER:
        break;
    }
    return NULL;
}

static void describe_select(struct access *access, const struct statement *statement, bool pages)
{
    if (statement->projection != NULL)
        access->select = SLICE("SPECIFIC_ATTRIBUTES");
    else
        access->select =
            statement->index.ptr != NULL ? SLICE("ALL_PROJECTED_ATTRIBUTES") : SLICE("ALL_ATTRIBUTES");
    access->full_scan = "false";
    if (!pages)
        return;
    access->read_leading = select_leading;
    if (access->table != NULL && !access->lacks_index && !fixes_partitions(access))
        access->full_scan = "true";
}

/* `pages`: a SELECT may be of many items. */
static void add(struct permissions *needs, const struct statement *statement, const struct json *object,
                bool pages)
{
    const char *action = action_of(statement);

    if (action == NULL || !statement_names_table(statement)) /* refused */
        return;
    struct access *access = access_new(needs, statement->table, statement->index);
    access->of = statement;
    access->read_leading = statement->kind == STATEMENT_INSERT ? item_leading : where_leading;
    access->read_attributes = statement_attributes;
    read_returns(access, object);
    if (statement->kind == STATEMENT_SELECT)
        describe_select(access, statement, pages);
    if (strcmp(needs->request->operation->name, "ExecuteTransaction") == 0)
        access->enclosing = "ExecuteTransaction";
    access_need(needs, action, access);
}

static bool read_statement(struct request *request, const struct json *object, struct statement **out)
{
    struct statement_values values;

    return statement_input_values(request, object, &values) && statement_input(request, object, &values, out);
}

bool statement_needs(struct request *request, struct permissions *needs)
{
    struct statement *statement;

    if (!read_statement(request, request->body, &statement))
        return false;
    add(needs, statement, request->body, true);
    return true;
}

/* Each statement is a part by itself; one that cannot be read fails alone. */
bool batch_statement_needs(struct request *request, struct permissions *needs)
{
    const struct json *list = shape_member(request->body, "Statements");
    struct statement *statement;

    for (size_t i = 0; i < list->array.count; i++) {
        needs->part = (unsigned)i + 1;
        if (read_statement(request, &list->array.items[i], &statement))
            add(needs, statement, &list->array.items[i], false);
        else
            failure_init(&request->failure, request->arena);
    }
    return true;
}

bool transaction_statement_needs(struct request *request, struct permissions *needs)
{
    const struct json *list = shape_member(request->body, "TransactStatements");
    struct statement *statement;

    for (size_t i = 0; i < list->array.count; i++) {
        if (!read_statement(request, &list->array.items[i], &statement))
            return false;
        add(needs, statement, &list->array.items[i], false);
    }
    return true;
}
