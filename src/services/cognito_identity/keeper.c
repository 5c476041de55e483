#include "services/cognito_identity/keeper.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/token_bucket.h"
#include "catalog/worker.h"
#include "services/cognito_identity/records.h"

enum { IDENTITIES_AT_ONCE = 200 };

struct identity_keeper {
    struct worker *worker;
    pthread_mutex_t mutex; /* of the bucket */
    struct token_bucket guests;
    double rate;
};

/* ---- erasing ---- */

/* Some of the identities of a deleted pool. TASK_AGAIN: there are more. */
static enum outcome erase_some(struct task *task, struct arena *arena, struct slice pool_id)
{
    struct key_range range = member_keys(arena, pool_id, SLICE(""));
    struct cursor *cursor = cursor_create(task->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    struct batch batch;
    enum storage_status status;
    size_t count = 0;

    batch_init(&batch, arena);
    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK && count++ < IDENTITIES_AT_ONCE) {
        batch_delete(&batch, identity_key(arena, member_id(arena, pool_id, key)));
        batch_delete(&batch, arena_copy(arena, key));
    }
    cursor_destroy(cursor);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return task_outcome(status);
    enum outcome outcome = task_outcome(storage_commit_wait(task->storage, &batch));
    return outcome == TASK_DONE && status == STORAGE_OK ? TASK_AGAIN : outcome;
}

/* Nobody makes an identity in a pool that is gone, so what was erased stays so. */
static enum outcome erase_pool(struct task *task, struct arena *arena, struct slice mark)
{
    struct slice pool_id = erased_pool_id(mark);
    struct key_range logins = login_keys(arena, pool_id);
    enum outcome outcome = erase_some(task, arena, pool_id);
    struct batch batch;

    if (outcome == TASK_DONE)
        outcome = task_outcome(storage_erase(task->storage, logins.from, logins.to));
    if (outcome != TASK_DONE)
        return outcome;
    batch_init(&batch, arena);
    batch_delete(&batch, mark);
    return task_outcome(storage_commit_wait(task->storage, &batch));
}

/* Of one pool, a bounded part: the worker calls again while there is more. */
static enum outcome erase_round(struct task *task)
{
    enum outcome outcome = TASK_DONE;
    struct slice key, value;
    struct arena arena;

    arena_init(&arena);
    struct key_range range = erased_pool_keys(&arena);
    struct cursor *cursor = cursor_create(task->storage, NULL, range.from, range.to, FORWARD);
    enum storage_status status = cursor_next(cursor, &key, &value);
    if (status == STORAGE_OK) {
        outcome = erase_pool(task, &arena, arena_copy(&arena, key));
        if (outcome == TASK_DONE) /* there may be another pool */
            outcome = TASK_AGAIN;
    } else if (status != STORAGE_NOT_FOUND) {
        outcome = TASK_FAILED;
    }
    cursor_destroy(cursor);
    arena_finish(&arena);
    return outcome;
}

/* ---- the keeper ---- */

struct identity_keeper *identity_keeper_open(struct catalog *catalog, struct storage *storage,
                                             double guests_a_second)
{
    struct identity_keeper *keeper = calloc(1, sizeof(*keeper));

    CHECK(keeper != NULL && pthread_mutex_init(&keeper->mutex, NULL) == 0);
    keeper->rate = guests_a_second;
    token_bucket_init(&keeper->guests, guests_a_second * BURST_SECONDS, clock_monotonic());
    keeper->worker = worker_start(catalog, storage, erase_round, 0, NULL);
    return keeper;
}

void identity_keeper_close(struct identity_keeper *keeper)
{
    if (keeper == NULL)
        return;
    worker_stop(keeper->worker);
    pthread_mutex_destroy(&keeper->mutex);
    free(keeper);
}

bool identity_keeper_admits(struct identity_keeper *keeper)
{
    if (keeper == NULL)
        return true;
    pthread_mutex_lock(&keeper->mutex);
    bool admitted = token_bucket_allows(&keeper->guests, keeper->rate, 1, clock_monotonic());
    if (admitted)
        token_bucket_take(&keeper->guests, 1);
    pthread_mutex_unlock(&keeper->mutex);
    return admitted;
}

void identity_keeper_wake(struct identity_keeper *keeper)
{
    if (keeper != NULL)
        worker_wake(keeper->worker);
}
