/* The embedded engine and its disk: what stays, what a crash takes, and what damage and a full disk lead to.
 */
#include "unit/storage/fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/check.h"

static int set_up(void **state)
{
    *state = folder_create();
    return 0;
}

static int tear_down(void **state)
{
    folder_remove(*state);
    return 0;
}

/* ---- files ---- */

static char *path_in(const char *folder, const char *name)
{
    char *path = NULL;

    assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
    return path;
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char *path = path_in(folder, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    free(path);
}

/* The largest file of the database with this ending; to be freed. */
static char *largest_file(const char *folder, const char *ending, off_t *size)
{
    char *db = path_in(folder, "db"), *found = NULL;
    DIR *files = opendir(db);
    struct stat status;

    assert_non_null(files);
    *size = -1;
    for (struct dirent *file = readdir(files); file != NULL; file = readdir(files)) {
        size_t len = strlen(file->d_name);
        if (len < strlen(ending) || strcmp(file->d_name + len - strlen(ending), ending) != 0)
            continue;
        char *path = path_in(db, file->d_name);
        assert_int_equal(stat(path, &status), 0);
        if (status.st_size > *size) {
            free(found);
            found = path;
            *size = status.st_size;
        } else {
            free(path);
        }
    }
    closedir(files);
    free(db);
    assert_non_null(found);
    return found;
}

static void flip_bit(const char *path, off_t offset)
{
    int file = open(path, O_RDWR);
    unsigned char byte;

    assert_true(file >= 0);
    assert_int_equal(pread(file, &byte, 1, offset), 1);
    byte ^= 0x10;
    assert_int_equal(pwrite(file, &byte, 1, offset), 1);
    close(file);
}

static void copy_folder(const char *from, const char *to)
{
    char *command = NULL;

    assert_true(asprintf(&command, "rm -rf '%s' && cp -a '%s' '%s'", to, from, to) > 0);
    assert_int_equal(system(command), 0);
    free(command);
}

/* ---- the process that is killed ---- */

/*
 * RocksDB's threads do not survive a fork, so the writer is this program again, started afresh. It says on
 * its standard output which commits were answered.
 */
struct writer {
    pid_t process;
    FILE *answers;
};

static struct writer writer_start(const char *folder, const char *mode, const char *argument)
{
    struct writer writer;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    writer.process = fork();
    assert_true(writer.process >= 0);
    if (writer.process == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl("/proc/self/exe", "disk_test", mode, folder, argument, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    writer.answers = fdopen(ends[0], "r");
    assert_non_null(writer.answers);
    return writer;
}

/* Waits for its end and returns what waitpid() tells. */
static int writer_finish(struct writer *writer)
{
    int status = 0;

    fclose(writer->answers);
    assert_int_equal(waitpid(writer->process, &status, 0), writer->process);
    return status;
}

static struct storage *open_in_writer(const char *folder)
{
    struct arena arena;
    struct slice problem = {0};

    arena_init(&arena);
    struct storage *storage = storage_open_rocksdb(folder, &arena, &problem);
    if (storage == NULL)
        fprintf(stderr, "%.*s\n", SLICE_ARGS(problem));
    CHECK(storage != NULL);
    arena_finish(&arena);
    return storage;
}

/* Commit number `number` of a writer: a pair of keys and a counter. */
static enum storage_status write_pair(struct storage *storage, unsigned thread, unsigned number)
{
    struct arena arena;
    struct batch batch;

    arena_init(&arena);
    batch_init(&batch, &arena);
    struct slice value = arena_printf(&arena, "%u-%u-%0300u", thread, number, number);
    batch_put(&batch, arena_printf(&arena, "left %u %06u", thread, number), value);
    batch_put(&batch, arena_printf(&arena, "right %u %06u", thread, number), value);
    batch_count(&batch, SLICE("counters"), 1, (int64_t)value.len);
    enum storage_status status = storage_commit_wait(storage, &batch);
    arena_finish(&arena);
    return status;
}

/* Writes `count` pairs and dies. */
static int write_and_die(const char *folder, const char *count)
{
    struct storage *storage = open_in_writer(folder);

    for (unsigned i = 0; i < strtoul(count, NULL, 10); i++)
        CHECK(write_pair(storage, 0, i) == STORAGE_OK);
    raise(SIGKILL);
    return 1;
}

struct endless {
    struct storage *storage;
    unsigned thread;
    unsigned number;
};

static void *write_endlessly(void *argument)
{
    struct endless *endless = argument;
    char answer[64];

    for (;; endless->number++) {
        CHECK(write_pair(endless->storage, endless->thread, endless->number) == STORAGE_OK);
        int len = snprintf(answer, sizeof(answer), "%u %u\n", endless->thread, endless->number);
        CHECK(write(STDOUT_FILENO, answer, (size_t)len) == len);
    }
    return NULL;
}

enum { WRITERS = 4 };

/* Four threads write from the number given on, until somebody kills them. */
static int write_until_killed(const char *folder, const char *first)
{
    struct storage *storage = open_in_writer(folder);
    struct endless endless[WRITERS];
    pthread_t threads[WRITERS];

    for (unsigned i = 0; i < WRITERS; i++) {
        endless[i] = (struct endless){storage, i, (unsigned)strtoul(first, NULL, 10)};
        CHECK(pthread_create(&threads[i], NULL, write_endlessly, &endless[i]) == 0);
    }
    for (;;)
        pause();
}

/* ---- what stays ---- */

static void reopening_keeps_everything(void **state)
{
    const char *folder = *state;
    struct version before, after;

    for (unsigned i = 0; i < 3; i++) {
        struct storage *storage = open_folder_or_fail(folder);
        if (i == 0) {
            put_text(storage, "k", "1");
            put_text(storage, "deleted", "1");
            add_to(storage, "counters", 5, 50);
            delete_key(storage, "deleted");
            before = version_of(storage, "k");
        }
        after = version_of(storage, "k");
        assert_int_equal(after.written, before.written);
        assert_true(has_value(storage, NULL, "k", i == 0 ? "1" : "2"));
        assert_true(has_value(storage, NULL, "deleted", NULL));
        assert_counters(storage, "counters", 5 + i, 50 + i);
        add_to(storage, "counters", 1, 1);
        assert_int_equal(write_one(storage, "k", "2", &after, &before), STORAGE_OK);
        assert_true(before.written > after.written && before.written > after.seen);
        assert_int_equal(write_one(storage, "k", "lost", &after, NULL), STORAGE_CONFLICT);
        storage_close(storage);
    }
}

/*
 * Numbers go on above those on disk, also after a crash and after groups in which many batches made few
 * changes: else a value could be taken for another with its number.
 */
static void numbers_go_on(void **state)
{
    const char *folder = *state;
    uint64_t last = 0;

    for (unsigned round = 0; round < 4; round++) {
        struct writer writer = writer_start(folder, "die", "7");
        assert_true(WIFSIGNALED(writer_finish(&writer)));
        struct storage *storage = open_folder_or_fail(folder);
        for (unsigned i = 0; i < 20; i++)
            add_to(storage, "counters", 0, 0);
        uint64_t written = version_of(storage, "left 0 000006").written;
        assert_true(written > last);
        assert_int_equal(storage_erase(storage, SLICE("x"), SLICE("y")), STORAGE_OK);
        put_text(storage, "k", "value");
        last = version_of(storage, "k").written;
        assert_true(last > written);
        storage_close(storage);
    }
}

/* The same when the numbers rise as fast as they can: a number a change. */
static void numbers_go_on_with_single_puts(void **state)
{
    const char *folder = *state;
    uint64_t last = 0;

    for (unsigned round = 0; round < 5; round++) {
        struct storage *storage = open_folder_or_fail(folder);
        put_text(storage, "k", "value");
        uint64_t written = version_of(storage, "k").written;
        assert_true(written > last);
        last = written;
        storage_close(storage);
    }
}

/* ---- the folder ---- */

static void a_folder_has_one_server(void **state)
{
    const char *folder = *state;
    char expected[64];

    struct storage *storage = open_folder_or_fail(folder);
    char *problem = open_problem(folder);
    snprintf(expected, sizeof(expected), "another server (process %ld) uses the data folder ",
             (long)getpid());
    assert_memory_equal(problem, expected, strlen(expected));
    free(problem);
    put_text(storage, "k", "value");
    storage_close(storage);
    storage = open_folder_or_fail(folder);
    assert_true(has_value(storage, NULL, "k", "value"));
    storage_close(storage);
}

static void assert_refused(const char *folder, const char *reason)
{
    char *problem = open_problem(folder);

    if (strstr(problem, reason) == NULL)
        print_error("%s\n", problem);
    assert_non_null(strstr(problem, reason));
    free(problem);
}

static void formats_are_checked(void **state)
{
    const char *folder = *state;
    struct storage *storage = open_folder_or_fail(folder);
    char *format = path_in(folder, "FORMAT"), *current = path_in(folder, "db/CURRENT");

    put_text(storage, "k", "value");
    storage_close(storage);
    write_file(folder, "FORMAT", "turntable storage 2\n");
    assert_refused(folder, "written by a newer Turntable");
    write_file(folder, "FORMAT", "turntable storage 0\n");
    assert_refused(folder, "FORMAT names no format");
    write_file(folder, "FORMAT", "turntable storage 1 or so\n");
    assert_refused(folder, "FORMAT names no format");
    write_file(folder, "FORMAT", "");
    assert_refused(folder, "FORMAT is not a mark of Turntable");
    assert_int_equal(unlink(format), 0);
    assert_refused(folder, "has data and no file FORMAT");
    write_file(folder, "FORMAT", "turntable storage 1\n");
    storage = open_folder_or_fail(folder);
    assert_true(has_value(storage, NULL, "k", "value"));
    storage_close(storage);
    /* A database that lost a file is not replaced by an empty one. */
    assert_int_equal(unlink(current), 0);
    assert_refused(folder, "cannot be opened");
    free(format);
    free(current);
}

static void what_is_no_folder_is_refused(void **state)
{
    char *file = path_in(*state, "file"), *missing = path_in(*state, "missing");

    write_file(*state, "file", "");
    assert_refused(file, "Not a directory");
    assert_refused(missing, "No such file or directory");
    free(file);
    free(missing);
}

/* A server that was killed while it made its folder finds it as good as new. */
static void a_folder_half_made_is_made_again(void **state)
{
    const char *folder = *state;
    struct storage *storage = open_folder_or_fail(folder);
    char *format = path_in(folder, "FORMAT");

    storage_close(storage);
    assert_int_equal(unlink(format), 0);
    write_file(folder, "FORMAT.new", "turnt");
    storage = open_folder_or_fail(folder);
    put_text(storage, "k", "value");
    storage_close(storage);
    storage = open_folder_or_fail(folder);
    assert_true(has_value(storage, NULL, "k", "value"));
    storage_close(storage);
    free(format);
}

/* ---- crashes ---- */

static bool has_pair(struct storage *storage, unsigned thread, unsigned number)
{
    char left[32], right[32], value[400];

    snprintf(left, sizeof(left), "left %u %06u", thread, number);
    snprintf(right, sizeof(right), "right %u %06u", thread, number);
    snprintf(value, sizeof(value), "%u-%u-%0300u", thread, number, number);
    bool has_left = has_value(storage, NULL, left, value), has_right = has_value(storage, NULL, right, value);
    assert_true(has_left == has_right);
    assert_true(has_left || (has_value(storage, NULL, left, NULL) && has_value(storage, NULL, right, NULL)));
    return has_left;
}

/* Counts the pairs, and checks that the counter counts them too. */
static unsigned count_pairs(struct storage *storage)
{
    struct slice key, value;
    unsigned pairs = 0;
    int64_t bytes = 0;

    struct cursor *cursor = cursor_create(storage, NULL, SLICE("left "), SLICE("left~"), FORWARD);
    for (; cursor_next(cursor, &key, &value) == STORAGE_OK; pairs++)
        bytes += (int64_t)value.len;
    cursor_destroy(cursor);
    assert_counters(storage, "counters", pairs, bytes);
    return pairs;
}

static void kills_lose_nothing(void **state)
{
    const char *folder = *state;
    unsigned answered[WRITERS], first = 0, thread, number;
    char argument[16];
    enum { KILLS = 12, APART = 1000 };

    srand(20260102);
    for (unsigned kill_number = 0; kill_number < KILLS; kill_number++, first += APART) {
        snprintf(argument, sizeof(argument), "%u", first);
        struct writer writer = writer_start(folder, "write", argument);
        memset(answered, 0, sizeof(answered));
        for (int answers = 1 + rand() % 60; answers > 0; answers--) {
            assert_int_equal(fscanf(writer.answers, "%u %u", &thread, &number), 2);
            answered[thread] = number - first + 1;
        }
        assert_int_equal(kill(writer.process, SIGKILL), 0);
        while (fscanf(writer.answers, "%u %u\n", &thread, &number) == 2)
            answered[thread] = number - first + 1;
        assert_true(WIFSIGNALED(writer_finish(&writer)));
        struct storage *storage = open_folder_or_fail(folder);
        for (thread = 0; thread < WRITERS; thread++) {
            assert_true(answered[thread] < APART);
            for (number = 0; number < answered[thread]; number++)
                assert_true(has_pair(storage, thread, first + number));
            /* The one that was not answered is there or not, whole; the next was never begun. */
            has_pair(storage, thread, first + answered[thread]);
            assert_false(has_pair(storage, thread, first + answered[thread] + 1));
        }
        count_pairs(storage);
        storage_close(storage);
    }
}

static void a_torn_tail_of_the_log_is_dropped(void **state)
{
    const char *folder = *state;
    char *torn = NULL;
    unsigned last = 1000;
    off_t size, part;

    assert_true(asprintf(&torn, "%s-torn", folder) > 0);
    struct writer writer = writer_start(folder, "die", "10");
    assert_true(WIFSIGNALED(writer_finish(&writer)));
    free(largest_file(folder, ".log", &size));
    for (off_t cut = 0; cut < 1500; cut += cut < 20 ? 1 : 97) {
        copy_folder(folder, torn);
        char *path = largest_file(torn, ".log", &part);
        assert_int_equal(part, size);
        assert_int_equal(truncate(path, size - cut), 0);
        struct storage *storage = open_folder_or_fail(torn);
        unsigned pairs = count_pairs(storage);
        assert_true(pairs <= last && pairs >= 7);
        assert_true(cut > 0 ? pairs < 10 : pairs == 10);
        for (unsigned i = 0; i < pairs; i++)
            assert_true(has_pair(storage, 0, i));
        last = pairs;
        storage_close(storage);
        free(path);
    }
    folder_remove(torn);
}

/* Blocks of zeros behind the end, which a file system may leave after a loss of power, are no damage. */
static void zeros_behind_the_log_are_ignored(void **state)
{
    const char *folder = *state;
    off_t size;

    struct writer writer = writer_start(folder, "die", "10");
    assert_true(WIFSIGNALED(writer_finish(&writer)));
    char *path = largest_file(folder, ".log", &size);
    assert_int_equal(truncate(path, size + 5000), 0);
    struct storage *storage = open_folder_or_fail(folder);
    assert_int_equal(count_pairs(storage), 10);
    storage_close(storage);
    free(path);
}

/* ---- damage ---- */

static void damage_in_the_log_is_not_passed_over(void **state)
{
    const char *folder = *state;
    char *damaged = NULL;
    off_t size;

    assert_true(asprintf(&damaged, "%s-damaged", folder) > 0);
    struct writer writer = writer_start(folder, "die", "100");
    assert_true(WIFSIGNALED(writer_finish(&writer)));
    free(largest_file(folder, ".log", &size));
    assert_true(size > 65536);
    for (unsigned i = 1; i < 6; i++) {
        copy_folder(folder, damaged);
        char *path = largest_file(damaged, ".log", &size);
        flip_bit(path, size * i / 6);
        assert_refused(damaged, "Corruption");
        free(path);
    }
    folder_remove(damaged);
}

static void damage_in_a_table_is_told(void **state)
{
    const char *folder = *state;
    struct storage *storage = open_folder_or_fail(folder);
    struct slice key, value;
    struct stored stored;
    unsigned corrupt = 0, right = 0;
    enum storage_status status;
    char name[32];
    off_t size;

    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(write_pair(storage, 0, i), STORAGE_OK);
    storage_close(storage);
    char *path = largest_file(folder, ".sst", &size);
    flip_bit(path, 200);
    free(path);
    storage = open_folder_or_fail(folder);
    for (unsigned i = 0; i < 100; i++) {
        snprintf(name, sizeof(name), "left 0 %06u", i);
        status = storage_get(storage, NULL, slice_of(name), &stored);
        stored_release(&stored);
        assert_true(status == STORAGE_OK || status == STORAGE_CORRUPT);
        corrupt += status == STORAGE_CORRUPT;
        right += has_value(storage, NULL, name, NULL) ? 100 : status == STORAGE_OK;
    }
    assert_true(corrupt > 0 && right > 0);
    assert_int_equal(corrupt + right, 100); /* no value is missing without a word */
    struct cursor *cursor = cursor_create(storage, NULL, SLICE(""), SLICE(""), FORWARD);
    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK)
        continue;
    assert_int_equal(status, STORAGE_CORRUPT);
    cursor_destroy(cursor);
    cursor = cursor_create(storage, NULL, SLICE(""), SLICE(""), BACKWARD);
    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK)
        continue;
    assert_int_equal(status, STORAGE_CORRUPT);
    cursor_destroy(cursor);
    storage_close(storage);
}

/* ---- a full disk ---- */

/* Writes until it is refused. The number of pairs that were answered with STORAGE_OK. */
static unsigned fill(struct storage *storage)
{
    enum storage_status status;
    unsigned written = 0;

    while ((status = write_pair(storage, 0, written)) == STORAGE_OK)
        written++;
    CHECK(status == STORAGE_FULL);
    CHECK(storage_refusal(storage) != NULL && strstr(storage_refusal(storage), "no write is taken") != NULL);
    CHECK(write_pair(storage, 0, written + 1) == STORAGE_FULL);
    CHECK(storage_erase(storage, SLICE("left"), SLICE("left~")) == STORAGE_FULL);
    return written;
}

static void assert_just_these(struct storage *storage, unsigned written)
{
    for (unsigned i = 0; i < written; i++)
        CHECK(has_pair(storage, 0, i));
    CHECK(!has_pair(storage, 0, written));
    CHECK(!has_pair(storage, 0, written + 1));
}

/* In a process of its own, for limits cannot be raised again by everybody. */
static int fill_to_limit(const char *folder, const char *limit)
{
    struct rlimit bytes = {strtoul(limit, NULL, 10), RLIM_INFINITY};

    signal(SIGXFSZ, SIG_IGN);
    struct storage *storage = open_in_writer(folder);
    CHECK(setrlimit(RLIMIT_FSIZE, &bytes) == 0);
    unsigned written = fill(storage);
    assert_just_these(storage, written); /* reading goes on */
    storage_close(storage);
    printf("%u\n", written);
    return 0;
}

static void a_file_that_cannot_grow_refuses_writes(void **state)
{
    const char *folder = *state;
    unsigned written;

    struct writer writer = writer_start(folder, "limit", "300000");
    assert_int_equal(fscanf(writer.answers, "%u", &written), 1);
    assert_int_equal(writer_finish(&writer), 0);
    assert_true(written > 100);
    struct storage *storage = open_folder_or_fail(folder);
    assert_null(storage_refusal(storage));
    assert_just_these(storage, written);
    assert_int_equal(count_pairs(storage), written);
    assert_int_equal(write_pair(storage, 0, written), STORAGE_OK);
    storage_close(storage);
}

enum { NO_MOUNT = 77 };

/* A small file system of its own, filled up, given more room and opened again: the room shows what was left
 * behind. */
static int fill_file_system(const char *folder, const char *unused_argument)
{
    (void)unused_argument;
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("full", folder, "tmpfs", 0, "size=1m") != 0)
        return NO_MOUNT;
    struct storage *storage = open_in_writer(folder);
    unsigned written = fill(storage);
    assert_just_these(storage, written);
    CHECK(mount("full", folder, "tmpfs", MS_REMOUNT, "size=100m") == 0);
    CHECK(write_pair(storage, 0, written) == STORAGE_FULL);
    storage_close(storage);
    storage = open_in_writer(folder);
    assert_just_these(storage, written);
    CHECK(storage_refusal(storage) == NULL);
    CHECK(write_pair(storage, 0, written) == STORAGE_OK);
    storage_close(storage);
    printf("%u\n", written);
    return 0;
}

