#include "services/dynamodb/transaction.h"

#include "catalog/keys.h"
#include "items/attribute_value.h"
#include "services/dynamodb/idempotency.h"
#include "services/dynamodb/input.h"
#include "services/meter.h"
#include "services/shape.h"

struct transaction *transaction_create(struct request *request, size_t count)
{
    struct transaction *transaction = arena_new(request->arena, struct transaction);

    transaction->actions = arena_array(request->arena, struct transaction_action, count);
    transaction->reasons = arena_array(request->arena, struct reason, count);
    transaction->keys = arena_array(request->arena, struct ongoing_key, count + 1);
    transaction->count = count;
    return transaction;
}

const struct shape transaction_token_shape = {.kind = SHAPE_STRING, .min = 1, .max = 36};

void transaction_token(const struct request *request, struct transaction *transaction,
                       const struct json *parameters)
{
    struct slice token = shape_text(request->body, "ClientRequestToken");

    if (token.ptr == NULL)
        return;
    transaction->has_token = true;
    transaction->token = token;
    transaction->fingerprint = idempotency_fingerprint(parameters);
}

bool transaction_check_size(struct request *request, size_t bytes)
{
    return bytes <= TRANSACTION_SIZE_LIMIT ||
           fail(&request->failure, ERROR_VALIDATION,
                "Transaction payload size cannot exceed 4MB. Payload Size: %zu", bytes);
}

/* ---- which items ---- */

/* One table for all actions that name it, though it may be changed meanwhile. */
static struct table *find_table(struct request *request, const struct transaction *transaction,
                                const struct transaction_action *action)
{
    for (const struct transaction_action *other = transaction->actions; other != action; other++) {
        if (slice_equal(other->table_name, action->table_name))
            return table_retain(other->table);
    }
    return input_table(request, action->table_name);
}

static bool check_schema(struct request *request, const struct transaction_action *action)
{
    if (action->kind == TRANSACTION_PUT)
        return input_check_item_keys(request, action->table, &action->item);
    return input_check_key(request, action->table, &action->item) &&
           (action->update == NULL || input_check_update(request, action->table, action->update));
}

/* The key of an action whose item is known; one whose key is wrong has none, and a reason. */
static bool find_key(struct request *request, struct transaction *transaction, size_t i)
{
    struct transaction_action *action = &transaction->actions[i];

    if (!input_check_no_empty_keys(request, action->table, &action->item) ||
        (action->placeholders != NULL && !input_check_paths(request, action->table, action->placeholders)))
        return false;
    if (!check_schema(request, action))
        return reason_take(request, &transaction->reasons[i]);
    if (action->kind == TRANSACTION_PUT && !input_check_local_size(request, action->table, &action->item))
        return false;
    struct slice key = keys_entry(request->arena, action->table, NULL, &action->item);
    for (size_t j = 0; j < i; j++) {
        if (slice_equal(transaction->keys[j].key, key))
            return fail(&request->failure, ERROR_VALIDATION,
                        "Transaction request cannot include multiple operations on one item");
    }
    transaction->keys[i].key = key;
    return true;
}

static bool find_items(struct request *request, struct transaction *transaction)
{
    for (size_t i = 0; i < transaction->count; i++) {
        struct transaction_action *action = &transaction->actions[i];
        if (transaction->reasons[i].code != NULL)
            continue; /* a statement that names no item */
        action->table = find_table(request, transaction, action);
        if (action->table == NULL || !find_key(request, transaction, i))
            return false;
        capacity_init(&action->write.capacity, request->arena, action->table);
    }
    return true;
}

/* ---- other writers ---- */

static void note_conflict(struct request *request, struct transaction *transaction, size_t action)
{
    reason_conflict(&transaction->reasons[action]);
    meter_add(request, transaction->actions[action].table, NULL, METRIC_CONFLICT, 1);
}

/* Shows the items to other writers, and learns which of them are in another transaction. */
static bool enter(struct request *request, struct transaction *transaction)
{
    struct ongoing_key *of_token = &transaction->keys[transaction->count];

    if (transaction->has_token)
        of_token->key = idempotency_key(request, transaction->token);
    transaction->entered = ongoing_enter(request->server->ongoing, transaction->keys, transaction->count + 1);
    if (of_token->met)
        return fail(&request->failure, ERROR_TRANSACTION_IN_PROGRESS,
                    "The transaction with the given request token is already in progress");
    for (size_t i = 0; i < transaction->count; i++) {
        if (transaction->keys[i].met)
            note_conflict(request, transaction, i);
    }
    return true;
}

