#include "storage/group_commit.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "storage/engine.h"

/* A group is no larger than this, unless it is a single batch: those who wait behind it wait for that many
 * bytes. */
enum { GROUP_BYTES = 8 * 1024 * 1024, GROUP_BATCHES = 4096 };

/* A list of batches, linked by next_in_queue. */
struct queue {
    struct batch *first;
    struct batch **last;
};

struct erasure {
    struct slice from;
    struct slice to;
    enum storage_status status;
    sem_t done;
    struct erasure *next;
};

struct group_commit {
    const struct group_commit_engine *functions;
    void *engine;
    pthread_t thread;
    atomic_uint_fast64_t published; /* the number of the last batch on disk */
    atomic_int refusal;             /* an enum storage_status */

    pthread_mutex_t mutex;
    pthread_cond_t arrived;
    struct queue queue;       /* under the mutex */
    struct erasure *erasures; /* under the mutex */
    bool stopping;            /* under the mutex */

    /* The committer's. */
    struct guards *guards;
    struct counters *counters;
    int64_t time; /* of the present group; milliseconds since 1970 */
};

static void queue_init(struct queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
}

static void queue_add(struct queue *queue, struct batch *batch)
{
    batch->next_in_queue = NULL;
    *queue->last = batch;
    queue->last = &batch->next_in_queue;
}

static struct batch *queue_take(struct queue *queue)
{
    struct batch *batch = queue->first;

    queue->first = batch->next_in_queue;
    if (queue->first == NULL)
        queue->last = &queue->first;
    return batch;
}

static void answer(struct queue *queue, enum storage_status status)
{
    while (queue->first != NULL)
        batch_done(queue_take(queue), status);
}

/* ---- the committer ---- */

static void put_counters(void *context, struct slice key, struct slice value)
{
    struct group_commit *group_commit = context;

    group_commit->functions->put(group_commit->engine, guards_number(group_commit->guards), key, value);
}

static void apply(struct group_commit *group_commit, struct batch *batch)
{
    uint64_t number = guards_admit(group_commit->guards, batch);

    batch_stamp(batch, number, group_commit->time);
    for (const struct change *change = batch->changes; change != NULL; change = change->next) {
        counters_apply(group_commit->counters, change);
        if (change->kind == CHANGE_PUT || change->kind == CHANGE_APPEND)
            group_commit->functions->put(group_commit->engine, number, change->key, change->value);
        else if (change->kind == CHANGE_DELETE)
            group_commit->functions->delete (group_commit->engine, change->key);
    }
    batch->committed = (struct version){.written = number, .seen = number};
}

/* Takes batches off the queue until the group is large enough. True if something is to be written. */
static bool form_group(struct group_commit *group_commit, struct queue *waiting, struct queue *admitted,
                       struct queue *conflicted)
{
    size_t bytes = 0, batches = 0;
    bool writes = false;

    guards_begin_group(group_commit->guards);
    int64_t now = clock_now();
    if (now > group_commit->time) /* the clock may be set back */
        group_commit->time = now;
    while (waiting->first != NULL && batches < GROUP_BATCHES) {
        if (batches > 0 && bytes + waiting->first->bytes > GROUP_BYTES)
            break;
        struct batch *batch = queue_take(waiting);
        bytes += batch->bytes;
        batches++;
        enum storage_status status = guards_check(group_commit->guards, batch);
        if (status == STORAGE_OK)
            status = counters_load(group_commit->counters, batch);
        if (status == STORAGE_OK) {
            writes = writes || batch->changes != NULL;
            apply(group_commit, batch);
            queue_add(admitted, batch);
        } else if (status == STORAGE_CONFLICT) {
            queue_add(conflicted, batch);
        } else {
            batch_done(batch, status);
        }
    }
    counters_flush(group_commit->counters, put_counters, group_commit);
    return writes;
}

static void refuse(struct group_commit *group_commit, enum storage_status status)
{
    atomic_store(&group_commit->refusal, (int)status);
}

static void commit_group(struct group_commit *group_commit, struct queue *waiting)
{
    struct queue admitted, conflicted;
    enum storage_status status = STORAGE_OK;

    queue_init(&admitted);
    queue_init(&conflicted);
    if (form_group(group_commit, waiting, &admitted, &conflicted))
        status = group_commit->functions->write(group_commit->engine);
    if (status == STORAGE_OK)
        atomic_store_explicit(&group_commit->published, guards_number(group_commit->guards),
                              memory_order_release);
    else
        refuse(group_commit, status);
    answer(&admitted, status);
    answer(&conflicted, STORAGE_CONFLICT);
}

