#include "stacks/engine.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "catalog/claims.h"
#include "catalog/keys.h"
#include "catalog/worker.h"
#include "stacks/purge.h"
#include "stacks/run.h"

/* A stack whose storage call failed is looked at again after so long. */
enum { ROUND_PERIOD = 60 * 1000 };
/* How often it is looked for stacks that were deleted long ago. */
enum { PURGE_PERIOD = 60 * 60 * 1000 };

struct engine {
    struct engine *self; /* what the threads' tasks, which change nothing of their context, reach it by */
    struct engine_settings settings;
    struct storage *storage;
    struct worker *workers[ENGINE_THREADS];
    struct worker *purger;
    struct claims claims;     /* the stacks that are worked on */
    pthread_mutex_t adopting; /* run.h */
    pthread_mutex_t lock;     /* of what follows */
    struct engine_waiter *waiters;
    bool let_go;
    pthread_t clock;       /* wakes waiters whose time is over */
    pthread_cond_t ticked; /* by the monotonic clock: there is another waiter, or nobody waits any more */
};

/* ---- one stack ---- */

static enum client_outcome call(void *context, struct arena *arena, enum aws_service service,
                                const char *operation, struct slice input, struct client_answer *out)
{
    const struct work *work = context;

    return work->calls.invoke(work->calls.context, arena, service, operation, input, out);
}

static bool is_stopping(void *context)
{
    const struct work *work = context;

    return task_is_stopping(work->task);
}

/* Of who is not there any more, each call is refused. */
static enum client_outcome refuse(void *context, struct arena *arena, enum aws_service service,
                                  const char *operation, struct slice input, struct client_answer *out)
{
    (void)context;
    (void)arena;
    (void)service;
    (void)operation;
    (void)input;
    *out = (struct client_answer){.type = SLICE("UnrecognizedClientException"),
                                  .message = SLICE("The security token included in the request is invalid")};
    return CLIENT_REFUSED;
}

static void open_caller(struct work *work, const struct run *run)
{
    const struct engine_hands *hands = &work->settings->hands;

    if (work->opened != NULL)
        return;
    work->opened = hands->open(hands->context, run->record.caller, &work->calls);
    work->invoker = (struct invoker){.invoke = work->opened == NULL ? refuse : call,
                                     .context = work,
                                     .within = true,
                                     .stopping = is_stopping};
}

static void close_caller(struct work *work)
{
    const struct engine_hands *hands = &work->settings->hands;

    if (work->opened != NULL)
        hands->close(hands->context, work->opened);
    work->opened = NULL;
}

static enum step work_once(struct run *run)
{
    switch (run->record.status) {
    case STACK_CREATE_IN_PROGRESS:
        return run_create(run);
    case STACK_ROLLBACK_IN_PROGRESS:
        return run_delete(run, true);
    case STACK_DELETE_IN_PROGRESS:
        return run_delete(run, false);
    case STACK_UPDATE_IN_PROGRESS:
        return run_update(run);
    case STACK_UPDATE_COMPLETE_CLEANUP_IN_PROGRESS:
        return run_clean_up(run, false);
    case STACK_UPDATE_ROLLBACK_IN_PROGRESS:
        return run_update_rollback(run);
    case STACK_UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS:
        return run_clean_up(run, true);
    case STACK_IMPORT_IN_PROGRESS:
        return run_import(run);
    case STACK_IMPORT_ROLLBACK_IN_PROGRESS:
        return run_import_rollback(run);
    default:
        return run_end(run); /* a mark without work */
    }
}

/* ---- wishes ---- */

/* What was being made or changed when something else was wanted is told to be left. */
static void leave_resources(struct run *run)
{
    for (size_t i = 0; i < run->resources.count; i++) {
        struct resource_record *resource = &run->resources.items[i];
        if (resource->status == STACK_CREATE_IN_PROGRESS)
            run_set_resource(run, resource, STACK_CREATE_FAILED, SLICE("Resource creation cancelled"));
        else if (resource->status == STACK_UPDATE_IN_PROGRESS)
            run_set_resource(run, resource, STACK_UPDATE_FAILED, SLICE("Resource update cancelled"));
    }
}

