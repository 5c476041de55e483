/*
 * The lexer of PartiQL: a statement's text, one token after the other.
 *
 *     token       text
 *     NAME        (letter | _ | $) (letter | digit | _ | $)*, unless it is a keyword
 *     QUOTED      "any text", a quote in it doubled; it is a name, never a keyword
 *     STRING      'any text', a quote in it doubled
 *     NUMBER      digits, with a point before, in or behind them, and an exponent
 *     ION         `any text`: a literal of Ion, which DynamoDB does not take
 *     KEYWORD     a word of keywords.def in any case of letters
 *     SYMBOL      ? ( ) [ ] { } , . : ; @ * / % + - = < <= > >= <> != << >> ||
 *     BROKEN      what no token begins with, or a quote or comment without an end
 *     END         the end of the text
 *
 * Blanks, tabs, carriage returns, newlines, comments to the end of the line (two hyphens) and comments of the
 * form of C's separate tokens. The lexer never fails: it is the parser that has no use for BROKEN. It owns
 * nothing and points into the text.
 */
#ifndef TURNTABLE_EXPRESSIONS_PARTIQL_TOKENS_H
#define TURNTABLE_EXPRESSIONS_PARTIQL_TOKENS_H

#include <stdbool.h>

#include "base/slice.h"

enum partiql_token_type {
    PARTIQL_END,
    PARTIQL_BROKEN,
    PARTIQL_NAME,
    PARTIQL_QUOTED,
    PARTIQL_STRING,
    PARTIQL_NUMBER,
    PARTIQL_ION,
    PARTIQL_KEYWORD,
    PARTIQL_SYMBOL,
};

/* Where a term begins, as AWS's messages tell it: "at line:column:length", from 1. */
struct place {
    unsigned line;
    unsigned column;
    unsigned length;
};

struct partiql_token {
    enum partiql_token_type type;
    struct slice text; /* as written, with its quotes */
    struct place place;
};

/* Two tokens are in view. */
struct partiql_lexer {
    const char *rest; /* behind `next` */
    const char *end;
    unsigned line; /* of `rest` */
    unsigned column;
    struct partiql_token current;
    struct partiql_token next;
};

void partiql_lexer_init(struct partiql_lexer *lexer, struct slice text);

/* At the end, END stays current. */
void partiql_lexer_advance(struct partiql_lexer *lexer);

/* Whether the token is this symbol, or this keyword (in capitals). */
bool partiql_token_is(const struct partiql_token *token, const char *text);

#endif
