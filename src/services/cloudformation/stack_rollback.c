/* CancelUpdateStack, ContinueUpdateRollback, RollbackStack. AWS: API reference of CloudFormation. */
#include "services/cloudformation/caller.h"
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/cloudformation/lingering.h"
#include "services/storage_failure.h"
#include "stacks/event.h"

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
    if (!stack_caller(request, record->role, &record->caller) || !read_wishes(request, record, &wishes))
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
    for (size_t i = 0; skipped != NULL && i < skipped->array.count; i++)
        texts_add(request->arena, &record.retain, skipped->array.items[i].text);
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
    bool first = true;

    if (!stack_input_accepts(request, &rollback_input) ||
        !stack_of_request(request, NO_STACK, &record, &version))
        return false;
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "StackId", record.arn);
    buffer_append_byte(request->out, '}');
    if (is_repeated(request, &record, "RollbackStack"))
        return true;
    if (record.status != STACK_CREATE_FAILED && record.status != STACK_UPDATE_FAILED)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Stack:%.*s is in %s state and can not be rolled back.", SLICE_ARGS(record.arn),
                    stack_status_name(record.status));
    record.retain_created = shape_boolean(request->body, "RetainExceptOnCreate", false);
    return begin(request, &record, version, "RollbackStack",
                 record.before.template == 0 ? STACK_ROLLBACK_IN_PROGRESS
                                             : STACK_UPDATE_ROLLBACK_IN_PROGRESS);
}
