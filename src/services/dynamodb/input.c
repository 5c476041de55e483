#include "services/dynamodb/input.h"

#include "catalog/keys.h"
#include "items/attribute_value.h"
#include "services/gate.h"

enum { NAME_MIN = 3, NAME_MAX = 255, ARN_MAX = 1024 };

bool input_is_name(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
              c == '.' || c == '-'))
            return false;
    }
    return text.len > 0;
}

static const char *const consumed_capacity_words[] = {"INDEXES", "TOTAL", "NONE", NULL};
static const char *const collection_metrics_words[] = {"SIZE", "NONE", NULL};
static const char *const return_values_words[] = {"ALL_NEW", "UPDATED_OLD", "ALL_OLD",
                                                  "NONE",    "UPDATED_NEW", NULL};
static const char *const check_failure_words[] = {"ALL_OLD", "NONE", NULL};
static const char *const select_words[] = {"SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES",
                                           "ALL_PROJECTED_ATTRIBUTES", NULL};

const struct shape input_table_name = {.kind = SHAPE_STRING, .min = 1, .max = ARN_MAX};
const struct shape input_index_name = {.kind = SHAPE_STRING,
                                       .min = NAME_MIN,
                                       .max = NAME_MAX,
                                       .matches = input_is_name,
                                       .pattern = "[a-zA-Z0-9_.-]+"};
const struct shape input_return_consumed_capacity = {.kind = SHAPE_STRING, .words = consumed_capacity_words};
const struct shape input_return_item_collection_metrics = {.kind = SHAPE_STRING,
                                                           .words = collection_metrics_words};
const struct shape input_return_values = {.kind = SHAPE_STRING, .words = return_values_words};
const struct shape input_return_values_on_check_failure = {.kind = SHAPE_STRING,
                                                           .words = check_failure_words};
const struct shape input_select = {.kind = SHAPE_STRING, .words = select_words};

/* ---- the table ---- */

struct slice input_table_in_arn(struct slice arn)
{
    static const char service[] = "dynamodb:", table_part[] = "table/";
    size_t colons = 0, i = 0;
    bool is_dynamodb = false;

    for (; i < arn.len && colons < 5; i++) {
        if (arn.ptr[i] == ':' && ++colons == 2)
            is_dynamodb = slice_starts_with(slice_skip(arn, i + 1), slice_of(service));
    }
    struct slice resource = slice_skip(arn, i);
    if (!is_dynamodb || colons < 5 || !slice_starts_with(resource, slice_of(table_part)))
        return SLICE("");
    return slice_skip(resource, sizeof(table_part) - 1);
}

bool input_is_table_name(struct slice text)
{
    return text.len >= NAME_MIN && text.len <= NAME_MAX && input_is_name(text);
}

bool input_read_table_name(struct slice given, struct slice *name)
{
    *name = slice_starts_with(given, SLICE("arn:")) ? input_table_in_arn(given) : given;
    return input_is_table_name(*name);
}

bool input_table_name_of(struct request *request, struct slice given, struct slice *name)
{
    if (input_read_table_name(given, name))
        return true;
    return fail(
        &request->failure, ERROR_VALIDATION,
        "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may "
        "contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'");
}

bool input_accepts(struct request *request, const struct shape *shape)
{
    struct slice name;

    return shape_accepts(request->body, shape, &request->failure) &&
           input_table_name_of(request, shape_text(request->body, "TableName"), &name);
}

/* The table, unless it is still being made: to the data plane it is not there then. */
static struct table *find_ready(struct request *request, struct slice name)
{
    struct table *table = gate_table(request, name);

    if (table == NULL || table->status != TABLE_CREATING)
        return table;
    table_release(table);
    return NULL;
}

struct table *input_table(struct request *request, struct slice given)
{
    struct slice name;

    if (!input_table_name_of(request, given, &name))
        return NULL;
    struct table *table = find_ready(request, name);
    if (table == NULL)
        (void)fail(&request->failure, ERROR_RESOURCE_NOT_FOUND, "Requested resource not found");
    return table;
}

