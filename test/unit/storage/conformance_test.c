/* The contract of storage.h, the same questions put to every engine. */
#include <pthread.h>
#include <stdatomic.h>

#include "base/check.h"
#include "base/clock.h"
#include "storage/faulty.h"
#include "unit/storage/fixture.h"

struct engine_under_test {
    const char *name;
    struct storage *(*open)(void);
    void (*finish)(struct storage *storage);
};

static const struct engine_under_test *engine; /* the one that the present group of tests runs over */
static char *folder;

static struct storage *open_on_disk(void)
{
    folder = folder_create();
    return open_folder_or_fail(folder);
}

static void finish_on_disk(struct storage *storage)
{
    storage_close(storage);
    folder_remove(folder);
}

static struct storage *open_faulty(void)
{
    return storage_open_faulty(storage_open_memory());
}

static const struct engine_under_test engines[] = {
    {"memory", storage_open_memory, storage_close},
    {"rocksdb", open_on_disk, finish_on_disk},
    {"faulty, unarmed", open_faulty, storage_close},
};

static int set_up(void **state)
{
    *state = engine->open();
    return 0;
}

static int tear_down(void **state)
{
    engine->finish(*state);
    return 0;
}

/* ---- reading ---- */

static void reads_what_was_written(void **state)
{
    struct storage *storage = *state;

    assert_true(has_value(storage, NULL, "k", NULL));
    put_text(storage, "k", "one");
    assert_true(has_value(storage, NULL, "k", "one"));
    put_text(storage, "k", "two");
    assert_true(has_value(storage, NULL, "k", "two"));
    delete_key(storage, "k");
    assert_true(has_value(storage, NULL, "k", NULL));
    delete_key(storage, "k"); /* of nothing */
    assert_true(has_value(storage, NULL, "k", NULL));
    put_text(storage, "k", "");
    assert_true(has_value(storage, NULL, "k", ""));
    assert_null(storage_refusal(storage));
}

static void keeps_any_bytes(void **state)
{
    struct storage *storage = *state;
    static char long_key[8192];
    struct slice keys[] = {
        {"\0", 1}, {"\0\0", 2}, {"\xff\xff", 2}, {"a\0b", 3}, {long_key, sizeof(long_key)}};
    size_t large = 64 * 1024 * 1024;
    char *bytes = malloc(large);
    struct arena arena;
    struct batch batch;
    struct stored stored;

    memset(long_key, 0xfe, sizeof(long_key));
    for (size_t i = 0; i < large; i++)
        bytes[i] = (char)(i * 31 >> 3 & 0xff);
    arena_init(&arena);
    batch_init(&batch, &arena);
    for (size_t i = 0; i < 4; i++)
        batch_put(&batch, keys[i], (struct slice){bytes + i, i * 1000});
    batch_put(&batch, keys[4], (struct slice){bytes, large});
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_OK);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(storage_get(storage, NULL, keys[i], &stored), STORAGE_OK);
        struct slice expected = i < 4 ? (struct slice){bytes + i, i * 1000} : (struct slice){bytes, large};
        assert_true(slice_equal(stored.value, expected));
        stored_release(&stored);
    }
    arena_finish(&arena);
    free(bytes);
}

static void a_read_value_outlives_its_key(void **state)
{
    struct storage *storage = *state;
    struct stored stored;

    put_text(storage, "k", "before");
    assert_int_equal(storage_get(storage, NULL, SLICE("k"), &stored), STORAGE_OK);
    put_text(storage, "k", "after");
    delete_key(storage, "k");
    assert_true(slice_is(stored.value, "before"));
    stored_release(&stored);
    stored_release(&stored); /* harmless */
}

