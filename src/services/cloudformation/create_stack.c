/* CreateStack. AWS: API_CreateStack. */
#include "base/clock.h"
#include "services/cloudformation/caller.h"
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/cloudformation/lingering.h"
#include "services/cloudformation/source.h"
#include "services/cloudformation/template_source.h"
#include "services/storage_failure.h"
#include "stacks/event.h"

static const struct shape_entry members[] = {{"StackName", &stack_new_name_shape, true},
                                             {"TemplateBody", &template_body_shape, false},
                                             {"TemplateURL", &template_url_shape, false},
                                             {"Parameters", &stack_parameters_shape, false},
                                             {"DisableRollback", &shape_boolean_value, false},
                                             {"RollbackConfiguration", &stack_rollback_shape, false},
                                             {"TimeoutInMinutes", &stack_timeout_shape, false},
                                             {"NotificationARNs", &stack_arns_shape, false},
                                             {"Capabilities", &stack_capabilities_shape, false},
                                             {"ResourceTypes", &shape_string_list, false},
                                             {"RoleARN", &stack_role_shape, false},
                                             {"OnFailure", &stack_on_failure_shape, false},
                                             {"StackPolicyBody", &stack_policy_shape, false},
                                             {"StackPolicyURL", &stack_url_shape, false},
                                             {"Tags", &stack_tags_shape, false},
                                             {"ClientRequestToken", &stack_token_shape, false},
                                             {"EnableTerminationProtection", &shape_boolean_value, false},
                                             {"RetainExceptOnCreate", &shape_boolean_value, false},
                                             {"DeploymentConfig", &stack_deployment_shape, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static const int64_t minute = 60 * 1000;

static bool answer(struct request *request, struct slice arn)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "StackId", arn);
    buffer_append_byte(request->out, '}');
    return true;
}

/* A name is free, or it is of the stack that this very request has begun. */
static bool check_name(struct request *request, struct slice name, bool *repeated)
{
    struct slice token = shape_text(request->body, "ClientRequestToken");
    struct stack_record there;
    struct version version;
    enum storage_status status = stack_find(request->server->storage, request->arena, name, &there, &version);

    *repeated = false;
    if (status == STORAGE_NOT_FOUND)
        return true;
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    *repeated = token.len > 0 && slice_equal(token, there.token) && slice_is(there.action, "CreateStack");
    return *repeated ? answer(request, there.arn)
                     : fail(&request->failure, ERROR_STACK_ALREADY_EXISTS, "Stack [%.*s] already exists",
                            SLICE_ARGS(name));
}

/* AWS: "You can specify either DisableRollback or OnFailure, but not both." */
static bool read_on_failure(struct request *request, struct slice *out)
{
    struct slice how = shape_text(request->body, "OnFailure");

    if (how.ptr != NULL && shape_member(request->body, "DisableRollback") != NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Only one of DisableRollback or OnFailure can be specified");
    *out = how.ptr != NULL                                          ? how
           : shape_boolean(request->body, "DisableRollback", false) ? SLICE("DO_NOTHING")
                                                                    : SLICE("ROLLBACK");
    return true;
}

static void read_operation(struct request *request, struct stack_record *record)
{
    record->action = SLICE("CreateStack");
    record->token = shape_text(request->body, "ClientRequestToken");
    record->timeout = shape_number(request->body, "TimeoutInMinutes", 0);
    record->deadline = record->timeout > 0 ? record->created + record->timeout * minute : 0;
    record->retain_created = shape_boolean(request->body, "RetainExceptOnCreate", false);
}

static void begin(struct request *request, const struct stack_record *record, struct slice template,
                  struct slice policy)
{
    const struct stack_wishes wishes = {
        .protect = shape_boolean(request->body, "EnableTerminationProtection", false), .policy = policy};
    struct batch *batch = &request->batch;

    stack_put(batch, record);
    stack_put_name(batch, record);
    stack_put_template(batch, record->uuid, record->source.template, template);
    stack_put_event(batch, record);
    stack_begin_work(batch, record);
    if (wishes.protect || wishes.policy.len > 0)
        stack_put_wishes(batch, record->uuid, &wishes);
    stack_linger(request, record->uuid);
}

bool create_stack(struct request *request)
{
    struct slice name, template, policy;
    struct stack_record record;
    struct stack *stack;
    bool repeated;

    if (!stack_input_accepts(request, &input))
        return false;
    name = shape_text(request->body, "StackName");
    record =
        stack_new(request->arena, request->server->region, request->server->account_id, name, clock_now());
    record.role = shape_text(request->body, "RoleARN");
    struct stored held;
    enum storage_status status =
        storage_get(request->server->storage, NULL, stack_name_key(request->arena, name), &held);
    struct version version = held.version;
    stored_release(&held);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    if (!check_name(request, name, &repeated) || repeated)
        return repeated;
    if (!template_of_request(request, &template) ||
        !stack_policy_of_request(request, "StackPolicyBody", "StackPolicyURL", &policy) ||
        !read_on_failure(request, &record.on_failure) ||
        !stack_source_read(request, template, NULL, &record, &stack) ||
        !stack_caller(request, record.role, &record.caller))
        return false;
    record.status = STACK_CREATE_IN_PROGRESS;
    record.reason = SLICE("User Initiated");
    record.source.template = record.templates = 1;
    read_operation(request, &record);
    batch_guard(&request->batch, stack_name_key(request->arena, name), version);
    begin(request, &record, template, policy);
    return answer(request, record.arn);
}