static void a_full_file_system_refuses_writes(void **state)
{
    unsigned written = 0;

    struct writer writer = writer_start(*state, "full", "");
    bool answered = fscanf(writer.answers, "%u", &written) == 1;
    int status = writer_finish(&writer);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NO_MOUNT)
        skip(); /* only root may mount */
    assert_int_equal(status, 0);
    assert_true(answered && written > 100);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "die") == 0)
        return write_and_die(argv[2], argv[3]);
    if (argc == 4 && strcmp(argv[1], "write") == 0)
        return write_until_killed(argv[2], argv[3]);
    if (argc == 4 && strcmp(argv[1], "limit") == 0)
        return fill_to_limit(argv[2], argv[3]);
    if (argc == 4 && strcmp(argv[1], "full") == 0)
        return fill_file_system(argv[2], argv[3]);

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(reopening_keeps_everything),
        TEST(numbers_go_on),
        TEST(numbers_go_on_with_single_puts),
        TEST(a_folder_has_one_server),
        TEST(formats_are_checked),
        TEST(what_is_no_folder_is_refused),
        TEST(a_folder_half_made_is_made_again),
        TEST(kills_lose_nothing),
        TEST(a_torn_tail_of_the_log_is_dropped),
        TEST(zeros_behind_the_log_are_ignored),
        TEST(damage_in_the_log_is_not_passed_over),
        TEST(damage_in_a_table_is_told),
        TEST(a_file_that_cannot_grow_refuses_writes),
        TEST(a_full_file_system_refuses_writes),
    };
    return cmocka_run_group_tests_name("rocksdb and its disk", tests, NULL, NULL);
}
