/*
 * The embedded engine: RocksDB, through its C API.
 *
 * Format of what is stored, integers big-endian:
 *
 *     key      as the caller gave it
 *     value    u64 number of the batch that wrote it, then the caller's value
 *     counter  u64 number of some batch, then two u64 (two's complement)
 *
 * The number of a batch that writes is one higher than the last, and at a start one goes on above RocksDB's
 * own last sequence number: each numbered batch uses at least one of those, so what is on disk has smaller
 * ones.
 *
 * RocksDB appends a group to its log, syncs the log, and only then shows the group to readers. With two
 * threads that write that would be more to think about; here the committer is the only one (group_commit.h).
 */
#include <pthread.h>
#include <rocksdb/c.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/check.h"
#include "base/bytes.h"
#include "storage/engine.h"
#include "storage/folder.h"
#include "storage/group_commit.h"

enum { NUMBER_SIZE = 8, GROUP_KEPT = 1024 * 1024 };

struct rocksdb_storage {
    struct storage storage;
    rocksdb_t *db;
    rocksdb_options_t *options;
    rocksdb_cache_t *cache;
    rocksdb_readoptions_t *read_options;
    rocksdb_writeoptions_t *write_options;
    struct group_commit *group_commit;
    int lock;
    char *path;              /* folder/db */
    _Atomic(char *) refusal; /* a sentence, once writes are refused */

    rocksdb_writebatch_t *group; /* the committer's */
};

struct snapshot {
    rocksdb_t *db;
    const rocksdb_snapshot_t *snapshot;
    rocksdb_readoptions_t *read_options;
    uint64_t seen;
};

struct rocksdb_cursor {
    struct cursor cursor;
    rocksdb_iterator_t *iterator;
    rocksdb_readoptions_t *read_options;
    enum direction direction;
    bool started;
    char bounds[]; /* from, to: the iterator does not copy them */
};

/* ---- options ---- */

/*
 * What happens to the log when the server was killed or lost its power, and what when the disk lies:
 *
 * A crash can leave the last group of the log cut off, for its write was under way; it was not answered and
 * is dropped. Any other damage may have hit commits that were answered, and must not be passed over in
 * silence. "Tolerate corrupted tail records" is just this: a record that the file ends in the middle of is
 * dropped, and a checksum that does not match refuses the start. "Point in time" would take a damaged record
 * for the end and drop the good ones behind it; "absolute consistency" would not start after a crash.
 *
 * That needs logs whose end is the end of their file, so none is recycled, which would make commits a tenth
 * faster.
 *
 * The manifest keeps the sizes of the logs that are finished, so an older one that lost its end is noticed
 * too.
 */
static const char options_text[] =
    "wal_recovery_mode=kTolerateCorruptedTailRecords;"
    "recycle_log_file_num=0;"
    "track_and_verify_wals_in_manifest=true;"
    "paranoid_checks=true;"
    /* RocksDB's own log: warnings only, and bounded. */
    "info_log_level=WARN_LEVEL;"
    "keep_log_file_num=2;"
    "max_log_file_size=1048576;"
    "stats_dump_period_sec=0;"
    "stats_persist_period_sec=0;"
    /* Two cores: one thread that flushes, one that compacts. */
    "max_background_jobs=2;"
    "avoid_unnecessary_blocking_io=true;"
    "skip_stats_update_on_db_open=true;"
    "max_file_opening_threads=2;" /* the default of 16 makes most of a quick start */
    /* Below what a process may open by default (1,024), with room for clients. */
    "max_open_files=512;"
    /* Bounds the memory, and the log that is replayed after a crash. */
    "write_buffer_size=16777216;"
    "max_write_buffer_number=3;"
    "memtable_whole_key_filtering=true;"
    "memtable_prefix_bloom_size_ratio=0.02;"
    "level_compaction_dynamic_level_bytes=true;"
    "compression=kLZ4Compression;";

enum { CACHE_BYTES = 64 * 1024 * 1024, CACHE_SHARD_BITS = 4, BLOOM_BITS = 10 };

