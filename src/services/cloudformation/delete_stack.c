/* DeleteStack. AWS: API_DeleteStack. */
#include "services/cloudformation/beginning.h"
#include "services/cloudformation/caller.h"
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/cloudformation/lingering.h"
#include "services/storage_failure.h"
#include "stacks/change_set.h"
#include "stacks/event.h"

static const char *const modes[] = {"STANDARD", "FORCE_DELETE_STACK", NULL};
static const struct shape mode = {.kind = SHAPE_STRING, .words = modes};
static const struct shape_entry members[] = {{"StackName", &stack_name_shape, true},
                                             {"RetainResources", &stack_logical_ids_shape, false},
                                             {"RoleARN", &stack_role_shape, false},
                                             {"ClientRequestToken", &stack_token_shape, false},
                                             {"DeletionMode", &mode, false},
                                             {"DeploymentConfig", &stack_deployment_shape, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* What is being created or taken back may be deleted meanwhile; what is being changed is waited for. */
static bool check_state(struct request *request, const struct stack_record *record)
{
    switch (record->status) {
    case STACK_UPDATE_IN_PROGRESS:
    case STACK_UPDATE_COMPLETE_CLEANUP_IN_PROGRESS:
    case STACK_UPDATE_ROLLBACK_IN_PROGRESS:
    case STACK_UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS:
    case STACK_IMPORT_IN_PROGRESS:
    case STACK_IMPORT_ROLLBACK_IN_PROGRESS:
        return fail(&request->failure, ERROR_VALIDATION, "Stack [%.*s] cannot be deleted while in status %s",
                    SLICE_ARGS(record->arn), stack_status_name(record->status));
    default:
        break;
    }
    return stack_list(request->body, "RetainResources") == NULL || record->status == STACK_DELETE_FAILED ||
           fail(&request->failure, ERROR_VALIDATION,
                "Invalid operation on stack [%.*s]. When you delete a stack, specify which resources to "
                "retain "
                "only when the stack is in the DELETE_FAILED state.",
                SLICE_ARGS(record->arn));
}

static struct texts read_retained(struct request *request)
{
    const struct json *list = stack_list(request->body, "RetainResources");
    struct texts texts = {NULL, 0};

    for (size_t i = 0; list != NULL && i < list->array.count; i++)
        texts_add(request->arena, &texts, list->array.items[i].text);
    return texts;
}

/* The engine works on it: it is told what is wanted now. */
static void wish(struct request *request, const struct stack_record *record, struct stack_wishes *wishes,
                 struct slice role, struct slice caller)
{
    wishes->remove = true;
    wishes->token = shape_text(request->body, "ClientRequestToken");
    wishes->role = role;
    wishes->caller = caller;
    stack_put_wishes(&request->batch, record->uuid, wishes);
}

static void begin(struct request *request, struct stack_record *record, struct slice role,
                  struct slice caller)
{
    record->status = STACK_DELETE_IN_PROGRESS;
    record->reason = SLICE("User Initiated");
    record->action = SLICE("DeleteStack");
    record->token = shape_text(request->body, "ClientRequestToken");
    record->role = role;
    record->caller = caller;
    record->retain = read_retained(request);
    record->force = slice_is(shape_text(request->body, "DeletionMode"), "FORCE_DELETE_STACK");
    record->turn++;
    record->deadline = 0;
    stack_put(&request->batch, record);
    stack_put_event(&request->batch, record);
    stack_begin_work(&request->batch, record);
}

/* A nested stack is protected by its root's protection. */
static bool check_protection(struct request *request, const struct stack_record *record,
                             const struct stack_wishes *wishes)
{
    struct stack_wishes of_root = {.protect = false};
    struct version version;

    if (record->root.len > 0) {
        enum storage_status status = stack_read_wishes(request->server->storage, request->arena,
                                                       stack_uuid(record->root), &of_root, &version);
        if (status != STORAGE_OK)
            return storage_failure(&request->failure, status);
        batch_guard(&request->batch, stack_wishes_key(request->arena, stack_uuid(record->root)), version);
    }
    return (!wishes->protect && !of_root.protect) ||
           fail(&request->failure, ERROR_VALIDATION,
                "Stack [%.*s] cannot be deleted while TerminationProtection is enabled",
                SLICE_ARGS(record->name));
}

static bool remove_stack(struct request *request, struct stack_record *record, struct version version)
{
    struct storage *storage = request->server->storage;
    struct slice role = shape_text(request->body, "RoleARN"), caller;
    struct stack_wishes wishes;
    struct version wished;
    enum storage_status status = stack_read_wishes(storage, request->arena, record->uuid, &wishes, &wished);

    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    if (!check_protection(request, record, &wishes) || !stack_root_rests(request, record))
        return false;
    if (role.len == 0)
        role = record->role;
    if (!check_state(request, record) || !stack_caller(request, role, &caller))
        return false;
    status = change_sets_delete(storage, &request->batch, record->uuid, SLICE(""));
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    batch_guard(&request->batch, stack_wishes_key(request->arena, record->uuid), wished);
    batch_guard(&request->batch, stack_key(request->arena, record->uuid), version);
    if (stack_in_progress(record->status))
        wish(request, record, &wishes, role, caller);
    else
        begin(request, record, role, caller);
    stack_linger(request, record->uuid);
    return true;
}

bool delete_stack(struct request *request)
{
    struct stack_record record;
    struct version version;

    if (!stack_input_accepts(request, &input))
        return false;
    buffer_append_string(request->out, "{}");
    enum storage_status status = stack_find(request->server->storage, request->arena,
                                            shape_text(request->body, "StackName"), &record, &version);
    if (status == STORAGE_NOT_FOUND)
        return true;
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    if (record.status == STACK_DELETE_COMPLETE || record.status == STACK_DELETE_IN_PROGRESS)
        return true;
    return remove_stack(request, &record, version);
}
