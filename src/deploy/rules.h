/*
 * What is evaluated when a stack is opened and its parameters have values: its conditions, its rules, and
 * whether the functions in its resources and outputs can have values at all, as far as that does not depend
 * on what is made.
 *
 * CloudFormation refuses a template for these before it makes anything. AWS: "Rules", "Conditions".
 */
#ifndef TURNTABLE_DEPLOY_RULES_H
#define TURNTABLE_DEPLOY_RULES_H

#include "deploy/stack.h"

/* Each of these returns false with a problem added. What cannot be known here yet is let pass. */
must_use bool conditions_decide(struct stack *stack, struct problems *problems);
must_use bool rules_hold(struct stack *stack, struct problems *problems);
must_use bool values_probe(struct stack *stack, struct problems *problems);

#endif
