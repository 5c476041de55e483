#include "services/cloudformation/input.h"

#include "base/characters.h"
#include "base/clock.h"
#include "deploy/making.h"
#include "services/gate.h"
#include "services/storage_failure.h"

/* ---- patterns ---- */

bool stack_is_name(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_letter(text.ptr[i]) && (i == 0 || (!is_digit(text.ptr[i]) && text.ptr[i] != '-')))
            return false;
    }
    return text.len > 0;
}

bool stack_is_arn(struct slice text, const char *signs)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_letter(c) && !is_digit(c) && (c == '\0' || strchr(signs, c) == NULL))
            return false;
    }
    return slice_starts_with(text, SLICE("arn:"));
}

static bool is_name_or_arn(struct slice text)
{
    return stack_is_name(text) || stack_is_arn(text, "-:/._+");
}

static bool is_token(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_letter(text.ptr[i]) && !is_digit(text.ptr[i]) && (i == 0 || text.ptr[i] != '-'))
            return false;
    }
    return text.len > 0;
}

/* ---- shapes ---- */

enum { NAME_LIMIT = 128, ARN_LIMIT = 2048, TOKEN_LIMIT = 128, NEXT_TOKEN_LIMIT = 1024, POLICY_LIMIT = 16384 };

const struct shape stack_new_name_shape = {.kind = SHAPE_STRING,
                                           .min = 1,
                                           .max = NAME_LIMIT,
                                           .matches = stack_is_name,
                                           .pattern = "[a-zA-Z][-a-zA-Z0-9]*"};
const struct shape stack_name_shape = {.kind = SHAPE_STRING,
                                       .min = 1,
                                       .max = ARN_LIMIT,
                                       .matches = is_name_or_arn,
                                       .pattern = "[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*"};
const struct shape stack_role_shape = {.kind = SHAPE_STRING, .min = 20, .max = 2048};
const struct shape stack_token_shape = {.kind = SHAPE_STRING,
                                        .min = 1,
                                        .max = TOKEN_LIMIT,
                                        .matches = is_token,
                                        .pattern = "[a-zA-Z0-9][-a-zA-Z0-9]*"};
const struct shape stack_next_token_shape = {.kind = SHAPE_STRING, .min = 1, .max = NEXT_TOKEN_LIMIT};
const struct shape stack_policy_shape = {.kind = SHAPE_STRING, .min = 1, .max = POLICY_LIMIT};
const struct shape stack_url_shape = {.kind = SHAPE_STRING, .min = 1, .max = 5120};
const struct shape stack_logical_id_shape = {.kind = SHAPE_STRING};
const struct shape stack_logical_ids_shape = {.kind = SHAPE_LIST, .element = &stack_logical_id_shape};
const struct shape stack_timeout_shape = {.kind = SHAPE_INTEGER, .min = 1};

static const char *const capabilities[] = {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND",
                                           NULL};
static const struct shape capability = {.kind = SHAPE_STRING, .words = capabilities};
const struct shape stack_capabilities_shape = {.kind = SHAPE_LIST, .element = &capability};

static const char *const on_failure[] = {"DO_NOTHING", "ROLLBACK", "DELETE", NULL};
const struct shape stack_on_failure_shape = {.kind = SHAPE_STRING, .words = on_failure};

static const struct shape_entry parameter_members[] = {{"ParameterKey", &shape_string, false},
                                                       {"ParameterValue", &shape_string, false},
                                                       {"UsePreviousValue", &shape_boolean_value, false},
                                                       {"ResolvedValue", &shape_string, false},
                                                       {0}};
static const struct shape parameter_shape = {.kind = SHAPE_STRUCTURE, .members = parameter_members};
const struct shape stack_parameters_shape = {.kind = SHAPE_LIST, .element = &parameter_shape};

static const struct shape tag_key = {.kind = SHAPE_STRING, .min = 1, .max = 128};
static const struct shape tag_value_shape = {.kind = SHAPE_STRING, .max = 256};
static const struct shape_entry tag_members[] = {
    {"Key", &tag_key, true}, {"Value", &tag_value_shape, true}, {0}};
static const struct shape tag = {.kind = SHAPE_STRUCTURE, .members = tag_members};
const struct shape stack_tags_shape = {.kind = SHAPE_LIST, .element = &tag, .max = 50};

const struct shape stack_arns_shape = {.kind = SHAPE_LIST, .element = &shape_string, .max = 5};

