/*
 * Denials: why the last requests were denied, for `turntable iam explain REQUEST-ID`.
 *
 * The last DENIALS_LIMIT explanations (iam/explain.h) are kept in memory, each under the id that its
 * request's answer has in x-amzn-RequestId, with the access key that it was signed with. They show parts of
 * policies and of requests, so they are for those who write policies, and each for the denied themselves.
 * Threads: any.
 */
#ifndef TURNTABLE_SERVICES_DENIALS_H
#define TURNTABLE_SERVICES_DENIALS_H

#include "base/arena.h"
#include "base/failure.h"
#include "iam/evaluate.h"

struct denials;

enum { DENIALS_LIMIT = 1000 };

struct denials *denials_create(void);
void denials_destroy(struct denials *denials); /* accepts NULL */

/* A request may be denied more than once: each of its denials is told. */
void denials_note(struct denials *denials, struct slice request_id, struct slice access_key_id,
                  const struct authority *authority, const struct iam_request *request,
                  const struct iam_verdict *verdict);

/* The explanations of a request, copied into the arena. False if there are none, or not any more. */
must_use bool denials_find(struct denials *denials, struct slice request_id, struct arena *arena,
                           struct slice *out);

/* Whether all denials of a request, of which there is one, were of who signed with that access key. */
bool denials_are_of(struct denials *denials, struct slice request_id, struct slice access_key_id);

#endif
