/* Files of items: packing, lines, CSV, and what is told of a record or a file that is wrong. */
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

#include "base/check.h"
#include "exchange/packer.h"
#include "exchange/reader.h"
#include "items/attribute_value.h"

#include "lib/unit_arena.h"

static struct csv_column column(void *context, struct slice name)
{
    const char *types = context;

    if (types != NULL)
        return (struct csv_column){.inferred = true};
    return (struct csv_column){.type = slice_is(name, "n")   ? VALUE_N
                                       : slice_is(name, "b") ? VALUE_B
                                                             : VALUE_S};
}

/* All that reading gives: a line each, "1 {...}", "2 rejected attribute: reason", "failed: reason". */
static const char *contents(struct source *source, const struct reader_options *options)
{
    struct reader reader;
    struct buffer out;
    struct item item;
    struct fault fault;
    enum reading reading;

    buffer_init(&out);
    reader_init(&reader, source, options);
    while ((reading = reader_next(&reader, &arena, &item, &fault)) == READING_ITEM ||
           reading == READING_REJECTED) {
        buffer_printf(&out, "%lu ", (unsigned long)reader_line(&reader));
        if (reading == READING_ITEM)
            item_to_json(&out, &item);
        else
            buffer_printf(&out, "rejected %.*s: %.*s", SLICE_ARGS(fault.attribute), SLICE_ARGS(fault.reason));
        buffer_append_byte(&out, '\n');
    }
    if (reading == READING_FAILED)
        buffer_printf(&out, "failed %.*s: %.*s\n", SLICE_ARGS(fault.attribute), SLICE_ARGS(fault.reason));
    const char *copy = arena_copy(&arena, buffer_slice(&out)).ptr;
    buffer_finish(&out);
    reader_finish(&reader);
    source_destroy(source);
    return copy;
}

static const char *contents_of(const char *text, const struct reader_options *options)
{
    return contents(source_from_bytes(slice_of(text), PACKING_NONE), options);
}

static const struct reader_options csv = {.format = FORMAT_CSV, .delimiter = ',', .column = column};

static void test_csv(void **state)
{
    (void)state;
    assert_string_equal(
        contents_of("id,n,b,x\r\na,1.0,AQI=,2\r\n\r\nb,,,\r\n", &csv),
        "2 {\"id\":{\"S\":\"a\"},\"n\":{\"N\":\"1\"},\"b\":{\"B\":\"AQI=\"},\"x\":{\"S\":\"2\"}}\n"
        "4 {\"id\":{\"S\":\"b\"}}\n");
    /* Quotes; a row of several lines; and no line feed at the end. */
    assert_string_equal(
        contents_of("\xEF\xBB\xBFid,\"x,y\"\na,\"say \"\"yes\"\"\"\nb,\"one\ntwo\n\nfive\"\nc,d", &csv),
        "2 {\"id\":{\"S\":\"a\"},\"x,y\":{\"S\":\"say \\\"yes\\\"\"}}\n"
        "3 {\"id\":{\"S\":\"b\"},\"x,y\":{\"S\":\"one\\ntwo\\n\\nfive\"}}\n"
        "7 {\"id\":{\"S\":\"c\"},\"x,y\":{\"S\":\"d\"}}\n");
    assert_string_equal(contents_of("", &csv), "");
    assert_string_equal(contents_of("id,n\n", &csv), "");
}

static void test_csv_faults(void **state)
{
    (void)state;
    assert_string_equal(contents_of("id,n\na\nb,1,2\nc,x\nd,2\n", &csv),
                        "2 rejected : it has 1 cells, and the header 2\n"
                        "3 rejected : it has 3 cells, and the header 2\n"
                        "4 rejected n: The parameter cannot be converted to a numeric value: x\n"
                        "5 {\"id\":{\"S\":\"d\"},\"n\":{\"N\":\"2\"}}\n");
    assert_string_equal(contents_of("id,b\na,AQ\nb\"c\"d,\n\"e\"f,\n\"g,\nh,\n", &csv),
                        "2 rejected b: it is a binary, but no base64\n"
                        "3 rejected : a double quote stands in a cell that is not in double quotes\n"
                        "4 rejected : there is text behind a cell in double quotes\n"
                        "5 rejected : a cell in double quotes has no end\n");
    assert_string_equal(contents_of("id\n\xFF\n", &csv), "2 rejected : it is not UTF-8\n");
    assert_string_equal(contents_of("id,x,id\na,b,c\n", &csv), "failed id: the header names it twice\n");
    assert_string_equal(contents_of("id,,x\na,b,c\n", &csv), "failed : column 2 of the header has no name\n");
}

