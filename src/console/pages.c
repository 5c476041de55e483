#include "console/pages.h"

#include "http/coding.h"

#define ROOT "/console"

enum { PATH_LIMIT = 4096 }; /* bytes; the longest view names a table and a key of an item */

static const char policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                             "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                             "frame-ancestors 'none'";

static const char unbuilt[] =
    "<!doctype html>\n"
    "<html lang=\"en\"><meta charset=\"utf-8\"><title>Turntable</title>\n"
    "<h1>The console is not built</h1>\n"
    "<p>This turntable was built without its console. The API is served all the same.</p>\n"
    "<p>To have the console, build both in the source folder, and start the server again; "
    "<code>./dev run</code> does all of it:</p>\n"
    "<pre>make console &amp;&amp; make</pre>\n"
    "</html>\n";

static const struct {
    const char *name; /* as Content-Encoding has it */
    const char *mark; /* in the ETag, for other bytes need another one */
} codings[CONSOLE_CODINGS] = {
    [CONSOLE_PLAIN] = {NULL, ""}, [CONSOLE_GZIP] = {"gzip", "-gz"}, [CONSOLE_BROTLI] = {"br", "-br"}};

/* ---- answers ---- */

static void add(struct http_exchange *exchange, const char *name, const char *value)
{
    http_respond_header(exchange, slice_of(name), slice_of(value));
}

static void begin(struct http_exchange *exchange, unsigned status, const char *type, const char *caching)
{
    exchange->response.status = status;
    exchange->response.content_type = type;
    add(exchange, "Cache-Control", caching);
    add(exchange, "Content-Security-Policy", policy);
    add(exchange, "X-Content-Type-Options", "nosniff");
    add(exchange, "X-Frame-Options", "DENY");
    add(exchange, "Referrer-Policy", "no-referrer");
    add(exchange, "Cross-Origin-Opener-Policy", "same-origin");
    add(exchange, "Cross-Origin-Resource-Policy", "same-origin");
}

static void answer_text(struct http_exchange *exchange, unsigned status, const char *type, struct slice text)
{
    begin(exchange, status, type, "no-store");
    buffer_append(&exchange->response.body, text);
}

static ssize_t read_bytes(void *context, uint64_t at, char *into, size_t room)
{
    const struct slice *bytes = context;
    size_t left = bytes->len - (size_t)at, count = left < room ? left : room;

    memcpy(into, bytes->ptr + at, count);
    return (ssize_t)count;
}

/* The smallest that the client takes. */
static enum console_coding choose_coding(const struct console_file *file, const struct http_request *request)
{
    for (enum console_coding coding = CONSOLE_BROTLI; coding > CONSOLE_PLAIN; coding--) {
        if (file->bytes[coding].len > 0 && http_takes_coding(request, codings[coding].name))
            return coding;
    }
    return CONSOLE_PLAIN;
}

/* One of the tags in If-None-Match. A weak tag is as good here (RFC 9110, 13.1.2). */
static bool is_known(const struct http_request *request, struct slice tag)
{
    const struct slice *known = http_header(request, "if-none-match");

    return known != NULL &&
           (slice_is(*known, "*") || memmem(known->ptr, known->len, tag.ptr, tag.len) != NULL);
}

static void answer_file(struct http_exchange *exchange, const struct console_file *file)
{
    const struct http_request *request = &exchange->request;
    enum console_coding coding = choose_coding(file, request);
    struct slice tag = arena_printf(&exchange->arena, "\"%s%s\"", file->hash, codings[coding].mark);
    bool known = is_known(request, tag);

    begin(exchange, known ? 304 : 200, known ? NULL : file->type,
          file->lasting ? "public, max-age=31536000, immutable" : "no-cache");
    http_respond_header(exchange, SLICE("ETag"), tag);
    add(exchange, "Vary", "Accept-Encoding");
    if (known)
        return;
    if (coding != CONSOLE_PLAIN)
        add(exchange, "Content-Encoding", codings[coding].name);
    struct http_stream *stream = arena_new(&exchange->arena, struct http_stream);
    const struct slice *bytes = &file->bytes[coding];
    *stream = (struct http_stream){bytes->len, read_bytes, NULL, (void *)(uintptr_t)bytes};
    exchange->response.stream = stream;
}

/* ---- paths ---- */

/* `path` is below /console/. Views have names of their own at the top, and none of these has a dot. */
static bool may_be_view(struct slice path)
{
    const char *slash = memchr(path.ptr, '/', path.len);
    size_t first = slash == NULL ? path.len : (size_t)(slash - path.ptr);

    return path.len <= PATH_LIMIT && memchr(path.ptr, '.', first) == NULL &&
           !slice_equal((struct slice){path.ptr, first}, SLICE("assets"));
}

static void answer_path(const struct console_files *files, struct http_exchange *exchange, struct slice path)
{
    const struct console_file *file = console_find(files, path);

    if (files->count == 0) {
        answer_text(exchange, 404, "text/html; charset=utf-8", slice_of(unbuilt));
        return;
    }
    if (file == NULL && may_be_view(path))
        file = console_find(files, SLICE("index.html"));
    if (file != NULL)
        answer_file(exchange, file);
    else
        answer_text(exchange, 404, "text/plain; charset=utf-8", SLICE("The console has no such file.\n"));
}

void console_redirect(struct http_exchange *exchange, unsigned status)
{
    answer_text(exchange, status, "text/plain; charset=utf-8", SLICE("The console is at /console/.\n"));
    add(exchange, "Location", ROOT "/");
}

bool console_answer(const struct console_files *files, struct http_exchange *exchange)
{
    const struct http_request *request = &exchange->request;

    if ((!slice_is(request->method, "GET") && !slice_is(request->method, "HEAD")) ||
        !slice_starts_with(request->path, SLICE(ROOT)))
        return false;
    struct slice rest = slice_skip(request->path, sizeof(ROOT) - 1);
    if (rest.len == 0) {
        console_redirect(exchange, 308);
        return true;
    }
    if (rest.ptr[0] != '/')
        return false;
    answer_path(files, exchange, slice_skip(rest, 1));
    return true;
}
