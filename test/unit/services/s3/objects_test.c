/* Objects: are their bytes read back whole, whatever they are made of, and is nothing erased but garbage? */
#include "lib/unit.h"

#include <sched.h>
#include <sys/stat.h>

#include "services/s3/objects.h"
#include "unit/storage/fixture.h"

struct bench {
    struct arena arena;
    struct storage *storage;
    struct objects *objects;
    char *folder;
    struct s3_bucket bucket;
};

static int begin(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));

    arena_init(&bench->arena);
    bench->storage = storage_open_memory();
    bench->folder = folder_create();
    const struct objects_settings settings = {
        .folder = bench->folder, .region = SLICE("us-east-1"), .period = 1};
    bench->objects = objects_open(bench->storage, &settings);
    assert_int_equal(objects_ensure_bucket(bench->objects, SLICE("music"), false), OBJECTS_OK);
    assert_int_equal(
        objects_find_bucket(bench->objects, NULL, &bench->arena, SLICE("music"), &bench->bucket, NULL),
        STORAGE_OK);
    *state = bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;

    objects_close(bench->objects);
    storage_close(bench->storage);
    folder_remove(bench->folder);
    arena_finish(&bench->arena);
    free(bench);
    return 0;
}

/* ---- bytes ---- */

static char byte_at(uint64_t at)
{
    return (char)(at * 131 >> 3);
}

static char *make_bytes(struct bench *bench, size_t size)
{
    char *bytes = arena_alloc(&bench->arena, size + 1);

    for (size_t i = 0; i < size; i++)
        bytes[i] = byte_at(i);
    return bytes;
}

/* Writes a blob from pieces of this length. */
static struct s3_blob put_blob(struct bench *bench, struct slice bytes, size_t piece)
{
    struct s3_blob blob = {.id = s3_new_id(&bench->arena), .size = (int64_t)bytes.len};
    size_t count = bytes.len / piece + 1;
    struct slice *pieces = arena_array(&bench->arena, struct slice, count);
    struct batch batch;

    for (size_t i = 0; i < count; i++) {
        size_t left = bytes.len - i * piece;
        pieces[i] = (struct slice){bytes.ptr + i * piece, left < piece ? left : piece};
    }
    const struct s3_bytes all = {pieces, count, bytes.len};
    for (uint32_t first = 0; first < blob_chunk_count(blob.size); first += 2) {
        batch_init(&batch, &bench->arena);
        blob_put_chunks(&batch, blob.id, &all, first, 2);
        assert_int_equal(storage_commit_wait(bench->storage, &batch), STORAGE_OK);
    }
    return blob;
}

static void commit(struct bench *bench, struct batch *batch)
{
    assert_int_equal(storage_commit_wait(bench->storage, batch), STORAGE_OK);
}

static void put_object(struct bench *bench, struct slice key, struct s3_blob blob)
{
    struct s3_object object = {.blob = blob};
    struct batch batch;

    batch_init(&batch, &bench->arena);
    s3_put(&batch, s3_object_key(&bench->arena, bench->bucket.id, key), &s3_object_layout, &object);
    commit(bench, &batch);
}

/* A blob of two others. */
static struct s3_blob put_manifest(struct bench *bench, const struct s3_blob *one, const struct s3_blob *two)
{
    struct s3_blob blob = {.id = s3_new_id(&bench->arena), .size = one->size + two->size, .parts = 2};
    struct batch batch;
    struct buffer entries;

    buffer_init(&entries);
    s3_append_id(&entries, one->id);
    buffer_append_u64(&entries, (uint64_t)one->size);
    s3_append_id(&entries, two->id);
    buffer_append_u64(&entries, (uint64_t)two->size);
    batch_init(&batch, &bench->arena);
    batch_put(&batch, s3_manifest_key(&bench->arena, blob.id), buffer_slice(&entries));
    commit(bench, &batch);
    buffer_finish(&entries);
    return blob;
}

static void expect_range(struct bench *bench, const struct s3_blob *blob, uint64_t start, uint64_t length)
{
    enum storage_status status;
    char *read = malloc(length + 1);

    struct blob_reader *reader =
        blob_reader_create(bench->storage, snapshot_create(bench->storage), blob, start, length, &status);
    assert_non_null(reader);
    assert_true(blob_read_all(reader, read, length));
    assert_int_equal(blob_read(reader, length, read, 1), 0);
    for (uint64_t i = 0; i < length; i++)
        assert_int_equal(read[i], byte_at(start + i));
    if (length > 2) { /* back to where it was before */
        assert_int_equal(blob_read(reader, 1, read, 1), 1);
        assert_int_equal(read[0], byte_at(start + 1));
    }
    blob_reader_destroy(reader);
    free(read);
}