static void test_csv_options(void **state)
{
    struct slice names[] = {SLICE("id"), SLICE("n")};
    struct reader_options given = csv;

    (void)state;
    given.header = (struct csv_row){names, 2};
    given.delimiter = '\t';
    assert_string_equal(contents_of("a\t1\n", &given), "1 {\"id\":{\"S\":\"a\"},\"n\":{\"N\":\"1\"}}\n");
    given = csv;
    given.context = "infer";
    given.delimiter = ';';
    assert_string_equal(
        contents_of("a;b;c;d;e\n1.50;true;007;-1;x y\n", &given),
        "2 {\"a\":{\"N\":\"1.5\"},\"b\":{\"BOOL\":true},\"c\":{\"S\":\"007\"},\"d\":{\"N\":\"-1\"},"
        "\"e\":{\"S\":\"x y\"}}\n");
}

static void test_csv_written(void **state)
{
    struct slice names[] = {SLICE("id"), SLICE("a,b"), SLICE("l")};
    struct csv_row header = {names, 3};
    struct item item;
    struct fault fault;
    struct buffer out;

    (void)state;
    assert_true(record_from_dynamodb_json(
        &arena, SLICE("{\"Item\":{\"l\":{\"L\":[{\"N\":\"1\"}]},\"id\":{\"S\":\"x\\ny\"}}}"), &item, &fault));
    buffer_init(&out);
    csv_write_row(&out, ',', &header);
    csv_write_item(&out, ',', &header, &item);
    buffer_append_byte(&out, '\0');
    assert_string_equal(out.bytes, "id,\"a,b\",l\n\"x\ny\",,\"{\"\"L\"\":[{\"\"N\"\":\"\"1\"\"}]}\"\n");
    buffer_finish(&out);
}

static void test_json_chosen(void **state)
{
    const struct reader_options any = {.format = FORMAT_JSON, .any_json = true};

    (void)state;
    assert_string_equal(contents_of("\n{\"Item\":{\"id\":{\"S\":\"a\"}}}\n{\"id\":1}\n", &any),
                        "2 {\"id\":{\"S\":\"a\"}}\n3 rejected : it is not of the form {\"Item\":{...}}\n");
    assert_string_equal(contents_of("{\"id\":1}\n{\"Item\":{\"id\":{\"S\":\"a\"}}}", &any),
                        "1 {\"id\":{\"N\":\"1\"}}\n"
                        "2 {\"Item\":{\"M\":{\"id\":{\"M\":{\"S\":{\"S\":\"a\"}}}}}}\n");
}

/* A line beyond the limit is left out, and those behind it are read; so for a row that never ends. */
static void test_too_long(void **state)
{
    const struct reader_options json = {.format = FORMAT_JSON};
    struct buffer text;

    (void)state;
    buffer_init(&text);
    buffer_append_string(&text, "{\"id\":1}\n");
    for (size_t i = 0; i < RECORD_LIMIT + 10; i++)
        buffer_append_byte(&text, 'x');
    buffer_append_string(&text, "\n{\"id\":3}\n");
    assert_string_equal(
        contents(source_from_bytes(buffer_slice(&text), PACKING_NONE), &json),
        "1 {\"id\":{\"N\":\"1\"}}\n2 rejected : it is larger than 16 MB\n3 {\"id\":{\"N\":\"3\"}}\n");
    text.len = 0;
    buffer_append_string(&text, "id\n\"");
    for (size_t i = 0; i < RECORD_LIMIT / 2 + 10; i++)
        buffer_append_string(&text, "x\n");
    assert_non_null(strstr(contents(source_from_bytes(buffer_slice(&text), PACKING_NONE), &csv),
                           "2 rejected : it is larger than 16 MB\n"));
    buffer_finish(&text);
}

/* ---- packing ---- */

/* A file with the text, packed by the packer; read whole. */
static struct slice packed_file(struct slice text, bool gzip)
{
    char name[] = "/tmp/turntable-packer-XXXXXX";
    int file = mkstemp(name);
    struct packer *packer = packer_create(file, gzip);
    struct buffer bytes;
    unsigned char md5[MD5_SIZE];
    ssize_t got;

