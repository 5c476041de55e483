#include "wire/answer.h"

#include <strings.h>
#include <zlib.h>

#include "http/coding.h"
#include "http/gzip.h"

/* Packing an answer that fits into few network packets gains nothing. */
enum { PACK_FROM = 4 * 1024 };

bool answer_content_type_is(const struct http_request *request, const char *type)
{
    const struct slice *header = http_header(request, "content-type");

    if (header == NULL || header->len == 0)
        return false;
    struct slice sent = *header;
    const char *parameters = memchr(sent.ptr, ';', sent.len);
    if (parameters != NULL)
        sent.len = (size_t)(parameters - sent.ptr);
    while (sent.len > 0 && sent.ptr[sent.len - 1] == ' ')
        sent.len--;
    return sent.len == strlen(type) && strncasecmp(sent.ptr, type, sent.len) == 0;
}

static void pack(struct http_exchange *exchange)
{
    struct buffer *body = &exchange->response.body, packed;

    if (body->len < PACK_FROM || !http_takes_coding(&exchange->request, "gzip"))
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
void answer_complete(struct http_exchange *exchange, struct slice id, unsigned status,
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

void answer_plain(struct http_exchange *exchange, struct slice id, unsigned status, const char *content_type,
                  struct slice text)
{
    buffer_reset(&exchange->response.body);
    buffer_append(&exchange->response.body, text);
    answer_complete(exchange, id, status, content_type);
}

bool answer_preflight(struct http_exchange *exchange, struct slice id)
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
    answer_complete(exchange, id, 200, NULL);
    return true;
}
