/*
 * The life of a request, from the bytes of HTTP to the answer: a table of steps in life.c.
 *
 *     struct life_config config = {.server = &server, .services = services, .service_count = 1, .lanes =
 * lanes, .authenticator = authenticator}; struct http_config http = {..., .handler = life_handle, .release =
 * life_release, .context = &config};
 *
 * The config is the caller's and outlives the HTTP server. Threads: any.
 */
#ifndef TURNTABLE_SERVICES_LIFE_H
#define TURNTABLE_SERVICES_LIFE_H

#include "http/server.h"
#include "services/operation.h"
#include "services/request.h"

struct authenticator;
struct lanes;

struct life_config {
    struct server *server;
    const struct service *const *services;
    unsigned service_count;
    struct lanes *lanes;
    struct authenticator *authenticator; /* NULL: nobody is asked who they are (--no-auth) */
};

/* An http_handler and its http_release; the context is the config. */
enum http_progress life_handle(void *context, struct http_exchange *exchange);
void life_release(void *context, struct http_exchange *exchange);

#endif
