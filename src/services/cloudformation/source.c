#include "services/cloudformation/source.h"

#include "deploy/making.h"
#include "deploy/template.h"
#include "services/cloudformation/input.h"
#include "services/cloudformation/lookups.h"

/* ---- parameters ---- */

static const struct json *value_before(const struct stack_source *was, struct slice key)
{
    const struct json *before = was == NULL ? NULL : find_by(was->parameters, "ParameterKey", key);

    return json_get(before, "ParameterValue");
}

/* The values that the input gives, those of before where it says so. */
static bool read_parameters(struct request *request, const struct stack_source *was, const struct json **out)
{
    const struct json *given = shape_member(request->body, "Parameters");
    size_t count = count_of(given);
    struct json *list = arena_new(request->arena, struct json);

    *list = (struct json){.type = JSON_ARRAY, .array = {arena_array(request->arena, struct json, count), 0}};
    for (size_t i = 0; i < count; i++) {
        const struct json *parameter = &given->array.items[i];
        struct slice key = shape_text(parameter, "ParameterKey");
        const struct json *value = shape_member(parameter, "ParameterValue");
        if (shape_boolean(parameter, "UsePreviousValue", false)) {
            if (value != NULL)
                return fail(
                    &request->failure, ERROR_VALIDATION,
                    "Invalid input for parameter key %.*s. Cannot specify usePreviousValue as true and "
                    "a parameter value.",
                    SLICE_ARGS(key));
            value = value_before(was, key);
            if (value == NULL)
                return fail(
                    &request->failure, ERROR_VALIDATION,
                    "Invalid input for parameter key %.*s. Cannot specify usePreviousValue as true for a "
                    "parameter key not in the previous template",
                    SLICE_ARGS(key));
        }
        if (key.len == 0 || value == NULL)
            continue; /* as if it were not there: its Default, or it must have a value */
        struct json_member *members = arena_array(request->arena, struct json_member, 2);
        members[0] = (struct json_member){SLICE("ParameterKey"), {.type = JSON_STRING, .text = key}};
        members[1] = (struct json_member){SLICE("ParameterValue"), *value};
        list->array.items[list->array.count++] = (struct json){.type = JSON_OBJECT, .object = {members, 2}};
    }
    *out = list;
    return true;
}

/* ---- tags ---- */

static bool check_tags(struct request *request, const struct json *tags)
{
    for (size_t i = 0; i < count_of(tags); i++) {
        struct slice key = shape_text(&tags->array.items[i], "Key");
        if (slice_starts_with(key, SLICE("aws:")))
            return fail(&request->failure, ERROR_VALIDATION,
                        "aws: prefixed tag key names are not allowed for external use.");
        for (size_t j = 0; j < i; j++) {
            if (slice_equal(shape_text(&tags->array.items[j], "Key"), key))
                return fail(&request->failure, ERROR_VALIDATION, "Duplicate tag keys found: %.*s",
                            SLICE_ARGS(key));
        }
    }
    return true;
}

/* ---- all of it ---- */

/* What the input leaves out of these stays as it was. */
static void read_rest(struct request *request, const struct stack_source *was, struct stack_source *source)
{
    bool has_tags = shape_member(request->body, "Tags") != NULL,
         has_arns = shape_member(request->body, "NotificationARNs") != NULL;

    source->tags = has_tags || was == NULL ? stack_list(request->body, "Tags") : was->tags;
    source->notification_arns =
        has_arns || was == NULL ? stack_list(request->body, "NotificationARNs") : was->notification_arns;
    source->capabilities = stack_list(request->body, "Capabilities");
}

bool stack_source_read(struct request *request, struct slice template, const struct stack_source *was,
                       struct stack_record *record, struct stack **out)
{
    const struct opening opening = request_opening(request);
    struct stack_source *source = &record->source;
    struct problems problems;

    *source = (struct stack_source){0};
    read_rest(request, was, source);
    if (!check_tags(request, source->tags) || !read_parameters(request, was, &source->parameters))
        return false;
    problems_init(&problems, request->arena);
    *out = opening_stack(request->arena, &opening, record, template, &problems);
    if (*out == NULL)
        return fail(&request->failure, ERROR_VALIDATION, "%.*s", SLICE_ARGS(problems.texts[0]));
    const char *missing = opening_missing_capability(*out, source->capabilities);
    if (missing != NULL)
        return fail(&request->failure, ERROR_INSUFFICIENT_CAPABILITIES, "Requires capabilities : [%s]",
                    missing);
    source->parameters = opening_parameters(*out);
    source->description = text_of((*out)->template, "Description");
    return true;
}
