/*
 * What is wrong with a template: sentences, each with the resource, the property and the reason. All of a
 * template is read before the first change, so several problems can be told at once; of very many the first
 * few are kept, and the rest counted.
 */
#ifndef TURNTABLE_DEPLOY_PROBLEMS_H
#define TURNTABLE_DEPLOY_PROBLEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"

enum { PROBLEMS_LIMIT = 8, PROBLEM_LENGTH_LIMIT = 1000 };

struct problems {
    struct arena *arena;
    struct slice texts[PROBLEMS_LIMIT];
    size_t count; /* may exceed what is kept */
};

void problems_init(struct problems *problems, struct arena *arena);

/* Adds a name to a list of them in a sentence, "a, b". The list does not grow beyond what a sentence may
 * have. */
void problems_list(struct arena *arena, struct slice *list, struct slice name);

/* Returns false, always. A long text is cut. */
bool problems_add(struct problems *problems, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
