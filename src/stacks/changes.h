/*
 * What a change set tells: how the resources of a stack would change if it became what somebody wants.
 *
 * A resource's properties as they were made are held against those that the new template gives with the new
 * parameters; nothing is asked of the services. What depends on something that is still to be made, or that
 * may be replaced, is told as Dynamic. AWS: API_ResourceChange, API_ResourceChangeDetail.
 */
#ifndef TURNTABLE_STACKS_CHANGES_H
#define TURNTABLE_STACKS_CHANGES_H

#include "deploy/stack.h"
#include "stacks/resource_record.h"

struct changes_question {
    struct arena *arena;
    struct stack *stack; /* of the template as it is to be; its resources are made known by this */
    const struct resource_records *records; /* of the stack as it is */
    const struct json *before;              /* its template, read; NULL: it has none */
    const struct stack_source *was, *becomes;
    const struct json *children;  /* of change_set: what is told of nested stacks; or NULL */
    const struct texts *the_same; /* logical ids of nested stacks that were looked into, and do not change */
    const struct json *adopted;   /* of stack_source: what is taken in instead of being made; or NULL */
};

struct changes {
    struct slice text; /* JSON: a list as DescribeChangeSet answers it, with all values */
    size_t count;
    struct slice changed; /* the logical ids, divided by commas, of what is changed or removed by the
                             templates themselves */
    bool nested;          /* a nested stack is among them, which may have changed or not */
};

struct changes changes_find(const struct changes_question *question);

#endif
