/* A parsed condition, as the files of this room see it. */
#ifndef TURNTABLE_EXPRESSIONS_CONDITION_H
#define TURNTABLE_EXPRESSIONS_CONDITION_H

#include "expressions/ast.h"
#include "expressions/expressions.h"
#include "expressions/parser.h"

struct condition {
    const struct node *root;
    const struct node *first_mention; /* all paths and functions in it, by next_mention */
};

/* From a tree whose syntax and names are right, and that is the parser's: resolves and checks it. */
must_use bool condition_build(struct parser *parser, const struct node *root,
                              struct placeholders *placeholders, struct condition **out);

/* What a comparison is in a key condition, read with its operands as written or, `turned`, the other way
 * round: `:a < k` is `k > :a`. */
enum key_operator key_operator_of(const struct node *node, bool turned);

#endif
