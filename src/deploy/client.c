#include "deploy/client.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "auth/sigv4.h"
#include "base/check.h"
#include "base/clock.h"
#include "wire/query_answer.h"

enum {
    ANSWER_LIMIT = 32 * 1024 * 1024,
    ANSWER_DEPTH = 128, /* an item nests 32 levels deep, each of which takes two of JSON */
    WAIT_SECONDS = 60,
    NAME_LIMIT = 255,
    PIECE = 16 * 1024
};

struct client {
    struct client_options options;
    bool secure;
    char host[NAME_LIMIT + 1]; /* a name or an address, without brackets */
    char port[6];
    struct slice authority; /* for the Host header */
    struct slice path;
    SSL_CTX *tls;
    bool keeps;      /* the connection of a call for the next one */
    int kept_socket; /* -1: there is none */
    SSL *kept_tls;
};

/* ---- the endpoint ---- */

static bool parse_port(struct client *client, struct slice text)
{
    unsigned long port = 0;

    if (text.len == 0 || text.len > 5)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        port = port * 10 + (unsigned long)(text.ptr[i] - '0');
    }
    snprintf(client->port, sizeof(client->port), "%lu", port & 0xFFFF);
    return port > 0 && port <= 0xFFFF;
}

/* "host", "host:port", "[::1]:port" */
static bool parse_authority(struct client *client, struct slice authority)
{
    struct slice host = authority, rest;

    if (authority.len > 0 && authority.ptr[0] == '[') {
        const char *end = memchr(authority.ptr, ']', authority.len);
        if (end == NULL)
            return false;
        host = (struct slice){authority.ptr + 1, (size_t)(end - authority.ptr) - 1};
        rest = slice_skip(authority, host.len + 2);
    } else {
        const char *colon = authority.len == 0 ? NULL : memchr(authority.ptr, ':', authority.len);
        if (colon != NULL)
            host.len = (size_t)(colon - authority.ptr);
        rest = slice_skip(authority, host.len);
    }
    if (host.len == 0 || host.len > NAME_LIMIT)
        return false;
    for (size_t i = 0; i < host.len; i++) {
        if (host.ptr[i] <= ' ' || host.ptr[i] > '~' || strchr("@?#\\", host.ptr[i]) != NULL)
            return false;
    }
    memcpy(client->host, host.ptr, host.len);
    client->host[host.len] = '\0';
    snprintf(client->port, sizeof(client->port), client->secure ? "443" : "80");
    return rest.len == 0 || (rest.ptr[0] == ':' && parse_port(client, slice_skip(rest, 1)));
}

static bool parse_endpoint(struct client *client)
{
    const struct slice plain = SLICE("http://"), secure = SLICE("https://");
    struct slice url = client->options.endpoint;

    client->secure = slice_starts_with(url, secure);
    if (!client->secure && !slice_starts_with(url, plain))
        return false;
    url = slice_skip(url, client->secure ? secure.len : plain.len);
    const char *slash = url.len == 0 ? NULL : memchr(url.ptr, '/', url.len);
    client->authority = slash == NULL ? url : (struct slice){url.ptr, (size_t)(slash - url.ptr)};
    client->path = slash == NULL ? SLICE("/") : slice_skip(url, client->authority.len);
    for (size_t i = 0; i < client->path.len; i++) {
        if (client->path.ptr[i] <= ' ' || client->path.ptr[i] > '~' || client->path.ptr[i] == '?' ||
            client->path.ptr[i] == '#')
            return false;
    }
    return parse_authority(client, client->authority);
}

static bool is_header_value(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < ' ' || text.ptr[i] > '~')
            return false;
    }
    return true;
}

static bool open_tls(struct client *client, struct arena *arena, struct slice *problem)
{
    const char *bundle = getenv("AWS_CA_BUNDLE");

    client->tls = SSL_CTX_new(TLS_client_method());
    CHECK(client->tls != NULL);
    SSL_CTX_set_verify(client->tls, SSL_VERIFY_PEER, NULL);
    if (bundle == NULL || bundle[0] == '\0')
        return SSL_CTX_set_default_verify_paths(client->tls) == 1;
    if (SSL_CTX_load_verify_locations(client->tls, bundle, NULL) == 1)
        return true;
    *problem = arena_printf(arena, "AWS_CA_BUNDLE: cannot read certificates from %s", bundle);
    return false;
}

