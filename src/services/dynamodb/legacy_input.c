#include "services/dynamodb/legacy_input.h"

#include "services/dynamodb/input.h"
#include "services/operation.h"

enum { NAME_MAX_LENGTH = 65535 };

static const char *const action_words[] = {"ADD", "PUT", "DELETE", NULL};
static const char *const conditional_operator_words[] = {"OR", "AND", NULL};

static const struct shape comparison_operator = {.kind = SHAPE_STRING, .words = legacy_comparison_words};
static const struct shape value_list = {.kind = SHAPE_LIST, .element = &shape_attribute_value};
static const struct shape action = {.kind = SHAPE_STRING, .words = action_words};
static const struct shape attribute_name = {.kind = SHAPE_STRING, .max = NAME_MAX_LENGTH};

static const struct shape_entry expected_members[] = {
    {"ComparisonOperator", &comparison_operator, false},
    {"AttributeValueList", &value_list, false},
    {"Value", &shape_attribute_value, false},
    {"Exists", &shape_boolean_value, false},
    {0},
};
static const struct shape_entry condition_members[] = {
    {"ComparisonOperator", &comparison_operator, true},
    {"AttributeValueList", &value_list, false},
    {0},
};
static const struct shape_entry update_members[] = {
    {"Value", &shape_attribute_value, false},
    {"Action", &action, false},
    {0},
};
static const struct shape expected = {.kind = SHAPE_STRUCTURE,
                                      .members = expected_members,
                                      .java = "com.amazonaws.dynamodb.v20120810.ExpectedAttributeValue"};
static const struct shape condition = {.kind = SHAPE_STRUCTURE,
                                       .members = condition_members,
                                       .java = "com.amazonaws.dynamodb.v20120810.Condition"};
static const struct shape update = {.kind = SHAPE_STRUCTURE,
                                    .members = update_members,
                                    .java = "com.amazonaws.dynamodb.v20120810.AttributeValueUpdate"};

const struct shape input_expected = {.kind = SHAPE_MAP, .element = &expected};
const struct shape input_filter_conditions = {.kind = SHAPE_MAP, .element = &condition};
const struct shape input_attribute_updates = {.kind = SHAPE_MAP, .element = &update};
const struct shape input_attributes_to_get = {.kind = SHAPE_LIST, .min = 1, .element = &attribute_name};
const struct shape input_conditional_operator = {.kind = SHAPE_STRING, .words = conditional_operator_words};

/* How many conditions ConditionalOperator would join. */
static bool check_operator(struct request *request, const struct json *conditions)
{
    struct failure *failure = &request->failure;

    if (shape_member(request->body, "ConditionalOperator") == NULL)
        return true;
    if (conditions == NULL || conditions->object.count == 0)
        return fail(failure, ERROR_VALIDATION,
                    "ConditionalOperator cannot be used without Filter or Expected");
    return conditions->object.count > 1 ||
           fail(failure, ERROR_VALIDATION,
                "ConditionalOperator can only be used when Filter or Expected has two or more elements");
}

/* Expected of a write, QueryFilter or ScanFilter of a read. */
static bool read_condition(struct request *request, bool is_filter, struct condition **out)
{
    bool is_query = slice_is(slice_of(request->operation->name), "Query");
    const struct json *conditions = shape_member(request->body, !is_filter ? "Expected"
                                                                : is_query ? "QueryFilter"
                                                                           : "ScanFilter");
    struct slice joined = shape_text(request->body, "ConditionalOperator");
    bool any = joined.ptr != NULL && slice_is(joined, "OR");

    *out = NULL;
    if (conditions != NULL && !(is_filter ? legacy_filter : legacy_expected)(request->arena, conditions, any,
                                                                             out, &request->failure))
        return false;
    return check_operator(request, conditions);
}

bool legacy_input_condition(struct request *request, enum expression_kind kind,
                            struct placeholders *placeholders, struct condition **out)
{
    bool is_filter = kind == EXPRESSION_FILTER;

    if (shape_member(request->body, is_filter ? "FilterExpression" : "ConditionExpression") == NULL)
        return read_condition(request, is_filter, out);
    return input_condition(request, request->body, kind, placeholders, out);
}

bool legacy_input_projection(struct request *request, const struct json *object,
                             struct placeholders *placeholders, struct projection **out)
{
    const struct json *names = shape_member(object, "AttributesToGet");

    if (names == NULL)
        return input_projection(request, object, placeholders, out);
    return legacy_projection(request->arena, names, out, &request->failure);
}

bool legacy_input_update(struct request *request, struct placeholders *placeholders, struct update **out)
{
    const struct json *updates = shape_member(request->body, "AttributeUpdates");
    struct slice text = shape_text(request->body, "UpdateExpression");

    *out = NULL;
    if (updates != NULL)
        return legacy_updates(request->arena, updates, out, &request->failure);
    return text.ptr == NULL || update_parse(request->arena, text, placeholders, out, &request->failure);
}

bool legacy_input_key_condition(struct request *request, struct placeholders *placeholders,
                                struct key_condition *out)
{
    const struct json *conditions = shape_member(request->body, "KeyConditions");
    struct slice text = shape_text(request->body, "KeyConditionExpression");

    if (conditions != NULL)
        return legacy_key_conditions(request->arena, conditions, out, &request->failure);
    if (text.ptr != NULL)
        return key_condition_parse(request->arena, text, placeholders, out, &request->failure);
    *out = (struct key_condition){
        .problem =
            SLICE("Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
                  "request.")};
    return true;
}
