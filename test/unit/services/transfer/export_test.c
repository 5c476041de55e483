/* Exports: what an incremental one writes of changes between two moments, in both formats and views; and that
 * one is done in the end though the storage fails now and then. */
#include "../../catalog/history_model.h"

#include <zlib.h>

#include "catalog/backups.h"
#include "exchange/bucket.h"
#include "services/transfer/export.h"
#include "storage/faulty.h"

struct bench {
    struct storage *sound; /* what is behind the model's, which is a faulty one */
    struct fixture model;
    struct task task;
    struct transfer_work work;
    struct arena arena;
    char *data;
    const char *folder; /* of the buckets, in it */
    int64_t from;
    int64_t until;
};

/* A moment that no later commit shares. */
static int64_t pass_moment(void)
{
    int64_t moment = clock_now();

    while (clock_now() == moment)
        nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    return moment;
}

static void change_one(struct bench *bench, unsigned which, int old, int value)
{
    struct arena arena;
    struct batch batch;

    arena_init(&arena);
    batch_init(&batch, &arena);
    change_item(&bench->model, &batch, which, old, value);
    assert_int_equal(storage_commit_wait(bench->model.storage, &batch), STORAGE_OK);
    arena_finish(&arena);
}

static void turn_recovery_on(struct bench *bench)
{
    struct table *table = table_clone(bench->model.table);
    struct buffer text;
    struct batch batch;

    table->recovery.days = 2;
    buffer_init(&text);
    table_write_descriptor(&text, table);
    batch_init(&batch, &bench->arena);
    recovery_begin(&batch, table->id);
    batch_put(&batch, keys_descriptor(&bench->arena, table->name), buffer_slice(&text));
    assert_int_equal(storage_commit_wait(bench->model.storage, &batch), STORAGE_OK);
    table->version = batch.committed;
    buffer_finish(&text);
    table_release(bench->model.table);
    bench->model.table = table;
}

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    struct bucket *bucket = NULL;

    arena_init(&bench->arena);
    bench->sound = storage_open_memory();
    model_begin(&bench->model, storage_open_faulty(bench->sound));
    turn_recovery_on(bench);
    bench->data = folder_create();
    bench->folder = arena_printf(&bench->arena, "%s/s3", bench->data).ptr;
    assert_int_equal(bucket_open(bench->folder, SLICE("music"), true, &bucket), BUCKET_OK);
    bucket_close(bucket);
    bench->task.storage = bench->model.storage;
    bench->work = (struct transfer_work){.task = &bench->task,
                                         .buckets = bench->folder,
                                         .region = SLICE("us-east-1"),
                                         .account_id = SLICE("000000000000")};
    change_one(bench, 0, ABSENT, 1); /* stays as it is */
    change_one(bench, 1, ABSENT, 1); /* will be changed twice, */
    change_one(bench, 2, ABSENT, 1); /* deleted, */
    change_one(bench, 3, ABSENT, 1); /* changed, and changed back */
    bench->from = pass_moment();
    change_one(bench, 1, 1, 2);
    change_one(bench, 1, 2, 3);
    change_one(bench, 2, 1, ABSENT);
    change_one(bench, 4, ABSENT, 9); /* comes, */
    change_one(bench, 5, ABSENT, 9); /* and comes and goes */
    change_one(bench, 5, 9, ABSENT);
    bench->until = pass_moment();
    change_one(bench, 1, 3, 4); /* too late */
    change_one(bench, 0, 1, 2);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;

    table_release(bench->model.table);
    storage_close(bench->model.storage);
    folder_remove(bench->data);
    arena_finish(&bench->arena);
    free(bench);
    return 0;
}

static struct job job_of(struct bench *bench, const char *request, int64_t from, int64_t until)
{
    struct job job = job_begin(&bench->arena, JOB_EXPORT, clock_now());

    job.table = SLICE("T");
    job.table_uuid = SLICE("u");
    job.from = from;
    job.until = until;
    assert_int_equal(json_parse(&bench->arena, slice_of(request), 10, &job.request), JSON_OK);
    return job;
}

