/*
 * Transform: what a template becomes before it is a template. AWS::LanguageExtensions is done here:
 * Fn::ForEach, and names of resources that functions make; what else it allows is evaluated with all other
 * functions. Macros of others are refused by name.
 *
 * AWS: "AWS::LanguageExtensions transform", "Fn::ForEach".
 */
#ifndef TURNTABLE_DEPLOY_TRANSFORM_H
#define TURNTABLE_DEPLOY_TRANSFORM_H

#include "deploy/stack.h"

/* AWS: "Fn::ForEach": nesting; the others are this server's. */
enum { LOOPS_NESTING_LIMIT = 5, LOOP_NAME_LIMIT = 255 };

#define LOOP_PREFIX "Fn::ForEach::"

/* Reads which transforms there are: stack->extensions. False: there are others, and a problem was added. */
must_use bool transform_read(struct stack *stack, struct problems *problems);

/* The same without complaint: false if the template becomes something else than it is, by others' macros or
 * by loops. */
bool transform_note(struct stack *stack);

/* Replaces stack->template by what it becomes. The stack's parameters are open, its resources are not read
 * yet. */
must_use bool transform_expand(struct stack *stack, struct problems *problems);

#endif
