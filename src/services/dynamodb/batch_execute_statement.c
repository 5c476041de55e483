/*
 * BatchExecuteStatement: up to 25 PartiQL statements that each read, or each write, one item. A statement
 * that fails fails alone; the writes of the others are one commit, which is stronger than AWS promises.
 * AWS: API reference, BatchExecuteStatement.
 */
#include "catalog/keys.h"
#include "items/attribute_value.h"
#include "services/accepts.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/statement_input.h"
#include "services/dynamodb/statement_read.h"
#include "services/dynamodb/statement_write.h"
#include "services/gate.h"

enum { STATEMENTS_LIMIT = 25 };

static const struct shape_entry statement_members[] = {
    {"Statement", &statement_input_text, true},
    {"Parameters", &statement_input_parameters, false},
    {"ConsistentRead", &shape_boolean_value, false},
    {"ReturnValuesOnConditionCheckFailure", &input_return_values_on_check_failure, false},
    {0},
};
static const struct shape statement_shape = {.kind = SHAPE_STRUCTURE,
                                             .members = statement_members,
                                             .java =
                                                 "com.amazonaws.dynamodb.v20120810.BatchStatementRequest"};
static const struct shape statements_shape = {
    .kind = SHAPE_LIST,
    .min = 1,
    .max = STATEMENTS_LIMIT,
    .element = &statement_shape,
    .java = "java.util.List<com.amazonaws.dynamodb.v20120810.BatchStatementRequest>"};
static const struct shape_entry members[] = {
    {"Statements", &statements_shape, true},
    {"ReturnConsumedCapacity", &input_return_consumed_capacity, false},
    {0},
};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* One statement, and what became of it. */
struct one {
    const struct json *object;
    struct statement_values values;
    struct statement *statement;
    struct statement_read read;
    struct statement_write write;
    bool planned;         /* its table and key are known and right */
    const char *code;     /* of its error; NULL: none */
    struct slice message; /* of the error */
    struct slice members; /* of the error, further JSON members, beginning with a comma */
};

struct all {
    struct one ones[STATEMENTS_LIMIT];
    size_t count;
    bool reads;
};

/* ---- errors of one statement ---- */

/* AWS: BatchStatementErrorCodeEnum. What is not here is no fault of one statement. */
static const struct {
    enum error_code error;
    const char *code;
} codes[] = {
    {ERROR_VALIDATION, "ValidationError"},
    {ERROR_RESOURCE_NOT_FOUND, "ResourceNotFound"},
    {ERROR_CONDITIONAL_CHECK_FAILED, "ConditionalCheckFailed"},
    {ERROR_DUPLICATE_ITEM, "DuplicateItem"},
    {ERROR_TRANSACTION_CONFLICT, "TransactionConflict"},
    {ERROR_PROVISIONED_THROUGHPUT_EXCEEDED, "ProvisionedThroughputExceeded"},
    {ERROR_THROTTLING, "ThrottlingError"},
    {ERROR_ACCESS_DENIED, "AccessDenied"},
};

/* Takes the request's failure for the statement's error; false if it is one of the whole request. */
static bool take_error(struct request *request, struct one *one)
{
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        if (codes[i].error != request->failure.code)
            continue;
        one->code = codes[i].code;
        one->message = request->failure.message;
        /* The old item of a failed condition; a statement's error has no reasons of throttling. */
        if (codes[i].error == ERROR_CONDITIONAL_CHECK_FAILED)
            one->members = request->failure.members;
        failure_init(&request->failure, request->arena);
        return true;
    }
    return false;
}

/* ---- reading the request ---- */

static bool is_write(const struct one *one)
{
    enum statement_kind kind = one->statement->kind;

    return kind == STATEMENT_INSERT || kind == STATEMENT_UPDATE || kind == STATEMENT_DELETE;
}

static bool check_kind(struct request *request, const struct statement *statement)
{
    switch (statement->kind) {
    case STATEMENT_SELECT:
    case STATEMENT_INSERT:
    case STATEMENT_UPDATE:
    case STATEMENT_DELETE:
        return true;
    case STATEMENT_OTHER:
        if (statement->operation.len > 0)
            return fail(&request->failure, ERROR_VALIDATION,
                        "Invalid operation. Only select, insert, update and delete operations are valid");
        break;
    case STATEMENT_EXISTS:
        break;
    }
    return fail(&request->failure, ERROR_VALIDATION,
                "EXISTS can only be used in ExecuteTransaction write requests.");
}

