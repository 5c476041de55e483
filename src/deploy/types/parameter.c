/* AWS::SSM::Parameter. AWS: CloudFormation template reference. */
#include "deploy/properties.h"
#include "deploy/types/reading.h"
#include "deploy/types/tags.h"
#include "deploy/types/types.h"

static const char *const types[] = {"String", "StringList", NULL};
static const char *const tiers[] = {"Standard", "Advanced", "Intelligent-Tiering", NULL};
static const char *const data_types[] = {"text", "aws:ec2:image", NULL};
static const struct kind_of_value type_kind = {.kind = TEXT, .schema = true, .words = types};
static const struct kind_of_value tier_kind = {.kind = TEXT, .schema = true, .words = tiers};
static const struct kind_of_value data_type_kind = {.kind = TEXT, .schema = true, .words = data_types};
static const struct property members[] = {
    {"AllowedPattern", &kind_text, OPTIONAL}, {"DataType", &data_type_kind, OPTIONAL},
    {"Description", &kind_text, OPTIONAL},    {"Name", &kind_text, OPTIONAL},
    {"Policies", &kind_text, OPTIONAL},       {"Tags", &kind_text_map, OPTIONAL},
    {"Tier", &tier_kind, OPTIONAL},           {"Type", &type_kind, REQUIRED},
    {"Value", &kind_text, REQUIRED},          {0}};
static const struct kind_of_value properties = {.kind = STRUCTURE, .members = members};

#define ABSENT "ParameterNotFound"

static const struct json *first_of(const struct json *list)
{
    return count_of(list) == 0 ? NULL : &list->array.items[0];
}

/* What GetParameter does not tell: the description, the pattern, the tier, the policies. */
static bool describe(struct making *making, const struct json **out)
{
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_literal(&input, "ParameterFilters", "[{\"Key\":\"Name\",\"Option\":\"Equals\",\"Values\":[");
    json_write_string(&input.body, making->id);
    buffer_append_string(&input.body, "]}]");
    if (!making_call(making, SERVICE_SSM, "DescribeParameters", &input, &answer))
        return false;
    *out = first_of(json_get(answer.body, "Parameters"));
    return true;
}

static void publish(struct making *making)
{
    making_publish(making, "Type", text_of(making->have, "Type"));
    making_publish(making, "Value", text_of(making->have, "Value"));
    making_publish(making, "Arn", text_of(making->have, "ARN"));
}

static bool find(struct making *making)
{
    struct client_answer answer;
    struct input input;

    if (making_key(making).len == 0)
        return true;
    input_begin(&input);
    input_text(&input, "Name", making_key(making));
    if (!making_ask(making, SERVICE_SSM, "GetParameter", ABSENT, &input, &answer))
        return false;
    making->have = json_get(answer.body, "Parameter");
    if (making->have == NULL)
        return true;
    making_identify(making, text_of(making->have, "Name"));
    publish(making);
    return true;
}

static bool compare(struct making *making)
{
    return making_fixed_name(making);
}

static void write_settings(struct input *input, const struct making *making)
{
    static const char *const settings[] = {"Type", "Value", "Tier", "Policies", "DataType", NULL};

    reading_members(input, making->want, settings);
}

static bool create(struct making *making)
{
    const struct json own = tags_as_list(making->arena, json_get(making->want, "Tags"));
    const struct json tags = making_tags(making, &own);
    struct input input;

    input_begin(&input);
    input_text(&input, "Name", making->name);
    write_settings(&input, making);
    input_value(&input, "Description", json_get(making->want, "Description"));
    input_value(&input, "AllowedPattern", json_get(making->want, "AllowedPattern"));
    if (tags.array.count > 0)
        input_value(&input, "Tags", &tags);
    return making_call(making, SERVICE_SSM, "PutParameter", &input, NULL) && find(making);
}

static bool list_tags(struct making *making, struct json *out)
{
    const struct text_member one[] = {{"ResourceType", SLICE("Parameter")}, {"ResourceId", making->id}, {0}};
    struct client_answer answer;

    if (!making_do(making, SERVICE_SSM, "ListTagsForResource", one, &answer))
        return false;
    *out = tags_as_list(making->arena, json_get(answer.body, "TagList"));
    return true;
}

static bool send_tags(struct making *making, const char *operation, const char *member,
                      const struct json *tags)
{
    struct input input;

    if (count_of(tags) == 0)
        return true;
    input_begin(&input);
    input_text(&input, "ResourceType", SLICE("Parameter"));
    input_text(&input, "ResourceId", making->id);
    input_value(&input, member, tags);
    return making_call(making, SERVICE_SSM, operation, &input, NULL);
}

