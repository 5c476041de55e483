/*
 * Query: reads the items of one partition, of a table or index, in the order of their sort keys.
 * AWS: API reference, Query; "Key condition expressions for the Query operation"; "Multi-attribute keys" for
 * indexes.
 */
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/key_range.h"
#include "services/dynamodb/legacy_input.h"
#include "services/dynamodb/page.h"

static const struct shape limit = {.kind = SHAPE_INTEGER, .min = 1};
static const struct shape_entry members[] = {
    {"Select", &input_select, false},
    {"IndexName", &input_index_name, false},
    {"ReturnConsumedCapacity", &input_return_consumed_capacity, false},
    {"TableName", &input_table_name, true},
    {"Limit", &limit, false},
    {"ExclusiveStartKey", &shape_attribute_map, false},
    {"ConsistentRead", &shape_boolean_value, false},
    {"ScanIndexForward", &shape_boolean_value, false},
    {"AttributesToGet", &input_attributes_to_get, false},
    {"QueryFilter", &input_filter_conditions, false},
    {"ConditionalOperator", &input_conditional_operator, false},
    {"KeyConditions", &input_filter_conditions, false},
    {"KeyConditionExpression", &shape_string, false},
    {"FilterExpression", &shape_string, false},
    {"ProjectionExpression", &shape_string, false},
    {"ExpressionAttributeNames", &shape_string_map, false},
    {"ExpressionAttributeValues", &shape_attribute_map, false},
    {0},
};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static const char *const expressions[] = {"FilterExpression", "KeyConditionExpression",
                                          "ProjectionExpression", NULL};
static const char *const legacy[] = {"AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions",
                                     NULL};

/* The key condition, sorted out along the keys it is about. */
struct key_plan {
    const struct key_term *partition[KEY_PARTS_LIMIT];
    const struct key_term *sort[KEY_PARTS_LIMIT]; /* the first sort_count of them are there */
    unsigned sort_count;
};

/* ---- checks ---- */

static bool missed(struct request *request, const struct key_part *part)
{
    return fail(&request->failure, ERROR_VALIDATION, "Query condition missed key schema element: %.*s",
                SLICE_ARGS(part->name));
}

/* AWS has other words for an empty key of an index. */
static bool check_filled(struct request *request, const struct index *index, const struct key_part *part,
                         const struct value *operand)
{
    const char *type = operand->type == VALUE_S ? "string" : "binary";

    if (key_value_size(operand) > 0)
        return true;
    if (index == NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values are not valid. The AttributeValue for a key attribute "
                    "cannot contain an "
                    "empty %s value. Key: %.*s",
                    type, SLICE_ARGS(part->name));
    return fail(&request->failure, ERROR_VALIDATION,
                "One or more parameter values are not valid. A value specified for a secondary index key is "
                "not supported. "
                "The AttributeValue for a key attribute cannot contain an empty %s value. IndexName: %.*s, "
                "IndexKey: %.*s",
                type, SLICE_ARGS(index->name), SLICE_ARGS(part->name));
}

static bool check_types(struct request *request, const struct key_term *term, const struct key_part *part)
{
    for (size_t i = 0; i < 2 && term->operands[i] != NULL; i++) {
        if (term->operands[i]->type != part->type)
            return fail(&request->failure, ERROR_VALIDATION,
                        "One or more parameter values were invalid: Condition parameter type does not match "
                        "schema type");
    }
    return true;
}

/* NULL and NOT_NULL of KeyConditions have no value. */
static bool check_has_operand(struct request *request, const struct key_term *term, bool is_partition)
{
    return term->operands[0] != NULL ||
           fail(&request->failure, ERROR_VALIDATION, "Only scalar types can be used as %s Key values",
                is_partition ? "Hash" : "Range");
}

/* A value that is too long for a sort key is told of before its type is, as DynamoDB Local does. */
static bool check_sizes(struct request *request, const struct key_term *term)
{
    for (size_t i = 0; i < 2 && term->operands[i] != NULL; i++) {
        if (!input_check_key_size(request, value_size(term->operands[i]), false))
            return false;
    }
    return true;
}

static bool check_operands(struct request *request, const struct index *index, const struct key_term *term,
                           const struct key_part *part, bool is_partition)
{
    struct failure *failure = &request->failure;

    for (size_t i = 0; i < 2 && term->operands[i] != NULL; i++) {
        const struct value *operand = term->operands[i];
        if (!check_filled(request, index, part, operand) ||
            !input_check_key_size(request, key_value_size(operand), is_partition))
            return false;
    }
    if (term->comparator == KEY_BEGINS_WITH && part->type == VALUE_N)
        return fail(
            failure, ERROR_VALIDATION,
            "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or "
            "function: begins_with, operand type: N");
    return true;
}

/* Every part of the partition key is equal to a value; the sort key's parts from the left, only the last of
 * them otherwise. */
