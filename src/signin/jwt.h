/*
 * JSON Web Tokens, signed with RS256 (RFC 7519, 7515, 7518), and the documents by which others find the keys.
 *
 *     struct jwt_key *key = jwt_key_create();                     (or jwt_key_decode() of what was kept)
 *     struct slice token = jwt_sign(key, arena, claims);          (claims: the text of a JSON object)
 *     ...
 *     struct jwt_expectation expectation = {.keys = &key, .key_count = 1, .issuer = issuer, .now = seconds};
 *     enum jwt_problem problem = jwt_verify(arena, token, &expectation, &claims);
 *
 * A token is hostile until jwt_verify() says JWT_OK: nothing of it is to be used before. The one algorithm is
 * RS256, whatever a token's header says; the key is one of the caller's set, named by `kid`.
 *
 * Ownership: keys are the caller's; texts and claims live in the arena or in the token. Threads: a key is
 * never changed, any number may use it at once.
 */
#ifndef TURNTABLE_SIGNIN_JWT_H
#define TURNTABLE_SIGNIN_JWT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/slice.h"

enum {
    JWT_KEY_BITS = 2048,
    JWT_LIMIT = 64 * 1024, /* bytes of a token */
    JWT_HEADER_LIMIT = 2048,
};

struct jwt_key;

/* A new key pair, which takes a good part of a second. */
must_use struct jwt_key *jwt_key_create(void);
void jwt_key_destroy(struct jwt_key *key); /* accepts NULL */

/* The key pair as bytes (DER, RFC 8017's RSAPrivateKey), and back: NULL if they are no key pair of
 * JWT_KEY_BITS. */
struct slice jwt_key_encode(const struct jwt_key *key, struct arena *arena);
must_use struct jwt_key *jwt_key_decode(struct slice der);

/* What `kid` names it by: base64 of the hash of the public key (RFC 7638), 44 characters as AWS's. */
struct slice jwt_key_id(const struct jwt_key *key);

/* `claims`: the text of a JSON object. */
struct slice jwt_sign(const struct jwt_key *key, struct arena *arena, struct slice claims);

enum jwt_problem {
    JWT_OK,
    JWT_TOO_LONG,        /* the token, or its header */
    JWT_MALFORMED,       /* not three parts of base64url */
    JWT_NOT_JSON,        /* the header or the claims are no JSON object */
    JWT_REPEATED_MEMBER, /* an object in them has a name twice, of which others may read the other one */
    JWT_WRONG_TYPE,      /* a member that is checked here has a value of another type */
    JWT_OTHER_ALGORITHM, /* "none", HS256, ... */
    JWT_CRITICAL,        /* an extension that must be understood (RFC 7515, 4.1.11), and is not */
    JWT_NO_KEY_ID,       /* */
    JWT_UNKNOWN_KEY,     /* */
    JWT_WRONG_SIGNATURE, /* */
    JWT_OTHER_ISSUER,    /* */
    JWT_OTHER_AUDIENCE,  /* */
    JWT_NO_EXPIRY,       /* */
    JWT_EXPIRED,         /* */
    JWT_NOT_YET,         /* `nbf` is to come */
    JWT_FROM_THE_FUTURE, /* so is `iat` */
};

struct jwt_expectation {
    const struct jwt_key *const *keys;
    size_t key_count;
    struct slice issuer;
    const struct slice *audiences; /* one of these must be in `aud`... */
    size_t audience_count;         /* ...unless there are none: then `aud` is not looked at */
    int64_t now;                   /* seconds since 1970 */
    int64_t leeway;                /* seconds by which clocks may differ */
};

/* On JWT_OK, *claims is the token's; otherwise NULL. */
must_use enum jwt_problem jwt_verify(struct arena *arena, struct slice token,
                                     const struct jwt_expectation *expectation, const struct json **claims);

/*
 * A claim that is a string, of a token that nobody has verified: whoever made it up wrote what they liked. It
 * is for finding the keys by `iss`, and for nothing else. Empty if there is none.
 */
struct slice jwt_unverified_claim(struct arena *arena, struct slice token, const char *name);

/* A problem as a sentence without its full stop: "the token has expired". */
const char *jwt_problem_text(enum jwt_problem problem);

/* {"keys":[...]} (RFC 7517): the public halves. */
void jwt_write_keys(struct buffer *out, const struct jwt_key *const *keys, size_t count);

/* The document at ISSUER/.well-known/openid-configuration, as far as a server without a sign-in page has one:
 * the issuer, where its keys are, and how its tokens are signed. */
void jwt_write_configuration(struct buffer *out, struct slice issuer, struct slice keys_uri);

#endif
