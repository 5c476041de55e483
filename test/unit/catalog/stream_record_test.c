/* Sequence numbers, names of shards and records: what is written is what is read, and nothing else is read.
 */
#include <string.h>

#include "catalog/sequence_number.h"
#include "catalog/shard.h"
#include "catalog/stream_record.h"
#include "storage/storage.h"

#include "lib/unit_arena.h"

static void sequence_numbers_sort_as_texts(void **state)
{
    static const struct sequence_number numbers[] = {
        {0, 0},          {0, UINT32_MAX},         {1, 0}, {9, 5}, {10, 0}, {UINT32_MAX, 7}, {INT64_MAX, 1},
        {UINT64_MAX, 0}, {UINT64_MAX, UINT32_MAX}};
    struct slice before = {NULL, 0};
    (void)state;

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct sequence_number read;
        struct slice text = sequence_number_text(&arena, numbers[i]);
        assert_int_equal(text.len, 31);
        assert_true(sequence_number_parse(text, &read));
        assert_int_equal(sequence_number_compare(read, numbers[i]), 0);
        if (i > 0) {
            assert_true(slice_compare(before, text) < 0);
            assert_true(sequence_number_compare(numbers[i - 1], numbers[i]) < 0);
        }
        before = text;
    }
    struct sequence_number next = sequence_number_next((struct sequence_number){4, UINT32_MAX});
    assert_true(next.commit == 5 && next.ordinal == 0);
}

static void other_numbers_are_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "1",
        "100000000000000000000",
        "2000000000000000000000000000000",
        "100000000000000000000000000000",   /* a digit too few */
        "10000000000000000000000000000000", /* too many */
        "1184467440737095516160000000000",  /* a commit above 64 bits */
        "1000000000000000000004294967296",  /* an ordinal above 32 */
        "1000000000000000000 0000000000",
        "-000000000000000000000000000000",
        "10000000000000000000000000000+1",
    };
    struct sequence_number number;
    (void)state;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_false(sequence_number_parse(slice_of(texts[i]), &number));
}

static void names_of_shards_are_read_as_written(void **state)
{
    static const char *const bad[] = {"",
                                      "shardId-00000000000000000001-0000000",
                                      "shardId-00000000000000000001-000000000",
                                      "shardId-00000000000000000001-0000000g",
                                      "shardId-00000000000000000001-0000000A",
                                      "shardId-00000000000000000001+00000000",
                                      "shardid-00000000000000000001-00000000",
                                      "shardId-99999999999999999999-00000000",
                                      "shardId-0000000000000000000a-00000000"};
    struct shard_name name = {1795643295863, 0xabcdef01}, read;
    (void)state;

    struct slice text = shard_name_text(&arena, name);
    assert_true(slice_is(text, "shardId-00000001795643295863-abcdef01"));
    assert_true(shard_name_parse(text, &read) && shard_name_equal(read, name));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(shard_name_parse(slice_of(bad[i]), &read));
}

static void records_are_read_as_written(void **state)
{
    const struct stream_record record = {.event = STREAM_MODIFY,
                                         .view = STREAM_OLD_IMAGE,
                                         .author = BY_TIME_TO_LIVE,
                                         .keys = SLICE("key"),
                                         .old_image = SLICE("image")};
    struct stream_record read;
    struct buffer value;
    (void)state;

    buffer_init(&value);
    buffer_append_u64(&value, 1795643295863);
    stream_record_encode(&value, &record);
    assert_true(stream_record_decode(buffer_slice(&value), &read));
    assert_int_equal(read.time, 1795643295863);
    assert_true(read.event == record.event && read.view == record.view && read.author == record.author);
    assert_true(slice_equal(read.keys, record.keys) && slice_equal(read.old_image, record.old_image));
    assert_int_equal(read.new_image.len, 0);

    /* No part of it is a record, nor is it with more behind; and no other byte makes the reader go astray. */
    for (size_t length = 0; length < value.len; length++)
        assert_false(stream_record_decode((struct slice){value.bytes, length}, &read));
    for (size_t i = TIME_SIZE; i < value.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            value.bytes[i] = (char)(value.bytes[i] ^ 1 << bit);
            struct slice copy = arena_copy(&arena, buffer_slice(&value));
            if (stream_record_decode(copy, &read))
                assert_true(read.keys.ptr >= copy.ptr &&
                            read.keys.ptr + read.keys.len <= copy.ptr + copy.len);
            value.bytes[i] = (char)(value.bytes[i] ^ 1 << bit);
        }
    }
    buffer_append_byte(&value, 0);
    assert_false(stream_record_decode(buffer_slice(&value), &read));
    buffer_finish(&value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(sequence_numbers_sort_as_texts),
        ARENA_TEST(other_numbers_are_refused),
        ARENA_TEST(names_of_shards_are_read_as_written),
        ARENA_TEST(records_are_read_as_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
