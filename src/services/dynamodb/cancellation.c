#include "services/dynamodb/cancellation.h"

#include "base/json.h"

bool reason_take(struct request *request, struct reason *reason)
{
    static const struct {
        enum error_code code;
        const char *reason;
    } known[] = {{ERROR_VALIDATION, "ValidationError"},
                 {ERROR_PROVISIONED_THROUGHPUT_EXCEEDED, "ProvisionedThroughputExceeded"},
                 {ERROR_THROTTLING, "ThrottlingError"}};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (request->failure.code != known[i].code)
            continue;
        *reason = (struct reason){.code = known[i].reason, .message = request->failure.message};
        failure_init(&request->failure, request->arena);
        return true;
    }
    return false;
}

void reason_conflict(struct reason *reason)
{
    *reason = (struct reason){.code = "TransactionConflict",
                              .message = SLICE("Transaction is ongoing for the item")};
}

void reason_condition(struct reason *reason)
{
    *reason =
        (struct reason){.code = "ConditionalCheckFailed", .message = SLICE("The conditional request failed")};
}

static void write_reason(struct buffer *out, const struct reason *reason)
{
    bool first = true;

    buffer_append_byte(out, '{');
    if (reason->item.len > 0) {
        json_write_name(out, &first, "Item");
        buffer_append(out, reason->item);
    }
    json_write_string_member(out, &first, "Code", slice_of(reason->code == NULL ? "None" : reason->code));
    if (reason->message.len > 0)
        json_write_string_member(out, &first, "Message", reason->message);
    buffer_append_byte(out, '}');
}

bool cancel_if_any(struct request *request, const struct reason *reasons, size_t count)
{
    struct buffer codes, members;
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++)
        wrong += reasons[i].code != NULL;
    if (wrong == 0)
        return true;
    buffer_init(&codes);
    buffer_init(&members);
    buffer_append_string(&members, ",\"CancellationReasons\":[");
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            buffer_append_string(&codes, ", ");
            buffer_append_byte(&members, ',');
        }
        buffer_append_string(&codes, reasons[i].code == NULL ? "None" : reasons[i].code);
        write_reason(&members, &reasons[i]);
    }
    buffer_append_byte(&members, ']');
    request->failure.members = arena_copy(request->arena, buffer_slice(&members));
    (void)fail(&request->failure, ERROR_TRANSACTION_CANCELED,
               "Transaction cancelled, please refer cancellation reasons for specific reasons [%.*s]",
               SLICE_ARGS(buffer_slice(&codes)));
    buffer_finish(&codes);
    buffer_finish(&members);
    return false;
}
