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
    struct slice places[PROBLEMS_LIMIT]; /* where in the template, if the text does not say it; or empty */
    size_t count;                        /* may exceed what is kept */
};

void problems_init(struct problems *problems, struct arena *arena);

/* Adds a name to a list of them in a sentence, "a, b", if it is not in it. The list does not grow beyond what
 * a sentence may have. */
void problems_list(struct arena *arena, struct slice *list, struct slice name);

/* One of those that are kept, with its place behind it. */
struct slice problems_text(const struct problems *problems, size_t at);

/* Returns false, always. A long text is cut. */
bool problems_add(struct problems *problems, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Says where the problem that was added last is: "Resources.Table.Properties.TableName". */
void problems_locate(struct problems *problems, struct slice place);

#endif
