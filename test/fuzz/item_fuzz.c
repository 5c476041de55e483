/* Stored items: any bytes can be tried as an item, both readers agree, and items made up of the input
 * survive. */
#include "base/check.h"
#include "items/attribute_value.h"
#include "items/item_codec.h"
#include "unit/items/random_values.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_bytes(struct arena *arena, struct slice bytes)
{
    struct item item;
    struct buffer text, written;

    buffer_init(&text);
    buffer_init(&written);
    bool decoded = item_decode(arena, bytes, &item);
    CHECK(decoded == item_encoded_to_json(&text, bytes));
    if (decoded) {
        item_to_json(&written, &item);
        CHECK(slice_equal(buffer_slice(&text), buffer_slice(&written)));
    }
    buffer_finish(&text);
    buffer_finish(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct random_source source = {.bytes = {(const char *)data, size}, .seed = 1};
    struct arena arena;
    struct buffer stored, again;
    struct item copy;

    arena_init(&arena);
    buffer_init(&stored);
    buffer_init(&again);
    check_bytes(&arena, source.bytes);
    struct item item = random_item(&source, &arena, 3);
    item_encode(&stored, &item);
    CHECK(item_decode(&arena, buffer_slice(&stored), &copy));
    item_encode(&again, &copy);
    CHECK(slice_equal(buffer_slice(&stored), buffer_slice(&again)));
    check_bytes(&arena, buffer_slice(&stored));
    buffer_finish(&stored);
    buffer_finish(&again);
    arena_finish(&arena);
    return 0;
}
