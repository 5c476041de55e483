/*
 * A request of a service: what every operation's handler works on.
 *
 * The life of a request is in life.c. A handler is called once it is known who asks and what for, with the
 * body parsed:
 *
 *     bool put_item(struct request *request);
 *
 * It reads, decides, writes its answer into `out` and its changes into `batch`, and returns true; or it
 * returns fail(&request->failure, ...). What is in the batch is committed before the answer is sent. If a
 * guard of the batch does not hold, because somebody else wrote in between, the handler is called again from
 * the start on fresh data: so it must be a function of the request and the storage, with no effect of its own
 * but through the batch, `committed`, and what `ended` takes back.
 *
 * What takes several commits, as large data do, is done in stages: a handler that sets `next` is followed by
 * that function once its batch is committed, with all that the execution left in the request and an empty
 * batch; it may set `next` again. A stage whose batch conflicts is repeated by itself.
 *
 * A handler that has recorded a failure and returns true all the same is answered by that failure once its
 * batch is committed: so what is to be remembered of it (a wrong password) is.
 *
 * Ownership: everything hangs on the request's arena, and lives until the answer is sent.
 */
#ifndef TURNTABLE_SERVICES_REQUEST_H
#define TURNTABLE_SERVICES_REQUEST_H

#include <stdbool.h>

#include "auth/principal.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "base/json.h"
#include "storage/storage.h"

struct catalog;
struct control;
struct decisions;
struct denials;
struct directory;
struct engine;
struct held_policy;
struct http_request;
struct identity_keeper;
struct user_keeper;
struct inner;
struct links;
struct metrics;
struct metrics_part;
struct objects;
struct ongoing;
struct transfer;
struct operation;
struct request;
struct session_keys;
struct spare_keys;
struct table;
struct table_pin;
struct permissions;
struct read_statement;
struct throttle;

struct verified_token;

/* Who has signed a token of OpenID Connect, and what it says (sts/web_identity.h). */
enum token_verdict {
    TOKEN_FOREIGN, /* of another issuer: others are asked */
    TOKEN_TRUE,
    TOKEN_FALSE, /* the failure is set: InvalidIdentityToken, or ExpiredTokenException */
};
/* `issuer`: what the token says, which nobody has verified yet. */
typedef enum token_verdict (*token_issuer)(struct request *request, struct slice token, struct slice issuer,
                                           struct verified_token *out);

/* The rooms that handlers use; made by main.c, they outlive every request. */
struct server {
    struct storage *storage;
    struct catalog *catalog;
    struct directory *directory; /* users and roles */
    struct ongoing *ongoing;     /* the items of transactions under way */
    struct slice region;
    struct slice account_id;
    struct slice iterator_key;               /* what shard iterators are sealed with (streams/iterator.h) */
    const struct session_keys *session_keys; /* what temporary credentials are made with (auth/session.h) */
    const token_issuer *token_issuers; /* the rooms that sign tokens, ended by NULL; NULL: there are none */
    bool strict_iam;                   /* sessions that identity pools make have no aws:username, as on AWS */
    struct throttle *throttle;         /* NULL: throughput is not enforced */
    struct denials *denials;           /* why requests were denied; NULL: it is not kept */
    struct decisions *decisions;       /* what policies said; NULL: it is not kept */
    struct metrics *metrics;           /* what requests took; NULL: nothing is counted */
    struct transfer *transfer;         /* imports and exports */
    struct objects *objects;           /* S3's (s3/objects.h) */
    struct inner *inner;               /* calls from within */
    struct identity_keeper
        *identity_keeper;            /* NULL: deleted pools' identities stay, guests are not counted */
    struct user_keeper *user_keeper; /* NULL: deleted groups' members stay, who signs up is not counted */
    struct spare_keys *spare_keys;   /* of user pools that are still to be made; NULL: there are none ahead */
    struct control *control;         /* what changes single resources (cloudcontrol/control.h) */
    struct links *links;             /* that sign in to the console (turntable/links.h) */
    struct engine *engine;           /* what carries out what is asked of stacks (stacks/engine.h) */
};

/* What the gate (services/gate.h) knows of this execution. */
struct gate {
    bool passed;
    struct failure denial;           /* once it is denied */
    struct table_pin *pins;          /* the tables that its needs were told of */
    struct held_policy *policies;    /* those that it destroys */
    const struct permissions *parts; /* of a request of parts; NULL: it has none */
    unsigned part;                   /* that was entered; 0: none */
};

struct request {
    struct server *server;
    const struct operation *operation;
    struct principal principal;      /* who asks */
    const struct http_request *http; /* as it came; NULL: from within (inner.h) */
    bool within;                     /* it comes from within, and may set tags whose keys begin with "aws:" */
    void *rest; /* what the service keeps of a request that came over REST (operation.h); NULL: it did not */
    const char *via;         /* from within: the service that calls with its caller's permissions, or NULL */
    struct gate gate;        /* may they */
    struct slice id;         /* x-amzn-RequestId */
    struct slice endpoint;   /* the Host header: DescribeEndpoints tells it back */
    bool secure;             /* it came over TLS */
    bool form;               /* it came in the query protocol: values of the body are texts */
    const struct json *body; /* always an object */
    struct arena *arena;
    struct failure failure;
    bool repeated;      /* this execution of the handler is not the first */
    struct buffer *out; /* the answer's body, JSON */
    struct batch batch;

    /* Called after the batch is on disk and before the answer is sent, on the storage's thread; may be NULL.
     * For publishing in memory what was just made durable; it must be quick. */
    void (*committed)(struct request *request);
    void *committed_context;

    /* The next stage; NULL: this one is the last. Set before each return anew. */
    bool (*next)(struct request *request);

    /* Asked once all is on disk; may be NULL. True: the answer waits until `wake` is called, once, on any
     * thread, for work behind it that is mostly done in a moment. If `ended` is called before, it is not. */
    bool (*linger)(struct request *request, void (*wake)(void *context), void *context);

    /* Asked when a guard of the batch did not hold; NULL: the handler is called again. True: the same. False:
     * the failure is set, and is the answer. batch.refuted tells the guard, unless it is NULL. */
    bool (*overtaken)(struct request *request);

    /* Called once when this execution of the handler is over: answered, about to be repeated, or given up;
     * may be NULL. For taking back what others are shown of a request under way. */
    void (*ended)(struct request *request);

    void *execution; /* what `overtaken` and `ended` work on */

    struct metrics_part *meter; /* what this execution used (meter.h) */

    /* The PartiQL statements that were read in this execution (dynamodb/statement_input.h): whoever tells
     * what the request needs and whoever carries it out read the same ones. */
    struct read_statement *statements;

    /* The moment that item_write_begin() reads; NULL: the present. The handler's, which destroys it. */
    struct snapshot *snapshot;

    struct table *table; /* a reference that the life of the request gives back, or NULL */
};

#endif
