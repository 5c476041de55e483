#include "services/cloudcontrol/control.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "catalog/claims.h"
#include "catalog/worker.h"
#include "services/cloudcontrol/record.h"
#include "services/cloudcontrol/resource.h"
#include "services/inner.h"

enum { THREADS = 2, ROUND_PERIOD = 60 * 1000, PRUNED_AT_ONCE = 100 };

struct control {
    struct control *self; /* what the threads' tasks, which change nothing of their context, reach it by */
    struct server *server;
    struct worker *workers[THREADS];
    struct claims claims; /* the requests that are worked on */
};

/* One request, while it is worked on. */
struct job {
    struct control *control;
    struct task *task;
    struct arena arena;
    struct control_record record;
    struct version version; /* of the record */
    struct inner_caller caller;
    struct invoker calls;   /* of `caller` */
    struct invoker invoker; /* the same, which also tells when the server stops */
    struct resource_work work;
};

/* ---- calling ---- */

static enum client_outcome call(void *context, struct arena *arena, enum aws_service service,
                                const char *operation, struct slice input, struct client_answer *out)
{
    const struct job *job = context;

    return job->calls.invoke(job->calls.context, arena, service, operation, input, out);
}

static bool is_stopping(void *context)
{
    const struct job *job = context;

    return task_is_stopping(job->task);
}

static bool open_caller(struct job *job)
{
    if (!inner_open(job->control->server->inner, job->record.caller, CONTROL_SERVICE, &job->caller))
        return false;
    job->caller.plain = true;
    job->calls = inner_invoker(&job->caller);
    job->invoker = (struct invoker){.invoke = call, .context = job, .stopping = is_stopping};
    return true;
}

/* ---- records ---- */

/* The record as it was changed. STORAGE_CONFLICT: a wish came in between; it is looked at afresh. */
static enum storage_status write_record(struct job *job, bool settled)
{
    struct batch batch;

    batch_init(&batch, &job->arena);
    batch_guard(&batch, control_key(&job->arena, job->record.token), job->version);
    if (settled)
        control_end(&batch, &job->record);
    else
        control_put(&batch, &job->record);
    enum storage_status status = storage_commit_wait(job->task->storage, &batch);
    job->version = batch.committed;
    return status;
}

/* What came of it is told whatever was wished meanwhile. */
static enum storage_status settle(struct job *job, const char *status, const char *code, struct slice message)
{
    struct storage *storage = job->task->storage;
    struct control_record now;
    enum storage_status written;

    job->record.status = slice_of(status);
    job->record.code = code == NULL ? SLICE("") : slice_of(code);
    job->record.message = message;
    do {
        written = write_record(job, true);
        if (written != STORAGE_CONFLICT)
            return written;
        written = control_read(storage, &job->arena, job->record.token, &now, &job->version);
    } while (written == STORAGE_OK);
    return written;
}

static enum storage_status fail_job(struct job *job)
{
    const struct making *making = &job->work.making;

    if (making->stopped) /* it goes on at the next start */
        return STORAGE_OK;
    return settle(job, "FAILED", making->refusal.code == NULL ? "InternalFailure" : making->refusal.code,
                  work_problem(&job->work));
}

static enum storage_status succeed(struct job *job)
{
    struct slice left = job->work.making.not_applied;

    return settle(job, "SUCCESS", NULL,
                  left.len == 0
                      ? SLICE("")
                      : arena_printf(&job->arena, "Not applied, for this server does not have it: %.*s",
                                     SLICE_ARGS(left)));
}

/* ---- what is asked ---- */

static bool open_wanted(struct job *job, const struct resource_type *type)
{
    return work_open(&job->work, &job->arena, job->control->server, &job->invoker, type, job->record.wanted,
                     job->record.token) &&
           work_check(&job->work);
}

/* What was made of a resource that could not be made whole does not stay. */
static void remove_part(struct job *job)
{
    struct making *making = &job->work.making;
    const struct making_refusal refusal = making->refusal;

    if (making->id.len == 0 || making->stopped)
        return;
    making->before = making->want;
    making->have = NULL;
    (void)(job->work.type->find(making) && making->have != NULL && job->work.type->remove(making));
    making->refusal = refusal;
}

static enum storage_status create(struct job *job, const struct resource_type *type)
{
    struct making *making = &job->work.making;

    if (!open_wanted(job, type) || !type->find(making))
        return fail_job(job);
    if (!job->record.announced) {
        job->record.announced = true;
        job->record.foreign = making->have != NULL;
        enum storage_status status = write_record(job, false);
        if (status != STORAGE_OK)
            return status;
    }
    if (!making_create(making, job->record.foreign)) {
        remove_part(job);
        return fail_job(job);
    }
    job->record.identifier = work_identifier(&job->work);
    return succeed(job);
}

static enum storage_status update(struct job *job, const struct resource_type *type)
{
    struct making *making = &job->work.making;

    if (!open_wanted(job, type) || !work_identify(&job->work, job->record.identifier))
        return fail_job(job);
    making->before = job->record.before;
    if (!work_find(&job->work) || (type->compare != NULL && !type->compare(making)))
        return fail_job(job);
    if (making->fixed != NULL)
        return settle(job, "FAILED", "NotUpdatable", work_fixed(&job->work));
    if (type->update != NULL && !type->update(making))
        return fail_job(job);
    return succeed(job);
}

/* What goes is what is there now, whatever it was made with. That it is about to go is on disk before, so who
 * does not find it after a crash knows why. */