static void begin_removal(struct run *run, const struct stack_wishes *wishes)
{
    struct stack_record *record = &run->record;

    close_caller(run->work); /* another one asks */
    record->caller = wishes->caller;
    record->token = wishes->token;
    record->retain = wishes->retain;
    record->action = SLICE("DeleteStack");
    record->turn++;
    if (wishes->role.len > 0)
        record->role = wishes->role;
    leave_resources(run);
    run_set_status(run, STACK_DELETE_IN_PROGRESS, SLICE("User Initiated"));
}

static void begin_cancellation(struct run *run)
{
    leave_resources(run);
    run->record.source.outputs = run->record.before.outputs;
    run_set_status(run, run_way_back(run), SLICE("User Initiated"));
}

/* What was asked for meanwhile goes first. */
static enum step grant_wishes(struct run *run)
{
    struct work *work = run->work;
    struct stack_wishes wishes;

    if (stack_read_wishes(work->task->storage, run->arena, run->record.uuid, &wishes, &work->wishes_seen) !=
        STORAGE_OK)
        return STEP_BROKEN;
    if (!wishes.remove && !wishes.cancel)
        return STEP_DONE;
    if (wishes.remove)
        begin_removal(run, &wishes);
    else if (run->record.status == STACK_UPDATE_IN_PROGRESS)
        begin_cancellation(run);
    batch_guard(&work->batch, stack_wishes_key(&work->written, run->record.uuid), work->wishes_seen);
    wishes.remove = wishes.cancel = false;
    stack_put_wishes(&work->batch, run->record.uuid, &wishes);
    enum step step = run_flush(run);
    return step == STEP_DONE ? STEP_STOPPED : step; /* the wishes are others now */
}

/* A nested stack that is updated, or taken back, cleans up when its parent does. */
static bool has_to_wait(const struct run *run)
{
    enum stack_status parent = run->parent == NULL ? STACK_NONE : run->parent->record.status;

    switch (run->record.status) {
    case STACK_UPDATE_COMPLETE_CLEANUP_IN_PROGRESS:
        return parent == STACK_UPDATE_IN_PROGRESS;
    case STACK_UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS:
        return parent == STACK_UPDATE_IN_PROGRESS || parent == STACK_UPDATE_ROLLBACK_IN_PROGRESS;
    default:
        return false;
    }
}

/* Something else is wanted: what was done until then is written down, so that it is not done again. */
static enum step leave(struct run *run)
{
    return run_flush(run) == STEP_BROKEN ? STEP_BROKEN : STEP_STOPPED;
}

enum step run_carry_out(struct work *work, struct run *parent, struct slice uuid)
{
    struct run run;
    enum step step;

    do {
        step = run_open(work, parent, uuid, &run);
        if (step == STEP_DONE && parent == NULL)
            step = grant_wishes(&run);
        if (step == STEP_DONE && has_to_wait(&run))
            return STEP_DONE;
        if (step == STEP_DONE)
            open_caller(work, &run);
        if (step == STEP_DONE)
            step = work_once(&run);
        if (step == STEP_STOPPED && parent == NULL)
            step = leave(&run);
    } while ((step == STEP_DONE && stack_in_progress(run.record.status)) ||
             (step == STEP_STOPPED && parent == NULL && !task_is_stopping(work->task)));
    return step;
}

static enum outcome work_on(struct task *task, const struct engine *engine, struct slice uuid)
{
    struct work work = {.settings = &engine->settings, .task = task, .adopting = &engine->self->adopting};

    arena_init(&work.arena);
    arena_init(&work.written);
    batch_init(&work.batch, &work.written);
    work.root = arena_copy(&work.arena, uuid);
    enum step step = run_carry_out(&work, NULL, work.root);
    close_caller(&work);
    arena_finish(&work.written);
    arena_finish(&work.arena);
    return step == STEP_BROKEN ? TASK_FAILED : TASK_AGAIN;
}