static void walks_ranges(void **state)
{
    struct storage *storage = *state;
    static const char *const keys[] = {"b", "d", "a", "c", "ab", "abc", "e", "\xff", "\x01", "B"};

    assert_string_equal(keys_in(storage, NULL, "", "", FORWARD), "");
    assert_string_equal(keys_in(storage, NULL, "a", "b", BACKWARD), "");
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        put_text(storage, keys[i], "value");
    delete_key(storage, "d");
    assert_string_equal(keys_in(storage, NULL, "", "", FORWARD), "\x01 B a ab abc b c e \xff");
    assert_string_equal(keys_in(storage, NULL, "", "", BACKWARD), "\xff e c b abc ab a B \x01");
    assert_string_equal(keys_in(storage, NULL, "a", "c", FORWARD), "a ab abc b");
    assert_string_equal(keys_in(storage, NULL, "a", "c", BACKWARD), "b abc ab a");
    assert_string_equal(keys_in(storage, NULL, "aa", "bb", FORWARD), "ab abc b");
    assert_string_equal(keys_in(storage, NULL, "aa", "bb", BACKWARD), "b abc ab");
    assert_string_equal(keys_in(storage, NULL, "c", "", FORWARD), "c e \xff");
    assert_string_equal(keys_in(storage, NULL, "c", "", BACKWARD), "\xff e c");
    assert_string_equal(keys_in(storage, NULL, "", "b", BACKWARD), "abc ab a B \x01");
    assert_string_equal(keys_in(storage, NULL, "d", "e", FORWARD), "");
    assert_string_equal(keys_in(storage, NULL, "d", "e", BACKWARD), "");
    assert_string_equal(keys_in(storage, NULL, "c", "c", FORWARD), "");
    assert_string_equal(keys_in(storage, NULL, "c", "a", FORWARD), "");
    assert_string_equal(keys_in(storage, NULL, "c", "a", BACKWARD), "");
}

static void a_cursor_copies_its_bounds_and_gives_values(void **state)
{
    struct storage *storage = *state;
    char from[] = "b", to[] = "d";
    struct slice key, value;

    put_text(storage, "a", "1");
    put_text(storage, "b", "2");
    put_text(storage, "c", "");
    put_text(storage, "d", "4");
    struct cursor *cursor = cursor_create(storage, NULL, slice_of(from), slice_of(to), FORWARD);
    from[0] = to[0] = '~';
    assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_OK);
    assert_true(slice_is(key, "b") && slice_is(value, "2"));
    assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_OK);
    assert_true(slice_is(key, "c") && slice_is(value, ""));
    assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_NOT_FOUND);
    cursor_destroy(cursor);
}

static void a_cursor_sees_one_moment(void **state)
{
    struct storage *storage = *state;
    struct slice key, value;
    unsigned seen = 0;

    for (char c = 'a'; c <= 'j'; c++)
        put_text(storage, (char[]){c, 0}, "old");
    struct cursor *untouched = cursor_create(storage, NULL, SLICE("a"), SLICE("z"), BACKWARD);
    struct cursor *started = cursor_create(storage, NULL, SLICE("a"), SLICE("z"), FORWARD);
    assert_int_equal(cursor_next(started, &key, &value), STORAGE_OK);
    for (char c = 'a'; c <= 'j'; c += 2) {
        put_text(storage, (char[]){c, 0}, "new");
        put_text(storage, (char[]){c, 'x', 0}, "new");
        delete_key(storage, (char[]){(char)(c + 1), 0});
    }
    for (; cursor_next(started, &key, &value) == STORAGE_OK; seen++)
        assert_true(key.len == 1 && slice_is(value, "old"));
    assert_int_equal(seen, 9);
    for (seen = 0; cursor_next(untouched, &key, &value) == STORAGE_OK; seen++)
        assert_true(key.len == 1 && slice_is(value, "old"));
    assert_int_equal(seen, 10);
    cursor_destroy(started);
    cursor_destroy(untouched);
}

static void snapshots_stay(void **state)
{
    struct storage *storage = *state;

    struct snapshot *empty = snapshot_create(storage);
    put_text(storage, "a", "1");
    put_text(storage, "b", "1");
    struct snapshot *first = snapshot_create(storage);
    put_text(storage, "a", "2");
    delete_key(storage, "b");
    put_text(storage, "c", "2");
    struct snapshot *second = snapshot_create(storage);
    put_text(storage, "a", "3");

    assert_true(has_value(storage, empty, "a", NULL));
    assert_string_equal(keys_in(storage, empty, "", "", FORWARD), "");
    assert_true(has_value(storage, first, "a", "1") && has_value(storage, first, "b", "1"));
    assert_true(has_value(storage, first, "c", NULL));
    assert_string_equal(keys_in(storage, first, "", "", FORWARD), "a b");
    assert_true(has_value(storage, second, "a", "2") && has_value(storage, second, "b", NULL));
    assert_string_equal(keys_in(storage, second, "", "", BACKWARD), "c a");
    snapshot_destroy(storage, first);
    assert_true(has_value(storage, second, "a", "2"));
    assert_true(has_value(storage, NULL, "a", "3"));
    snapshot_destroy(storage, second);
    snapshot_destroy(storage, empty);
    snapshot_destroy(storage, NULL);
}

