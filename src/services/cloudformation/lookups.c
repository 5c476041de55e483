#include "services/cloudformation/lookups.h"

#include "deploy/making.h"
#include "services/inner.h"
#include "stacks/exports.h"

enum lookup lookup_parameter(const struct invoker *invoker, struct arena *arena, struct slice name,
                             struct slice *value, struct slice *type)
{
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    json_write_string_member(&input.body, &input.first, "Name", name);
    buffer_append_byte(&input.body, '}');
    enum client_outcome outcome = invoker->invoke(invoker->context, arena, SERVICE_SSM, "GetParameter",
                                                  buffer_slice(&input.body), &answer);
    buffer_finish(&input.body);
    if (outcome != CLIENT_DONE)
        return outcome == CLIENT_REFUSED && (slice_is(answer.type, "ParameterNotFound") ||
                                             slice_is(answer.type, "ParameterVersionNotFound"))
                   ? LOOKUP_ABSENT
                   : LOOKUP_FAILED;
    const struct json *parameter = json_get(answer.body, "Parameter");
    *value = text_of(parameter, "Value");
    *type = text_of(parameter, "Type");
    return LOOKUP_FOUND;
}

static enum lookup find_parameter(void *context, struct arena *arena, struct slice name, struct slice *value,
                                  struct slice *type)
{
    const struct request *request = context;
    struct inner_caller caller = inner_of(request, "cloudformation.amazonaws.com");
    const struct invoker invoker = inner_invoker(&caller);

    return lookup_parameter(&invoker, arena, name, value, type);
}

static enum lookup find_export(void *context, struct arena *arena, struct slice name, struct slice *value)
{
    const struct request *request = context;
    struct export_record found;
    struct version version;
    enum storage_status status = export_read(request->server->storage, arena, name, &found, &version);

    if (status != STORAGE_OK)
        return status == STORAGE_NOT_FOUND ? LOOKUP_ABSENT : LOOKUP_FAILED;
    *value = found.value;
    return LOOKUP_FOUND;
}

struct opening request_opening(struct request *request)
{
    struct stack_lookups *lookups = arena_new(request->arena, struct stack_lookups);

    *lookups = (struct stack_lookups){find_parameter, find_export, request};
    return (struct opening){request->server->region, request->server->account_id, lookups};
}
