/*
 * The authenticator: who sent this request, and is it as they signed it.
 *
 * It knows the root credentials and keeps the signing keys it has derived, for they are good for a day.
 * Threads: any.
 */
#ifndef TURNTABLE_AUTH_AUTHENTICATOR_H
#define TURNTABLE_AUTH_AUTHENTICATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "auth/credentials.h"
#include "auth/principal.h"
#include "base/arena.h"
#include "base/failure.h"
#include "http/server.h"

struct authenticator;

/* `account_id` is copied. */
struct authenticator *authenticator_create(const struct credentials *root, struct slice account_id);
void authenticator_destroy(struct authenticator *authenticator); /* accepts NULL */

/* Verifies the request's signature for a service ("dynamodb") at the time `now`, in seconds since 1970. What
 * the principal holds lives in the arena and the authenticator. */
must_use bool authenticator_check(struct authenticator *authenticator, const struct http_request *request,
                                  const char *service, int64_t now, struct arena *arena,
                                  struct failure *failure, struct principal *principal);

/* What a request is, to a server that asks for no signatures. */
struct principal principal_anonymous(struct slice account_id, struct arena *arena);

#endif
