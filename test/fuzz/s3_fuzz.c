/*
 * Fuzzes requests of S3: any bytes, as a request line, headers and a body, through the life of a request and
 * all of S3 on the memory engine. The first byte says who asks: root, nobody where policies say who may, or
 * nobody where that is everybody.
 *
 * Properties: the server lives; no request is the server's fault; every answer that has a body has one that
 * can be read, and a failure has S3's form.
 */
#include <stdint.h>

#include "auth/authenticator.h"
#include "base/check.h"
#include "services/lanes.h"
#include "services/s3/objects.h"
#include "storage/storage.h"
#include "unit/services/caller.h"
#include "wire/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* After so many inputs the server is made anew, so that what inputs have left behind stays small. */
enum { INPUTS_A_SERVER = 500, HEADERS_MOST = 40 };

static const struct service *const services[] = {&s3_service};

static struct server server;
static struct life_config config;
static struct authenticator *authenticator;
static struct caller caller;
static struct http_header headers[HEADERS_MOST];
static unsigned inputs;

static void close_stream(void)
{
    const struct http_stream *stream = caller.exchange.response.stream;
    char piece[4096];
    uint64_t at = 0;

    while (stream != NULL && stream->read != NULL && at < stream->size) {
        ssize_t some = stream->read(stream->context, at, piece, sizeof(piece));
        CHECK(some > 0);
        at += (uint64_t)some;
    }
    caller_close_stream(&caller);
}

static void ask(struct slice method, struct slice path, struct slice query, size_t header_count,
                struct slice body)
{
    struct http_request *request = &caller.exchange.request;

    caller_begin(&caller, "GET", NULL, NULL, body);
    request->method = method;
    request->path = path;
    request->query = query;
    request->headers = headers;
    request->header_count = header_count;
    caller_run(&caller);
}

static void make(const char *method, const char *path, const char *query, const char *body)
{
    headers[0] = (struct http_header){SLICE("Host"), SLICE("127.0.0.1")};
    headers[1] = (struct http_header){SLICE("Content-Length"), SLICE("1")};
    ask(slice_of(method), slice_of(path), slice_of(query), 2, slice_of(body));
    CHECK(caller.exchange.response.status < 300);
}

static void open_server(void)
{
    static const struct objects_settings settings = {.region = {"us-east-1", 9}};
    static const struct credentials root = {"AKIDEXAMPLE", "secret"};
    const struct authenticator_settings authenticating = {.root = &root, .account_id = SLICE("000000000000")};

    server = (struct server){
        .storage = storage_open_memory(), .region = SLICE("us-east-1"), .account_id = SLICE("000000000000")};
    server.objects = objects_open(server.storage, &settings);
    authenticator = authenticator_create(&authenticating);
    config = (struct life_config){
        .server = &server, .services = services, .service_count = 1, .lanes = lanes_create()};
    caller_init(&caller, &config);
    make("PUT", "/bucket", "", "");
    make("PUT", "/versions", "", "");
    make("PUT", "/versions", "versioning",
         "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
    make("PUT", "/bucket/a/b", "", "some text");
    make("PUT", "/versions/a", "", "one");
    make("PUT", "/versions/a", "", "two");
    make("DELETE", "/bucket", "publicAccessBlock", "");
    make("PUT", "/bucket", "policy",
         "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":"
         "[\"arn:aws:s3:::bucket\",\"arn:aws:s3:::bucket/a/*\"]}}");
}

static void close_server(void)
{
    caller_finish(&caller);
    objects_close(server.objects);
    storage_close(server.storage);
    lanes_destroy(config.lanes);
    authenticator_destroy(authenticator);
}

/* Up to the line's end, which goes with it. */
static struct slice take_line(struct slice *rest)
{
    const char *end = rest->len == 0 ? NULL : memchr(rest->ptr, '\n', rest->len);
    struct slice line = {rest->ptr, end == NULL ? rest->len : (size_t)(end - rest->ptr)};

    *rest = slice_skip(*rest, end == NULL ? line.len : line.len + 1);
    return line;
}

/* The part before a character, which goes with it. */
static struct slice cut(struct slice *rest, char mark)
{
    const char *at = rest->len == 0 ? NULL : memchr(rest->ptr, mark, rest->len);
    struct slice part = {rest->ptr, at == NULL ? rest->len : (size_t)(at - rest->ptr)};

    *rest = slice_skip(*rest, at == NULL ? part.len : part.len + 1);
    return part;
}

/* HTTP lets no zero byte into a head. */
static bool is_head(struct slice text)
{
    return text.len == 0 ||
           (memchr(text.ptr, '\0', text.len) == NULL && memchr(text.ptr, '\r', text.len) == NULL);
}

static size_t take_headers(struct slice *rest)
{
    size_t count = 0;

    for (struct slice line = take_line(rest); line.len > 0; line = take_line(rest)) {
        struct slice value = line, name = cut(&value, ':');
        while (value.len > 0 && value.ptr[0] == ' ')
            value = slice_skip(value, 1);
        if (count + 1 < HEADERS_MOST && is_head(line) && name.len > 0)
            headers[count++] = (struct http_header){name, value};
    }
    headers[count++] = (struct http_header){SLICE("Host"), SLICE("127.0.0.1")};
    return count;
}

static void check_answer(struct slice method)
{
    const struct xml_limits limits = {100, 1000 * 1000};
    const struct http_response *response = &caller.exchange.response;
    struct slice body = buffer_slice(&response->body);
    bool xml = response->content_type != NULL && strcmp(response->content_type, "application/xml") == 0;
    const struct xml_element *root;

    CHECK(response->status >= 200 && response->status < 600);
    CHECK(response->status < 500 || response->status == 501);
    if (!xml)
        return;
    CHECK(!slice_is(method, "HEAD") || response->status < 300);
    CHECK(xml_read(&caller.exchange.arena, body, &limits, &root));
    CHECK(response->status < 300 || (slice_is(root->name, "Error") && xml_get(root, "Code") != NULL &&
                                     xml_get(root, "Message") != NULL && xml_get(root, "RequestId") != NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = {(const char *)data, size};

    if (size < 1)
        return 0;
    if (inputs++ % INPUTS_A_SERVER == 0) {
        if (inputs > 1)
            close_server();
        open_server();
    }
    config.authenticator = rest.ptr[0] % 2 == 0 ? NULL : authenticator;
    rest = slice_skip(rest, 1);
    struct slice line = take_line(&rest), target = line, method = cut(&target, ' ');
    struct slice query = target, path = cut(&query, '?');
    if (!is_head(line) || path.len == 0 || path.ptr[0] != '/')
        return 0;
    size_t header_count = take_headers(&rest);
    ask(method, path, query, header_count, rest);
    check_answer(method);
    close_stream();
    return 0;
}
