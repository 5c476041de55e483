/* Texts in columns, for a terminal: as wide as the widest in each. */
#ifndef TURNTABLE_CLI_COLUMNS_H
#define TURNTABLE_CLI_COLUMNS_H

#include "base/arena.h"
#include "base/slice.h"

struct columns {
    struct arena *arena;
    size_t width;        /* the number of columns */
    size_t first_number; /* columns from this one on are set to the right */
    struct slice *cells; /* row after row, the head first */
    size_t rows;         /* with the head */
    size_t capacity;
};

/* `head` has a text for each column. */
void columns_init(struct columns *columns, struct arena *arena, const char *const *head, size_t width,
                  size_t first_number);

/* The cells of a new row, which are to be filled; they stay where they are until the next row is added. */
struct slice *columns_add(struct columns *columns);

/* Head and rows, on stdout. */
void columns_print(const struct columns *columns);

#endif