/* ---- guards ---- */

static void guards_on_absence(void **state)
{
    struct storage *storage = *state;
    struct version absent = version_of(storage, "k");

    assert_int_equal(absent.written, 0);
    assert_int_equal(write_one(storage, "k", "first", &absent, NULL), STORAGE_OK);
    assert_int_equal(write_one(storage, "k", "second", &absent, NULL), STORAGE_CONFLICT);
    assert_true(has_value(storage, NULL, "k", "first"));
}

static void guards_on_a_value(void **state)
{
    struct storage *storage = *state;

    put_text(storage, "k", "same");
    struct version first = version_of(storage, "k");
    assert_int_equal(write_one(storage, "k", "same", &first, NULL), STORAGE_OK);
    assert_int_equal(write_one(storage, "k", "lost", &first, NULL),
                     STORAGE_CONFLICT); /* same bytes, other version */
    struct version second = version_of(storage, "k");
    delete_key(storage, "k");
    assert_int_equal(write_one(storage, "k", "lost", &second, NULL), STORAGE_CONFLICT);
    put_text(storage, "k", "same");
    assert_int_equal(write_one(storage, "k", "lost", &second, NULL), STORAGE_CONFLICT);
    assert_true(has_value(storage, NULL, "k", "same"));
    struct version third = version_of(storage, "k");
    assert_int_equal(write_one(storage, "k", NULL, &third, NULL), STORAGE_OK);
    assert_true(has_value(storage, NULL, "k", NULL));
    assert_int_equal(write_one(storage, "k", NULL, &third, NULL), STORAGE_CONFLICT);
}

static void a_conflict_names_its_guard(void **state)
{
    struct storage *storage = *state;
    struct arena arena;
    struct batch batch;

    put_text(storage, "other", "1");
    put_text(storage, "k", "1");
    struct version other = version_of(storage, "other"), k = version_of(storage, "k");
    put_text(storage, "k", "2");
    arena_init(&arena);
    batch_init(&batch, &arena);
    batch_guard(&batch, SLICE("absent"), version_of(storage, "absent"));
    batch_guard(&batch, SLICE("k"), k);
    batch_guard(&batch, SLICE("other"), other);
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_CONFLICT);
    assert_non_null(batch.refuted);
    assert_true(slice_is(batch.refuted->key, "k"));
    arena_finish(&arena);
}

static void the_version_of_a_commit_can_be_guarded(void **state)
{
    struct storage *storage = *state;
    struct version first, second;

    assert_int_equal(write_one(storage, "k", "1", NULL, &first), STORAGE_OK);
    assert_int_equal(write_one(storage, "k", "2", &first, &second), STORAGE_OK);
    assert_int_equal(write_one(storage, "k", "3", &first, NULL), STORAGE_CONFLICT);
    assert_int_equal(write_one(storage, "k", "3", &second, NULL), STORAGE_OK);
}

static void no_version_never_holds(void **state)
{
    struct storage *storage = *state;
    struct version none = {0, 0};

    assert_int_equal(write_one(storage, "k", "lost", &none, NULL), STORAGE_CONFLICT);
    put_text(storage, "k", "1");
    assert_int_equal(write_one(storage, "k", "lost", &none, NULL), STORAGE_CONFLICT);
}

static void guards_of_a_snapshots_reads(void **state)
{
    struct storage *storage = *state;
    struct stored changed, kept, absent;

    put_text(storage, "changed", "1");
    put_text(storage, "kept", "1");
    struct snapshot *snapshot = snapshot_create(storage);
    put_text(storage, "changed", "2");
    assert_int_equal(storage_get(storage, snapshot, SLICE("changed"), &changed), STORAGE_OK);
    assert_int_equal(storage_get(storage, snapshot, SLICE("kept"), &kept), STORAGE_OK);
    assert_int_equal(storage_get(storage, snapshot, SLICE("absent"), &absent), STORAGE_NOT_FOUND);
    assert_int_equal(write_one(storage, "changed", "3", &changed.version, NULL), STORAGE_CONFLICT);
    assert_int_equal(write_one(storage, "kept", "3", &kept.version, NULL), STORAGE_OK);
    assert_int_equal(write_one(storage, "absent", "3", &absent.version, NULL), STORAGE_OK);
    stored_release(&changed);
    stored_release(&kept);
    stored_release(&absent);
    snapshot_destroy(storage, snapshot);
}