struct client *client_create(struct arena *arena, const struct client_options *options, struct slice *problem)
{
    struct client *client = calloc(1, sizeof(*client));

    CHECK(client != NULL);
    client->options = *options;
    client->kept_socket = -1;
    if (!parse_endpoint(client)) {
        *problem = arena_printf(arena, "'%.*s' is no endpoint; one looks like http://127.0.0.1:8000",
                                SLICE_ARGS(options->endpoint));
    } else if (!is_header_value(options->access_key_id) || !is_header_value(options->session_token) ||
               !is_header_value(options->region)) {
        *problem =
            SLICE("the access key, the session token or the region has characters that they cannot have");
    } else if (!client->secure || open_tls(client, arena, problem)) {
        return client;
    }
    client_destroy(client);
    return NULL;
}

void client_destroy(struct client *client)
{
    if (client == NULL)
        return;
    SSL_free(client->kept_tls);
    if (client->kept_socket >= 0)
        close(client->kept_socket);
    SSL_CTX_free(client->tls);
    free(client);
}

void client_keep_connection(struct client *client)
{
    client->keeps = true;
}

struct slice client_endpoint(const struct client *client)
{
    return client->options.endpoint;
}

/* The first address of that family, as digits; false: there is none. */
static bool find_address(const char *host, int family, char *out, size_t size)
{
    const struct addrinfo wanted = {.ai_family = family, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;

    if (getaddrinfo(host, NULL, &wanted, &found) != 0)
        return false;
    bool told =
        getnameinfo(found->ai_addr, found->ai_addrlen, out, (socklen_t)size, NULL, 0, NI_NUMERICHOST) == 0;
    freeaddrinfo(found);
    return told;
}

struct slice client_endpoint_by_address(const struct client *client, struct arena *arena)
{
    char address[NI_MAXHOST];

    if (client->secure)
        return arena_printf(arena, "https://%.*s", SLICE_ARGS(client->authority));
    if (find_address(client->host, AF_INET, address, sizeof(address)))
        return arena_printf(arena, "http://%s:%s", address, client->port);
    if (find_address(client->host, AF_INET6, address, sizeof(address)))
        return arena_printf(arena, "http://[%s]:%s", address, client->port);
    return arena_printf(arena, "http://%.*s", SLICE_ARGS(client->authority));
}

/* ---- one connection ---- */

struct connection {
    struct client *client;
    struct arena *arena; /* of the answer */
    int socket;          /* -1: not connected */
    SSL *tls;
    struct slice problem;
    bool ends; /* with this answer */
};

static bool fails(struct connection *connection, const char *what, const char *why)
{
    if (connection->problem.len == 0)
        connection->problem = arena_printf(connection->arena, "cannot %s %.*s: %s", what,
                                           SLICE_ARGS(connection->client->options.endpoint), why);
    return false;
}

static int try_address(const struct addrinfo *address)
{
    const struct timeval wait = {.tv_sec = WAIT_SECONDS};
    const int on = 1;
    int socket_ = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (socket_ < 0)
        return -1;
    (void)setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    (void)setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
    (void)setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connect(socket_, address->ai_addr, address->ai_addrlen) == 0)
        return socket_;
    int error = errno;
    close(socket_);
    errno = error;
    return -1;
}

static const char *tls_problem(const struct connection *connection)
{
    long verified = SSL_get_verify_result(connection->tls);
    unsigned long error = ERR_peek_last_error();

    if (verified != X509_V_OK)
        return X509_verify_cert_error_string(verified);
    return error != 0 && ERR_reason_error_string(error) != NULL ? ERR_reason_error_string(error)
                                                                : "TLS failed";
}

static bool start_tls(struct connection *connection)
{
    const char *host = connection->client->host;
    struct in_addr four;
    struct in6_addr six;

    connection->tls = SSL_new(connection->client->tls);
    CHECK(connection->tls != NULL);
    ERR_clear_error();
    if (inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1)
        CHECK(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection->tls), host) == 1);
    else if (SSL_set1_host(connection->tls, host) != 1 ||
             SSL_set_tlsext_host_name(connection->tls, host) != 1)
        return fails(connection, "reach", "its name is no host name");
    if (SSL_set_fd(connection->tls, connection->socket) != 1 || SSL_connect(connection->tls) != 1)
        return fails(connection, "reach", tls_problem(connection));
    return true;
}