static void end(struct request *request)
{
    struct transaction *transaction = request->execution;

    if (transaction->entered)
        ongoing_leave(request->server->ongoing, transaction->keys, transaction->count + 1);
    for (size_t i = 0; i < transaction->count; i++)
        table_release(transaction->actions[i].table);
}

static bool overtaken(struct request *request)
{
    struct transaction *transaction = request->execution;
    const struct guard *refuted = request->batch.refuted;

    for (size_t i = 0; refuted != NULL && i < transaction->count; i++) {
        if (slice_equal(transaction->keys[i].key, refuted->key))
            note_conflict(request, transaction, i);
    }
    return cancel_if_any(request, transaction->reasons, transaction->count);
}

/* ---- the decision ---- */

static void fail_condition(struct request *request, const struct transaction_action *action,
                           const struct item *old, struct reason *reason)
{
    struct buffer item;

    reason_condition(reason);
    if (!action->returns_old || !action->write.exists)
        return;
    buffer_init(&item);
    item_to_json(&item, old);
    reason->item = arena_copy(request->arena, buffer_slice(&item));
    buffer_finish(&item);
}

static bool decide_one(struct request *request, struct transaction_action *action, struct reason *reason)
{
    if (!item_write_begin(request, action->table, &action->item, &action->write))
        return false;
    if (action->must_be_new && action->write.exists) {
        (void)fail(&request->failure, ERROR_VALIDATION, "Duplicate primary key exists in table");
        return reason_take(request, reason);
    }
    if (action->condition != NULL) {
        const struct item *old = item_write_old(request, &action->write);
        if (old == NULL)
            return false;
        if (!condition_holds(action->condition, old)) {
            fail_condition(request, action, old, reason);
            return true;
        }
    }
    if (action->kind != TRANSACTION_UPDATE)
        return true;
    return item_write_update(request, &action->write, &action->item, action->update, &action->new_item) ||
           reason_take(request, reason);
}

static bool decide(struct request *request, struct transaction *transaction)
{
    bool good = true;

    if (transaction->count > 1)
        request->snapshot = snapshot_create(request->server->storage);
    for (size_t i = 0; good && i < transaction->count; i++) {
        if (transaction->reasons[i].code == NULL)
            good = decide_one(request, &transaction->actions[i], &transaction->reasons[i]);
    }
    snapshot_destroy(request->server->storage, request->snapshot);
    request->snapshot = NULL;
    return good && cancel_if_any(request, transaction->reasons, transaction->count);
}

/* AWS limits the items of a transaction together; what updates make of theirs is known only now. */
static bool check_results(struct request *request, const struct transaction *transaction)
{
    size_t bytes = 0;

    for (size_t i = 0; i < transaction->count; i++) {
        const struct transaction_action *action = &transaction->actions[i];
        bytes += item_size(action->kind == TRANSACTION_UPDATE ? &action->new_item : &action->item);
    }
    return transaction_check_size(request, bytes);
}

/* Into the batch; or, of a check, paid for as the write that it might have been. */
static bool write_one(struct request *request, struct transaction_action *action)
{
    switch (action->kind) {
    case TRANSACTION_PUT:
        return item_write_commit(request, &action->write, &action->item);
    case TRANSACTION_UPDATE:
        return item_write_commit(request, &action->write, &action->new_item);
    case TRANSACTION_DELETE:
        return item_write_commit(request, &action->write, NULL);
    case TRANSACTION_CHECK:
        capacity_add(&action->write.capacity, NULL, capacity_of_write(action->write.old_size));
        return capacity_take(request, &action->write.capacity, OPERATION_WRITE);
    }
    return false;
}

/* AWS: "one to prepare the transaction and one to commit it": each item is paid for twice. */
static bool change_one(struct request *request, struct transaction_action *action)
{
    return write_one(request, action) && capacity_take(request, &action->write.capacity, OPERATION_WRITE);
}

static bool change(struct request *request, struct transaction *transaction)
{
    for (size_t i = 0; i < transaction->count; i++) {
        struct transaction_action *action = &transaction->actions[i];
        const struct guard *before = request->batch.guards;
        if (!change_one(request, action) && !reason_take(request, &transaction->reasons[i]))
            return false;
        if (request->batch.guards != before)
            continue;
        /* Nothing of this item is written: what was decided on it must hold with all the rest even so. */
        batch_guard(&request->batch, keys_descriptor(request->arena, action->table->name),
                    action->table->version);
        batch_guard(&request->batch, action->write.key, action->write.version);
    }
    return cancel_if_any(request, transaction->reasons, transaction->count);
}