bool input_find_table(struct request *request, bool told_by_name)
{
    struct slice name;

    if (!input_table_name_of(request, shape_text(request->body, "TableName"), &name))
        return false;
    request->table = told_by_name ? gate_table(request, name) : find_ready(request, name);
    if (request->table != NULL)
        return true;
    if (told_by_name)
        return fail(&request->failure, ERROR_RESOURCE_NOT_FOUND,
                    "Requested resource not found: Table: %.*s not found", SLICE_ARGS(name));
    return fail(&request->failure, ERROR_RESOURCE_NOT_FOUND, "Requested resource not found");
}

bool input_find_made_table(struct request *request)
{
    if (!input_find_table(request, true))
        return false;
    return request->table->status != TABLE_CREATING ||
           fail(&request->failure, ERROR_RESOURCE_IN_USE,
                "Attempt to change a resource which is still in use: Table is being created: %.*s",
                SLICE_ARGS(request->table->name));
}

/* ---- values and expressions ---- */

bool input_item(struct request *request, const struct json *object, const char *name, struct item *out)
{
    const struct json *member = shape_member(object, name);

    *out = (struct item){0};
    return member == NULL || item_from_json(request->arena, member, out, &request->failure);
}

/*
 * "{A, B}" of those of `names` that the object has; an empty slice if it has none. KeyConditions are older
 * than filters by expression, and younger key conditions by expression are what they cannot be mixed with.
 */
static struct slice names_present(struct request *request, const struct json *object,
                                  const char *const *names)
{
    struct slice text = SLICE("");

    for (; *names != NULL; names++) {
        if (shape_member(object, *names) == NULL || (slice_is(slice_of(*names), "KeyConditions") &&
                                                     shape_member(object, "KeyConditionExpression") == NULL))
            continue;
        text = arena_printf(request->arena, "%.*s%s%s", SLICE_ARGS(text), text.len > 0 ? ", " : "", *names);
    }
    return text;
}

static bool is_projection(const char *expression)
{
    return slice_is(slice_of(expression), "ProjectionExpression");
}

/* Whether the object has an expression that can use values; a projection cannot. */
static bool has_use_of_values(const struct json *object, const char *const *expressions)
{
    for (; *expressions != NULL; expressions++) {
        if (!is_projection(*expressions) && shape_member(object, *expressions) != NULL)
            return true;
    }
    return false;
}

/* "A is null", "A and B are null": the expressions that could have used a value. */
static struct slice expressions_missing(struct request *request, const char *const *expressions)
{
    struct slice text = {0};
    size_t count = 0;

    for (; *expressions != NULL; expressions++) {
        if (is_projection(*expressions))
            continue;
        text = arena_printf(request->arena, "%.*s%s%s", SLICE_ARGS(text), count > 0 ? " and " : "",
                            *expressions);
        count++;
    }
    return arena_printf(request->arena, "%.*s %s null", SLICE_ARGS(text), count == 1 ? "is" : "are");
}

bool input_placeholders(struct request *request, const struct json *object, const char *const *expressions,
                        const char *const *legacy, struct placeholders **out)
{
    const struct json *names = shape_member(object, "ExpressionAttributeNames");
    /* Operations whose only expression is a projection have no such parameter. */
    bool takes_values = expressions[1] != NULL || !is_projection(expressions[0]);
    const struct json *values = takes_values ? shape_member(object, "ExpressionAttributeValues") : NULL;
    struct slice given = names_present(request, object, expressions);
    struct slice old = names_present(request, object, legacy);
    struct failure *failure = &request->failure;

    if (given.len > 0 && old.len > 0)
        return fail(
            failure, ERROR_VALIDATION,
            "Can not use both expression and non-expression parameters in the same request: Non-expression "
            "parameters: {%.*s} Expression parameters: {%.*s}",
            SLICE_ARGS(old), SLICE_ARGS(given));
    if (given.len == 0 && names != NULL)
        return fail(failure, ERROR_VALIDATION,
                    "ExpressionAttributeNames can only be specified when using expressions");
    if (values != NULL && !has_use_of_values(object, expressions))
        return fail(failure, ERROR_VALIDATION,
                    "ExpressionAttributeValues can only be specified when using expressions: %.*s",
                    SLICE_ARGS(expressions_missing(request, expressions)));
    return placeholders_parse(request->arena, names, values, out, failure);
}

