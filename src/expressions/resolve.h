/*
 * Resolving: placeholders get their names and values, and every operator is checked against what is known of
 * its operands without an item: their number, the types of values, distinct paths, the bounds of BETWEEN.
 */
#ifndef TURNTABLE_EXPRESSIONS_RESOLVE_H
#define TURNTABLE_EXPRESSIONS_RESOLVE_H

#include "expressions/parser.h"
#include "expressions/placeholders.h"

/* A chain of complete nodes. *size grows by what is put in the place of placeholders. */
must_use bool resolve_nodes(struct parser *parser, struct node *first, struct placeholders *placeholders,
                            size_t *size);

/* At the end of an expression: how many operators it has, and how much it would be with its placeholders
 * filled in. */
must_use bool resolve_check_limits(struct parser *parser, size_t size);

#endif
