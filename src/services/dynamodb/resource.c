#include "services/dynamodb/resource.h"

#include "services/dynamodb/input.h"
#include "services/dynamodb/table_change.h"
#include "services/gate.h"

const struct shape resource_arn_shape = {.kind = SHAPE_STRING, .min = 1, .max = 1283};

static bool invalid(struct request *request, struct slice arn)
{
    return fail(&request->failure, ERROR_VALIDATION,
                "Invalid TableArn: Invalid ResourceArn provided as input %.*s", SLICE_ARGS(arn));
}

bool resource_split(struct slice resource, struct slice *name, struct slice *label)
{
    static const char stream_part[] = "/stream/";
    const char *slash = resource.len == 0 ? NULL : memchr(resource.ptr, '/', resource.len);

    *name = (struct slice){resource.ptr, slash == NULL ? resource.len : (size_t)(slash - resource.ptr)};
    *label = slice_skip(resource, name->len);
    if (slash != NULL) {
        if (!slice_starts_with(*label, slice_of(stream_part)) || label->len == sizeof(stream_part) - 1)
            return false;
        *label = slice_skip(*label, sizeof(stream_part) - 1);
    }
    return input_is_table_name(*name);
}

enum resource_kind resource_kind_of(const struct request *request)
{
    struct slice name, label;

    return resource_split(input_table_in_arn(shape_text(request->body, "ResourceArn")), &name, &label) &&
                   label.len > 0
               ? RESOURCE_STREAM
               : RESOURCE_TABLE;
}

bool resource_find(struct request *request)
{
    struct slice arn = shape_text(request->body, "ResourceArn"), name, label;

    if (!resource_split(input_table_in_arn(arn), &name, &label))
        return invalid(request, arn);
    request->table = gate_table(request, name);
    if (request->table != NULL && (label.len == 0 || slice_equal(request->table->stream.label, label)))
        return true;
    /* The typing error is AWS's. */
    return fail(&request->failure, ERROR_RESOURCE_NOT_FOUND,
                "Requested resource not found: ResourcArn: %.*s not found", SLICE_ARGS(arn));
}

bool resource_find_table(struct request *request)
{
    if (!resource_find(request))
        return false;
    return resource_kind_of(request) == RESOURCE_TABLE ||
           invalid(request, shape_text(request->body, "ResourceArn"));
}

bool resource_change(struct request *request, bool (*change)(struct request *request, struct table *draft))
{
    if (request->table->status == TABLE_CREATING)
        return fail(&request->failure, ERROR_RESOURCE_IN_USE,
                    "Attempt to change a resource which is still in use: Table is being created: %.*s",
                    SLICE_ARGS(request->table->name));
    struct table *draft = table_clone(request->table);
    bool good = change(request, draft);

    if (good)
        table_change_put(request, draft, draft->version);
    table_release(draft);
    return good;
}
