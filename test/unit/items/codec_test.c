/* The stored forms of items and keys: decoding undoes encoding, order is kept, and no bytes make a reader go
 * astray. */
#include "lib/unit.h"

#include "items/attribute_value.h"
#include "items/item_codec.h"
#include "items/key_codec.h"
#include "unit/items/random_values.h"

enum { TRIALS = 3000 };

static bool items_equal(const struct item *a, const struct item *b)
{
    struct value left = {.type = VALUE_M, .map = *a}, right = {.type = VALUE_M, .map = *b};

    return value_equal(&left, &right);
}

static void item_decoded_is_item_encoded(void **state)
{
    struct random_source source = {.seed = 4};
    (void)state;

    for (int i = 0; i < TRIALS; i++) {
        struct arena arena;
        struct buffer stored, json, transcoded;
        struct item again;

        arena_init(&arena);
        buffer_init(&stored);
        buffer_init(&json);
        buffer_init(&transcoded);
        struct item item = random_item(&source, &arena, 4);
        item_encode(&stored, &item);
        assert_int_equal(item_encoded_size(buffer_slice(&stored)), item_size(&item));
        assert_true(item_decode(&arena, buffer_slice(&stored), &again));
        assert_true(items_equal(&item, &again));
        item_to_json(&json, &item);
        assert_true(item_encoded_to_json(&transcoded, buffer_slice(&stored)));
        assert_true(slice_equal(buffer_slice(&json), buffer_slice(&transcoded)));
        buffer_finish(&stored);
        buffer_finish(&json);
        buffer_finish(&transcoded);
        arena_finish(&arena);
    }
}

/* Every shortening of a stored item is refused, and every change of one byte is survived. */
static void torn_items_are_refused(void **state)
{
    struct random_source source = {.seed = 5};
    (void)state;

    for (int i = 0; i < 40; i++) {
        struct arena arena;
        struct buffer stored, json;

        arena_init(&arena);
        buffer_init(&stored);
        buffer_init(&json);
        struct item item = random_item(&source, &arena, 3), again;
        item_encode(&stored, &item);
        for (size_t length = 0; length < stored.len; length++) {
            /* In memory of its own size, so that the sanitizer sees a byte read beyond. */
            char *torn = malloc(length + 1);
            memcpy(torn, stored.bytes, length);
            torn = realloc(torn, length == 0 ? 1 : length);
            assert_false(item_decode(&arena, (struct slice){torn, length}, &again));
            assert_false(item_encoded_to_json(&json, (struct slice){torn, length}));
            free(torn);
            buffer_reset(&json);
        }
        for (size_t at = 0; at < stored.len; at++) {
            char before = stored.bytes[at];
            stored.bytes[at] = (char)(before ^ (1 << random_below(&source, 8)));
            bool decoded = item_decode(&arena, buffer_slice(&stored), &again);
            bool transcoded = item_encoded_to_json(&json, buffer_slice(&stored));
            assert_int_equal(decoded, transcoded);
            stored.bytes[at] = before;
            buffer_reset(&json);
        }
        buffer_finish(&stored);
        buffer_finish(&json);
        arena_finish(&arena);
    }
}

static void a_wrong_count_asks_for_no_memory(void **state)
{
    struct arena arena;
    struct item item;
    (void)state;

    arena_init(&arena);
    assert_false(item_decode(&arena, SLICE("\x01\x00\xff\xff\xff\xff\x0f"), &item));
    assert_true(arena.allocated < 1024);
    assert_int_equal(item_encoded_size(SLICE("\x02\x05\x00")), 0);
    assert_int_equal(item_encoded_size(SLICE("\x01\xff\xff\xff\xff\xff\x01")), 0);
    assert_int_equal(item_encoded_size(SLICE("")), 0);
    arena_finish(&arena);
}