static void erase(struct group_commit *group_commit, struct erasure *erasure)
{
    erasure->status = group_commit_refusal(group_commit);
    if (erasure->status == STORAGE_OK) {
        erasure->status = group_commit->functions->erase(group_commit->engine, erasure->from, erasure->to);
        if (erasure->status != STORAGE_OK)
            refuse(group_commit, erasure->status);
        guards_forget(group_commit->guards);
        counters_forget(group_commit->counters);
        atomic_store_explicit(&group_commit->published, guards_number(group_commit->guards),
                              memory_order_release);
    }
    CHECK(sem_post(&erasure->done) == 0);
}

static void work(struct group_commit *group_commit, struct queue *waiting, struct erasure *erasures)
{
    while (waiting->first != NULL) {
        enum storage_status refusal = group_commit_refusal(group_commit);
        if (refusal == STORAGE_OK)
            commit_group(group_commit, waiting);
        else
            answer(waiting, refusal);
    }
    while (erasures != NULL) {
        struct erasure *erasure = erasures;
        erasures = erasure->next; /* it is gone once it is done */
        erase(group_commit, erasure);
    }
}

static void *run(void *argument)
{
    struct group_commit *group_commit = argument;
    bool stopping = false;

    while (!stopping) {
        struct queue waiting;
        queue_init(&waiting);
        pthread_mutex_lock(&group_commit->mutex);
        while (group_commit->queue.first == NULL && group_commit->erasures == NULL && !group_commit->stopping)
            pthread_cond_wait(&group_commit->arrived, &group_commit->mutex);
        if (group_commit->queue.first != NULL) {
            waiting = group_commit->queue;
            queue_init(&group_commit->queue);
        }
        struct erasure *erasures = group_commit->erasures;
        group_commit->erasures = NULL;
        stopping = group_commit->stopping && waiting.first == NULL && erasures == NULL;
        pthread_mutex_unlock(&group_commit->mutex);
        work(group_commit, &waiting, erasures);
    }
    return NULL;
}

/* ---- for the others ---- */

void group_commit_add(struct group_commit *group_commit, struct batch *batch)
{
    pthread_mutex_lock(&group_commit->mutex);
    bool was_empty = group_commit->queue.first == NULL;
    CHECK(!group_commit->stopping);
    queue_add(&group_commit->queue, batch);
    pthread_mutex_unlock(&group_commit->mutex);
    if (was_empty)
        pthread_cond_signal(&group_commit->arrived);
}

enum storage_status group_commit_erase(struct group_commit *group_commit, struct slice from, struct slice to)
{
    struct erasure erasure = {.from = from, .to = to};

    CHECK(sem_init(&erasure.done, 0, 0) == 0);
    pthread_mutex_lock(&group_commit->mutex);
    CHECK(!group_commit->stopping);
    erasure.next = group_commit->erasures;
    group_commit->erasures = &erasure;
    pthread_mutex_unlock(&group_commit->mutex);
    pthread_cond_signal(&group_commit->arrived);
    while (sem_wait(&erasure.done) != 0)
        continue; /* a signal came in between */
    CHECK(sem_destroy(&erasure.done) == 0);
    return erasure.status;
}

uint64_t group_commit_seen(const struct group_commit *group_commit)
{
    return atomic_load_explicit(&group_commit->published, memory_order_acquire);
}

enum storage_status group_commit_refusal(const struct group_commit *group_commit)
{
    return (enum storage_status)atomic_load(&group_commit->refusal);
}

struct group_commit *group_commit_start(const struct group_commit_engine *functions, void *engine,
                                        uint64_t number)
{
    struct group_commit *group_commit = calloc(1, sizeof(*group_commit));

    CHECK(group_commit != NULL);
    group_commit->functions = functions;
    group_commit->engine = engine;
    group_commit->guards = guards_create(number, functions->read_number, engine);
    group_commit->counters = counters_create(functions->read_counters, engine);
    atomic_init(&group_commit->published, number);
    atomic_init(&group_commit->refusal, STORAGE_OK);
    queue_init(&group_commit->queue);
    CHECK(pthread_mutex_init(&group_commit->mutex, NULL) == 0);
    CHECK(pthread_cond_init(&group_commit->arrived, NULL) == 0);
    CHECK(pthread_create(&group_commit->thread, NULL, run, group_commit) == 0);
    return group_commit;
}

void group_commit_stop(struct group_commit *group_commit)
{
    if (group_commit == NULL)
        return;
    pthread_mutex_lock(&group_commit->mutex);
    group_commit->stopping = true;
    pthread_mutex_unlock(&group_commit->mutex);
    pthread_cond_signal(&group_commit->arrived);
    CHECK(pthread_join(group_commit->thread, NULL) == 0);
    pthread_cond_destroy(&group_commit->arrived);
    pthread_mutex_destroy(&group_commit->mutex);
    guards_destroy(group_commit->guards);
    counters_destroy(group_commit->counters);
    free(group_commit);
}
