/*
 * When does a commit become visible, and when is it answered? Not before its log is on disk; and those that
 * wait for the disk together go there together.
 *
 * This program has an fdatasync() of its own in front of the C library's, which can hold a sync of the log
 * up, count it, and make it fail.
 */
#include "unit/storage/fixture.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>

#include "base/check.h"

/* ---- the gate ---- */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool closed;      /* syncs of the log wait */
static unsigned waiting; /* so many do */
static unsigned synced;  /* so many were let through */
static int failure;      /* an errno for the next syncs; 0: they succeed */

static bool is_log(int file)
{
    char link[64], path[512];

    (void)snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
    ssize_t len = readlink(link, path, sizeof(path) - 1);
    return len > 4 && memcmp(path + len - 4, ".log", 4) == 0;
}

int fdatasync(int file)
{
    if (!is_log(file))
        return (int)syscall(SYS_fdatasync, file);
    pthread_mutex_lock(&mutex);
    waiting++;
    pthread_cond_broadcast(&changed);
    while (closed)
        pthread_cond_wait(&changed, &mutex);
    waiting--;
    synced++;
    int error = failure;
    pthread_mutex_unlock(&mutex);
    if (error == 0)
        return (int)syscall(SYS_fdatasync, file);
    errno = error;
    return -1;
}

static void close_gate(void)
{
    pthread_mutex_lock(&mutex);
    closed = true;
    pthread_mutex_unlock(&mutex);
}

