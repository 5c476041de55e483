/*
 * The parser: the syntax of all kinds of expressions, nothing about names or types.
 *
 *     condition  := condition OR condition | condition AND condition | NOT condition | ( condition )
 *                 | operand comparator operand | operand BETWEEN operand AND operand
 *                 | operand IN ( operand , ... ) | function
 *     operand    := path | :value | function | ( operand )
 *     function   := name ( operand , ... )
 *     path       := name { . name | [ index ] }        name: NAME or #placeholder; behind a dot also
 * :placeholder, which never is a defined name projection := path , ... update     := section ... section :=
 * SET path = set_value , ... | REMOVE path , ... | ADD path :value , ... | DELETE path :value , ... set_value
 * := operand | operand + operand | operand - operand | ( set_value )
 *
 * NOT binds tighter than AND, AND tighter than OR. The parser keeps its own stack, so that no nesting of the
 * text becomes a nesting of calls; whether a parenthesis holds a condition or an operand is decided when it
 * closes.
 */
#ifndef TURNTABLE_EXPRESSIONS_PARSER_H
#define TURNTABLE_EXPRESSIONS_PARSER_H

#include "base/arena.h"
#include "base/failure.h"
#include "expressions/ast.h"
#include "expressions/expressions.h"
#include "expressions/lexer.h"

struct parser {
    struct arena *arena;
    struct failure *failure;
    enum expression_kind kind;
    struct lexer lexer;
    struct node *first_mention;
    struct node **mention_end;
    struct node *first_complete;
    struct node **complete_end;
    unsigned operators;
    bool redundant_parentheses;       /* there are some */
    bool redundant_parentheses_first; /* and AWS meets them before a syntax error that follows */
};

/* Checks the length of the text; fails on one that is empty or too long. */
must_use bool parser_init(struct parser *parser, struct arena *arena, enum expression_kind kind,
                          struct slice text, struct failure *failure);

/* The whole text as a condition. NULL on a failure, as from the other functions. */
must_use struct node *parser_condition(struct parser *parser);

/* What may stand behind `path =` in a SET; ends before the first token that cannot belong to it. Starts a new
 * chain of complete nodes. */
must_use struct node *parser_set_value(struct parser *parser);

/* A NODE_PATH or NODE_VALUE, complete by itself: not part of a chain of complete nodes. */
must_use struct node *parser_path(struct parser *parser);
must_use struct node *parser_value(struct parser *parser);

/* Whether the current token is of that type; if so, it is consumed. */
bool parser_accept(struct parser *parser, enum token_type type);
must_use bool parser_expect(struct parser *parser, enum token_type type);

/* Syntax error at the current token. */
bool parser_fail(struct parser *parser);

/* ---- nodes, also for partiql/, which has a syntax of its own ---- */

/* A parser without a text. */
void parser_begin(struct parser *parser, struct arena *arena, enum expression_kind kind,
                  struct failure *failure);

/* Starts a new chain of complete nodes. */
void parser_begin_value(struct parser *parser);

/* Puts a path or function into the chain of mentions, a node whose operands are complete into the other. */
void parser_mention(struct parser *parser, struct node *node);
struct node *parser_complete(struct parser *parser, struct node *node);

/*
 * After the syntax of the whole text, AWS looks for redundant parentheses, then at each name in turn:
 * reserved words, functions that do not exist or may not stand where they do, indexes out of range.
 */
must_use bool parser_check_names(struct parser *parser);

#endif