static void bytes_are_read_back(void **state)
{
    static const size_t sizes[] = {
        0, 1, S3_CHUNK_SIZE - 1, S3_CHUNK_SIZE, S3_CHUNK_SIZE + 1, 3 * S3_CHUNK_SIZE + 12345};
    static const size_t pieces[] = {1000, 65536, 1000 * 1000, 10 * S3_CHUNK_SIZE};
    struct bench *bench = *state;
    struct slice text;

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct slice bytes = {make_bytes(bench, sizes[i]), sizes[i]};
        for (size_t j = 0; j < sizeof(pieces) / sizeof(pieces[0]); j++) {
            struct s3_blob blob = put_blob(bench, bytes, pieces[j]);
            expect_range(bench, &blob, 0, bytes.len);
            expect_range(bench, &blob, bytes.len / 2, bytes.len / 3);
            put_object(bench, SLICE("a"), blob);
            assert_int_equal(
                objects_read(bench->objects, &bench->arena, SLICE("music"), SLICE("a"), sizes[i], &text),
                OBJECTS_OK);
            assert_true(slice_equal(text, bytes));
        }
    }
}

static void blobs_of_blobs_are_read_as_one(void **state)
{
    struct bench *bench = *state;
    const size_t first = S3_CHUNK_SIZE + 100, size = first + 2 * S3_CHUNK_SIZE + 7;
    struct slice bytes = {make_bytes(bench, size), size};

    struct s3_blob one = put_blob(bench, (struct slice){bytes.ptr, first}, 5000),
                   two = put_blob(bench, slice_skip(bytes, first), 5000);
    struct s3_blob both = put_manifest(bench, &one, &two);
    expect_range(bench, &both, 0, size);
    expect_range(bench, &both, first - 10, 20);
    expect_range(bench, &both, first, S3_CHUNK_SIZE + 1);
    expect_range(bench, &both, size - 1, 1);
}

static void objects_and_files_are_found(void **state)
{
    struct bench *bench = *state;
    struct slice text;

#define READ(bucket, key, limit)                                                                             \
    objects_read(bench->objects, &bench->arena, SLICE(bucket), SLICE(key), limit, &text)
    assert_int_equal(READ("none", "a", 9), OBJECTS_NO_BUCKET);
    assert_int_equal(READ("music", "a", 9), OBJECTS_NO_KEY);
    put_object(bench, SLICE("a"), put_blob(bench, SLICE("stored"), 3));
    assert_int_equal(READ("music", "a", 6), OBJECTS_OK);
    assert_true(slice_is(text, "stored"));
    assert_int_equal(READ("music", "a", 5), OBJECTS_TOO_LARGE);

    struct slice path = arena_printf(&bench->arena, "%s/files", bench->folder);
    assert_int_equal(mkdir(path.ptr, 0700), 0);
    FILE *file = fopen(arena_printf(&bench->arena, "%.*s/b", SLICE_ARGS(path)).ptr, "we");
    assert_true(fputs("a file", file) >= 0 && fclose(file) == 0);
    assert_int_equal(READ("files", "b", 9), OBJECTS_OK);
    assert_true(slice_is(text, "a file"));
    assert_int_equal(READ("files", "b", 5), OBJECTS_TOO_LARGE);
    assert_int_equal(READ("files", "../secret", 9), OBJECTS_NO_KEY);
    assert_int_equal(READ("files", "c", 9), OBJECTS_NO_KEY);
    assert_int_equal(READ("../files", "b", 9), OBJECTS_NO_BUCKET);
    assert_true(objects_has_file(bench->objects, SLICE("files"), SLICE("b")));
    assert_false(objects_has_file(bench->objects, SLICE("files"), SLICE("c")));
#undef READ
}

static void a_bucket_is_made_once(void **state)
{
    struct bench *bench = *state;
    struct s3_bucket again;

    assert_int_equal(objects_ensure_bucket(bench->objects, SLICE("music"), true), OBJECTS_OK);
    assert_int_equal(objects_find_bucket(bench->objects, NULL, &bench->arena, SLICE("music"), &again, NULL),
                     STORAGE_OK);
    assert_true(slice_equal(again.id, bench->bucket.id));
    assert_int_equal(again.versioning.len, 0);
    assert_int_equal(objects_ensure_bucket(bench->objects, SLICE("other"), true), OBJECTS_OK);
    assert_int_equal(objects_find_bucket(bench->objects, NULL, &bench->arena, SLICE("other"), &again, NULL),
                     STORAGE_OK);
    assert_true(slice_is(again.versioning, "Enabled"));
}

/* ---- erasing ---- */

static size_t count_keys(struct bench *bench, char letter)
{
    char from[] = {0, 0, 0, 0, 'o', letter}, to[] = {0, 0, 0, 0, 'o', (char)(letter + 1)};
    struct cursor *cursor =
        cursor_create(bench->storage, NULL, (struct slice){from, 6}, (struct slice){to, 6}, FORWARD);
    struct slice key, value;
    size_t count = 0;

    while (cursor_next(cursor, &key, &value) == STORAGE_OK)
        count++;
    cursor_destroy(cursor);
    return count;
}

static void wait_until(struct bench *bench, char letter, size_t count)
{
    objects_wake(bench->objects);
    while (count_keys(bench, letter) != count)
        sched_yield();
}

