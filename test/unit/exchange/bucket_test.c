/* Buckets: no name, key or prefix leads out of the folder, and an object is there whole or not at all. */
#include "lib/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exchange/bucket.h"
#include "unit/storage/fixture.h"

/* FOLDER/s3/music is the bucket; FOLDER/secret must not be seen. */
struct bench {
    struct arena arena;
    char *folder;
    const char *buckets;
    struct bucket *bucket;
};

static void write_file(struct bench *bench, const char *path, const char *text)
{
    FILE *file = fopen(arena_printf(&bench->arena, "%s/%s", bench->folder, path).ptr, "we");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void make_folder(struct bench *bench, const char *path)
{
    assert_int_equal(mkdir(arena_printf(&bench->arena, "%s/%s", bench->folder, path).ptr, 0700), 0);
}

static void link_to(struct bench *bench, const char *target, const char *path)
{
    assert_int_equal(symlink(target, arena_printf(&bench->arena, "%s/%s", bench->folder, path).ptr), 0);
}

static bool is_there(struct bench *bench, const char *path)
{
    return access(arena_printf(&bench->arena, "%s/%s", bench->folder, path).ptr, F_OK) == 0;
}

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));

    assert_non_null(bench);
    arena_init(&bench->arena);
    bench->folder = folder_create();
    bench->buckets = arena_printf(&bench->arena, "%s/s3", bench->folder).ptr;
    assert_int_equal(bucket_open(bench->buckets, SLICE("music"), true, &bench->bucket), BUCKET_OK);
    write_file(bench, "secret", "secret");
    make_folder(bench, "private");
    write_file(bench, "private/secret", "secret");
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;

    bucket_close(bench->bucket);
    folder_remove(bench->folder);
    arena_finish(&bench->arena);
    free(bench);
    return 0;
}

static void put(struct bench *bench, const char *key, const char *text)
{
    assert_int_equal(bucket_put(bench->bucket, slice_of(key), slice_of(text)), BUCKET_OK);
}

static enum bucket_status read_status(struct bench *bench, struct slice key)
{
    int file = -1;

    enum bucket_status status = bucket_read(bench->bucket, key, &file);
    if (status == BUCKET_OK)
        close(file);
    return status;
}

static const char *contents(struct bench *bench, const char *key)
{
    char *text = arena_alloc(&bench->arena, 1000);
    int file = -1;

    assert_int_equal(bucket_read(bench->bucket, slice_of(key), &file), BUCKET_OK);
    ssize_t length = read(file, text, 999);
    assert_true(length >= 0);
    close(file);
    text[length] = '\0';
    return text;
}

/* The keys with this prefix, with spaces between. */
static const char *keys(struct bench *bench, struct slice prefix)
{
    struct bucket_object *objects = NULL;
    size_t count;
    struct slice text = SLICE("");

    assert_int_equal(bucket_list(bench->bucket, &bench->arena, prefix, 100, &objects, &count), BUCKET_OK);
    for (size_t i = 0; i < count; i++)
        text = arena_printf(&bench->arena, "%.*s%s%.*s", SLICE_ARGS(text), i > 0 ? " " : "",
                            SLICE_ARGS(objects[i].key));
    return arena_copy(&bench->arena, text).ptr;
}

static struct slice repeated(struct bench *bench, const char *part, size_t times)
{
    struct buffer text;

    buffer_init(&text);
    for (size_t i = 0; i < times; i++)
        buffer_append_string(&text, part);
    struct slice copy = arena_copy(&bench->arena, buffer_slice(&text));
    buffer_finish(&text);
    return copy;
}

/* ---- names ---- */

static const struct slice wrong_parts[] = {
    {"", 0}, {".", 1}, {"..", 2}, {"a\0b", 3}, {"\0", 1}, {".turntable-a", 12}, {".turntable-", 11}};

static void buckets_have_names_of_one_part(void **state)
{
    struct bench *bench = *state;
    static const char *const outside[] = {
        "../private", "/",       "/etc",        "music/", "music/../../private",
        "./music",    "music/.", "../s3/music", "//"};
    struct bucket *bucket;

    for (size_t i = 0; i < sizeof(wrong_parts) / sizeof(wrong_parts[0]); i++) {
        assert_int_equal(bucket_open(bench->buckets, wrong_parts[i], true, &bucket), BUCKET_MISNAMED);
        assert_null(bucket);
    }
    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
        assert_int_equal(bucket_open(bench->buckets, slice_of(outside[i]), true, &bucket), BUCKET_MISNAMED);
    struct slice longest = repeated(bench, "b", 240), longer = repeated(bench, "b", 241);
    assert_int_equal(bucket_open(bench->buckets, longer, true, &bucket), BUCKET_MISNAMED);
    assert_int_equal(bucket_open(bench->buckets, longest, true, &bucket), BUCKET_OK);
    bucket_close(bucket);
    assert_int_equal(bucket_open(bench->buckets, SLICE("absent"), false, &bucket), BUCKET_ABSENT);
    assert_int_equal(bucket_open("/nonexistent/s3", SLICE("music"), true, &bucket), BUCKET_ABSENT);
    assert_null(bucket);
}