    assert_true(file >= 0);
    unlink(name);
    for (size_t at = 0; at < text.len; at += 1000)
        assert_true(
            packer_write(packer, (struct slice){text.ptr + at, text.len - at < 1000 ? text.len - at : 1000}));
    assert_true(packer_finish(packer, md5));
    assert_int_equal(lseek(file, 0, SEEK_SET), 0);
    buffer_init(&bytes);
    while ((got = read(file, buffer_reserve(&bytes, 65536), 65536)) > 0)
        bytes.len += (size_t)got;
    assert_int_equal(packer_written(packer), bytes.len);
    packer_destroy(packer);
    close(file);
    struct slice kept = arena_copy(&arena, buffer_slice(&bytes));
    buffer_finish(&bytes);
    return kept;
}

static const char *read_all(struct source *source, size_t *length)
{
    struct buffer out;
    size_t got = 0, room = 1;

    buffer_init(&out);
    for (;; room = room * 3 % 7919 + 1) { /* pieces of all sizes */
        if (!source_read(source, buffer_reserve(&out, room), room, &got)) {
            buffer_finish(&out);
            const char *problem = source_problem(source);
            source_destroy(source);
            return problem;
        }
        if (got == 0)
            break;
        out.len += got;
    }
    *length = out.len;
    const char *copy = arena_copy(&arena, buffer_slice(&out)).ptr;
    buffer_finish(&out);
    source_destroy(source);
    return copy;
}

static struct slice some_text(void)
{
    struct buffer text;

    buffer_init(&text);
    for (int i = 0; i < 30000; i++)
        buffer_printf(&text, "line %d\n", i * 7919);
    struct slice kept = arena_copy(&arena, buffer_slice(&text));
    buffer_finish(&text);
    return kept;
}

static void assert_unpacks(struct slice packed, enum packing packing, struct slice text)
{
    size_t length = 0;
    const char *read = read_all(source_from_bytes(packed, packing), &length);

    assert_int_equal(length, text.len);
    assert_memory_equal(read, text.ptr, length);
}

static struct slice twice(struct slice bytes)
{
    struct buffer both;

    buffer_init(&both);
    buffer_append(&both, bytes);
    buffer_append(&both, bytes);
    struct slice kept = arena_copy(&arena, buffer_slice(&both));
    buffer_finish(&both);
    return kept;
}

static void test_packing(void **state)
{
    struct slice text = some_text();
    size_t room = ZSTD_compressBound(text.len), length;
    char *zstd = arena_alloc(&arena, room);

    (void)state;
    assert_unpacks(packed_file(text, false), PACKING_NONE, text);
    struct slice gzip = packed_file(text, true);
    assert_true(gzip.len < text.len / 2);
    assert_unpacks(gzip, PACKING_GZIP, text);
    assert_unpacks(twice(gzip), PACKING_GZIP, twice(text));
    struct slice frames = {zstd, ZSTD_compress(zstd, room, text.ptr, text.len, 3)};
    assert_unpacks(frames, PACKING_ZSTD, text);
    assert_unpacks(twice(frames), PACKING_ZSTD, twice(text));
    assert_unpacks(packed_file(SLICE(""), true), PACKING_GZIP, SLICE(""));

    struct slice cut = {gzip.ptr, gzip.len - 5};
    assert_string_equal(read_all(source_from_bytes(cut, PACKING_GZIP), &length),
                        "its packed data ends too early");
    cut = (struct slice){frames.ptr, frames.len - 5};
    assert_string_equal(read_all(source_from_bytes(cut, PACKING_ZSTD), &length),
                        "its packed data ends too early");
    assert_string_equal(read_all(source_from_bytes(SLICE("no gzip at all"), PACKING_GZIP), &length),
                        "its gzip data is damaged");
    assert_string_equal(read_all(source_from_bytes(SLICE("no zstd at all"), PACKING_ZSTD), &length),
                        "its zstd data is damaged");
}

static void test_packing_of_names(void **state)
{
    (void)state;
    assert_int_equal(packing_of_name(SLICE("a.json.gz")), PACKING_GZIP);
    assert_int_equal(packing_of_name(SLICE("a.csv.zst")), PACKING_ZSTD);
    assert_int_equal(packing_of_name(SLICE("a.csv")), PACKING_NONE);
    assert_int_equal(packing_of_name(SLICE(".gz")), PACKING_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_csv),         ARENA_TEST(test_csv_faults),       ARENA_TEST(test_csv_options),
        ARENA_TEST(test_csv_written), ARENA_TEST(test_json_chosen),      ARENA_TEST(test_too_long),
        ARENA_TEST(test_packing),     ARENA_TEST(test_packing_of_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
