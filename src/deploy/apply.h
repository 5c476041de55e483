/*
 * Applying a plan: makes the resources that are missing and changes those that differ, until each is what the
 * plan says. Doing it again changes nothing.
 *
 * All that can be known of what is there is looked for and compared before the first change: what cannot be
 * changed in place is refused then, as CloudFormation refuses it for a resource with a name; one whose name
 * is of our making is replaced. What is there and not in the plan is left as it is.
 */
#ifndef TURNTABLE_DEPLOY_APPLY_H
#define TURNTABLE_DEPLOY_APPLY_H

#include "deploy/plan.h"

/* False: a problem was added; resources before it have been made or changed, if it is not one of the plan as
 * a whole. The plan is used up. */
must_use bool apply_plan(const struct invoker *invoker, const struct plan *plan, apply_progress progress,
                         void *context, struct problems *problems);

#endif
