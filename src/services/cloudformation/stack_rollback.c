/* CancelUpdateStack, ContinueUpdateRollback, RollbackStack. AWS: API reference of CloudFormation. */
#include "services/cloudformation/beginning.h"
#include "services/cloudformation/caller.h"
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/cloudformation/lingering.h"
#include "deploy/making.h"
#include "services/storage_failure.h"
#include "stacks/event.h"
#include "stacks/resource_record.h"

static bool read_wishes(struct request *request, const struct stack_record *record,
                        struct stack_wishes *wishes)
{
    struct version version;
    enum storage_status status =
        stack_read_wishes(request->server->storage, request->arena, record->uuid, wishes, &version);

    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    batch_guard(&request->batch, stack_wishes_key(request->arena, record->uuid), version);
    return true;
}

/* ---- CancelUpdateStack ---- */

static const struct shape_entry cancel_members[] = {
    {"StackName", &stack_name_shape, true}, {"ClientRequestToken", &stack_token_shape, false}, {0}};
static const struct shape cancel_input = {.kind = SHAPE_STRUCTURE, .members = cancel_members};

bool cancel_update_stack(struct request *request)
{
    struct stack_record record;
    struct stack_wishes wishes;
    struct version version;

    if (!stack_input_accepts(request, &cancel_input) ||
        !stack_of_request(request, NO_STACK, &record, &version) || !read_wishes(request, &record, &wishes))
        return false;
    if (record.status != STACK_UPDATE_IN_PROGRESS)
        return fail(&request->failure, ERROR_VALIDATION,
                    "CancelUpdateStack cannot be called from current stack status");
    if (!stack_root_rests(request, &record))
        return false;
    batch_guard(&request->batch, stack_key(request->arena, record.uuid), version);
    wishes.cancel = true;
    stack_put_wishes(&request->batch, record.uuid, &wishes);
    stack_linger(request, record.uuid);
    buffer_append_string(request->out, "{}");
    return true;
}

/* ---- going back ---- */

static bool begin(struct request *request, struct stack_record *record, struct version version,
                  const char *action, enum stack_status status)
{
    struct slice role = shape_text(request->body, "RoleARN");
    struct stack_wishes wishes;

    if (role.len > 0)
        record->role = role;
    if (!stack_root_rests(request, record) || !stack_caller(request, record->role, &record->caller) ||
        !read_wishes(request, record, &wishes))
        return false;
    record->status = status;
    record->reason = SLICE("User Initiated");
    record->action = slice_of(action);
    record->token = shape_text(request->body, "ClientRequestToken");
    record->turn++;
    batch_guard(&request->batch, stack_key(request->arena, record->uuid), version);
    stack_put(&request->batch, record);
    stack_put_event(&request->batch, record);
    stack_begin_work(&request->batch, record);
    stack_linger(request, record->uuid);
    return true;
}

static bool is_repeated(const struct request *request, const struct stack_record *record, const char *action)
{
    struct slice token = shape_text(request->body, "ClientRequestToken");

    return token.len > 0 && slice_equal(token, record->token) && slice_is(record->action, action);
}

/* ---- ContinueUpdateRollback ---- */

static const struct shape_entry continue_members[] = {{"StackName", &stack_name_shape, true},
                                                      {"RoleARN", &stack_role_shape, false},
                                                      {"ResourcesToSkip", &stack_logical_ids_shape, false},
                                                      {"ClientRequestToken", &stack_token_shape, false},
                                                      {0}};
static const struct shape continue_input = {.kind = SHAPE_STRUCTURE, .members = continue_members};

/* The stack that has it, and its logical id there; NULL: it is of no stack here. */
static bool find_skipped(struct request *request, const struct stack_record *record, struct slice text,
                         struct stack_record *owner, struct slice *logical)
{
    const char *dot = text.len == 0 ? NULL : memchr(text.ptr, '.', text.len);
    struct version version;

    *owner = *record;
    *logical = dot == NULL ? text : slice_skip(text, (size_t)(dot - text.ptr) + 1);
    struct slice root = record->root.len > 0 ? record->root : record->arn;
    return dot == NULL ||
           (stack_find(request->server->storage, request->arena,
                       (struct slice){text.ptr, (size_t)(dot - text.ptr)}, owner, &version) == STORAGE_OK &&
            slice_equal(owner->root, root));
}