static bool change_tags(struct making *making)
{
    const struct json own = tags_as_list(making->arena, json_get(making->want, "Tags"));
    const struct json want = making_tags(making, &own);
    struct tag_changes changes;
    struct json have;

    if (!list_tags(making, &have))
        return false;
    tags_compare(making->arena, &want, &have, &changes);
    return send_tags(making, "RemoveTagsFromResource", "TagKeys", &changes.removed) &&
           send_tags(making, "AddTagsToResource", "Tags", &changes.added);
}

static bool same_text(const struct json *want, const struct json *have, const char *member,
                      const char *otherwise)
{
    struct slice wanted = text_of(want, member), had = text_of(have, member);

    if (wanted.len == 0)
        wanted = slice_of(otherwise);
    return slice_equal(wanted, had.len == 0 ? slice_of(otherwise) : had);
}

/* A tier is never lowered by itself, and one that AWS chooses is not told. */
static bool same_tier(const struct json *want, const struct json *described)
{
    struct slice tier = text_of(want, "Tier");

    return tier.len == 0 || slice_is(tier, "Intelligent-Tiering") ||
           slice_equal(tier, text_of(described, "Tier"));
}

/* The text of the policies, which are told as a list of such texts. */
static bool same_policies(const struct making *making, const struct json *described)
{
    const struct json *before = json_get(making->before, "Policies");

    if (making->before != NULL)
        return json_same(before, json_get(making->want, "Policies"));
    return (text_of(making->want, "Policies").len > 0) == (count_of(json_get(described, "Policies")) > 0);
}

static bool update(struct making *making)
{
    const struct json *want = making->want, *described;
    struct input input;

    if (!describe(making, &described))
        return false;
    if (!same_text(want, making->have, "Type", "") || !same_text(want, making->have, "Value", "") ||
        !same_text(want, making->have, "DataType", "text") ||
        !same_text(want, described, "Description", "") || !same_text(want, described, "AllowedPattern", "") ||
        !same_tier(want, described) || !same_policies(making, described)) {
        input_begin(&input);
        input_text(&input, "Name", making->id);
        input_literal(&input, "Overwrite", "true");
        write_settings(&input, making);
        /* What an overwrite does not name stays. */
        json_write_string_member(&input.body, &input.first, "Description", text_of(want, "Description"));
        json_write_string_member(&input.body, &input.first, "AllowedPattern",
                                 text_of(want, "AllowedPattern"));
        if (!making_call(making, SERVICE_SSM, "PutParameter", &input, NULL) || !find(making))
            return false;
    }
    return change_tags(making);
}

static bool read_back(struct making *making, const struct json **out)
{
    static const char *const own[] = {"Name", "Type", "Value", "DataType", NULL};
    static const char *const told[] = {"Description", "AllowedPattern", "Tier", NULL};
    const struct json *described;
    struct json tags;
    struct input input;

    if (!describe(making, &described) || !list_tags(making, &tags))
        return false;
    tags = tags_as_map(making->arena, &tags);
    input_begin(&input);
    reading_members(&input, making->have, own);
    reading_members(&input, described, told);
    reading_tags(making, &input, "Tags", &tags);
    return reading_done(making, &input, out);
}

static bool remove_parameter(struct making *making)
{
    const struct text_member named[] = {{"Name", making->id}, {0}};

    return making_do(making, SERVICE_SSM, "DeleteParameter", named, NULL);
}

/* ---- the type ---- */

/* Ref is the name; what the value is stands in the template. */
static enum resolved early(struct stack *stack, struct resource *resource, struct slice attribute,
                           struct slice *out, struct slice *reason)
{
    return attribute.len == 0 ? stack_resource_name(stack, resource, out, reason) : RESOLVED_LATER;
}

static const struct naming naming = {.property = "Name",
                                     .least = 1,
                                     .most = 2048,
                                     .part = 100,
                                     .prefix = "CFN",
                                     .what = "parameter name",
                                     .more = "_.-/",
                                     .more_text = "of a-z, A-Z, 0-9, '_', '.', '-' and '/'"};
static const char *const attributes[] = {"Type", "Value", "Arn", NULL};
static const char *const identifier[] = {"Name", NULL};
static const struct listing parameters = {.service = SERVICE_SSM,
                                          .operation = "DescribeParameters",
                                          .list = "Parameters",
                                          .token = "NextToken",
                                          .next = "NextToken",
                                          .element = "Name"};
const struct resource_type parameter_type = {.name = "AWS::SSM::Parameter",
                                             .properties = &properties,
                                             .naming = &naming,
                                             .attributes = attributes,
                                             .identifier = identifier,
                                             .listing = &parameters,
                                             .early = early,
                                             .find = find,
                                             .compare = compare,
                                             .create = create,
                                             .update = update,
                                             .read = read_back,
                                             .remove = remove_parameter};
