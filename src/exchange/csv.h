/*
 * CSV: rows of cells under a header that names attributes.
 *
 * Cells are set apart by one of , ; | : tab and blank. A cell that begins with a double quote ends with one;
 * in it, a delimiter and a line feed are text, and a quote is written twice (RFC 4180). A double quote in the
 * middle of any other cell is a fault, as for AWS. A row may so take several lines: it is whole when its
 * quotes are even in number.
 *
 * An empty cell is an attribute that the item does not have. AWS: "DynamoDB data import formats", CSV.
 */
#ifndef TURNTABLE_EXCHANGE_CSV_H
#define TURNTABLE_EXCHANGE_CSV_H

#include "exchange/record.h"

enum { CSV_COLUMNS_LIMIT = 10000 };

/* Whether the character can set cells apart. */
bool csv_is_delimiter(char c);

/* How many double quotes the text has. */
size_t csv_quotes(struct slice text);

struct csv_row {
    struct slice *cells;
    size_t count;
};

/* Cuts a whole row. */
must_use bool csv_split(struct arena *arena, struct slice text, char delimiter, struct csv_row *out,
                        struct fault *fault);

/* Whether a row can be a header: names that are distinct, and none of them empty. */
must_use bool csv_check_header(struct arena *arena, const struct csv_row *header, struct fault *fault);

/* A column's type: one of S, N, B and BOOL; or what the cell looks like. */
struct csv_column {
    enum value_type type;
    bool inferred; /* a number is N, true and false are BOOL, what else is S */
};

must_use bool csv_to_item(struct arena *arena, const struct csv_row *header, const struct csv_column *columns,
                          const struct csv_row *row, struct item *out, struct fault *fault);

/* Append a line with its end. Values that are no scalars are written as in DynamoDB's JSON; columns that the
 * item does not have are empty. */
void csv_write_row(struct buffer *out, char delimiter, const struct csv_row *row);
void csv_write_item(struct buffer *out, char delimiter, const struct csv_row *header,
                    const struct item *item);

#endif
