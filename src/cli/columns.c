#include "base/characters.h"
#include "cli/columns.h"

#include <stdio.h>

struct slice *columns_add(struct columns *columns)
{
    if (columns->rows == columns->capacity) {
        size_t capacity = columns->capacity == 0 ? 16 : columns->capacity * 2;
        columns->cells = arena_grow(columns->arena, columns->cells, columns->rows * columns->width,
                                    capacity * columns->width, sizeof(columns->cells[0]));
        columns->capacity = capacity;
    }
    return &columns->cells[columns->rows++ * columns->width];
}

void columns_init(struct columns *columns, struct arena *arena, const char *const *head, size_t width,
                  size_t first_number)
{
    *columns = (struct columns){.arena = arena, .width = width, .first_number = first_number};
    struct slice *cells = columns_add(columns);
    for (size_t i = 0; i < width; i++)
        cells[i] = slice_of(head[i]);
}

/* Characters, not bytes, so that names in other scripts keep the columns. */
static int widest(const struct columns *columns, size_t column)
{
    int widest = 0;

    for (size_t row = 0; row < columns->rows; row++) {
        int width = (int)utf8_length(columns->cells[row * columns->width + column]);
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void print_cell(struct slice cell, int width, bool right, bool last)
{
    int blanks = width - (int)utf8_length(cell);

    if (right)
        printf("%*s%.*s", blanks, "", SLICE_ARGS(cell));
    else
        printf("%.*s%*s", SLICE_ARGS(cell), last ? 0 : blanks, "");
    fputs(last ? "\n" : "  ", stdout);
}

void columns_print(const struct columns *columns)
{
    int *widths = arena_array(columns->arena, int, columns->width);

    for (size_t column = 0; column < columns->width; column++)
        widths[column] = widest(columns, column);
    for (size_t row = 0; row < columns->rows; row++) {
        for (size_t column = 0; column < columns->width; column++)
            print_cell(columns->cells[row * columns->width + column], widths[column],
                       column >= columns->first_number, column + 1 == columns->width);
    }
}
