#include "wire/aws_json.h"

#include "base/json.h"
#include "wire/answer.h"
#include "wire/query.h"

const char *aws_json_content_type(const struct http_request *request)
{
    static const char *const known[] = {"application/x-amz-json-1.0", "application/x-amz-json-1.1",
                                        "application/json"};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (answer_content_type_is(request, known[i]))
            return known[i];
    }
    return NULL;
}

void aws_json_answer(struct http_exchange *exchange, struct slice id, const char *content_type)
{
    answer_complete(exchange, id, 200, content_type);
}

/* AWS writes the text of these errors as "Message", and of all others as "message". Its SDKs read both. */
static bool has_capital_message(enum error_code code)
{
    return code == ERROR_SERIALIZATION || code == ERROR_ACCESS_DENIED || code == ERROR_TRANSACTION_CANCELED ||
           code == ERROR_TRANSACTION_IN_PROGRESS || code == ERROR_IDEMPOTENT_PARAMETER_MISMATCH;
}

void aws_json_fail(struct http_exchange *exchange, struct slice id, const char *content_type,
                   const struct failure *failure, bool query_name)
{
    const struct error_type *type = error_type(failure->code);
    struct buffer *body = &exchange->response.body;

    buffer_reset(body);
    buffer_append(body, SLICE("{\"__type\":\""));
    if (type->space != NULL) {
        buffer_append_string(body, type->space);
        buffer_append_byte(body, '#');
    }
    buffer_append_string(body, type->name);
    buffer_append_byte(body, '"');
    if (failure->message.len > 0) {
        buffer_append_string(body, has_capital_message(failure->code) ? ",\"Message\":" : ",\"message\":");
        json_write_string(body, failure->message);
    }
    buffer_append(body, failure->members);
    buffer_append_byte(body, '}');
    if (query_name)
        http_respond_header(exchange, SLICE("x-amzn-query-error"),
                            arena_printf(&exchange->arena, "%s;%s", query_error_name(failure->code),
                                         type->status < 500 ? "Sender" : "Receiver"));
    answer_complete(exchange, id, (unsigned)type->status, content_type);
}
