/* Shard iterators: read as written, with the right key alone. */
#include "lib/unit.h"

#include "base/base64.h"
#include "services/streams/iterator.h"

static const struct iterator place = {.table_name = {"Music", 5},
                                      .stream = {7, 1795643295863},
                                      .shard = {1795643295864, 3},
                                      .next = {UINT64_MAX, UINT32_MAX},
                                      .made = 1795643295865};

static void read_as_written(void **state)
{
    struct arena arena;
    struct iterator read;
    (void)state;

    arena_init(&arena);
    struct slice text = iterator_text(&arena, SLICE("key"), &place);
    assert_true(iterator_parse(&arena, SLICE("key"), text, &read));
    assert_true(slice_is(read.table_name, "Music"));
    assert_int_equal(read.stream.table, 7);
    assert_int_equal(read.stream.created, 1795643295863);
    assert_true(shard_name_equal(read.shard, place.shard));
    assert_int_equal(sequence_number_compare(read.next, place.next), 0);
    assert_int_equal(read.made, place.made);
    arena_finish(&arena);
}

static void nothing_else_is_read(void **state)
{
    struct arena arena;
    struct iterator read;
    struct slice bytes;
    (void)state;

    arena_init(&arena);
    struct slice text = iterator_text(&arena, SLICE("key"), &place);
    assert_false(iterator_parse(&arena, SLICE("another"), text, &read));
    for (size_t length = 0; length < text.len; length++)
        assert_false(iterator_parse(&arena, SLICE("key"), (struct slice){text.ptr, length}, &read));
    assert_true(base64_decode(&arena, text, &bytes));
    for (size_t i = 0; i < bytes.len; i++) {
        struct slice copy = arena_copy(&arena, bytes);
        struct buffer forged;
        ((char *)copy.ptr)[i] ^= 1;
        buffer_init(&forged);
        base64_encode(&forged, copy);
        assert_false(iterator_parse(&arena, SLICE("key"), buffer_slice(&forged), &read));
        buffer_finish(&forged);
    }
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_as_written),
        cmocka_unit_test(nothing_else_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