bool input_condition(struct request *request, const struct json *object, enum expression_kind kind,
                     struct placeholders *placeholders, struct condition **out)
{
    const char *name = kind == EXPRESSION_FILTER ? "FilterExpression" : "ConditionExpression";
    struct slice text = shape_text(object, name);

    *out = NULL;
    return text.ptr == NULL ||
           condition_parse(request->arena, kind, text, placeholders, out, &request->failure);
}

bool input_projection(struct request *request, const struct json *object, struct placeholders *placeholders,
                      struct projection **out)
{
    struct slice text = shape_text(object, "ProjectionExpression");

    *out = NULL;
    return text.ptr == NULL || projection_parse(request->arena, text, placeholders, out, &request->failure);
}

bool input_check_paths(struct request *request, const struct table *table,
                       const struct placeholders *placeholders)
{
    struct failure *failure = &request->failure;

    for (unsigned i = 0; i < 1 + table->keys.sort_count; i++) {
        const struct key_part *part = i == 0 ? &table->keys.partition[0] : &table->keys.sort[0];
        if (!placeholders_check_key(placeholders, part->name, false, failure))
            return false;
    }
    for (size_t i = 0; i < table->index_count; i++) {
        const struct key_schema *keys = &table->indexes[i].keys;
        for (unsigned j = 0; j < keys->partition_count + keys->sort_count; j++) {
            const struct key_part *part =
                j < keys->partition_count ? &keys->partition[j] : &keys->sort[j - keys->partition_count];
            if (!placeholders_check_key(placeholders, part->name, true, failure))
                return false;
        }
    }
    return true;
}

bool input_check_update(struct request *request, const struct table *table, const struct update *update)
{
    const struct slice names[] = {table->keys.partition[0].name, table->keys.sort[0].name};

    struct slice written = update_writes_any(update, names, 1 + table->keys.sort_count);
    return written.len == 0 || fail(&request->failure, ERROR_VALIDATION,
                                    "One or more parameter values were invalid: Cannot update attribute "
                                    "%.*s. This attribute is part of the key",
                                    SLICE_ARGS(written));
}

bool input_returns_old(struct request *request, bool *out)
{
    struct slice wanted = shape_text(request->body, "ReturnValues");

    *out = wanted.ptr != NULL && slice_is(wanted, "ALL_OLD");
    return *out || wanted.ptr == NULL || slice_is(wanted, "NONE") ||
           fail(&request->failure, ERROR_VALIDATION, "ReturnValues can only be ALL_OLD or NONE");
}

/* ---- keys ---- */

