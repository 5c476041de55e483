/* DescribeStacks, ListStacks. AWS: API_DescribeStacks, API_ListStacks. */
#include "base/clock.h"
#include "deploy/making.h"
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/storage_failure.h"

enum { PAGE = 100 };

static const int64_t day = 24 * 60 * 60 * 1000;

/* ---- one stack ---- */

static void write_list(struct buffer *out, bool *first, const char *name, const struct json *list)
{
    static const struct json none = {.type = JSON_ARRAY};

    json_write_name(out, first, name);
    json_write_value(out, list == NULL ? &none : list);
}

static void write_flag(struct buffer *out, bool *first, const char *name, bool flag)
{
    json_write_name(out, first, name);
    buffer_append_string(out, flag ? "true" : "false");
}

/* The type of the operation that the stack is under, or was last; NULL: there was none, but a review. */
static const char *operation_type(const struct stack_record *record)
{
    if (slice_is(record->action, "CreateStack"))
        return "CREATE_STACK";
    if (slice_is(record->action, "DeleteStack"))
        return "DELETE_STACK";
    if (slice_is(record->action, "RollbackStack"))
        return "ROLLBACK";
    if (slice_is(record->action, "ContinueUpdateRollback"))
        return "CONTINUE_ROLLBACK";
    if (slice_is(record->action, "UpdateStack"))
        return "UPDATE_STACK";
    if (slice_is(record->action, "ExecuteChangeSet"))
        return record->updated == 0 ? "CREATE_STACK" : "UPDATE_STACK";
    return NULL;
}

static void write_operations(struct request *request, bool *first, const struct stack_record *record)
{
    const char *type = operation_type(record);
    bool first_member = true;

    if (type == NULL)
        return;
    json_write_name(request->out, first, "LastOperations");
    buffer_append_string(request->out, "[{");
    json_write_string_member(request->out, &first_member, "OperationType", slice_of(type));
    json_write_string_member(request->out, &first_member, "OperationId",
                             stack_operation_id(request->arena, record->uuid, record->turn));
    buffer_append_string(request->out, "}]");
}

/* What both operations tell of a stack. */
static void write_common(struct request *request, bool *first, const struct stack_record *record)
{
    struct buffer *out = request->out;

    json_write_string_member(out, first, "StackId", record->arn);
    json_write_string_member(out, first, "StackName", record->name);
    stack_write_time(out, first, request->arena, "CreationTime", record->created);
    stack_write_time(out, first, request->arena, "LastUpdatedTime", record->updated);
    stack_write_time(out, first, request->arena, "DeletionTime", record->deleted);
    json_write_string_member(out, first, "StackStatus", slice_of(stack_status_name(record->status)));
    stack_write_text(out, first, "StackStatusReason", record->reason);
    stack_write_text(out, first, "ParentId", record->parent);
    stack_write_text(out, first, "RootId", record->root);
    json_write_name(out, first, "DriftInformation");
    buffer_append_string(out, "{\"StackDriftStatus\":\"NOT_CHECKED\"}");
    write_operations(request, first, record);
}

static void write_stack(struct request *request, const struct stack_record *record,
                        const struct stack_wishes *wishes)
{
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_byte(out, '{');
    write_common(request, &first, record);
    stack_write_text(out, &first, "ChangeSetId", record->change_set);
    stack_write_text(out, &first, "Description", record->source.description);
    stack_write_parameters(out, &first, record->source.parameters);
    json_write_name(out, &first, "RollbackConfiguration");
    buffer_append_string(out, "{}");
    write_flag(out, &first, "DisableRollback", slice_is(record->on_failure, "DO_NOTHING"));
    write_list(out, &first, "NotificationARNs", record->source.notification_arns);
    if (record->timeout > 0)
        json_write_int64_member(out, &first, "TimeoutInMinutes", record->timeout);
    if (record->source.capabilities != NULL)
        write_list(out, &first, "Capabilities", record->source.capabilities);
    if (record->source.outputs != NULL)
        write_list(out, &first, "Outputs", record->source.outputs);
    stack_write_text(out, &first, "RoleARN", record->role);
    write_list(out, &first, "Tags", record->source.tags);
    if (record->parent.len == 0)
        write_flag(out, &first, "EnableTerminationProtection", wishes->protect);
    if (record->retain_created)
        write_flag(out, &first, "RetainExceptOnCreate", true);
    buffer_append_byte(out, '}');
}

/* ---- lists ---- */

/* A list of stacks, the newest first, in pages whose token is the id of the last stack that was told. */
struct stack_listing {
    struct request *request;
    const struct json *statuses; /* NULL: all */
    bool deleted;                /* those too */
    void (*write)(struct request *request, const struct stack_record *record,
                  const struct stack_wishes *wishes);
};

