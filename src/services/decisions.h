/*
 * Decisions: what policies were asked and what they said, for `turntable iam decisions` and the console.
 *
 * The last DECISIONS_LIMIT that allowed and as many that denied are kept in memory, so that those of a busy
 * application do not push out the few that were denied. Long texts are cut. Nothing is asked for root, so
 * nothing of it is here. They show parts of policies and of requests, as denials do (services/denials.h).
 * Threads: any; who notes one waits for a reader no longer than some hundred decisions are looked at.
 */
#ifndef TURNTABLE_SERVICES_DECISIONS_H
#define TURNTABLE_SERVICES_DECISIONS_H

#include "base/arena.h"
#include "iam/evaluate.h"

struct decisions;

enum { DECISIONS_LIMIT = 10 * 1000 };

struct decisions *decisions_create(void);
void decisions_destroy(struct decisions *decisions); /* accepts NULL */

/* What iam_evaluate(), or iam_evaluate_trust(), said about a need of the request with that id. */
void decisions_note(struct decisions *decisions, struct slice request_id, const struct authority *authority,
                    const struct iam_request *asked, const struct iam_verdict *verdict);

struct decision {
    uint64_t number; /* goes up; never used twice while the server runs */
    int64_t time;    /* milliseconds since 1970 */
    bool allowed;
    enum iam_layer layer;
    size_t statement; /* that decided, counted from 1; 0: none did */
    struct slice request_id;
    struct slice principal; /* an ARN, or a provider, a service, "anonymous" */
    struct slice action;
    struct slice resource;
    struct slice policy; /* in which it stands, as it came to the principal; empty: the resource's, or none */
    struct slice statement_id; /* its Sid; empty: it has none */
};

/*
 * Those numbered below `before` for which `wanted` is true, the latest first, at most `limit`. Their texts
 * live in the arena. Returns how many. `wanted` must be quick.
 */
size_t decisions_list(struct decisions *decisions, uint64_t before, size_t limit,
                      bool (*wanted)(void *context, const struct decision *decision), void *context,
                      struct arena *arena, struct decision *out);

#endif
