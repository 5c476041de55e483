/*
 * A set of paths, none of which overlaps another: what a projection keeps, or what an update writes.
 *
 * The paths are sorted, so that those that begin alike stand together: a range of the set with a depth is
 * what there is to do within one map or list.
 */
#ifndef TURNTABLE_EXPRESSIONS_PATH_SET_H
#define TURNTABLE_EXPRESSIONS_PATH_SET_H

#include "expressions/parser.h"
#include "expressions/path.h"
#include "expressions/placeholders.h"

struct path_set_member {
    const struct path *path;
    size_t position; /* in the order of the text */
};

struct path_set {
    struct path_set_member *members;
    size_t count;
};

/* Members first to end - 1. */
struct path_range {
    size_t first;
    size_t end;
};

/*
 * Resolves the paths, given in the order of the text, and sorts them into a set; fails if two overlap or
 * conflict. AWS works from the last path to the first and tells the first failure that it meets on this way.
 */
must_use bool path_set_build(struct parser *parser, struct node *const *paths, size_t count,
                             struct placeholders *placeholders, size_t *size, struct path_set *out);

/*
 * Sorts resolved paths into a set, without those checks. Whether two are the same is then to be asked with
 * path_set_double(): the first path, as given, that is there for the second time, or NULL.
 */
void path_set_sort(struct arena *arena, struct node *const *paths, size_t count, struct path_set *out);
const struct path *path_set_double(const struct path_set *set);

/* The part of a range whose paths go on with the same element as its first path, at a depth. */
struct path_range path_set_group(const struct path_set *set, struct path_range range, unsigned depth);

/* The part of a range whose paths go on with this name; empty if there is none. */
struct path_range path_set_find(const struct path_set *set, struct path_range range, unsigned depth,
                                struct slice name);

/* Whether the path of a group ends behind this depth: then it is alone in its group. */
bool path_set_ends(const struct path_set *set, struct path_range group, unsigned depth);

/* The parts of an item that the paths lead to, as a new item that shares values with the old. */
struct item path_set_extract(struct arena *arena, const struct path_set *set, const struct item *item);

#endif