/* Runs an export with this request. */
static struct job run(struct bench *bench, const char *request, int64_t from, int64_t until)
{
    struct job job = job_of(bench, request, from, until);

    assert_int_equal(export_run(&bench->work, &bench->arena, &job), TASK_DONE);
    return job;
}

/* The text of a packed object. */
static struct slice unpacked(struct bench *bench, struct slice key)
{
    struct slice path = arena_printf(&bench->arena, "%s/music/%.*s", bench->folder, SLICE_ARGS(key));
    char *text = arena_alloc(&bench->arena, 4096);

    gzFile file = gzopen(path.ptr, "rb");
    assert_non_null(file);
    int length = gzread(file, text, 4096);
    assert_true(length >= 0);
    assert_int_equal(gzclose(file), Z_OK);
    return (struct slice){text, (size_t)length};
}

static struct slice changes_of(struct bench *bench, const struct job *job, const char *ending)
{
    return unpacked(
        bench, arena_printf(&bench->arena, "AWSDynamoDB/data/%.*s-000000.%s", SLICE_ARGS(job->id), ending));
}

static bool has(struct slice text, const char *part)
{
    return memmem(text.ptr, text.len, part, strlen(part)) != NULL;
}

static size_t count_lines(struct slice text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n';
    return count;
}

static void changes_with_both_images(void **state)
{
    struct bench *bench = *state;
    struct job job = run(bench,
                         "{\"S3Bucket\":\"music\",\"IncrementalExportSpecification\":{\"ExportViewType\":"
                         "\"NEW_AND_OLD_IMAGES\"}}",
                         bench->from, bench->until);

    assert_int_equal(job.status, JOB_COMPLETED);
    assert_int_equal(job.processed, 3);
    struct slice text = changes_of(bench, &job, "json.gz");
    assert_int_equal(count_lines(text), 3);
    assert_true(has(text,
                    ",\"Keys\":{\"p\":{\"S\":\"item 1\"}},\"OldImage\":{\"p\":{\"S\":\"item 1\"},"
                    "\"v\":{\"S\":\"1\"}},\"NewImage\":{\"p\":{\"S\":\"item 1\"},\"v\":{\"S\":\"3\"}}}\n"));
    assert_true(has(text, ",\"Keys\":{\"p\":{\"S\":\"item 2\"}},\"OldImage\":{\"p\":{\"S\":\"item 2\"},"
                          "\"v\":{\"S\":\"1\"}}}\n"));
    assert_true(has(text, ",\"Keys\":{\"p\":{\"S\":\"item 4\"}},\"NewImage\":{\"p\":{\"S\":\"item 4\"},"
                          "\"v\":{\"S\":\"9\"}}}\n"));
}

static void changes_with_new_images(void **state)
{
    struct bench *bench = *state;
    struct job job = run(bench,
                         "{\"S3Bucket\":\"music\",\"ExportFormat\":\"ION\","
                         "\"IncrementalExportSpecification\":{\"ExportViewType\":\"NEW_IMAGE\"}}",
                         bench->from, bench->until);

    assert_int_equal(job.status, JOB_COMPLETED);
    struct slice text = changes_of(bench, &job, "ion.gz");
    assert_int_equal(count_lines(text), 3);
    assert_false(has(text, "OldImage"));
    assert_true(has(text, "$ion_1_0 {Record:{Metadata:{WriteTimestampMicros:"));
    assert_true(has(text, "Keys:{p:\"item 2\"}}}\n"));
    assert_true(has(text, "NewImage:{p:\"item 1\",v:\"3\"}}}\n"));
}

static void a_full_export_at_each_moment(void **state)
{
    struct bench *bench = *state;
    struct job first = run(bench, "{\"S3Bucket\":\"music\"}", 0, bench->from);
    struct job second = run(bench, "{\"S3Bucket\":\"music\"}", 0, bench->until);

    assert_int_equal(first.processed, 4);
    assert_int_equal(second.processed, 4);
    struct slice text = unpacked(
        bench, arena_printf(&bench->arena, "AWSDynamoDB/%.*s/data/000000.json.gz", SLICE_ARGS(second.id)));
    assert_true(has(text, "{\"Item\":{\"p\":{\"S\":\"item 1\"},\"v\":{\"S\":\"3\"}}}\n"));
    assert_true(has(text, "{\"Item\":{\"p\":{\"S\":\"item 0\"},\"v\":{\"S\":\"1\"}}}\n"));
    assert_false(has(text, "item 2"));
}

