#include "catalog/worker.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/check.h"
#include "catalog/catalog.h"
#include "catalog/keys.h"
#include "items/item_codec.h"

/* An index is filled in commits of so many items or bytes: small enough that writers seldom meet one. Items
 * take more memory read than stored, hence a bound of its own. */
enum { FILL_ITEMS = 100, FILL_BYTES = 1024 * 1024, FILL_MEMORY = 16 * 1024 * 1024 };

struct worker {
    struct catalog *catalog;
    struct storage *storage;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t awake;
    bool has_work; /* under the mutex */
    atomic_bool stopping;
};

enum outcome {
    DONE,
    AGAIN,  /* somebody changed what we worked on: look at it afresh */
    FAILED, /* the storage refuses: nothing to be done before the next start */
};

static enum outcome outcome_of(enum storage_status status)
{
    return status == STORAGE_OK ? DONE : status == STORAGE_CONFLICT ? AGAIN : FAILED;
}

/* ---- filling a new index ---- */

/*
 * Adds the index entry of one item to the batch, unless the item is gone, has no place in the index, or a
 * writer has added the entry already. Guards the item and the entry that it adds, so that a writer in between
 * makes the commit fail. What is not added needs no guard: since the index is CREATING every writer keeps its
 * own items' entries. So items that are written all the time hold up the filling once at most.
 */
static enum outcome fill_entry(struct worker *worker, struct batch *batch, const struct table *table,
                               const struct index *index, struct slice item_key)
{
    struct stored stored, existing;
    struct item item;
    struct buffer encoded;

    enum storage_status status = storage_get(worker->storage, NULL, item_key, &stored);
    if (status != STORAGE_OK) {
        stored_release(&stored);
        return status == STORAGE_NOT_FOUND ? DONE : FAILED;
    }
    struct slice kept = arena_copy(batch->arena, stored.value);
    struct version seen = stored.version;
    stored_release(&stored);
    if (!item_decode(batch->arena, kept, &item))
        return FAILED;
    if (!index_has_entry(index, &item))
        return DONE;
    struct slice key = keys_entry(batch->arena, table, index, &item);
    status = storage_get(worker->storage, NULL, key, &existing);
    struct version version = existing.version;
    stored_release(&existing);
    if (status != STORAGE_NOT_FOUND)
        return status == STORAGE_OK ? DONE : FAILED;
    struct item projected = index_project(batch->arena, table, index, &item);
    buffer_init(&encoded);
    item_encode(&encoded, &projected);
    batch_guard(batch, item_key, seen);
    batch_guard(batch, key, version);
    batch_put(batch, key, arena_copy(batch->arena, buffer_slice(&encoded)));
    buffer_finish(&encoded);
    batch_count(batch, keys_counters(batch->arena, table, index), 1, (int64_t)item_size(&projected));
    return DONE;
}

/* One commit: the entries of the next items from *from on, which moves behind them; *end when there are no
 * more. */
static enum outcome fill_some(struct worker *worker, const struct table *table, const struct index *index,
                              struct buffer *from, bool *end)
{
    struct arena arena;
    struct batch batch;
    struct slice key, value, last = {0};
    enum outcome outcome = DONE;
    enum storage_status status = STORAGE_OK;

    arena_init(&arena);
    batch_init(&batch, &arena);
    batch_guard(&batch, keys_descriptor(&arena, table->name), table->version);
    struct key_range range = keys_space(&arena, table, NULL);
    struct cursor *cursor = cursor_create(worker->storage, NULL, buffer_slice(from), range.to, FORWARD);
    for (unsigned i = 0;
         outcome == DONE && i < FILL_ITEMS && batch.bytes < FILL_BYTES && arena.allocated < FILL_MEMORY;
         i++) {
        status = cursor_next(cursor, &key, &value);
        if (status != STORAGE_OK)
            break;
        last = arena_copy(&arena, key);
        outcome = fill_entry(worker, &batch, table, index, last);
    }
    cursor_destroy(cursor);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        outcome = FAILED;
    if (outcome == DONE)
        outcome = outcome_of(storage_commit_wait(worker->storage, &batch));
    if (outcome == DONE && last.ptr != NULL) {
        struct slice next = keys_after(&arena, last);
        from->len = 0;
        buffer_append(from, next);
    }
    *end = status == STORAGE_NOT_FOUND;
    arena_finish(&arena);
    return outcome;
}

struct publication {
    struct worker *worker;
    struct table *table;
    struct batch batch;
    enum storage_status status;
    sem_t done;
};

/* On the storage's thread, as requests publish: writers conflict from the commit to the publication, so
 * nothing may come between. */
static void on_published(void *context, enum storage_status status)
{
    struct publication *publication = context;

    if (status == STORAGE_OK) {
        publication->table->version = publication->batch.committed;
        catalog_publish(publication->worker->catalog, table_retain(publication->table));
    }
    publication->status = status;
    CHECK(sem_post(&publication->done) == 0);
}

/* Commits and publishes a changed clone of the table. Takes the clone. */
static enum outcome publish(struct worker *worker, struct table *clone)
{
    struct publication publication = {.worker = worker, .table = clone};
    struct arena arena;
    struct buffer descriptor;

    arena_init(&arena);
    buffer_init(&descriptor);
    batch_init(&publication.batch, &arena);
    CHECK(sem_init(&publication.done, 0, 0) == 0);
    table_write_descriptor(&descriptor, clone);
    struct slice key = keys_descriptor(&arena, clone->name);
    batch_guard(&publication.batch, key, clone->version);
    batch_put(&publication.batch, key, buffer_slice(&descriptor));
    storage_commit(worker->storage, &publication.batch, on_published, &publication);
    while (sem_wait(&publication.done) != 0)
        continue; /* a signal came in between */
    CHECK(sem_destroy(&publication.done) == 0);
    table_release(clone);
    buffer_finish(&descriptor);
    arena_finish(&arena);
    return outcome_of(publication.status);
}

