/* A parsed projection, as the files of this room see it. */
#ifndef TURNTABLE_EXPRESSIONS_PROJECTION_H
#define TURNTABLE_EXPRESSIONS_PROJECTION_H

#include "expressions/expressions.h"
#include "expressions/path_set.h"

/* A path that gives an attribute of its own. */
struct column {
    struct slice label;
    const struct path *path;
};

struct projection {
    struct path_set paths;
    struct column *columns; /* NULL: what the paths lead to stays in its place */
    size_t column_count;
};

/*
 * From the paths of the parser's chain of mentions: resolves and checks them. `labels` NULL: what they lead
 * to keeps its place in lists and maps; otherwise each gives an attribute of its own, under the label of the
 * same number.
 */
must_use bool projection_build(struct parser *parser, const struct slice *labels,
                               struct placeholders *placeholders, struct projection **out);

#endif
