/* ValidateTemplate, GetTemplateSummary, DescribeAccountLimits. AWS: API_ValidateTemplate,
 * API_GetTemplateSummary, API_DescribeAccountLimits. */
#include "deploy/capabilities.h"
#include "deploy/form.h"
#include "deploy/intrinsics.h"
#include "deploy/resource_type.h"
#include "deploy/template.h"
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/cloudformation/template_source.h"
#include "services/storage_failure.h"

/* ---- lists ---- */

static void begin_element(struct buffer *out, bool *first)
{
    if (!*first)
        buffer_append_byte(out, ',');
    *first = false;
}

/* Texts, each once, in the order in which they come. */
static void write_texts(struct buffer *out, bool *first, const char *name, const struct json *texts)
{
    bool first_text = true;

    json_write_name(out, first, name);
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < texts->array.count; i++) {
        begin_element(out, &first_text);
        json_write_string(out, texts->array.items[i].text);
    }
    buffer_append_byte(out, ']');
}

static void write_scalar(struct buffer *out, bool *first, const char *name, const struct json *value)
{
    struct slice text;

    if (value != NULL && scalar_text(value, &text))
        json_write_string_member(out, first, name, text);
}

static bool has_text(const struct json *list, struct slice text)
{
    for (size_t i = 0; i < list->array.count; i++) {
        if (slice_equal(list->array.items[i].text, text))
            return true;
    }
    return false;
}

/* ---- what a template has ---- */

static bool is_true(const struct json *value)
{
    struct slice text;

    return value != NULL && scalar_text(value, &text) && text.len == 4 &&
           strncasecmp(text.ptr, "true", 4) == 0;
}

static void write_constraints(struct buffer *out, bool *first, const struct json *declaration)
{
    const struct json *allowed = json_get(declaration, "AllowedValues");
    bool inner = true, first_value = true;

    json_write_name(out, first, "ParameterConstraints");
    buffer_append_byte(out, '{');
    if (allowed != NULL) {
        json_write_name(out, &inner, "AllowedValues");
        buffer_append_byte(out, '[');
        for (size_t i = 0; i < allowed->array.count; i++) {
            struct slice text = SLICE("");
            (void)scalar_text(&allowed->array.items[i], &text);
            begin_element(out, &first_value);
            json_write_string(out, text);
        }
        buffer_append_byte(out, ']');
    }
    buffer_append_byte(out, '}');
}

