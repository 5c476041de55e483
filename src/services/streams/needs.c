#include "services/streams/needs.h"

#include "base/clock.h"
#include "services/dynamodb/access.h"
#include "services/operation.h"
#include "services/streams/iterator.h"
#include "services/streams/stream_input.h"

/* What conditions ask of a stream. */
struct stream_access {
    struct request *request;
    const struct table *table; /* whose tags the stream has; NULL: it is gone */
};

static bool find(void *from, struct slice key, struct iam_values *out)
{
    const struct stream_access *access = from;
    struct slice rest;

    return iam_key_starts_with(key, "aws:ResourceTag/", &rest) &&
           access_find_tag(access->request, access->table, rest, out);
}

/* The policy is that of the table's latest stream. */
static void need_stream(struct request *request, struct permissions *needs, struct slice name,
                        struct slice label)
{
    struct stream_access *access = arena_new(request->arena, struct stream_access);
    struct permission *need =
        permissions_add(needs, request->operation->action, stream_arn(request, name, label));

    *access = (struct stream_access){request, permissions_table(needs, name)};
    need->context = (struct iam_context){find, access};
    if (access->table != NULL && slice_equal(access->table->stream.label, label))
        need->resource_policy = access->table->stream_policy.compiled;
}

bool stream_needs(struct request *request, struct permissions *needs)
{
    struct slice name, label;

    if (!stream_input_names(request, shape_text(request->body, "StreamArn"), &name, &label))
        return false;
    need_stream(request, needs, name, label);
    return true;
}

bool iterator_needs(struct request *request, struct permissions *needs)
{
    struct slice token = shape_text(request->body, "ShardIterator");
    struct iterator iterator;

    if (!iterator_parse(request->arena, request->server->iterator_key, token, &iterator))
        return fail(&request->failure, ERROR_VALIDATION, "Invalid ShardIterator");
    need_stream(request, needs, iterator.table_name, clock_label(request->arena, iterator.stream.created));
    return true;
}

bool list_needs(struct request *request, struct permissions *needs)
{
    struct slice name = shape_text(request->body, "TableName");

    (void)permissions_add(needs, request->operation->action,
                          name.ptr == NULL ? SLICE("*") : stream_arn(request, name, SLICE("*")));
    return true;
}
