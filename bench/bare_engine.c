/*
 * The limit of the engine: RocksDB through its C API, on one thread, with values of 1 KiB and nothing around
 * it.
 *
 *   bare_engine DIR [--items N] [--seconds S]     DIR must not exist; the caller removes it
 *
 * Prints one line of JSON a measurement: gets of random keys, and puts of random keys in batches of 64, 16
 * and 1, each batch synced to disk before the next. A server whose 64 clients wait for one group commit can
 * reach the first of these, and one with a single client the last.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <rocksdb/c.h>

enum { VALUE_BYTES = 1024, RANDOM_BYTES = 1 << 20, KEY_BYTES = 32 };

static char random_bytes[RANDOM_BYTES];
static uint64_t random_state = 88172645463325252u;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void check(char *error)
{
    if (!error)
        return;
    fprintf(stderr, "bare_engine: %s\n", error);
    exit(1);
}

static size_t write_key(char key[KEY_BYTES], uint64_t number)
{
    return (size_t)snprintf(key, KEY_BYTES, "item-%010" PRIu64, number);
}

static void put(rocksdb_t *db, rocksdb_writeoptions_t *options, rocksdb_writebatch_t *batch, uint64_t items,
                uint64_t first, int count)
{
    char key[KEY_BYTES], *error = NULL;
    rocksdb_writebatch_clear(batch);
    for (int i = 0; i < count; i++) {
        size_t len =
            write_key(key, first == UINT64_MAX ? next_random() % items : (first + (uint64_t)i) % items);
        rocksdb_writebatch_put(batch, key, len, random_bytes + next_random() % (RANDOM_BYTES - VALUE_BYTES),
                               VALUE_BYTES);
    }
    rocksdb_write(db, options, batch, &error);
    check(error);
}

static void measure_put(rocksdb_t *db, rocksdb_writeoptions_t *options, rocksdb_writebatch_t *batch,
                        uint64_t items, int size, double seconds)
{
    uint64_t done = 0;
    double start = now(), elapsed;
    do {
        put(db, options, batch, items, UINT64_MAX, size);
        done += (uint64_t)size;
        elapsed = now() - start;
    } while (elapsed < seconds);
    printf("{\"workload\":\"engine-put-%d\",\"requests\":%" PRIu64 ",\"throughput\":%.1f,\"errors\":0}\n",
           size, done, (double)done / elapsed);
    fflush(stdout);
}

static void measure_get(rocksdb_t *db, uint64_t items, double seconds)
{
    rocksdb_readoptions_t *options = rocksdb_readoptions_create();
    uint64_t done = 0, missing = 0;
    double start = now(), elapsed;
    do {
        for (int i = 0; i < 64; i++) {
            char key[KEY_BYTES], *error = NULL;
            size_t len = write_key(key, next_random() % items), value_len = 0;
            rocksdb_pinnableslice_t *value = rocksdb_get_pinned(db, options, key, len, &error);
            check(error);
            if (!value || !rocksdb_pinnableslice_value(value, &value_len) || value_len != VALUE_BYTES)
                missing++;
            rocksdb_pinnableslice_destroy(value);
        }
        done += 64;
        elapsed = now() - start;
    } while (elapsed < seconds);
    printf("{\"workload\":\"engine-get\",\"requests\":%" PRIu64 ",\"throughput\":%.1f,\"errors\":%" PRIu64
           "}\n",
           done, (double)done / elapsed, missing);
    fflush(stdout);
    rocksdb_readoptions_destroy(options);
}

static rocksdb_t *open_engine(const char *folder)
{
    char *error = NULL;
    rocksdb_options_t *options = rocksdb_options_create();
    rocksdb_block_based_table_options_t *table = rocksdb_block_based_options_create();
    rocksdb_block_based_options_set_filter_policy(table, rocksdb_filterpolicy_create_bloom_full(10));
    rocksdb_block_based_options_set_block_cache(table, rocksdb_cache_create_lru((size_t)64 << 20));
    rocksdb_options_set_block_based_table_factory(options, table);
    rocksdb_options_set_create_if_missing(options, 1);
    rocksdb_options_set_error_if_exists(options, 1);
    rocksdb_t *db = rocksdb_open(options, folder, &error);
    check(error);
    rocksdb_block_based_options_destroy(table);
    rocksdb_options_destroy(options);
    return db;
}

int main(int argc, char **argv)
{
    uint64_t items = 10000;
    double seconds = 2;
    for (int i = 2; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--items") == 0)
            items = strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--seconds") == 0)
            seconds = strtod(argv[i + 1], NULL);
    }
    if (argc < 2 || items < 1000 || !(seconds > 0)) {
        fputs("usage: bare_engine DIR [--items N] [--seconds S]\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < RANDOM_BYTES; i++)
        random_bytes[i] = (char)next_random();

    rocksdb_t *db = open_engine(argv[1]);
    rocksdb_writeoptions_t *synced = rocksdb_writeoptions_create();
    rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
    rocksdb_writeoptions_set_sync(synced, 1);
    for (uint64_t first = 0; first < items; first += 64)
        put(db, synced, batch, items, first, 64);

    measure_get(db, items, seconds);
    measure_put(db, synced, batch, items, 64, seconds);
    measure_put(db, synced, batch, items, 16, seconds);
    measure_put(db, synced, batch, items, 1, seconds);

    rocksdb_writebatch_destroy(batch);
    rocksdb_writeoptions_destroy(synced);
    rocksdb_close(db);
    return 0;
}
