/*
 * Fuzzes the console's site: lines, of which the first is the path and the others are headers.
 *
 * Properties: what is not the console's is left alone; every answer of it keeps its page to its own origin
 * and redirects nowhere but to its first page; a file is sent only under its own name, and in a coding that
 * the client named; what is taken for this machine's own name has nothing of another in it.
 */
#include <stdint.h>
#include <string.h>

#include "base/check.h"
#include "console/pages.h"
#include "http/loopback.h"
#include "services/console/site.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct console_file kept[] = {
    {"assets/a-1.js", "text/javascript", "aaaa", true, {SLICE("plain"), SLICE("gzip"), SLICE("brotli")}},
    {"icon.svg", "image/svg+xml", "bbbb", false, {SLICE("<svg/>"), SLICE("zipped"), {NULL, 0}}},
    {"index.html", "text/html", "cccc", false, {SLICE("<html>"), {NULL, 0}, {NULL, 0}}},
};
static const struct console_files files = {kept, sizeof(kept) / sizeof(kept[0])};

static struct slice header(const struct http_exchange *exchange, const char *name)
{
    const struct http_response *response = &exchange->response;

    for (size_t i = 0; i < response->header_count; i++) {
        if (slice_is(response->headers[i].name, name))
            return response->headers[i].value;
    }
    return SLICE("");
}

static void check_coding(const struct http_exchange *exchange, struct slice sent)
{
    const struct slice *accepted = http_header(&exchange->request, "accept-encoding");
    struct slice coding = header(exchange, "Content-Encoding");

    CHECK(slice_is(coding, "br") == slice_is(sent, "brotli"));
    CHECK(slice_is(coding, "gzip") == (slice_is(sent, "gzip") || slice_is(sent, "zipped")));
    CHECK(coding.len == 0 || (accepted != NULL && accepted->len > 0));
}

static void check_file(const struct http_exchange *exchange)
{
    const struct http_stream *stream = exchange->response.stream;
    struct slice path = exchange->request.path;
    char bytes[64];

    CHECK(stream->size > 0 && stream->size <= sizeof(bytes));
    CHECK(stream->read(stream->context, 0, bytes, sizeof(bytes)) == (ssize_t)stream->size);
    struct slice sent = {bytes, stream->size};
    check_coding(exchange, sent);
    bool is_script = slice_is(sent, "plain") || slice_is(sent, "gzip") || slice_is(sent, "brotli");
    CHECK(is_script == slice_is(path, "/console/assets/a-1.js"));
    CHECK((slice_is(sent, "<svg/>") || slice_is(sent, "zipped")) == slice_is(path, "/console/icon.svg"));
}

static void check_answer(const struct http_exchange *exchange)
{
    unsigned status = exchange->response.status;

    CHECK(status == 200 || status == 302 || status == 304 || status == 308 || status == 404);
    CHECK(slice_starts_with(header(exchange, "Content-Security-Policy"),
                            SLICE("default-src 'none'; script-src 'self'; ")));
    CHECK(slice_is(header(exchange, "X-Content-Type-Options"), "nosniff"));
    CHECK((status == 302 || status == 308) == slice_is(header(exchange, "Location"), "/console/"));
    CHECK((exchange->response.stream != NULL) == (status == 200));
    if (status == 200)
        check_file(exchange);
}

static void check_host(struct slice host)
{
    if (!http_is_loopback_host(host))
        return;
    CHECK(host.ptr[0] == '[' || host.ptr[0] == ':' || slice_starts_with(host, SLICE("127.")) ||
          ((host.ptr[0] | 0x20) == 'l' && (host.len == 9 || host.ptr[9] == ':')));
}

static struct slice cut_line(struct slice *rest)
{
    const char *end = rest->len == 0 ? NULL : memchr(rest->ptr, '\n', rest->len);
    struct slice line = {rest->ptr, end == NULL ? rest->len : (size_t)(end - rest->ptr)};

    *rest = slice_skip(*rest, end == NULL ? rest->len : line.len + 1);
    return line;
}

static void ask(struct http_request request, bool whole)
{
    struct http_exchange exchange = {.request = request};

    arena_init(&exchange.arena);
    buffer_init(&exchange.response.body);
    bool answered = whole ? console_site(&exchange, SLICE("AN ID")) : console_answer(&files, &exchange);
    if (answered && !whole)
        check_answer(&exchange);
    else if (!answered)
        CHECK(exchange.response.status == 0 && exchange.response.header_count == 0);
    buffer_finish(&exchange.response.body);
    arena_finish(&exchange.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct slice names[] = {SLICE("accept-encoding"), SLICE("if-none-match"), SLICE("accept"),
                                         SLICE("host")};
    struct http_header headers[sizeof(names) / sizeof(names[0])];
    struct slice rest = {(const char *)data, size};
    struct http_request request = {.headers = headers, .path = cut_line(&rest)};

    request.method = size % 2 == 0 ? SLICE("GET") : SLICE("HEAD");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && rest.len > 0; i++)
        headers[request.header_count++] = (struct http_header){names[i], cut_line(&rest)};
    if (request.header_count == sizeof(names) / sizeof(names[0]))
        check_host(headers[request.header_count - 1].value);
    ask(request, false);
    ask(request, true);
    return 0;
}