static void a_bucket_is_no_link_and_no_file(void **state)
{
    struct bench *bench = *state;
    struct bucket *bucket;

    link_to(bench, "../private", "s3/linked");
    link_to(bench, "nowhere", "s3/dangling");
    write_file(bench, "s3/file", "");
    assert_int_equal(bucket_open(bench->buckets, SLICE("linked"), true, &bucket), BUCKET_MISNAMED);
    assert_int_equal(bucket_open(bench->buckets, SLICE("dangling"), true, &bucket), BUCKET_MISNAMED);
    assert_int_equal(bucket_open(bench->buckets, SLICE("file"), true, &bucket), BUCKET_ABSENT);
    /* The folder of all buckets may be one. */
    link_to(bench, "s3", "s3-linked");
    struct slice linked = arena_printf(&bench->arena, "%s/s3-linked", bench->folder);
    assert_int_equal(bucket_open(linked.ptr, SLICE("music"), false, &bucket), BUCKET_OK);
    bucket_close(bucket);
}

static void keys_stay_inside(void **state)
{
    struct bench *bench = *state;
    static const char *const outside[] = {
        "../secret", "../../secret", "a/../../../secret", "/secret", "a//b", "a/./b", "a/", "/",
        "..",        "a/..",         "../music/song",     "./song"};

    put(bench, "song", "la");
    for (size_t i = 0; i < sizeof(wrong_parts) / sizeof(wrong_parts[0]); i++) {
        struct slice forms[] = {wrong_parts[i],
                                arena_printf(&bench->arena, "a/%.*s", SLICE_ARGS(wrong_parts[i])),
                                arena_printf(&bench->arena, "%.*s/a", SLICE_ARGS(wrong_parts[i])),
                                arena_printf(&bench->arena, "a/%.*s/b", SLICE_ARGS(wrong_parts[i]))};
        for (size_t j = 0; j < sizeof(forms) / sizeof(forms[0]); j++) {
            assert_false(bucket_takes_key(forms[j]));
            assert_int_equal(read_status(bench, forms[j]), BUCKET_MISNAMED);
            assert_int_equal(bucket_put(bench->bucket, forms[j], SLICE("x")), BUCKET_MISNAMED);
        }
    }
    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
        assert_false(bucket_takes_key(slice_of(outside[i])));
        assert_int_equal(read_status(bench, slice_of(outside[i])), BUCKET_MISNAMED);
        assert_int_equal(bucket_put(bench->bucket, slice_of(outside[i]), SLICE("x")), BUCKET_MISNAMED);
    }
    assert_string_equal(keys(bench, SLICE("")), "song");
    assert_false(is_there(bench, "s3/secret"));
}

static void parts_and_depths_are_bounded(void **state)
{
    struct bench *bench = *state;
    struct slice longest = repeated(bench, "n", 240), deepest = repeated(bench, "d/", 99);
    struct slice longer = arena_printf(&bench->arena, "a/%.*sn", SLICE_ARGS(longest));
    struct slice deep = arena_printf(&bench->arena, "%.*se", SLICE_ARGS(deepest));
    struct slice deeper = arena_printf(&bench->arena, "d/%.*se", SLICE_ARGS(deepest));

    assert_true(bucket_takes_key(longest));
    assert_int_equal(bucket_put(bench->bucket, longest, SLICE("x")), BUCKET_OK);
    assert_false(bucket_takes_key(longer));
    assert_int_equal(bucket_put(bench->bucket, longer, SLICE("x")), BUCKET_MISNAMED);
    assert_true(bucket_takes_key(deep));
    assert_int_equal(bucket_put(bench->bucket, deep, SLICE("x")), BUCKET_OK);
    assert_int_equal(read_status(bench, deep), BUCKET_OK);
    assert_false(bucket_takes_key(deeper));
    assert_int_equal(bucket_put(bench->bucket, deeper, SLICE("x")), BUCKET_MISNAMED);
    assert_string_equal(keys(bench, SLICE("d/d/")), deep.ptr);
    assert_false(bucket_takes_key(repeated(bench, "d/", 100000)));
    assert_true(bucket_takes_key(SLICE("\xC3\xA4 \xFF\n\\*?%2e%2e")));
    assert_true(bucket_takes_key(SLICE("...")));
    assert_true(bucket_takes_key(SLICE("a/.hidden/..b")));
}

