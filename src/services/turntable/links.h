/*
 * One-time links: who may sign in to the console without a key, once, because somebody who has one said so.
 *
 *     struct slice token = links_issue(links, &owner, clock_now(), arena);     .../console/#/link/TOKEN
 *     ...
 *     if (links_redeem(links, token, clock_now(), arena, &owner)) ...     for one caller, in LINK_LIFETIME
 *
 * Tokens are 256 random bits, kept in memory: they end with the server. There are at most LINKS_LIMIT; one
 * more takes the place of the oldest. Times are in milliseconds since 1970. Threads: any.
 */
#ifndef TURNTABLE_SERVICES_TURNTABLE_LINKS_H
#define TURNTABLE_SERVICES_TURNTABLE_LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/failure.h"

enum { LINKS_LIMIT = 8, LINK_TOKEN_LENGTH = 43, LINK_LIFETIME = 10 * 60 * 1000 };

struct links;

/* As whom a link signs in: a user's name and id ("AIDA..."); both empty: root. */
struct link_owner {
    struct slice name; /* up to 64 characters */
    struct slice id;   /* up to 64 characters */
};

struct links *links_create(void);
void links_destroy(struct links *links); /* accepts NULL */

/* LINK_TOKEN_LENGTH characters of base64url, in the arena. The owner is copied. */
struct slice links_issue(struct links *links, const struct link_owner *owner, int64_t now,
                         struct arena *arena);

/* Whether the token is good; it is so no more afterwards. How long this takes tells nothing of the tokens.
 * The owner's texts are in the arena. */
must_use bool links_redeem(struct links *links, struct slice token, int64_t now, struct arena *arena,
                           struct link_owner *owner);

#endif
