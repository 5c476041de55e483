/*
 * Idempotency: ClientRequestToken makes a repeated request succeed without doing its work again, for ten
 * minutes.
 *
 * A token's record is put in the same commit as the changes it stands for, guarded by its absence, so of two
 * requests with one token one happens. Records stand under windows of time of ten minutes: one is looked for
 * in the present window and in the one before, and older windows can be erased as a whole.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_IDEMPOTENCY_H
#define TURNTABLE_SERVICES_DYNAMODB_IDEMPOTENCY_H

#include "base/json.h"
#include "services/request.h"

/* A hash of a JSON value, the same whatever the order of its objects' members; absent members and null are
 * one. */
uint64_t idempotency_fingerprint(const struct json *parameters);

/* What stands for the token while its request is under way: no record has this key. */
struct slice idempotency_key(struct request *request, struct slice token);

/*
 * Looks the token up. *repeated: a request with it and the same parameters was done. Otherwise its record,
 * with the guards, is put into the request's batch. Fails with IdempotentParameterMismatchException.
 */
must_use bool idempotency_begin(struct request *request, struct slice token, uint64_t fingerprint,
                                bool *repeated);

#endif
