/* UpdateStack. AWS: API_UpdateStack, "Update behaviors of stack resources". */
#include "base/clock.h"
#include "deploy/making.h"
#include "deploy/template.h"
#include "services/cloudformation/caller.h"
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/cloudformation/lingering.h"
#include "services/cloudformation/source.h"
#include "services/cloudformation/template_source.h"
#include "services/storage_failure.h"
#include "stacks/event.h"
#include "stacks/resource_record.h"

static const struct shape_entry members[] = {{"StackName", &stack_name_shape, true},
                                             {"TemplateBody", &template_body_shape, false},
                                             {"TemplateURL", &template_url_shape, false},
                                             {"UsePreviousTemplate", &shape_boolean_value, false},
                                             {"StackPolicyDuringUpdateBody", &stack_policy_shape, false},
                                             {"StackPolicyDuringUpdateURL", &stack_url_shape, false},
                                             {"Parameters", &stack_parameters_shape, false},
                                             {"Capabilities", &stack_capabilities_shape, false},
                                             {"ResourceTypes", &shape_string_list, false},
                                             {"RoleARN", &stack_role_shape, false},
                                             {"RollbackConfiguration", &stack_rollback_shape, false},
                                             {"StackPolicyBody", &stack_policy_shape, false},
                                             {"StackPolicyURL", &stack_url_shape, false},
                                             {"NotificationARNs", &stack_arns_shape, false},
                                             {"Tags", &stack_tags_shape, false},
                                             {"DisableRollback", &shape_boolean_value, false},
                                             {"ClientRequestToken", &stack_token_shape, false},
                                             {"RetainExceptOnCreate", &shape_boolean_value, false},
                                             {"DeploymentConfig", &stack_deployment_shape, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* ---- checks ---- */

static bool check_state(struct request *request, const struct stack_record *record)
{
    switch (record->status) {
    case STACK_CREATE_COMPLETE:
    case STACK_UPDATE_COMPLETE:
    case STACK_UPDATE_FAILED:
    case STACK_UPDATE_ROLLBACK_COMPLETE:
        return true;
    case STACK_DELETE_COMPLETE:
        return fail(&request->failure, ERROR_VALIDATION, NO_STACK, SLICE_ARGS(record->arn));
    default:
        return fail(&request->failure, ERROR_VALIDATION, "Stack:%.*s is in %s state and can not be updated.",
                    SLICE_ARGS(record->arn), stack_status_name(record->status));
    }
}

/* The type of a resource is what it is. */
static bool check_types(struct request *request, const struct stack_record *record, const struct stack *stack)
{
    struct resource_records resources;
    struct slice changed = SLICE("");
    enum storage_status status =
        resource_records_read(request->server->storage, request->arena, record->uuid, &resources);

    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    for (size_t i = 0; i < stack->resource_count; i++) {
        const struct resource *resource = &stack->resources[i];
        const struct resource_record *there = resource_record_find(&resources, resource->id);
        if (there != NULL && !slice_equal(there->type, resource->type))
            problems_list(request->arena, &changed, resource->id);
    }
    return changed.len == 0 ||
           fail(&request->failure, ERROR_VALIDATION,
                "Update of resource type is not permitted. The new template modifies resource type of the "
                "following resources: [%.*s]",
                SLICE_ARGS(changed));
}

static bool has_nested(const struct stack *stack)
{
    for (size_t i = 0; i < stack->resource_count; i++) {
        if (slice_is(stack->resources[i].type, "AWS::CloudFormation::Stack"))
            return true;
    }
    return false;
}

/* A nested stack's template may have changed, whatever its parent's says. */
static bool check_changes(struct request *request, const struct stack_record *record,
                          const struct stack_source *was, const struct stack *stack, struct slice before)
{
    const struct stack_source *source = &record->source;
    const struct json *tree;
    struct slice problem;

    if (record->status == STACK_UPDATE_FAILED || has_nested(stack) ||
        !template_parse(request->arena, before, &tree, &problem) || !json_same(tree, stack->template) ||
        !json_same(was->parameters, source->parameters) || !json_same(was->tags, source->tags) ||
        !json_same(was->notification_arns, source->notification_arns))
        return true;
    return fail(&request->failure, ERROR_VALIDATION, "No updates are to be performed.");
}

/* ---- the template ---- */

static bool read_template(struct request *request, const struct stack_record *record, struct slice before,
                          struct slice *text)
{
    bool previous = shape_boolean(request->body, "UsePreviousTemplate", false);

    (void)record;
    if (!previous)
        return template_of_request(request, text);
    if (shape_text(request->body, "TemplateBody").ptr != NULL ||
        shape_text(request->body, "TemplateURL").ptr != NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "You cannot specify both usePreviousTemplate and Template URL or Template Body.");
    *text = before;
    return true;
}

/* ---- beginning ---- */

/* What an update that failed and was not taken back replaced is what this one replaces, too. */
static void turn(struct request *request, struct stack_record *record, const struct stack_source *was,
                 struct slice template)
{
    bool again = record->status == STACK_UPDATE_FAILED;

    if (again && was->template != record->before.template)
        stack_delete_template(&request->batch, record->uuid, was->template);
    if (!again)
        record->before = *was;
    record->source.outputs = was->outputs;
    record->source.imports = was->imports;
    record->source.template = ++record->templates;
    stack_put_template(&request->batch, record->uuid, record->source.template, template);
}

static void read_operation(struct request *request, struct stack_record *record)
{
    record->status = STACK_UPDATE_IN_PROGRESS;
    record->reason = SLICE("User Initiated");
    record->action = SLICE("UpdateStack");
    record->token = shape_text(request->body, "ClientRequestToken");
    record->on_failure =
        shape_boolean(request->body, "DisableRollback", false) ? SLICE("DO_NOTHING") : SLICE("ROLLBACK");
    record->retain_created = shape_boolean(request->body, "RetainExceptOnCreate", false);
    record->retain = (struct texts){NULL, 0};
    record->problem = SLICE("");
    record->updated = clock_now();
    record->deadline = 0;
    record->turn++;
}

static bool put_wishes(struct request *request, const struct stack_record *record, struct slice policy)
{
    struct stack_wishes wishes;
    struct version version;
    enum storage_status status =
        stack_read_wishes(request->server->storage, request->arena, record->uuid, &wishes, &version);

    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    batch_guard(&request->batch, stack_wishes_key(request->arena, record->uuid), version);
    if (policy.len == 0 && !wishes.cancel)
        return true;
    if (policy.len > 0)
        wishes.policy = policy;
    wishes.cancel = false;
    stack_put_wishes(&request->batch, record->uuid, &wishes);
    return true;
}

static bool answer(struct request *request, const struct stack_record *record)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "StackId", record->arn);
    buffer_append_byte(request->out, '}');
    return true;
}