/* Few shards, each with a lock of its own: an item of 400 KB should not take up much of one. */
static rocksdb_cache_t *create_cache(void)
{
    rocksdb_lru_cache_options_t *options = rocksdb_lru_cache_options_create();

    rocksdb_lru_cache_options_set_capacity(options, CACHE_BYTES);
    rocksdb_lru_cache_options_set_num_shard_bits(options, CACHE_SHARD_BITS);
    rocksdb_cache_t *cache = rocksdb_cache_create_lru_opts(options);
    rocksdb_lru_cache_options_destroy(options);
    return cache;
}

static rocksdb_options_t *create_options(rocksdb_cache_t *cache)
{
    rocksdb_options_t *base = rocksdb_options_create(), *options = rocksdb_options_create();
    rocksdb_block_based_table_options_t *table = rocksdb_block_based_options_create();
    char *error = NULL;

    rocksdb_get_options_from_string(base, options_text, options, &error);
    if (error != NULL)
        (void)fprintf(stderr, "%s\n", error);
    CHECK(error == NULL);
    rocksdb_block_based_options_set_block_cache(table, cache);
    rocksdb_block_based_options_set_filter_policy(table, rocksdb_filterpolicy_create_bloom_full(BLOOM_BITS));
    rocksdb_block_based_options_set_whole_key_filtering(table, 1);
    rocksdb_block_based_options_set_format_version(table, 5);
    /*
     * Indexes and filters live in the cache, so that memory is bounded whatever the size of the data; and in
     * small parts, of which a read needs two or three. In one part they have megabytes each and push each
     * other out.
     */
    rocksdb_block_based_options_set_cache_index_and_filter_blocks(table, 1);
    rocksdb_block_based_options_set_cache_index_and_filter_blocks_with_high_priority(table, 1);
    rocksdb_block_based_options_set_index_type(table,
                                               rocksdb_block_based_table_index_type_two_level_index_search);
    rocksdb_block_based_options_set_partition_filters(table, 1);
    rocksdb_block_based_options_set_pin_top_level_index_and_filter(table, 1);
    rocksdb_block_based_options_set_pin_l0_filter_and_index_blocks_in_cache(table, 1);
    rocksdb_options_set_block_based_table_factory(options, table);
    rocksdb_block_based_options_destroy(table);
    rocksdb_options_destroy(base);
    return options;
}

/* ---- errors ---- */

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Takes the error of a read. */
static enum storage_status read_failure(char *error)
{
    enum storage_status status = starts_with(error, "Corruption") ? STORAGE_CORRUPT : STORAGE_FAILED;

    rocksdb_free(error);
    return status;
}

/*
 * No space, or a file that may not grow: what was to be appended is not whole on disk, and the next start
 * drops it. A sync that fails says the same words, but then all of it may be there.
 */
static bool is_full(const char *error)
{
    static const char *const reasons[] = {"No space left on device", "Disk quota exceeded", "File too large"};
    static const char *const syncs[] = {"While fdatasync", "While fsync"};
    bool full = false;

    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        full = full || strstr(error, reasons[i]) != NULL;
    for (size_t i = 0; i < sizeof(syncs) / sizeof(syncs[0]); i++)
        full = full && strstr(error, syncs[i]) == NULL;
    return full;
}

/* Takes the error of a write, after which no write is taken. */
static enum storage_status write_failure(struct rocksdb_storage *rocksdb, char *error)
{
    enum storage_status status = is_full(error) ? STORAGE_FULL : STORAGE_FAILED;
    char *sentence = NULL, *none = NULL;

    int len =
        asprintf(&sentence, "writing to %s failed (%s); no write is taken until the server is started anew",
                 rocksdb->path, error);
    CHECK(len > 0);
    rocksdb_free(error);
    if (!atomic_compare_exchange_strong(&rocksdb->refusal, &none, sentence))
        free(sentence); /* the first failure is the one to tell */
    return status;
}

/* ---- reading ---- */

static struct rocksdb_storage *rocksdb_of(struct storage *storage)
{
    return (struct rocksdb_storage *)storage;
}

static void release_pin(void *pin)
{
    rocksdb_pinnableslice_destroy(pin);
}

/* Reads a value and the number before it. *out has the pin also if the value is corrupt. */
static enum storage_status read_value(struct rocksdb_storage *rocksdb,
                                      const rocksdb_readoptions_t *read_options, struct slice key,
                                      struct stored *out)
{
    char *error = NULL;
    struct slice value;

