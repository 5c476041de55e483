/*
 * SRP-6a, as Cognito speaks it in USER_SRP_AUTH: a user proves that they know a password, and neither the
 * password nor anything from which it could be guessed is sent; the server keeps a verifier, not the
 * password.
 *
 *     client                                     server
 *     A = g^a                    --- A --->      finds salt s and verifier v of the user
 *                            <--- s, B ----      B = k v + g^b
 *     S = (B - k g^x)^(a + u x)                  S = (A v^u)^b
 *     key = HKDF(S, u)                           key = HKDF(S, u)
 *     HMAC(key, pool | user | block | time) ->   the same, compared
 *
 * modulo N, the 3072-bit prime of RFC 3526, with g = 2, H = SHA-256, and
 *
 *     k = H(N | g)    x = H(s | H(pool | user | ":" | password))    u = H(A | B)
 *
 * Numbers are hashed as Java's BigInteger.toByteArray() has them: without leading zeros, but with one zero
 * byte in front when the first bit is set. `pool` is the pool's id without its region. This is what
 * amazon-cognito-identity-js does (AuthenticationHelper.js); RFC 5054 pads numbers to the length of N
 * instead, and has another x.
 *
 * A verifier serves plain passwords too: srp_password_matches() makes it again and compares.
 *
 * Powers with secret exponents and comparisons with secrets take a time that does not depend on them.
 * Threads: any.
 */
#ifndef TURNTABLE_SIGNIN_SRP_H
#define TURNTABLE_SIGNIN_SRP_H

#include <stdbool.h>

#include "auth/digest.h"
#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"

enum {
    SRP_NUMBER_LENGTH = 384, /* bytes of a number modulo N */
    SRP_SALT_LENGTH = 16,
    SRP_SECRET_LENGTH = 32,
    SRP_KEY_LENGTH = 16,
};

/* Whose password it is: both are hashed with it. */
struct srp_user {
    struct slice pool; /* "AbCdEfGhI" of the pool "us-east-1_AbCdEfGhI" */
    struct slice name;
};

/* What is kept of a password. Numbers are big-endian, padded with zeros in front. */
struct srp_verifier {
    unsigned char salt[SRP_SALT_LENGTH];
    unsigned char verifier[SRP_NUMBER_LENGTH];
};

/* With a new salt. */
void srp_verifier_create(struct srp_user user, struct slice password, struct srp_verifier *out);
/* With the one that is in `out`. */
void srp_verifier_derive(struct srp_user user, struct slice password, struct srp_verifier *out);
must_use bool srp_password_matches(const struct srp_verifier *verifier, struct srp_user user,
                                   struct slice password);

/* A number as clients send and read it: hexadecimal, of A up to the length of N. False if the text is
 * something else, or the number is 0 or not below N: with these, S does not depend on the password. */
must_use bool srp_number_read(struct slice hex, unsigned char out[SRP_NUMBER_LENGTH]);
/* Small letters, without leading zeros. */
struct slice srp_number_text(struct arena *arena, struct slice number);

/* The server's half of an exchange: b is new and secret, B is for the client. */
struct srp_exchange {
    unsigned char secret[SRP_SECRET_LENGTH]; /* b */
    unsigned char public[SRP_NUMBER_LENGTH]; /* B */
};

void srp_exchange_create(const struct srp_verifier *verifier, struct srp_exchange *out);

/* B again, of a secret that was kept. */
void srp_exchange_derive(const struct srp_verifier *verifier, struct srp_exchange *out);

/* The key that both sides have if the client knows the password. `client` is A, from srp_number_read(). */
void srp_exchange_key(const struct srp_verifier *verifier, const struct srp_exchange *exchange,
                      const unsigned char client[SRP_NUMBER_LENGTH], unsigned char key[SRP_KEY_LENGTH]);

/* What the client proves its key with: its signature of who it is, of the server's block and of the time. */
void srp_signature(const unsigned char key[SRP_KEY_LENGTH], struct srp_user user, struct slice block,
                   struct slice timestamp, unsigned char out[SHA256_LENGTH]);

/* Whether the text is a time as clients sign it: "Thu Nov 26 14:56:44 UTC 2026". */
bool srp_timestamp_valid(struct slice text);

#endif
