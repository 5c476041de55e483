/*
 * Calls the life of a request as the HTTP server does, without HTTP:
 *
 *     struct caller caller;
 *     caller_init(&caller, &config);
 *     caller_call(&caller, "DynamoDB_20120810.ListTables", SLICE("{}"));
 *     ... caller.exchange.response ...
 *     caller_finish(&caller);
 */
#ifndef TURNTABLE_TEST_CALLER_H
#define TURNTABLE_TEST_CALLER_H

#include <semaphore.h>

#include "base/buffer.h"
#include "services/life.h"

struct caller {
    struct http_exchange exchange; /* first: caller_wake() finds the caller by it */
    struct life_config *config;
    struct http_header headers[16];
    sem_t woken;
};

static inline void caller_wake(struct http_exchange *exchange)
{
    sem_post(&((struct caller *)(void *)exchange)->woken);
}

static inline void caller_init(struct caller *caller, struct life_config *config)
{
    *caller = (struct caller){.config = config};
    arena_init(&caller->exchange.arena);
    buffer_init(&caller->exchange.response.body);
    sem_init(&caller->woken, 0, 0);
    caller->exchange.wake = caller_wake;
}

/* As the server does once the answer is sent. */
static inline void caller_close_stream(struct caller *caller)
{
    const struct http_stream *stream = caller->exchange.response.stream;

    if (stream != NULL && stream->close != NULL)
        stream->close(stream->context);
    caller->exchange.response.stream = NULL;
}

static inline void caller_finish(struct caller *caller)
{
    caller_close_stream(caller);
    arena_finish(&caller->exchange.arena);
    buffer_finish(&caller->exchange.response.body);
    sem_destroy(&caller->woken);
}

/* Forgets the request before, and makes one with these headers (NULL: no such header). */
static inline void caller_begin(struct caller *caller, const char *method, const char *content_type,
                                const char *target, struct slice body)
{
    struct http_exchange *exchange = &caller->exchange;

    caller_close_stream(caller);
    arena_reset(&exchange->arena);
    exchange->context = NULL;
    exchange->response.status = 0;
    exchange->response.content_type = NULL;
    exchange->response.header_count = 0;
    buffer_reset(&exchange->response.body);
    exchange->request = (struct http_request){.method = slice_of(method),
                                              .path = SLICE("/"),
                                              .headers = caller->headers,
                                              .body = body,
                                              .sent_body = body};
    if (content_type != NULL)
        caller->headers[exchange->request.header_count++] =
            (struct http_header){SLICE("Content-Type"), slice_of(content_type)};
    if (target != NULL)
        caller->headers[exchange->request.header_count++] =
            (struct http_header){SLICE("X-Amz-Target"), slice_of(target)};
}

static inline void caller_header(struct caller *caller, const char *name, const char *value)
{
    caller->headers[caller->exchange.request.header_count++] =
        (struct http_header){slice_of(name), slice_of(value)};
}

static inline void caller_run(struct caller *caller)
{
    while (life_handle(caller->config, &caller->exchange) == HTTP_WAITING)
        sem_wait(&caller->woken);
    life_release(caller->config, &caller->exchange);
}

static inline void caller_call(struct caller *caller, const char *target, struct slice body)
{
    caller_begin(caller, "POST", "application/x-amz-json-1.0", target, body);
    caller_run(caller);
}

#endif