static bool connect_to(struct connection *connection)
{
    const struct client *client = connection->client;
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *addresses;
    int error = getaddrinfo(client->host, client->port, &wanted, &addresses);

    if (error != 0)
        return fails(connection, "reach", gai_strerror(error));
    for (const struct addrinfo *at = addresses; at != NULL && connection->socket < 0; at = at->ai_next)
        connection->socket = try_address(at);
    error = errno;
    freeaddrinfo(addresses);
    if (connection->socket < 0)
        return fails(connection, "reach", strerror(error));
    return !client->secure || start_tls(connection);
}

static void disconnect(struct connection *connection)
{
    SSL_free(connection->tls);
    if (connection->socket >= 0)
        close(connection->socket);
}

/* Takes over the connection of the last call; false if there is none. */
static bool take_kept(struct connection *connection)
{
    struct client *client = connection->client;

    if (client->kept_socket < 0)
        return false;
    connection->socket = client->kept_socket;
    connection->tls = client->kept_tls;
    client->kept_socket = -1;
    client->kept_tls = NULL;
    return true;
}

static void keep(struct connection *connection)
{
    connection->client->kept_socket = connection->socket;
    connection->client->kept_tls = connection->tls;
}

static bool send_all(struct connection *connection, struct slice bytes)
{
    while (bytes.len > 0) {
        int piece = bytes.len > PIECE ? PIECE : (int)bytes.len;
        ssize_t sent = connection->tls != NULL
                           ? SSL_write(connection->tls, bytes.ptr, piece)
                           : send(connection->socket, bytes.ptr, (size_t)piece, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR && connection->tls == NULL)
            continue;
        if (sent <= 0)
            return fails(connection, "write to", connection->tls != NULL ? "TLS failed" : strerror(errno));
        bytes = slice_skip(bytes, (size_t)sent);
    }
    return true;
}

/* Appends what comes next; 0 at the end. */
static bool receive(struct connection *connection, struct buffer *into, size_t *more)
{
    char *at = buffer_reserve(into, PIECE);
    ssize_t got;

    do {
        got = connection->tls != NULL ? SSL_read(connection->tls, at, PIECE)
                                      : recv(connection->socket, at, PIECE, 0);
    } while (got < 0 && errno == EINTR && connection->tls == NULL);
    if (got < 0 && connection->tls == NULL)
        return fails(connection, "read from", errno == EAGAIN ? "it does not answer" : strerror(errno));
    *more = got > 0 ? (size_t)got : 0;
    into->len += *more;
    return into->len <= ANSWER_LIMIT || fails(connection, "read from", "the answer is too large");
}

/* ---- the answer ---- */

/* The value of a header in the head of an answer; false if it is not there. */
static bool head_value(struct slice head, const char *name, struct slice *out)
{
    size_t length = strlen(name);

    while (head.len > 0) {
        const char *end = memchr(head.ptr, '\n', head.len);
        size_t line = end == NULL ? head.len : (size_t)(end - head.ptr);
        if (line > length && head.ptr[length] == ':' && strncasecmp(head.ptr, name, length) == 0) {
            *out = (struct slice){head.ptr + length + 1, line - length - 1};
            while (out->len > 0 && strchr(" \t", out->ptr[0]) != NULL)
                *out = slice_skip(*out, 1);
            while (out->len > 0 && strchr(" \t\r", out->ptr[out->len - 1]) != NULL)
                out->len--;
            return true;
        }
        head = slice_skip(head, end == NULL ? line : line + 1);
    }
    return false;
}

/* Where the body begins; 0 while the head is not whole. */
static size_t end_of_head(const struct buffer *received)
{
    const char *end = received->len == 0 ? NULL : memmem(received->bytes, received->len, "\r\n\r\n", 4);

    return end == NULL ? 0 : (size_t)(end - received->bytes) + 4;
}

static bool parse_length(struct slice text, int base, size_t *out)
{
    *out = 0;
    if (text.len == 0 || text.len > 8)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : 16;
        if (digit >= base)
            return false;
        *out = *out * (size_t)base + (size_t)digit;
    }
    return *out <= ANSWER_LIMIT;
}