/* A nested stack is skipped as a whole only when it is gone, or was to go. */
static bool is_gone(struct request *request, const struct resource_record *resource)
{
    struct stack_record child;
    struct version version;

    return stack_read(request->server->storage, request->arena, stack_uuid(resource->made.id), &child,
                      &version) != STORAGE_OK ||
           child.status == STACK_DELETE_IN_PROGRESS || child.status == STACK_DELETE_COMPLETE ||
           child.status == STACK_DELETE_FAILED;
}

/* AWS: only what could not be brought back can be skipped. */
static bool check_skipped(struct request *request, const struct stack_record *record, struct slice text)
{
    struct resource_records resources;
    struct stack_record owner;
    struct slice logical;

    if (find_skipped(request, record, text, &owner, &logical)) {
        enum storage_status status =
            resource_records_read(request->server->storage, request->arena, owner.uuid, &resources);
        if (status != STORAGE_OK)
            return storage_failure(&request->failure, status);
        const struct resource_record *resource = resource_record_find(&resources, logical);
        if (resource != NULL && resource->status == STACK_UPDATE_FAILED &&
            (!slice_is(resource->type, "AWS::CloudFormation::Stack") || is_gone(request, resource)))
            return true;
    }
    return fail(
        &request->failure, ERROR_VALIDATION,
        "Resource [%.*s] cannot be skipped: only resources that are in UPDATE_FAILED state can be, and of "
        "a nested stack that is not deleted its resources alone",
        SLICE_ARGS(text));
}

bool continue_update_rollback(struct request *request)
{
    const struct json *skipped;
    struct stack_record record;
    struct version version;

    if (!stack_input_accepts(request, &continue_input) ||
        !stack_of_request(request, NO_STACK, &record, &version))
        return false;
    buffer_append_string(request->out, "{}");
    if (is_repeated(request, &record, "ContinueUpdateRollback"))
        return true;
    if (record.status != STACK_UPDATE_ROLLBACK_FAILED)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Stack:%.*s is in %s state and can not continue update rollback.", SLICE_ARGS(record.arn),
                    stack_status_name(record.status));
    skipped = stack_list(request->body, "ResourcesToSkip");
    record.retain = (struct texts){NULL, 0};
    for (size_t i = 0; i < count_of(skipped); i++) {
        if (!check_skipped(request, &record, skipped->array.items[i].text))
            return false;
        texts_add(request->arena, &record.retain, skipped->array.items[i].text);
    }
    return begin(request, &record, version, "ContinueUpdateRollback", STACK_UPDATE_ROLLBACK_IN_PROGRESS);
}

/* ---- RollbackStack ---- */

static const struct shape_entry rollback_members[] = {{"StackName", &stack_name_shape, true},
                                                      {"RoleARN", &stack_role_shape, false},
                                                      {"ClientRequestToken", &stack_token_shape, false},
                                                      {"RetainExceptOnCreate", &shape_boolean_value, false},
                                                      {0}};
static const struct shape rollback_input = {.kind = SHAPE_STRUCTURE, .members = rollback_members};

bool rollback_stack(struct request *request)
{
    struct stack_record record;
    struct version version;

    if (!stack_input_accepts(request, &rollback_input) ||
        !stack_of_request(request, NO_STACK, &record, &version))
        return false;
    if (is_repeated(request, &record, "RollbackStack"))
        return stack_write_operation(request, &record);
    if (record.status != STACK_CREATE_FAILED && record.status != STACK_UPDATE_FAILED)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Stack:%.*s is in %s state and can not be rolled back.", SLICE_ARGS(record.arn),
                    stack_status_name(record.status));
    record.retain_created = shape_boolean(request->body, "RetainExceptOnCreate", false);
    return begin(request, &record, version, "RollbackStack",
                 record.before.template == 0 ? STACK_ROLLBACK_IN_PROGRESS
                                             : STACK_UPDATE_ROLLBACK_IN_PROGRESS) &&
           stack_write_operation(request, &record);
}
