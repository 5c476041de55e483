/*
 * Translation: terms into the trees of the expression language, with names and values in their places.
 *
 * It recurses over terms as syntax.h bounds them.
 */
#ifndef TURNTABLE_EXPRESSIONS_PARTIQL_TRANSLATE_H
#define TURNTABLE_EXPRESSIONS_PARTIQL_TRANSLATE_H

#include "expressions/parser.h"
#include "expressions/partiql/literal.h"

struct translator {
    struct parser parser; /* keeps the chains of nodes */
    const struct parameters *parameters;
    bool in_update; /* what stands behind SET, otherwise a condition */
};

/* Begins a condition, or an update. */
void translator_begin(struct translator *translator, struct arena *arena, const struct parameters *parameters,
                      bool in_update, struct failure *failure);

/* NULL: the failure is set. */
struct node *translate_condition(struct translator *translator, const struct term *term);
struct node *translate_operand(struct translator *translator, const struct term *term);

/* A NODE_PATH of a TERM_NAME or TERM_PATH; of another term, "Unexpected path component". */
struct node *translate_path(struct translator *translator, const struct term *term);

#endif
