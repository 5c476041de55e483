#include "services/streams/stream_input.h"

#include "services/dynamodb/input.h"
#include "services/dynamodb/resource.h"
#include "services/gate.h"
#include "services/storage_failure.h"

const struct shape stream_input_arn = {.kind = SHAPE_STRING, .min = 37, .max = 1024};
const struct shape stream_input_shard_id = {.kind = SHAPE_STRING, .min = 28, .max = 65};
const struct shape stream_input_limit = {.kind = SHAPE_INTEGER, .min = 1};

struct slice stream_arn(struct request *request, struct slice table_name, struct slice label)
{
    const struct server *server = request->server;

    return arena_printf(request->arena, "arn:aws:dynamodb:%.*s:%.*s:table/%.*s/stream/%.*s",
                        SLICE_ARGS(server->region), SLICE_ARGS(server->account_id), SLICE_ARGS(table_name),
                        SLICE_ARGS(label));
}

bool stream_input_names(struct request *request, struct slice arn, struct slice *table_name,
                        struct slice *label)
{
    return (resource_split(input_table_in_arn(arn), table_name, label) && label->len > 0) ||
           fail(&request->failure, ERROR_VALIDATION, "Invalid StreamArn");
}

static bool not_found(struct request *request, struct slice arn)
{
    return fail(&request->failure, ERROR_RESOURCE_NOT_FOUND,
                "Requested resource not found: Stream: %.*s not found", SLICE_ARGS(arn));
}

bool stream_input_find(struct request *request, struct slice arn, struct stream_descriptor *out)
{
    struct slice name, label;
    struct stored stored;

    if (!stream_input_names(request, arn, &name, &label) || !gate_pass(request))
        return false;
    /* One Region is served, and one account. */
    if (!slice_equal(arn, stream_arn(request, name, label)))
        return not_found(request, arn);
    enum storage_status status =
        storage_get(request->server->storage, NULL, keys_stream(request->arena, name, label), &stored);
    if (status == STORAGE_OK &&
        !stream_descriptor_read(request->arena, arena_copy(request->arena, stored.value), out))
        status = STORAGE_CORRUPT;
    stored_release(&stored);
    if (status == STORAGE_NOT_FOUND)
        return not_found(request, arn);
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

bool stream_input_shard(struct request *request, const struct json *object, const char *name, bool *given,
                        struct shard_name *out)
{
    struct slice text = shape_text(object, name);

    *given = text.ptr != NULL;
    return !*given || shard_name_parse(text, out) ||
           fail(&request->failure, ERROR_VALIDATION, "Invalid %s", name);
}
