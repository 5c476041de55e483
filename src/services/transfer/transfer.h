/*
 * Transfers: imports from buckets and exports to them, on a thread of their own.
 *
 * A request that begins one commits its job (job.h) and wakes the thread. The thread finds its work in the
 * jobs that are IN_PROGRESS, so one that a crash or a stop interrupted goes on at the next start, and one
 * whose storage call failed is tried again periodically; a job that cannot go on is FAILED. Jobs are done one
 * after the other, in the order in which they began.
 *
 * The buckets are S3's (s3/objects.h), which has folders under DATA/s3 beside what was put into it: imports
 * read both, exports write into the folders. A server that keeps its tables in memory has no folders, and
 * exports nothing.
 */
#ifndef TURNTABLE_SERVICES_TRANSFER_TRANSFER_H
#define TURNTABLE_SERVICES_TRANSFER_TRANSFER_H

#include "base/failure.h"
#include "catalog/task.h"
#include "services/transfer/job.h"

struct catalog;
struct objects;
struct table;
struct transfer;

struct transfer_settings {
    const char *data;        /* the data folder; NULL: none */
    struct objects *objects; /* where imports read, and whose buckets exports fill; NULL: the folders alone */
    struct slice region;
    struct slice account_id;
    int64_t period; /* milliseconds between two looks at all jobs; 0: a minute */
};

/* The settings outlive it. */
struct transfer *transfer_open(struct catalog *catalog, struct storage *storage,
                               const struct transfer_settings *settings);
void transfer_close(struct transfer *transfer); /* accepts NULL; returns when the thread has ended */

/* There is a new job. */
void transfer_wake(struct transfer *transfer);

/* The folder of all buckets; NULL if the server has no data folder. */
const char *transfer_buckets(const struct transfer *transfer);

/* ---- for the room itself ---- */

/* What the thread works with. */
struct transfer_work {
    struct task *task;
    const char *data;
    const char *buckets;
    struct objects *objects;
    struct slice region;
    struct slice account_id;
};

enum {
    JOB_KEPT_DAYS = 90,    /* AWS: lists show the imports and exports of the past 90 days */
    OBJECTS_LIMIT = 50000, /* of one import. AWS: "Import quotas and validation" */
    REJECTIONS_LOGGED = 10000
};

/* Commits the job's record as it is now; and as one that has ended, FAILED if it has a failure's code. */
must_use enum outcome job_commit(const struct transfer_work *work, const struct job *job);
must_use enum outcome job_end(const struct transfer_work *work, struct job *job);

/* Says in the job why it failed; it becomes FAILED when its table is settled. */
void job_fail(struct job *job, struct arena *arena, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
