/*
 * Why a request was denied, for the one who wrote the policies: which statements came near, what failed in
 * each, and the mend.
 *
 *     Statement 1 (Read) of the role's inline policy App allows the action, but not on this resource:
 *       TrackTable is granted but not TrackTable/index/byUserId: add ... to Resource.
 *
 * A pure function of the authority and the request, on any thread. AWS tells nobody this: the text shows
 * values of the request and parts of policies, so it is for a log or a tool of the server's owner, not for
 * the answer.
 */
#ifndef TURNTABLE_IAM_EXPLAIN_H
#define TURNTABLE_IAM_EXPLAIN_H

#include "base/buffer.h"
#include "iam/evaluate.h"

/* More than this is not told; a text that was cut ends with "...\n". */
enum { EXPLANATION_LIMIT = 4096 };

/* Appends lines of text, each ending with "\n". The verdict is a denial that iam_evaluate() gave for the two.
 */
void iam_explain(struct buffer *out, const struct authority *authority, const struct iam_request *request,
                 const struct iam_verdict *verdict);

#endif
