/*
 * The placeholders of a request, as the parsers of this room use them: to look one up is to use it.
 *
 * They also keep every document path that was resolved with them, in order, for the rule that keys are
 * scalars.
 */
#ifndef TURNTABLE_EXPRESSIONS_PLACEHOLDERS_H
#define TURNTABLE_EXPRESSIONS_PLACEHOLDERS_H

#include "expressions/ast.h"
#include "expressions/expressions.h"

/* Two maps of one form: names have `name`, values have `value`. */
struct placeholder {
    struct slice key; /* with its # or : */
    struct slice name;
    struct value value;
    size_t size; /* of what it stands for, in bytes */
    bool used;
};

/* A hash table with open addressing, half empty at least; the slots hold indexes + 1. */
struct placeholder_map {
    struct placeholder *all; /* in the order of the request */
    size_t count;
    uint32_t *slots;
    size_t mask; /* slots - 1 */
};

struct resolved_path {
    const struct path *path;
    struct resolved_path *next;
};

struct placeholders {
    struct arena *arena;
    bool none; /* a name is a name, also one that begins with # or : */
    struct placeholder_map names;
    struct placeholder_map values;
    struct resolved_path *paths;
    struct resolved_path **paths_end;
};

/* NULL if there is none. */
struct placeholder *placeholder_find(const struct placeholder_map *map, struct slice key);

/* Resolves the names of a path, and checks its depth. *size grows by what the names add to the text. */
must_use bool placeholders_resolve_path(struct placeholders *placeholders, enum expression_kind kind,
                                        struct path *path, size_t *size, struct failure *failure);

/* Resolves a NODE_VALUE, unless it has its value. */
must_use bool placeholders_resolve_value(struct placeholders *placeholders, enum expression_kind kind,
                                         struct node *node, size_t *size, struct failure *failure);

#endif
