/* The order in which resources are made: what is referred to comes first. */
#ifndef TURNTABLE_DEPLOY_ORDER_H
#define TURNTABLE_DEPLOY_ORDER_H

#include "deploy/stack.h"

/* Puts stack->resources in order, and fills in what each needs; `needs` as form_check_functions() gives it.
 * False: they refer to each other in a circle, and a problem was added. */
must_use bool order_resources(struct stack *stack, const bool *needs, struct problems *problems);

/* Conditions may refer to each other, but not in a circle either. */
must_use bool order_conditions(struct stack *stack, struct problems *problems);

#endif
