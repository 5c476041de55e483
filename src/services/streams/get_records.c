/*
 * GetRecords: the records of a shard from an iterator on, and the iterator behind them. AWS: API reference,
 * GetRecords.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "catalog/stream_record.h"
#include "items/item_codec.h"
#include "services/accepts.h"
#include "services/gate.h"
#include "services/storage_failure.h"
#include "services/streams/handlers.h"
#include "services/streams/iterator.h"
#include "services/streams/stream_input.h"

/* AWS: "a maximum of 1 MB of data or 1000 stream records, whichever comes first". */
enum { RECORDS_LIMIT = 1000, PAGE_BYTES = 1024 * 1024 };

static const struct shape iterator_shape = {.kind = SHAPE_STRING, .min = 1, .max = 2048};
static const struct shape_entry members[] = {
    {"ShardIterator", &iterator_shape, true}, {"Limit", &stream_input_limit, false}, {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static bool read_input(struct request *request, struct iterator *iterator, int64_t *limit)
{
    struct failure *failure = &request->failure;

    if (!accepts(request, &input))
        return false;
    *limit = shape_number(request->body, "Limit", RECORDS_LIMIT);
    /* AWS: LimitExceededException, "GetRecords was called with a value of more than 1000 for the limit
     * request parameter". */
    if (*limit > RECORDS_LIMIT)
        return fail(failure, ERROR_LIMIT_EXCEEDED,
                    "One or more parameter values were invalid: Limit should be less than or equal to %d",
                    RECORDS_LIMIT);
    if (!iterator_parse(request->arena, request->server->iterator_key,
                        shape_text(request->body, "ShardIterator"), iterator))
        return fail(failure, ERROR_VALIDATION, "Invalid ShardIterator");
    if (!gate_pass(request))
        return false;
    if (clock_now() - iterator->made > ITERATOR_LIFETIME)
        return fail(failure, ERROR_EXPIRED_ITERATOR,
                    "The shard iterator has expired and can no longer be used to retrieve stream records.");
    return true;
}

/* The shard, in which the iterator's place must not be trimmed. */
static bool read_shard(struct request *request, const struct iterator *iterator, struct shard *shard)
{
    enum storage_status status =
        shard_read(request->server->storage, NULL, iterator->stream, iterator->shard, shard);

    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    if (status == STORAGE_NOT_FOUND || sequence_number_compare(iterator->next, shard->kept) < 0)
        return fail(&request->failure, ERROR_TRIMMED_DATA_ACCESS,
                    "The operation attempted to read past the oldest stream record in a shard.");
    return true;
}

static bool write_image(struct buffer *out, bool *first, const char *name, struct slice stored)
{
    if (stored.len == 0)
        return true;
    json_write_name(out, first, name);
    return item_encoded_to_json(out, stored);
}

static bool write_record(struct request *request, const struct iterator *iterator,
                         const struct stream_record *record, struct sequence_number number)
{
    static const char *const events[] = {
        [STREAM_INSERT] = "INSERT", [STREAM_MODIFY] = "MODIFY", [STREAM_REMOVE] = "REMOVE"};
    struct buffer *out = request->out;
    bool first = true;

    /* Table and place make an id that no other event has, and that is the same whenever it is read. */
    buffer_printf(out,
                  "{\"eventID\":\"%08" PRIx32 "%016" PRIx64 "%08" PRIx32
                  "\",\"eventName\":\"%s\",\"eventVersion\":\"1.1\",\"eventSource\":\"aws:dynamodb\","
                  "\"awsRegion\":\"%.*s\",\"dynamodb\":{",
                  iterator->stream.table, number.commit, number.ordinal, events[record->event],
                  SLICE_ARGS(request->server->region));
    json_write_int64_member(out, &first, "ApproximateCreationDateTime", record->time / 1000);
    if (!write_image(out, &first, "Keys", record->keys) ||
        !write_image(out, &first, "NewImage", record->new_image) ||
        !write_image(out, &first, "OldImage", record->old_image))
        return storage_failure(&request->failure, STORAGE_CORRUPT);
    json_write_string_member(out, &first, "SequenceNumber", sequence_number_text(request->arena, number));
    json_write_int64_member(out, &first, "SizeBytes", (int64_t)stream_record_size(record));
    json_write_string_member(out, &first, "StreamViewType", slice_of(stream_view_name(record->view)));
    buffer_append_byte(out, '}');
    if (record->author == BY_TIME_TO_LIVE)
        buffer_append_string(
            out, ",\"userIdentity\":{\"Type\":\"Service\",\"PrincipalId\":\"dynamodb.amazonaws.com\"}");
    buffer_append_byte(out, '}');
    return true;
}

/* Writes records from the iterator on, which moves behind them. *end: the shard has no other now. */
static bool write_records(struct request *request, struct iterator *iterator, int64_t limit, bool *end)
{
    struct key_range range =
        shard_records(request->arena, iterator->stream, iterator->shard.number, iterator->next);
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    struct stream_record record;
    struct slice key, value;
    enum storage_status status;
    size_t bytes = 0;
    bool good = true;

    for (int64_t count = 0; (status = cursor_next(cursor, &key, &value)) == STORAGE_OK && count < limit;
         count++) {
        struct sequence_number number = sequence_number_of_key(key);
        if (!stream_record_decode(value, &record)) {
            status = STORAGE_CORRUPT;
            break;
        }
        bytes += stream_record_size(&record);
        if (count > 0 && bytes > PAGE_BYTES)
            break;
        if (count > 0)
            buffer_append_byte(request->out, ',');
        good = write_record(request, iterator, &record, number);
        if (!good)
            break;
        iterator->next = sequence_number_next(number);
    }
    cursor_destroy(cursor);
    *end = status == STORAGE_NOT_FOUND;
    return good && (status == STORAGE_OK || *end || storage_failure(&request->failure, status));
}

bool get_records(struct request *request)
{
    struct iterator iterator, next;
    struct shard shard, afterwards;
    int64_t limit;
    bool end;

    /* Whether the shard is closed is asked before its records are read: none comes after the closing. What is
     * trimmed is asked again behind, for it may have gone while it was read. */
    if (!read_input(request, &iterator, &limit) || !read_shard(request, &iterator, &shard))
        return false;
    next = iterator;
    buffer_append_string(request->out, "{\"Records\":[");
    if (!write_records(request, &next, limit, &end) || !read_shard(request, &iterator, &afterwards))
        return false;
    buffer_append_byte(request->out, ']');
    if (!end || !shard.closed) {
        next.made = clock_now();
        buffer_append_string(request->out, ",\"NextShardIterator\":");
        json_write_string(request->out, iterator_text(request->arena, request->server->iterator_key, &next));
    }
    buffer_append_byte(request->out, '}');
    return true;
}
