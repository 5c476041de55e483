#include "services/dynamodb/statement_read.h"

#include "catalog/keys.h"
#include "items/attribute_value.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/statement_input.h"

/* As DynamoDB Local: only these types are equal to keys at all. */
static bool is_scalar(const struct value *value)
{
    return value->type == VALUE_S || value->type == VALUE_N || value->type == VALUE_B;
}

bool statement_read_plan(struct request *request, const struct statement *statement,
                         struct statement_read *read, bool *names_one)
{
    struct condition *rest = NULL;

    *read = (struct statement_read){.statement = statement};
    *names_one = false;
    read->table = statement_table(request, statement);
    if (read->table == NULL)
        return false;
    if (statement->index.ptr != NULL ||
        !statement_find_key(request, statement, read->table, &read->key, &rest) || rest != NULL) {
        failure_init(&request->failure, request->arena); /* two equalities that differ: no one item */
        return true;
    }
    for (unsigned i = 0; i < 1 + read->table->keys.sort_count; i++) {
        const struct key_part *part = i == 0 ? &read->table->keys.partition[0] : &read->table->keys.sort[0];
        if (!is_scalar(item_get(&read->key, part->name)))
            return true;
    }
    *names_one = true;
    for (unsigned i = 0; i < 1 + read->table->keys.sort_count; i++) {
        const struct key_part *part = i == 0 ? &read->table->keys.partition[0] : &read->table->keys.sort[0];
        if (!statement_check_key_type(request, part, item_get(&read->key, part->name)))
            return false;
    }
    if (!input_check_key(request, read->table, &read->key) ||
        !input_check_paths(request, read->table, statement->placeholders))
        return false;
    read->place = keys_entry(request->arena, read->table, NULL, &read->key);
    return true;
}

bool statement_read_item(struct request *request, bool *first, struct statement_read *read, bool consistent)
{
    const struct projection *projection = read->statement->in_place;

    if (!item_write_begin(request, read->table, &read->key, &read->item))
        return false;
    const struct item *item = item_write_old(request, &read->item);
    if (item == NULL)
        return false;
    capacity_add(&read->item.capacity, NULL, capacity_of_read(read->item.old_size, consistent));
    if (!capacity_take(request, &read->item.capacity, OPERATION_READ))
        return false;
    if (read->item.exists) {
        struct item wanted = projection == NULL ? *item : projection_apply(request->arena, projection, item);
        json_write_name(request->out, first, "Item");
        item_to_json(request->out, &wanted);
    }
    return true;
}

void statement_read_finish(struct statement_read *read)
{
    table_release(read->table);
    read->table = NULL;
}