/* Joins the chunks of a body; false if they are not well-formed, or the last is not there. */
static bool join_chunks(struct slice body, struct buffer *out)
{
    for (;;) {
        const char *end = body.len == 0 ? NULL : memmem(body.ptr, body.len, "\r\n", 2);
        size_t length;
        if (end == NULL)
            return false;
        struct slice line = {body.ptr, (size_t)(end - body.ptr)};
        const char *extension = line.len == 0 ? NULL : memchr(line.ptr, ';', line.len);
        if (extension != NULL)
            line.len = (size_t)(extension - line.ptr);
        if (!parse_length(line, 16, &length))
            return false;
        body = slice_skip(body, (size_t)(end - body.ptr) + 2);
        if (length == 0)
            return true;
        if (body.len < length + 2)
            return false;
        buffer_append(out, (struct slice){body.ptr, length});
        body = slice_skip(body, length + 2);
    }
}

/* Whether all of an answer is there: to its length, or to its last chunk. */
static bool is_whole(const struct buffer *received, size_t start, bool known_length, size_t length,
                     bool chunked)
{
    static const struct slice last = SLICE("0\r\n\r\n");

    if (start == 0)
        return false;
    if (known_length)
        return received->len >= start + length;
    return chunked && received->len >= start + last.len &&
           memcmp(received->bytes + received->len - last.len, last.ptr, last.len) == 0;
}

/* Reads one answer: to where it says it ends, or to the end of the connection. */
static bool read_answer(struct connection *connection, struct buffer *received, unsigned *status,
                        struct slice *body)
{
    struct slice value, head = SLICE("");
    size_t start = 0, length = 0, more;
    bool known_length = false, chunked = false, at_end = false;

    while (!at_end && !is_whole(received, start, known_length, length, chunked)) {
        if (!receive(connection, received, &more))
            return false;
        at_end = more == 0;
        if (start > 0 || (start = end_of_head(received)) == 0)
            continue;
        head = (struct slice){received->bytes, start};
        known_length = head_value(head, "content-length", &value) && parse_length(value, 10, &length);
        chunked = head_value(head, "transfer-encoding", &value) && slice_is(value, "chunked");
        connection->ends = head_value(head, "connection", &value) && strncasecmp(value.ptr, "close", 5) == 0;
    }
    if (start > 0)
        head = (struct slice){received->bytes, start};
    connection->ends |= at_end || !known_length;
    if (head.len < 12 || !slice_starts_with(head, SLICE("HTTP/1.")) || head.ptr[9] < '1' ||
        head.ptr[9] > '5' || received->len - start < length)
        return fails(connection, "understand",
                     start == 0 && received->len == 0 ? "it closed the connection" : "it is no HTTP server");
    *status = (unsigned)(head.ptr[9] - '0') * 100 + (unsigned)(head.ptr[10] - '0') * 10 +
              (unsigned)(head.ptr[11] - '0');
    *body = arena_copy(connection->arena, (struct slice){received->bytes + start,
                                                         known_length ? length : received->len - start});
    if (!chunked)
        return true;
    struct buffer joined;
    buffer_init(&joined);
    bool whole = join_chunks(*body, &joined);
    *body = arena_copy(connection->arena, buffer_slice(&joined));
    buffer_finish(&joined);
    return whole || fails(connection, "understand", "its answer is not whole");
}

/* ---- calls ---- */

/* What is sent, and to which service. */
struct call {
    struct slice service; /* that is signed for */
    struct slice content_type;
    struct slice target; /* of AWS JSON; empty in the query protocol */
    struct slice object; /* of S3: the path of what is put; empty: it is no such call */
    struct slice body;
};

/* S3 wants to be told what is signed. */
static struct slice hash_of(struct arena *arena, struct slice body)
{
    struct digest *digest = digest_create();
    unsigned char hash[SHA256_LENGTH];
    char *hex = arena_alloc(arena, SHA256_HEX_LENGTH);

    digest_sha256(digest, body, hash);
    digest_hex(hash, hex);
    digest_destroy(digest);
    return (struct slice){hex, SHA256_HEX_LENGTH};
}

