/*
 * Holders: whom an access key id belongs to, what it signs with, and what it may do. Users' access keys are
 * looked up in the directory, sessions are opened from their tokens; what was made of either is kept for the
 * next request, for it takes longer than all else of an authentication.
 *
 *     const struct holder *holder;
 *     switch (holders_find(holders, access_key_id, token, now, &holder)) ...
 *     holder_release(holder);
 *
 * A holder is immutable and lives until whoever found it last has released it. It is found no more after a
 * change of the directory, which may have been one of its user, role or policies, nor after its session's
 * end; it is made anew then, or not. There are at most HOLDERS_LIMIT, of some 20 KB, besides those in use.
 * Threads: any.
 */
#ifndef TURNTABLE_AUTH_HOLDER_H
#define TURNTABLE_AUTH_HOLDER_H

#include "auth/principal.h"
#include "auth/session.h"
#include "base/failure.h"

struct directory;
struct holders;

enum { HOLDERS_LIMIT = 1024 };

struct holder {
    struct slice secret;
    struct principal principal; /* without its access_key_id, and holding nothing */
};

/* The account id and the keys are copied; the directory is the caller's, and must outlive the holders. */
struct holders *holders_create(struct directory *directory, struct slice account_id,
                               const struct session_keys *keys);
/* Accepts NULL; nothing may be held any more. */
void holders_destroy(struct holders *holders);

enum holder_found {
    HOLDER_FOUND,
    HOLDER_UNKNOWN, /* no such key, or an inactive one; no token of ours, or not of this key; its user or role
                       is gone */
    HOLDER_EXPIRED,
    HOLDER_UNREADABLE, /* the storage failed */
};

/* `token` is empty for a user's access key; `now` in seconds since 1970. Only with HOLDER_FOUND there is
 * something to be released. */
must_use enum holder_found holders_find(struct holders *holders, struct slice access_key_id,
                                        struct slice token, int64_t now, const struct holder **out);
void holder_release(const struct holder *holder); /* accepts NULL */

#endif
