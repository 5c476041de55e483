/* GetTemplate. AWS: API_GetTemplate. */
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/storage_failure.h"

static const char *const stages[] = {"Original", "Processed", NULL};
static const struct shape stage = {.kind = SHAPE_STRING, .words = stages};
static const struct shape_entry members[] = {{"StackName", &stack_name_shape, false},
                                             {"ChangeSetName", &stack_url_shape, false},
                                             {"TemplateStage", &stage, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

bool get_template(struct request *request)
{
    struct stack_record stack;
    struct version version;
    struct slice text;
    bool first = true;

    if (!stack_input_accepts(request, &input))
        return false;
    if (shape_text(request->body, "StackName").ptr == NULL)
        return fail(&request->failure, ERROR_VALIDATION, "StackName is required");
    if (!stack_of_request(request, NO_STACK_WITH_ID, &stack, &version))
        return false;
    enum storage_status status =
        stack_template(request->server->storage, request->arena, stack.uuid, stack.source.template, &text);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    buffer_append_byte(request->out, '{');
    if (status == STORAGE_OK)
        json_write_string_member(request->out, &first, "TemplateBody", text);
    json_write_name(request->out, &first, "StagesAvailable");
    buffer_append_string(request->out, "[\"Original\",\"Processed\"]}");
    return true;
}