static void write_request(struct client *client, struct arena *arena, const struct call *call,
                          struct buffer *out)
{
    struct http_header headers[5] = {
        {SLICE("Host"), client->authority},
        {SLICE("Content-Type"), call->content_type},
        {SLICE("X-Amz-Date"), sigv4_time(clock_now() / 1000, arena)},
    };
    bool puts = call->object.len > 0;
    struct http_request request = {.method = puts ? SLICE("PUT") : SLICE("POST"),
                                   .path = puts ? call->object : client->path,
                                   .query = SLICE(""),
                                   .headers = headers,
                                   .header_count = 3,
                                   .body = call->body,
                                   .sent_body = call->body};

    if (call->target.len > 0)
        headers[request.header_count++] = (struct http_header){SLICE("X-Amz-Target"), call->target};
    if (puts)
        headers[request.header_count++] =
            (struct http_header){SLICE("X-Amz-Content-Sha256"), hash_of(arena, call->body)};
    if (client->options.session_token.len > 0)
        headers[request.header_count++] =
            (struct http_header){SLICE("X-Amz-Security-Token"), client->options.session_token};
    buffer_printf(out, "%.*s %.*s HTTP/1.1\r\n", SLICE_ARGS(request.method), SLICE_ARGS(request.path));
    for (size_t i = 0; i < request.header_count; i++)
        buffer_printf(out, "%.*s: %.*s\r\n", SLICE_ARGS(headers[i].name), SLICE_ARGS(headers[i].value));
    if (client->options.access_key_id.len > 0)
        buffer_printf(out, "Authorization: %.*s\r\n",
                      SLICE_ARGS(sigv4_authorization(&request, client->options.access_key_id,
                                                     client->options.secret_access_key,
                                                     client->options.region, call->service, arena)));
    buffer_printf(out, "Content-Length: %zu\r\n%s\r\n", call->body.len,
                  client->keeps ? "" : "Connection: close\r\n");
    buffer_append(out, call->body);
}

static struct slice text_member(const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);

    return member != NULL && member->type == JSON_STRING ? member->text : SLICE("");
}

/* "com.amazon.coral.service#AccessDeniedException" is an AccessDeniedException. */
static struct slice behind_hash(struct slice type)
{
    const char *hash = type.len == 0 ? NULL : memchr(type.ptr, '#', type.len);

    return hash == NULL ? type : slice_skip(type, (size_t)(hash - type.ptr) + 1);
}

static enum client_outcome read_body(struct client *client, struct arena *arena, unsigned status,
                                     struct slice body, struct client_answer *out)
{
    /* An operation without output may answer nothing: TagResource. */
    struct slice text = status == 200 && body.len == 0 ? SLICE("{}") : body;
    bool is_json =
        json_parse(arena, text, ANSWER_DEPTH, &out->body) == JSON_OK && out->body->type == JSON_OBJECT;

    if (status == 200 && is_json)
        return CLIENT_DONE;
    out->type = is_json ? behind_hash(text_member(out->body, "__type")) : SLICE("");
    if (status == 200 || out->type.len == 0) {
        out->message = arena_printf(arena, "%.*s answers as no AWS service does (HTTP status %u)",
                                    SLICE_ARGS(client->options.endpoint), status);
        return CLIENT_FAILED;
    }
    out->message = text_member(out->body, "message");
    if (out->message.len == 0)
        out->message = text_member(out->body, "Message");
    return CLIENT_REFUSED;
}

static bool exchange(struct connection *connection, struct slice request, struct buffer *received,
                     unsigned *status, struct slice *answer)
{
    return send_all(connection, request) && read_answer(connection, received, status, answer);
}

/* Sends the call and waits for its answer; false: *problem says why there is none. */
static bool send_call(struct client *client, struct arena *arena, const struct call *call, unsigned *status,
                      struct slice *answer, struct slice *problem)
{
    struct connection connection = {.client = client, .arena = arena, .socket = -1, .problem = SLICE("")};
    struct buffer sent, received;

