/*
 * SHA-256 and HMAC-SHA-256, for signatures.
 *
 * OpenSSL's, by its one context that is used again and again: making contexts and looking algorithms up costs
 * more than hashing a request. A digest belongs to one thread at a time.
 */
#ifndef TURNTABLE_AUTH_DIGEST_H
#define TURNTABLE_AUTH_DIGEST_H

#include "base/slice.h"

enum { SHA256_LENGTH = 32, SHA256_HEX_LENGTH = 64 };

struct digest;

struct digest *digest_create(void);
void digest_destroy(struct digest *digest); /* accepts NULL */

void digest_sha256(struct digest *digest, struct slice bytes, unsigned char out[SHA256_LENGTH]);
/* `out` may be what `key` points at. */
void digest_hmac(struct digest *digest, struct slice key, struct slice message,
                 unsigned char out[SHA256_LENGTH]);

/* Lower-case hexadecimal, not terminated. */
void digest_hex(const unsigned char bytes[SHA256_LENGTH], char out[SHA256_HEX_LENGTH]);

#endif
