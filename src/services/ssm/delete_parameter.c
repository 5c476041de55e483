/* DeleteParameter and DeleteParameters. AWS: API reference. AWS asks to wait for 30 seconds before a name is
 * used again; here it is free at once. */
#include "services/gate.h"
#include "services/ssm/handlers.h"
#include "services/ssm/name.h"
#include "services/ssm/parameter.h"
#include "services/storage_failure.h"

static const struct shape_entry one_members[] = {{"Name", &parameter_name, true}, {0}};
static const struct shape one_input = {.kind = SHAPE_STRUCTURE, .members = one_members};
static const struct shape_entry some_members[] = {{"Names", &parameter_names, true}, {0}};
static const struct shape some_input = {.kind = SHAPE_STRUCTURE, .members = some_members};

bool delete_parameter(struct request *request)
{
    struct parameter parameter;
    struct version version;

    if (!shape_accepts(request->body, &one_input, &request->failure))
        return false;
    struct slice name = name_trim(shape_text(request->body, "Name"));
    if (!name_check(request, name) || !gate_pass(request) ||
        !parameter_lookup(request, name, &parameter, &version))
        return false;
    parameter_remove(request, &parameter, version);
    buffer_append_string(request->out, "{}");
    return true;
}

bool delete_parameters(struct request *request)
{
    struct texts deleted = {0}, invalid = {0};
    bool first = true;

    if (!shape_accepts(request->body, &some_input, &request->failure))
        return false;
    const struct json *names = shape_member(request->body, "Names");
    for (size_t i = 0; i < names->array.count; i++) {
        if (!name_check(request, name_trim(names->array.items[i].text)))
            return false;
    }
    if (!gate_pass(request))
        return false;
    for (size_t i = 0; i < names->array.count; i++) {
        struct slice name = name_trim(names->array.items[i].text);
        struct parameter parameter;
        struct version version;
        if (texts_find(&deleted, name) < deleted.count || texts_find(&invalid, name) < invalid.count)
            continue;
        enum storage_status status = parameter_read(request, name, &parameter, &version);
        if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
            return storage_failure(&request->failure, status);
        if (status == STORAGE_OK)
            parameter_remove(request, &parameter, version);
        texts_add(request->arena, status == STORAGE_OK ? &deleted : &invalid, name);
    }
    buffer_append_byte(request->out, '{');
    name_write_list(request->out, &first, "DeletedParameters", &deleted);
    name_write_list(request->out, &first, "InvalidParameters", &invalid);
    buffer_append_byte(request->out, '}');
    return true;
}
