/* Exports: a table as it was at a moment, or what was changed between two, into the objects of a bucket. */
#ifndef TURNTABLE_SERVICES_TRANSFER_EXPORT_H
#define TURNTABLE_SERVICES_TRANSFER_EXPORT_H

#include "catalog/task.h"
#include "services/transfer/transfer.h"

/* The folder of the export's objects in its bucket: "PREFIX/AWSDynamoDB/ID". */
struct slice export_folder(struct arena *arena, const struct job *job);

/*
 * Does an export, from its beginning if an earlier run was interrupted, to its end. TASK_DONE: the job has
 * ended, well or not. TASK_AGAIN: the server stops. TASK_FAILED: the storage refuses. The arena lives as long
 * as the job.
 */
must_use enum outcome export_run(const struct transfer_work *work, struct arena *arena, struct job *job);

#endif