static const struct shape monitoring_time = {.kind = SHAPE_INTEGER, .not_negative = true, .max = 180};
static const struct shape_entry trigger_members[] = {
    {"Arn", &shape_string, true}, {"Type", &shape_string, true}, {0}};
static const struct shape trigger = {.kind = SHAPE_STRUCTURE, .members = trigger_members};
static const struct shape triggers = {.kind = SHAPE_LIST, .element = &trigger, .max = 5};
static const struct shape_entry rollback_members[] = {
    {"RollbackTriggers", &triggers, false}, {"MonitoringTimeInMinutes", &monitoring_time, false}, {0}};
const struct shape stack_rollback_shape = {.kind = SHAPE_STRUCTURE, .members = rollback_members};

static const char *const modes[] = {"STANDARD", "EXPRESS", NULL};
static const struct shape mode = {.kind = SHAPE_STRING, .words = modes};
static const struct shape_entry deployment_members[] = {
    {"Mode", &mode, false}, {"DisableRollback", &shape_boolean_value, false}, {0}};
const struct shape stack_deployment_shape = {.kind = SHAPE_STRUCTURE, .members = deployment_members};

bool stack_input_accepts(struct request *request, const struct shape *shape)
{
    return query_input_accepts(request, shape) && gate_pass(request);
}

/* ---- stacks ---- */

bool stack_named(struct request *request, struct slice name, const char *sentence, struct stack_record *out,
                 struct version *version)
{
    enum storage_status status = stack_find(request->server->storage, request->arena, name, out, version);

    if (status == STORAGE_OK)
        return true;
    if (status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    struct slice mark = slice_of(sentence);
    const char *place = memmem(mark.ptr, mark.len, "%.*s", 4);
    return fail(&request->failure, ERROR_VALIDATION, "%.*s%.*s%s", (int)(place - mark.ptr), mark.ptr,
                SLICE_ARGS(name), place + 4);
}

bool stack_of_request(struct request *request, const char *sentence, struct stack_record *out,
                      struct version *version)
{
    return stack_named(request, shape_text(request->body, "StackName"), sentence, out, version);
}

bool stack_add_wishes(struct request *request, struct stack_record *record, struct stack_wishes *wishes)
{
    struct version version;
    enum storage_status status =
        stack_read_wishes(request->server->storage, request->arena, record->uuid, wishes, &version);

    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    if (wishes->remove && stack_in_progress(record->status)) {
        record->status = STACK_DELETE_IN_PROGRESS;
        record->reason = SLICE("User Initiated");
    }
    return true;
}

bool stack_rollback_disabled(const struct json *body)
{
    return shape_boolean(body, "DisableRollback", false) ||
           shape_boolean(shape_member(body, "DeploymentConfig"), "DisableRollback", false);
}

const struct json *stack_list(const struct json *body, const char *member)
{
    const struct json *list = shape_member(body, member);

    return list == NULL || list->array.count == 0 ? NULL : list;
}

/* ---- writing ---- */

void stack_write_time(struct buffer *out, bool *first, struct arena *arena, const char *name,
                      int64_t milliseconds)
{
    if (milliseconds > 0)
        json_write_string_member(out, first, name,
                                 arena_printf(arena, "%.*sZ", SLICE_ARGS(clock_label(arena, milliseconds))));
}

void stack_write_text(struct buffer *out, bool *first, const char *name, struct slice text)
{
    if (text.len > 0)
        json_write_string_member(out, first, name, text);
}

void stack_write_parameters(struct buffer *out, bool *first, const struct json *parameters)
{
    json_write_name(out, first, "Parameters");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < count_of(parameters); i++) {
        const struct json *parameter = &parameters->array.items[i];
        bool inner = true, hidden = flag_of(parameter, "NoEcho");
        buffer_append_string(out, i > 0 ? ",{" : "{");
        json_write_string_member(out, &inner, "ParameterKey", text_of(parameter, "ParameterKey"));
        json_write_string_member(out, &inner, "ParameterValue",
                                 hidden ? SLICE("****") : text_of(parameter, "ParameterValue"));
        stack_write_text(out, &inner, "ResolvedValue", text_of(parameter, "ResolvedValue"));
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
}

bool stack_write_operation(struct request *request, const struct stack_record *record)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "StackId", record->arn);
    json_write_string_member(request->out, &first, "OperationId",
                             stack_operation_id(request->arena, record->uuid, record->turn));
    buffer_append_byte(request->out, '}');
    return true;
}
