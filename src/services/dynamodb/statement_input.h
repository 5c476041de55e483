/*
 * PartiQL statements as operations are given them: a text and its parameters; and what all of them ask of the
 * table they name.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_STATEMENT_INPUT_H
#define TURNTABLE_SERVICES_DYNAMODB_STATEMENT_INPUT_H

#include "catalog/table.h"
#include "expressions/partiql/partiql.h"
#include "services/request.h"
#include "services/shape.h"

extern const struct shape statement_input_text, statement_input_parameters;

/* What stands for each ? of a statement; in the arena. */
struct statement_values {
    struct value *all;
    size_t count;
};

/* Parameters of `object`, which has one statement. Those of all statements of a request are read before any
 * statement is: a value that is none is a fault of the request. */
must_use bool statement_input_values(struct request *request, const struct json *object,
                                     struct statement_values *out);

/* Statement of `object`, with its values, which were read. It is parsed once in an execution, whoever asks.
 */
must_use bool statement_input(struct request *request, const struct json *object,
                              const struct statement_values *values, struct statement **out);

/* Whether the table, and the index if there is one, have names that can be. */
bool statement_names_table(const struct statement *statement);

/* Whether a SELECT reads partitions, and not the whole table or index: `counts` are the values that WHERE
 * fixes each part of the partition key to. An index with several parts is queried if each is fixed to one. */
bool statement_fixes_partitions(const size_t *counts, unsigned parts);

/* The table that a statement names; the caller owns the reference. NULL: the failure is set. */
struct table *statement_table(struct request *request, const struct statement *statement);

/*
 * The one item of a table that WHERE names by its whole key, and what else WHERE asks of it (NULL: nothing).
 * False without a failure: it names none.
 */
must_use bool statement_find_key(struct request *request, const struct statement *statement,
                                 const struct table *table, struct item *key, struct condition **rest);

/* A key attribute has a value of its type. */
must_use bool statement_check_key_type(struct request *request, const struct key_part *part,
                                       const struct value *value);

#endif
