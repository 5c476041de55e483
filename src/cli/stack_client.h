/*
 * One stack of a server, through its CloudFormation: asking how it stands, beginning an operation, and
 * following it, event by event, until it has ended.
 *
 *     struct stack_client stack = {.client = client, .arena = arena, .name = SLICE("music")};
 *     if (stack_look(&stack) && stack_begin(&stack, "CreateStack", members) == STACK_BEGUN)
 *         done = stack_follow(&stack, print, context);
 *
 * What went wrong is in `problem`. Everything lives in the arena.
 */
#ifndef TURNTABLE_CLI_STACK_CLIENT_H
#define TURNTABLE_CLI_STACK_CLIENT_H

#include "deploy/client.h"

enum { STACKS_FOLLOWED_LIMIT = 200 };

/* A stack whose events are read: the one itself, and those nested in it. */
struct followed_stack {
    struct slice arn;
    struct slice last; /* the id of the newest event that was read */
};

struct stack_client {
    struct client *client;
    struct arena *arena;
    struct slice name;
    struct slice arn;    /* empty: there is no such stack */
    struct slice status; /* "CREATE_COMPLETE" */
    struct slice reason;
    const struct json *outputs; /* an array, or NULL */
    struct slice problem;

    struct slice token; /* of the operation under way */
    struct slice begun; /* the time of its first event */
    bool ended;         /* its last one was read */
    struct followed_stack *followed;
    size_t followed_count;
};

/* One event, as DescribeStackEvents tells it. */
struct stack_step {
    const struct json *event;
    struct slice stack, logical, physical, type, status, reason, time;
    bool of_stack; /* of a stack itself, not of one of its resources */
    size_t order;  /* among those of one moment */
};

/* Reads the stack's state. A stack that is not there has no `arn`. False: there is a problem. */
must_use bool stack_look(struct stack_client *stack);

/* Waits until nothing is under way. */
must_use bool stack_wait(struct stack_client *stack);

enum stack_begun { STACK_BEGUN, STACK_UNCHANGED /* no updates are to be performed */, STACK_REFUSED };

/* Calls CreateStack, UpdateStack or DeleteStack: `members` are JSON members without braces, ended by ','
 * or empty; StackName and ClientRequestToken are added. */
must_use enum stack_begun stack_begin(struct stack_client *stack, const char *operation,
                                      struct slice members);

/* Calls any operation, with this input. False: there is a problem, whose type is *refusal unless that is
 * NULL. */
must_use bool stack_ask(struct stack_client *stack, const char *operation, struct slice input,
                        struct client_answer *answer, struct slice *refusal);

/* The same on the stack; `members` as for stack_begin(). */
must_use bool stack_call(struct stack_client *stack, const char *operation, struct slice members,
                         struct client_answer *answer, struct slice *refusal);

/* Follows what was begun to its end, nested stacks too, and tells of each event in the order of time; a step
 * lives until `tell` returns. Then the state is read anew. False: there is a problem; how it ended is in
 * `status`. */
must_use bool stack_follow(struct stack_client *stack, void (*tell)(void *context, const struct stack_step *),
                           void *context);

/* Milliseconds since 1970 of a time as events have it; 0: it is none. */
int64_t stack_time(struct slice text);

#endif
