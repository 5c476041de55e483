/*
 * From what is kept of a stack to a stack whose functions can be evaluated (deploy/stack.h), and back.
 */
#ifndef TURNTABLE_STACKS_OPENING_H
#define TURNTABLE_STACKS_OPENING_H

#include "deploy/stack.h"
#include "stacks/resource_record.h"

/* Where a stack is, and whom it may ask. */
struct opening {
    struct slice region;
    struct slice account;
    const struct stack_lookups *lookups; /* NULL: nobody */
};

/* The stack of a record's source, with this text as its template. NULL: a problem was added. */
struct stack *opening_stack(struct arena *arena, const struct opening *opening,
                            const struct stack_record *record, struct slice template,
                            struct problems *problems);

/* A stack of one resource as it was made, without functions, for removing it or bringing it back. The
 * resource is known by what was kept of it. NULL: its type or its properties are taken no more. */
struct stack *opening_made(struct arena *arena, const struct opening *opening,
                           const struct stack_record *record, struct slice logical, struct slice type,
                           const struct resource_made *made);

/* The resource is known by what was kept of it. */
void opening_publish(struct stack *stack, struct resource *resource, const struct resource_made *made);

/* The values of the stack's parameters, to be kept: struct stack_source's `parameters`. NULL: it has none. */
const struct json *opening_parameters(struct stack *stack);

/* The capability that the template needs and that is not in the list (texts, or NULL); NULL: there is none.
 */
const char *opening_missing_capability(const struct stack *stack, const struct json *given);

#endif