/*
 * An old guard still tells right from wrong after more changes than there are slots in any table of recent
 * changes.
 */
static void old_guards_stay_exact(void **state)
{
    struct storage *storage = *state;
    struct arena arena;
    struct batch batch;

    put_text(storage, "kept", "1");
    put_text(storage, "changed", "1");
    put_text(storage, "back", "1");
    struct version kept = version_of(storage, "kept"), changed = version_of(storage, "changed");
    struct version absent = version_of(storage, "absent"), back = version_of(storage, "back");
    put_text(storage, "changed", "2");
    delete_key(storage, "back");
    put_text(storage, "back", "1");
    arena_init(&arena);
    for (unsigned i = 0; i < 200; i++) {
        batch_init(&batch, &arena);
        for (unsigned j = 0; j < 1000; j++)
            batch_put(&batch, arena_printf(&arena, "other %u %u", i, j), SLICE("x"));
        assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_OK);
        arena_reset(&arena);
    }
    for (unsigned i = 0; i < 3; i++) {
        batch_init(&batch, &arena);
        batch_guard(&batch, SLICE("kept"), kept);
        batch_guard(&batch, SLICE("absent"), absent);
        batch_put(&batch, SLICE("other"), SLICE("x"));
        assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_OK);
    }
    assert_int_equal(write_one(storage, "changed", "3", &changed, NULL), STORAGE_CONFLICT);
    assert_int_equal(write_one(storage, "back", "3", &back, NULL), STORAGE_CONFLICT);
    assert_int_equal(write_one(storage, "kept", "2", &kept, NULL), STORAGE_OK);
    assert_int_equal(write_one(storage, "kept", "3", &kept, NULL), STORAGE_CONFLICT);
    assert_int_equal(write_one(storage, "absent", "1", &absent, NULL), STORAGE_OK);
    assert_int_equal(write_one(storage, "absent", "2", &absent, NULL), STORAGE_CONFLICT);
    arena_finish(&arena);
}

/* ---- batches ---- */

static void all_or_nothing(void **state)
{
    struct storage *storage = *state;
    struct version absent = version_of(storage, "a");
    struct arena arena;
    struct batch batch;

    put_text(storage, "guarded", "1");
    arena_init(&arena);
    batch_init(&batch, &arena);
    assert_true(batch_is_empty(&batch));
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_OK); /* nothing to do */
    batch_put(&batch, SLICE("a"), SLICE("1"));
    batch_delete(&batch, SLICE("guarded"));
    batch_count(&batch, SLICE("counters"), 1, 1);
    batch_guard(&batch, SLICE("a"), absent);
    batch_guard(&batch, SLICE("guarded"),
                absent); /* read as absent by somebody who looked before it was there */
    batch_guard(&batch, SLICE("b"), absent);
    assert_false(batch_is_empty(&batch));
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_CONFLICT);
    assert_true(has_value(storage, NULL, "a", NULL));
    assert_true(has_value(storage, NULL, "guarded", "1"));
    assert_counters(storage, "counters", 0, 0);

    batch_init(&batch, &arena);
    batch_guard(&batch, SLICE("guarded"), absent); /* guards alone */
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_CONFLICT);
    batch_init(&batch, &arena);
    batch_guard(&batch, SLICE("a"), absent);
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_OK);
    arena_finish(&arena);
}

