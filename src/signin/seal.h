/*
 * Sealed texts: what the server remembers of a client, carried by the client, who can neither read nor change
 * it. AES-256-GCM with a random nonce:
 *
 *     u8 format: 1,  12 nonce,  the encrypted bytes,  16 tag          as base64url without padding
 *
 * `purpose` is part of what is authenticated, so a text that was sealed for one purpose is none for another.
 * Threads: any.
 */
#ifndef TURNTABLE_SIGNIN_SEAL_H
#define TURNTABLE_SIGNIN_SEAL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"

enum { SEAL_KEY_LENGTH = 32, SEAL_LIMIT = 64 * 1024 };

/* `key` has SEAL_KEY_LENGTH bytes, `plain` up to SEAL_LIMIT. */
struct slice seal(struct arena *arena, struct slice key, const char *purpose, struct slice plain);

/* False: it was not sealed with this key for this purpose. */
must_use bool unseal(struct arena *arena, struct slice key, const char *purpose, struct slice text,
                     struct slice *plain);

#endif
