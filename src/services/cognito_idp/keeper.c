#include "services/cognito_idp/keeper.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/token_bucket.h"
#include "catalog/keys.h"
#include "catalog/worker.h"

/* Addresses share a bucket by their hash, so however many there are, they take no memory. */
enum { ADDRESSES = 1024, LOOKED_AT_ONCE = 200 };

struct user_keeper {
    struct worker *worker;
    struct sign_up_rates rates;
    pthread_mutex_t mutex; /* of the buckets */
    struct token_bucket all;
    struct token_bucket addresses[ADDRESSES];
};

/* ---- erasing ---- */

/* A group that is gone. One of its name may be there, with other members. */
struct gone_group {
    uint32_t pool;
    struct slice name;
    struct slice id;
};

/* Adds to the batch what says that somebody is in the group, if it still does. */
static enum storage_status erase_member(struct task *task, const struct gone_group *group, struct slice key,
                                        struct batch *batch)
{
    struct stored stored;
    enum storage_status status = storage_get(task->storage, NULL, key, &stored);

    if (status == STORAGE_OK && slice_equal(stored.value, group->id)) {
        batch_guard(batch, key, stored.version);
        batch_delete(batch, key);
        batch_delete(batch, keys_users(batch->arena, group->pool, USERS_MEMBERSHIPS, keys_users_name(key),
                                       group->name));
    }
    stored_release(&stored);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

/* Looks at some of the members behind `after`, and moves that to the last of them. *more: there may be more.
 */
static enum outcome erase_some(struct task *task, const struct gone_group *group, struct arena *arena,
                               struct buffer *after, bool *more)
{
    struct key_range range = keys_users_range(arena, group->pool, USERS_MEMBERS, group->name);
    struct slice key, value, from = after->len > 0 ? keys_after(arena, buffer_slice(after)) : range.from;
    struct cursor *cursor = cursor_create(task->storage, NULL, from, range.to, FORWARD);
    enum storage_status status = STORAGE_OK;
    struct batch batch;

    batch_init(&batch, arena);
    for (size_t i = 0; i < LOOKED_AT_ONCE && status == STORAGE_OK; i++) {
        status = cursor_next(cursor, &key, &value);
        if (status != STORAGE_OK)
            break;
        after->len = 0;
        buffer_append(after, key);
        if (slice_equal(value, group->id))
            status = erase_member(task, group, arena_copy(arena, key), &batch);
    }
    cursor_destroy(cursor);
    *more = status == STORAGE_OK;
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return task_outcome(status);
    return batch_is_empty(&batch) ? TASK_DONE : task_outcome(storage_commit_wait(task->storage, &batch));
}

/* All members, in commits of bounded size, and then the mark. */
static enum outcome erase_group(struct task *task, struct slice mark)
{
    enum outcome outcome = TASK_DONE;
    struct gone_group group;
    struct buffer after;
    struct batch batch;
    struct arena arena;
    bool more = true;

    keys_group_erasure_read(mark, &group.pool, &group.name, &group.id);
    arena_init(&arena);
    buffer_init(&after);
    while (more && outcome == TASK_DONE) {
        arena_reset(&arena);
        outcome = task_is_stopping(task) ? TASK_AGAIN : erase_some(task, &group, &arena, &after, &more);
    }
    if (outcome == TASK_DONE) {
        batch_init(&batch, &arena);
        batch_delete(&batch, mark);
        outcome = task_outcome(storage_commit_wait(task->storage, &batch));
    }
    buffer_finish(&after);
    arena_finish(&arena);
    return outcome;
}

/* Of the first group that is marked: the worker calls again while there is one. */
static enum outcome erase_round(struct task *task)
{
    struct key_range range = keys_group_erasures();
    struct cursor *cursor = cursor_create(task->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum storage_status status = cursor_next(cursor, &key, &value);
    enum outcome outcome = status == STORAGE_NOT_FOUND ? TASK_DONE : task_outcome(status);

    if (status == STORAGE_OK) {
        outcome = erase_group(task, key);
        if (outcome == TASK_DONE)
            outcome = TASK_AGAIN;
    }
    cursor_destroy(cursor);
    return outcome;
}

/* ---- who signs up ---- */

/* Where the bucket of an address is. */
static size_t place_of(const char *address)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff}; /* ::ffff:192.0.2.1 is 192.0.2.1 */
    unsigned char bytes[16];
    struct slice network = slice_of(address);

    if (inet_pton(AF_INET6, address, bytes) == 1)
        network = memcmp(bytes, mapped, sizeof(mapped)) == 0 ? (struct slice){(const char *)bytes + 12, 4}
                                                             : (struct slice){(const char *)bytes, 8};
    else if (inet_pton(AF_INET, address, bytes) == 1)
        network = (struct slice){(const char *)bytes, 4};
    return hash_bytes(network) % ADDRESSES;
}

bool user_keeper_admits(struct user_keeper *keeper, const char *address)
{
    if (keeper == NULL)
        return true;
    struct token_bucket *own = &keeper->addresses[place_of(address)];
    pthread_mutex_lock(&keeper->mutex);
    int64_t now = clock_monotonic();
    bool admitted = token_bucket_allows(own, keeper->rates.address, 1, now) &&
                    token_bucket_allows(&keeper->all, keeper->rates.all, 1, now);
    if (admitted) {
        token_bucket_take(own, 1);
        token_bucket_take(&keeper->all, 1);
    }
    pthread_mutex_unlock(&keeper->mutex);
    return admitted;
}

/* ---- the keeper ---- */

struct user_keeper *user_keeper_open(struct storage *storage, struct sign_up_rates rates)
{
    struct user_keeper *keeper = calloc(1, sizeof(*keeper));
    int64_t now = clock_monotonic();

    CHECK(keeper != NULL && pthread_mutex_init(&keeper->mutex, NULL) == 0);
    keeper->rates = rates;
    token_bucket_init(&keeper->all, rates.all * BURST_SECONDS, now);
    for (size_t i = 0; i < ADDRESSES; i++)
        token_bucket_init(&keeper->addresses[i], rates.address * BURST_SECONDS, now);
    keeper->worker = worker_start(NULL, storage, erase_round, 0, NULL);
    return keeper;
}

void user_keeper_close(struct user_keeper *keeper)
{
    if (keeper == NULL)
        return;
    worker_stop(keeper->worker);
    pthread_mutex_destroy(&keeper->mutex);
    free(keeper);
}

void user_keeper_wake(struct user_keeper *keeper)
{
    if (keeper != NULL)
        worker_wake(keeper->worker);
}