static bool wants(const struct stack_listing *listing, const struct stack_record *record)
{
    if (record->status == STACK_DELETE_COMPLETE &&
        (!listing->deleted || record->deleted < clock_now() - STACK_KEPT_DAYS * day))
        return false;
    return listing->statuses == NULL ||
           list_has(listing->statuses, slice_of(stack_status_name(record->status)));
}

static bool write_page(const struct stack_listing *listing, struct slice place, struct slice *next)
{
    struct request *request = listing->request;
    size_t count = 0;

    *next = SLICE("");
    for (;;) {
        struct slice last = place;
        struct stack_record record;
        struct stack_wishes wishes;
        enum storage_status status = stack_before(request->server->storage, request->arena, &place, &record);
        if (status == STORAGE_NOT_FOUND)
            return true;
        if (status != STORAGE_OK)
            return storage_failure(&request->failure, status);
        if (!stack_add_wishes(request, &record, &wishes))
            return false;
        if (!wants(listing, &record))
            continue;
        if (count == PAGE) {
            *next = last;
            return true;
        }
        if (count++ > 0)
            buffer_append_byte(request->out, ',');
        listing->write(request, &record, &wishes);
    }
}

static bool write_all(const struct stack_listing *listing, const char *name)
{
    struct request *request = listing->request;
    struct slice next, token = shape_text(request->body, "NextToken");
    bool first = true;

    if (token.len > 0 && !stack_is_uuid(token))
        return fail(&request->failure, ERROR_VALIDATION, "NextToken is invalid");

    buffer_append_byte(request->out, '{');
    json_write_name(request->out, &first, name);
    buffer_append_byte(request->out, '[');
    if (!write_page(listing, token, &next))
        return false;
    buffer_append_byte(request->out, ']');
    stack_write_text(request->out, &first, "NextToken", next);
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- DescribeStacks ---- */

static const struct shape_entry describe_members[] = {
    {"StackName", &stack_name_shape, false}, {"NextToken", &stack_next_token_shape, false}, {0}};
static const struct shape describe_input = {.kind = SHAPE_STRUCTURE, .members = describe_members};

bool describe_stacks(struct request *request)
{
    const struct stack_listing all = {.request = request, .write = write_stack};
    struct stack_record record;
    struct stack_wishes wishes;
    struct version version;

    if (!stack_input_accepts(request, &describe_input))
        return false;
    if (shape_text(request->body, "StackName").len == 0)
        return write_all(&all, "Stacks");
    if (!stack_of_request(request, NO_STACK_WITH_ID, &record, &version) ||
        !stack_add_wishes(request, &record, &wishes))
        return false;
    buffer_append_string(request->out, "{\"Stacks\":[");
    write_stack(request, &record, &wishes);
    buffer_append_string(request->out, "]}");
    return true;
}

/* ---- ListStacks ---- */

static const char *const statuses[] = {"CREATE_IN_PROGRESS",
                                       "CREATE_FAILED",
                                       "CREATE_COMPLETE",
                                       "ROLLBACK_IN_PROGRESS",
                                       "ROLLBACK_FAILED",
                                       "ROLLBACK_COMPLETE",
                                       "DELETE_IN_PROGRESS",
                                       "DELETE_FAILED",
                                       "DELETE_COMPLETE",
                                       "UPDATE_IN_PROGRESS",
                                       "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
                                       "UPDATE_COMPLETE",
                                       "UPDATE_FAILED",
                                       "UPDATE_ROLLBACK_IN_PROGRESS",
                                       "UPDATE_ROLLBACK_FAILED",
                                       "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
                                       "UPDATE_ROLLBACK_COMPLETE",
                                       "REVIEW_IN_PROGRESS",
                                       "IMPORT_IN_PROGRESS",
                                       "IMPORT_COMPLETE",
                                       "IMPORT_ROLLBACK_IN_PROGRESS",
                                       "IMPORT_ROLLBACK_FAILED",
                                       "IMPORT_ROLLBACK_COMPLETE",
                                       NULL};
static const struct shape status_shape = {.kind = SHAPE_STRING, .words = statuses};
static const struct shape statuses_shape = {.kind = SHAPE_LIST, .element = &status_shape};
static const struct shape_entry list_members[] = {
    {"NextToken", &stack_next_token_shape, false}, {"StackStatusFilter", &statuses_shape, false}, {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

static void write_summary(struct request *request, const struct stack_record *record,
                          const struct stack_wishes *wishes)
{
    bool first = true;

    (void)wishes;
    buffer_append_byte(request->out, '{');
    write_common(request, &first, record);
    stack_write_text(request->out, &first, "TemplateDescription", record->source.description);
    buffer_append_byte(request->out, '}');
}

bool list_stacks(struct request *request)
{
    if (!stack_input_accepts(request, &list_input))
        return false;
    const struct stack_listing all = {.request = request,
                                      .statuses = stack_list(request->body, "StackStatusFilter"),
                                      .deleted = true,
                                      .write = write_summary};
    return write_all(&all, "StackSummaries");
}
