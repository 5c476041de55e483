#include "services/dynamodb/transaction_read.h"

#include "catalog/keys.h"
#include "items/attribute_value.h"
#include "items/item_codec.h"
#include "services/dynamodb/cancellation.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/transaction.h"
#include "services/storage_failure.h"

static bool find_place(struct request *request, struct transaction_read *reads, size_t i,
                       struct reason *reason)
{
    struct transaction_read *read = &reads[i];

    read->table = input_table(request, read->table_name);
    if (read->table == NULL || !input_check_no_empty_keys(request, read->table, &read->key) ||
        (read->placeholders != NULL && !input_check_paths(request, read->table, read->placeholders)))
        return false;
    if (!input_check_key(request, read->table, &read->key))
        return reason_take(request, reason);
    read->place = keys_entry(request->arena, read->table, NULL, &read->key);
    for (size_t j = 0; j < i; j++) {
        if (slice_equal(reads[j].place, read->place))
            return fail(&request->failure, ERROR_VALIDATION,
                        "Transaction request cannot include multiple operations on one item");
    }
    return true;
}

static bool find_places(struct request *request, struct transaction_read *reads, size_t count,
                        struct reason *reasons)
{
    for (size_t i = 0; i < count; i++) {
        if (!find_place(request, reads, i, &reasons[i]))
            return false;
    }
    return cancel_if_any(request, reasons, count);
}

static bool write_item(struct request *request, const struct transaction_read *read, struct slice stored)
{
    struct item item;

    buffer_append_string(request->out, "\"Item\":");
    if (read->projection == NULL)
        return item_encoded_to_json(request->out, stored) ||
               storage_failure(&request->failure, STORAGE_CORRUPT);
    if (!item_decode(request->arena, stored, &item))
        return storage_failure(&request->failure, STORAGE_CORRUPT);
    struct item projected = projection_apply(request->arena, read->projection, &item);
    item_to_json(request->out, &projected);
    return true;
}

static bool read_one(struct request *request, struct transaction_read *read, const struct snapshot *snapshot,
                     size_t *bytes)
{
    struct stored stored;
    bool good = true;

    enum storage_status status = storage_get(request->server->storage, snapshot, read->place, &stored);
    size_t size = status == STORAGE_OK ? item_encoded_size(stored.value) : 0;
    *bytes += size;
    buffer_append_byte(request->out, '{');
    if (*bytes > TRANSACTION_SIZE_LIMIT)
        good = fail(&request->failure, ERROR_VALIDATION, "Payload in response is too large.%zu", *bytes);
    else if (status == STORAGE_OK)
        good = write_item(request, read, stored.value);
    else if (status != STORAGE_NOT_FOUND)
        good = storage_failure(&request->failure, status);
    stored_release(&stored);
    buffer_append_byte(request->out, '}');
    capacity_init(&read->capacity, request->arena, read->table);
    capacity_add(&read->capacity, NULL, capacity_of_read(size, true));
    /* AWS: "one to prepare the transaction and one to commit it". */
    for (int i = 0; good && i < 2; i++)
        good = capacity_take(request, &read->capacity, OPERATION_READ);
    return good;
}

/* Whether the failure is that one item could not be read, and not that all of them are too large. */
static bool is_of_one(const struct request *request)
{
    return request->failure.code != ERROR_VALIDATION;
}

static bool write_responses(struct request *request, struct transaction_read *reads, size_t count,
                            struct reason *reasons)
{
    struct snapshot *snapshot = snapshot_create(request->server->storage);
    size_t bytes = 0;
    bool good = true;

    buffer_append_string(request->out, "\"Responses\":[");
    for (size_t i = 0; good && i < count; i++) {
        if (i > 0)
            buffer_append_byte(request->out, ',');
        good = read_one(request, &reads[i], snapshot, &bytes) ||
               (is_of_one(request) && reason_take(request, &reasons[i]));
    }
    buffer_append_byte(request->out, ']');
    snapshot_destroy(request->server->storage, snapshot);
    return good;
}

static bool answer(struct request *request, struct transaction_read *reads, size_t count,
                   struct reason *reasons)
{
    struct capacity_share *shares = arena_array(request->arena, struct capacity_share, count);
    bool first = false;

    buffer_append_byte(request->out, '{');
    if (!write_responses(request, reads, count, reasons) || !cancel_if_any(request, reasons, count))
        return false;
    for (size_t i = 0; i < count; i++)
        shares[i] = (struct capacity_share){reads[i].table_name, &reads[i].capacity};
    capacity_respond_transaction(request, &first, shares, count, "ReadCapacityUnits");
    buffer_append_byte(request->out, '}');
    return true;
}

bool transaction_read_all(struct request *request, struct transaction_read *reads, size_t count)
{
    struct reason *reasons = arena_array(request->arena, struct reason, count);
    bool good = find_places(request, reads, count, reasons) && answer(request, reads, count, reasons);

    for (size_t i = 0; i < count; i++)
        table_release(reads[i].table);
    return good;
}
