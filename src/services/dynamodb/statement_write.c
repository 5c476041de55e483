#include "services/dynamodb/statement_write.h"

#include "services/dynamodb/input.h"
#include "services/dynamodb/statement_input.h"

/* ---- the plan ---- */

/* A value that no key has is told of in other words where an update or a delete compares it. */
static bool check_scalar(struct request *request, const struct statement *statement,
                         const struct key_part *part, const struct value *value)
{
    if (statement->kind == STATEMENT_INSERT || statement->kind == STATEMENT_EXISTS ||
        value->type == VALUE_S || value->type == VALUE_N || value->type == VALUE_B)
        return true;
    return fail(&request->failure, ERROR_VALIDATION,
                "Key value must be of type S, N, or B. Key name: %.*s, Key type: %s", SLICE_ARGS(part->name),
                value_type_name(value->type));
}

static bool check_types(struct request *request, const struct statement *statement, const struct table *table,
                        const struct item *key)
{
    const struct key_part *parts[] = {&table->keys.partition[0], &table->keys.sort[0]};

    for (size_t i = 0; i < 1 + table->keys.sort_count; i++) {
        const struct value *value = item_get(key, parts[i]->name);
        if (value == NULL)
            return fail(&request->failure, ERROR_VALIDATION,
                        "Key attribute should be present in the item: Key %.*s", SLICE_ARGS(parts[i]->name));
        if (!check_scalar(request, statement, parts[i], value) ||
            !statement_check_key_type(request, parts[i], value))
            return false;
    }
    return true;
}

static bool no_whole_key(struct request *request, const struct statement *statement)
{
    if (statement->kind == STATEMENT_EXISTS)
        return fail(&request->failure, ERROR_VALIDATION, STATEMENT_WRITE_NO_CHECK);
    return fail(&request->failure, ERROR_VALIDATION,
                "Where clause does not contain a mandatory equality on all key attributes");
}

static bool check_insert(struct request *request, const struct statement_write *plan)
{
    if (!input_check_item_keys(request, plan->table, &plan->key))
        return false;
    if (item_size(&plan->key) > ITEM_SIZE_LIMIT)
        return fail(&request->failure, ERROR_VALIDATION, "Item size has exceeded the maximum allowed size");
    return input_check_local_size(request, plan->table, &plan->key);
}

/* The item that WHERE names. */
static bool find_item(struct request *request, struct statement_write *plan)
{
    const struct statement *statement = plan->statement;

    if (!statement_find_key(request, statement, plan->table, &plan->key, &plan->condition))
        return request->failure.code == ERROR_NONE && no_whole_key(request, statement);
    /* The key's equalities do not hold for an item that is not there. */
    if (statement->kind == STATEMENT_UPDATE)
        plan->condition = statement->condition;
    return true;
}

static bool check_change(struct request *request, const struct statement_write *plan)
{
    const struct statement *statement = plan->statement;

    return input_check_key(request, plan->table, &plan->key) &&
           (statement->update == NULL || input_check_update(request, plan->table, statement->update)) &&
           input_check_paths(request, plan->table, statement->placeholders);
}

bool statement_write_find(struct request *request, const struct statement *statement,
                          struct statement_write *plan)
{
    *plan = (struct statement_write){.statement = statement};
    if (statement->kind != STATEMENT_INSERT && statement->condition == NULL)
        return no_whole_key(request, statement);
    plan->table = statement_table(request, statement);
    if (plan->table == NULL)
        return false;
    plan->key = statement->item;
    if (statement->kind != STATEMENT_INSERT && !find_item(request, plan))
        return false;
    return check_types(request, statement, plan->table, &plan->key);
}

bool statement_write_plan(struct request *request, const struct statement *statement,
                          struct statement_write *plan)
{
    return statement_write_find(request, statement, plan) &&
           (statement->kind == STATEMENT_INSERT ? check_insert(request, plan) : check_change(request, plan));
}

void statement_write_finish(struct statement_write *plan)
{
    table_release(plan->table);
    plan->table = NULL;
}

/* ---- the write ---- */

static struct item returned(struct request *request, const struct statement_write *plan,
                            const struct item *new_item)
{
    const struct update *update = plan->statement->update;
    static const struct item none;

    switch (plan->statement->returning) {
    case RETURNING_NOTHING:
        break;
    case RETURNING_ALL_OLD:
        return plan->write.old;
    case RETURNING_ALL_NEW:
        return *new_item;
    case RETURNING_MODIFIED_OLD:
        return update_touched(request->arena, update, &plan->write.old);
    case RETURNING_MODIFIED_NEW:
        return update_touched(request->arena, update, new_item);
    }
    return none;
}

bool statement_write_apply(struct request *request, const struct json *object, struct statement_write *plan)
{
    const struct statement *statement = plan->statement;
    struct item_write *write = &plan->write;
    struct item new_item = plan->key;

    if (!item_write_begin(request, plan->table, &plan->key, write) || item_write_old(request, write) == NULL)
        return false;
    if (statement->kind == STATEMENT_INSERT && write->exists)
        return fail(&request->failure, ERROR_DUPLICATE_ITEM, "Duplicate primary key exists in table");
    if (!item_write_check_as(request, object, write, plan->condition))
        return false;
    if (statement->kind == STATEMENT_UPDATE &&
        !item_write_update(request, write, &plan->key, statement->update, &new_item))
        return false;
    plan->returned = returned(request, plan, &new_item);
    return item_write_commit(request, write, statement->kind == STATEMENT_DELETE ? NULL : &new_item);
}
