#include "storage/storage.h"

#include <semaphore.h>

#include "base/check.h"
#include "storage/engine.h"

static bool key_is_valid(struct slice key)
{
    return key.len >= 1 && key.len <= KEY_LONGEST;
}

void storage_close(struct storage *storage)
{
    if (storage != NULL)
        storage->engine->close(storage);
}

const char *storage_refusal(const struct storage *storage)
{
    return storage->engine->refusal(storage);
}

struct snapshot *snapshot_create(struct storage *storage)
{
    return storage->engine->snapshot_create(storage);
}

void snapshot_destroy(struct storage *storage, struct snapshot *snapshot)
{
    if (snapshot != NULL)
        storage->engine->snapshot_destroy(storage, snapshot);
}

enum storage_status storage_get(struct storage *storage, const struct snapshot *snapshot, struct slice key,
                                struct stored *out)
{
    CHECK(key_is_valid(key));
    *out = (struct stored){0};
    return storage->engine->get(storage, snapshot, key, out);
}

void stored_release(struct stored *stored)
{
    if (stored->pin != NULL)
        stored->release(stored->pin);
    stored->pin = NULL;
    stored->value = (struct slice){0};
}

struct cursor *cursor_create(struct storage *storage, const struct snapshot *snapshot, struct slice from,
                             struct slice to, enum direction direction)
{
    struct cursor *cursor = storage->engine->cursor_create(storage, snapshot, from, to, direction);

    CHECK(cursor != NULL);
    return cursor;
}

enum storage_status cursor_next(struct cursor *cursor, struct slice *key, struct slice *value)
{
    return cursor->engine->cursor_next(cursor, key, value);
}

void cursor_destroy(struct cursor *cursor)
{
    if (cursor != NULL)
        cursor->engine->cursor_destroy(cursor);
}

enum storage_status storage_read_counters(struct storage *storage, struct slice key, int64_t out[2])
{
    struct stored stored;

    out[0] = out[1] = 0;
    enum storage_status status = storage_get(storage, NULL, key, &stored);
    if (status == STORAGE_OK && !counters_decode(stored.value, out))
        status = STORAGE_CORRUPT;
    stored_release(&stored);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

void storage_commit(struct storage *storage, struct batch *batch,
                    void (*done)(void *context, enum storage_status status), void *context)
{
    batch->done = done;
    batch->context = context;
    batch->next_in_queue = NULL;
    storage->engine->commit(storage, batch);
}

struct waiting {
    sem_t done;
    enum storage_status status;
};

static void wake(void *context, enum storage_status status)
{
    struct waiting *waiting = context;

    waiting->status = status;
    CHECK(sem_post(&waiting->done) == 0);
}

enum storage_status storage_commit_wait(struct storage *storage, struct batch *batch)
{
    struct waiting waiting;

    CHECK(sem_init(&waiting.done, 0, 0) == 0);
    storage_commit(storage, batch, wake, &waiting);
    while (sem_wait(&waiting.done) != 0)
        continue; /* a signal came in between */
    CHECK(sem_destroy(&waiting.done) == 0);
    return waiting.status;
}

enum storage_status storage_erase(struct storage *storage, struct slice from, struct slice to)
{
    if (to.len > 0 && slice_compare(from, to) >= 0)
        return STORAGE_OK;
    return storage->engine->erase(storage, from, to);
}

uint64_t storage_disk_usage(struct storage *storage)
{
    return storage->engine->disk_usage(storage);
}
