#include "services/dynamodb/statement_input.h"

#include "base/check.h"
#include "items/attribute_value.h"
#include "services/dynamodb/input.h"

enum { STATEMENT_LIMIT = 8192, TABLE_NAME_MIN = 3, TABLE_NAME_MAX = 255 };

const struct shape statement_input_text = {.kind = SHAPE_STRING, .min = 1, .max = STATEMENT_LIMIT};
const struct shape statement_input_parameters = {
    .kind = SHAPE_LIST, .min = 1, .element = &shape_attribute_value};

/* A statement that was read, and of which object. */
struct read_statement {
    const struct json *object;
    struct statement_values values;
    struct statement *statement; /* NULL: only its values are read */
    struct read_statement *next;
};

static struct read_statement *find_read(const struct request *request, const struct json *object)
{
    struct read_statement *read = request->statements;

    while (read != NULL && read->object != object)
        read = read->next;
    return read;
}

static bool read_values(struct request *request, const struct json *object, struct statement_values *out)
{
    const struct json *given = shape_member(object, "Parameters");

    out->count = given == NULL ? 0 : given->array.count;
    out->all = arena_array(request->arena, struct value, out->count);
    for (size_t i = 0; i < out->count; i++)
        if (!value_from_json(request->arena, &given->array.items[i], &out->all[i], &request->failure))
            return false;
    return true;
}

bool statement_input_values(struct request *request, const struct json *object, struct statement_values *out)
{
    struct read_statement *read = find_read(request, object);

    if (read == NULL) {
        if (!read_values(request, object, out))
            return false;
        read = arena_new(request->arena, struct read_statement);
        *read = (struct read_statement){.object = object, .values = *out, .next = request->statements};
        request->statements = read;
    }
    *out = read->values;
    return true;
}

bool statement_input(struct request *request, const struct json *object,
                     const struct statement_values *values, struct statement **out)
{
    struct read_statement *read = find_read(request, object);

    CHECK(read != NULL); /* its values were */
    if (read->statement == NULL &&
        !statement_parse(request->arena, shape_text(object, "Statement"), values->all, values->count,
                         &read->statement, &request->failure))
        return false;
    *out = read->statement;
    return true;
}

static bool is_table_name(struct slice name)
{
    return name.len >= TABLE_NAME_MIN && name.len <= TABLE_NAME_MAX && input_is_name(name);
}

bool statement_names_table(const struct statement *statement)
{
    return is_table_name(statement->table) &&
           (statement->index.ptr == NULL || is_table_name(statement->index));
}

bool statement_fixes_partitions(const size_t *counts, unsigned parts)
{
    for (unsigned i = 0; i < parts; i++) {
        if (counts[i] == 0 || (counts[i] > 1 && parts > 1))
            return false;
    }
    return true;
}

struct table *statement_table(struct request *request, const struct statement *statement)
{
    if (!statement_names_table(statement)) {
        (void)fail(
            &request->failure, ERROR_VALIDATION,
            "Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', '-', '_', "
            "'.'.");
        return NULL;
    }
    return input_table(request, statement->table);
}

bool statement_find_key(struct request *request, const struct statement *statement, const struct table *table,
                        struct item *key, struct condition **rest)
{
    const struct slice names[] = {table->keys.partition[0].name, table->keys.sort[0].name};
    struct slice twice;

    if (!statement_key(request->arena, statement, names, 1 + table->keys.sort_count, key, rest, &twice))
        return false;
    return twice.len == 0 ||
           fail(&request->failure, ERROR_VALIDATION,
                "Multiple conditions on same key %.*s. Only single item Update/Insert/Delete are "
                "supported",
                SLICE_ARGS(twice));
}

bool statement_check_key_type(struct request *request, const struct key_part *part, const struct value *value)
{
    if (value->type == part->type)
        return true;
    return fail(&request->failure, ERROR_VALIDATION,
                "Key attribute's data type should match its data type in table's schema: Key %.*s",
                SLICE_ARGS(part->name));
}