static bool is_repeated(const struct request *request, const struct stack_record *record)
{
    struct slice token = shape_text(request->body, "ClientRequestToken");

    return token.len > 0 && slice_equal(token, record->token) && slice_is(record->action, "UpdateStack");
}

static bool read_all(struct request *request, struct stack_record *record, struct slice *template,
                     struct slice *policy)
{
    struct slice given = shape_text(request->body, "RoleARN"), before, during;
    const struct stack_source was = record->source;
    struct stack *stack;
    enum storage_status status = stack_template(request->server->storage, request->arena, record->uuid,
                                                record->source.template, &before);

    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    if (!read_template(request, record, before, template) ||
        !stack_policy_of_request(request, "StackPolicyBody", "StackPolicyURL", policy) ||
        !stack_policy_of_request(request, "StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL",
                                 &during) ||
        !stack_source_read(request, *template, &was, record, &stack) ||
        !check_types(request, record, stack) || !check_changes(request, record, &was, stack, before))
        return false;
    if (given.len > 0)
        record->role = given;
    turn(request, record, &was, *template);
    return stack_caller(request, record->role, &record->caller);
}

bool update_stack(struct request *request)
{
    struct slice template, policy;
    struct stack_record record;
    struct version version;

    if (!stack_input_accepts(request, &input) || !stack_of_request(request, NO_STACK, &record, &version))
        return false;
    if (is_repeated(request, &record))
        return answer(request, &record);
    if (!check_state(request, &record) || !read_all(request, &record, &template, &policy) ||
        !put_wishes(request, &record, policy))
        return false;
    read_operation(request, &record);
    batch_guard(&request->batch, stack_key(request->arena, record.uuid), version);
    stack_put(&request->batch, &record);
    stack_put_event(&request->batch, &record);
    stack_begin_work(&request->batch, &record);
    stack_linger(request, record.uuid);
    return answer(request, &record);
}
