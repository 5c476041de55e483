/*
 * DescribeStream: a stream and its shards, in the order in which they were opened. AWS: API reference,
 * DescribeStream.
 */
#include <inttypes.h>

#include "services/accepts.h"
#include "services/storage_failure.h"
#include "services/streams/handlers.h"
#include "services/streams/stream_input.h"

enum { SHARDS_LIMIT = 100 };

static const char *const filter_types[] = {"CHILD_SHARDS", NULL};
static const struct shape filter_type = {.kind = SHAPE_STRING, .words = filter_types};
static const struct shape_entry filter_members[] = {
    {"Type", &filter_type, false}, {"ShardId", &stream_input_shard_id, false}, {0}};
static const struct shape filter = {.kind = SHAPE_STRUCTURE, .members = filter_members};
static const struct shape_entry members[] = {{"StreamArn", &stream_input_arn, true},
                                             {"Limit", &stream_input_limit, false},
                                             {"ExclusiveStartShardId", &stream_input_shard_id, false},
                                             {"ShardFilter", &filter, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* What part of the shards is asked for. */
struct page {
    size_t limit;
    bool has_start, has_parent;
    struct shard_name start, parent;
};

static bool read_page(struct request *request, struct page *page)
{
    const struct json *given = shape_member(request->body, "ShardFilter");
    int64_t limit = shape_number(request->body, "Limit", SHARDS_LIMIT);

    *page = (struct page){.limit = (size_t)limit};
    if (limit > SHARDS_LIMIT)
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Limit cannot be greater than the maximum: %d",
                    SHARDS_LIMIT);
    if (!stream_input_shard(request, request->body, "ExclusiveStartShardId", &page->has_start,
                            &page->start) ||
        !stream_input_shard(request, given, "ShardId", &page->has_parent, &page->parent))
        return false;
    /* AWS does not say what half a filter means; to leave it out of account would be to answer another
     * question. */
    if (given != NULL && (shape_member(given, "Type") == NULL || !page->has_parent))
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: ShardFilter needs both a Type and a ShardId");
    return true;
}

static void write_keys(struct buffer *out, const struct stream_descriptor *stream)
{
    buffer_append_string(out, "[{\"AttributeName\":");
    json_write_string(out, stream->partition_key);
    buffer_append_string(out, ",\"KeyType\":\"HASH\"}");
    if (stream->sort_key.len > 0) {
        buffer_append_string(out, ",{\"AttributeName\":");
        json_write_string(out, stream->sort_key);
        buffer_append_string(out, ",\"KeyType\":\"RANGE\"}");
    }
    buffer_append_byte(out, ']');
}

static void write_shard(struct request *request, const struct shard *shard)
{
    struct buffer *out = request->out;
    bool first = true, inner = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "ShardId", shard_name_text(request->arena, shard->name));
    json_write_name(out, &first, "SequenceNumberRange");
    buffer_append_byte(out, '{');
    json_write_string_member(out, &inner, "StartingSequenceNumber",
                             sequence_number_text(request->arena, shard->kept));
    if (shard->closed)
        json_write_string_member(out, &inner, "EndingSequenceNumber",
                                 sequence_number_text(request->arena, shard->end));
    buffer_append_byte(out, '}');
    if (shard->has_parent)
        json_write_string_member(out, &first, "ParentShardId",
                                 shard_name_text(request->arena, shard->parent));
    buffer_append_byte(out, '}');
}

static void write_stream(struct request *request, const struct stream_descriptor *stream,
                         const struct shard *shards, size_t count, bool more)
{
    struct buffer *out = request->out;
    bool first = true;

    json_write_string_member(out, &first, "StreamArn",
                             stream_arn(request, stream->table_name, stream->label));
    json_write_string_member(out, &first, "StreamLabel", stream->label);
    json_write_string_member(out, &first, "StreamStatus",
                             stream->disabled == 0 ? SLICE("ENABLED") : SLICE("DISABLED"));
    json_write_string_member(out, &first, "StreamViewType", slice_of(stream_view_name(stream->view)));
    json_write_name(out, &first, "CreationRequestDateTime");
    buffer_printf(out, "%" PRId64 ".%03d", stream->id.created / 1000, (int)(stream->id.created % 1000));
    json_write_string_member(out, &first, "TableName", stream->table_name);
    json_write_name(out, &first, "KeySchema");
    write_keys(out, stream);
    json_write_name(out, &first, "Shards");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        write_shard(request, &shards[i]);
    }
    buffer_append_byte(out, ']');
    if (more)
        json_write_string_member(out, &first, "LastEvaluatedShardId",
                                 shard_name_text(request->arena, shards[count - 1].name));
}

bool describe_stream(struct request *request)
{
    struct stream_descriptor stream;
    struct page page;
    size_t count;
    bool more;

    if (!accepts(request, &input) || !read_page(request, &page) ||
        !stream_input_find(request, shape_text(request->body, "StreamArn"), &stream))
        return false;
    struct shard *shards = arena_array(request->arena, struct shard, page.limit);
    enum storage_status status =
        shards_list(request->server->storage, stream.id, page.has_start ? &page.start : NULL,
                    page.has_parent ? &page.parent : NULL, page.limit, shards, &count, &more);
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    buffer_append_string(request->out, "{\"StreamDescription\":{");
    write_stream(request, &stream, shards, count, more);
    buffer_append_string(request->out, "}}");
    return true;
}