static enum storage_status take_away(struct job *job, const struct resource_type *type)
{
    struct making *making = &job->work.making;
    const struct json *properties, *model;
    bool found = work_open_identified(&job->work, &job->arena, job->control->server, &job->invoker, type,
                                      job->record.identifier) &&
                 work_find(&job->work);

    if (!found && job->record.announced && making->refusal.code != NULL &&
        strcmp(making->refusal.code, "NotFound") == 0)
        return succeed(job);
    if (!found || !work_read(&job->work, &properties, &model))
        return fail_job(job);
    if (!job->record.announced) {
        job->record.announced = true;
        enum storage_status status = write_record(job, false);
        if (status != STORAGE_OK)
            return status;
    }
    making->want = making->before = properties;
    return type->remove(making) ? succeed(job) : fail_job(job);
}

static enum storage_status carry_out(struct job *job)
{
    const struct resource_type *type = resource_type_find(job->record.type);

    if (slice_is(job->record.status, "CANCEL_IN_PROGRESS") && !job->record.announced)
        return settle(job, "CANCEL_COMPLETE", NULL, SLICE(""));
    if (type == NULL || !open_caller(job))
        return settle(job, "FAILED", "InvalidCredentials",
                      SLICE("The security token included in the request is invalid"));
    enum storage_status status = slice_is(job->record.operation, "CREATE")   ? create(job, type)
                                 : slice_is(job->record.operation, "UPDATE") ? update(job, type)
                                                                             : take_away(job, type);
    inner_close(&job->caller);
    return status;
}

static enum outcome work_on(struct control *control, struct task *task, struct slice token)
{
    struct job job = {.control = control, .task = task};

    arena_init(&job.arena);
    enum storage_status status =
        control_read(task->storage, &job.arena, arena_copy(&job.arena, token), &job.record, &job.version);
    if (status == STORAGE_OK)
        /* Of one that another thread has just settled the mark was seen before. */
        status = control_is_settled(&job.record) ? STORAGE_OK : carry_out(&job);
    arena_finish(&job.arena);
    return task_outcome(status);
}

/* ---- all of them ---- */

/* The first mark behind a token. */
static enum storage_status next_work(struct storage *storage, struct slice after, struct buffer *token)
{
    struct slice key, value;
    struct arena arena;

    arena_init(&arena);
    struct key_range range = control_marks(&arena, after);
    struct cursor *cursor = cursor_create(storage, NULL, range.from, range.to, FORWARD);
    enum storage_status status = cursor_next(cursor, &key, &value);
    buffer_reset(token);
    if (status == STORAGE_OK)
        buffer_append(token, control_mark_token(key));
    cursor_destroy(cursor);
    arena_finish(&arena);
    return status;
}

/* Deletes requests that are not told any more, some of them at a time. */
static enum outcome prune(struct task *task)
{
    enum storage_status status;
    struct arena arena;
    struct batch batch;
    size_t count = 0;
    struct slice key, value;

    arena_init(&arena);
    batch_init(&batch, &arena);
    struct key_range range = control_keys_before(&arena, clock_now() - CONTROL_KEPT);
    struct cursor *cursor = cursor_create(task->storage, NULL, range.from, range.to, FORWARD);
    while (count < PRUNED_AT_ONCE && (status = cursor_next(cursor, &key, &value)) == STORAGE_OK) {
        struct control_record record;
        if (control_decode(&arena, value, &record) && control_is_settled(&record)) {
            status = control_delete(task->storage, &batch, &record);
            if (status != STORAGE_OK)
                break;
        }
        count++;
    }
    cursor_destroy(cursor);
    status = batch_is_empty(&batch) ? STORAGE_OK : storage_commit_wait(task->storage, &batch);
    arena_finish(&arena);
    return task_outcome(status);
}

static enum outcome work_round(struct task *task)
{
    struct control *control = *(struct control *const *)task->context;
    enum outcome outcome = prune(task);
    struct buffer token;

    buffer_init(&token);
    while (!task_is_stopping(task)) {
        struct arena arena;
        arena_init(&arena);
        struct slice last = arena_copy(&arena, buffer_slice(&token));
        enum storage_status status = next_work(task->storage, last, &token);
        arena_finish(&arena);
        if (status != STORAGE_OK) {
            outcome = task_worse(outcome, status == STORAGE_NOT_FOUND ? TASK_DONE : TASK_FAILED);
            break;
        }
        if (!claims_take(&control->claims, buffer_slice(&token)))
            continue;
        outcome = task_worse(outcome, work_on(control, task, buffer_slice(&token)));
        claims_give_back(&control->claims, buffer_slice(&token));
    }
    buffer_finish(&token);
    return outcome;
}

/* ---- life ---- */

struct control *control_open(struct server *server)
{
    struct control *control = calloc(1, sizeof(*control));

    CHECK(control != NULL);
    claims_init(&control->claims);
    control->self = control;
    control->server = server;
    for (unsigned i = 0; i < THREADS; i++)
        control->workers[i] =
            worker_start(server->catalog, server->storage, work_round, ROUND_PERIOD, &control->self);
    return control;
}

void control_close(struct control *control)
{
    if (control == NULL)
        return;
    for (unsigned i = 0; i < THREADS; i++)
        worker_stop(control->workers[i]);
    claims_finish(&control->claims);
    free(control);
}

void control_wake(struct control *control)
{
    for (unsigned i = 0; i < THREADS; i++)
        worker_wake(control->workers[i]);
}
