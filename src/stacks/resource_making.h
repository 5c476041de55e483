/* What making, changing, and removing a resource have in common. For the room itself. */
#ifndef TURNTABLE_STACKS_RESOURCE_MAKING_H
#define TURNTABLE_STACKS_RESOURCE_MAKING_H

#include "base/clock.h"
#include "stacks/run.h"

/* A making of a resource of that stack, which nothing is known of; run->problems are empty then. */
struct making making_begin(struct run *run, struct stack *stack, struct resource *resource);

/* Reads its properties and looks for it. False: a problem was added. */
must_use bool making_find(struct making *making);

/* Why it failed, as CloudFormation's events tell it. */
struct slice making_failure(struct run *run, const struct making *making);

/* What of it is not as its template says, though it is complete: it is only recorded, or the server does not
 * have some of its properties. Empty: all is. */
struct slice making_note(struct run *run, const struct making *making);

/* What it is known by now, into what is kept of it. */
void making_keep(struct run *run, struct making *making, struct resource_made *made);

/* The resource's properties without their functions, and what else is needed of it when its template is gone.
 * False: a problem was added. */
must_use bool making_read_source(struct run *run, const struct resource *resource,
                                 struct resource_made *made);

/* Whether calls are made for it, so that it has to be announced. */
bool making_has_effect(const struct resource *resource);

/* A value of Ref or Fn::GetAtt, unless the object has one of that name. */
void making_keep_value(struct arena *arena, struct json *values, struct slice name, struct slice text);

#endif