bool input_check_key_size(struct request *request, size_t size, bool is_partition)
{
    if (size <= (is_partition ? PARTITION_KEY_LIMIT : SORT_KEY_LIMIT))
        return true;
    return fail(&request->failure, ERROR_VALIDATION, "One or more parameter values were invalid: %s",
                is_partition ? "Size of hashkey has exceeded the maximum size limit of2048 bytes"
                             : "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
}

static bool is_empty(const struct value *value)
{
    return value->type != VALUE_N && value->bytes.len == 0;
}

static bool check_not_empty(struct request *request, const struct key_part *part, const struct value *value)
{
    return !is_empty(value) ||
           fail(&request->failure, ERROR_VALIDATION,
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
                "contain an empty %s value. Key: %.*s",
                value->type == VALUE_S ? "string" : "binary", SLICE_ARGS(part->name));
}

static bool check_key_value(struct request *request, const struct key_part *part, const struct value *value,
                            bool is_partition)
{
    return check_not_empty(request, part, value) &&
           input_check_key_size(request, key_value_size(value), is_partition);
}

static bool no_match(struct request *request)
{
    return fail(&request->failure, ERROR_VALIDATION, "The provided key element does not match the schema");
}

/* All that is wrong with the partition key is told before what is wrong with the sort key. */
bool input_check_key(struct request *request, const struct table *table, const struct item *key)
{
    const struct key_schema *keys = &table->keys;
    const struct key_part *parts[] = {&keys->partition[0], &keys->sort[0]};
    size_t count = 1 + keys->sort_count;

    for (size_t i = 0; i < count; i++) {
        if (key->count != count || item_get(key, parts[i]->name) == NULL)
            return no_match(request);
    }
    for (size_t i = 0; i < count; i++) {
        const struct value *value = item_get(key, parts[i]->name);
        if (value->type != parts[i]->type)
            return no_match(request);
        if (!check_key_value(request, parts[i], value, i == 0))
            return false;
    }
    return true;
}

static bool check_table_keys(struct request *request, const struct table *table, const struct item *item)
{
    const struct key_part *parts[] = {&table->keys.partition[0], &table->keys.sort[0]};
    size_t count = 1 + table->keys.sort_count;

    for (size_t i = 0; i < count; i++) {
        const struct value *value = item_get(item, parts[i]->name);
        if (value == NULL)
            return fail(&request->failure, ERROR_VALIDATION,
                        "One or more parameter values were invalid: Missing the key %.*s in the item",
                        SLICE_ARGS(parts[i]->name));
        if (value->type != parts[i]->type)
            return fail(&request->failure, ERROR_VALIDATION,
                        "One or more parameter values were invalid: Type mismatch for key %.*s expected: %s "
                        "actual: %s",
                        SLICE_ARGS(parts[i]->name), value_type_name(parts[i]->type),
                        value_type_name(value->type));
        if (!check_key_value(request, parts[i], value, i == 0))
            return false;
    }
    return true;
}

static bool check_index_not_empty(struct request *request, const struct index *index,
                                  const struct key_part *part, const struct value *value)
{
    return !is_empty(value) ||
           fail(&request->failure, ERROR_VALIDATION,
                "One or more parameter values are not valid. A value specified for a secondary index key is "
                "not supported. The AttributeValue for a key attribute cannot contain an empty %s value. "
                "IndexName: %.*s, IndexKey: %.*s",
                value->type == VALUE_S ? "string" : "binary", SLICE_ARGS(index->name),
                SLICE_ARGS(part->name));
}

static bool index_key_mismatch(struct request *request, const struct index *index,
                               const struct key_part *part, enum value_type type)
{
    return fail(&request->failure, ERROR_VALIDATION,
                "One or more parameter values were invalid: Type mismatch for Index Key %.*s Expected: %s "
                "Actual: %s IndexName: %.*s",
                SLICE_ARGS(part->name), value_type_name(part->type), value_type_name(type),
                SLICE_ARGS(index->name));
}

/* One key attribute of an index. An item without it is not in the index; with a value that no key can have it
 * is refused. */
static bool check_index_part(struct request *request, const struct index *index, const struct key_part *part,
                             const struct item *item, bool is_update)
{
    const struct value *value = item_get(item, part->name);
    struct failure *failure = &request->failure;

    if (value == NULL)
        return true;
    if (value->type != part->type)
        return index_key_mismatch(request, index, part, value->type);
    if (is_empty(value) && is_update)
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values are not valid. The update expression attempted to update a "
                    "secondary "
                    "index key to a value that is not supported. The AttributeValue for a key attribute "
                    "cannot contain an "
                    "empty %s value.",
                    value->type == VALUE_S ? "string" : "binary");
    return check_index_not_empty(request, index, part, value);
}

static bool is_unchanged(const struct item *item, const struct item *old, struct slice name)
{
    const struct value *value = item_get(item, name), *before = old == NULL ? NULL : item_get(old, name);

    return value != NULL && before != NULL && value_equal(value, before);
}