    buffer_init(&sent);
    buffer_init(&received);
    write_request(client, arena, call, &sent);
    bool answered =
        take_kept(&connection) && exchange(&connection, buffer_slice(&sent), &received, status, answer);
    /* A server may close a connection that was kept at any time; then nothing has come back. */
    if (!answered && received.len == 0) {
        disconnect(&connection);
        connection =
            (struct connection){.client = client, .arena = arena, .socket = -1, .problem = SLICE("")};
        answered =
            connect_to(&connection) && exchange(&connection, buffer_slice(&sent), &received, status, answer);
    }
    if (answered && client->keeps && !connection.ends)
        keep(&connection);
    else
        disconnect(&connection);
    buffer_finish(&sent);
    buffer_finish(&received);
    *problem = connection.problem;
    return answered;
}

static enum client_outcome call_json(struct client *client, struct arena *arena, const struct call *call,
                                     struct client_answer *out)
{
    struct slice answer = SLICE("");
    unsigned status = 0;

    *out = (struct client_answer){.type = SLICE(""), .message = SLICE("")};
    bool answered = send_call(client, arena, call, &status, &answer, &out->message);
    return answered ? read_body(client, arena, status, answer, out) : CLIENT_FAILED;
}

enum client_outcome client_call(struct client *client, struct arena *arena, const char *operation,
                                struct slice body, struct client_answer *out)
{
    const struct call call = {.service = SLICE("dynamodb"),
                              .content_type = SLICE("application/x-amz-json-1.0"),
                              .target = arena_printf(arena, "DynamoDB_20120810.%s", operation),
                              .body = body};

    return call_json(client, arena, &call, out);
}

enum client_outcome client_call_json(struct client *client, struct arena *arena, const char *service,
                                     const char *target, struct slice body, struct client_answer *out)
{
    const struct call call = {.service = slice_of(service),
                              .content_type = SLICE("application/x-amz-json-1.1"),
                              .target = slice_of(target),
                              .body = body};

    return call_json(client, arena, &call, out);
}

/* ---- the query protocol ---- */

/* Letters, digits and "-_.~" as they are, all else as %XX. */
static void append_escaped(struct buffer *out, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     strchr("-_.~", c) != NULL;
        if (plain) {
            buffer_append_byte(out, (char)c);
            continue;
        }
        buffer_append_byte(out, '%');
        buffer_append_byte(out, hex[c >> 4]);
        buffer_append_byte(out, hex[c & 15]);
    }
}

static struct slice write_form(struct arena *arena, const struct client_service *service,
                               const char *operation, const char *const *parameters)
{
    struct buffer form;

    buffer_init(&form);
    buffer_printf(&form, "Action=%s&Version=%s", operation, service->version);
    for (; *parameters != NULL; parameters += 2) {
        if (parameters[1] == NULL)
            continue;
        buffer_printf(&form, "&%s=", parameters[0]);
        append_escaped(&form, parameters[1]);
    }
    struct slice copy = arena_copy(arena, buffer_slice(&form));
    buffer_finish(&form);
    return copy;
}

/* What an error says of itself; without that it was no answer of AWS's kind. */
static enum client_outcome read_error(struct client *client, struct arena *arena, unsigned status,
                                      const struct json *error, struct client_answer *out)
{
    out->type = text_member(error, "Code");
    out->message = text_member(error, "Message");
    if (out->type.len > 0)
        return CLIENT_REFUSED;
    out->message = arena_printf(arena, "%.*s answers as no AWS service does (HTTP status %u)",
                                SLICE_ARGS(client->options.endpoint), status);
    return CLIENT_FAILED;
}

/* <OPERATIONResponse><OPERATIONResult>..., or <ErrorResponse><Error><Code>...<Message>... */
static enum client_outcome read_result(struct client *client, struct arena *arena, const char *operation,
                                       unsigned status, struct slice xml, struct client_answer *out)
{
    struct json *nothing = arena_new(arena, struct json), *root = arena_new(arena, struct json);
    const char *response = arena_printf(arena, "%sResponse", operation).ptr;
    const char *result = arena_printf(arena, "%sResult", operation).ptr;
    bool is_xml = query_answer_read(arena, xml, root);

    nothing->type = JSON_OBJECT;
    if (is_xml && status == 200 && json_get(root, response) != NULL) {
        const struct json *body = json_get(json_get(root, response), result);
        out->body = body == NULL || body->type != JSON_OBJECT ? nothing : body;
        return CLIENT_DONE;
    }
    const struct json *error = is_xml ? json_get(json_get(root, "ErrorResponse"), "Error") : NULL;
    return read_error(client, arena, status, error, out);
}

