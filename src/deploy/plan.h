/*
 * A plan: the resources that the stacks of an assembly declare, in the order of their making, read and
 * checked.
 *
 * What is referred to comes first, and a nested stack with all that is in it stands where its resource does.
 * The checks are those of CloudFormation and of the services' own operations, so that a wrong template is
 * refused before the first change; only what depends on what is there already, or on ids that are not known
 * yet, is left to apply.h. Properties that the server does not have are taken and named as not applied.
 */
#ifndef TURNTABLE_DEPLOY_PLAN_H
#define TURNTABLE_DEPLOY_PLAN_H

#include "deploy/assembly.h"
#include "deploy/making.h"

/* A resource that is not made here. */
struct left_alone {
    const struct stack *stack;
    const struct resource *resource;
};

struct plan {
    struct making *resources;
    size_t count;
    struct left_alone *left;
    size_t left_count;
};

must_use bool plan_make(struct arena *arena, const struct assembly *assembly, struct plan *out,
                        struct problems *problems);

/* Reads the resource's properties as they are known now; `final`: all of them must be. */
must_use bool plan_read(struct making *making, bool final);

#endif
