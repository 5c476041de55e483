/*
 * PartiQL: DynamoDB's dialect of SQL, from a statement's text to the condition, projection, update and item
 * that the rest of the server works with.
 *
 *     struct statement *statement;
 *     statement_parse(arena, text, parameters, count, &statement, failure)
 *     ... find statement->table ...
 *     statement_key(statement, key attributes, ...)         the one item that WHERE names, or
 *     statement_partitions(statement, partition key, ...)   the partitions that it reads
 *
 * What stands behind WHERE becomes a condition of the expression language, what stands behind SET and REMOVE
 * an update: so they are checked and evaluated by the same code. This room knows no tables: key attributes
 * are given to it by name.
 *
 * Everything lives in the arena, and points into the text and the parameters. Messages are those of DynamoDB
 * Local, for AWS's documentation gives none. AWS: "PartiQL - a SQL-compatible query language for Amazon
 * DynamoDB".
 */
#ifndef TURNTABLE_EXPRESSIONS_PARTIQL_PARTIQL_H
#define TURNTABLE_EXPRESSIONS_PARTIQL_PARTIQL_H

#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"
#include "expressions/expressions.h"
#include "items/value.h"

enum statement_kind {
    STATEMENT_SELECT,
    STATEMENT_INSERT,
    STATEMENT_UPDATE,
    STATEMENT_DELETE,
    STATEMENT_EXISTS, /* a condition check of a transaction: EXISTS(SELECT ...) */
    STATEMENT_OTHER,  /* well formed, and nothing that DynamoDB does */
};

enum returning {
    RETURNING_NOTHING,
    RETURNING_ALL_OLD,
    RETURNING_ALL_NEW,
    RETURNING_MODIFIED_OLD,
    RETURNING_MODIFIED_NEW,
};

/* One name behind ORDER BY. */
struct sorting {
    struct slice name;
    bool descending;
};

struct statement {
    enum statement_kind kind;
    struct slice table;
    struct slice index;            /* SELECT: of the table; ptr NULL if there is none */
    struct projection *projection; /* SELECT: each path gives an attribute of its own; NULL for * */
    struct projection *in_place;   /* the same, with what the paths lead to in its place */
    struct item item;              /* INSERT */
    struct update *update;         /* UPDATE */
    struct condition *condition;   /* WHERE; NULL if there is none */
    struct sorting *order;         /* SELECT */
    size_t order_count;
    enum returning returning;          /* UPDATE, DELETE */
    struct placeholders *placeholders; /* its paths, for placeholders_check_key() */
    struct slice operation;            /* OTHER: what AWS calls it; empty for an operator or a function */
};

/* `parameters` are what stands for each ? of the text, in their order; their number must be right. */
must_use bool statement_parse(struct arena *arena, struct slice text, const struct value *parameters,
                              size_t parameter_count, struct statement **out, struct failure *failure);

/* Lines and columns are counted from 1, columns and the length in characters. */
struct statement_place {
    unsigned line;
    unsigned column;
    unsigned length; /* 0: the text ends there */
};

/* Whether a text is a statement, whatever it means; if not, *broken is where it stops being one. */
bool statement_is_well_formed(struct arena *arena, struct slice text, struct statement_place *broken);

/* ---- what WHERE says about keys ---- */

enum { PARTITIONS_LIMIT = 50 };

/*
 * The values that an attribute can have for WHERE to hold, by = and IN: each of a list of IN, in its
 * order, and of all that OR joins, once. Fills *values (arena) and returns how many; 0 if WHERE does not fix
 * them. More than PARTITIONS_LIMIT in one IN is a failure: *too_many is their number.
 */
size_t statement_partitions(struct arena *arena, const struct statement *statement, struct slice name,
                            const struct value ***values, size_t *too_many);

/*
 * The conditions on an attribute that AND joins at the top of WHERE and that a key condition could have:
 * fills *terms (arena) and returns how many.
 */
size_t statement_terms(struct arena *arena, const struct statement *statement, struct slice name,
                       struct key_term **terms);

/*
 * Whether WHERE, at its top, has an equality for each of these attributes. If so, *key is them (in their
 * order) and *rest is the condition without them, NULL if nothing is left. *twice is an attribute with two
 * equalities that differ; otherwise empty. In EXISTS the first equality of an attribute is the key's, and
 * others are left.
 */
bool statement_key(struct arena *arena, const struct statement *statement, const struct slice *names,
                   size_t count, struct item *key, struct condition **rest, struct slice *twice);

/* The first value that WHERE compares with the attribute, wherever, and that no key of the type can be: it is
 * of another type, or empty. NULL: there is none. */
const struct value *statement_misfit(const struct statement *statement, struct slice name,
                                     enum value_type type);

#endif
