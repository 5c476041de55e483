/*
 * A worker: a thread of the catalog's that does tasks behind the answers (task.h).
 *
 * It sleeps until worker_wake(), or until its period is over, and then works until nothing is left to do.
 */
#ifndef TURNTABLE_CATALOG_WORKER_H
#define TURNTABLE_CATALOG_WORKER_H

#include <stdint.h>

#include "catalog/task.h"

struct worker;

/* `work` looks over all there is to do; it is called again while it says TASK_AGAIN. `period` in
 * milliseconds; 0: only when woken. `context` becomes the task's. The first work begins at once: what the
 * last run of the server left. */
struct worker *worker_start(struct catalog *catalog, struct storage *storage,
                            enum outcome (*work)(struct task *task), int64_t period, const void *context);
void worker_stop(struct worker *worker); /* accepts NULL; returns when the thread has ended */
void worker_wake(struct worker *worker); /* accepts NULL */

#endif
