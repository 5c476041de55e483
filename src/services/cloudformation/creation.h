/* A change set while it is worked out: for CreateChangeSet, and the change sets of nested stacks that it
 * makes with its own.
 */
#ifndef TURNTABLE_SERVICES_CLOUDFORMATION_CREATION_H
#define TURNTABLE_SERVICES_CLOUDFORMATION_CREATION_H

#include "services/request.h"
#include "stacks/change_set.h"
#include "stacks/changes.h"

struct creation {
    struct stack_record stack;
    struct version version; /* of its record; of its name, if it is new */
    bool is_new;            /* there is no such stack yet: one is put under review */
    struct change_set set;
    struct version set_version;
    struct slice before; /* the template that the stack has; empty: none */
    struct slice template;
    struct resource_records resources;
    struct texts the_same; /* nested stacks that do not change, by logical id */
    struct slice problem;  /* why the change set of a nested stack cannot be made; empty: nothing */
};

/* All of these return false with the failure set. */

/* Reads the stack's template and resources. */
must_use bool creation_read_stack(struct request *request, struct creation *creation);

/* Makes the change sets of the nested stacks, as far as these change: set.children, the_same, problem.
 * `stack` is the one that is to be, whose resources are made known. */
must_use bool creation_nest(struct request *request, struct creation *creation, struct stack *stack);

/* What would change; whether anything does becomes the set's status. Never fails. */
struct changes creation_find_changes(struct request *request, struct creation *creation, struct stack *stack);

/* Into the request's batch, under guards. Never fails. */
void creation_put(struct request *request, const struct creation *creation, struct slice changes);

/* The resources that the stack has are known by what is kept of them. */
void creation_publish(const struct resource_records *records, struct stack *stack);

#endif
