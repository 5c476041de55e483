/* ExecuteChangeSet. AWS: API_ExecuteChangeSet. */
#include "services/cloudformation/beginning.h"
#include "services/cloudformation/change_set_input.h"
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/storage_failure.h"

static const struct shape_entry members[] = {
    {"ChangeSetName", &change_set_name_shape, true},       {"StackName", &stack_name_shape, false},
    {"ClientRequestToken", &stack_token_shape, false},     {"DisableRollback", &shape_boolean_value, false},
    {"RetainExceptOnCreate", &shape_boolean_value, false}, {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static bool check_status(struct request *request, const struct found_change_set *found)
{
    const char *execution = change_set_execution(&found->set, &found->stack);

    if (!change_set_is_root(request, &found->set))
        return false;
    if (!slice_is(found->set.status, "CREATE_COMPLETE"))
        return fail(&request->failure, ERROR_INVALID_CHANGE_SET_STATUS,
                    "ChangeSet [%.*s] cannot be executed in its current status of [%.*s]",
                    SLICE_ARGS(found->set.arn), SLICE_ARGS(found->set.status));
    return strcmp(execution, "AVAILABLE") == 0 ||
           fail(&request->failure, ERROR_INVALID_CHANGE_SET_STATUS,
                "ChangeSet [%.*s] cannot be executed in its current execution status of [%s]",
                SLICE_ARGS(found->set.arn), execution);
}

/* AWS: "DisableRollback [...] cannot be specified with OnStackFailure". */
static bool read_on_failure(struct request *request, const struct change_set *set, struct slice *out)
{
    bool given = shape_member(request->body, "DisableRollback") != NULL;

    if (given && set->on_failure.len > 0)
        return fail(&request->failure, ERROR_VALIDATION,
                    "DisableRollback cannot be specified for a change set with OnStackFailure");
    *out = set->on_failure.len > 0                                  ? set->on_failure
           : shape_boolean(request->body, "DisableRollback", false) ? SLICE("DO_NOTHING")
                                                                    : SLICE("ROLLBACK");
    return true;
}

/* The others are of a stack that will be no more. */
static bool drop_others(struct request *request, const struct found_change_set *found)
{
    enum storage_status status =
        change_sets_delete(request->server->storage, &request->batch, found->stack.uuid, found->set.name);

    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

/* The turn goes up by one, whichever way it begins. */
static bool put_executed(struct request *request, const struct found_change_set *found)
{
    batch_guard(&request->batch, change_set_key(request->arena, found->stack.uuid, found->set.name),
                found->version);
    enum storage_status status =
        change_set_put_executed(request->server->storage, &request->batch, &found->set, &found->stack);
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

static bool execute(struct request *request, struct found_change_set *found, struct slice template)
{
    const struct stack_source was = found->stack.source;
    struct stack_record *record = &found->stack;
    struct beginning beginning = {.action = "ExecuteChangeSet",
                                  .token = shape_text(request->body, "ClientRequestToken"),
                                  .role = found->set.role,
                                  .import = found->set.adopts,
                                  .retain_created =
                                      shape_boolean(request->body, "RetainExceptOnCreate", false)};

    if (!read_on_failure(request, &found->set, &beginning.on_failure) || !drop_others(request, found) ||
        !put_executed(request, found))
        return false;
    record->source = found->set.source;
    record->change_set = found->set.arn;
    batch_guard(&request->batch, stack_key(request->arena, record->uuid), found->stack_version);
    if (!found->set.of_new_stack)
        return stack_begin_update(request, record, &was, template, &beginning);
    record->turn++;
    return stack_begin_creation(request, record, template, &beginning);
}

static bool is_repeated(const struct request *request, const struct found_change_set *found)
{
    struct slice token = shape_text(request->body, "ClientRequestToken");

    return token.len > 0 && slice_equal(token, found->stack.token) &&
           slice_is(found->stack.action, "ExecuteChangeSet") && found->set.executed == found->stack.turn;
}

bool execute_change_set(struct request *request)
{
    struct found_change_set found;
    struct slice template;

    if (!stack_input_accepts(request, &input) || !change_set_of_request(request, &found))
        return false;
    if (!found.exists)
        return change_set_is_absent(request);
    buffer_append_string(request->out, "{}");
    if (is_repeated(request, &found))
        return true;
    if (!check_status(request, &found) ||
        (!found.set.of_new_stack && !stack_may_be_updated(request, &found.stack)))
        return false;
    enum storage_status status =
        change_set_template(request->server->storage, request->arena, &found.set, &template);
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    return execute(request, &found, template);
}
