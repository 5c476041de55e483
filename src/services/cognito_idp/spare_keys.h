/*
 * Key pairs of user pools, made ahead: making one takes a good part of a second, which whoever creates a pool
 * need not wait for.
 *
 * A thread of its own makes a few, some time after the server's start and after some were taken, so that
 * neither has to share the processor with it. One for a server; any thread may take one.
 */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_SPARE_KEYS_H
#define TURNTABLE_SERVICES_COGNITO_IDP_SPARE_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "signin/jwt.h"

enum { SPARE_KEYS = 4 }; /* each pool has two */

struct spare_keys;

/* `period`: milliseconds between two looks whether any are wanted; the first is one after this. */
struct spare_keys *spare_keys_open(int64_t period);
void spare_keys_close(struct spare_keys *spares); /* accepts NULL; returns when the thread has ended */

/* A key pair that nobody else has, the caller's: one that is there, or else a new one, made now. Accepts
 * NULL. */
must_use struct jwt_key *spare_keys_take(struct spare_keys *spares);

/* How many there are. */
size_t spare_keys_count(struct spare_keys *spares);

#endif
