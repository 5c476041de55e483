/*
 * CloudFormation's functions. Their evaluation is declared in deploy/stack.h; here is what the stack itself
 * needs of them, and what those who read templates do.
 *
 * AWS: "Intrinsic function reference".
 */
#ifndef TURNTABLE_DEPLOY_INTRINSICS_H
#define TURNTABLE_DEPLOY_INTRINSICS_H

#include "deploy/stack.h"

/* The text of a scalar: text, number or boolean; false for anything else. */
bool scalar_text(const struct json *value, struct slice *out);

/* The parts between the delimiters as a list of texts; `trim`: without blanks around them. */
must_use enum resolved split_text(struct stack *stack, struct slice text, struct slice delimiter, bool trim,
                                  struct json *out, struct slice *reason);

/*
 * Steps through the text of a Fn::Sub: gives what comes before the next ${name}, and the name; "!name" for
 * the literal ${!name}. False at the end, when *before is the rest.
 */
bool substitution_next(struct slice *rest, struct slice *before, struct slice *name);

/* "Table.Arn" to a resource's id and an attribute, at the first dot; false: there is none, or nothing on one
 * side of it. */
bool split_attribute(struct slice name, struct slice *id, struct slice *attribute);

/* Whether the condition of that name holds. */
must_use enum resolved condition_holds_named(struct stack *stack, struct slice name, bool *holds,
                                             struct slice *reason);

#endif