static enum outcome fill_index(struct worker *worker, struct table *table, const struct index *index)
{
    struct buffer from;
    struct arena arena;
    bool end = false;
    enum outcome outcome = DONE;

    arena_init(&arena);
    buffer_init(&from);
    buffer_append(&from, keys_space(&arena, table, NULL).from);
    while (!end && outcome != FAILED && !atomic_load(&worker->stopping)) {
        outcome = fill_some(worker, table, index, &from, &end);
        if (outcome == AGAIN) {
            /* An item or the table itself changed. If it was the table, begin again with what it is now. */
            struct table *now = catalog_find(worker->catalog, table->name);
            bool same = now != NULL && memcmp(&now->version, &table->version, sizeof(now->version)) == 0;
            table_release(now);
            end = false;
            if (!same)
                break;
        }
    }
    buffer_finish(&from);
    arena_finish(&arena);
    if (outcome != DONE || !end)
        return outcome == DONE ? AGAIN : outcome;
    struct table *clone = table_clone(table);
    table_index_mutable(clone, index->name)->status = INDEX_ACTIVE;
    return publish(worker, clone);
}

/* ---- erasing ---- */

static enum outcome erase_index(struct worker *worker, struct table *table, const struct index *index)
{
    struct arena arena;
    struct batch batch;

    arena_init(&arena);
    struct key_range range = keys_space(&arena, table, index);
    enum outcome outcome = outcome_of(storage_erase(worker->storage, range.from, range.to));
    if (outcome == DONE) {
        batch_init(&batch, &arena);
        batch_delete(&batch, keys_counters(&arena, table, index));
        outcome = outcome_of(storage_commit_wait(worker->storage, &batch));
    }
    arena_finish(&arena);
    if (outcome != DONE)
        return outcome;
    struct table *clone = table_clone(table);
    size_t place = (size_t)(table_index_mutable(clone, index->name) - clone->indexes);
    clone->index_count--;
    memmove(&clone->indexes[place], &clone->indexes[place + 1],
            (clone->index_count - place) * sizeof(clone->indexes[0]));
    table_drop_unused_definitions(clone);
    return publish(worker, clone);
}

static enum outcome erase_table(struct worker *worker, struct slice mark)
{
    struct arena arena;
    struct batch batch;

    arena_init(&arena);
    struct key_range range = keys_of_table(&arena, keys_erasure_table(mark));
    enum outcome outcome = outcome_of(storage_erase(worker->storage, range.from, range.to));
    if (outcome == DONE) {
        batch_init(&batch, &arena);
        batch_delete(&batch, mark);
        outcome = outcome_of(storage_commit_wait(worker->storage, &batch));
    }
    arena_finish(&arena);
    return outcome;
}

static enum outcome erase_tables(struct worker *worker)
{
    struct key_range range = keys_erasures();
    struct cursor *cursor = cursor_create(worker->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum outcome outcome = DONE;

    while (outcome == DONE && !atomic_load(&worker->stopping) &&
           cursor_next(cursor, &key, &value) == STORAGE_OK)
        outcome = erase_table(worker, key);
    cursor_destroy(cursor);
    return outcome;
}

/* ---- the thread ---- */

static enum outcome work_on_table(struct worker *worker, struct table *table)
{
    for (size_t i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];
        /* Each of these publishes a new table: the next index is found when the work is looked for again. */
        if (index->status == INDEX_CREATING)
            return fill_index(worker, table, index) == FAILED ? FAILED : AGAIN;
        if (index->status == INDEX_DELETING)
            return erase_index(worker, table, index) == FAILED ? FAILED : AGAIN;
    }
    return DONE;
}

/* Goes over all there is; AGAIN if something was changed on the way. */
static enum outcome work(struct worker *worker)
{
    enum outcome outcome = erase_tables(worker);
    struct slice name = {0};
    struct arena arena;
    bool more = true;

    arena_init(&arena);
    while (more && outcome != FAILED && !atomic_load(&worker->stopping)) {
        if (catalog_names(worker->catalog, &arena, name, 1, &name, &more) == 0)
            break;
        struct table *table = catalog_find(worker->catalog, name);
        if (table != NULL && work_on_table(worker, table) == AGAIN)
            outcome = AGAIN;
        table_release(table);
    }
    arena_finish(&arena);
    return outcome;
}

static void *run(void *argument)
{
    struct worker *worker = argument;

    while (!atomic_load(&worker->stopping)) {
        pthread_mutex_lock(&worker->mutex);
        while (!worker->has_work && !atomic_load(&worker->stopping))
            pthread_cond_wait(&worker->awake, &worker->mutex);
        worker->has_work = false;
        pthread_mutex_unlock(&worker->mutex);
        while (!atomic_load(&worker->stopping) && work(worker) == AGAIN)
            continue;
    }
    return NULL;
}

struct worker *worker_start(struct catalog *catalog, struct storage *storage)
{
    struct worker *worker = calloc(1, sizeof(*worker));

    CHECK(worker != NULL);
    worker->catalog = catalog;
    worker->storage = storage;
    worker->has_work = true; /* what the last run of the server left */
    CHECK(pthread_mutex_init(&worker->mutex, NULL) == 0);
    CHECK(pthread_cond_init(&worker->awake, NULL) == 0);
    CHECK(pthread_create(&worker->thread, NULL, run, worker) == 0);
    return worker;
}

void worker_stop(struct worker *worker)
{
    if (worker == NULL)
        return;
    atomic_store(&worker->stopping, true);
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
