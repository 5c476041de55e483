/*
 * The lexer: an expression's text, one token after the other.
 *
 *     token          text
 *     NAME           letter (letter | digit | _)*, unless it is a keyword in any case of letters
 *     NAME_HOLDER    # (letter | digit | _)+
 *     VALUE_HOLDER   : (letter | digit | _)+
 *     INDEX          0, or a digit from 1 to 9 and more digits
 *     keywords       AND OR NOT BETWEEN IN SET REMOVE ADD DELETE, in every kind of expression
 *     operators      = <> < <= > >= + - ( ) [ ] , .
 *     UNKNOWN        any other character, one at a time (a whole UTF-8 character)
 *     END            the end of the text; its text is empty
 *
 * Blanks, tabs, carriage returns and newlines separate tokens and mean nothing else. The lexer never fails:
 * it is the parser that has no use for UNKNOWN. A lexer is a value; it owns nothing and points into the text.
 */
#ifndef TURNTABLE_EXPRESSIONS_LEXER_H
#define TURNTABLE_EXPRESSIONS_LEXER_H

#include <stdbool.h>

#include "base/slice.h"

enum token_type {
    TOKEN_END,
    TOKEN_UNKNOWN,
    TOKEN_NAME,
    TOKEN_NAME_HOLDER,
    TOKEN_VALUE_HOLDER,
    TOKEN_INDEX,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_NOT,
    TOKEN_BETWEEN,
    TOKEN_IN,
    TOKEN_SET,
    TOKEN_REMOVE,
    TOKEN_ADD,
    TOKEN_DELETE,
    TOKEN_EQUAL,
    TOKEN_NOT_EQUAL,
    TOKEN_LESS,
    TOKEN_LESS_OR_EQUAL,
    TOKEN_GREATER,
    TOKEN_GREATER_OR_EQUAL,
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_OPEN_BRACKET,
    TOKEN_CLOSE_BRACKET,
    TOKEN_COMMA,
    TOKEN_DOT,
};

struct token {
    enum token_type type;
    struct slice text;
};

/* Three tokens are in view: the one before the current one, for messages, and the one after it. */
struct lexer {
    struct slice text;
    const char *rest;      /* behind `next` */
    struct token previous; /* before the first advance: END at the start of the text */
    struct token current;
    struct token next;
};

void lexer_init(struct lexer *lexer, struct slice text);

/* At the end, END stays current. */
void lexer_advance(struct lexer *lexer);

/* The current token with its neighbours, as written, blanks between them included: what AWS calls "near". */
struct slice lexer_near(const struct lexer *lexer);

#endif
