/*
 * The syntax tree of a condition, or of the right side of a SET.
 *
 * Nodes live in the request's arena. Besides the tree there are two orders, each a chain through the nodes:
 * `next_mention` links paths and functions in the order of their first token, which is the order in which AWS
 * looks at names; `next_complete` links all nodes in the order in which they were complete (operands before
 * their operator), which is the order in which AWS resolves placeholders and checks operands. So neither
 * check recurses.
 *
 * Bounds: a text has at most EXPRESSION_SIZE_LIMIT bytes, so a tree has fewer nodes; after the checks it has
 * at most OPERATOR_LIMIT operators, so what recurses over a checked tree is at most that deep.
 */
#ifndef TURNTABLE_EXPRESSIONS_AST_H
#define TURNTABLE_EXPRESSIONS_AST_H

#include <stdbool.h>

#include "expressions/functions.h"
#include "expressions/path.h"
#include "items/value.h"

enum {
    EXPRESSION_SIZE_LIMIT = 4096,
    RESOLVED_SIZE_LIMIT = 1024 * 1024, /* with every use of a placeholder counted as what stands behind it */
    OPERATOR_LIMIT = 300,
    IN_OPERAND_LIMIT = 100,
};

enum node_type {
    NODE_PATH,
    NODE_VALUE,
    NODE_CALL,
    NODE_EQUAL,
    NODE_NOT_EQUAL,
    NODE_LESS,
    NODE_LESS_OR_EQUAL,
    NODE_GREATER,
    NODE_GREATER_OR_EQUAL,
    NODE_BETWEEN,
    NODE_IN,
    NODE_NOT,
    NODE_AND, /* two operands, or what legacy.h reads: any number */
    NODE_OR,
    NODE_PLUS,
    NODE_MINUS,
};

struct node {
    enum node_type type;
    enum function function; /* NODE_CALL, after names are checked */
    bool parenthesised;
    bool whole; /* NODE_CALL: it stands where a condition does, or is the whole right side of a SET */
    unsigned operand_count;
    struct node *operands; /* the first; the others follow it by `sibling` */
    struct node *last_operand;
    struct node *sibling;
    struct slice text;         /* NODE_VALUE: the placeholder; NODE_CALL: the function's name */
    struct path path;          /* NODE_PATH */
    const struct value *value; /* NODE_VALUE, after resolving */
    struct node *next_mention;
    struct node *next_complete;
};

struct node *node_create(struct arena *arena, enum node_type type);

/* Behind the operands that are there. */
void node_add_operand(struct node *node, struct node *operand);

/* Leaves that need no resolving: a whole attribute by its name, a value. */
struct node *node_of_attribute(struct arena *arena, struct slice name);
struct node *node_of_value(struct arena *arena, const struct value *value);

/* As messages show it: "=", "BETWEEN", "contains". */
struct slice node_operator(const struct node *node);

#endif
