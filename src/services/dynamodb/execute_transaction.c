/*
 * ExecuteTransaction: up to 100 PartiQL statements that each read one item, all at one moment, or each write
 * or check one item, all or none. AWS: API reference, ExecuteTransaction; developer guide, "Performing
 * transactions with PartiQL for DynamoDB".
 */
#include "services/accepts.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/statement_input.h"
#include "services/dynamodb/statement_read.h"
#include "services/dynamodb/statement_write.h"
#include "services/dynamodb/transaction.h"

static const struct shape_entry statement_members[] = {
    {"Statement", &statement_input_text, true},
    {"Parameters", &statement_input_parameters, false},
    {"ReturnValuesOnConditionCheckFailure", &input_return_values_on_check_failure, false},
    {0},
};
static const struct shape statement_shape = {.kind = SHAPE_STRUCTURE,
                                             .members = statement_members,
                                             .java =
                                                 "com.amazonaws.dynamodb.v20120810.ParameterizedStatement"};
static const struct shape statements_shape = {
    .kind = SHAPE_LIST,
    .min = 1,
    .max = TRANSACTION_ACTIONS_LIMIT,
    .element = &statement_shape,
    .java = "java.util.List<com.amazonaws.dynamodb.v20120810.ParameterizedStatement>"};
static const struct shape_entry members[] = {
    {"TransactStatements", &statements_shape, true},
    {"ClientRequestToken", &transaction_token_shape, false},
    {"ReturnConsumedCapacity", &input_return_consumed_capacity, false},
    {0},
};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

struct statements {
    const struct json *given;
    struct statement_values *values;
    struct statement **parsed;
    size_t count;
};

/* ---- reading the request ---- */

/* What is wrong with one statement by itself is told with its number, save a text that is not well formed. */
static bool name_statement(struct request *request, size_t i)
{
    struct slice message = request->failure.message;

    if (request->failure.code == ERROR_VALIDATION &&
        !slice_starts_with(message, SLICE("Statement wasn't well formed")))
        request->failure.message = arena_printf(
            request->arena, "Validation failed in TransactStatements[%zu]: %.*s", i, SLICE_ARGS(message));
    return false;
}

static bool refuse(struct request *request, size_t i, const char *message)
{
    (void)fail(&request->failure, ERROR_VALIDATION, "%s", message);
    return name_statement(request, i);
}

static bool check_kind(struct request *request, const struct statement *statement, size_t i)
{
    if (statement->kind == STATEMENT_OTHER && statement->operation.len > 0)
        return fail(&request->failure, ERROR_VALIDATION, "Unsupported operation: %.*s",
                    SLICE_ARGS(statement->operation));
    if (statement->kind == STATEMENT_OTHER)
        return fail(&request->failure, ERROR_VALIDATION, "Unsupported operation in transaction.");
    if (statement->returning != RETURNING_NOTHING)
        return refuse(request, i, "RETURNING clause is not supported in ExecuteTransaction.");
    if (statement->index.ptr != NULL)
        return refuse(request, i,
                      statement->kind == STATEMENT_SELECT
                          ? "Reads on indices are not supported within transactions."
                          : "Operations on indices are not supported in transactions");
    return true;
}

static bool parse(struct request *request, struct statements *statements, bool *reads)
{
    const struct json *given = statements->given->array.items;
    bool any[2] = {false, false};

    for (size_t i = 0; i < statements->count; i++)
        if (!statement_input_values(request, &given[i], &statements->values[i]))
            return false;
    for (size_t i = 0; i < statements->count; i++) {
        if (!statement_input(request, &given[i], &statements->values[i], &statements->parsed[i]))
            return name_statement(request, i);
        if (!check_kind(request, statements->parsed[i], i))
            return false;
        any[statements->parsed[i]->kind != STATEMENT_SELECT] = true;
    }
    *reads = any[0];
    return !(any[0] && any[1]) ||
           fail(
               &request->failure, ERROR_VALIDATION,
               "ExecuteTransaction API does not support both read and write operations in the same request.");
}

/* ---- reads ---- */

struct reads {
    struct statement_read *all;
    struct reason *reasons;
    size_t count;
};

static bool plan_read(struct request *request, const struct statements *statements, struct reads *reads,
                      size_t i)
{
    struct statement_read *read = &reads->all[i];
    bool names_one;

    if (!statement_read_plan(request, statements->parsed[i], read, &names_one))
        return read->table == NULL ? name_statement(request, i) : reason_take(request, &reads->reasons[i]);
    if (!names_one)
        return refuse(
            request, i,
            "Select statements within ExecuteTransaction must specify the primary key in the where clause.");
    return true;
}

/* After all tables are found; what names no item is none that another names. */
static bool check_distinct(struct request *request, const struct reads *reads)
{
    for (size_t i = 0; i < reads->count; i++)
        for (size_t j = 0; reads->all[i].place.len > 0 && j < i; j++)
            if (slice_equal(reads->all[i].place, reads->all[j].place))
                return fail(&request->failure, ERROR_VALIDATION,
                            "Transaction request cannot include multiple operations on one item");
    return true;
}

