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

/*
 * A document that is read with GET, no operation of any service: a key set, a page. If `path` (as sent, from
 * its '/' on) is its own, it writes the body into request->out, names its content type, and returns true. It
 * is asked on the server's thread, reads only, and may set the failure, which is answered then.
 */
typedef bool (*life_page)(struct request *request, struct slice path, const char **content_type);

/* Another answerer of GET and HEAD: a site, whose answers have headers of its own. True: the exchange is
 * answered. It is asked first, on the server's thread. */
typedef bool (*life_site)(struct http_exchange *exchange, struct slice id);

struct life_config {
    struct server *server;
    const struct service *const *services;
    unsigned service_count;
    life_site site;         /* NULL: there is none */
    const life_page *pages; /* ended by NULL; NULL: there are none */
    size_t body_limit;      /* bytes, of requests that are no REST service's */
    struct lanes *lanes;
    struct authenticator *authenticator; /* NULL: nobody is asked who they are (--no-auth) */
};

/* An http_handler and its http_release, and what is taken of bodies (http_config); the context is the config.
 */
enum http_progress life_handle(void *context, struct http_exchange *exchange);
void life_release(void *context, struct http_exchange *exchange);
struct http_admission life_admit(void *context, const struct http_request *head);

#endif
