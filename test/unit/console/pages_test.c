/* Does the console send the right file, in the right coding, with headers that keep its page to its own
 * origin? */
#include "lib/unit.h"

#include "console/pages.h"

#define INDEX  "<!doctype html>"
#define SCRIPT "console.log('a script, some longer than what is packed of it')"

static const struct console_file kept[] = {
    {"assets/app-1a2b.js",
     "text/javascript",
     "aaaa",
     true,
     {SLICE(SCRIPT), SLICE("gzipped bytes"), SLICE("brotli")}},
    {"favicon.svg", "image/svg+xml", "bbbb", false, {SLICE("<svg/>"), SLICE("gz"), {NULL, 0}}},
    {"index.html", "text/html", "cccc", false, {SLICE(INDEX), {NULL, 0}, {NULL, 0}}},
};
static const struct console_files built = {kept, 3}, unbuilt = {NULL, 0};

struct ask {
    struct http_exchange exchange;
    struct http_header headers[4];
    char body[4096];
    size_t len;
};

static void begin(struct ask *ask, const char *method, const char *path)
{
    memset(ask, 0, sizeof(*ask));
    arena_init(&ask->exchange.arena);
    buffer_init(&ask->exchange.response.body);
    ask->exchange.request.method = slice_of(method);
    ask->exchange.request.path = slice_of(path);
    ask->exchange.request.headers = ask->headers;
}

static void with(struct ask *ask, const char *name, const char *value)
{
    ask->headers[ask->exchange.request.header_count++] =
        (struct http_header){slice_of(name), slice_of(value)};
}

/* Reads what is sent three bytes at a time, so that no piece is the whole. */
static void read_all(struct ask *ask)
{
    const struct http_stream *stream = ask->exchange.response.stream;
    const struct buffer *body = &ask->exchange.response.body;

    if (stream == NULL) {
        assert_true(body->len < sizeof(ask->body));
        if (body->len > 0)
            memcpy(ask->body, body->bytes, body->len);
        ask->len = body->len;
        return;
    }
    assert_true(stream->size < sizeof(ask->body));
    while (ask->len < stream->size) {
        ssize_t got = stream->read(stream->context, ask->len, ask->body + ask->len, 3);
        assert_in_range(got, 1, 3);
        ask->len += (size_t)got;
    }
    assert_int_equal(ask->len, stream->size);
}

static bool answers(struct ask *ask, const struct console_files *files)
{
    bool answered = console_answer(files, &ask->exchange);

    if (answered)
        read_all(ask);
    return answered;
}

static void end(struct ask *ask)
{
    buffer_finish(&ask->exchange.response.body);
    arena_finish(&ask->exchange.arena);
}

/* An empty slice: there is no such header. */
static struct slice header(const struct ask *ask, const char *name)
{
    const struct http_response *response = &ask->exchange.response;

    for (size_t i = 0; i < response->header_count; i++) {
        if (slice_is(response->headers[i].name, name))
            return response->headers[i].value;
    }
    return (struct slice){NULL, 0};
}

static void expect(struct ask *ask, unsigned status, const char *body)
{
    assert_true(answers(ask, &built));
    assert_int_equal(ask->exchange.response.status, status);
    if (body != NULL)
        assert_true(slice_is((struct slice){ask->body, ask->len}, body));
    end(ask);
}

static void get(const char *path, unsigned status, const char *body)
{
    struct ask ask;

    begin(&ask, "GET", path);
    expect(&ask, status, body);
}

static void test_paths(void **state)
{
    char huge[8000];

    (void)state;
    get("/console/", 200, INDEX);
    get("/console/index.html", 200, INDEX);
    get("/console/favicon.svg", 200, "<svg/>");
    get("/console/assets/app-1a2b.js", 200, SCRIPT);
    get("/console/dynamodb/tables/my.table", 200, INDEX);
    get("/console/dynamodb/tables/%3Cscript%3E?x", 200, INDEX);
    get("/console/assets/app-0000.js", 404, NULL);
    get("/console/assets", 404, NULL);
    get("/console/assets/", 404, NULL);
    get("/console/robots.txt", 404, NULL);
    get("/console/../data/credentials", 404, NULL);
    get("/console/./index.html", 404, NULL);
    get("/console/assets/../index.html", 404, NULL);
    get("/console/assets/app-1a2b.js/", 404, NULL);
    get("/console", 308, NULL);
    memset(huge, 'a', sizeof(huge) - 1);
    huge[sizeof(huge) - 1] = '\0';
    memcpy(huge, "/console/", 9);
    get(huge, 404, NULL);
    huge[9 + 4096] = '\0'; /* the longest path of a view */
    get(huge, 200, INDEX);
}