/* AWS: a repetition costs what reading the items costs. Who does not ask is spared the reading. */
static bool read_again(struct request *request, struct transaction *transaction)
{
    bool by_index;

    if (!capacity_wanted(request, &by_index))
        return true;
    for (size_t i = 0; i < transaction->count; i++) {
        struct transaction_action *action = &transaction->actions[i];
        if (action->table == NULL)
            return cancel_if_any(request, transaction->reasons, transaction->count);
        if (transaction->keys[i].key.len == 0)
            continue;
        if (!item_write_begin(request, action->table, &action->item, &action->write))
            return false;
        capacity_add(&action->write.capacity, NULL, capacity_of_read(action->write.old_size, true));
    }
    return true;
}

bool transaction_write(struct request *request, struct transaction *transaction)
{
    request->execution = transaction;
    request->ended = end;
    request->overtaken = overtaken;
    if (!find_items(request, transaction))
        return false;
    if (transaction->has_token &&
        !idempotency_begin(request, transaction->token, transaction->fingerprint, &transaction->repeated))
        return false;
    if (transaction->repeated) {
        batch_init(&request->batch, request->arena); /* nothing hangs on what was read */
        return read_again(request, transaction);
    }
    return enter(request, transaction) && decide(request, transaction) &&
           check_results(request, transaction) && change(request, transaction);
}

/* ---- the answer ---- */

void transaction_respond_capacity(struct request *request, bool *first, const struct transaction *transaction)
{
    struct capacity_share *shares = arena_array(request->arena, struct capacity_share, transaction->count);

    for (size_t i = 0; i < transaction->count; i++)
        shares[i] = (struct capacity_share){transaction->actions[i].table_name,
                                            &transaction->actions[i].write.capacity};
    capacity_respond_transaction(request, first, shares, transaction->count,
                                 transaction->repeated ? "ReadCapacityUnits" : "WriteCapacityUnits");
}

/* Whether the action writes an item of a collection that no earlier action has written. */
static bool is_new_collection(const struct transaction *transaction, size_t i)
{
    const struct transaction_action *action = &transaction->actions[i];
    struct slice name = action->table->keys.partition[0].name;

    if (action->kind == TRANSACTION_CHECK || !item_write_has_collections(action->table))
        return false;
    for (size_t j = 0; j < i; j++) {
        const struct transaction_action *other = &transaction->actions[j];
        if (other->kind != TRANSACTION_CHECK && slice_equal(other->table_name, action->table_name) &&
            value_equal(item_get(&other->item, name), item_get(&action->item, name)))
            return false;
    }
    return true;
}

/* The collections of one table, from its first action on. */
static void write_collections(struct request *request, const struct transaction *transaction, size_t from,
                              bool *written)
{
    struct slice table_name = transaction->actions[from].table_name;
    bool any = false;

    for (size_t i = from; i < transaction->count; i++) {
        const struct transaction_action *action = &transaction->actions[i];
        if (written[i] || !slice_equal(action->table_name, table_name) || !is_new_collection(transaction, i))
            continue;
        written[i] = true;
        if (any)
            buffer_append_byte(request->out, ',');
        any = true;
        item_write_collection_metrics(request->out, action->table, &action->item);
    }
}

void transaction_respond_metrics(struct request *request, bool *first, const struct transaction *transaction)
{
    struct slice wanted = shape_text(request->body, "ReturnItemCollectionMetrics");
    bool *written = arena_array(request->arena, bool, transaction->count), first_table = true;

    if (wanted.ptr == NULL || !slice_is(wanted, "SIZE") || transaction->repeated)
        return;
    json_write_name(request->out, first, "ItemCollectionMetrics");
    buffer_append_byte(request->out, '{');
    for (size_t i = 0; i < transaction->count; i++) {
        if (written[i] || !is_new_collection(transaction, i))
            continue;
        if (!first_table)
            buffer_append_byte(request->out, ',');
        first_table = false;
        json_write_string(request->out, transaction->actions[i].table_name);
        buffer_append_string(request->out, ":[");
        write_collections(request, transaction, i, written);
        buffer_append_byte(request->out, ']');
    }
    buffer_append_byte(request->out, '}');
}
