/*
 * The HTTP server: sockets to requests, and answers back.
 *
 * A request is received whole (its body is bounded), then handed to the one handler, on one of the server's
 * threads. The handler fills exchange->response and returns HTTP_ANSWERED; or it returns HTTP_WAITING, and
 * the connection is parked, without a thread, until somebody calls http_exchange_wake(): then the handler is
 * called again with the same exchange, on a server's thread. So a write waits for the disk and costs no
 * thread.
 *
 * An answer is the bytes in response.body, or, if it is large, a stream that is read while it is sent.
 *
 * Ownership: the server owns exchanges and their arenas. Request and response live until the answer is sent;
 * the arena is reset then. `exchange->context` is the handler's own (NULL at the first call); `release` gives
 * back what it holds, for a client may go away while its request waits. Threads: an exchange is with one
 * thread at a time; http_exchange_wake() may come from any thread, also before the handler has returned
 * HTTP_WAITING.
 *
 * Built on libmicrohttpd.
 */
#ifndef TURNTABLE_HTTP_SERVER_H
#define TURNTABLE_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/slice.h"

struct http_server;

struct http_header {
    struct slice name; /* as sent; compare without case: http_header() does */
    struct slice value;
};

struct http_request {
    struct slice method;
    struct slice path;  /* as sent, still percent-encoded, without the query */
    struct slice query; /* as sent, without '?' */
    struct http_header *headers;
    size_t header_count;
    struct slice body;      /* decoded if it came with Content-Encoding: gzip */
    struct slice sent_body; /* as it came: what the client's signature covers */
    bool body_too_large;    /* more than the limit came; it was thrown away */
    bool body_malformed;    /* a gzip body that does not unpack within the limit */
    bool secure;            /* over TLS */
    char peer[64];          /* the client's address, text */
};

/*
 * An answer's body that is read piece by piece. The server owns it once the handler has answered, and closes
 * it when the answer is sent or given up, which may be after the request's release: what it reads from is its
 * own.
 */
struct http_stream {
    uint64_t size;
    /* Up to `room` (at least 1) bytes from `at`, which goes up from 0; returns how many, or -1: the answer
     * cannot go on, and the connection is cut. On a server's thread. NULL: nothing is sent but how much it
     * would be, which is for HEAD. */
    ssize_t (*read)(void *context, uint64_t at, char *into, size_t room);
    void (*close)(void *context); /* NULL: there is nothing to close */
    void *context;
};

struct http_response {
    unsigned status;
    const char *content_type;
    struct buffer body;
    struct http_stream *stream;  /* instead of the body, in the exchange's arena; NULL: none */
    struct http_header *headers; /* http_respond_header() adds to them */
    size_t header_count;
};

struct http_exchange {
    struct http_request request;
    struct http_response response;
    struct arena arena;
    void *context;
    void (*wake)(struct http_exchange *exchange); /* its owner's part of http_exchange_wake() */
};

enum http_progress { HTTP_ANSWERED, HTTP_WAITING };

typedef enum http_progress (*http_handler)(void *context, struct http_exchange *exchange);

/* Called once for each request that the handler saw, when it is over: answered, or the client has gone (then
 * it may come instead of the handler's next call). What exchange->context holds is given back here. */
typedef void (*http_release)(void *context, struct http_exchange *exchange);

/* What is taken of a request's body, told by its head. */
struct http_admission {
    size_t body_limit; /* bytes, after unpacking too */
    bool packed;       /* a body that comes with Content-Encoding: gzip stays as it is */
};

struct http_config {
    const char *address;         /* an IP address: "127.0.0.1", "::1" */
    uint16_t port;               /* 0: a free one */
    const char *tls_certificate; /* PEM texts, or NULL for plain HTTP */
    const char *tls_key;
    size_t body_limit; /* bytes, after unpacking too */
    /* Asked for each request once its head is there; NULL: the same for all. */
    struct http_admission (*admit)(void *context, const struct http_request *head);
    size_t bodies_limit; /* bytes of all bodies that are held at a time; beyond, connections are cut; 0: 64
                            bodies */
    unsigned threads;
    http_handler handler;
    http_release release; /* may be NULL */
    void *context;        /* of all three */
};

/* NULL on failure, with a sentence for the operator in *problem (in the arena). */
struct http_server *http_server_start(const struct http_config *config, struct arena *arena,
                                      struct slice *problem);
uint16_t http_server_port(const struct http_server *server);

/* That are open now. */
unsigned http_server_connections(struct http_server *server);

/* Takes no more connections, waits until what is in flight is answered, frees the server. */
void http_server_stop(struct http_server *server);

static inline void http_exchange_wake(struct http_exchange *exchange)
{
    exchange->wake(exchange);
}

/* The first header of that name (any case); NULL if it was not sent. */
const struct slice *http_header(const struct http_request *request, const char *name);

/* Adds a header to the answer; name and value must live until it is sent (the exchange's arena will do). */
void http_respond_header(struct http_exchange *exchange, struct slice name, struct slice value);

#endif
