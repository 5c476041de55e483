/*
 * The rounds of the catalog's two workers: all that there may be to do behind the answers, in one list each.
 *
 * What takes long is the builder's, woken by the change that makes the work. What comes with time is the
 * sweeper's, which goes its round periodically and is not held up by the builder.
 */
#ifndef TURNTABLE_CATALOG_ROUNDS_H
#define TURNTABLE_CATALOG_ROUNDS_H

#include "catalog/task.h"

enum outcome build_round(struct task *task);
enum outcome sweep_round(struct task *task);

#endif
