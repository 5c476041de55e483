/*
 * SearchVectors. No table has a vector index here: CreateTable and UpdateTable refuse to make one. AWS: API
 * reference.
 */
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"

static const struct shape vector = {.kind = SHAPE_LIST, .min = 1, .element = &shape_attribute_value};
static const struct shape results = {.kind = SHAPE_INTEGER, .min = 1};
static const struct shape_entry members[] = {
    {"TableName", &input_table_name, true},
    {"IndexName", &input_index_name, true},
    {"ReturnConsumedCapacity", &input_return_consumed_capacity, false},
    {"ExpressionAttributeNames", &shape_string_map, false},
    {"ExpressionAttributeValues", &shape_attribute_map, false},
    {"ProjectionExpression", &shape_string, false},
    {"SearchVector", &vector, true},
    {"SearchConditionExpression", &shape_string, false},
    {"TopK", &results, true},
    {0},
};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

bool search_vectors(struct request *request)
{
    if (!input_accepts(request, &input) || !input_find_table(request, true))
        return false;
    return fail(
        &request->failure, ERROR_RESOURCE_NOT_FOUND,
        "Requested resource not found: Table: %.*s Vector index: %.*s not found. Vector indexes are not "
        "implemented by this server",
        SLICE_ARGS(request->table->name), SLICE_ARGS(shape_text(request->body, "IndexName")));
}
