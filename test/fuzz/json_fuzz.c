/* JSON: what is taken is taken again when written, and written the same; its strings are UTF-8; attribute
 * values likewise. */
#include "base/check.h"
#include "items/attribute_value.h"
#include "items/item_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DEPTH = 100 };

static void check_item(struct arena *arena, const struct json *json)
{
    struct failure failure;
    struct item item, again;
    struct buffer stored, text, transcoded;

    failure_init(&failure, arena);
    if (!item_from_json(arena, json, &item, &failure)) {
        CHECK(failure.code != ERROR_NONE && failure.message.len > 0);
        return;
    }
    CHECK(attribute_values_well_shaped(json, &failure));
    buffer_init(&stored);
    buffer_init(&text);
    buffer_init(&transcoded);
    item_encode(&stored, &item);
    CHECK(item_decode(arena, buffer_slice(&stored), &again));
    item_to_json(&text, &again);
    CHECK(item_encoded_to_json(&transcoded, buffer_slice(&stored)));
    CHECK(slice_equal(buffer_slice(&text), buffer_slice(&transcoded)));
    CHECK(item_encoded_size(buffer_slice(&stored)) == item_size(&item));
    CHECK(json_parse(arena, buffer_slice(&text), DEPTH, &json) == JSON_OK);
    CHECK(item_from_json(arena, json, &again, &failure));
    CHECK(value_equal(&(struct value){.type = VALUE_M, .map = item},
                      &(struct value){.type = VALUE_M, .map = again}));
    buffer_finish(&stored);
    buffer_finish(&text);
    buffer_finish(&transcoded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct buffer once, twice;
    const struct json *json;

    arena_init(&arena);
    buffer_init(&once);
    buffer_init(&twice);
    if (json_parse(&arena, (struct slice){(const char *)data, size}, DEPTH, &json) == JSON_OK) {
        json_write_value(&once, json);
        check_item(&arena, json);
        /* Strings that are not UTF-8 would be refused here. */
        CHECK(json_parse(&arena, buffer_slice(&once), DEPTH, &json) == JSON_OK);
        json_write_value(&twice, json);
        CHECK(slice_equal(buffer_slice(&once), buffer_slice(&twice)));
    } else {
        CHECK(json == NULL);
    }
    buffer_finish(&once);
    buffer_finish(&twice);
    arena_finish(&arena);
    return 0;
}
