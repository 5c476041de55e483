/* GetResource and ListResources. AWS: API reference of Cloud Control. */
#include "base/base64.h"
#include "services/cloudcontrol/asking.h"
#include "services/cloudcontrol/handlers.h"
#include "services/cloudcontrol/input.h"
#include "services/cloudcontrol/patch.h"
#include "services/gate.h"

/* Told in one answer. */
enum { LIST_LIMIT = 1000 };

static const struct shape_entry get_members[] = {{"TypeName", &control_type_name, true},
                                                 {"TypeVersionId", &control_type_version, false},
                                                 {"RoleArn", &control_role, false},
                                                 {"Identifier", &control_identifier, true},
                                                 {0}};
static const struct shape get_input = {.kind = SHAPE_STRUCTURE, .members = get_members};
static const struct shape_entry list_members[] = {{"TypeName", &control_type_name, true},
                                                  {"TypeVersionId", &control_type_version, false},
                                                  {"RoleArn", &control_role, false},
                                                  {"NextToken", &control_handler_page_token, false},
                                                  {"MaxResults", &control_page_size, false},
                                                  {"ResourceModel", &control_properties, false},
                                                  {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

/* Properties are told as a text of JSON. */
static void write_description(struct buffer *out, struct slice identifier, const struct json *model)
{
    struct buffer text;
    bool first = true;

    buffer_init(&text);
    json_write_value(&text, model);
    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "Identifier", identifier);
    json_write_string_member(out, &first, "Properties", buffer_slice(&text));
    buffer_append_byte(out, '}');
    buffer_finish(&text);
}

/* ---- GetResource ---- */

static bool get(struct request *request, const struct resource_type *type, const struct asking *asking)
{
    struct resource_work work;
    const struct json *properties, *model;
    bool first = true;

    if (!work_open_identified(&work, request->arena, request->server, &asking->invoker, type,
                              shape_text(request->body, "Identifier")) ||
        !work_find(&work) || !work_read(&work, &properties, &model))
        return asking_fail(request, &work);
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "TypeName", slice_of(type->name));
    json_write_name(request->out, &first, "ResourceDescription");
    write_description(request->out, work_identifier(&work), model);
    buffer_append_byte(request->out, '}');
    return true;
}

bool get_resource(struct request *request)
{
    const struct resource_type *type;
    struct asking asking;

    if (!shape_accepts(request->body, &get_input, &request->failure) || !gate_pass(request) ||
        !work_type(request, shape_text(request->body, "TypeName"), "READ", &type) ||
        !asking_open(request, &asking))
        return false;
    bool done = get(request, type, &asking);
    asking_close(&asking);
    return done;
}

/* ---- ListResources ---- */

/* Behind which identifier the page begins. */
static bool read_token(struct request *request, struct slice *after)
{
    struct slice token = shape_text(request->body, "NextToken");

    *after = SLICE("");
    return token.ptr == NULL || (base64_decode(request->arena, token, after) && after->len > 0) ||
           fail(&request->failure, ERROR_CC_INVALID_REQUEST, "NextToken is invalid");
}

/* The properties of which others are to have the same: those that tell where the resources are. */
static bool read_model(struct request *request, const struct resource_type *type, const struct json **out)
{
    static const struct json none = {.type = JSON_OBJECT};
    struct slice text = shape_text(request->body, "ResourceModel");

    *out = &none;
    if (text.ptr != NULL &&
        (json_parse(request->arena, text, PATCH_DEPTH, out) != JSON_OK || (*out)->type != JSON_OBJECT))
        return fail(&request->failure, ERROR_VALIDATION, "ResourceModel is no JSON object");
    for (size_t i = 0; type->identifier[i + 1] != NULL; i++) {
        if (text_of(*out, type->identifier[i]).len == 0)
            return fail(
                &request->failure, ERROR_CC_INVALID_REQUEST,
                "Missing or invalid ResourceModel property in %s list handler request input. Required "
                "property:  [%s]",
                type->name, type->identifier[i]);
    }
    return true;
}

/* What a list tells of a resource: its identifier, part by part. */
static const struct json *identifying(struct resource_work *work, const struct json *id)
{
    const char *const *name = work->type->identifier;
    struct json *model = arena_new(work->arena, struct json);
    size_t parts = 0;

    while (name[parts] != NULL)
        parts++;
    *model = (struct json){.type = JSON_OBJECT,
                           .object = {arena_array(work->arena, struct json_member, parts), parts}};
    for (size_t i = 0; i < parts; i++) {
        const struct json *part = i + 1 == parts ? id : json_get(work->making.want, name[i]);
        model->object.members[i] = (struct json_member){slice_of(name[i]), *part};
    }
    return model;
}

static void write_list(struct request *request, struct resource_work *work, const struct json *ids,
                       struct slice after)
{
    struct buffer *out = request->out;
    bool first = true;
    size_t at = 0, told = 0;

    for (size_t i = 0; after.len > 0 && i < ids->array.count && at == 0; i++)
        at = slice_equal(ids->array.items[i].text, after) ? i + 1 : 0;
    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "TypeName", slice_of(work->type->name));
    json_write_name(out, &first, "ResourceDescriptions");
    buffer_append_byte(out, '[');
    for (; at < ids->array.count && told < LIST_LIMIT; at++, told++) {
        if (told > 0)
            buffer_append_byte(out, ',');
        write_description(out, work_identifier_with(work, ids->array.items[at].text),
                          identifying(work, &ids->array.items[at]));
    }
    buffer_append_byte(out, ']');
    if (at < ids->array.count) {
        json_write_name(out, &first, "NextToken");
        json_write_base64(out, ids->array.items[at - 1].text);
    }
    buffer_append_byte(out, '}');
}

static bool list(struct request *request, const struct resource_type *type, const struct asking *asking,
                 const struct json *model, struct slice after)
{
    struct resource_work work;
    struct json ids;

    if (!work_open(&work, request->arena, request->server, &asking->invoker, type, NULL, SLICE("")))
        return asking_fail(request, &work);
    work.making.want = model;
    if (!making_list_ids(&work.making, &ids))
        return asking_fail(request, &work);
    write_list(request, &work, &ids, after);
    return true;
}

bool list_resources(struct request *request)
{
    const struct resource_type *type;
    const struct json *model;
    struct asking asking;
    struct slice after;

    if (!shape_accepts(request->body, &list_input, &request->failure) || !gate_pass(request) ||
        !read_token(request, &after) ||
        !work_type(request, shape_text(request->body, "TypeName"), "LIST", &type) ||
        !read_model(request, type, &model) || !asking_open(request, &asking))
        return false;
    bool done = list(request, type, &asking, model, after);
    asking_close(&asking);
    return done;
}
