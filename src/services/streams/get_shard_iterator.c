/*
 * GetShardIterator: a place in a shard, from which GetRecords reads on. AWS: API reference, GetShardIterator.
 */
#include "base/clock.h"
#include "services/accepts.h"
#include "services/storage_failure.h"
#include "services/streams/handlers.h"
#include "services/streams/iterator.h"
#include "services/streams/stream_input.h"

static const char *const types[] = {"AFTER_SEQUENCE_NUMBER", "LATEST", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON",
                                    NULL};
static const struct shape type_shape = {.kind = SHAPE_STRING, .words = types};
static const struct shape sequence_number = {.kind = SHAPE_STRING, .min = 21, .max = 40};
static const struct shape_entry members[] = {{"StreamArn", &stream_input_arn, true},
                                             {"ShardId", &stream_input_shard_id, true},
                                             {"ShardIteratorType", &type_shape, true},
                                             {"SequenceNumber", &sequence_number, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* The given sequence number; *given tells whether one was asked for. */
static bool read_number(struct request *request, struct slice type, bool *given, struct sequence_number *out)
{
    struct slice text = shape_text(request->body, "SequenceNumber");
    struct failure *failure = &request->failure;

    *given = slice_is(type, "AT_SEQUENCE_NUMBER") || slice_is(type, "AFTER_SEQUENCE_NUMBER");
    if (!*given && text.ptr != NULL)
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: SequenceNumber should not be passed for this "
                    "iterator type");
    if (*given && (text.ptr == NULL || !sequence_number_parse(text, out)))
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Invalid SequenceNumber");
    return true;
}

/* Whether the shard can have a record of that number; what was trimmed had its own. */
static bool check_number(struct request *request, const struct shard *shard, struct sequence_number number)
{
    if (sequence_number_compare(number, shard->start) < 0 ||
        (shard->closed && sequence_number_compare(number, shard->end) > 0))
        return fail(&request->failure, ERROR_VALIDATION, "Invalid SequenceNumber for the shard");
    if (sequence_number_compare(number, shard->kept) < 0)
        return fail(&request->failure, ERROR_TRIMMED_DATA_ACCESS,
                    "The operation attempted to read past the oldest stream record in a shard.");
    return true;
}

/* Behind the newest record. */
static bool find_latest(struct request *request, struct stream_id stream, const struct shard *shard,
                        struct sequence_number *next)
{
    enum storage_status status =
        shard_last_record(request->server->storage, NULL, stream, shard->name.number, next);

    if (status == STORAGE_OK)
        *next = sequence_number_next(*next);
    else if (status == STORAGE_NOT_FOUND)
        *next = shard->kept;
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

bool get_shard_iterator(struct request *request)
{
    struct stream_descriptor stream;
    struct iterator iterator = {.made = clock_now()};
    struct shard shard;
    bool has_shard, has_number;

    if (!accepts(request, &input))
        return false;
    struct slice type = shape_text(request->body, "ShardIteratorType");
    if (!read_number(request, type, &has_number, &iterator.next) ||
        !stream_input_shard(request, request->body, "ShardId", &has_shard, &iterator.shard) ||
        !stream_input_find(request, shape_text(request->body, "StreamArn"), &stream))
        return false;
    iterator.table_name = stream.table_name;
    iterator.stream = stream.id;
    enum storage_status status =
        shard_read(request->server->storage, NULL, stream.id, iterator.shard, &shard);
    if (status == STORAGE_NOT_FOUND)
        return fail(&request->failure, ERROR_RESOURCE_NOT_FOUND,
                    "Requested resource not found: Shard does not exist");
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    if (has_number && !check_number(request, &shard, iterator.next))
        return false;
    if (slice_is(type, "AFTER_SEQUENCE_NUMBER"))
        iterator.next = sequence_number_next(iterator.next);
    if (slice_is(type, "TRIM_HORIZON"))
        iterator.next = shard.kept;
    if (slice_is(type, "LATEST") && !find_latest(request, stream.id, &shard, &iterator.next))
        return false;
    buffer_append_string(request->out, "{\"ShardIterator\":");
    json_write_string(request->out, iterator_text(request->arena, request->server->iterator_key, &iterator));
    buffer_append_byte(request->out, '}');
    return true;
}
