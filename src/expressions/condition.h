/* A parsed condition, as the files of this room see it. */
#ifndef TURNTABLE_EXPRESSIONS_CONDITION_H
#define TURNTABLE_EXPRESSIONS_CONDITION_H

#include "expressions/ast.h"
#include "expressions/expressions.h"

struct condition {
    const struct node *root;
    const struct node *first_mention; /* all paths and functions in it, by next_mention */
};

#endif
