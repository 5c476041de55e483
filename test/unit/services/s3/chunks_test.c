/* aws-chunked bodies: are the bytes those between the chunks' marks, and is everything else told apart? The
 * signed ones are tested by test/api/s3-signatures.test.js, whose signer is not ours. */
#include "lib/unit.h"

#include "lib/unit_arena.h"
#include "services/s3/chunks.h"

static enum chunks_problem read(const char *body, uint64_t announced, struct chunks *out)
{
    return chunks_read(&arena, slice_of(body), announced, NULL, out);
}

static void bytes_stand_between_marks(void **state)
{
    struct chunks chunks;
    (void)state;

    assert_int_equal(read("0\r\n\r\n", 0, &chunks), CHUNKS_OK);
    assert_int_equal(chunks.bytes.count, 0);
    assert_int_equal(read("3\r\nabc\r\n0\r\n\r\n", 3, &chunks), CHUNKS_OK);
    assert_int_equal(chunks.bytes.count, 1);
    assert_true(slice_is(chunks.bytes.pieces[0], "abc"));
    assert_int_equal(read("5\r\n\r\n0\r\n\r\n0\r\n", 5, &chunks), CHUNKS_OK);
    assert_true(slice_is(chunks.bytes.pieces[0], "\r\n0\r\n"));
    assert_int_equal(read("a;chunk-signature=x\r\n0123456789\r\n0;chunk-signature=y\r\n", 10, &chunks),
                     CHUNKS_OK);
    assert_int_equal(read("A\r\n0123456789\r\n0\r\n", 10, &chunks), CHUNKS_OK);
}

static void a_trailer_is_read(void **state)
{
    struct chunks chunks;
    (void)state;

    assert_int_equal(read("1\r\na\r\n0\r\nx-amz-checksum-crc32:  AAAA \r\n\r\n", 1, &chunks), CHUNKS_OK);
    assert_true(slice_is(chunks.trailer_name, "x-amz-checksum-crc32"));
    assert_true(slice_is(chunks.trailer_value, "AAAA"));
    assert_int_equal(read("0\r\nname:value\n\r\nx-amz-trailer-signature:z\r\n\r\n", 0, &chunks), CHUNKS_OK);
    assert_true(slice_is(chunks.trailer_value, "value"));
}

static void what_is_none(void **state)
{
    static const struct {
        const char *body;
        uint64_t announced;
        enum chunks_problem problem;
    } cases[] = {{"", 0, CHUNKS_INCOMPLETE},
                 {"3", 3, CHUNKS_INCOMPLETE},
                 {"3\r\n", 3, CHUNKS_INCOMPLETE},
                 {"3\r\nab", 3, CHUNKS_INCOMPLETE},
                 {"3\r\nabc", 3, CHUNKS_INCOMPLETE},
                 {"3\r\nabc\r\n", 3, CHUNKS_INCOMPLETE},
                 {"3\r\nabcd\r\n0\r\n\r\n", 3, CHUNKS_MALFORMED},
                 {"3\r\nabc\r\n0\r\n\r\n", 4, CHUNKS_INCOMPLETE},
                 {"\r\nabc\r\n0\r\n\r\n", 3, CHUNKS_MALFORMED},
                 {"x\r\nabc\r\n0\r\n\r\n", 3, CHUNKS_MALFORMED},
                 {"-3\r\nabc\r\n0\r\n\r\n", 3, CHUNKS_MALFORMED},
                 {"fffffffffffffffff\r\nabc\r\n0\r\n\r\n", 3, CHUNKS_MALFORMED},
                 {"ffffffffffffffff\r\nabc\r\n0\r\n\r\n", 3, CHUNKS_MALFORMED},
                 {"ffffffff\r\nabc\r\n0\r\n\r\n", 3, CHUNKS_INCOMPLETE},
                 {"3;other=1\r\nabc\r\n0\r\n\r\n", 3, CHUNKS_MALFORMED},
                 {"3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n", 6, CHUNKS_TOO_SMALL},
                 {"0\r\nnothing\r\n\r\n", 0, CHUNKS_TRAILER},
                 {"0\r\n:x\r\n\r\n", 0, CHUNKS_TRAILER},
                 {"0\r\na:1\r\nb:2\r\n\r\n", 0, CHUNKS_TRAILER},
                 {"0\r\na:1", 0, CHUNKS_TRAILER},
                 {"0\r\n\r\nmore", 0, CHUNKS_MALFORMED}};
    struct buffer line;
    struct chunks chunks;
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum chunks_problem problem = read(cases[i].body, cases[i].announced, &chunks);
        if (problem != cases[i].problem)
            fail_msg("%s: %d", cases[i].body, (int)problem);
    }
    buffer_init(&line);
    for (int i = 0; i < 2000; i++)
        buffer_append_byte(&line, '0');
    assert_int_equal(chunks_read(&arena, buffer_slice(&line), 0, NULL, &chunks), CHUNKS_MALFORMED);
    buffer_finish(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(bytes_stand_between_marks),
        ARENA_TEST(a_trailer_is_read),
        ARENA_TEST(what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