static void the_later_change_wins(void **state)
{
    struct storage *storage = *state;
    struct arena arena;
    struct batch batch;

    arena_init(&arena);
    batch_init(&batch, &arena);
    batch_put(&batch, SLICE("a"), SLICE("1"));
    batch_put(&batch, SLICE("a"), SLICE("2"));
    batch_put(&batch, SLICE("b"), SLICE("1"));
    batch_delete(&batch, SLICE("b"));
    batch_delete(&batch, SLICE("c"));
    batch_put(&batch, SLICE("c"), SLICE("1"));
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_OK);
    assert_true(has_value(storage, NULL, "a", "2"));
    assert_true(has_value(storage, NULL, "b", NULL));
    assert_true(has_value(storage, NULL, "c", "1"));
    assert_int_equal(write_one(storage, "a", "3", &batch.committed, NULL), STORAGE_OK);
    arena_finish(&arena);
}

static void counts(void **state)
{
    struct storage *storage = *state;
    struct arena arena;
    struct batch batch;

    assert_counters(storage, "n", 0, 0);
    add_to(storage, "n", 1, 100);
    add_to(storage, "n", 2, -300);
    assert_counters(storage, "n", 3, -200);
    arena_init(&arena);
    batch_init(&batch, &arena);
    batch_count(&batch, SLICE("n"), 1, 0);
    batch_count(&batch, SLICE("m"), 7, 7);
    batch_count(&batch, SLICE("n"), 1, INT64_C(1) << 40);
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_OK);
    assert_counters(storage, "n", 5, (INT64_C(1) << 40) - 200);
    assert_counters(storage, "m", 7, 7);
    delete_key(storage, "n");
    assert_counters(storage, "n", 0, 0);
    add_to(storage, "n", 1, 1);
    assert_counters(storage, "n", 1, 1);

    batch_init(&batch, &arena);
    batch_count(&batch, SLICE("n"), 5, 5);
    batch_delete(&batch, SLICE("n"));
    batch_count(&batch, SLICE("n"), 2, 3);
    batch_count(&batch, SLICE("m"), 5, 5);
    batch_delete(&batch, SLICE("m"));
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_OK);
    assert_counters(storage, "n", 2, 3);
    assert_counters(storage, "m", 0, 0);

    /* More of them than anybody would keep in memory. */
    for (unsigned round = 0; round < 3; round++) {
        batch_init(&batch, &arena);
        for (unsigned i = 0; i < 3000; i++)
            batch_count(&batch, arena_printf(&arena, "many %u", i), i, 1);
        assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_OK);
    }
    assert_counters(storage, "many 0", 0, 3);
    assert_counters(storage, "many 2999", 8997, 3);
    arena_finish(&arena);
}

/* The number that `size` bytes are. */
static uint64_t number_at(const char *bytes, unsigned size)
{
    uint64_t number = 0;

    for (unsigned i = 0; i < size; i++)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

static uint64_t append_two(struct storage *storage, const char *first, const char *second)
{
    struct arena arena;
    struct batch batch;

    arena_init(&arena);
    batch_init(&batch, &arena);
    batch_append(&batch, SLICE("q/"), slice_of(first));
    batch_put(&batch, SLICE("other"), SLICE("value"));
    batch_append(&batch, SLICE("q/"), slice_of(second));
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_OK);
    uint64_t number = version_number(batch.committed);
    arena_finish(&arena);
    return number;
}

static void appends_in_the_order_of_commits(void **state)
{
    struct storage *storage = *state;
    static const char *const values[] = {"one", "two", "", "four"};
    int64_t before = clock_now();
    uint64_t numbers[2] = {append_two(storage, values[0], values[1]),
                           append_two(storage, values[2], values[3])};
    struct slice key, value;
    int64_t last = before;

    assert_true(numbers[1] > numbers[0]);
    assert_int_equal(version_number(version_of(storage, "other")), numbers[1]);
    struct cursor *cursor = cursor_create(storage, NULL, SLICE("q/"), SLICE("q0"), FORWARD);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_OK);
        assert_int_equal(key.len, 2 + STAMP_SIZE);
        assert_int_equal(number_at(key.ptr + 2, 8), numbers[i / 2]);
        assert_int_equal(number_at(key.ptr + 10, 4), i % 2);
        int64_t time = (int64_t)number_at(value.ptr, TIME_SIZE);
        assert_true(time >= last);
        last = time;
        assert_true(slice_is(slice_skip(value, TIME_SIZE), values[i]));
    }
    assert_true(last <= clock_now());
    assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_NOT_FOUND);
    cursor_destroy(cursor);
}