static void keys_keep_order_and_content(void **state)
{
    static const enum value_type types[] = {VALUE_S, VALUE_N, VALUE_B};
    struct random_source source = {.seed = 6};
    (void)state;

    for (int i = 0; i < TRIALS * 3; i++) {
        struct arena arena;
        struct buffer left, right;
        struct value a, b, again;

        arena_init(&arena);
        buffer_init(&left);
        buffer_init(&right);
        random_scalar(&source, &arena, types[i % 3], &a);
        random_scalar(&source, &arena, types[i % 3], &b);
        key_encode_value(&left, &a);
        key_encode_value(&right, &b);
        int order = slice_compare(buffer_slice(&left), buffer_slice(&right)),
            expected = value_compare(&a, &b);
        assert_int_equal((order > 0) - (order < 0), (expected > 0) - (expected < 0));
        if (order != 0) {
            assert_false(slice_starts_with(buffer_slice(&left), buffer_slice(&right)));
            assert_false(slice_starts_with(buffer_slice(&right), buffer_slice(&left)));
        }
        size_t length = left.len;
        assert_int_equal(key_decode_value(&arena, buffer_slice(&left), a.type, &again), length);
        assert_true(value_equal(&a, &again));
        buffer_append(&left, buffer_slice(&right));
        assert_int_equal(key_decode_value(&arena, buffer_slice(&left), a.type, &again), length);
        assert_true(value_equal(&a, &again));
        for (size_t shorter = 0; shorter < length; shorter++)
            assert_int_equal(key_decode_value(&arena, (struct slice){left.bytes, shorter}, a.type, &again),
                             0);
        buffer_finish(&left);
        buffer_finish(&right);
        arena_finish(&arena);
    }
}

/* A value lies between a prefix and its successor exactly if it begins with the prefix. */
static void prefixes_bound_what_begins_with_them(void **state)
{
    struct random_source source = {.seed = 7};
    (void)state;

    for (int i = 0; i < TRIALS * 3; i++) {
        struct arena arena;
        struct buffer from, to, key;
        struct value prefix, value;

        arena_init(&arena);
        buffer_init(&from);
        buffer_init(&to);
        buffer_init(&key);
        random_scalar(&source, &arena, VALUE_B, &prefix);
        random_scalar(&source, &arena, VALUE_B, &value);
        if (i % 2 == 0)
            prefix.bytes.len =
                value.bytes.len == 0 ? 0 : random_below(&source, (unsigned)value.bytes.len + 1),
            prefix.bytes.ptr = value.bytes.ptr;
        key_encode_prefix(&from, &prefix);
        key_encode_prefix(&to, &prefix);
        key_encode_value(&key, &value);
        bool bounded = key_after_prefix(&to, 0);
        bool between = slice_compare(buffer_slice(&key), buffer_slice(&from)) >= 0 &&
                       (!bounded || slice_compare(buffer_slice(&key), buffer_slice(&to)) < 0);
        assert_int_equal(between, slice_starts_with(value.bytes, prefix.bytes));
        buffer_finish(&from);
        buffer_finish(&to);
        buffer_finish(&key);
        arena_finish(&arena);
    }
}

static void a_prefix_of_ff_has_no_successor(void **state)
{
    struct buffer key;
    (void)state;

    buffer_init(&key);
    buffer_append(&key, SLICE("a\xff\xff"));
    assert_false(key_after_prefix(&key, 1));
    assert_true(slice_is(buffer_slice(&key), "a\xff\xff"));
    assert_true(key_after_prefix(&key, 0));
    assert_true(slice_is(buffer_slice(&key), "b"));
    assert_false(key_after_prefix(&key, 1));
    buffer_finish(&key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(item_decoded_is_item_encoded),
        cmocka_unit_test(torn_items_are_refused),
        cmocka_unit_test(a_wrong_count_asks_for_no_memory),
        cmocka_unit_test(keys_keep_order_and_content),
        cmocka_unit_test(prefixes_bound_what_begins_with_them),
        cmocka_unit_test(a_prefix_of_ff_has_no_successor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
