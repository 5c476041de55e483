/*
 * What `turntable deploy` does with one stack of an assembly and those nested in it: brings it to what its
 * template says, or deletes it. For the command itself.
 */
#ifndef TURNTABLE_CLI_DEPLOY_STACK_H
#define TURNTABLE_CLI_DEPLOY_STACK_H

#include "cli/stack_client.h"
#include "deploy/assembly.h"

struct deployment {
    struct arena *arena;
    struct client *client;
    const struct assembly *assembly;
    bool named;           /* the stack, by whoever deploys it, or by its app */
    bool import_existing; /* what exists outside is taken in, as AWS's ImportExistingResources does */
    int width;            /* of the column of names */
};

/* Each tells what it does on stdout, and what went wrong on stderr; then it returns false. */
must_use bool deploy_stack(const struct deployment *deployment, const struct stack *stack);
must_use bool deploy_delete(const struct deployment *deployment, const struct stack *stack);

/* Tells what deploy_stack() would change, and changes nothing. */
must_use bool deploy_diff(const struct deployment *deployment, const struct stack *stack);

#endif
