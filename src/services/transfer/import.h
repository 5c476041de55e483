/* Imports: the objects of a bucket into a new table. */
#ifndef TURNTABLE_SERVICES_TRANSFER_IMPORT_H
#define TURNTABLE_SERVICES_TRANSFER_IMPORT_H

#include "catalog/task.h"
#include "services/transfer/transfer.h"

/*
 * Does an import, or what an interrupted one left to be done, to its end. TASK_DONE: the job has ended, well
 * or not. TASK_AGAIN: somebody was in the way, or the server stops; to be called again. TASK_FAILED: the
 * storage refuses. The arena lives as long as the job.
 */
must_use enum outcome import_run(const struct transfer_work *work, struct arena *arena, struct job *job);

#endif
