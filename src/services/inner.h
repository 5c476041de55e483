/*
 * A call from within: an operation of the server's own services, done on the calling thread without HTTP.
 *
 *     struct inner_caller caller;
 *     if (inner_open(inner, kept, "cloudformation.amazonaws.com", &caller)) {
 *         const struct invoker invoker = inner_invoker(&caller);
 *         ... invoker.invoke(invoker.context, arena, SERVICE_DYNAMODB, "CreateTable", input, &answer) ...
 *         inner_close(&caller);
 *     }
 *
 * The call goes the way of any request (life.c): the same handlers, the same gate with what the caller's
 * policies allow, the same guards; it returns when its changes are durable. Answers are JSON with their
 * types, also those of services that speak the query protocol; errors are called as the service's protocol
 * calls them.
 *
 * Work that outlives its request keeps for whom it is done as a text (inner_keep()). It holds no secret that
 * the storage does not have anyway: of a user the name, sealed as a session; of who came with temporary
 * credentials, their token.
 *
 * Threads: any that may block; a caller belongs to one thread at a time.
 */
#ifndef TURNTABLE_SERVICES_INNER_H
#define TURNTABLE_SERVICES_INNER_H

#include "deploy/invoke.h"
#include "services/request.h"

struct inner;

/* `open`: nobody is asked who they are (--no-auth), and so nobody is limited. The server's rooms outlive it.
 */
struct inner *inner_create(struct server *server, bool open);
void inner_destroy(struct inner *inner); /* accepts NULL; no caller may be open */

struct inner_caller {
    struct inner *inner;
    struct principal principal;
    const char *via; /* the service that calls with its caller's permissions, for aws:CalledVia; NULL: it
                        calls as a role of its own */
    bool plain;      /* it sets no tags whose keys begin with "aws:", as no client does */
};

/* ---- for whom ---- */

/* The caller of a request, to be kept; in the request's arena. On false the failure is set. */
must_use bool inner_keep(struct request *request, struct slice *out);

/* A session of a role, which a service begins: `owner` is the role's name. The same. */
must_use bool inner_keep_role(struct request *request, struct slice owner, struct slice owner_id,
                              struct slice session_name, struct slice *out);

/*
 * The caller that was kept. False: there is no such user, role or session any more. `service` is the one that
 * calls, as in "cloudformation.amazonaws.com"; what it points at outlives the caller.
 */
must_use bool inner_open(struct inner *inner, struct slice kept, const char *service,
                         struct inner_caller *out);
void inner_close(struct inner_caller *caller);

/* The caller of a request under way, for calls that it waits for; lives as long as the request, and is not
 * closed. */
struct inner_caller inner_of(const struct request *request, const char *service);

/* ---- calling ---- */

/* The invoker's context is the caller. */
struct invoker inner_invoker(struct inner_caller *caller);

#endif
