/*
 * Seals: bytes that others carry for the server and can neither read nor change, as session tokens.
 *
 *     format   u8 1, 12 bytes nonce, the bytes in AES-256-GCM, 16 bytes tag
 *
 * The nonce is random: a key is good for some four billion seals (NIST SP 800-38D, 8.3). Threads: any.
 */
#ifndef TURNTABLE_AUTH_SEAL_H
#define TURNTABLE_AUTH_SEAL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"

enum { SEAL_KEY_SIZE = 32, SEAL_EXCESS = 1 + 12 + 16 };

/* SEAL_EXCESS bytes more than there were, in the arena. */
struct slice seal_close(struct arena *arena, const unsigned char key[SEAL_KEY_SIZE], struct slice bytes);

/* False: it was not sealed with this key, or is not as it was. */
must_use bool seal_open(struct arena *arena, const unsigned char key[SEAL_KEY_SIZE], struct slice sealed,
                        struct slice *out);

#endif
