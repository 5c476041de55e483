/*
 * A request held against policies for the sake of knowing: the verdict, all statements that determine it, and
 * which keys of the request's context they ask for in vain.
 *
 * A pure function of the authority and the request; what it finds lives in the caller's arena. AWS: API
 * reference, EvaluationResult.
 */
#ifndef TURNTABLE_IAM_SIMULATE_H
#define TURNTABLE_IAM_SIMULATE_H

#include "base/arena.h"
#include "base/failure.h"
#include "iam/evaluate.h"

/* Keys of contexts, each once, as the policies write them first. */
enum { KEYS_LIMIT = 2000 };

struct iam_keys {
    struct slice *names;
    size_t count;
    size_t capacity;
};

struct iam_match {
    const struct policy *policy;
    const struct attached_policy *where; /* NULL: it is the resource's */
    size_t statement;
};

struct iam_simulation {
    struct iam_verdict verdict;
    bool boundary_allows; /* what the permissions boundary says for itself; false if there is none */
    struct iam_match *matches;
    size_t match_count;
    struct iam_keys missing;
    size_t work; /* how much of WORK_LIMIT the search for these took */
};

/* False: the policies take too long to evaluate, or ask for more than KEYS_LIMIT keys. */
must_use bool iam_simulate(const struct authority *authority, const struct iam_request *request,
                           struct arena *arena, struct iam_simulation *out);

/* Adds all keys that a policy asks for, in conditions and as variables. False: they are more than KEYS_LIMIT.
 */
must_use bool iam_keys_add(struct iam_keys *keys, const struct policy *policy, struct arena *arena);

/* Where a statement stands in its policy's text; lines and columns are counted from 1, columns in characters.
 */
struct text_position {
    size_t line;
    size_t column;
};

struct text_range {
    struct text_position start;
    struct text_position end;
};

/*
 * The ranges of all statements, policy_statement_count() of them, in the arena. As AWS counts them, a
 * statement begins behind the '[' or ',' before it, or behind its own '{' if it stands in no list, and ends
 * behind its '}'; so the examples of SimulateCustomPolicy and SimulatePrincipalPolicy in the AWS CLI Command
 * Reference have them.
 */
struct text_range *policy_statement_ranges(const struct policy *policy, struct arena *arena);

#endif
