/*
 * The syntax tree of a PartiQL statement, as it was written: names, literals and operators, nothing about
 * what they mean.
 *
 * Everything lives in the arena of the parser and points into the statement's text.
 *
 * Bounds: a text has at most STATEMENT_SIZE_LIMIT bytes; terms are nested at most TERM_DEPTH_LIMIT deep but
 * for rows of operators of one rank (a AND b AND c), which are counted: what recurses over a tree is at most
 * TERM_DEPTH_LIMIT + OPERATOR_LIMIT deep.
 */
#ifndef TURNTABLE_EXPRESSIONS_PARTIQL_SYNTAX_H
#define TURNTABLE_EXPRESSIONS_PARTIQL_SYNTAX_H

#include "base/arena.h"
#include "base/failure.h"
#include "expressions/partiql/tokens.h"
#include "expressions/partiql/partiql.h"

enum { STATEMENT_SIZE_LIMIT = 8192, TERM_DEPTH_LIMIT = 200 };

enum term_type {
    TERM_STRING,  /* text: without its quotes */
    TERM_NUMBER,  /* text: with its sign */
    TERM_BOOLEAN, /* text: true or false, in any case of letters */
    TERM_NULL,
    TERM_MISSING,
    TERM_ION,
    TERM_PARAMETER, /* parameter */
    TERM_NAME,      /* text: a path of one name */
    TERM_PATH,      /* children: the steps, the first a TERM_NAME */
    TERM_LIST,      /* [a, b] */
    TERM_BAG,       /* <<a, b>> */
    TERM_TUPLE,     /* {a: b, c: d}; children: a name, its value, the next name... */
    TERM_SEQUENCE,  /* (a, b) */
    TERM_CALL,      /* text: the function's name in small letters; children: its arguments */
    TERM_OPERATOR,  /* text: "and", "=", "not", "between", "in"...; children: its operands */
    TERM_IS,        /* text: the type; children: what may be of it */
    TERM_SELECT,    /* a statement within a statement; children: none */
    TERM_ALL,       /* the * in a.* */
};

struct term {
    enum term_type type;
    struct slice text;
    struct place place;
    unsigned parameter;    /* its number, from 0 */
    bool bracketed;        /* of a step of a path: it stands in [ ] */
    struct syntax *select; /* TERM_SELECT */
    struct term *children;
    struct term *last_child;
    struct term *sibling;
    unsigned child_count;
};

/* SET path = value; or REMOVE path, whose value is NULL. */
struct assignment {
    struct term *path;
    struct term *value;
    struct assignment *next;
};

struct ordering {
    struct term *key;
    bool descending;
    struct ordering *next;
};

/* A statement as it was written. */
struct syntax {
    enum statement_kind kind;
    struct slice text;
    struct slice source;            /* the table */
    struct slice index;             /* of the table; an empty slice (ptr NULL) if there is none */
    struct term *columns;           /* SELECT: by sibling; NULL: * */
    struct term *item;              /* INSERT */
    struct assignment *assignments; /* UPDATE */
    struct term *where;             /* NULL: none */
    struct ordering *order;
    enum returning returning;
    struct syntax *exists;  /* EXISTS: the SELECT in it */
    struct slice operation; /* STATEMENT_OTHER: what AWS calls it; empty: an operator or a function */
    unsigned parameter_count;
};

/*
 * Reads a statement. What is not well formed is told before what is well formed and not supported. The
 * failure is a ValidationException.
 */
must_use bool syntax_read(struct arena *arena, struct slice text, struct syntax **out,
                          struct failure *failure);

#endif
