/* SetStackPolicy, GetStackPolicy, UpdateTerminationProtection: what is said of a stack, whatever it is doing.
 * AWS: API reference of CloudFormation. */
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/cloudformation/template_source.h"
#include "services/storage_failure.h"

/* The stack and what was said of it, to be said anew. */
static bool read_settings(struct request *request, struct stack_record *record, struct stack_wishes *wishes)
{
    struct version version;

    if (!stack_of_request(request, NO_STACK, record, &version))
        return false;
    if (record->status == STACK_DELETE_COMPLETE)
        return fail(&request->failure, ERROR_VALIDATION, NO_STACK, SLICE_ARGS(record->arn));
    enum storage_status status =
        stack_read_wishes(request->server->storage, request->arena, record->uuid, wishes, &version);
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    batch_guard(&request->batch, stack_wishes_key(request->arena, record->uuid), version);
    return true;
}

/* ---- policies ---- */

static const struct shape_entry set_members[] = {{"StackName", &stack_name_shape, true},
                                                 {"StackPolicyBody", &stack_policy_shape, false},
                                                 {"StackPolicyURL", &stack_url_shape, false},
                                                 {0}};
static const struct shape set_input = {.kind = SHAPE_STRUCTURE, .members = set_members};

bool set_stack_policy(struct request *request)
{
    struct stack_record record;
    struct stack_wishes wishes;
    struct slice policy;

    if (!stack_input_accepts(request, &set_input) || !read_settings(request, &record, &wishes) ||
        !stack_policy_of_request(request, "StackPolicyBody", "StackPolicyURL", &policy))
        return false;
    if (policy.len == 0)
        return fail(&request->failure, ERROR_VALIDATION,
                    "You must specify either the StackPolicyURL or the StackPolicyBody parameter.");
    wishes.policy = policy;
    stack_put_wishes(&request->batch, record.uuid, &wishes);
    buffer_append_string(request->out, "{}");
    return true;
}

static const struct shape_entry get_members[] = {{"StackName", &stack_name_shape, true}, {0}};
static const struct shape get_input = {.kind = SHAPE_STRUCTURE, .members = get_members};

bool get_stack_policy(struct request *request)
{
    struct stack_record record;
    struct stack_wishes wishes;
    struct version version;
    bool first = true;

    if (!stack_input_accepts(request, &get_input) ||
        !stack_of_request(request, NO_STACK, &record, &version) ||
        !stack_add_wishes(request, &record, &wishes))
        return false;
    buffer_append_byte(request->out, '{');
    stack_write_text(request->out, &first, "StackPolicyBody", wishes.policy);
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- termination protection ---- */

static const struct shape_entry protect_members[] = {
    {"EnableTerminationProtection", &shape_boolean_value, true}, {"StackName", &stack_name_shape, true}, {0}};
static const struct shape protect_input = {.kind = SHAPE_STRUCTURE, .members = protect_members};

bool update_termination_protection(struct request *request)
{
    struct stack_record record;
    struct stack_wishes wishes;
    bool first = true;

    if (!stack_input_accepts(request, &protect_input) || !read_settings(request, &record, &wishes))
        return false;
    if (record.parent.len > 0)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Termination protection can only be updated on the root stack: %.*s",
                    SLICE_ARGS(record.root));
    if (record.status == STACK_DELETE_IN_PROGRESS)
        return fail(&request->failure, ERROR_VALIDATION,
                    "TerminationProtection cannot be updated while the stack is being deleted");
    wishes.protect = shape_boolean(request->body, "EnableTerminationProtection", false);
    stack_put_wishes(&request->batch, record.uuid, &wishes);
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "StackId", record.arn);
    buffer_append_byte(request->out, '}');
    return true;
}
