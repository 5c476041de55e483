/* UpdateStack. AWS: API_UpdateStack, "Update behaviors of stack resources". */
#include "deploy/making.h"
#include "deploy/template.h"
#include "services/cloudformation/beginning.h"
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/cloudformation/source.h"
#include "services/cloudformation/template_source.h"
#include "services/cloudformation/update.h"
#include "services/storage_failure.h"

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
                                             {"DisableValidation", &shape_boolean_value, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* ---- checks ---- */

bool update_keeps_types(struct request *request, const struct resource_records *resources,
                        const struct stack *stack)
{
    struct slice changed = SLICE("");

    for (size_t i = 0; i < stack->resource_count; i++) {
        const struct resource *resource = &stack->resources[i];
        const struct resource_record *there = resource_record_find(resources, resource->id);
        if (there != NULL && !slice_equal(there->type, resource->type))
            problems_list(request->arena, &changed, resource->id);
    }
    return changed.len == 0 ||
           fail(&request->failure, ERROR_VALIDATION,
                "Update of resource type is not permitted. The new template modifies resource type of the "
                "following resources: [%.*s]",
                SLICE_ARGS(changed));
}

static bool check_types(struct request *request, const struct stack_record *record, const struct stack *stack)
{
    struct resource_records resources;
    enum storage_status status =
        resource_records_read(request->server->storage, request->arena, record->uuid, &resources);

    return status == STORAGE_OK ? update_keeps_types(request, &resources, stack)
                                : storage_failure(&request->failure, status);
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

    if (record->status == STACK_UPDATE_FAILED || record->status == STACK_CREATE_FAILED || has_nested(stack) ||
        !template_parse(request->arena, before, &tree, &problem) || !json_same(tree, stack->written) ||
        !json_same(was->parameters, source->parameters) || !json_same(was->tags, source->tags) ||
        !json_same(was->notification_arns, source->notification_arns))
        return true;
    return fail(&request->failure, ERROR_VALIDATION, "No updates are to be performed.");
}

/* ---- the input ---- */

bool update_template(struct request *request, struct slice before, struct slice *text)
{
    if (!shape_boolean(request->body, "UsePreviousTemplate", false))
        return template_of_request(request, text);
    if (shape_text(request->body, "TemplateBody").ptr != NULL ||
        shape_text(request->body, "TemplateURL").ptr != NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "You cannot specify both usePreviousTemplate and Template URL or Template Body.");
    *text = before;
    return true;
}

static bool read_beginning(struct request *request, struct beginning *out)
{
    *out = (struct beginning){.action = "UpdateStack",
                              .token = shape_text(request->body, "ClientRequestToken"),
                              .role = shape_text(request->body, "RoleARN"),
                              .on_failure = stack_rollback_disabled(request->body) ? SLICE("DO_NOTHING")
                                                                                   : SLICE("ROLLBACK"),
                              .retain_created = shape_boolean(request->body, "RetainExceptOnCreate", false)};
    return stack_policy_of_request(request, "StackPolicyBody", "StackPolicyURL", &out->policy) &&
           stack_policy_of_request(request, "StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL",
                                   &out->during);
}

/* Reads what the stack is to be into the record. */
static bool read_source(struct request *request, struct stack_record *record, struct slice *template)
{
    const struct stack_source was = record->source;
    struct slice before;
    struct stack *stack;
    enum storage_status status = stack_template(request->server->storage, request->arena, record->uuid,
                                                record->source.template, &before);

    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    return update_template(request, before, template) &&
           stack_source_read(request, *template, &was, record, &stack) &&
           check_types(request, record, stack) && check_changes(request, record, &was, stack, before);
}

static bool is_repeated(const struct request *request, const struct stack_record *record)
{
    struct slice token = shape_text(request->body, "ClientRequestToken");

    return token.len > 0 && slice_equal(token, record->token) && slice_is(record->action, "UpdateStack");
}

bool update_stack(struct request *request)
{
    struct beginning beginning;
    struct stack_record record;
    struct version version;
    struct slice template;

    if (!stack_input_accepts(request, &input) || !stack_of_request(request, NO_STACK, &record, &version))
        return false;
    if (is_repeated(request, &record))
        return stack_write_operation(request, &record);
    const struct stack_source was = record.source;
    record.change_set = SLICE("");
    batch_guard(&request->batch, stack_key(request->arena, record.uuid), version);
    return stack_may_be_updated(request, &record) && read_beginning(request, &beginning) &&
           read_source(request, &record, &template) &&
           stack_begin_update(request, &record, &was, template, &beginning) &&
           stack_write_operation(request, &record);
}
