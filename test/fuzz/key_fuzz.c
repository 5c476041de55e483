/* Keys: order and content survive the encoding; any bytes can be tried as a key, and an encoding is the only
 * one of its value. */
#include "base/check.h"
#include "items/key_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_pair(struct arena *arena, const struct value *a, const struct value *b)
{
    struct buffer left, right, after;
    struct value again;

    buffer_init(&left);
    buffer_init(&right);
    buffer_init(&after);
    key_encode_value(&left, a);
    key_encode_value(&right, b);
    int order = slice_compare(buffer_slice(&left), buffer_slice(&right)), expected = value_compare(a, b);
    CHECK((order > 0) - (order < 0) == (expected > 0) - (expected < 0));
    CHECK(order == 0 || !slice_starts_with(buffer_slice(&left), buffer_slice(&right)));
    size_t length = left.len;
    buffer_append(&left, buffer_slice(&right));
    CHECK(key_decode_value(arena, buffer_slice(&left), a->type, &again) == length && value_equal(a, &again));
    if (a->type != VALUE_N) {
        key_encode_prefix(&after, b);
        bool begins = slice_starts_with((struct slice){left.bytes, length}, buffer_slice(&after));
        CHECK(begins == slice_starts_with(a->bytes, b->bytes));
        if (key_after_prefix(&after, 0) && begins)
            CHECK(slice_compare((struct slice){left.bytes, length}, buffer_slice(&after)) < 0);
    }
    buffer_finish(&left);
    buffer_finish(&right);
    buffer_finish(&after);
}

/* Bytes as a stored key: what can be decoded is encoded to the same bytes. */
static void check_decoding(struct arena *arena, struct slice bytes, enum value_type type)
{
    struct value value;
    struct buffer again;
    size_t length = key_decode_value(arena, bytes, type, &value);

    CHECK(length <= bytes.len);
    if (length == 0)
        return;
    buffer_init(&again);
    key_encode_value(&again, &value);
    CHECK(slice_equal(buffer_slice(&again), (struct slice){bytes.ptr, length}));
    buffer_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct slice all = {(const char *)data, size};

    if (size == 0)
        return 0;
    arena_init(&arena);
    size_t cut = data[0] % size;
    struct value a = {.type = VALUE_B, .bytes = {all.ptr, cut}},
                 b = {.type = VALUE_B, .bytes = slice_skip(all, cut)};
    check_pair(&arena, &a, &b);
    check_pair(&arena, &b, &a);
    check_decoding(&arena, all, VALUE_B);
    check_decoding(&arena, all, VALUE_N);
    arena_finish(&arena);
    return 0;
}