static void appends_nothing_when_a_guard_fails(void **state)
{
    struct storage *storage = *state;
    struct arena arena;
    struct batch batch;

    put_text(storage, "a", "1");
    struct version old = version_of(storage, "a");
    put_text(storage, "a", "2");
    arena_init(&arena);
    batch_init(&batch, &arena);
    batch_guard(&batch, SLICE("a"), old);
    batch_append(&batch, SLICE("q/"), SLICE("lost"));
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_CONFLICT);
    arena_finish(&arena);
    assert_string_equal(keys_in(storage, NULL, "q/", "q0", FORWARD), "");
}

static void erases(void **state)
{
    struct storage *storage = *state;
    struct version inside, outside;

    for (char c = 'a'; c <= 'f'; c++)
        put_text(storage, (char[]){c, 0}, "1");
    add_to(storage, "counters", 5, 5);
    inside = version_of(storage, "cc");
    assert_int_equal(write_one(storage, "c", "2", NULL, &inside), STORAGE_OK);
    outside = version_of(storage, "a");
    assert_int_equal(storage_erase(storage, SLICE("b"), SLICE("e")), STORAGE_OK);
    assert_string_equal(keys_in(storage, NULL, "", "", FORWARD), "a e f");
    assert_string_equal(keys_in(storage, NULL, "", "", BACKWARD), "f e a");
    assert_counters(storage, "counters", 0, 0);
    add_to(storage, "counters", 1, 1);
    assert_counters(storage, "counters", 1, 1);
    assert_int_equal(write_one(storage, "c", "3", &inside, NULL), STORAGE_CONFLICT);
    assert_int_equal(write_one(storage, "a", "3", &outside, NULL), STORAGE_OK);
    assert_int_equal(storage_erase(storage, SLICE("b"), SLICE("e")), STORAGE_OK); /* again */
    put_text(storage, "c", "4");
    assert_true(has_value(storage, NULL, "c", "4"));
    assert_int_equal(storage_erase(storage, SLICE("e"), SLICE("b")), STORAGE_OK); /* nothing lies there */
    assert_int_equal(storage_erase(storage, SLICE("e"), SLICE("")), STORAGE_OK);
    assert_string_equal(keys_in(storage, NULL, "", "", FORWARD), "a c");
    struct snapshot *snapshot = snapshot_create(storage);
    assert_int_equal(storage_erase(storage, SLICE(""), SLICE("")), STORAGE_OK);
    snapshot_destroy(storage, snapshot);
    assert_string_equal(keys_in(storage, NULL, "", "", FORWARD), "");
}

/* ---- threads ---- */

enum { THREADS = 8, INCREMENTS = 50 };

struct incrementing {
    struct storage *storage;
    atomic_uint *conflicts;
};

/* Adds one to the number under "n", as an UpdateItem would. */
static enum storage_status increment(struct storage *storage)
{
    struct arena arena;
    struct batch batch;
    struct stored stored;
    unsigned long number = 0;

    arena_init(&arena);
    batch_init(&batch, &arena);
    enum storage_status status = storage_get(storage, NULL, SLICE("n"), &stored);
    if (status == STORAGE_OK)
        number = strtoul(arena_copy(&arena, stored.value).ptr, NULL, 10);
    batch_guard(&batch, SLICE("n"), stored.version);
    batch_put(&batch, SLICE("n"), arena_printf(&arena, "%lu", number + 1));
    batch_put(&batch, arena_printf(&arena, "entry %05lu", number + 1), SLICE(""));
    batch_count(&batch, SLICE("counters"), 1, 2);
    stored_release(&stored);
    if (status == STORAGE_OK || status == STORAGE_NOT_FOUND)
        status = storage_commit_wait(storage, &batch);
    arena_finish(&arena);
    return status;
}

static void *increment_often(void *argument)
{
    struct incrementing *incrementing = argument;

    for (unsigned done = 0; done < INCREMENTS;) {
        enum storage_status status = increment(incrementing->storage);
        CHECK(status == STORAGE_OK || status == STORAGE_CONFLICT);
        if (status == STORAGE_OK)
            done++;
        else
            atomic_fetch_add(incrementing->conflicts, 1);
    }
    return NULL;
}

