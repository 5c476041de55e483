/* Literals: terms that are values by themselves. */
#ifndef TURNTABLE_EXPRESSIONS_PARTIQL_LITERAL_H
#define TURNTABLE_EXPRESSIONS_PARTIQL_LITERAL_H

#include "expressions/partiql/syntax.h"
#include "items/value.h"

/* What each ? of the text stands for. */
struct parameters {
    const struct value *values;
    size_t count;
};

/*
 * The value of a literal or a parameter. Inside of lists, bags and tuples are only literals, as on DynamoDB
 * Local.
 */
must_use bool literal_value(struct arena *arena, const struct term *term, const struct parameters *parameters,
                            struct value *out, struct failure *failure);

/* The attributes of a TERM_TUPLE whose values are literals or parameters. */
must_use bool literal_item(struct arena *arena, const struct term *term, const struct parameters *parameters,
                           struct item *out, struct failure *failure);

#endif
