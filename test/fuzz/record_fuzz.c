/* Files of items in every format: any bytes can be tried, and an item that was read survives being written as
 * Ion and as DynamoDB's JSON. The first byte chooses the format, the packing and the delimiter. */
#include "base/check.h"
#include "exchange/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct csv_column column(void *context, struct slice name)
{
    (void)context;
    static const enum value_type types[] = {VALUE_S, VALUE_N, VALUE_B, VALUE_BOOL};

    return (struct csv_column){.type = types[name.len % 4], .inferred = name.len % 5 == 0};
}

static void check_survives(struct arena *arena, const struct item *item)
{
    struct item back;
    struct fault fault;
    struct buffer text;
    struct value given = {.type = VALUE_M, .map = *item};

    buffer_init(&text);
    record_to_json(&text, item);
    text.len = 0;
    record_to_ion(&text, item);
    CHECK(record_from_ion(arena, (struct slice){text.bytes, text.len - 1}, &back, &fault));
    struct value read = {.type = VALUE_M, .map = back};
    CHECK(value_equal(&given, &read));
    text.len = 0;
    record_to_dynamodb_json(&text, item);
    CHECK(record_from_dynamodb_json(arena, (struct slice){text.bytes, text.len - 1}, &back, &fault));
    read.map = back;
    CHECK(value_equal(&given, &read));
    buffer_finish(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiters[] = ",\t;";
    struct arena arena;
    struct reader reader;
    struct item item;
    struct fault fault;
    enum reading reading;

    if (size == 0)
        return 0;
    const struct reader_options options = {.format = (enum format)(data[0] % 4),
                                           .any_json = data[0] % 4 == FORMAT_JSON,
                                           .delimiter = delimiters[data[0] / 16 % 3],
                                           .column = column};
    arena_init(&arena);
    struct source *source = source_from_bytes((struct slice){(const char *)data + 1, size - 1},
                                              (enum packing)(data[0] / 4 % 4 % 3));
    reader_init(&reader, source, &options);
    do {
        reading = reader_next(&reader, &arena, &item, &fault);
        if (reading == READING_ITEM && item.count > 0)
            check_survives(&arena, &item);
    } while (reading == READING_ITEM || reading == READING_REJECTED);
    reader_finish(&reader);
    source_destroy(source);
    arena_finish(&arena);
    return 0;
}
