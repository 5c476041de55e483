/*
 * Patterns: texts of a policy with wildcards and variables in them,
 * "arn:aws:dynamodb:*:*:table/${aws:username}", and whether a text of the request is like one.
 *
 * A pattern is read once into parts. Matching walks text and parts side by side, without recursion, and goes
 * back to a '*' at most; what it does is counted, and ends when the evaluation's work is used up. What a
 * variable stands for is taken literally: a '*' in a value is no wildcard.
 */
#ifndef TURNTABLE_IAM_PATTERN_H
#define TURNTABLE_IAM_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"
#include "iam/context.h"

enum { VARIABLES_LIMIT = 16 }; /* in one pattern */

enum part_kind {
    PART_LITERAL,
    PART_VARIABLE,
    PART_ONE,         /* '?': one character */
    PART_ANY,         /* '*': any number of them */
    PART_ANY_BETWEEN, /* '*' that stays between two colons of an ARN */
};

struct part {
    enum part_kind kind;
    struct slice text;     /* the literal; the variable's key */
    struct slice fallback; /* of a variable: its default; ptr is NULL if it has none */
};

struct pattern {
    struct slice source; /* as the policy has it */
    const struct part *parts;
    size_t count;
    size_t variables;
    bool ignores_case; /* of ASCII letters */
    bool is_arn;       /* '?' is no colon */
};

enum pattern_trait {
    PATTERN_WILDCARDS = 1,
    PATTERN_VARIABLES = 2,
    PATTERN_IGNORES_CASE = 4,
    /* "If the * wildcard is the last character of a resource ARN segment, it can expand to match beyond the
     * colon boundaries", and elsewhere not. AWS: "IAM JSON policy elements: Resource". */
    PATTERN_ARN = 8,
};

/* The text has no more than VARIABLES_LIMIT variables, and lives as long as the pattern. */
struct pattern pattern_read(struct arena *arena, struct slice text, unsigned traits);

/* Cuts an ARN with variables in it at its first five colons; those of variables are none. Returns the number
 * of parts, 6 if it is an ARN. */
size_t arn_split(struct slice arn, bool variables, struct slice parts[static 6]);

/* What an evaluation has to do its work: the request's context, and how much work is left. */
struct matching {
    const struct iam_context *context;
    size_t work; /* 0: used up; nothing matches any more, and the evaluation ends with a denial */
};

enum { WORK_LIMIT = 4 * 1000 * 1000 }; /* steps; some ten milliseconds */

/* Takes the steps from the work that is left. False when it is used up. */
bool matching_work(struct matching *matching, size_t steps);

/* The values of a key; false, and none, if the request does not have it. */
bool matching_find(const struct matching *matching, struct slice key, struct iam_values *out);

enum match {
    MATCH_NO,
    MATCH_YES,
    MATCH_UNRESOLVED, /* a variable in it has no value, or its key may have several */
};

enum match pattern_match(const struct pattern *pattern, struct slice text, struct matching *matching);

/* What a variable stands for in this request; false if for nothing. */
bool part_resolve(const struct part *part, const struct matching *matching, struct slice *out);

#endif
