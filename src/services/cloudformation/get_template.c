/* GetTemplate. AWS: API_GetTemplate. */
#include "services/cloudformation/change_set_input.h"
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/storage_failure.h"

static const char *const stages[] = {"Original", "Processed", NULL};
static const struct shape stage = {.kind = SHAPE_STRING, .words = stages};
static const struct shape_entry members[] = {{"StackName", &stack_name_shape, false},
                                             {"ChangeSetName", &change_set_name_shape, false},
                                             {"TemplateStage", &stage, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* Of the change set that is named, or of the stack. *found: there is one; a stack under review has none yet.
 */
static bool find_template(struct request *request, struct slice *text, bool *found)
{
    struct storage *storage = request->server->storage;
    struct found_change_set set;
    struct stack_record stack;
    struct version version;
    enum storage_status status;

    if (shape_text(request->body, "ChangeSetName").ptr != NULL) {
        if (!change_set_of_request(request, &set))
            return false;
        if (!set.exists)
            return change_set_is_absent(request);
        status = change_set_template(storage, request->arena, &set.set, text);
    } else {
        if (shape_text(request->body, "StackName").ptr == NULL)
            return fail(&request->failure, ERROR_VALIDATION, "StackName is required");
        if (!stack_of_request(request, NO_STACK_WITH_ID, &stack, &version))
            return false;
        status = stack_template(storage, request->arena, stack.uuid, stack.source.template, text);
    }
    *found = status == STORAGE_OK;
    return *found || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

bool get_template(struct request *request)
{
    bool first = true, found;
    struct slice text;

    if (!stack_input_accepts(request, &input) || !find_template(request, &text, &found))
        return false;
    buffer_append_byte(request->out, '{');
    if (found)
        json_write_string_member(request->out, &first, "TemplateBody", text);
    json_write_name(request->out, &first, "StagesAvailable");
    buffer_append_string(request->out, "[\"Original\",\"Processed\"]}");
    return true;
}
