#include "services/cognito_idp/spare_keys.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "catalog/worker.h"

struct spare_keys {
    struct spare_keys *self; /* what the worker's task, which changes nothing of its context, reaches it by */
    int64_t begin;           /* of the monotonic clock, nanoseconds: none are made before */
    struct worker *worker;
    pthread_mutex_t lock; /* of what follows */
    struct jwt_key *keys[SPARE_KEYS];
    size_t count;
};

/* The worker alone adds any. */
static void add(struct spare_keys *spares, struct jwt_key *key)
{
    pthread_mutex_lock(&spares->lock);
    CHECK(spares->count < SPARE_KEYS);
    spares->keys[spares->count++] = key;
    pthread_mutex_unlock(&spares->lock);
}

static enum outcome make_round(struct task *task)
{
    struct spare_keys *spares = *(struct spare_keys *const *)task->context;

    if (clock_monotonic() < spares->begin || spare_keys_count(spares) == SPARE_KEYS)
        return TASK_DONE;
    add(spares, jwt_key_create());
    return TASK_AGAIN;
}

struct spare_keys *spare_keys_open(int64_t period)
{
    struct spare_keys *spares = calloc(1, sizeof(*spares));

    CHECK(spares != NULL && pthread_mutex_init(&spares->lock, NULL) == 0);
    spares->self = spares;
    spares->begin = clock_monotonic() + period * 1000000;
    spares->worker = worker_start(NULL, NULL, make_round, period, &spares->self);
    return spares;
}

void spare_keys_close(struct spare_keys *spares)
{
    if (spares == NULL)
        return;
    worker_stop(spares->worker);
    for (size_t i = 0; i < spares->count; i++)
        jwt_key_destroy(spares->keys[i]);
    pthread_mutex_destroy(&spares->lock);
    free(spares);
}

struct jwt_key *spare_keys_take(struct spare_keys *spares)
{
    struct jwt_key *key = NULL;

    if (spares != NULL) {
        pthread_mutex_lock(&spares->lock);
        if (spares->count > 0)
            key = spares->keys[--spares->count];
        pthread_mutex_unlock(&spares->lock);
    }
    return key != NULL ? key : jwt_key_create();
}

size_t spare_keys_count(struct spare_keys *spares)
{
    pthread_mutex_lock(&spares->lock);
    size_t count = spares->count;
    pthread_mutex_unlock(&spares->lock);
    return count;
}
