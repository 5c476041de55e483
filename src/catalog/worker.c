#include "catalog/worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/check.h"
#include "base/clock.h"

struct worker {
    struct task task;
    enum outcome (*work)(struct task *task);
    int64_t period; /* milliseconds; 0: none */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t awake; /* by the monotonic clock */
    bool has_work;        /* under the mutex */
};

/* Until somebody wakes the worker or the period is over. Holds the mutex. */
static void sleep_until_work(struct worker *worker)
{
    int64_t until = clock_monotonic() + worker->period * 1000000;
    const struct timespec deadline = {.tv_sec = until / 1000000000, .tv_nsec = until % 1000000000};
    int slept = 0;

    while (!worker->has_work && !task_is_stopping(&worker->task) && slept == 0)
        slept = worker->period > 0 ? pthread_cond_timedwait(&worker->awake, &worker->mutex, &deadline)
                                   : pthread_cond_wait(&worker->awake, &worker->mutex);
    worker->has_work = false;
}

static void *run(void *argument)
{
    struct worker *worker = argument;

    while (!task_is_stopping(&worker->task)) {
        pthread_mutex_lock(&worker->mutex);
        sleep_until_work(worker);
        pthread_mutex_unlock(&worker->mutex);
        while (!task_is_stopping(&worker->task) && worker->work(&worker->task) == TASK_AGAIN)
            continue;
    }
    return NULL;
}

struct worker *worker_start(struct catalog *catalog, struct storage *storage,
                            enum outcome (*work)(struct task *task), int64_t period, const void *context)
{
    struct worker *worker = calloc(1, sizeof(*worker));
    pthread_condattr_t monotonic;

    CHECK(worker != NULL);
    worker->task.catalog = catalog;
    worker->task.storage = storage;
    worker->task.context = context;
    atomic_init(&worker->task.stopping, false);
    worker->work = work;
    worker->period = period;
    worker->has_work = true;
    CHECK(pthread_mutex_init(&worker->mutex, NULL) == 0);
    CHECK(pthread_condattr_init(&monotonic) == 0 &&
          pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&worker->awake, &monotonic) == 0);
    CHECK(pthread_condattr_destroy(&monotonic) == 0);
    CHECK(pthread_create(&worker->thread, NULL, run, worker) == 0);
    return worker;
}

void worker_stop(struct worker *worker)
{
    if (worker == NULL)
        return;
    atomic_store(&worker->task.stopping, true);
    worker_wake(worker);
    pthread_join(worker->thread, NULL);
    pthread_cond_destroy(&worker->awake);
    pthread_mutex_destroy(&worker->mutex);
    free(worker);
}

void worker_wake(struct worker *worker)
{
    if (worker == NULL)
        return;
    pthread_mutex_lock(&worker->mutex);
    worker->has_work = true;
    pthread_cond_signal(&worker->awake);
    pthread_mutex_unlock(&worker->mutex);
}