static void open_gate(void)
{
    pthread_mutex_lock(&mutex);
    closed = false;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static void wait_for_a_sync(void)
{
    pthread_mutex_lock(&mutex);
    while (waiting == 0)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
}

static void set_failure(int error)
{
    pthread_mutex_lock(&mutex);
    failure = error;
    pthread_mutex_unlock(&mutex);
}

static unsigned syncs(void)
{
    pthread_mutex_lock(&mutex);
    unsigned count = synced;
    pthread_mutex_unlock(&mutex);
    return count;
}

/* ---- commits that are answered later ---- */

struct answers {
    atomic_uint count;
    atomic_uint conflicts;
};

static void take_answer(void *context, enum storage_status status)
{
    struct answers *answers = context;

    CHECK(status == STORAGE_OK || status == STORAGE_CONFLICT);
    if (status == STORAGE_CONFLICT)
        atomic_fetch_add(&answers->conflicts, 1);
    atomic_fetch_add(&answers->count, 1);
}

static void wait_for_answers(struct answers *answers, unsigned count)
{
    while (atomic_load(&answers->count) < count)
        usleep(100);
}

static int set_up(void **state)
{
    *state = folder_create();
    return 0;
}

static int tear_down(void **state)
{
    set_failure(0);
    open_gate();
    folder_remove(*state);
    return 0;
}

/* ---- the questions ---- */

static void nothing_is_seen_or_answered_before_it_is_on_disk(void **state)
{
    struct storage *storage = open_folder_or_fail(*state);
    struct answers answers = {0, 0};
    struct arena arena;
    struct batch batch;

    put_text(storage, "k", "old");
    add_to(storage, "counters", 1, 1);
    arena_init(&arena);
    batch_init(&batch, &arena);
    batch_put(&batch, SLICE("k"), SLICE("new"));
    batch_put(&batch, SLICE("other"), SLICE("new"));
    batch_count(&batch, SLICE("counters"), 1, 1);
    close_gate();
    storage_commit(storage, &batch, take_answer, &answers);
    wait_for_a_sync();
    /* It is on its way to the disk: written to the log, and a crash may take it back. */
    struct snapshot *snapshot = snapshot_create(storage);
    for (unsigned i = 0; i < 100; i++) {
        assert_true(has_value(storage, NULL, "k", "old") && has_value(storage, NULL, "other", NULL));
        assert_true(has_value(storage, snapshot, "k", "old"));
        assert_string_equal(keys_in(storage, NULL, "k", "", FORWARD), "k");
        assert_counters(storage, "counters", 1, 1);
    }
    assert_int_equal(atomic_load(&answers.count), 0);
    struct version before = version_of(storage, "k");
    open_gate();
    wait_for_answers(&answers, 1);
    assert_true(has_value(storage, NULL, "k", "new") && has_value(storage, NULL, "other", "new"));
    assert_true(has_value(storage, snapshot, "k", "old"));
    assert_counters(storage, "counters", 2, 2);
    assert_int_equal(write_one(storage, "k", "lost", &before, NULL), STORAGE_CONFLICT);
    snapshot_destroy(storage, snapshot);
    storage_close(storage);
    arena_finish(&arena);
}

static void who_waits_together_is_synced_together(void **state)
{
    struct storage *storage = open_folder_or_fail(*state);
    enum { COMMITS = 50 };
    static struct batch batches[COMMITS + 1];
    struct answers answers = {0, 0};
    struct arena arena;

    arena_init(&arena);
    unsigned before = syncs();
    close_gate();
    for (unsigned i = 0; i <= COMMITS; i++) {
        batch_init(&batches[i], &arena);
        batch_put(&batches[i], arena_printf(&arena, "key %02u", i), SLICE("value"));
        storage_commit(storage, &batches[i], take_answer, &answers);
        if (i == 0)
            wait_for_a_sync(); /* the first goes alone, at once */
    }
    assert_int_equal(atomic_load(&answers.count), 0);
    open_gate();
    wait_for_answers(&answers, COMMITS + 1);
    assert_int_equal(syncs() - before, 2);
    before = syncs();
    for (unsigned i = 0; i < 10; i++)
        put_text(storage, "k", "value"); /* one after the other */
    assert_int_equal(syncs() - before, 10);
    storage_close(storage);
    arena_finish(&arena);
}

/* A conflict within a group is answered when the winner can be read: or else the loser would lose again. */
static void a_conflict_is_answered_after_the_winner(void **state)
{
    struct storage *storage = open_folder_or_fail(*state);
    struct version absent = version_of(storage, "k");
    struct answers first = {0, 0}, loser = {0, 0};
    struct batch batches[3];
    struct arena arena;

    arena_init(&arena);
    close_gate();
    for (unsigned i = 0; i < 3; i++) {
        batch_init(&batches[i], &arena);
        if (i > 0)
            batch_guard(&batches[i], SLICE("k"), absent);
        batch_put(&batches[i], i > 0 ? SLICE("k") : SLICE("first"), SLICE("value"));
        storage_commit(storage, &batches[i], take_answer, i < 2 ? &first : &loser);
        if (i == 0)
            wait_for_a_sync();
    }
    assert_int_equal(atomic_load(&loser.count), 0);
    open_gate();
    wait_for_answers(&loser, 1);
    assert_int_equal(atomic_load(&loser.conflicts), 1);
    assert_true(has_value(storage, NULL, "k", "value"));
    wait_for_answers(&first, 2);
    storage_close(storage);
    arena_finish(&arena);
}

static void a_sync_that_fails_ends_the_writing(void **state)
{
    static const int errors[] = {EIO, ENOSPC}; /* with either, what was appended may be on disk */
    const char *folder = *state;

    for (unsigned i = 0; i < 2; i++) {
        struct storage *storage = open_folder_or_fail(folder);
        put_text(storage, "before", "value");
        set_failure(errors[i]);
        assert_int_equal(write_one(storage, "during", "value", NULL, NULL), STORAGE_FAILED);
        set_failure(0);
        assert_non_null(storage_refusal(storage));
        assert_int_equal(write_one(storage, "after", "value", NULL, NULL), STORAGE_FAILED);
        assert_true(has_value(storage, NULL, "before", "value"));
        assert_true(has_value(storage, NULL, "during", NULL) && has_value(storage, NULL, "after", NULL));
        storage_close(storage);
        storage = open_folder_or_fail(folder);
        assert_null(storage_refusal(storage));
        assert_true(has_value(storage, NULL, "before", "value") && has_value(storage, NULL, "after", NULL));
        /* Of the one under way only this is known: it is there or not. */
        assert_true(has_value(storage, NULL, "during", NULL) || has_value(storage, NULL, "during", "value"));
        delete_key(storage, "during");
        storage_close(storage);
    }
}

/* Closing answers what waits, after it is on disk. */
static void closing_waits_for_commits(void **state)
{
    const char *folder = *state;
    struct storage *storage = open_folder_or_fail(folder);
    struct answers answers = {0, 0};
    struct batch batches[20];
    struct arena arena;

    arena_init(&arena);
    for (unsigned i = 0; i < 20; i++) {
        batch_init(&batches[i], &arena);
        batch_put(&batches[i], arena_printf(&arena, "key %02u", i), SLICE("value"));
        storage_commit(storage, &batches[i], take_answer, &answers);
    }
    storage_close(storage);
    assert_int_equal(atomic_load(&answers.count), 20);
    storage = open_folder_or_fail(folder);
    assert_true(has_value(storage, NULL, "key 00", "value") && has_value(storage, NULL, "key 19", "value"));
    storage_close(storage);
    arena_finish(&arena);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_seen_or_answered_before_it_is_on_disk),
        TEST(who_waits_together_is_synced_together),
        TEST(a_conflict_is_answered_after_the_winner),
        TEST(a_sync_that_fails_ends_the_writing),
        TEST(closing_waits_for_commits),
    };
    alarm(300); /* a sync that never comes would be waited for without end */
    return cmocka_run_group_tests_name("syncs", tests, NULL, NULL);
}
