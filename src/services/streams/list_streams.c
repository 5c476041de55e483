/*
 * ListStreams: the streams in the order of their tables' names and of their labels, those of deleted tables
 * too. AWS: API reference, ListStreams.
 */
#include "services/accepts.h"
#include "services/dynamodb/input.h"
#include "services/gate.h"
#include "services/storage_failure.h"
#include "services/streams/handlers.h"
#include "services/streams/stream_input.h"

enum { STREAMS_LIMIT = 100 };

static const struct shape table_name = {
    .kind = SHAPE_STRING, .min = 3, .max = 255, .matches = input_is_name, .pattern = "[a-zA-Z0-9_.-]+"};
static const struct shape_entry members[] = {{"TableName", &table_name, false},
                                             {"Limit", &stream_input_limit, false},
                                             {"ExclusiveStartStreamArn", &stream_input_arn, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* Where to begin and to end. */
static bool read_range(struct request *request, struct key_range *range)
{
    struct slice name = shape_text(request->body, "TableName");
    struct slice start = shape_text(request->body, "ExclusiveStartStreamArn"), start_name, label;

    *range = keys_streams(request->arena, name);
    if (start.ptr == NULL)
        return true;
    if (!stream_input_names(request, start, &start_name, &label))
        return false;
    struct slice from = keys_after(request->arena, keys_stream(request->arena, start_name, label));
    if (slice_compare(from, range->from) > 0)
        range->from = slice_compare(from, range->to) > 0 ? range->to : from;
    return true;
}

static void write_stream(struct request *request, const struct stream_descriptor *stream, struct slice arn)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "StreamArn", arn);
    json_write_string_member(request->out, &first, "TableName", stream->table_name);
    json_write_string_member(request->out, &first, "StreamLabel", stream->label);
    buffer_append_byte(request->out, '}');
}

bool list_streams(struct request *request)
{
    struct stream_descriptor stream;
    struct key_range range;
    struct slice key, value, arn = {NULL, 0};
    enum storage_status status;
    int64_t count = 0;

    if (!accepts(request, &input))
        return false;
    int64_t limit = shape_number(request->body, "Limit", STREAMS_LIMIT);
    if (limit > STREAMS_LIMIT)
        return fail(
            &request->failure, ERROR_VALIDATION,
            "One or more parameter values were invalid: Limit cannot be greater than the maximum allowed "
            "size: %d",
            STREAMS_LIMIT);
    if (!read_range(request, &range) || !gate_pass(request))
        return false;
    buffer_append_string(request->out, "{\"Streams\":[");
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK && count < limit) {
        if (!stream_descriptor_read(request->arena, arena_copy(request->arena, value), &stream)) {
            status = STORAGE_CORRUPT;
            break;
        }
        if (count++ > 0)
            buffer_append_byte(request->out, ',');
        arn = stream_arn(request, stream.table_name, stream.label);
        write_stream(request, &stream, arn);
    }
    cursor_destroy(cursor);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    buffer_append_byte(request->out, ']');
    if (status == STORAGE_OK) {
        buffer_append_string(request->out, ",\"LastEvaluatedStreamArn\":");
        json_write_string(request->out, arn);
    }
    buffer_append_byte(request->out, '}');
    return true;
}
