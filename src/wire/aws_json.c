#include "wire/aws_json.h"

#include <strings.h>
#include <zlib.h>

#include "base/json.h"
#include "http/gzip.h"

/* Packing an answer that fits into few network packets gains nothing. */
enum { PACK_FROM = 4 * 1024 };

const char *aws_json_content_type(const struct http_request *request)
{
    static const char *const known[] = {"application/x-amz-json-1.0", "application/x-amz-json-1.1",
                                        "application/json"};
    const struct slice *header = http_header(request, "content-type");

    if (header == NULL || header->len == 0)
        return NULL;
    struct slice type = *header;
    const char *parameters = memchr(type.ptr, ';', type.len);
    if (parameters != NULL)
        type.len = (size_t)(parameters - type.ptr);
    while (type.len > 0 && type.ptr[type.len - 1] == ' ')
        type.len--;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (type.len == strlen(known[i]) && strncasecmp(type.ptr, known[i], type.len) == 0)
            return known[i];
    }
    return NULL;
}

static void pack(struct http_exchange *exchange)
{
    struct buffer *body = &exchange->response.body, packed;

    if (body->len < PACK_FROM || !gzip_accepted(&exchange->request))
        return;
    buffer_init(&packed);
    gzip_pack(buffer_slice(body), &packed);
    buffer_finish(body);
    *body = packed;
    http_respond_header(exchange, SLICE("Content-Encoding"), SLICE("gzip"));
}

/* As printf would write it, for a fraction of the time: every answer has one. */
static struct slice decimal(unsigned long number, struct arena *arena)
{
    enum { DIGITS_MOST = 20 };
    char *text = arena_alloc(arena, DIGITS_MOST);
    size_t at = DIGITS_MOST;

    do {
        text[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return (struct slice){text + at, DIGITS_MOST - at};
}

/* The headers of every answer. The checksum is of the bytes on the wire, so it comes after the packing. */
static void complete(struct http_exchange *exchange, struct slice id, unsigned status,
                     const char *content_type)
{
    struct http_response *response = &exchange->response;

    response->status = status;
    response->content_type = content_type;
    http_respond_header(exchange, SLICE("Server"), SLICE("Turntable"));
    http_respond_header(exchange, SLICE("x-amzn-RequestId"), id);
    if (http_header(&exchange->request, "origin") != NULL) {
        http_respond_header(exchange, SLICE("Access-Control-Allow-Origin"), SLICE("*"));
        http_respond_header(exchange, SLICE("Access-Control-Expose-Headers"),
                            SLICE("x-amzn-RequestId, x-amzn-ErrorType, x-amz-crc32, Date"));
    }
    pack(exchange);
    unsigned long sum = crc32_z(0, (const Bytef *)response->body.bytes, response->body.len);
    http_respond_header(exchange, SLICE("x-amz-crc32"), decimal(sum, &exchange->arena));
}

void aws_json_answer(struct http_exchange *exchange, struct slice id, const char *content_type)
{
    complete(exchange, id, 200, content_type);
}

/* AWS writes the text of these errors as "Message", and of all others as "message". Its SDKs read both. */
static bool has_capital_message(enum error_code code)
{
    return code == ERROR_SERIALIZATION || code == ERROR_ACCESS_DENIED || code == ERROR_TRANSACTION_CANCELED ||
           code == ERROR_TRANSACTION_IN_PROGRESS || code == ERROR_IDEMPOTENT_PARAMETER_MISMATCH;
}

void aws_json_fail(struct http_exchange *exchange, struct slice id, const char *content_type,
                   const struct failure *failure)
{
    const struct error_type *type = error_type(failure->code);
    struct buffer *body = &exchange->response.body;

    buffer_reset(body);
    buffer_append(body, SLICE("{\"__type\":\""));
    buffer_append_string(body, type->space);
    buffer_append_byte(body, '#');
    buffer_append_string(body, type->name);
    buffer_append_byte(body, '"');
    if (failure->message.len > 0) {
        buffer_append_string(body, has_capital_message(failure->code) ? ",\"Message\":" : ",\"message\":");
        json_write_string(body, failure->message);
    }
    buffer_append(body, failure->members);
    buffer_append_byte(body, '}');
    complete(exchange, id, (unsigned)type->status, content_type);
}

void aws_plain_answer(struct http_exchange *exchange, struct slice id, unsigned status,
                      const char *content_type, struct slice text)
{
    buffer_reset(&exchange->response.body);
    buffer_append(&exchange->response.body, text);
    complete(exchange, id, status, content_type);
}

bool aws_preflight(struct http_exchange *exchange, struct slice id)
{
    const struct http_request *request = &exchange->request;

    if (!slice_is(request->method, "OPTIONS") || http_header(request, "origin") == NULL)
        return false;
    const struct slice *headers = http_header(request, "access-control-request-headers");
    const struct slice *method = http_header(request, "access-control-request-method");
    if (headers != NULL)
        http_respond_header(exchange, SLICE("Access-Control-Allow-Headers"), *headers);
    if (method != NULL)
        http_respond_header(exchange, SLICE("Access-Control-Allow-Methods"), *method);
    http_respond_header(exchange, SLICE("Access-Control-Max-Age"), SLICE("172800"));
    complete(exchange, id, 200, NULL);
    return true;
}