static void what_is_marked_is_erased_and_nothing_else(void **state)
{
    struct bench *bench = *state;
    struct slice bytes = {make_bytes(bench, 3 * S3_CHUNK_SIZE), 3 * S3_CHUNK_SIZE};
    struct s3_blob kept = put_blob(bench, bytes, 1000), one = put_blob(bench, bytes, 1000),
                   two = put_blob(bench, bytes, 1000), alone = put_blob(bench, bytes, 1000);
    struct s3_blob both = put_manifest(bench, &one, &two);

    assert_int_equal(count_keys(bench, 'c'), 12);
    struct batch batch;
    batch_init(&batch, &bench->arena);
    objects_mark_blob(&batch, &alone);
    objects_mark_blob(&batch, &both);
    objects_mark_blob(&batch, &(struct s3_blob){0});
    commit(bench, &batch);
    wait_until(bench, 'g', 0);
    assert_int_equal(count_keys(bench, 'c'), 3);
    assert_int_equal(count_keys(bench, 'm'), 0);
    expect_range(bench, &kept, 0, bytes.len);
}

static void what_is_being_written_is_not_erased(void **state)
{
    struct bench *bench = *state;
    struct slice bytes = {make_bytes(bench, 100), 100};
    struct s3_blob others[3];
    struct writing writings[3];
    struct batch batch;

    for (int i = 0; i < 3; i++) {
        others[i] = put_blob(bench, bytes, 1000);
        objects_writing(bench->objects, &writings[i], others[i].id);
    }
    struct s3_blob garbage = put_blob(bench, bytes, 1000);
    batch_init(&batch, &bench->arena);
    for (int i = 0; i < 3; i++)
        objects_mark_blob(&batch, &others[i]);
    objects_mark_blob(&batch, &garbage);
    commit(bench, &batch);
    wait_until(bench, 'g', 3);
    assert_int_equal(count_keys(bench, 'c'), 3);
    objects_written(bench->objects, &writings[1]); /* from the middle, then the ends */
    wait_until(bench, 'g', 2);
    objects_written(bench->objects, &writings[2]);
    wait_until(bench, 'g', 1);
    expect_range(bench, &others[0], 0, 100);
    objects_written(bench->objects, &writings[0]);
    wait_until(bench, 'g', 0);
    assert_int_equal(count_keys(bench, 'c'), 0);
}

static void uploads_go_with_their_bucket(void **state)
{
    struct bench *bench = *state;
    struct slice bytes = {make_bytes(bench, 100), 100};
    struct slice id = s3_new_id(&bench->arena), other = s3_new_id(&bench->arena);
    struct batch batch;

    batch_init(&batch, &bench->arena);
    for (int i = 0; i < 4; i++) {
        struct slice bucket = i < 3 ? id : other, upload = s3_new_id_at(&bench->arena, 1000 + i);
        struct s3_upload record = {.begun = 1000 + i};
        s3_put(&batch, s3_upload_key(&bench->arena, bucket, SLICE("k"), upload), &s3_upload_layout, &record);
        for (int number = 1; number <= 2; number++) {
            struct s3_part part = {.number = number, .blob = put_blob(bench, bytes, 50)};
            s3_put(&batch, s3_part_key(&bench->arena, upload, number), &s3_part_layout, &part);
        }
    }
    batch_put(&batch, s3_mark_key(&bench->arena, S3_MARK_UPLOADS, id), SLICE(""));
    commit(bench, &batch);
    wait_until(bench, 'u', 1);
    wait_until(bench, 'c', 2);
    wait_until(bench, 'g', 0);
    assert_int_equal(count_keys(bench, 'p'), 2);
}

static void keys_of_versions_are_told_apart(void **state)
{
    struct bench *bench = *state;
    struct slice id = bench->bucket.id, zero = {"a\0b", 3}, longer = {"a\0\0\0\0\0\0\0\0\0", 10};

    struct slice newer = s3_version_key(&bench->arena, id, SLICE("a"), 2),
                 older = s3_version_key(&bench->arena, id, SLICE("a"), 1);
    assert_true(slice_compare(newer, older) < 0);
    assert_true(s3_is_version_of(newer, SLICE("a")));
    assert_false(s3_is_version_of(s3_version_key(&bench->arena, id, zero, 1), SLICE("a")));
    assert_false(s3_is_version_of(s3_version_key(&bench->arena, id, longer, 1), SLICE("a")));
    assert_true(slice_equal(s3_version_key_name(s3_version_key(&bench->arena, id, zero, 7)), zero));
    struct slice upload = s3_new_id_at(&bench->arena, 5),
                 key = s3_upload_key(&bench->arena, id, zero, upload);
    assert_true(slice_equal(s3_upload_key_name(key), zero));
    assert_true(slice_equal(s3_upload_key_id(key), upload));
    assert_true(slice_compare(upload, s3_new_id_at(&bench->arena, 6)) < 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(bytes_are_read_back),
        TEST(blobs_of_blobs_are_read_as_one),
        TEST(objects_and_files_are_found),
        TEST(a_bucket_is_made_once),
        TEST(what_is_marked_is_erased_and_nothing_else),
        TEST(what_is_being_written_is_not_erased),
        TEST(uploads_go_with_their_bucket),
        TEST(keys_of_versions_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