/* ---- waiting ---- */

/* Holds the lock. Wakes those for whom `due` holds. */
static void wake_those(struct engine *engine, bool (*due)(const struct engine_waiter *waiter, const void *of),
                       const void *of)
{
    struct engine_waiter **at = &engine->waiters;

    while (*at != NULL) {
        struct engine_waiter *waiter = *at;
        if (!due(waiter, of)) {
            at = &waiter->next;
            continue;
        }
        *at = waiter->next;
        waiter->waits = false;
        waiter->wake(waiter->context); /* the last that is seen of it here */
    }
}

static bool is_of_stack(const struct engine_waiter *waiter, const void *of)
{
    return slice_equal(waiter->uuid, *(const struct slice *)of);
}

static bool is_late(const struct engine_waiter *waiter, const void *of)
{
    return waiter->deadline <= *(const int64_t *)of;
}

static bool is_any(const struct engine_waiter *waiter, const void *of)
{
    (void)waiter;
    (void)of;
    return true;
}

static void came_to_rest(struct engine *engine, struct slice uuid)
{
    pthread_mutex_lock(&engine->lock);
    wake_those(engine, is_of_stack, &uuid);
    pthread_mutex_unlock(&engine->lock);
}

static bool is_in_progress(struct engine *engine, struct slice uuid)
{
    struct stack_record record;
    struct version version;
    struct arena arena;

    arena_init(&arena);
    bool in_progress = stack_read(engine->storage, &arena, uuid, &record, &version) == STORAGE_OK &&
                       stack_in_progress(record.status);
    arena_finish(&arena);
    return in_progress;
}

bool engine_await(struct engine *engine, struct engine_waiter *waiter, struct slice uuid,
                  int64_t milliseconds, void (*wake)(void *context), void *context)
{
    *waiter = (struct engine_waiter){.uuid = uuid,
                                     .deadline = clock_monotonic() + milliseconds * 1000000,
                                     .wake = wake,
                                     .context = context};
    pthread_mutex_lock(&engine->lock);
    waiter->waits = !engine->let_go;
    /* Looked at while nobody can be woken: who ends the stack's operation comes after. */
    if (waiter->waits && !is_in_progress(engine, uuid))
        waiter->waits = false;
    bool waits = waiter->waits;
    if (waits) {
        waiter->next = engine->waiters;
        engine->waiters = waiter;
        pthread_cond_signal(&engine->ticked);
    }
    pthread_mutex_unlock(&engine->lock);
    return waits;
}

void engine_forget(struct engine *engine, struct engine_waiter *waiter)
{
    struct engine_waiter **at = &engine->waiters;

    pthread_mutex_lock(&engine->lock);
    while (waiter->waits && *at != waiter)
        at = &(*at)->next;
    if (waiter->waits)
        *at = waiter->next;
    waiter->waits = false;
    pthread_mutex_unlock(&engine->lock);
}

void engine_let_go(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    engine->let_go = true;
    wake_those(engine, is_any, NULL);
    pthread_cond_signal(&engine->ticked);
    pthread_mutex_unlock(&engine->lock);
}

/* Holds the lock. */
static void wait_for_tick(struct engine *engine)
{
    int64_t earliest = INT64_MAX;

    for (const struct engine_waiter *waiter = engine->waiters; waiter != NULL; waiter = waiter->next)
        earliest = waiter->deadline < earliest ? waiter->deadline : earliest;
    const struct timespec until = {.tv_sec = earliest / 1000000000, .tv_nsec = earliest % 1000000000};
    if (engine->waiters == NULL)
        (void)pthread_cond_wait(&engine->ticked, &engine->lock);
    else
        (void)pthread_cond_timedwait(&engine->ticked, &engine->lock, &until);
}

static void *tick(void *context)
{
    struct engine *engine = context;

    pthread_mutex_lock(&engine->lock);
    while (!engine->let_go) {
        wait_for_tick(engine);
        int64_t now = clock_monotonic();
        wake_those(engine, is_late, &now);
    }
    pthread_mutex_unlock(&engine->lock);
    return NULL;
}