    rocksdb_pinnableslice_t *pin = rocksdb_get_pinned(rocksdb->db, read_options, key.ptr, key.len, &error);
    if (error != NULL)
        return read_failure(error);
    if (pin == NULL)
        return STORAGE_NOT_FOUND;
    out->pin = pin;
    out->release = release_pin;
    value.ptr = rocksdb_pinnableslice_value(pin, &value.len);
    if (value.len < NUMBER_SIZE)
        return STORAGE_CORRUPT;
    out->version.written = bytes_read_u64(value.ptr);
    out->value = slice_skip(value, NUMBER_SIZE);
    return STORAGE_OK;
}

static enum storage_status get(struct storage *storage, const struct snapshot *snapshot, struct slice key,
                               struct stored *out)
{
    struct rocksdb_storage *rocksdb = rocksdb_of(storage);

    /* Before the value is read: what is read may be newer than `seen`, never older. */
    out->version.seen = snapshot != NULL ? snapshot->seen : group_commit_seen(rocksdb->group_commit);
    return read_value(rocksdb, snapshot != NULL ? snapshot->read_options : rocksdb->read_options, key, out);
}

static struct snapshot *create_snapshot(struct storage *storage)
{
    struct rocksdb_storage *rocksdb = rocksdb_of(storage);
    struct snapshot *snapshot = calloc(1, sizeof(*snapshot));

    CHECK(snapshot != NULL);
    snapshot->db = rocksdb->db;
    snapshot->seen = group_commit_seen(rocksdb->group_commit);
    snapshot->snapshot = rocksdb_create_snapshot(rocksdb->db);
    snapshot->read_options = rocksdb_readoptions_create();
    rocksdb_readoptions_set_snapshot(snapshot->read_options, snapshot->snapshot);
    return snapshot;
}

static void destroy_snapshot(struct storage *storage, struct snapshot *snapshot)
{
    rocksdb_readoptions_destroy(snapshot->read_options);
    rocksdb_release_snapshot(rocksdb_of(storage)->db, snapshot->snapshot);
    free(snapshot);
}

/* ---- cursors ---- */

static struct cursor *create_cursor(struct storage *storage, const struct snapshot *snapshot,
                                    struct slice from, struct slice to, enum direction direction)
{
    struct rocksdb_cursor *cursor = calloc(1, sizeof(*cursor) + from.len + to.len);

    CHECK(cursor != NULL);
    cursor->cursor.engine = storage->engine;
    cursor->direction = direction;
    cursor->read_options = rocksdb_readoptions_create();
    if (snapshot != NULL)
        rocksdb_readoptions_set_snapshot(cursor->read_options, snapshot->snapshot);
    if (from.len > 0) {
        memcpy(cursor->bounds, from.ptr, from.len);
        rocksdb_readoptions_set_iterate_lower_bound(cursor->read_options, cursor->bounds, from.len);
    }
    if (to.len > 0) {
        memcpy(cursor->bounds + from.len, to.ptr, to.len);
        rocksdb_readoptions_set_iterate_upper_bound(cursor->read_options, cursor->bounds + from.len, to.len);
    }
    cursor->iterator = rocksdb_create_iterator(rocksdb_of(storage)->db, cursor->read_options);
    return &cursor->cursor;
}

static void step(struct rocksdb_cursor *cursor)
{
    if (cursor->started && cursor->direction == FORWARD)
        rocksdb_iter_next(cursor->iterator);
    else if (cursor->started)
        rocksdb_iter_prev(cursor->iterator);
    else if (cursor->direction == FORWARD)
        rocksdb_iter_seek_to_first(cursor->iterator); /* the lower bound, if there is one */
    else
        rocksdb_iter_seek_to_last(cursor->iterator);
    cursor->started = true;
}

static enum storage_status next(struct cursor *base, struct slice *key, struct slice *value)
{
    struct rocksdb_cursor *cursor = (struct rocksdb_cursor *)base;
    char *error = NULL;

