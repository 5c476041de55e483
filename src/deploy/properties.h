/*
 * The properties of the two table resources: which there are, of which kind, and reading them with their
 * functions evaluated.
 */
#ifndef TURNTABLE_DEPLOY_PROPERTIES_H
#define TURNTABLE_DEPLOY_PROPERTIES_H

#include "deploy/stack.h"

/*
 * The resource's properties as a tree of exactly the kinds that are declared: functions evaluated, "5" a
 * number where a number belongs. What belongs to later features is left out and named in *not_applied. False:
 * a problem was added.
 */
must_use bool properties_read(struct stack *stack, const struct resource *resource, const struct json **out,
                              struct slice *not_applied, struct problems *problems);

#endif
