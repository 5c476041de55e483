/*
 * Scan: reads a table or index from one end to the other, or one segment of it. AWS: API reference, Scan.
 */
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/legacy_input.h"
#include "services/dynamodb/page.h"

enum { SEGMENTS_LIMIT = 1000000 };

static const struct shape limit = {.kind = SHAPE_INTEGER, .min = 1};
static const struct shape segment = {.kind = SHAPE_INTEGER, .not_negative = true, .max = SEGMENTS_LIMIT - 1};
static const struct shape total_segments = {.kind = SHAPE_INTEGER, .min = 1, .max = SEGMENTS_LIMIT};
static const struct shape_entry members[] = {
    {"Select", &input_select, false},
    {"Limit", &limit, false},
    {"ReturnConsumedCapacity", &input_return_consumed_capacity, false},
    {"Segment", &segment, false},
    {"TotalSegments", &total_segments, false},
    {"TableName", &input_table_name, true},
    {"IndexName", &input_index_name, false},
    {"ExclusiveStartKey", &shape_attribute_map, false},
    {"ConsistentRead", &shape_boolean_value, false},
    {"AttributesToGet", &input_attributes_to_get, false},
    {"ScanFilter", &input_filter_conditions, false},
    {"ConditionalOperator", &input_conditional_operator, false},
    {"FilterExpression", &shape_string, false},
    {"ProjectionExpression", &shape_string, false},
    {"ExpressionAttributeNames", &shape_string_map, false},
    {"ExpressionAttributeValues", &shape_attribute_map, false},
    {0},
};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static const char *const expressions[] = {"FilterExpression", "ProjectionExpression", NULL};
static const char *const legacy[] = {"AttributesToGet", "ScanFilter", "ConditionalOperator", NULL};

static bool check_segments(struct request *request)
{
    int64_t which = shape_number(request->body, "Segment", -1),
            total = shape_number(request->body, "TotalSegments", -1);
    struct failure *failure = &request->failure;

    if (which < 0 && total >= 0)
        return fail(failure, ERROR_VALIDATION,
                    "The Segment parameter is required but was not present in the request when parameter "
                    "TotalSegments "
                    "is present");
    if (which >= 0 && total < 0)
        return fail(failure, ERROR_VALIDATION,
                    "The TotalSegments parameter is required but was not present in the request when Segment "
                    "parameter "
                    "is present");
    if (which >= total && which >= 0)
        return fail(failure, ERROR_VALIDATION,
                    "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
                    "Segment: %lld is "
                    "not less than TotalSegments: %lld",
                    (long long)which, (long long)total);
    return true;
}

static bool start_in_segment(struct request *request, struct page *page)
{
    int64_t which = shape_number(request->body, "Segment", 0),
            total = shape_number(request->body, "TotalSegments", 1);

    page->range = keys_segment(request->arena, page->table, page->index, (uint32_t)which, (uint32_t)total);
    return page_start(request, page);
}

/* What the index has, and paths into keys. AWS documents no order; DynamoDB Local looks first at what
 * `Select` asks of the index, if it is there, and else at the paths. */
static bool check_projection(struct request *request, struct page *page, const struct page_input *parsed)
{
    bool selects = parsed->select.ptr != NULL;

    if (selects && !page_check_projection(request, page, parsed))
        return false;
    return input_check_paths(request, request->table, parsed->placeholders) &&
           (selects || page_check_projection(request, page, parsed));
}

bool scan(struct request *request)
{
    struct page_input parsed;
    struct page page;

    return input_accepts(request, &input) && check_segments(request) &&
           page_parse(request, expressions, legacy, &page, &parsed) &&
           placeholders_check_used(parsed.placeholders, &request->failure) &&
           page_check_select(request, &parsed) && input_find_table(request, false) &&
           page_find_index(request, &page) && page_check_consistency(request, &page) &&
           start_in_segment(request, &page) && check_projection(request, &page, &parsed) &&
           page_respond(request, &page);
}