    if (!cursor->started || rocksdb_iter_valid(cursor->iterator))
        step(cursor);
    if (!rocksdb_iter_valid(cursor->iterator)) {
        rocksdb_iter_get_error(cursor->iterator, &error);
        return error != NULL ? read_failure(error) : STORAGE_NOT_FOUND;
    }
    key->ptr = rocksdb_iter_key(cursor->iterator, &key->len);
    value->ptr = rocksdb_iter_value(cursor->iterator, &value->len);
    if (value->len < NUMBER_SIZE)
        return STORAGE_CORRUPT;
    *value = slice_skip(*value, NUMBER_SIZE);
    return STORAGE_OK;
}

static void destroy_cursor(struct cursor *base)
{
    struct rocksdb_cursor *cursor = (struct rocksdb_cursor *)base;

    rocksdb_iter_destroy(cursor->iterator);
    rocksdb_readoptions_destroy(cursor->read_options);
    free(cursor);
}

/* ---- writing: what the committer calls ---- */

static enum storage_status read_number(void *engine, struct slice key, uint64_t *written)
{
    struct rocksdb_storage *rocksdb = engine;
    struct stored stored = {0};

    enum storage_status status = read_value(rocksdb, rocksdb->read_options, key, &stored);
    *written = stored.version.written;
    stored_release(&stored);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

static enum storage_status read_counters(void *engine, struct slice key, int64_t out[2])
{
    struct rocksdb_storage *rocksdb = engine;
    struct stored stored = {0};

    out[0] = out[1] = 0;
    enum storage_status status = read_value(rocksdb, rocksdb->read_options, key, &stored);
    if (status == STORAGE_OK && !counters_decode(stored.value, out))
        status = STORAGE_CORRUPT;
    stored_release(&stored);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

static void put(void *engine, uint64_t number, struct slice key, struct slice value)
{
    struct rocksdb_storage *rocksdb = engine;
    char encoded[NUMBER_SIZE];
    const char *values[2] = {encoded, value.ptr};
    const size_t lens[2] = {sizeof(encoded), value.len};

    for (unsigned i = 0; i < NUMBER_SIZE; i++)
        encoded[i] = (char)(number >> (56 - 8 * i) & 0xff);
    rocksdb_writebatch_putv(rocksdb->group, 1, &key.ptr, &key.len, 2, values, lens);
}

static void delete (void *engine, struct slice key)
{
    struct rocksdb_storage *rocksdb = engine;

    rocksdb_writebatch_delete(rocksdb->group, key.ptr, key.len);
}

static enum storage_status write_group(void *engine)
{
    struct rocksdb_storage *rocksdb = engine;
    char *error = NULL;
    size_t size;

    rocksdb_write(rocksdb->db, rocksdb->write_options, rocksdb->group, &error);
    rocksdb_writebatch_data(rocksdb->group, &size);
    rocksdb_writebatch_clear(rocksdb->group);
    if (size > GROUP_KEPT) { /* a cleared batch keeps its memory */
        rocksdb_writebatch_destroy(rocksdb->group);
        rocksdb->group = rocksdb_writebatch_create();
    }
    return error == NULL ? STORAGE_OK : write_failure(rocksdb, error);
}

static enum storage_status erase_range(void *engine, struct slice from, struct slice to)
{
    struct rocksdb_storage *rocksdb = engine;
    char *ignored = NULL, end[KEY_LONGEST + 1];