static bool read_items(struct request *request, struct reads *reads)
{
    size_t bytes = 0;

    buffer_append_string(request->out, "{\"Responses\":[");
    for (size_t i = 0; i < reads->count; i++) {
        struct statement_read *read = &reads->all[i];
        bool first = true;
        buffer_append_string(request->out, i > 0 ? ",{" : "{");
        if (!statement_read_item(request, &first, read, true))
            return false;
        buffer_append_byte(request->out, '}');
        bytes += read->item.old_size;
        if (bytes > TRANSACTION_SIZE_LIMIT)
            return fail(&request->failure, ERROR_VALIDATION, "Payload in response is too large.%zu", bytes);
    }
    buffer_append_byte(request->out, ']');
    return true;
}

static bool respond_reads(struct request *request, struct reads *reads)
{
    struct capacity_share *shares = arena_array(request->arena, struct capacity_share, reads->count);
    bool first = false;

    request->snapshot = snapshot_create(request->server->storage);
    bool read = read_items(request, reads);
    snapshot_destroy(request->server->storage, request->snapshot);
    request->snapshot = NULL;
    if (!read)
        return false;
    for (size_t i = 0; i < reads->count; i++)
        shares[i] = (struct capacity_share){reads->all[i].statement->table, &reads->all[i].item.capacity};
    capacity_respond_transaction(request, &first, shares, reads->count, "ReadCapacityUnits");
    buffer_append_byte(request->out, '}');
    return true;
}

static bool read_all(struct request *request, const struct statements *statements)
{
    struct reads reads = {arena_array(request->arena, struct statement_read, statements->count),
                          arena_array(request->arena, struct reason, statements->count), statements->count};
    bool good = true;

    for (size_t i = 0; good && i < reads.count; i++)
        good = plan_read(request, statements, &reads, i);
    good = good && check_distinct(request, &reads) && cancel_if_any(request, reads.reasons, reads.count) &&
           respond_reads(request, &reads);
    for (size_t i = 0; i < reads.count; i++)
        statement_read_finish(&reads.all[i]);
    return good;
}

/* ---- writes and checks ---- */

/* The action of a statement whose key is known. */
static bool make_action(struct request *request, const struct json *object,
                        const struct statement_write *plan, size_t i, struct transaction_action *action)
{
    static const enum transaction_kind kinds[] = {[STATEMENT_INSERT] = TRANSACTION_PUT,
                                                  [STATEMENT_UPDATE] = TRANSACTION_UPDATE,
                                                  [STATEMENT_DELETE] = TRANSACTION_DELETE,
                                                  [STATEMENT_EXISTS] = TRANSACTION_CHECK};
    const struct statement *statement = plan->statement;
    struct slice wanted = shape_text(object, "ReturnValuesOnConditionCheckFailure");
    bool checks = statement->kind == STATEMENT_EXISTS;

    if (checks && plan->condition == NULL)
        return refuse(request, i, STATEMENT_WRITE_NO_CHECK);
    *action = (struct transaction_action){.kind = kinds[statement->kind],
                                          .table_name = statement->table,
                                          .item = plan->key,
                                          .condition = checks ? statement->condition : plan->condition,
                                          .update = statement->update,
                                          .placeholders = statement->placeholders,
                                          .returns_old = wanted.ptr != NULL && slice_is(wanted, "ALL_OLD"),
                                          .must_be_new = statement->kind == STATEMENT_INSERT};
    return true;
}

/* Whether it was not the table's schema that a statement failed at. */
static bool is_wrong_alone(const struct statement_write *plan)
{
    return plan->table == NULL &&
           (plan->statement->condition != NULL || plan->statement->kind == STATEMENT_INSERT);
}

/* What depends on the table's schema is the reason of one action. */
static bool plan_write(struct request *request, const struct statements *statements,
                       struct transaction *transaction, size_t i)
{
    const struct statement *statement = statements->parsed[i];
    struct statement_write plan;
    bool good;

    if (statement_write_find(request, statement, &plan))
        good = make_action(request, &statements->given->array.items[i], &plan, i, &transaction->actions[i]);
    else if (slice_is(request->failure.message, STATEMENT_WRITE_NO_CHECK) || is_wrong_alone(&plan))
        good = name_statement(request, i);
    else
        good = reason_take(request, &transaction->reasons[i]);
    statement_write_finish(&plan);
    return good;
}

static bool write_all(struct request *request, const struct statements *statements)
{
    struct transaction *transaction = transaction_create(request, statements->count);
    bool first = true;

    for (size_t i = 0; i < statements->count; i++)
        if (!plan_write(request, statements, transaction, i))
            return false;
    transaction_token(request, transaction, statements->given);
    if (!transaction_write(request, transaction))
        return false;
    buffer_append_byte(request->out, '{');
    json_write_name(request->out, &first, "Responses");
    buffer_append_string(request->out, "[]");
    transaction_respond_capacity(request, &first, transaction);
    buffer_append_byte(request->out, '}');
    return true;
}

bool execute_transaction(struct request *request)
{
    struct statements statements = {0};
    bool reads;

    if (!accepts(request, &input))
        return false;
    statements.given = shape_member(request->body, "TransactStatements");
    statements.count = statements.given->array.count;
    statements.values = arena_array(request->arena, struct statement_values, statements.count);
    statements.parsed = arena_array(request->arena, struct statement *, statements.count);
    return parse(request, &statements, &reads) &&
           (reads ? read_all(request, &statements) : write_all(request, &statements));
}
