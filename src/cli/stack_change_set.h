/*
 * A change set of a stack: made, waited for, asked, executed or taken away again.
 *
 *     struct stack_change_set set;
 *     if (stack_change_set_make(&stack, members, &set) && !set.empty)
 *         done = stack_change_set_execute(&set) && stack_follow(&stack, print, context);
 *
 * What went wrong is in the stack's `problem`. Everything lives in the stack's arena.
 */
#ifndef TURNTABLE_CLI_STACK_CHANGE_SET_H
#define TURNTABLE_CLI_STACK_CHANGE_SET_H

#include "cli/stack_client.h"

struct stack_change_set {
    struct stack_client *stack;
    struct slice arn;
    bool of_new_stack;           /* which has nothing but this, until it is executed */
    bool empty;                  /* there is nothing to change */
    struct client_answer answer; /* its first page, as DescribeChangeSet gives it */
};

/*
 * Makes a change set and waits until it is there. `stack` was looked at, and is new (no `arn`, which it has
 * then) or takes updates; `members` are as for stack_begin(). False: there is a problem, and nothing of it
 * stays behind.
 */
must_use bool stack_change_set_make(struct stack_client *stack, struct slice members,
                                    struct stack_change_set *out);

/* The page of the change set, or of one nested in it, that `token` names; waits until that one is there.
 * *empty: it has no changes. */
must_use bool stack_change_set_read(struct stack_client *stack, struct slice arn, struct slice token,
                                    struct client_answer *answer, bool *empty);

/* Takes it away, and with it a new stack that has nothing else. */
must_use bool stack_change_set_remove(const struct stack_change_set *set);

/* Begins what it says, for stack_follow(). */
must_use bool stack_change_set_execute(const struct stack_change_set *set);

#endif