static bool parse(struct request *request, struct all *all)
{
    bool any[2] = {false, false};

    for (struct one *one = all->ones; one != all->ones + all->count; one++)
        if (!statement_input_values(request, one->object, &one->values))
            return false;
    for (struct one *one = all->ones; one != all->ones + all->count; one++) {
        if (statement_input(request, one->object, &one->values, &one->statement) &&
            check_kind(request, one->statement))
            any[is_write(one)] = true;
        else if (!take_error(request, one))
            return false;
    }
    all->reads = any[0];
    return !(any[0] && any[1]) ||
           fail(&request->failure, ERROR_VALIDATION,
                "Read and write requests together in the same batch is not supported.");
}

/* ---- which items ---- */

static bool plan_read(struct request *request, struct one *one)
{
    bool names_one;

    if (!statement_read_plan(request, one->statement, &one->read, &names_one))
        return false;
    return names_one || fail(&request->failure, ERROR_VALIDATION, "Only single item select is supported");
}

static struct slice place_of(struct request *request, const struct all *all, const struct one *one)
{
    return all->reads ? one->read.place : keys_entry(request->arena, one->write.table, NULL, &one->write.key);
}

static bool plan(struct request *request, struct all *all)
{
    struct slice places[STATEMENTS_LIMIT] = {0};

    for (size_t i = 0; i < all->count; i++) {
        struct one *one = &all->ones[i];
        if (one->code != NULL)
            continue;
        one->planned = gate_enter_part(request, (unsigned)i + 1) &&
                       (all->reads ? plan_read(request, one)
                                   : statement_write_plan(request, one->statement, &one->write));
        if (!one->planned) {
            if (!take_error(request, one))
                return false;
            continue;
        }
        places[i] = place_of(request, all, one);
        for (size_t j = 0; j < i; j++)
            if (slice_equal(places[j], places[i]))
                return fail(&request->failure, ERROR_VALIDATION,
                            "Provided list of item keys contains duplicates");
    }
    return true;
}

/* ---- the answer ---- */

static void write_error(struct request *request, bool *first, const struct one *one)
{
    bool first_member = true;

    json_write_name(request->out, first, "Error");
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first_member, "Code", slice_of(one->code));
    json_write_string_member(request->out, &first_member, "Message", one->message);
    buffer_append(request->out, one->members);
    buffer_append_byte(request->out, '}');
}

static bool execute(struct request *request, const struct all *all, struct one *one, bool *first)
{
    if (all->reads)
        return statement_read_item(request, first, &one->read,
                                   shape_boolean(one->object, "ConsistentRead", false));
    if (!statement_write_apply(request, one->object, &one->write))
        return false;
    if (one->write.returned.count > 0) {
        json_write_name(request->out, first, "Item");
        item_to_json(request->out, &one->write.returned);
    }
    return true;
}

static bool respond_one(struct request *request, const struct all *all, struct one *one)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    if (one->planned && !execute(request, all, one, &first) && !take_error(request, one))
        return false;
    if (one->code != NULL)
        write_error(request, &first, one);
    if (one->planned)
        json_write_string_member(request->out, &first, "TableName", one->statement->table);
    buffer_append_byte(request->out, '}');
    return true;
}

/* AWS: "The values of the list are ordered according to the ordering of the statements." */
static void respond_capacity(struct request *request, const struct all *all, bool *first)
{
    bool any = false, by_index;

    if (!capacity_wanted(request, &by_index))
        return;
    json_write_name(request->out, first, "ConsumedCapacity");
    buffer_append_byte(request->out, '[');
    for (const struct one *one = all->ones; one != all->ones + all->count; one++) {
        if (one->code != NULL)
            continue;
        if (any)
            buffer_append_byte(request->out, ',');
        any = true;
        capacity_write(request->out, all->reads ? &one->read.item.capacity : &one->write.write.capacity,
                       one->statement->table, by_index, NULL);
    }
    buffer_append_byte(request->out, ']');
}

static bool respond(struct request *request, struct all *all)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    json_write_name(request->out, &first, "Responses");
    buffer_append_byte(request->out, '[');
    for (size_t i = 0; i < all->count; i++) {
        if (i > 0)
            buffer_append_byte(request->out, ',');
        if (!respond_one(request, all, &all->ones[i]))
            return false;
    }
    buffer_append_byte(request->out, ']');
    respond_capacity(request, all, &first);
    buffer_append_byte(request->out, '}');
    return true;
}

bool batch_execute_statement(struct request *request)
{
    struct all *all = arena_new(request->arena, struct all);

    if (!accepts(request, &input))
        return false;
    const struct json *statements = shape_member(request->body, "Statements");
    all->count = statements->array.count;
    for (size_t i = 0; i < all->count; i++)
        all->ones[i].object = &statements->array.items[i];
    bool answered = parse(request, all) && plan(request, all) && respond(request, all);
    for (size_t i = 0; i < all->count; i++) {
        statement_read_finish(&all->ones[i].read);
        statement_write_finish(&all->ones[i].write);
    }
    return answered;
}