/* `summary`: as GetTemplateSummary tells them, with type and constraints. */
static void write_parameters(struct buffer *out, bool *first, const struct json *template, bool summary)
{
    const struct json *section = json_get(template, "Parameters");
    bool first_parameter = true;

    json_write_name(out, first, "Parameters");
    buffer_append_byte(out, '[');
    for (size_t i = 0; section != NULL && i < section->object.count; i++) {
        const struct json_member *parameter = &section->object.members[i];
        bool inner = true;
        begin_element(out, &first_parameter);
        buffer_append_byte(out, '{');
        json_write_string_member(out, &inner, "ParameterKey", parameter->name);
        write_scalar(out, &inner, "DefaultValue", json_get(&parameter->value, "Default"));
        if (summary)
            write_scalar(out, &inner, "ParameterType", json_get(&parameter->value, "Type"));
        json_write_name(out, &inner, "NoEcho");
        buffer_append_string(out, is_true(json_get(&parameter->value, "NoEcho")) ? "true" : "false");
        write_scalar(out, &inner, "Description", json_get(&parameter->value, "Description"));
        if (summary)
            write_constraints(out, &inner, &parameter->value);
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
}

static void write_capabilities(struct request *request, bool *first, const struct json *template)
{
    const struct capabilities needed = capabilities_of(request->arena, template);
    struct buffer *out = request->out;
    bool first_name = true;

    if (!needed.iam && !needed.auto_expand)
        return;
    json_write_name(out, first, "Capabilities");
    buffer_append_byte(out, '[');
    if (needed.iam) {
        begin_element(out, &first_name);
        json_write_string(out, needed.named_iam ? SLICE("CAPABILITY_NAMED_IAM") : SLICE("CAPABILITY_IAM"));
    }
    if (needed.auto_expand) {
        begin_element(out, &first_name);
        json_write_string(out, SLICE("CAPABILITY_AUTO_EXPAND"));
    }
    buffer_append_byte(out, ']');
    json_write_string_member(
        out, first, "CapabilitiesReason",
        needed.iam ? arena_printf(request->arena, "The following resource(s) require capabilities: [%.*s]",
                                  SLICE_ARGS(needed.what))
                   : arena_printf(request->arena, "The following transform(s) require capabilities: [%.*s]",
                                  SLICE_ARGS(needed.what)));
}

static void write_transforms(struct request *request, bool *first, const struct json *template)
{
    struct json names = transforms_of(request->arena, template);

    if (names.array.count > 0)
        write_texts(request->out, first, "DeclaredTransforms", &names);
}

/* ---- reading and checking ---- */

static bool read_template(struct request *request, struct slice text, bool any_types, const struct json **out)
{
    struct problems problems;
    struct slice problem;

    if (!template_parse(request->arena, text, out, &problem))
        return fail(&request->failure, ERROR_VALIDATION, "%.*s", SLICE_ARGS(problem));
    problems_init(&problems, request->arena);
    return stack_check(request->arena, *out, any_types, &problems) ||
           fail(&request->failure, ERROR_VALIDATION, "%.*s", SLICE_ARGS(problems.texts[0]));
}

/* ---- ValidateTemplate ---- */

static const struct shape_entry validate_members[] = {
    {"TemplateBody", &template_body_shape, false}, {"TemplateURL", &template_url_shape, false}, {0}};
static const struct shape validate_input = {.kind = SHAPE_STRUCTURE, .members = validate_members};

bool validate_template(struct request *request)
{
    const struct json *template;
    struct slice text;
    bool first = true;

    if (!stack_input_accepts(request, &validate_input) || !template_of_request(request, &text) ||
        !read_template(request, text, false, &template))
        return false;
    buffer_append_byte(request->out, '{');
    write_parameters(request->out, &first, template, false);
    write_scalar(request->out, &first, "Description", json_get(template, "Description"));
    write_capabilities(request, &first, template);
    write_transforms(request, &first, template);
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- GetTemplateSummary ---- */

static const struct shape_entry config_members[] = {
    {"TreatUnrecognizedResourceTypesAsWarnings", &shape_boolean_value, false}, {0}};
static const struct shape config = {.kind = SHAPE_STRUCTURE, .members = config_members};
static const struct shape_entry summary_members[] = {
    {"TemplateBody", &template_body_shape, false}, {"TemplateURL", &template_url_shape, false},
    {"StackName", &stack_name_shape, false},       {"StackSetName", &shape_string, false},
    {"TemplateSummaryConfig", &config, false},     {0}};
static const struct shape summary_input = {.kind = SHAPE_STRUCTURE, .members = summary_members};

/* The text of a stack's template, or of the one in the input. */
static bool find_template(struct request *request, struct slice *text)
{
    static const char *const members[] = {"TemplateBody", "TemplateURL", "StackName", "StackSetName"};
    struct stack_record stack;
    struct version version;
    unsigned given = 0;

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        given += shape_member(request->body, members[i]) != NULL;
    if (given > 1)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Only one of StackName, StackSetName, TemplateBody or TemplateURL can be specified.");
    struct slice set = shape_text(request->body, "StackSetName");
    if (set.ptr != NULL)
        return fail(&request->failure, ERROR_STACK_SET_NOT_FOUND, "StackSet %.*s not found", SLICE_ARGS(set));
    if (shape_text(request->body, "StackName").ptr == NULL)
        return template_of_request(request, text);
    if (!stack_of_request(request, NO_STACK_WITH_ID, &stack, &version))
        return false;
    enum storage_status status =
        stack_template(request->server->storage, request->arena, stack.uuid, stack.source.template, text);
    if (status == STORAGE_NOT_FOUND) /* of a stack under review: it has none yet */
        return fail(&request->failure, ERROR_VALIDATION, "Stack with id %.*s does not have a template",
                    SLICE_ARGS(stack.arn));
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

static struct json types_of(struct request *request, const struct json *template, bool unknown_only)
{
    const struct json *resources = json_get(template, "Resources");
    struct json types = {.type = JSON_ARRAY,
                         .array = {arena_array(request->arena, struct json, resources->object.count), 0}};

    for (size_t i = 0; i < resources->object.count; i++) {
        const struct json *type = json_get(&resources->object.members[i].value, "Type");
        if (type != NULL && !(unknown_only && resource_type_exists(type->text)) &&
            !has_text(&types, type->text))
            types.array.items[types.array.count++] = *type;
    }
    return types;
}

/* By which properties a resource of the type can be imported on AWS; NULL: that is not known. AWS: "Resource
 * type support". */
static const char *const *identifiers_of(struct slice type)
{
    static const char *const of_stack[] = {"StackId", NULL};
    const struct resource_type *kind = resource_type_find(type);

    if (slice_is(type, "AWS::CloudFormation::Stack"))
        return of_stack;
    return kind == NULL || kind->recorded ? NULL : kind->identifier;
}

static void write_resources_of(struct buffer *out, bool *first, const struct json *template,
                               struct slice type)
{
    const struct json *resources = json_get(template, "Resources");
    bool first_id = true;

    json_write_name(out, first, "LogicalResourceIds");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < resources->object.count; i++) {
        const struct json *other = json_get(&resources->object.members[i].value, "Type");
        if (other == NULL || !slice_equal(other->text, type))
            continue;
        begin_element(out, &first_id);
        json_write_string(out, resources->object.members[i].name);
    }
    buffer_append_byte(out, ']');
}

static void write_identifiers(struct buffer *out, bool *first, const struct json *template,
                              const struct json *types)
{
    bool first_type = true;

    json_write_name(out, first, "ResourceIdentifierSummaries");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < types->array.count; i++) {
        struct slice type = types->array.items[i].text;
        const char *const *name = identifiers_of(type);
        bool inner = true, first_name = true;
        if (name == NULL)
            continue;
        begin_element(out, &first_type);
        buffer_append_byte(out, '{');
        json_write_string_member(out, &inner, "ResourceType", type);
        write_resources_of(out, &inner, template, type);
        json_write_name(out, &inner, "ResourceIdentifiers");
        buffer_append_byte(out, '[');
        for (; *name != NULL; name++) {
            begin_element(out, &first_name);
            json_write_string(out, slice_of(*name));
        }
        buffer_append_string(out, "]}");
    }
    buffer_append_byte(out, ']');
}

static void write_metadata(struct request *request, bool *first, const struct json *template)
{
    const struct json *metadata = json_get(template, "Metadata");
    struct buffer text;

    if (metadata == NULL)
        return;
    buffer_init(&text);
    json_write_value(&text, metadata);
    json_write_string_member(request->out, first, "Metadata", buffer_slice(&text));
    buffer_finish(&text);
}

bool get_template_summary(struct request *request)
{
    const struct json *template;
    struct slice text;
    bool first = true;

    if (!stack_input_accepts(request, &summary_input) || !find_template(request, &text))
        return false;
    bool warn = shape_boolean(shape_member(request->body, "TemplateSummaryConfig"),
                              "TreatUnrecognizedResourceTypesAsWarnings", false);
    if (!read_template(request, text, warn, &template))
        return false;
    struct json types = types_of(request, template, false), unknown = types_of(request, template, true);
    buffer_append_byte(request->out, '{');
    write_parameters(request->out, &first, template, true);
    write_scalar(request->out, &first, "Description", json_get(template, "Description"));
    write_capabilities(request, &first, template);
    write_texts(request->out, &first, "ResourceTypes", &types);
    write_scalar(request->out, &first, "Version", json_get(template, "AWSTemplateFormatVersion"));
    write_metadata(request, &first, template);
    write_transforms(request, &first, template);
    write_identifiers(request->out, &first, template, &types);
    if (warn && unknown.array.count > 0) {
        bool inner = true;
        json_write_name(request->out, &first, "Warnings");
        buffer_append_byte(request->out, '{');
        write_texts(request->out, &inner, "UnrecognizedResourceTypes", &unknown);
        buffer_append_byte(request->out, '}');
    }
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- DescribeAccountLimits ---- */

static const struct shape_entry limits_members[] = {{"NextToken", &stack_next_token_shape, false}, {0}};
static const struct shape limits_input = {.kind = SHAPE_STRUCTURE, .members = limits_members};

bool describe_account_limits(struct request *request)
{
    if (!stack_input_accepts(request, &limits_input))
        return false;
    buffer_printf(request->out,
                  "{\"AccountLimits\":[{\"Name\":\"ConcurrentResourcesLimit\",\"Value\":2500},"
                  "{\"Name\":\"StackLimit\",\"Value\":2000},{\"Name\":\"StackOutputsLimit\",\"Value\":%d}]}",
                  OUTPUTS_LIMIT);
    return true;
}
