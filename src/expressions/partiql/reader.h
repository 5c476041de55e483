/*
 * The reader: the syntax of PartiQL, nothing about what terms mean.
 *
 *     term       := term OR term | term AND term | NOT term | term = term | term < term ...
 *                 | term [NOT] BETWEEN term AND term | term [NOT] IN term | term IS [NOT] type
 *                 | term [NOT] LIKE term | term + term | term - term ... | - term | primary
 *     primary    := literal | ? | path | function ( term , ... ) | ( term , ... ) | ( SELECT ... )
 *                 | [ term , ... ] | << term , ... >> | { term : term , ... }
 *     path       := [@] name { . name | . * | [ term ] }
 *
 * Operators of one rank are read in a loop, so that only brackets, NOT and signs nest calls.
 */
#ifndef TURNTABLE_EXPRESSIONS_PARTIQL_READER_H
#define TURNTABLE_EXPRESSIONS_PARTIQL_READER_H

#include "expressions/partiql/syntax.h"

struct reader {
    struct arena *arena;
    struct partiql_lexer lexer;
    struct failure problem; /* of what is well formed: the first counts, and is told at the end */
    bool broken;            /* the text is not well formed... */
    struct place broken_at; /* ...from here */
    bool too_deep;
    unsigned depth;
    unsigned operators;
    unsigned parameters;
};

/* Whether the current token is this symbol or keyword (in capitals); accept() consumes it. */
bool reader_sees(const struct reader *reader, const char *text);
bool reader_accepts(struct reader *reader, const char *text);
/* Otherwise the text is broken. */
must_use bool reader_expects(struct reader *reader, const char *text);

/* NULL, and the text is broken. */
struct term *reader_break(struct reader *reader);

/* What AWS would say of it if the rest is well formed. */
void reader_object(struct reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct term *reader_term(struct reader *reader);
struct term *reader_name(struct reader *reader);
/* What stands behind SET and REMOVE: a path without operators. */
struct term *reader_path(struct reader *reader);

/* A statement that begins at the current token, as far as it goes. NULL: the text is broken. */
struct syntax *reader_syntax(struct reader *reader);

#endif