    if (to.len == 0) {
        memset(end, 0xff, sizeof(end));
        to = (struct slice){end, sizeof(end)};
    }
    rocksdb_writebatch_delete_range(rocksdb->group, from.ptr, from.len, to.ptr, to.len);
    enum storage_status status = write_group(engine);
    if (status != STORAGE_OK)
        return status;
    /* Gives back at once the files that hold nothing else; the rest goes with their next compaction. */
    rocksdb_delete_file_in_range(rocksdb->db, from.ptr, from.len, to.ptr, to.len, &ignored);
    rocksdb_free(ignored);
    return STORAGE_OK;
}

static const struct group_commit_engine committer_functions = {
    .read_number = read_number,
    .read_counters = read_counters,
    .put = put,
    .delete = delete,
    .write = write_group,
    .erase = erase_range,
};

static void commit(struct storage *storage, struct batch *batch)
{
    group_commit_add(rocksdb_of(storage)->group_commit, batch);
}

static enum storage_status erase(struct storage *storage, struct slice from, struct slice to)
{
    return group_commit_erase(rocksdb_of(storage)->group_commit, from, to);
}

/* ---- open and close ---- */

static const char *refusal(const struct storage *storage)
{
    return atomic_load(&((const struct rocksdb_storage *)storage)->refusal);
}

static uint64_t disk_usage(struct storage *storage)
{
    return folder_size(rocksdb_of(storage)->path);
}

/* Moves what is only in the log into a table, so that the next start has no log to replay. It may fail: the
 * log stays. */
static void flush(struct rocksdb_storage *rocksdb)
{
    rocksdb_flushoptions_t *options = rocksdb_flushoptions_create();
    char *error = NULL;

    rocksdb_flush(rocksdb->db, options, &error);
    rocksdb_free(error);
    rocksdb_flushoptions_destroy(options);
}

static void close_storage(struct storage *storage)
{
    struct rocksdb_storage *rocksdb = rocksdb_of(storage);

    group_commit_stop(rocksdb->group_commit);
    if (rocksdb->group_commit != NULL && refusal(storage) == NULL)
        flush(rocksdb);
    if (rocksdb->group != NULL)
        rocksdb_writebatch_destroy(rocksdb->group);
    if (rocksdb->db != NULL)
        rocksdb_close(rocksdb->db);
    if (rocksdb->read_options != NULL)
        rocksdb_readoptions_destroy(rocksdb->read_options);
    if (rocksdb->write_options != NULL)
        rocksdb_writeoptions_destroy(rocksdb->write_options);
    if (rocksdb->options != NULL)
        rocksdb_options_destroy(rocksdb->options);
    if (rocksdb->cache != NULL)
        rocksdb_cache_destroy(rocksdb->cache);
    if (rocksdb->lock >= 0)
        close(rocksdb->lock);
    free(rocksdb->path);
    free(atomic_load(&rocksdb->refusal));
    free(rocksdb);
}

static const struct engine rocksdb_engine = {
    .close = close_storage,
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

static bool open_db(struct rocksdb_storage *rocksdb, bool new, struct arena *arena, struct slice *problem)
{
    char *error = NULL;

    /* A folder that is marked has its database: one that is missing must not be replaced by an empty one. */
    rocksdb_options_set_create_if_missing(rocksdb->options, new);
    rocksdb->db = rocksdb_open(rocksdb->options, rocksdb->path, &error);
    if (error == NULL)
        return true;
    *problem = arena_printf(arena, "%s cannot be opened: %s", rocksdb->path, error);
    rocksdb_free(error);
    return false;
}

static bool open_folder(struct rocksdb_storage *rocksdb, const char *folder, struct arena *arena,
                        struct slice *problem)
{
    rocksdb->lock = folder_lock(folder, arena, problem);
    if (rocksdb->lock < 0)
        return false;
    enum folder_format format = folder_read_format(folder, arena, problem);
    if (format == FOLDER_REFUSED || !open_db(rocksdb, format == FOLDER_NEW, arena, problem))
        return false;
    if (format == FOLDER_CURRENT)
        return true;
    if (rocksdb_get_latest_sequence_number(rocksdb->db) == 0)
        return folder_write_format(folder, arena, problem);
    *problem = arena_printf(
        arena, "the data folder %s has data and no file FORMAT that says which format it has", folder);
    return false;
}

struct storage *storage_open_rocksdb(const char *folder, struct arena *arena, struct slice *problem)
{
    struct rocksdb_storage *rocksdb = calloc(1, sizeof(*rocksdb));

    CHECK(rocksdb != NULL);
    rocksdb->storage.engine = &rocksdb_engine;
    CHECK(asprintf(&rocksdb->path, "%s/db", folder) > 0);
    rocksdb->cache = create_cache();
    rocksdb->options = create_options(rocksdb->cache);
    if (!open_folder(rocksdb, folder, arena, problem)) {
        close_storage(&rocksdb->storage);
        return NULL;
    }
    rocksdb->read_options = rocksdb_readoptions_create();
    rocksdb->write_options = rocksdb_writeoptions_create();
    rocksdb_writeoptions_set_sync(rocksdb->write_options, 1);
    rocksdb->group = rocksdb_writebatch_create();
    rocksdb->group_commit = group_commit_start(&committer_functions, rocksdb,
                                               rocksdb_get_latest_sequence_number(rocksdb->db) + 1);
    return &rocksdb->storage;
}
