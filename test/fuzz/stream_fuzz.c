/* Streams: any bytes can be tried as a record, a descriptor, a shard iterator, or as the name of a shard or a
 * sequence number; and what is made of the input is read back as it was. */
#include "base/check.h"
#include "catalog/shard.h"
#include "catalog/stream.h"
#include "catalog/stream_record.h"
#include "items/item_codec.h"
#include "services/streams/iterator.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_record(struct slice bytes)
{
    struct stream_record record;
    struct buffer again, text;

    if (!stream_record_decode(bytes, &record))
        return;
    buffer_init(&again);
    buffer_init(&text);
    buffer_append_u64(&again, (uint64_t)record.time);
    stream_record_encode(&again, &record);
    CHECK(slice_equal(buffer_slice(&again), bytes));
    (void)stream_record_size(&record);
    if (!item_encoded_to_json(&text, record.keys))
        buffer_reset(&text);
    buffer_finish(&text);
    buffer_finish(&again);
}

static void check_names(struct arena *arena, struct slice bytes)
{
    struct sequence_number number;
    struct shard_name name;

    if (sequence_number_parse(bytes, &number))
        CHECK(slice_equal(sequence_number_text(arena, number), bytes));
    if (shard_name_parse(bytes, &name))
        CHECK(slice_equal(shard_name_text(arena, name), bytes));
}

static void check_iterator(struct arena *arena, struct slice bytes)
{
    struct iterator made = {0}, read;

    CHECK(!iterator_parse(arena, SLICE("a key that the input does not know"), bytes, &read));
    if (bytes.len < sizeof(made))
        return;
    memcpy(&made, bytes.ptr, sizeof(made));
    made.table_name = bytes;
    CHECK(iterator_parse(arena, bytes, iterator_text(arena, bytes, &made), &read));
    CHECK(read.made == made.made && shard_name_equal(read.shard, made.shard) &&
          sequence_number_compare(read.next, made.next) == 0 && read.stream.table == made.stream.table &&
          read.stream.created == made.stream.created && slice_equal(read.table_name, bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = {(const char *)data, size};
    struct stream_descriptor stream;
    struct arena arena;

    arena_init(&arena);
    check_record(bytes);
    check_names(&arena, bytes);
    check_iterator(&arena, bytes);
    if (stream_descriptor_read(&arena, bytes, &stream))
        CHECK(stream.id.table > 0 && stream.view != STREAM_OFF);
    arena_finish(&arena);
    return 0;
}