static bool make_plan(struct request *request, const struct page *page, const struct key_condition *condition,
                      struct key_plan *plan)
{
    const struct key_schema *keys = table_keys(page->table, page->index);
    unsigned used = 0, parts = keys->partition_count + keys->sort_count;

    *plan = (struct key_plan){0};
    if (condition->count > (parts > 2 ? parts : 2))
        return fail(&request->failure, ERROR_VALIDATION, "Conditions can be of length 1 or 2 only");
    for (unsigned i = 0; i < keys->partition_count; i++, used++) {
        plan->partition[i] = key_condition_term(condition, keys->partition[i].name);
        if (plan->partition[i] == NULL)
            return missed(request, &keys->partition[i]);
        if (!check_has_operand(request, plan->partition[i], true) ||
            !check_types(request, plan->partition[i], &keys->partition[i]))
            return false;
        if (plan->partition[i]->comparator != KEY_EQUAL)
            return fail(&request->failure, ERROR_VALIDATION, "Query key condition not supported");
        if (!check_operands(request, page->index, plan->partition[i], &keys->partition[i], true))
            return false;
    }
    for (unsigned i = 0; i < keys->sort_count; i++) {
        const struct key_term *term = key_condition_term(condition, keys->sort[i].name);
        if (term == NULL)
            break;
        if (i > 0 && plan->sort[i - 1]->comparator != KEY_EQUAL)
            return fail(&request->failure, ERROR_VALIDATION, "Query key condition not supported");
        if (!check_has_operand(request, term, false) || !check_sizes(request, term) ||
            !check_types(request, term, &keys->sort[i]))
            return false;
        if (term->comparator == KEY_NONE)
            return fail(&request->failure, ERROR_VALIDATION,
                        "Attempted conditional constraint is not an indexable operation");
        if (!check_operands(request, page->index, term, &keys->sort[i], false))
            return false;
        plan->sort[plan->sort_count++] = term;
        used++;
    }
    if (used == condition->count)
        return true;
    /* A condition on something else: what is missing, in AWS's eyes, is the next part of the key. */
    if (plan->sort_count < keys->sort_count)
        return missed(request, &keys->sort[plan->sort_count]);
    return fail(&request->failure, ERROR_VALIDATION, "Query key condition not supported");
}

/* ---- the range ---- */

static void set_range(struct request *request, struct page *page, const struct key_plan *plan)
{
    const struct value *parts[KEY_PARTS_LIMIT];
    struct arena *arena = request->arena;

    for (unsigned i = 0; i < table_keys(page->table, page->index)->partition_count; i++)
        parts[i] = plan->partition[i]->operands[0];
    page->partition = keys_partition(arena, page->table, page->index, parts);
    page->range = (struct key_range){page->partition, keys_after_prefix(arena, page->partition)};
    struct slice prefix = page->partition;
    for (unsigned i = 0; i < plan->sort_count; i++) {
        page->range = key_range_narrow(arena, prefix, plan->sort[i]);
        prefix = page->range.from;
    }
}

/* ---- the operation ---- */

/* AWS refuses a filter on what the key condition is for. */
static bool check_filter(struct request *request, const struct page *page)
{
    const struct key_schema *keys = table_keys(page->table, page->index);

    if (page->filter == NULL)
        return true;
    for (unsigned i = 0; i < keys->partition_count + keys->sort_count; i++) {
        const struct key_part *part =
            i < keys->partition_count ? &keys->partition[i] : &keys->sort[i - keys->partition_count];
        if (condition_mentions(page->filter, part->name))
            return fail(&request->failure, ERROR_VALIDATION,
                        "%s can only contain non-primary key attributes: Primary key attribute: %.*s",
                        shape_member(request->body, "QueryFilter") == NULL ? "Filter Expression"
                                                                           : "QueryFilter",
                        SLICE_ARGS(part->name));
    }
    return page_check_filter(request, page);
}

static bool parse(struct request *request, struct page *page, struct page_input *parsed,
                  struct key_condition *condition)
{
    struct failure *failure = &request->failure;

    if (!input_accepts(request, &input) || !page_parse(request, expressions, legacy, page, parsed))
        return false;
    page->direction = shape_boolean(request->body, "ScanIndexForward", true) ? FORWARD : BACKWARD;
    return legacy_input_key_condition(request, parsed->placeholders, condition) &&
           placeholders_check_used(parsed->placeholders, failure) &&
           key_condition_check(condition, failure) && page_check_select(request, parsed);
}

bool query(struct request *request)
{
    struct key_condition condition;
    struct page_input parsed;
    struct key_plan plan;
    struct page page;

    if (!parse(request, &page, &parsed, &condition) || !input_find_table(request, false))
        return false;
    if (!page_find_index(request, &page) ||
        !input_check_paths(request, request->table, parsed.placeholders) ||
        !page_check_consistency(request, &page) || !make_plan(request, &page, &condition, &plan))
        return false;
    set_range(request, &page, &plan);
    return page_start(request, &page) && check_filter(request, &page) &&
           page_check_projection(request, &page, &parsed) && page_respond(request, &page);
}