static void a_window_that_has_passed(void **state)
{
    struct bench *bench = *state;
    struct job job = run(bench, "{\"S3Bucket\":\"music\"}", 0, 1);

    assert_int_equal(job.status, JOB_FAILED);
    assert_true(slice_is(job.failure_code, "PointInTimeRecoveryUnavailable"));
}

static void a_bucket_that_cannot_be_written(void **state)
{
    struct bench *bench = *state;
    struct slice path = arena_printf(&bench->arena, "%s/music/AWSDynamoDB", bench->folder);

    FILE *file = fopen(path.ptr, "we"); /* a file where a folder should be */
    assert_non_null(file);
    fclose(file);
    struct job job = run(bench, "{\"S3Bucket\":\"music\"}", 0, bench->until);
    assert_int_equal(job.status, JOB_FAILED);
    assert_true(slice_is(job.failure_code, "S3InternalError"));
}

/* ---- on the thread ---- */

static struct transfer *begin_job(struct bench *bench, struct job *job)
{
    static struct transfer_settings settings;
    struct batch batch;

    *job = job_of(bench, "{\"S3Bucket\":\"music\"}", 0, bench->until);
    batch_init(&batch, &bench->arena);
    job_put(&batch, job);
    assert_int_equal(storage_commit_wait(bench->sound, &batch), STORAGE_OK);
    settings = (struct transfer_settings){.data = bench->data,
                                          .region = bench->work.region,
                                          .account_id = bench->work.account_id,
                                          .period = 20};
    return transfer_open(NULL, bench->model.storage, &settings);
}

static void wait_until_completed(struct bench *bench, const struct job *job)
{
    struct job found;

    do {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        assert_int_equal(job_find(bench->sound, &bench->arena, JOB_EXPORT, job->id, &found), STORAGE_OK);
    } while (found.status == JOB_IN_PROGRESS);
    assert_int_equal(found.status, JOB_COMPLETED);
    assert_int_equal(found.processed, 4);
}

static void forget_job(struct bench *bench, const struct job *job)
{
    struct batch batch;

    batch_init(&batch, &bench->arena);
    batch_delete(&batch, job_key(&bench->arena, JOB_EXPORT, job->id));
    assert_int_equal(storage_commit_wait(bench->sound, &batch), STORAGE_OK);
}

/* Each read fails in turn, until the job is done before it comes to that one. */
static void a_read_that_fails_is_tried_again(void **state)
{
    struct bench *bench = *state;
    unsigned failed = 0;

    for (bool fired = true; fired && failed < 100; failed += fired) {
        struct job job;
        faulty_arm(bench->model.storage, FAULTY_READS, failed + 1, STORAGE_FAILED);
        struct transfer *transfer = begin_job(bench, &job);
        wait_until_completed(bench, &job);
        fired = faulty_fired(bench->model.storage);
        transfer_close(transfer);
        forget_job(bench, &job);
    }
    assert_true(failed >= 5);
}

static void a_storage_that_takes_writes_again_is_noticed(void **state)
{
    struct bench *bench = *state;
    struct job job;

    faulty_arm(bench->model.storage, FAULTY_WRITES, 1, STORAGE_FULL);
    struct transfer *transfer = begin_job(bench, &job);
    while (!faulty_fired(bench->model.storage))
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    faulty_recover(bench->model.storage);
    wait_until_completed(bench, &job);
    transfer_close(transfer);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(changes_with_both_images),
                                       TEST(changes_with_new_images),
                                       TEST(a_full_export_at_each_moment),
                                       TEST(a_window_that_has_passed),
                                       TEST(a_bucket_that_cannot_be_written),
                                       TEST(a_read_that_fails_is_tried_again),
                                       TEST(a_storage_that_takes_writes_again_is_noticed)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
