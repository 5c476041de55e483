/*
 * A plan: the resources that the stacks of an assembly declare, in the order of their making, read and
 * checked, before a server is asked for any of it.
 *
 * What is referred to comes first, and a nested stack with all that is in it stands where its resource does.
 * The checks are those of CloudFormation and of the services' own operations, as far as values are known by
 * now, so that a wrong template is refused before the first change. What a server alone can tell (exports,
 * what Systems Manager keeps, ids of what is still to be made, what is there already) is left to it.
 */
#ifndef TURNTABLE_DEPLOY_PLAN_H
#define TURNTABLE_DEPLOY_PLAN_H

#include "deploy/assembly.h"
#include "deploy/making.h"

struct plan {
    struct making *resources;
    size_t count;
};

must_use bool plan_make(struct arena *arena, const struct assembly *assembly, struct plan *out,
                        struct problems *problems);

/* Reads the resource's properties as they are known now; `final`: all of them must be. */
must_use bool plan_read(struct making *making, bool final);

#endif