/* The parts of an index's partition key, or of its sort key. `old`: of an update, the item before; what it
 * leaves as it was is not its fault. */
static bool check_index_parts(struct request *request, const struct index *index, bool is_partition,
                              const struct item *item, const struct item *old)
{
    const struct key_part *parts = is_partition ? index->keys.partition : index->keys.sort;
    unsigned count = is_partition ? index->keys.partition_count : index->keys.sort_count;
    bool changed = false;
    size_t size = 0;

    for (unsigned i = 0; i < count; i++) {
        const struct value *value = item_get(item, parts[i].name);
        if (value == NULL || is_unchanged(item, old, parts[i].name)) {
            size += value == NULL || value->type != parts[i].type ? 0 : key_value_size(value);
            continue;
        }
        if (!check_index_part(request, index, &parts[i], item, old != NULL))
            return false;
        size += key_value_size(value);
        changed = true;
    }
    return !changed || input_check_key_size(request, size, is_partition);
}

static bool check_index_keys(struct request *request, const struct table *table, const struct item *item,
                             const struct item *old)
{
    for (size_t i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];
        if (index->status != INDEX_DELETING && (!check_index_parts(request, index, true, item, old) ||
                                                !check_index_parts(request, index, false, item, old)))
            return false;
    }
    return true;
}

/* The value that the item has for a key attribute, if it is of the key's type; otherwise NULL. */
static const struct value *key_value(const struct key_part *part, const struct item *item)
{
    const struct value *value = item_get(item, part->name);

    return value == NULL || value->type != part->type ? NULL : value;
}

bool input_check_no_empty_keys(struct request *request, const struct table *table, const struct item *item)
{
    for (unsigned i = 0; i < 1 + table->keys.sort_count; i++) {
        const struct key_part *part = i == 0 ? &table->keys.partition[0] : &table->keys.sort[0];
        const struct value *value = key_value(part, item);
        if (value != NULL && !check_not_empty(request, part, value))
            return false;
    }
    for (size_t i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];
        const struct key_schema *keys = &index->keys;
        for (unsigned j = 0; j < keys->partition_count + keys->sort_count; j++) {
            const struct key_part *part =
                j < keys->partition_count ? &keys->partition[j] : &keys->sort[j - keys->partition_count];
            const struct value *value = key_value(part, item);
            if (index->status != INDEX_DELETING && value != NULL &&
                !check_index_not_empty(request, index, part, value))
                return false;
        }
    }
    return true;
}

bool input_check_item_keys(struct request *request, const struct table *table, const struct item *item)
{
    return check_table_keys(request, table, item) && check_index_keys(request, table, item, NULL);
}

bool input_check_batch_keys(struct request *request, const struct table *table, const struct item *item)
{
    const struct key_part *parts[] = {&table->keys.partition[0], &table->keys.sort[0]};

    for (size_t i = 0; i < 1 + table->keys.sort_count; i++) {
        const struct value *value = item_get(item, parts[i]->name);
        if (value == NULL || value->type != parts[i]->type)
            return no_match(request);
    }
    return input_check_item_keys(request, table, item);
}

bool input_check_local_size(struct request *request, const struct table *table, const struct item *item)
{
    return index_fits_local(request->arena, table, item) ||
           fail(&request->failure, ERROR_VALIDATION, "Item size has exceeded the maximum allowed size");
}

bool input_check_updated_keys(struct request *request, const struct table *table, const struct item *item,
                              const struct item *old)
{
    return check_index_keys(request, table, item, old);
}

bool input_check_taken_away(struct request *request, const struct table *table, const struct update *update)
{
    for (size_t i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];
        const struct key_part *part = &index->keys.sort[0];
        const struct value *taken = index->kind == INDEX_LOCAL ? update_takes_away(update, part->name) : NULL;
        if (taken != NULL)
            return index_key_mismatch(request, index, part, taken->type);
    }
    return true;
}