enum client_outcome client_call_query(struct client *client, struct arena *arena,
                                      const struct client_service *service, const char *operation,
                                      const char *const *parameters, struct client_answer *out)
{
    const struct call call = {.service = slice_of(service->name),
                              .content_type = SLICE("application/x-www-form-urlencoded"),
                              .body = write_form(arena, service, operation, parameters)};
    struct slice answer = SLICE("");
    unsigned status = 0;

    *out = (struct client_answer){.type = SLICE(""), .message = SLICE("")};
    bool answered = send_call(client, arena, &call, &status, &answer, &out->message);
    return answered ? read_result(client, arena, operation, status, answer, out) : CLIENT_FAILED;
}

/* ---- S3 ---- */

enum client_outcome client_put_object(struct client *client, struct arena *arena, struct slice bucket,
                                      struct slice key, struct slice content, struct client_answer *out)
{
    const struct call call = {.service = SLICE("s3"),
                              .content_type = SLICE("binary/octet-stream"),
                              .object =
                                  arena_printf(arena, "/%.*s/%.*s", SLICE_ARGS(bucket), SLICE_ARGS(key)),
                              .body = content};
    struct json *root = arena_new(arena, struct json);
    struct slice answer = SLICE("");
    unsigned status = 0;

    *out = (struct client_answer){.type = SLICE(""), .message = SLICE("")};
    if (!send_call(client, arena, &call, &status, &answer, &out->message))
        return CLIENT_FAILED;
    if (status == 200)
        return CLIENT_DONE;
    bool is_xml = query_answer_read(arena, answer, root);
    return read_error(client, arena, status, is_xml ? json_get(root, "Error") : NULL, out);
}

/* ---- JSON as a form ---- */

/* The pairs of a form, while they are gathered. */
struct pairs {
    struct arena *arena;
    const char **texts;
    size_t count, capacity;
};

static void add_text(struct pairs *pairs, const char *text)
{
    if (pairs->count == pairs->capacity) {
        size_t capacity = pairs->capacity == 0 ? 32 : pairs->capacity * 2;
        pairs->texts = arena_grow(pairs->arena, pairs->texts, pairs->count, capacity, sizeof(*pairs->texts));
        pairs->capacity = capacity;
    }
    pairs->texts[pairs->count++] = text;
}

/* {"Tags": [{"Key": "a"}]} is Tags.member.1.Key=a, and {"Tags": []} is Tags= */
static void add_pairs(struct pairs *pairs, const char *name, const struct json *value)
{
    struct arena *arena = pairs->arena;

    switch (value->type) {
    case JSON_OBJECT:
        for (size_t i = 0; i < value->object.count; i++) {
            const struct json_member *member = &value->object.members[i];
            add_pairs(
                pairs,
                arena_printf(arena, "%s%s%.*s", name, name[0] == '\0' ? "" : ".", SLICE_ARGS(member->name))
                    .ptr,
                &member->value);
        }
        return;
    case JSON_ARRAY:
        for (size_t i = 0; i < value->array.count; i++)
            add_pairs(pairs, arena_printf(arena, "%s.member.%zu", name, i + 1).ptr, &value->array.items[i]);
        if (value->array.count > 0)
            return;
        add_text(pairs, name);
        add_text(pairs, "");
        return;
    case JSON_NULL:
        return;
    case JSON_BOOLEAN:
        add_text(pairs, name);
        add_text(pairs, value->boolean ? "true" : "false");
        return;
    case JSON_NUMBER:
    case JSON_STRING:
        add_text(pairs, name);
        add_text(pairs, arena_copy(arena, value->text).ptr);
        return;
    }
}

enum client_outcome client_call_query_json(struct client *client, struct arena *arena,
                                           const struct client_service *service, const char *operation,
                                           struct slice input, struct client_answer *out)
{
    struct pairs pairs = {.arena = arena};
    const struct json *object;

    CHECK(json_parse(arena, input, ANSWER_DEPTH, &object) == JSON_OK);
    add_pairs(&pairs, "", object);
    add_text(&pairs, NULL);
    return client_call_query(client, arena, service, operation, pairs.texts, out);
}
