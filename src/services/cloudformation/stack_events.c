/* DescribeStackEvents. AWS: API_DescribeStackEvents. */
#include "base/digits.h"
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/storage_failure.h"
#include "stacks/event.h"

enum { PAGE = 100 };

static const struct shape_entry members[] = {
    {"StackName", &stack_name_shape, true}, {"NextToken", &stack_next_token_shape, false}, {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static void write_event(struct request *request, const struct stack_record *stack,
                        const struct stack_event *event)
{
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "StackId", stack->arn);
    json_write_string_member(out, &first, "EventId", event->id);
    json_write_string_member(out, &first, "StackName", stack->name);
    if (event->turn > 0)
        json_write_string_member(out, &first, "OperationId",
                                 stack_operation_id(request->arena, stack->uuid, event->turn));
    json_write_string_member(out, &first, "LogicalResourceId", event->logical);
    json_write_string_member(out, &first, "PhysicalResourceId", event->physical);
    json_write_string_member(out, &first, "ResourceType", event->type);
    stack_write_time(out, &first, request->arena, "Timestamp", event->time);
    json_write_string_member(out, &first, "ResourceStatus", slice_of(stack_status_name(event->status)));
    stack_write_text(out, &first, "ResourceStatusReason", event->reason);
    stack_write_text(out, &first, "ResourceProperties", event->properties);
    stack_write_text(out, &first, "ClientRequestToken", event->token);
    buffer_append_byte(out, '}');
}

/* A token is the place of the last event that was told, in hexadecimal digits. */
static bool read_token(struct request *request, struct slice *place)
{
    struct slice token = shape_text(request->body, "NextToken");
    char *bytes = arena_alloc(request->arena, STAMP_SIZE);
    uint64_t byte;

    *place = SLICE("");
    if (token.len == 0)
        return true;
    if (token.len != 2 * (size_t)STAMP_SIZE)
        return fail(&request->failure, ERROR_VALIDATION, "NextToken is invalid");
    for (size_t i = 0; i < STAMP_SIZE; i++) {
        if (!digits_parse((struct slice){token.ptr + 2 * i, 2}, 16, 255, &byte))
            return fail(&request->failure, ERROR_VALIDATION, "NextToken is invalid");
        bytes[i] = (char)byte;
    }
    *place = (struct slice){bytes, STAMP_SIZE};
    return true;
}

static void write_token(struct request *request, bool *first, struct slice place)
{
    struct slice token = SLICE("");

    for (size_t i = 0; i < place.len; i++)
        token = arena_printf(request->arena, "%.*s%02x", SLICE_ARGS(token), (unsigned char)place.ptr[i]);
    stack_write_text(request->out, first, "NextToken", token);
}

bool describe_stack_events(struct request *request)
{
    struct stack_event *events = arena_array(request->arena, struct stack_event, PAGE);
    struct stack_record stack;
    struct version version;
    struct slice place;
    size_t count;
    bool first = true;

    if (!stack_input_accepts(request, &input) || !stack_of_request(request, NO_STACK, &stack, &version) ||
        !read_token(request, &place))
        return false;
    enum storage_status status =
        events_read(request->server->storage, request->arena, stack.uuid, &place, events, PAGE, &count);
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    buffer_append_byte(request->out, '{');
    json_write_name(request->out, &first, "StackEvents");
    buffer_append_byte(request->out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_byte(request->out, ',');
        write_event(request, &stack, &events[i]);
    }
    buffer_append_byte(request->out, ']');
    write_token(request, &first, place);
    buffer_append_byte(request->out, '}');
    return true;
}
