#include "storage/faulty.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "storage/engine.h"

struct faulty {
    struct storage storage;
    struct storage *inner;
    pthread_mutex_t mutex;
    enum faulty_calls calls; /* under the mutex, as all below */
    unsigned left;           /* until the call that fails; 0: none is armed */
    enum storage_status status;
    bool fired;
    enum storage_status refusal; /* STORAGE_OK: writes are taken */
};

struct faulty_cursor {
    struct cursor cursor;
    struct faulty *faulty;
    struct cursor *inner;
};

/* The caller's `done` of a batch whose answer is replaced. */
struct late {
    void (*done)(void *context, enum storage_status status);
    void *context;
    enum storage_status status;
};

static struct faulty *faulty_of(const struct storage *storage)
{
    return (struct faulty *)storage;
}

/* ---- faults ---- */

/* Counts the call. STORAGE_OK, or how it is to fail. */
static enum storage_status count_call(struct faulty *faulty, enum faulty_calls calls)
{
    enum storage_status status = STORAGE_OK;

    pthread_mutex_lock(&faulty->mutex);
    if (faulty->calls == calls && faulty->left > 0 && --faulty->left == 0) {
        faulty->fired = true;
        status = faulty->status;
        if (calls != FAULTY_READS && status != STORAGE_CONFLICT)
            faulty->refusal = status;
    }
    pthread_mutex_unlock(&faulty->mutex);
    return status;
}

static enum storage_status refusal_of(struct faulty *faulty)
{
    pthread_mutex_lock(&faulty->mutex);
    enum storage_status refusal = faulty->refusal;
    pthread_mutex_unlock(&faulty->mutex);
    return refusal;
}

void faulty_arm(struct storage *storage, enum faulty_calls calls, unsigned call, enum storage_status status)
{
    struct faulty *faulty = faulty_of(storage);

    CHECK(call > 0 && status != STORAGE_OK);
    pthread_mutex_lock(&faulty->mutex);
    faulty->calls = calls;
    faulty->left = call;
    faulty->status = status;
    faulty->fired = false;
    pthread_mutex_unlock(&faulty->mutex);
}

bool faulty_fired(const struct storage *storage)
{
    struct faulty *faulty = faulty_of(storage);

    pthread_mutex_lock(&faulty->mutex);
    bool fired = faulty->fired;
    pthread_mutex_unlock(&faulty->mutex);
    return fired;
}

void faulty_recover(struct storage *storage)
{
    struct faulty *faulty = faulty_of(storage);

    pthread_mutex_lock(&faulty->mutex);
    faulty->refusal = STORAGE_OK;
    faulty->left = 0;
    pthread_mutex_unlock(&faulty->mutex);
}

/* ---- the engine ---- */

static const char *refusal(const struct storage *storage)
{
    struct faulty *faulty = faulty_of(storage);

    return refusal_of(faulty) != STORAGE_OK ? "a write failed, as a test wanted it"
                                            : storage_refusal(faulty->inner);
}

static struct snapshot *create_snapshot(struct storage *storage)
{
    return snapshot_create(faulty_of(storage)->inner);
}

static void destroy_snapshot(struct storage *storage, struct snapshot *snapshot)
{
    snapshot_destroy(faulty_of(storage)->inner, snapshot);
}

static enum storage_status get(struct storage *storage, const struct snapshot *snapshot, struct slice key,
                               struct stored *out)
{
    struct faulty *faulty = faulty_of(storage);
    enum storage_status status = count_call(faulty, FAULTY_READS);

    return status != STORAGE_OK ? status : storage_get(faulty->inner, snapshot, key, out);
}

static struct cursor *create_cursor(struct storage *storage, const struct snapshot *snapshot,
                                    struct slice from, struct slice to, enum direction direction)
{
    struct faulty_cursor *cursor = calloc(1, sizeof(*cursor));

    CHECK(cursor != NULL);
    cursor->cursor.engine = storage->engine;
    cursor->faulty = faulty_of(storage);
    cursor->inner = cursor_create(cursor->faulty->inner, snapshot, from, to, direction);
    return &cursor->cursor;
}

static enum storage_status next(struct cursor *base, struct slice *key, struct slice *value)
{
    struct faulty_cursor *cursor = (struct faulty_cursor *)base;
    enum storage_status status = count_call(cursor->faulty, FAULTY_READS);

    return status != STORAGE_OK ? status : cursor_next(cursor->inner, key, value);
}

static void destroy_cursor(struct cursor *base)
{
    struct faulty_cursor *cursor = (struct faulty_cursor *)base;

    cursor_destroy(cursor->inner);
    free(cursor);
}

static void answer_late(void *context, enum storage_status status)
{
    struct late *late = context;

    late->done(late->context, status == STORAGE_OK ? late->status : status);
}

static void commit(struct storage *storage, struct batch *batch)
{
    struct faulty *faulty = faulty_of(storage);
    enum storage_status status = refusal_of(faulty);

    if (status == STORAGE_OK)
        status = count_call(faulty, FAULTY_WRITES);
    if (status != STORAGE_OK) {
        batch_done(batch, status);
        return;
    }
    status = count_call(faulty, FAULTY_LATE);
    if (status == STORAGE_OK) {
        storage_commit(faulty->inner, batch, batch->done, batch->context);
        return;
    }
    struct late *late = arena_new(batch->arena, struct late);
    *late = (struct late){.done = batch->done, .context = batch->context, .status = status};
    storage_commit(faulty->inner, batch, answer_late, late);
}

static enum storage_status erase(struct storage *storage, struct slice from, struct slice to)
{
    struct faulty *faulty = faulty_of(storage);
    enum storage_status status = refusal_of(faulty);

    if (status == STORAGE_OK)
        status = count_call(faulty, FAULTY_WRITES);
    if (status != STORAGE_OK)
        return status;
    status = storage_erase(faulty->inner, from, to);
    enum storage_status late = count_call(faulty, FAULTY_LATE);
    return status != STORAGE_OK ? status : late;
}

static uint64_t disk_usage(struct storage *storage)
{
    return storage_disk_usage(faulty_of(storage)->inner);
}

static void close_faulty(struct storage *storage)
{
    struct faulty *faulty = faulty_of(storage);

    storage_close(faulty->inner);
    pthread_mutex_destroy(&faulty->mutex);
    free(faulty);
}

static const struct engine faulty_engine = {
    .close = close_faulty,
    .refusal = refusal,
    .snapshot_create = create_snapshot,
    .snapshot_destroy = destroy_snapshot,
    .get = get,
    .cursor_create = create_cursor,
    .cursor_next = next,
    .cursor_destroy = destroy_cursor,
    .commit = commit,
    .erase = erase,
    .disk_usage = disk_usage,
};

struct storage *storage_open_faulty(struct storage *inner)
{
    struct faulty *faulty = calloc(1, sizeof(*faulty));

    CHECK(faulty != NULL && inner != NULL);
    faulty->storage.engine = &faulty_engine;
    faulty->inner = inner;
    CHECK(pthread_mutex_init(&faulty->mutex, NULL) == 0);
    return &faulty->storage;
}