static void no_update_is_lost(void **state)
{
    struct storage *storage = *state;
    atomic_uint conflicts = 0;
    struct incrementing incrementing = {storage, &conflicts};
    pthread_t threads[THREADS];
    struct slice key, value;
    unsigned entries = 0;

    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, increment_often, &incrementing), 0);
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_true(has_value(storage, NULL, "n", "400"));
    assert_counters(storage, "counters", THREADS * INCREMENTS, 2 * THREADS * INCREMENTS);
    struct cursor *cursor = cursor_create(storage, NULL, SLICE("entry "), SLICE("entry~"), FORWARD);
    while (cursor_next(cursor, &key, &value) == STORAGE_OK)
        entries++;
    cursor_destroy(cursor);
    assert_int_equal(entries, THREADS * INCREMENTS);
}

struct watching {
    struct storage *storage;
    atomic_bool stop;
    unsigned looks;
};

/* "left" and "right" are written together, always: nobody may see them differ. */
static void *watch(void *argument)
{
    struct watching *watching = argument;
    struct stored left, right;

    while (!atomic_load(&watching->stop)) {
        struct snapshot *snapshot = snapshot_create(watching->storage);
        enum storage_status a = storage_get(watching->storage, snapshot, SLICE("left"), &left);
        enum storage_status b = storage_get(watching->storage, snapshot, SLICE("right"), &right);
        CHECK(a == b && (a == STORAGE_NOT_FOUND || slice_equal(left.value, right.value)));
        CHECK(left.version.written == right.version.written && left.version.seen == right.version.seen);
        stored_release(&left);
        stored_release(&right);
        snapshot_destroy(watching->storage, snapshot);
        watching->looks++;
    }
    return NULL;
}

struct answers {
    atomic_uint count;
    atomic_uint failed;
};

static void take_answer(void *context, enum storage_status status)
{
    struct answers *answers = context;

    if (status != STORAGE_OK)
        atomic_fetch_add(&answers->failed, 1);
    atomic_fetch_add(&answers->count, 1);
}

