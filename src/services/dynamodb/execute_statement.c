/*
 * ExecuteStatement: one PartiQL statement, which reads a page of items or writes one item.
 * AWS: API reference, ExecuteStatement.
 */
#include "items/attribute_value.h"
#include "services/accepts.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/statement_input.h"
#include "services/dynamodb/statement_select.h"
#include "services/dynamodb/statement_write.h"

enum { NEXT_TOKEN_LIMIT = 32768 };

static const struct shape limit = {.kind = SHAPE_INTEGER, .min = 1};
static const struct shape next_token = {.kind = SHAPE_STRING, .min = 1, .max = NEXT_TOKEN_LIMIT};
static const struct shape_entry members[] = {
    {"Statement", &statement_input_text, true},
    {"Parameters", &statement_input_parameters, false},
    {"ConsistentRead", &shape_boolean_value, false},
    {"NextToken", &next_token, false},
    {"ReturnConsumedCapacity", &input_return_consumed_capacity, false},
    {"Limit", &limit, false},
    {"ReturnValuesOnConditionCheckFailure", &input_return_values_on_check_failure, false},
    {0},
};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static bool write_item(struct request *request, const struct statement *statement)
{
    struct statement_write plan;
    bool first = true;

    bool written = statement_write_plan(request, statement, &plan) &&
                   statement_write_apply(request, request->body, &plan);
    if (written) {
        buffer_append_byte(request->out, '{');
        json_write_name(request->out, &first, "Items");
        buffer_append_byte(request->out, '[');
        if (plan.returned.count > 0)
            item_to_json(request->out, &plan.returned);
        buffer_append_byte(request->out, ']');
        capacity_respond(request, &first, &plan.write.capacity, statement->table);
        buffer_append_byte(request->out, '}');
    }
    statement_write_finish(&plan);
    return written;
}

bool execute_statement(struct request *request)
{
    struct statement_values values;
    struct statement *statement;

    if (!accepts(request, &input) || !statement_input_values(request, request->body, &values) ||
        !statement_input(request, request->body, &values, &statement))
        return false;
    switch (statement->kind) {
    case STATEMENT_SELECT:
        return statement_select(request, statement);
    case STATEMENT_INSERT:
    case STATEMENT_UPDATE:
    case STATEMENT_DELETE:
        return write_item(request, statement);
    case STATEMENT_OTHER:
        if (statement->operation.len > 0)
            return fail(&request->failure, ERROR_VALIDATION, "Unsupported operation: %.*s",
                        SLICE_ARGS(statement->operation));
        break;
    case STATEMENT_EXISTS:
        break;
    }
    return fail(&request->failure, ERROR_VALIDATION,
                "EXISTS can only be used in ExecuteTransaction write requests.");
}
