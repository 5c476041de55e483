#include "catalog/catalog.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "catalog/keys.h"
#include "catalog/rounds.h"
#include "catalog/stream.h"
#include "catalog/worker.h"

/* How often it is looked which parts of histories nobody needs any more; milliseconds. */
enum { KEEP_PERIOD = 10 * 60 * 1000 };

/* How often it is looked whether a shard of a stream is to be exchanged. */
enum { STREAM_PERIOD = 1000 };

/* The tables in order of their names: few enough to keep sorted in one array. */
struct catalog {
    struct storage *storage;
    pthread_rwlock_t lock;
    struct table **tables;
    size_t count;
    size_t capacity;
    struct worker *builder;
    struct worker *sweeper;
    struct worker *keeper;
    struct worker *streamer;
    uint64_t shard_records;
};

/* The place of `name`, or where it would be inserted. */
static size_t place_of(const struct catalog *catalog, struct slice name, bool *found)
{
    size_t low = 0, high = catalog->count;

    *found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_compare(catalog->tables[middle]->name, name);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Inserts or replaces; takes the reference. The caller holds the lock. */
static void put_table(struct catalog *catalog, struct table *table)
{
    bool found;
    size_t place = place_of(catalog, table->name, &found);

    if (found) {
        table_release(catalog->tables[place]);
        catalog->tables[place] = table;
        return;
    }
    if (catalog->count == catalog->capacity) {
        catalog->capacity = catalog->capacity == 0 ? 16 : catalog->capacity * 2;
        catalog->tables = realloc(catalog->tables, catalog->capacity * sizeof(catalog->tables[0]));
        CHECK(catalog->tables != NULL);
    }
    memmove(&catalog->tables[place + 1], &catalog->tables[place],
            (catalog->count - place) * sizeof(catalog->tables[0]));
    catalog->tables[place] = table;
    catalog->count++;
}

/* Reads one descriptor again by its key: a cursor does not tell versions. */
static bool load_table(struct catalog *catalog, struct slice key, struct arena *arena, struct slice *problem)
{
    struct stored stored;
    struct table *table = NULL;

    if (storage_get(catalog->storage, NULL, key, &stored) == STORAGE_OK) {
        table = table_read_descriptor(stored.value);
        if (table != NULL)
            table->version = stored.version;
    }
    stored_release(&stored);
    if (table == NULL) {
        struct slice name = keys_descriptor_name(key);
        *problem = arena_printf(arena, "the description of table \"%.*s\" cannot be read", SLICE_ARGS(name));
        return false;
    }
    put_table(catalog, table);
    return true;
}

static bool load_tables(struct catalog *catalog, struct arena *arena, struct slice *problem)
{
    struct key_range range = keys_descriptors();
    struct cursor *cursor = cursor_create(catalog->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum storage_status status;

    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK) {
        if (!load_table(catalog, key, arena, problem))
            break;
    }
    cursor_destroy(cursor);
    if (status != STORAGE_NOT_FOUND && status != STORAGE_OK)
        *problem = SLICE("the list of tables cannot be read from the data folder");
    return status == STORAGE_NOT_FOUND;
}

struct catalog *catalog_open(struct storage *storage, const struct catalog_settings *settings,
                             struct arena *arena, struct slice *problem)
{
    struct catalog *catalog = calloc(1, sizeof(*catalog));

    CHECK(catalog != NULL);
    catalog->storage = storage;
    catalog->shard_records =
        settings->shard_records > 0 ? (uint64_t)settings->shard_records : SHARD_RECORDS_DEFAULT;
    CHECK(pthread_rwlock_init(&catalog->lock, NULL) == 0);
    if (!load_tables(catalog, arena, problem)) {
        catalog_close(catalog);
        return NULL;
    }
    /* The workers publish too, and wake the builder: they must not see the catalog without it. */
    pthread_rwlock_wrlock(&catalog->lock);
    catalog->builder = worker_start(catalog, storage, build_round, 0, NULL);
    if (settings->sweep_period > 0)
        catalog->sweeper = worker_start(catalog, storage, sweep_round, settings->sweep_period, NULL);
    catalog->keeper = worker_start(catalog, storage, keep_round, KEEP_PERIOD, NULL);
    catalog->streamer = worker_start(catalog, storage, stream_round, STREAM_PERIOD, NULL);
    pthread_rwlock_unlock(&catalog->lock);
    return catalog;
}

void catalog_close(struct catalog *catalog)
{
    if (catalog == NULL)
        return;
    worker_stop(catalog->streamer);
    worker_stop(catalog->keeper);
    worker_stop(catalog->sweeper);
    worker_stop(catalog->builder);
    for (size_t i = 0; i < catalog->count; i++)
        table_release(catalog->tables[i]);
    free(catalog->tables);
    pthread_rwlock_destroy(&catalog->lock);
    free(catalog);
}

uint64_t catalog_shard_records(const struct catalog *catalog)
{
    return catalog->shard_records;
}

struct table *catalog_find(struct catalog *catalog, struct slice name)
{
    struct table *table = NULL;
    bool found;

    pthread_rwlock_rdlock(&catalog->lock);
    size_t place = place_of(catalog, name, &found);
    if (found)
        table = table_retain(catalog->tables[place]);
    pthread_rwlock_unlock(&catalog->lock);
    return table;
}

size_t catalog_count(struct catalog *catalog)
{
    pthread_rwlock_rdlock(&catalog->lock);
    size_t count = catalog->count;
    pthread_rwlock_unlock(&catalog->lock);
    return count;
}

size_t catalog_names(struct catalog *catalog, struct arena *arena, struct slice after, size_t limit,
                     struct slice *names, bool *more)
{
    size_t count = 0;
    bool found;

    pthread_rwlock_rdlock(&catalog->lock);
    size_t place = place_of(catalog, after, &found);
    if (found)
        place++;
    while (count < limit && place < catalog->count)
        names[count++] = arena_copy(arena, catalog->tables[place++]->name);
    *more = place < catalog->count;
    pthread_rwlock_unlock(&catalog->lock);
    return count;
}

void catalog_publish(struct catalog *catalog, struct table *table)
{
    bool has_work = table_has_work(table), restoring = table_is_restoring(table);

    pthread_rwlock_wrlock(&catalog->lock);
    put_table(catalog, table);
    pthread_rwlock_unlock(&catalog->lock);
    if (has_work)
        worker_wake(catalog->builder);
    if (restoring)
        worker_wake(catalog->keeper);
}

void catalog_wake(struct catalog *catalog)
{
    worker_wake(catalog->builder);
    worker_wake(catalog->keeper);
}

size_t catalog_restoring(struct catalog *catalog, struct slice backup_id)
{
    size_t count = 0;

    pthread_rwlock_rdlock(&catalog->lock);
    for (size_t i = 0; i < catalog->count; i++) {
        const struct table *table = catalog->tables[i];
        count += table_is_restoring(table) &&
                 (backup_id.len == 0 || slice_equal(table->restore.backup_id, backup_id));
    }
    pthread_rwlock_unlock(&catalog->lock);
    return count;
}

void catalog_withdraw(struct catalog *catalog, const struct table *table)
{
    bool found;

    pthread_rwlock_wrlock(&catalog->lock);
    size_t place = place_of(catalog, table->name, &found);
    if (found && catalog->tables[place]->id == table->id) {
        table_release(catalog->tables[place]);
        catalog->count--;
        memmove(&catalog->tables[place], &catalog->tables[place + 1],
                (catalog->count - place) * sizeof(catalog->tables[0]));
    }
    pthread_rwlock_unlock(&catalog->lock);
    worker_wake(catalog->builder);
}
