#include "services/transfer/transfer.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "catalog/worker.h"
#include "services/transfer/export.h"
#include "services/transfer/import.h"

struct transfer {
    struct transfer_work work; /* without the task, which is the thread's */
    struct arena arena;        /* of the paths */
    struct worker *worker;
};

static const int64_t day = 24 * 60 * 60 * 1000;

/* A job whose storage call failed is looked at again after so long, and old ones are forgotten. */
enum { ROUND_PERIOD = 60 * 1000 };

void job_fail(struct job *job, struct arena *arena, const char *code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    job->failure_code = slice_of(code);
    job->failure_message = arena_vprintf(arena, format, arguments);
    va_end(arguments);
}

enum outcome job_commit(const struct transfer_work *work, const struct job *job)
{
    struct arena arena;
    struct batch batch;

    arena_init(&arena);
    batch_init(&batch, &arena);
    job_put(&batch, job);
    enum outcome outcome = task_outcome(storage_commit_wait(work->task->storage, &batch));
    arena_finish(&arena);
    return outcome;
}

enum outcome job_end(const struct transfer_work *work, struct job *job)
{
    job->status = job->failure_code.len > 0 ? JOB_FAILED : JOB_COMPLETED;
    job->ended = clock_now();
    return job_commit(work, job);
}

/* ---- the thread ---- */

static enum outcome forget(struct task *task, struct arena *arena, const struct job *job)
{
    struct batch batch;

    batch_init(&batch, arena);
    batch_delete(&batch, job_key(arena, job->kind, job->id));
    return task_outcome(storage_commit_wait(task->storage, &batch));
}

static enum outcome look_at(const struct transfer_work *work, struct arena *arena, struct job *job)
{
    if (job->status != JOB_IN_PROGRESS)
        return job->ended < clock_now() - JOB_KEPT_DAYS * day ? forget(work->task, arena, job) : TASK_DONE;
    return job->kind == JOB_IMPORT ? import_run(work, arena, job) : export_run(work, arena, job);
}

/* All jobs of a kind, in the order in which they began. */
static enum outcome work_on(const struct transfer_work *work, enum job_kind kind)
{
    struct buffer last;
    struct arena arena;
    enum outcome outcome = TASK_DONE;

    arena_init(&arena);
    buffer_init(&last);
    while (outcome == TASK_DONE && !task_is_stopping(work->task)) {
        struct job job;
        arena_reset(&arena);
        enum storage_status status = job_next(work->task->storage, &arena, kind, buffer_slice(&last), &job);
        if (status == STORAGE_NOT_FOUND)
            break;
        if (status != STORAGE_OK) {
            outcome = TASK_FAILED;
            break;
        }
        last.len = 0;
        buffer_append(&last, job.id);
        outcome = look_at(work, &arena, &job);
    }
    buffer_finish(&last);
    arena_finish(&arena);
    return outcome;
}

static enum outcome work_round(struct task *task)
{
    const struct transfer *transfer = task->context;
    struct transfer_work work = transfer->work;

    work.task = task;
    enum outcome outcome = work_on(&work, JOB_IMPORT);
    return task_worse(outcome, work_on(&work, JOB_EXPORT));
}

/* ---- life ---- */

struct transfer *transfer_open(struct catalog *catalog, struct storage *storage,
                               const struct transfer_settings *settings)
{
    struct transfer *transfer = calloc(1, sizeof(*transfer));

    CHECK(transfer != NULL);
    arena_init(&transfer->arena);
    transfer->work = (struct transfer_work){.data = settings->data,
                                            .objects = settings->objects,
                                            .region = settings->region,
                                            .account_id = settings->account_id};
    if (settings->data != NULL)
        transfer->work.buckets = arena_printf(&transfer->arena, "%s/s3", settings->data).ptr;
    transfer->worker = worker_start(catalog, storage, work_round,
                                    settings->period > 0 ? settings->period : ROUND_PERIOD, transfer);
    return transfer;
}

void transfer_close(struct transfer *transfer)
{
    if (transfer == NULL)
        return;
    worker_stop(transfer->worker);
    arena_finish(&transfer->arena);
    free(transfer);
}

void transfer_wake(struct transfer *transfer)
{
    worker_wake(transfer->worker);
}

const char *transfer_buckets(const struct transfer *transfer)
{
    return transfer == NULL ? NULL : transfer->work.buckets;
}
