/* DescribeStackResources, DescribeStackResource, ListStackResources. AWS: API reference of CloudFormation. */
#include "deploy/making.h"
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/storage_failure.h"
#include "stacks/resource_record.h"

enum { PAGE = 100 };

static bool read_resources(struct request *request, const struct stack_record *stack,
                           struct resource_records *out)
{
    enum storage_status status =
        resource_records_read(request->server->storage, request->arena, stack->uuid, out);

    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

static void write_common(struct request *request, bool *first, const struct resource_record *resource,
                         const char *time)
{
    struct buffer *out = request->out;

    json_write_string_member(out, first, "LogicalResourceId", resource->logical);
    stack_write_text(out, first, "PhysicalResourceId", resource->made.id);
    json_write_string_member(out, first, "ResourceType", resource->type);
    stack_write_time(out, first, request->arena, time, resource->changed);
    json_write_string_member(out, first, "ResourceStatus", slice_of(stack_status_name(resource->status)));
    stack_write_text(out, first, "ResourceStatusReason", resource->reason);
    json_write_name(out, first, "DriftInformation");
    buffer_append_string(out, "{\"StackResourceDriftStatus\":\"NOT_CHECKED\"}");
}

static void write_resource(struct request *request, const struct stack_record *stack,
                           const struct resource_record *resource)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "StackName", stack->name);
    json_write_string_member(request->out, &first, "StackId", stack->arn);
    write_common(request, &first, resource, "Timestamp");
    buffer_append_byte(request->out, '}');
}

/* ---- DescribeStackResources ---- */

static const struct shape_entry all_members[] = {{"StackName", &stack_name_shape, false},
                                                 {"LogicalResourceId", &stack_logical_id_shape, false},
                                                 {"PhysicalResourceId", &shape_string, false},
                                                 {0}};
static const struct shape all_input = {.kind = SHAPE_STRUCTURE, .members = all_members};

static bool has_physical(const struct resource_records *resources, struct slice physical)
{
    for (size_t i = 0; i < resources->count; i++) {
        if (slice_equal(resources->items[i].made.id, physical))
            return true;
    }
    return false;
}

/* The stack that has a resource of this id; one that is there before one that was deleted. */
static bool find_by_physical(struct request *request, struct slice physical, struct stack_record *out)
{
    struct slice place = SLICE("");
    bool found = false;

    for (;;) {
        struct stack_record stack;
        struct resource_records resources;
        enum storage_status status = stack_before(request->server->storage, request->arena, &place, &stack);
        if (status == STORAGE_NOT_FOUND)
            break;
        if (status != STORAGE_OK)
            return storage_failure(&request->failure, status);
        if (stack.status == STACK_DELETE_COMPLETE && found)
            continue;
        if (!read_resources(request, &stack, &resources))
            return false;
        if (!has_physical(&resources, physical))
            continue;
        *out = stack;
        found = true;
        if (stack.status != STACK_DELETE_COMPLETE)
            break;
    }
    return found ||
           fail(&request->failure, ERROR_VALIDATION, "Stack for %.*s does not exist", SLICE_ARGS(physical));
}

static bool find_stack(struct request *request, struct stack_record *stack)
{
    struct slice physical = shape_text(request->body, "PhysicalResourceId");
    struct version version;

    if (shape_text(request->body, "StackName").ptr != NULL) {
        if (physical.ptr != NULL)
            return fail(&request->failure, ERROR_VALIDATION,
                        "Only one of StackName and PhysicalResourceId may be specified");
        return stack_of_request(request, NO_STACK_WITH_ID, stack, &version);
    }
    return physical.ptr != NULL ? find_by_physical(request, physical, stack)
                                : fail(&request->failure, ERROR_VALIDATION,
                                       "At least one of StackName and PhysicalResourceId must be specified");
}