static void links_are_not_followed(void **state)
{
    struct bench *bench = *state;

    put(bench, "a/song", "la");
    link_to(bench, "../../private", "s3/music/out");
    link_to(bench, "../../secret", "s3/music/secret");
    link_to(bench, "../../../secret", "s3/music/a/secret");
    link_to(bench, "a", "s3/music/inside");
    assert_int_equal(read_status(bench, SLICE("out/secret")), BUCKET_MISNAMED);
    assert_int_equal(read_status(bench, SLICE("secret")), BUCKET_MISNAMED);
    assert_int_equal(read_status(bench, SLICE("a/secret")), BUCKET_MISNAMED);
    assert_int_equal(read_status(bench, SLICE("inside/song")), BUCKET_MISNAMED);
    assert_int_equal(bucket_put(bench->bucket, SLICE("out/new"), SLICE("x")), BUCKET_MISNAMED);
    assert_false(is_there(bench, "private/new"));
    assert_string_equal(keys(bench, SLICE("")), "a/song");
    assert_string_equal(keys(bench, SLICE("out/")), "");
    /* One in an object's place is replaced, and what it pointed to stays. */
    put(bench, "secret", "mine");
    assert_string_equal(contents(bench, "secret"), "mine");
    FILE *file = fopen(arena_printf(&bench->arena, "%s/secret", bench->folder).ptr, "re");
    char text[16] = "";
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof(text), file));
    fclose(file);
    assert_string_equal(text, "secret");
}

/* A draft that is a link is not written through. */
static void drafts_are_no_links(void **state)
{
    struct bench *bench = *state;

    link_to(bench, "../../private/secret", "s3/music/.turntable-song");
    assert_int_equal(bucket_put(bench->bucket, SLICE("song"), SLICE("x")), BUCKET_FAILED);
    assert_int_equal(read_status(bench, SLICE("song")), BUCKET_ABSENT);
}

/* ---- what there is ---- */

static void prefixes_are_texts(void **state)
{
    struct bench *bench = *state;
    static const char *const none[] = {"..", "../",     "../../", "/", "./",    "a/../", "a//",    "b/c/../",
                                       "A",  "a/b/c/d", "b/c/d",  "*", "../..", "/etc",  "music/", "ab"};

    put(bench, "a/1", "");
    put(bench, "a/2", "");
    put(bench, "a/b/c", "");
    put(bench, "a-", "");
    put(bench, "b", "");
    assert_string_equal(keys(bench, SLICE("")), "a- a/1 a/2 a/b/c b");
    assert_string_equal(keys(bench, SLICE("a")), "a- a/1 a/2 a/b/c");
    assert_string_equal(keys(bench, SLICE("a/")), "a/1 a/2 a/b/c");
    assert_string_equal(keys(bench, SLICE("a/b")), "a/b/c");
    assert_string_equal(keys(bench, SLICE("a/b/c")), "a/b/c");
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_string_equal(keys(bench, slice_of(none[i])), "");
    assert_string_equal(keys(bench, SLICE("a\0")), "");
    assert_string_equal(keys(bench, repeated(bench, "a/", 50000)), "");
}

static void lists_are_bounded(void **state)
{
    struct bench *bench = *state;
    struct bucket_object *objects;
    size_t count;

    for (int i = 0; i < 40; i++)
        put(bench, arena_printf(&bench->arena, "%d", i).ptr, "12345");
    assert_int_equal(bucket_list(bench->bucket, &bench->arena, SLICE(""), 40, &objects, &count), BUCKET_OK);
    assert_int_equal(count, 40);
    assert_int_equal(objects[39].size, 5);
    assert_int_equal(bucket_list(bench->bucket, &bench->arena, SLICE(""), 39, &objects, &count),
                     BUCKET_TOO_MANY);
}

/* A named pipe would let the reader wait for ever. */
static void only_files_are_objects(void **state)
{
    struct bench *bench = *state;

    put(bench, "a/song", "la");
    assert_int_equal(mkfifo(arena_printf(&bench->arena, "%s/pipe", bench->buckets).ptr, 0600), 0);
    assert_int_equal(mkfifo(arena_printf(&bench->arena, "%s/music/pipe", bench->buckets).ptr, 0600), 0);
    assert_int_equal(read_status(bench, SLICE("pipe")), BUCKET_ABSENT);
    assert_int_equal(read_status(bench, SLICE("a")), BUCKET_ABSENT);
    assert_int_equal(read_status(bench, SLICE("a/song/la")), BUCKET_ABSENT);
    assert_int_equal(read_status(bench, SLICE("b/song")), BUCKET_ABSENT);
    assert_string_equal(keys(bench, SLICE("")), "a/song");
}

