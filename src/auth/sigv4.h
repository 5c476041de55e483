/*
 * Signature Version 4: who signed a request, and is it what they signed.
 *
 * In stages, each a function of its own, each tested against vectors:
 *
 *     request --read_claim--> claim          what the request says of its signature: Authorization, or a
 * presigned query claim --check_*-->                     is that complete, current, and for this service
 *     request, claim --canonical_request-->  the one text that stands for the request
 *     --string_to_sign-->                    its hash, with time and scope
 *     secret, scope --signing_key-->         a key of one day, region and service
 *     --signature-->                         64 hexadecimal digits, to be compared with the claim's
 *
 * Signing is the same way: sigv4_authorization() for clients.
 *
 * The checks and their texts are AWS's, in AWS's order:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 *
 * Texts live in the arena or in the request. Sizes are bounded by the request's head.
 */
#ifndef TURNTABLE_AUTH_SIGV4_H
#define TURNTABLE_AUTH_SIGV4_H

#include <stdbool.h>
#include <stdint.h>

#include "auth/digest.h"
#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"
#include "http/server.h"

struct sigv4_claim {
    bool presigned;              /* it came in the query */
    struct slice algorithm;      /* "AWS4-HMAC-SHA256" */
    struct slice credential;     /* "AKIDEXAMPLE/20150830/us-east-1/dynamodb/aws4_request" */
    struct slice signed_headers; /* "host;x-amz-date" */
    struct slice signature;
    struct slice time; /* "20150830T123600Z", whatever form it came in */
    int64_t seconds;   /* the same, since 1970 */
    int64_t lifetime;  /* of a presigned request, in seconds; -1: the usual 15 minutes */
    struct slice security_token;

    /* The credential's five parts; filled by sigv4_check_form(). */
    struct slice access_key_id;
    struct slice scope; /* the other four, with their slashes */
    struct slice date;
    struct slice region;
    struct slice service;
    struct slice terminator;
};

/* What a signature is held against. */
struct sigv4_proof {
    struct slice canonical_request;
    struct slice string_to_sign;
    unsigned char signing_key[SHA256_LENGTH];
};

/* The service that the scope of a request's credential names, whether the claim is good or not; empty if it
 * has none. */
struct slice sigv4_scope_service(const struct http_request *request, struct arena *arena);

/* Fails if the request carries no claim, two, an incomplete one, or one whose time is none. */
must_use bool sigv4_read_claim(const struct http_request *request, struct arena *arena,
                               struct failure *failure, struct sigv4_claim *claim);

/* Fails if the claim is more than 15 minutes (or its lifetime) old, or from the future. `now` in seconds
 * since 1970. */
must_use bool sigv4_check_time(const struct sigv4_claim *claim, int64_t now, struct arena *arena,
                               struct failure *failure);

/* Fails if Host is not signed, the algorithm is another, or the credential has not five parts; fills the
 * parts. */
must_use bool sigv4_check_form(struct sigv4_claim *claim, struct failure *failure);

/* The first header of the request that has to be signed and is not: "any x-amz-* headers in the request"
 * (AWS: "Create a signed AWS API request"), in the query form too. Else who gets hold of a signed request
 * could have it do something else, X-Amz-Target say. Empty: there is none. */
struct slice sigv4_unsigned_header(const struct http_request *request, const struct sigv4_claim *claim);
/* Fails if there is one. */
must_use bool sigv4_check_headers(const struct http_request *request, const struct sigv4_claim *claim,
                                  struct failure *failure);

/* Fails if the scope is of another service or day. Any region will do: a server is all regions' at once. */
must_use bool sigv4_check_scope(const struct sigv4_claim *claim, const char *service, struct arena *arena,
                                struct failure *failure);

/* What stands for the payload: the hash of the body as sent, or UNSIGNED-PAYLOAD where that is allowed, which
 * is over TLS only. */
struct slice sigv4_payload_hash(const struct http_request *request, struct arena *arena,
                                struct digest *digest);

struct slice sigv4_canonical_request(const struct http_request *request, const struct sigv4_claim *claim,
                                     struct slice payload_hash, struct arena *arena);

struct slice sigv4_string_to_sign(const struct sigv4_claim *claim, struct slice canonical_request,
                                  struct arena *arena, struct digest *digest);

void sigv4_signing_key(struct digest *digest, struct slice secret, struct slice date, struct slice region,
                       struct slice service, unsigned char out[SHA256_LENGTH]);

void sigv4_signature(struct digest *digest, const unsigned char signing_key[SHA256_LENGTH],
                     struct slice string_to_sign, char out[SHA256_HEX_LENGTH]);

/* In a time that does not tell how much of the two is equal. */
bool sigv4_signatures_equal(struct slice claimed, const char computed[SHA256_HEX_LENGTH]);

/*
 * The value of the Authorization header of a request that is about to be sent. All headers that the request
 * has are signed, and Host and X-Amz-Date must be among them.
 */
struct slice sigv4_authorization(const struct http_request *request, struct slice access_key_id,
                                 struct slice secret, struct slice region, struct slice service,
                                 struct arena *arena);

/* "20150830T123600Z", as X-Amz-Date has it. */
struct slice sigv4_time(int64_t seconds, struct arena *arena);

#endif