/* ---- all of them ---- */

/* The first stack that nobody works on, behind the one that was looked at last. STORAGE_NOT_FOUND: none. */
static enum storage_status next_work(struct storage *storage, struct slice after, struct buffer *uuid)
{
    struct key_range range;
    struct arena arena;
    struct slice key, value;

    arena_init(&arena);
    range = keys_stack_range(&arena, STACK_WORK, SLICE(""));
    if (after.len > 0)
        range.from = keys_after(&arena, keys_stack(&arena, STACK_WORK, after, SLICE("")));
    struct cursor *cursor = cursor_create(storage, NULL, range.from, range.to, FORWARD);
    enum storage_status status = cursor_next(cursor, &key, &value);
    uuid->len = 0;
    if (status == STORAGE_OK)
        buffer_append(uuid, keys_stack_first(key));
    cursor_destroy(cursor);
    arena_finish(&arena);
    return status;
}

static enum outcome work_round(struct task *task)
{
    struct engine *engine = *(struct engine *const *)task->context;
    enum outcome outcome = TASK_DONE;
    struct buffer uuid;

    buffer_init(&uuid);
    while (!task_is_stopping(task)) {
        struct slice last = buffer_slice(&uuid);
        enum storage_status status = next_work(task->storage, last, &uuid);
        if (status != STORAGE_OK) {
            outcome = task_worse(outcome, status == STORAGE_NOT_FOUND ? TASK_DONE : TASK_FAILED);
            break;
        }
        if (!claims_take(&engine->claims, buffer_slice(&uuid)))
            continue;
        outcome = task_worse(outcome, work_on(task, engine, buffer_slice(&uuid)));
        claims_give_back(&engine->claims, buffer_slice(&uuid));
        came_to_rest(engine, buffer_slice(&uuid));
    }
    buffer_finish(&uuid);
    return outcome;
}

static enum outcome purge_round(struct task *task)
{
    return stacks_purge(task, clock_now());
}

/* ---- life ---- */

static void start_clock(struct engine *engine)
{
    pthread_condattr_t monotonic;

    CHECK(pthread_condattr_init(&monotonic) == 0 &&
          pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 &&
          pthread_cond_init(&engine->ticked, &monotonic) == 0 && pthread_condattr_destroy(&monotonic) == 0);
    CHECK(pthread_create(&engine->clock, NULL, tick, engine) == 0);
}

struct engine *engine_open(struct catalog *catalog, struct storage *storage,
                           const struct engine_settings *settings)
{
    struct engine *engine = calloc(1, sizeof(*engine));

    CHECK(engine != NULL && pthread_mutex_init(&engine->lock, NULL) == 0 &&
          pthread_mutex_init(&engine->adopting, NULL) == 0);
    claims_init(&engine->claims);
    engine->settings = *settings;
    engine->storage = storage;
    engine->self = engine;
    start_clock(engine);
    for (unsigned i = 0; i < ENGINE_THREADS; i++)
        engine->workers[i] =
            worker_start(catalog, storage, work_round, settings->period > 0 ? settings->period : ROUND_PERIOD,
                         &engine->self);
    engine->purger = worker_start(catalog, storage, purge_round, PURGE_PERIOD, NULL);
    return engine;
}

void engine_close(struct engine *engine)
{
    if (engine == NULL)
        return;
    for (unsigned i = 0; i < ENGINE_THREADS; i++)
        worker_stop(engine->workers[i]);
    worker_stop(engine->purger);
    engine_let_go(engine);
    pthread_join(engine->clock, NULL);
    pthread_cond_destroy(&engine->ticked);
    pthread_mutex_destroy(&engine->lock);
    pthread_mutex_destroy(&engine->adopting);
    claims_finish(&engine->claims);
    free(engine);
}

void engine_wake(struct engine *engine)
{
    for (unsigned i = 0; i < ENGINE_THREADS; i++)
        worker_wake(engine->workers[i]);
}
