/*
 * A policy: a document of statements, compiled once from its JSON text and then only read.
 *
 *     struct policy_problem problem;
 *     struct policy *policy = policy_create(POLICY_INLINE, text, arena, &problem);
 *     if (policy == NULL)
 *         ... problem.sentence says why
 *     policy_destroy(policy);
 *
 * Ownership: a policy owns all that it needs, its text included. It never changes, so any number of threads
 * may evaluate it at once; whoever destroys it knows that none does any more. Bounds: the length of the text
 * is the caller's to limit. Nesting, statements, values and the variables in one value are limited here. AWS:
 * "IAM JSON policy element reference", "Grammar of the IAM JSON policy language".
 */
#ifndef TURNTABLE_IAM_POLICY_H
#define TURNTABLE_IAM_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"

/* What a document may hold depends on what it is for. */
enum policy_kind {
    POLICY_MANAGED,  /* a managed policy, as which a permissions boundary counts: Version 2012-10-17 alone */
    POLICY_INLINE,   /* of a user, group or role */
    POLICY_SESSION,  /* passed when a session begins */
    POLICY_TRUST,    /* AssumeRolePolicyDocument: who may assume a role; principals, no resources */
    POLICY_RESOURCE, /* of a table or a stream: principals, and actions of DynamoDB alone */
    POLICY_BUCKET,   /* of a bucket of S3, which knows its actions and resources itself */
};

/* Why a text is no policy of its kind. The texts are in the arena. */
struct policy_problem {
    struct slice sentence; /* what AWS tells: with MalformedPolicyDocument, for POLICY_RESOURCE behind
                              "Invalid policy document: ", for POLICY_BUCKET with MalformedPolicy */
    struct slice place;    /* "statement 2, Action, byte 120"; empty if it is the whole document */
    size_t offset;         /* where in the text what is wrong begins, in bytes... */
    size_t length;         /* ...and how long it is; 0: that is not known */
};

struct policy;

/* NULL if the text is no policy of this kind: then *problem, whose texts are in the arena, says why. */
must_use struct policy *policy_create(enum policy_kind kind, struct slice text, struct arena *arena,
                                      struct policy_problem *problem);
void policy_destroy(struct policy *policy);

/* Lets the policy name nobody where it names this ARN. For who has made it, before others read it. */
void policy_forget(struct policy *policy, struct slice arn);

enum policy_kind policy_kind(const struct policy *policy);

/* The text that it was made from; lives as long as the policy. */
struct slice policy_text(const struct policy *policy);

size_t policy_statement_count(const struct policy *policy);

/* The Sid of a statement (counted from 0), or an empty slice. */
struct slice policy_statement_sid(const struct policy *policy, size_t statement);

#endif