bool describe_stack_resources(struct request *request)
{
    struct resource_records resources;
    struct stack_record stack;
    size_t count = 0;

    if (!stack_input_accepts(request, &all_input) || !find_stack(request, &stack) ||
        !read_resources(request, &stack, &resources))
        return false;
    struct slice logical = shape_text(request->body, "LogicalResourceId");
    buffer_append_string(request->out, "{\"StackResources\":[");
    for (size_t i = 0; i < resources.count && count < PAGE; i++) {
        if (logical.ptr != NULL && !slice_equal(logical, resources.items[i].logical))
            continue;
        if (count++ > 0)
            buffer_append_byte(request->out, ',');
        write_resource(request, &stack, &resources.items[i]);
    }
    buffer_append_string(request->out, "]}");
    return true;
}

/* ---- DescribeStackResource ---- */

static const struct shape_entry one_members[] = {
    {"StackName", &stack_name_shape, true}, {"LogicalResourceId", &stack_logical_id_shape, true}, {0}};
static const struct shape one_input = {.kind = SHAPE_STRUCTURE, .members = one_members};

static void write_metadata(struct buffer *out, bool *first, const struct resource_record *resource)
{
    const struct json *metadata = json_get(resource->made.body, "Metadata");
    struct buffer text;

    if (metadata == NULL)
        return;
    buffer_init(&text);
    json_write_value(&text, metadata);
    json_write_string_member(out, first, "Metadata", buffer_slice(&text));
    buffer_finish(&text);
}

bool describe_stack_resource(struct request *request)
{
    struct resource_records resources;
    struct stack_record stack;
    struct version version;
    bool first = true;

    if (!stack_input_accepts(request, &one_input) ||
        !stack_of_request(request, NO_STACK_QUOTED, &stack, &version) ||
        !read_resources(request, &stack, &resources))
        return false;
    struct slice logical = shape_text(request->body, "LogicalResourceId");
    const struct resource_record *resource = resource_record_find(&resources, logical);
    if (resource == NULL)
        return fail(&request->failure, ERROR_VALIDATION, "Resource %.*s does not exist for stack %.*s",
                    SLICE_ARGS(logical), SLICE_ARGS(stack.name));
    buffer_append_string(request->out, "{\"StackResourceDetail\":{");
    json_write_string_member(request->out, &first, "StackName", stack.name);
    json_write_string_member(request->out, &first, "StackId", stack.arn);
    write_common(request, &first, resource, "LastUpdatedTimestamp");
    write_metadata(request->out, &first, resource);
    buffer_append_string(request->out, "}}");
    return true;
}

/* ---- ListStackResources ---- */

static const struct shape_entry list_members[] = {
    {"StackName", &stack_name_shape, true}, {"NextToken", &stack_next_token_shape, false}, {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

/* The token of a page is the last logical id of the one before. */
bool list_stack_resources(struct request *request)
{
    struct resource_records resources;
    struct stack_record stack;
    struct version version;
    size_t count = 0, i = 0;

    if (!stack_input_accepts(request, &list_input) ||
        !stack_of_request(request, NO_STACK_WITH_ID, &stack, &version) ||
        !read_resources(request, &stack, &resources))
        return false;
    struct slice after = shape_text(request->body, "NextToken");
    bool first = true;
    buffer_append_byte(request->out, '{');
    json_write_name(request->out, &first, "StackResourceSummaries");
    buffer_append_byte(request->out, '[');
    for (; i < resources.count && count < PAGE; i++) {
        bool inner = true;
        if (after.len > 0 && slice_compare(resources.items[i].logical, after) <= 0)
            continue;
        buffer_append_string(request->out, count++ > 0 ? ",{" : "{");
        write_common(request, &inner, &resources.items[i], "LastUpdatedTimestamp");
        buffer_append_byte(request->out, '}');
    }
    buffer_append_byte(request->out, ']');
    if (i < resources.count)
        json_write_string_member(request->out, &first, "NextToken", resources.items[i - 1].logical);
    buffer_append_byte(request->out, '}');
    return true;
}