static void readers_see_whole_commits(void **state)
{
    struct storage *storage = *state;
    struct watching watching = {.storage = storage};
    struct answers answers = {0, 0};
    struct arena arena;
    pthread_t thread;
    enum { COMMITS = 500 };
    static struct batch batches[COMMITS];

    arena_init(&arena);
    assert_int_equal(pthread_create(&thread, NULL, watch, &watching), 0);
    for (unsigned i = 0; i < COMMITS; i++) {
        batch_init(&batches[i], &arena);
        struct slice value = arena_printf(&arena, "%u", i);
        batch_put(&batches[i], SLICE("left"), value);
        batch_put(&batches[i], SLICE("right"), value);
        storage_commit(storage, &batches[i], take_answer, &answers); /* many wait at once */
        if (i % 50 == 49) {
            while (atomic_load(&answers.count) < i + 1)
                usleep(100);
            /* Answered means readable, in the order of arrival. */
            assert_true(has_value(storage, NULL, "left", value.ptr));
            assert_int_equal(version_of(storage, "left").written, batches[i].committed.written);
        }
    }
    atomic_store(&watching.stop, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(atomic_load(&answers.failed), 0);
    for (unsigned i = 1; i < COMMITS; i++)
        assert_true(batches[i].committed.written > batches[i - 1].committed.written);
    arena_finish(&arena);
}

/* Of commits that arrive together and guard the same, just one happens. */
static void one_of_a_group_wins(void **state)
{
    struct storage *storage = *state;
    enum { COMMITS = 100 };
    static struct batch batches[COMMITS];
    struct answers answers = {0, 0};
    struct version absent = version_of(storage, "k");
    struct arena arena;

    arena_init(&arena);
    for (unsigned i = 0; i < COMMITS; i++) {
        batch_init(&batches[i], &arena);
        batch_guard(&batches[i], SLICE("k"), absent);
        batch_put(&batches[i], SLICE("k"), arena_printf(&arena, "%u", i));
        storage_commit(storage, &batches[i], take_answer, &answers);
    }
    while (atomic_load(&answers.count) < COMMITS)
        usleep(100);
    assert_int_equal(atomic_load(&answers.failed), COMMITS - 1);
    assert_true(has_value(storage, NULL, "k", "0"));
    arena_finish(&arena);
}

static void tells_its_size(void **state)
{
    struct storage *storage = *state;

    put_text(storage, "k", "value");
    assert_true((storage_disk_usage(storage) > 0) == (strcmp(engine->name, "rocksdb") == 0));
}

/*
 * The same random history on the engine and on a plain array: every read, range and guard agrees.
 */
enum { MODEL_KEYS = 40 };

struct model {
    unsigned values[MODEL_KEYS]; /* 0: absent */
    struct version versions[MODEL_KEYS];
    bool fresh[MODEL_KEYS]; /* the version is that of the present value */
};

static uint32_t draw(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static void model_step(struct storage *storage, struct model *model, uint32_t *seed, unsigned value)
{
    struct arena arena;
    struct batch batch;
    bool holds = true;
    unsigned guarded = draw(seed) % MODEL_KEYS;

    arena_init(&arena);
    batch_init(&batch, &arena);
    struct model after = *model;
    if (draw(seed) % 2 == 0 && model->versions[guarded].seen != 0) {
        batch_guard(&batch, arena_printf(&arena, "%02u", guarded), model->versions[guarded]);
        holds = model->fresh[guarded];
    }
    for (unsigned i = draw(seed) % 4; i > 0; i--) {
        unsigned changed = draw(seed) % MODEL_KEYS;
        bool deletes = draw(seed) % 3 == 0;
        struct slice key = arena_printf(&arena, "%02u", changed);
        if (deletes)
            batch_delete(&batch, key);
        else
            batch_put(&batch, key, arena_printf(&arena, "%u", value));
        /* An absence that ends and comes back is the same absence. */
        after.fresh[changed] = deletes && model->versions[changed].written == 0;
        after.values[changed] = deletes ? 0 : value;
    }
    enum storage_status status = storage_commit_wait(storage, &batch);
    assert_int_equal(status, holds ? STORAGE_OK : STORAGE_CONFLICT);
    if (holds)
        *model = after;
    unsigned read = draw(seed) % MODEL_KEYS;
    model->versions[read] = version_of(storage, arena_printf(&arena, "%02u", read).ptr);
    model->fresh[read] = true;
    arena_finish(&arena);
}

static void agrees_with_a_model(void **state)
{
    struct storage *storage = *state;
    struct model model = {0};
    uint32_t seed = 20260101;
    char expected[8], number[12];
    struct slice key, value;

    for (unsigned i = 1; i <= 1500; i++) {
        model_step(storage, &model, &seed, i);
        if (i % 50 != 0)
            continue;
        struct cursor *cursor = cursor_create(storage, NULL, SLICE(""), SLICE(""), FORWARD);
        for (unsigned k = 0; k < MODEL_KEYS; k++) {
            if (model.values[k] == 0)
                continue;
            snprintf(expected, sizeof(expected), "%02u", k);
            snprintf(number, sizeof(number), "%u", model.values[k]);
            assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_OK);
            assert_true(slice_is(key, expected) && slice_is(value, number));
        }
        assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_NOT_FOUND);
        cursor_destroy(cursor);
    }
}

int main(void)
{
    int failed = 0;

    for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++) {
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
        const struct CMUnitTest tests[] = {
            TEST(reads_what_was_written),
            TEST(keeps_any_bytes),
            TEST(a_read_value_outlives_its_key),
            TEST(walks_ranges),
            TEST(a_cursor_copies_its_bounds_and_gives_values),
            TEST(a_cursor_sees_one_moment),
            TEST(snapshots_stay),
            TEST(guards_on_absence),
            TEST(guards_on_a_value),
            TEST(a_conflict_names_its_guard),
            TEST(the_version_of_a_commit_can_be_guarded),
            TEST(no_version_never_holds),
            TEST(guards_of_a_snapshots_reads),
            TEST(old_guards_stay_exact),
            TEST(all_or_nothing),
            TEST(the_later_change_wins),
            TEST(counts),
            TEST(appends_in_the_order_of_commits),
            TEST(appends_nothing_when_a_guard_fails),
            TEST(erases),
            TEST(no_update_is_lost),
            TEST(readers_see_whole_commits),
            TEST(one_of_a_group_wins),
            TEST(tells_its_size),
            TEST(agrees_with_a_model),
        };
        engine = &engines[i];
        failed += cmocka_run_group_tests_name(engine->name, tests, NULL, NULL);
    }
    return failed == 0 ? 0 : 1;
}
