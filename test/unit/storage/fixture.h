/* What the tests of the storage share: an engine in a fresh folder, and short ways to read and write. */
#ifndef TURNTABLE_TEST_UNIT_STORAGE_FIXTURE_H
#define TURNTABLE_TEST_UNIT_STORAGE_FIXTURE_H

#include "lib/unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "storage/storage.h"

#define unused __attribute__((unused))

/* ---- folders ---- */

static unused char *folder_create(void)
{
    const char *parent = getenv("TMPDIR");
    char *folder = NULL;

    assert_true(asprintf(&folder, "%s/turntable-storage-XXXXXX", parent != NULL ? parent : "/tmp") > 0);
    assert_non_null(mkdtemp(folder));
    return folder;
}

/* Takes the name. */
static unused void folder_remove(char *folder)
{
    char *command = NULL;

    assert_true(asprintf(&command, "rm -rf '%s'", folder) > 0);
    assert_int_equal(system(command), 0);
    free(command);
    free(folder);
}

static unused struct storage *open_folder_or_fail(const char *folder)
{
    struct arena arena;
    struct slice problem = {0};

    arena_init(&arena);
    struct storage *storage = storage_open_rocksdb(folder, &arena, &problem);
    if (storage == NULL)
        print_error("%.*s\n", SLICE_ARGS(problem));
    assert_non_null(storage);
    arena_finish(&arena);
    return storage;
}

/* Opening must fail; what is said about it, to be freed. */
static unused char *open_problem(const char *folder)
{
    struct arena arena;
    struct slice problem = {0};
    char *text = NULL;

    arena_init(&arena);
    struct storage *storage = storage_open_rocksdb(folder, &arena, &problem);
    assert_null(storage);
    assert_true(asprintf(&text, "%.*s", SLICE_ARGS(problem)) > 0);
    arena_finish(&arena);
    return text;
}

/* ---- one change, one read ---- */

static unused enum storage_status write_one(struct storage *storage, const char *key, const char *value,
                                            const struct version *guard, struct version *committed)
{
    struct arena arena;
    struct batch batch;

    arena_init(&arena);
    batch_init(&batch, &arena);
    if (guard != NULL)
        batch_guard(&batch, slice_of(key), *guard);
    if (value != NULL)
        batch_put(&batch, slice_of(key), slice_of(value));
    else
        batch_delete(&batch, slice_of(key));
    enum storage_status status = storage_commit_wait(storage, &batch);
    if (committed != NULL)
        *committed = batch.committed;
    arena_finish(&arena);
    return status;
}

static unused void put_text(struct storage *storage, const char *key, const char *value)
{
    assert_int_equal(write_one(storage, key, value, NULL, NULL), STORAGE_OK);
}

static unused void delete_key(struct storage *storage, const char *key)
{
    assert_int_equal(write_one(storage, key, NULL, NULL, NULL), STORAGE_OK);
}

/* Whether the key has just this value; NULL: is absent. */
static unused bool has_value(struct storage *storage, const struct snapshot *snapshot, const char *key,
                             const char *value)
{
    struct stored stored;

    enum storage_status status = storage_get(storage, snapshot, slice_of(key), &stored);
    bool same =
        value == NULL ? status == STORAGE_NOT_FOUND : status == STORAGE_OK && slice_is(stored.value, value);
    stored_release(&stored);
    return same;
}

static unused struct version version_of(struct storage *storage, const char *key)
{
    struct stored stored;

    enum storage_status status = storage_get(storage, NULL, slice_of(key), &stored);
    assert_true(status == STORAGE_OK || status == STORAGE_NOT_FOUND);
    struct version version = stored.version;
    stored_release(&stored);
    return version;
}

/* The keys of a range, joined with spaces. */
static unused const char *keys_in(struct storage *storage, const struct snapshot *snapshot, const char *from,
                                  const char *to, enum direction direction)
{
    static char text[4096];
    struct slice key, value;
    enum storage_status status;
    size_t len = 0;

    struct cursor *cursor = cursor_create(storage, snapshot, slice_of(from), slice_of(to), direction);
    text[0] = '\0';
    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK) {
        assert_true(len + key.len + 2 < sizeof(text));
        len +=
            (size_t)snprintf(text + len, sizeof(text) - len, "%s%.*s", len > 0 ? " " : "", SLICE_ARGS(key));
    }
    assert_int_equal(status, STORAGE_NOT_FOUND);
    assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_NOT_FOUND); /* and stays there */
    cursor_destroy(cursor);
    return text;
}

static unused void add_to(struct storage *storage, const char *key, int64_t first, int64_t second)
{
    struct arena arena;
    struct batch batch;

    arena_init(&arena);
    batch_init(&batch, &arena);
    batch_count(&batch, slice_of(key), first, second);
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_OK);
    arena_finish(&arena);
}

static unused void assert_counters(struct storage *storage, const char *key, int64_t first, int64_t second)
{
    int64_t counters[2] = {-1, -1};

    assert_int_equal(storage_read_counters(storage, slice_of(key), counters), STORAGE_OK);
    assert_true(counters[0] == first && counters[1] == second);
}

#endif
