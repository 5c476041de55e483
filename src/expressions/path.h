/*
 * Document paths: a, a.b[3].c, #n[0].
 *
 * A path is a row of elements: names and list indexes, the first a name. As parsed, it holds what the text
 * says; resolving replaces #placeholders by the names behind them. Elements live in the arena, names are
 * slices of the request.
 */
#ifndef TURNTABLE_EXPRESSIONS_PATH_H
#define TURNTABLE_EXPRESSIONS_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "items/value.h"

enum { PATH_DEPTH_LIMIT = 32 };

struct path_element {
    struct slice text; /* as written: a name, #placeholder or the digits of an index */
    struct slice name; /* after resolving; empty for an index */
    uint32_t index;    /* when is_index and within range */
    bool is_index;
};

struct path {
    struct path_element *elements;
    unsigned count;
    unsigned capacity;
};

/* Adds an element; the parser's. */
void path_add(struct arena *arena, struct path *path, struct path_element element);

/* What a path leads to, or NULL. The path is resolved. */
const struct value *path_find(const struct path *path, const struct item *item);

bool path_equal(const struct path *a, const struct path *b);

/* Order of elements: names before indexes, names by their bytes, indexes by their value. */
int path_element_compare(const struct path_element *a, const struct path_element *b);

/* Element by element; a path comes before those that it begins. */
int path_compare(const struct path *a, const struct path *b);

enum path_relation {
    PATHS_APART,
    PATHS_OVERLAP,  /* one begins the other, or they are the same */
    PATHS_CONFLICT, /* one takes for a map what the other takes for a list */
};
enum path_relation path_relation(const struct path *a, const struct path *b);

/* As messages show it: "[a, [0], b]". */
struct slice path_text(struct arena *arena, const struct path *path);

#endif
