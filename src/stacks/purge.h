/*
 * What there is of stacks that were deleted long ago, and that nobody is told of any more.
 */
#ifndef TURNTABLE_STACKS_PURGE_H
#define TURNTABLE_STACKS_PURGE_H

#include "catalog/task.h"

/*
 * Erases everything of stacks that were deleted more than STACK_KEPT_DAYS before `now` (milliseconds since
 * 1970): records, events, resources, templates, change sets. TASK_AGAIN: there may be more.
 * AWS: deleted stacks are described for 90 days.
 */
must_use enum outcome stacks_purge(struct task *task, int64_t now);

#endif
