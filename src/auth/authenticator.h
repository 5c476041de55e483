/*
 * The authenticator: who sent this request, and is it as they signed it.
 *
 * It knows the root credentials; users and sessions it finds by their access key ids (auth/holder.h). It
 * keeps the signing keys that it has derived, for they are good for a day. Threads: any.
 */
#ifndef TURNTABLE_AUTH_AUTHENTICATOR_H
#define TURNTABLE_AUTH_AUTHENTICATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "auth/credentials.h"
#include "auth/principal.h"
#include "auth/session.h"
#include "auth/sigv4.h"
#include "base/arena.h"
#include "base/failure.h"
#include "http/server.h"

struct authenticator;
struct directory;

struct authenticator_settings {
    const struct credentials *root;
    struct slice account_id;
    struct directory *directory; /* NULL: there is nobody but root */
    const struct session_keys *session_keys;
};

/* All but the directory is copied; the directory outlives the authenticator. */
struct authenticator *authenticator_create(const struct authenticator_settings *settings);
/* Accepts NULL; no principal holds anything any more. */
void authenticator_destroy(struct authenticator *authenticator);

/* Verifies the request's signature for a service ("dynamodb") at the time `now`, in seconds since 1970. What
 * the principal points at lives in the arena, in the authenticator, and in what principal_release() gives
 * back. */
must_use bool authenticator_check(struct authenticator *authenticator, const struct http_request *request,
                                  const char *service, int64_t now, struct arena *arena,
                                  struct failure *failure, struct principal *principal);

/*
 * The same of a claim that its service has read and checked by rules of its own, and of a payload that it
 * knows the hash of, or what stands for it. The proof tells what the signature was held against, also if it
 * does not fit: its texts live in the arena, and its key is to be wiped.
 */
must_use bool authenticator_check_claim(struct authenticator *authenticator,
                                        const struct http_request *request, const struct sigv4_claim *claim,
                                        struct slice payload_hash, int64_t now, struct arena *arena,
                                        struct failure *failure, struct principal *principal,
                                        struct sigv4_proof *proof);

/* What a request is, to a server that asks for no signatures. */
struct principal principal_anonymous(struct slice account_id, struct arena *arena);

/* Who has not signed, to a server that asks for signatures. */
struct principal principal_unsigned(void);

#endif
