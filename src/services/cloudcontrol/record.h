/*
 * The requests for changes of resources, as the storage keeps them: what was asked, and how far it is.
 *
 * Keys are u32 0, 'q', a letter, and behind it:
 *
 *     r  token                   the request; tokens are in the order in which requests began
 *     w  token                   the mark that it is to be worked on
 *     l  type 0 identifier       the token of the request that is at work on the resource
 *     c  client token            the token of the request that came with it, and when
 *
 * Records are JSON (base/layout.h). A request writes the record once, and may wish that it is cancelled; from
 * then on the worker (control.h) writes it, each under a guard.
 */
#ifndef TURNTABLE_SERVICES_CLOUDCONTROL_RECORD_H
#define TURNTABLE_SERVICES_CLOUDCONTROL_RECORD_H

#include <stdint.h>

#include "base/layout.h"
#include "catalog/keys.h"
#include "services/request.h"

/* AWS: requests are told for 7 days, client tokens known for 36 hours. */
#define CONTROL_KEPT         (INT64_C(7) * 24 * 60 * 60 * 1000)
#define CONTROL_CLIENT_TOKEN (INT64_C(36) * 60 * 60 * 1000)

struct control_record {
    struct slice token;
    struct slice type;       /* "AWS::DynamoDB::Table" */
    struct slice identifier; /* empty: it is not known yet */
    struct slice operation;  /* "CREATE", "UPDATE", "DELETE" */
    struct slice status;     /* "IN_PROGRESS", "SUCCESS", "FAILED", "CANCEL_IN_PROGRESS", "CANCEL_COMPLETE" */
    struct slice code;       /* of one that failed: "AlreadyExists" */
    struct slice message;
    int64_t begun; /* milliseconds since 1970 */
    struct slice client_token;
    struct slice caller;       /* for whom it is done, as services/inner.h keeps callers */
    const struct json *wanted; /* the properties that it is to have; NULL: it is to be deleted */
    const struct json *before; /* those that it had; NULL: there is none yet */
    bool locked;               /* the resource is, until this is settled */

    bool announced; /* it was looked for, and is about to be made, or to go */
    bool foreign;   /* there was one before one was made, which is not to be taken for it */
};

struct client_token_record {
    struct slice token;
    int64_t time;
    struct slice fingerprint; /* of all that was asked */
};

/* A new token, in the order of times. */
struct slice control_new_token(struct arena *arena, int64_t now);

/* STORAGE_NOT_FOUND: there is no such request, or not any more. `version` may be NULL. */
must_use enum storage_status control_read(struct storage *storage, struct arena *arena, struct slice token,
                                          struct control_record *out, struct version *version);
/* A record as a cursor finds it, read into the arena. */
must_use bool control_decode(struct arena *arena, struct slice record, struct control_record *out);
/* The newest before `before` (empty: of all), as control_read(). */
must_use enum storage_status control_read_before(struct storage *storage, struct arena *arena,
                                                 struct slice before, struct control_record *out);
must_use enum storage_status client_token_read(struct storage *storage, struct arena *arena,
                                               struct slice client_token, struct client_token_record *out,
                                               struct version *version);
/* Whether a request is at work on the resource. The version guards that there is none. */
must_use enum storage_status control_find_lock(struct storage *storage, struct arena *arena,
                                               struct slice type, struct slice identifier,
                                               struct version *version);

struct slice control_key(struct arena *arena, struct slice token);
struct slice client_token_key(struct arena *arena, struct slice client_token);
struct slice control_lock_key(struct arena *arena, struct slice type, struct slice identifier);
/* The marks behind one (empty: all), and the token in one. */
struct key_range control_marks(struct arena *arena, struct slice after);
struct slice control_mark_token(struct slice key);
/* The records of requests that began before `time`. */
struct key_range control_keys_before(struct arena *arena, int64_t time);

void control_put(struct batch *batch, const struct control_record *record);
void client_token_put(struct batch *batch, struct slice client_token,
                      const struct client_token_record *record);

/* With the mark, and the lock if it is `locked`. */
void control_begin(struct batch *batch, const struct control_record *record);
/* The record, which is settled now, without both. */
void control_end(struct batch *batch, const struct control_record *record);
/* With its client token, if no later request came with the same. */
must_use enum storage_status control_delete(struct storage *storage, struct batch *batch,
                                            const struct control_record *record);

bool control_is_settled(const struct control_record *record);

#endif