static void test_not_its_own(void **state)
{
    static const char *const others[][2] = {{"GET", "/"},
                                            {"GET", "/consoles/"},
                                            {"GET", "/console.js"},
                                            {"GET", "//console/"},
                                            {"POST", "/console/"},
                                            {"PUT", "/console/a"},
                                            {"DELETE", "/console/index.html"},
                                            {"GET", ""}};
    struct ask ask;

    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        begin(&ask, others[i][0], others[i][1]);
        assert_false(answers(&ask, &built));
        end(&ask);
    }
}

static void test_codings(void **state)
{
    static const struct {
        const char *path, *accepted, *coding, *body, *tag;
    } cases[] = {
        {"/console/assets/app-1a2b.js", "gzip, deflate, br", "br", "brotli", "\"aaaa-br\""},
        {"/console/assets/app-1a2b.js", "gzip", "gzip", "gzipped bytes", "\"aaaa-gz\""},
        {"/console/assets/app-1a2b.js", "br;q=0, gzip;q=0.5", "gzip", "gzipped bytes", "\"aaaa-gz\""},
        {"/console/assets/app-1a2b.js", "*", "br", "brotli", "\"aaaa-br\""},
        {"/console/assets/app-1a2b.js", "identity", NULL, SCRIPT, "\"aaaa\""},
        {"/console/assets/app-1a2b.js", "", NULL, SCRIPT, "\"aaaa\""},
        {"/console/favicon.svg", "br, gzip", "gzip", "gz", "\"bbbb-gz\""},
        {"/console/", "br, gzip", NULL, INDEX, "\"cccc\""},
    };
    struct ask ask;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        begin(&ask, "GET", cases[i].path);
        with(&ask, "Accept-Encoding", cases[i].accepted);
        assert_true(answers(&ask, &built));
        assert_true(slice_is((struct slice){ask.body, ask.len}, cases[i].body));
        assert_true(slice_is(header(&ask, "ETag"), cases[i].tag));
        assert_true(slice_is(header(&ask, "Vary"), "Accept-Encoding"));
        assert_true(cases[i].coding == NULL ? header(&ask, "Content-Encoding").ptr == NULL
                                            : slice_is(header(&ask, "Content-Encoding"), cases[i].coding));
        end(&ask);
    }
}

static void test_known(void **state)
{
    static const struct {
        const char *tags;
        unsigned status;
    } cases[] = {{"\"aaaa-br\"", 304},
                 {"W/\"aaaa-br\"", 304},
                 {"\"x\", \"aaaa-br\"", 304},
                 {"*", 304},
                 {"\"aaaa\"", 200},
                 {"\"aaaa-gz\"", 200},
                 {"aaaa-br", 200},
                 {"", 200}};
    struct ask ask;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        begin(&ask, "GET", "/console/assets/app-1a2b.js");
        with(&ask, "Accept-Encoding", "br");
        with(&ask, "If-None-Match", cases[i].tags);
        expect(&ask, cases[i].status, cases[i].status == 304 ? "" : "brotli");
    }
}

static void test_headers(void **state)
{
    struct ask ask;

    (void)state;
    begin(&ask, "HEAD", "/console/assets/app-1a2b.js");
    assert_true(answers(&ask, &built));
    assert_true(slice_is(header(&ask, "Cache-Control"), "public, max-age=31536000, immutable"));
    end(&ask);
    begin(&ask, "GET", "/console/");
    assert_true(answers(&ask, &built));
    assert_true(slice_is(header(&ask, "Cache-Control"), "no-cache"));
    assert_true(slice_starts_with(header(&ask, "Content-Security-Policy"),
                                  SLICE("default-src 'none'; script-src 'self'; ")));
    assert_true(slice_is(header(&ask, "X-Content-Type-Options"), "nosniff"));
    assert_true(slice_is(header(&ask, "Referrer-Policy"), "no-referrer"));
    end(&ask);
    begin(&ask, "GET", "/console");
    assert_true(answers(&ask, &built));
    assert_true(slice_is(header(&ask, "Location"), "/console/"));
    end(&ask);
}

static void test_without_the_build(void **state)
{
    struct ask ask;

    (void)state;
    begin(&ask, "GET", "/console/");
    assert_true(answers(&ask, &unbuilt));
    assert_int_equal(ask.exchange.response.status, 404);
    assert_non_null(memmem(ask.body, ask.len, "make console", 12));
    assert_true(slice_is(header(&ask, "Cache-Control"), "no-store"));
    end(&ask);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths),   cmocka_unit_test(test_not_its_own),
        cmocka_unit_test(test_codings), cmocka_unit_test(test_known),
        cmocka_unit_test(test_headers), cmocka_unit_test(test_without_the_build),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
