#include "services/cloudformation/beginning.h"

#include "base/clock.h"
#include "services/cloudformation/caller.h"
#include "services/cloudformation/input.h"
#include "services/cloudformation/lingering.h"
#include "services/storage_failure.h"
#include "stacks/event.h"

static const int64_t minute = 60 * 1000;

/* Reads what was said of the stack, under a guard. */
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

static bool begin(struct request *request, struct stack_record *record, struct slice template,
                  const struct beginning *beginning)
{
    struct batch *batch = &request->batch;
    int64_t now = clock_now();

    if (beginning->role.len > 0)
        record->role = beginning->role;
    if (!stack_caller(request, record->role, &record->caller))
        return false;
    record->reason = SLICE("User Initiated");
    record->action = slice_of(beginning->action);
    record->token = beginning->token;
    record->on_failure = beginning->on_failure;
    record->timeout = beginning->timeout;
    record->deadline = beginning->timeout > 0 ? now + beginning->timeout * minute : 0;
    record->retain_created = beginning->retain_created;
    record->retain = (struct texts){NULL, 0};
    record->problem = SLICE("");
    record->source.template = ++record->templates;
    stack_put_template(batch, record->uuid, record->source.template, template);
    stack_put(batch, record);
    stack_put_event(batch, record);
    stack_begin_work(batch, record);
    stack_linger(request, record->uuid);
    return true;
}

bool stack_begin_creation(struct request *request, struct stack_record *record, struct slice template,
                          const struct beginning *beginning)
{
    struct stack_wishes wishes;

    if (!read_wishes(request, record, &wishes))
        return false;
    if (beginning->protect || beginning->policy.len > 0) {
        wishes.protect = beginning->protect;
        wishes.policy = beginning->policy;
        stack_put_wishes(&request->batch, record->uuid, &wishes);
    }
    record->status = beginning->import ? STACK_IMPORT_IN_PROGRESS : STACK_CREATE_IN_PROGRESS;
    stack_put_name(&request->batch, record);
    return begin(request, record, template, beginning);
}

bool stack_root_rests(struct request *request, const struct stack_record *record)
{
    struct stack_record root;
    struct version version;

    if (record->root.len == 0)
        return true;
    struct slice uuid = stack_uuid(record->root);
    enum storage_status status = stack_read(request->server->storage, request->arena, uuid, &root, &version);
    if (status == STORAGE_NOT_FOUND)
        return true;
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    batch_guard(&request->batch, stack_key(request->arena, uuid), version);
    return !stack_in_progress(root.status) ||
           fail(&request->failure, ERROR_VALIDATION, "Stack [%.*s] is nested in %.*s, which is in %s state.",
                SLICE_ARGS(record->arn), SLICE_ARGS(root.arn), stack_status_name(root.status));
}

bool stack_may_be_updated(struct request *request, const struct stack_record *record)
{
    switch (record->status) {
    case STACK_CREATE_COMPLETE:
    case STACK_CREATE_FAILED:
    case STACK_UPDATE_COMPLETE:
    case STACK_UPDATE_FAILED:
    case STACK_UPDATE_ROLLBACK_COMPLETE:
    case STACK_IMPORT_COMPLETE:
    case STACK_IMPORT_ROLLBACK_COMPLETE:
        return true;
    case STACK_DELETE_COMPLETE:
        return fail(&request->failure, ERROR_VALIDATION, NO_STACK, SLICE_ARGS(record->arn));
    default:
        return fail(&request->failure, ERROR_VALIDATION, "Stack:%.*s is in %s state and can not be updated.",
                    SLICE_ARGS(record->arn), stack_status_name(record->status));
    }
}

bool stack_may_import(struct request *request, const struct stack_record *record)
{
    bool failed = record->status == STACK_CREATE_FAILED || record->status == STACK_UPDATE_FAILED;

    return failed ? fail(&request->failure, ERROR_VALIDATION,
                         "Stack:%.*s is in %s state and can not be updated.", SLICE_ARGS(record->arn),
                         stack_status_name(record->status))
                  : stack_may_be_updated(request, record);
}

/* The stack policy that the update keeps to, and what is said of the stack from now on. */
static bool settle_wishes(struct request *request, struct stack_record *record,
                          const struct beginning *beginning)
{
    struct stack_wishes wishes;

    if (!read_wishes(request, record, &wishes))
        return false;
    record->policy = beginning->during.len > 0 ? beginning->during : wishes.policy;
    if (beginning->policy.len == 0 && !wishes.cancel)
        return true;
    if (beginning->policy.len > 0)
        wishes.policy = beginning->policy;
    wishes.cancel = false;
    stack_put_wishes(&request->batch, record->uuid, &wishes);
    return true;
}

/* What an update that failed and was not taken back replaced is what this one replaces, too; what was never
 * created well replaced nothing, and is removed if this fails. */
bool stack_begin_update(struct request *request, struct stack_record *record, const struct stack_source *was,
                        struct slice template, const struct beginning *beginning)
{
    bool again = record->status == STACK_UPDATE_FAILED || record->status == STACK_CREATE_FAILED;

    if (!stack_root_rests(request, record) || !settle_wishes(request, record, beginning))
        return false;
    if (again && was->template != record->before.template)
        stack_delete_template(&request->batch, record->uuid, was->template);
    if (!again)
        record->before = *was;
    record->source.outputs = was->outputs;
    record->source.imports = was->imports;
    record->status = beginning->import ? STACK_IMPORT_IN_PROGRESS : STACK_UPDATE_IN_PROGRESS;
    record->updated = clock_now();
    record->turn++;
    return begin(request, record, template, beginning);
}
