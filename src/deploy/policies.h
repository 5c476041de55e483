/*
 * The IAM policies that stacks declare: those of roles, users and groups, policies of their own, and the
 * policies of tables; each as the document that IAM would be given.
 *
 * Functions are evaluated as far as they can be before anything is made. What only a made resource tells, the
 * ARN of a bucket, has something neutral in its place: the document is for reading, not for storing. Nothing
 * is checked here: whether a text is a policy, policy_create() says.
 *
 * Everything lives in the arena.
 */
#ifndef TURNTABLE_DEPLOY_POLICIES_H
#define TURNTABLE_DEPLOY_POLICIES_H

#include "deploy/assembly.h"
#include "iam/lint.h"

struct stack_policy {
    const struct stack *stack;
    const struct resource *resource;
    struct slice name; /* which one of the resource it is; empty if it has one alone */
    enum policy_kind kind;
    enum lint_holder holder;
    struct slice text;    /* JSON; empty: it cannot be told before something is made, */
    struct slice unknown; /* which this names */
};

/* All policies of all stacks, in the order of their making. Returns how many. */
size_t policies_read(struct arena *arena, const struct assembly *assembly, struct stack_policy **out);

#endif