static void an_object_appears_whole(void **state)
{
    struct bench *bench = *state;
    struct bucket_draft draft;

    put(bench, "a/song", "before");
    assert_int_equal(bucket_begin(bench->bucket, SLICE("a/song"), &draft), BUCKET_OK);
    assert_int_equal(write(draft.file, "aft", 3), 3);
    assert_string_equal(contents(bench, "a/song"), "before");
    assert_string_equal(keys(bench, SLICE("")), "a/song"); /* the draft is none */
    assert_int_equal(write(draft.file, "er", 2), 2);
    assert_int_equal(bucket_finish(&draft), BUCKET_OK);
    assert_string_equal(contents(bench, "a/song"), "after");
    assert_int_equal(bucket_begin(bench->bucket, SLICE("a/song"), &draft), BUCKET_OK);
    bucket_discard(&draft);
    assert_string_equal(contents(bench, "a/song"), "after");
    assert_false(is_there(bench, "s3/music/a/.turntable-song"));
    /* An object is in the way of a folder, and a folder of an object. */
    assert_int_equal(bucket_put(bench->bucket, SLICE("a/song/b"), SLICE("x")), BUCKET_ABSENT);
    assert_int_equal(bucket_put(bench->bucket, SLICE("a"), SLICE("x")), BUCKET_FAILED);
    assert_false(is_there(bench, "s3/music/.turntable-a"));
    assert_string_equal(keys(bench, SLICE("")), "a/song");
}

static void buckets_are_listed_and_removed(void **state)
{
    struct bench *bench = *state;
    struct bucket_entry *entries;
    struct bucket *other;
    size_t count;

    assert_int_equal(bucket_open(bench->buckets, SLICE("other"), true, &other), BUCKET_OK);
    assert_int_equal(bucket_put(other, SLICE("a/b/c"), SLICE("x")), BUCKET_OK);
    assert_true(bucket_modified(other) > 0);
    bucket_close(other);
    write_file(bench, "s3/file", "no bucket");
    link_to(bench, "private", "s3/link");
    assert_int_equal(bucket_names(bench->buckets, &bench->arena, 2, &entries, &count), BUCKET_OK);
    assert_int_equal(count, 2);
    assert_true(slice_is(entries[0].name, "music") != slice_is(entries[1].name, "music"));
    assert_true(slice_is(entries[0].name, "other") != slice_is(entries[1].name, "other"));
    assert_true(entries[0].modified > 0);
    assert_int_equal(bucket_names(bench->buckets, &bench->arena, 1, &entries, &count), BUCKET_TOO_MANY);
    assert_int_equal(bucket_names("/nowhere", &bench->arena, 2, &entries, &count), BUCKET_OK);
    assert_int_equal(count, 0);

    assert_int_equal(bucket_remove(bench->buckets, SLICE("other")), BUCKET_TOO_MANY);
    assert_true(is_there(bench, "s3/other/a/b/c"));
    assert_int_equal(unlink(arena_printf(&bench->arena, "%s/s3/other/a/b/c", bench->folder).ptr), 0);
    link_to(bench, "../../private", "s3/other/link");
    assert_int_equal(bucket_remove(bench->buckets, SLICE("other")), BUCKET_TOO_MANY);
    assert_int_equal(unlink(arena_printf(&bench->arena, "%s/s3/other/link", bench->folder).ptr), 0);
    assert_int_equal(bucket_remove(bench->buckets, SLICE("other")), BUCKET_OK);
    assert_false(is_there(bench, "s3/other"));
    assert_int_equal(bucket_remove(bench->buckets, SLICE("other")), BUCKET_ABSENT);
    assert_int_equal(bucket_remove(bench->buckets, SLICE("link")), BUCKET_MISNAMED);
    assert_int_equal(bucket_remove(bench->buckets, SLICE("..")), BUCKET_MISNAMED);
    assert_true(is_there(bench, "private/secret"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(buckets_have_names_of_one_part),
                                       TEST(a_bucket_is_no_link_and_no_file),
                                       TEST(keys_stay_inside),
                                       TEST(parts_and_depths_are_bounded),
                                       TEST(links_are_not_followed),
                                       TEST(drafts_are_no_links),
                                       TEST(prefixes_are_texts),
                                       TEST(lists_are_bounded),
                                       TEST(only_files_are_objects),
                                       TEST(an_object_appears_whole),
                                       TEST(buckets_are_listed_and_removed)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
