/* CreateStack. AWS: API_CreateStack. */
#include "base/clock.h"
#include "services/cloudformation/beginning.h"
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/cloudformation/source.h"
#include "services/cloudformation/template_source.h"
#include "services/storage_failure.h"

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
                                             {"DisableValidation", &shape_boolean_value, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

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
    return *repeated ? stack_write_operation(request, &there)
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
    *out = how.ptr != NULL                          ? how
           : stack_rollback_disabled(request->body) ? SLICE("DO_NOTHING")
                                                    : SLICE("ROLLBACK");
    return true;
}

static bool read_beginning(struct request *request, struct beginning *out)
{
    *out = (struct beginning){.action = "CreateStack",
                              .token = shape_text(request->body, "ClientRequestToken"),
                              .role = shape_text(request->body, "RoleARN"),
                              .timeout = shape_number(request->body, "TimeoutInMinutes", 0),
                              .retain_created = shape_boolean(request->body, "RetainExceptOnCreate", false),
                              .protect = shape_boolean(request->body, "EnableTerminationProtection", false)};
    return stack_policy_of_request(request, "StackPolicyBody", "StackPolicyURL", &out->policy) &&
           read_on_failure(request, &out->on_failure);
}

/* Under a guard that the name is what it is now. */
static bool guard_name(struct request *request, struct slice name)
{
    struct slice key = stack_name_key(request->arena, name);
    struct stored held;
    enum storage_status status = storage_get(request->server->storage, NULL, key, &held);

    batch_guard(&request->batch, key, held.version);
    stored_release(&held);
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

bool create_stack(struct request *request)
{
    struct beginning beginning;
    struct slice name, template;
    struct stack_record record;
    struct stack *stack;
    bool repeated = false;

    if (!stack_input_accepts(request, &input))
        return false;
    name = shape_text(request->body, "StackName");
    if (!guard_name(request, name) || !check_name(request, name, &repeated) || repeated)
        return repeated;
    record =
        stack_new(request->arena, request->server->region, request->server->account_id, name, clock_now());
    return template_of_request(request, &template) && read_beginning(request, &beginning) &&
           stack_source_read(request, template, NULL, &record, &stack) &&
           stack_begin_creation(request, &record, template, &beginning) &&
           stack_write_operation(request, &record);
}
