#include "deploy/form.h"

#include "base/characters.h"
#include "deploy/intrinsics.h"
#include "deploy/parameters.h"
#include "deploy/path.h"
#include "deploy/resource_type.h"
#include "deploy/transform.h"

struct form {
    struct stack *stack;
    struct problems *problems;
};

static bool refuse(const struct form *form, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(const struct form *form, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct slice text = arena_vprintf(form->stack->arena, format, arguments);
    va_end(arguments);
    return stack_refuse(form->stack, form->problems, "%.*s", SLICE_ARGS(text));
}

/* A name as a message shows it: cut, if it is very long. */
static struct slice shown(struct slice name)
{
    return (struct slice){name.ptr, name.len > NAME_LIMIT ? NAME_LIMIT : name.len};
}

static bool is_one_of(struct slice text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (slice_is(text, *words))
            return true;
    }
    return false;
}

static bool is_alphanumeric(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!is_letter(name.ptr[i]) && !is_digit(name.ptr[i]))
            return false;
    }
    return name.len > 0;
}

static bool is_text(const struct json *json)
{
    return json->type == JSON_STRING || json->type == JSON_NUMBER || json->type == JSON_BOOLEAN;
}

/* ---- no nulls ---- */

/* Recursion is bounded by the depth of a template. */
static bool check_nulls(const struct form *form, const struct json *json, const struct path *path)
{
    if (json->type == JSON_NULL)
        return refuse(form, "Template format error: [%.*s] 'null' values are not allowed in templates",
                      SLICE_ARGS(path_pointer(form->stack->arena, path)));
    for (size_t i = 0; json->type == JSON_ARRAY && i < json->array.count; i++) {
        if (!check_nulls(form, &json->array.items[i], &(struct path){path, {NULL, 0}, i}))
            return false;
    }
    for (size_t i = 0; json->type == JSON_OBJECT && i < json->object.count; i++) {
        const struct json_member *member = &json->object.members[i];
        struct slice name = member->name.ptr == NULL ? SLICE("") : member->name;
        if (!check_nulls(form, &member->value, &(struct path){path, name, 0}))
            return false;
    }
    return true;
}

/* ---- what sections have in common ---- */

/* A section of many members: its name, what one of them is called in messages, and how many there may be. */
struct section {
    const char *name;
    const char *member; /* of "Resource name X is non alphanumeric." */
    const char *many;   /* of "Number of resources, 501, is greater than maximum allowed, 500" */
    size_t limit;
    bool loops; /* of AWS::LanguageExtensions may stand among the members */
    bool (*check)(const struct form *form, const struct json_member *member);
};

/* Before a macro has made it what it will be. */
static bool is_loop(const struct form *form, struct slice name)
{
    return form->stack->extensions && slice_starts_with(name, SLICE(LOOP_PREFIX));
}

static bool check_name(const struct form *form, const struct section *section, struct slice name)
{
    if (!is_alphanumeric(name))
        return refuse(form, "Template format error: %s name %.*s is non alphanumeric.", section->member,
                      SLICE_ARGS(shown(name)));
    return name.len <= NAME_LIMIT ||
           refuse(form, "Template format error: %s name %.*s... is longer than %d characters.",
                  section->member, SLICE_ARGS(shown(name)), NAME_LIMIT);
}

static bool check_section(const struct form *form, const struct section *section)
{
    const struct json *json = json_get(form->stack->template, section->name);

    if (json == NULL)
        return true;
    if (json->type != JSON_OBJECT)
        return refuse(form, "Template format error: %s must be a map of names to definitions.",
                      section->name);
    if (json->object.count > section->limit)
        return refuse(form, "Template format error: Number of %s, %zu, is greater than maximum allowed, %zu",
                      section->many, json->object.count, section->limit);
    for (size_t i = 0; i < json->object.count; i++) {
        const struct json_member *member = &json->object.members[i];
        if (is_loop(form, member->name) && section->loops)
            continue;
        if (!check_name(form, section, member->name) || !section->check(form, member))
            return false;
    }
    return true;
}

/* Only these members; the message names what has them. */
static bool check_members(const struct form *form, const struct json *json, const char *const *known,
                          const char *whose)
{
    for (size_t i = 0; i < json->object.count; i++) {
        if (!is_one_of(json->object.members[i].name, known))
            return refuse(form, "Invalid template %s property '%.*s'", whose,
                          SLICE_ARGS(shown(json->object.members[i].name)));
    }
    return true;
}

/* ---- parameters ---- */

/* A bound, such as MinLength: a number, or a text that is one. */
static bool check_bound(const struct form *form, const struct json_member *parameter, const char *name)
{
    const struct json *bound = json_get(&parameter->value, name);
    struct slice text;
    bool is_number = bound == NULL || (scalar_text(bound, &text) && text.len > 0);

    for (size_t i = 0; bound != NULL && is_number && i < text.len; i++)
        is_number = is_digit(text.ptr[i]) || strchr("+-.eE", text.ptr[i]) != NULL;
    return is_number || refuse(form, "Template format error: Parameter '%.*s': %s must be a number.",
                               SLICE_ARGS(parameter->name), name);
}

static bool check_allowed_values(const struct form *form, const struct json_member *parameter)
{
    const struct json *list = json_get(&parameter->value, "AllowedValues");

    if (list == NULL)
        return true;
    if (list->type != JSON_ARRAY)
        return refuse(form, "Template format error: Every AllowedValues member must be a list.");
    for (size_t i = 0; i < list->array.count; i++) {
        if (!is_text(&list->array.items[i]))
            return refuse(form, "Template format error: Every AllowedValues entry must be a string.");
    }
    return true;
}

static bool check_parameter(const struct form *form, const struct json_member *parameter)
{
    static const char *const known[] = {"Type",
                                        "Default",
                                        "AllowedValues",
                                        "AllowedPattern",
                                        "MinLength",
                                        "MaxLength",
                                        "MinValue",
                                        "MaxValue",
                                        "Description",
                                        "NoEcho",
                                        "ConstraintDescription",
                                        NULL};
    static const char *const bounds[] = {"MinLength", "MaxLength", "MinValue", "MaxValue"};
    static const char *const texts[] = {"Default", "AllowedPattern", "ConstraintDescription", "Description",
                                        "NoEcho"};
    const struct json *declaration = &parameter->value;

    if (declaration->type != JSON_OBJECT)
        return refuse(form, "Template format error: [/Parameters/%.*s] parameter definition is malformed",
                      SLICE_ARGS(parameter->name));
    const struct json *type = json_get(declaration, "Type");
    if (type == NULL)
        return refuse(form, "Template format error: Every Parameters object must contain a Type member.");
    if (!check_members(form, declaration, known, "parameter"))
        return false;
    if (type->type != JSON_STRING || !parameter_type_exists(type->text))
        return refuse(form, "Template format error: Unrecognized parameter type: %.*s",
                      type->type == JSON_STRING ? (int)shown(type->text).len : 0,
                      type->type == JSON_STRING ? type->text.ptr : "");
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const struct json *text = json_get(declaration, texts[i]);
        if (text != NULL && !is_text(text))
            return refuse(form, "Template format error: Every %s member must be a string.", texts[i]);
    }
    for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
        if (!check_bound(form, parameter, bounds[i]))
            return false;
    }
    const struct json *description = json_get(declaration, "Description");
    if (description != NULL && description->type == JSON_STRING &&
        utf16_length(description->text) > PARAMETER_DESCRIPTION_LIMIT)
        return refuse(form,
                      "Template format error: Parameter '%.*s': 'Description' length is greater than %d.",
                      SLICE_ARGS(parameter->name), PARAMETER_DESCRIPTION_LIMIT);
    return check_allowed_values(form, parameter);
}

/* ---- mappings ---- */

static bool is_mapping_key(struct slice key)
{
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        if (!is_letter(c) && !is_digit(c) && c != '-' && c != '.')
            return false;
    }
    return key.len > 0;
}

static bool is_mapping_value(const struct json *value)
{
    if (value->type != JSON_ARRAY)
        return is_text(value);
    for (size_t i = 0; i < value->array.count; i++) {
        if (!is_mapping_value(&value->array.items[i]))
            return false;
    }
    return true;
}

static bool check_attributes(const struct form *form, struct slice mapping, const struct json_member *key)
{
    if (!is_mapping_key(key->name))
        return refuse(form,
                      "Template format error: Mappings attribute name '%.*s' must contain only alphanumeric "
                      "characters, '-' or '.'.",
                      SLICE_ARGS(shown(key->name)));
    if (key->value.type != JSON_OBJECT)
        return refuse(form, "Template format error: [/Mappings/%.*s/%.*s] mapping definition is malformed",
                      SLICE_ARGS(mapping), SLICE_ARGS(shown(key->name)));
    if (key->value.object.count > MAPPING_ATTRIBUTES_LIMIT)
        return refuse(form,
                      "Template format error: Number of mapping attributes, %zu, is greater than maximum "
                      "allowed, %d",
                      key->value.object.count, MAPPING_ATTRIBUTES_LIMIT);
    for (size_t i = 0; i < key->value.object.count; i++) {
        const struct json_member *attribute = &key->value.object.members[i];
        if (!is_mapping_key(attribute->name))
            return refuse(form,
                          "Template format error: Mappings attribute name '%.*s' must contain only "
                          "alphanumeric characters, '-' or '.'.",
                          SLICE_ARGS(shown(attribute->name)));
        if (!is_mapping_value(&attribute->value))
            return refuse(form,
                          "Template format error: Every Mappings attribute must be a String or a List.");
    }
    return true;
}

static bool check_mapping(const struct form *form, const struct json_member *mapping)
{
    if (mapping->value.type != JSON_OBJECT)
        return refuse(form, "Template format error: [/Mappings/%.*s] mapping definition is malformed",
                      SLICE_ARGS(mapping->name));
    for (size_t i = 0; i < mapping->value.object.count; i++) {
        const struct json_member *key = &mapping->value.object.members[i];
        if (!check_attributes(form, mapping->name, key))
            return false;
    }
    return true;
}

/* ---- conditions and rules ---- */

static bool check_condition(const struct form *form, const struct json_member *condition)
{
    static const char *const functions[] = {"Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Condition", NULL};
    const struct json *json = &condition->value;

    return (json->type == JSON_OBJECT && json->object.count == 1 &&
            is_one_of(json->object.members[0].name, functions)) ||
           refuse(form,
                  "Template format error: Conditions member %.*s must be a condition function: Fn::And, "
                  "Fn::Equals, Fn::Not, Fn::Or or Condition.",
                  SLICE_ARGS(condition->name));
}

static bool check_assertions(const struct form *form, const struct json_member *rule)
{
    static const char *const known[] = {"Assert", "AssertDescription", NULL};
    const struct json *assertions = json_get(&rule->value, "Assertions");

    if (assertions == NULL || assertions->type != JSON_ARRAY || assertions->array.count == 0)
        return refuse(form, "Template format error: Rule %.*s must have a list of Assertions.",
                      SLICE_ARGS(rule->name));
    for (size_t i = 0; i < assertions->array.count; i++) {
        const struct json *assertion = &assertions->array.items[i];
        const struct json *description = json_get(assertion, "AssertDescription");
        if (json_get(assertion, "Assert") == NULL)
            return refuse(form,
                          "Template format error: Every member of the Assertions of rule %.*s must have "
                          "an Assert.",
                          SLICE_ARGS(rule->name));
        if (!check_members(form, assertion, known, "rule"))
            return false;
        if (description != NULL && !is_text(description))
            return refuse(form, "Template format error: Every AssertDescription member must be a string.");
    }
    return true;
}

static bool check_rule(const struct form *form, const struct json_member *rule)
{
    static const char *const known[] = {"RuleCondition", "Assertions", NULL};

    if (rule->value.type != JSON_OBJECT)
        return refuse(form, "Template format error: [/Rules/%.*s] rule definition is malformed",
                      SLICE_ARGS(rule->name));
    return check_members(form, &rule->value, known, "rule") && check_assertions(form, rule);
}

/* ---- resources ---- */

static bool check_depends_on(const struct form *form, const struct json *on)
{
    bool good = on == NULL || on->type == JSON_STRING || on->type == JSON_ARRAY;

    for (size_t i = 0; good && on != NULL && on->type == JSON_ARRAY && i < on->array.count; i++)
        good = on->array.items[i].type == JSON_STRING;
    return good || refuse(form, "Template format error: DependsOn must be a string or list of strings.");
}

/* AWS: "DeletionPolicy attribute": the types of which there are snapshots. */
static bool has_snapshots(struct slice type)
{
    static const char *const types[] = {"AWS::DocDB::DBCluster",
                                        "AWS::EC2::Volume",
                                        "AWS::ElastiCache::CacheCluster",
                                        "AWS::ElastiCache::ReplicationGroup",
                                        "AWS::Neptune::DBCluster",
                                        "AWS::RDS::DBCluster",
                                        "AWS::RDS::DBInstance",
                                        "AWS::Redshift::Cluster",
                                        NULL};

    return is_one_of(type, types);
}

static bool check_policy(const struct form *form, const struct json_member *resource, const char *name,
                         const char *what, bool except_on_create)
{
    const struct json *policy = json_get(&resource->value, name), *type = json_get(&resource->value, "Type");

    if (policy == NULL || (form->stack->extensions && is_function(policy)))
        return true;
    if (policy->type != JSON_STRING)
        return refuse(form, "Template format error: Every %s member must be a string.", name);
    if (slice_is(policy->text, "Snapshot") && !has_snapshots(type->text))
        return refuse(form, "Template error: resource type %.*s does not support %s Snapshot",
                      SLICE_ARGS(shown(type->text)), what);
    if (slice_is(policy->text, "Delete") || slice_is(policy->text, "Retain") ||
        slice_is(policy->text, "Snapshot") ||
        (except_on_create && slice_is(policy->text, "RetainExceptOnCreate")))
        return true;
    return refuse(form, "Template error: Unrecognized %s %.*s for resource %.*s", name,
                  SLICE_ARGS(shown(policy->text)), SLICE_ARGS(resource->name));
}

/* An attribute that is an object of some members. */
static bool check_attribute(const struct form *form, const struct json_member *resource, const char *name,
                            const char *const *known)
{
    const struct json *json = json_get(&resource->value, name);

    if (json == NULL || (form->stack->extensions && is_function(json)))
        return true;
    if (json->type != JSON_OBJECT)
        return refuse(form, "Template format error: Any %s member must be a JSON object.", name);
    for (size_t i = 0; known != NULL && !is_function(json) && i < json->object.count; i++) {
        if (!is_one_of(json->object.members[i].name, known))
            return refuse(form, "Template format error: Unrecognized %s %.*s for resource %.*s", name,
                          SLICE_ARGS(shown(json->object.members[i].name)), SLICE_ARGS(resource->name));
    }
    return true;
}

static bool check_attributes_of(const struct form *form, const struct json_member *resource)
{
    static const char *const creation[] = {"AutoScalingCreationPolicy", "ResourceSignal", "StartFleet", NULL};
    static const char *const update[] = {"AutoScalingReplacingUpdate",  "AutoScalingRollingUpdate",
                                         "AutoScalingScheduledAction",  "AppStreamFleet",
                                         "CodeDeployLambdaAliasUpdate", "EnableVersionUpgrade",
                                         "UseOnlineResharding",         NULL};
    const struct json *condition = json_get(&resource->value, "Condition");

    if (condition != NULL && condition->type != JSON_STRING)
        return refuse(form, "Template format error: Every Condition member must be a string.");
    return check_attribute(form, resource, "Properties", NULL) &&
           check_attribute(form, resource, "Metadata", NULL) &&
           check_attribute(form, resource, "CreationPolicy", creation) &&
           check_attribute(form, resource, "UpdatePolicy", update) &&
           check_depends_on(form, json_get(&resource->value, "DependsOn")) &&
           check_policy(form, resource, "DeletionPolicy", "deletion policy", true) &&
           check_policy(form, resource, "UpdateReplacePolicy", "update replace policy", false);
}

static bool check_resource(const struct form *form, const struct json_member *resource)
{
    static const char *const known[] = {"Type",
                                        "Properties",
                                        "DependsOn",
                                        "Condition",
                                        "Metadata",
                                        "DeletionPolicy",
                                        "UpdateReplacePolicy",
                                        "UpdatePolicy",
                                        "CreationPolicy",
                                        "Version",
                                        NULL};

    if (resource->value.type != JSON_OBJECT)
        return refuse(form, "Template format error: [/Resources/%.*s] resource definition is malformed",
                      SLICE_ARGS(resource->name));
    const struct json *type = json_get(&resource->value, "Type");
    if (type == NULL)
        return refuse(form,
                      "Template format error: [/Resources/%.*s] Every Resources object must contain a Type "
                      "member.",
                      SLICE_ARGS(resource->name));
    if (type->type != JSON_STRING)
        return refuse(form, "Template format error: [/Resources/%.*s] Every Type member must be a string.",
                      SLICE_ARGS(resource->name));
    return check_members(form, &resource->value, known, "resource") && check_attributes_of(form, resource);
}

/* All that are not known are named together, each once. */
static bool check_types(const struct form *form)
{
    const struct json *resources = json_get(form->stack->template, "Resources");
    struct json seen = {.type = JSON_OBJECT};
    struct slice unknown = SLICE("");

    seen.object.members = arena_array(form->stack->arena, struct json_member, resources->object.count);
    for (size_t i = 0; i < resources->object.count; i++) {
        const struct json *type = json_get(&resources->object.members[i].value, "Type");
        if (type == NULL || resource_type_exists(type->text) || json_get_slice(&seen, type->text) != NULL)
            continue;
        seen.object.members[seen.object.count++] = (struct json_member){.name = type->text};
        problems_list(form->stack->arena, &unknown, shown(type->text));
    }
    return unknown.len == 0 ||
           refuse(form, "Template format error: Unrecognized resource types: [%.*s]", SLICE_ARGS(unknown));
}

/* ---- outputs ---- */

static bool check_output(const struct form *form, const struct json_member *output)
{
    static const char *const known[] = {"Description", "Value", "Export", "Condition", NULL};
    static const char *const exported[] = {"Name", NULL};
    const struct json *json = &output->value;

    if (json->type != JSON_OBJECT)
        return refuse(form, "Template format error: [/Outputs/%.*s] output definition is malformed",
                      SLICE_ARGS(output->name));
    const struct json *value = json_get(json, "Value"), *description = json_get(json, "Description"),
                      *export = json_get(json, "Export"), *condition = json_get(json, "Condition");
    if (value == NULL)
        return refuse(form, "Template format error: Every Outputs member must contain a Value object");
    if (value->type == JSON_ARRAY)
        return refuse(form,
                      "Template format error: The Value field of every Outputs member must evaluate to a "
                      "String and not a List.");
    if (value->type == JSON_OBJECT && !is_function(value))
        return refuse(
            form,
            "Template format error: The Value field of every Outputs member must evaluate to a String.");
    if (!check_members(form, json, known, "output"))
        return false;
    if (description != NULL && !is_text(description))
        return refuse(form, "Template format error: Every Description member must be a string.");
    if (condition != NULL && condition->type != JSON_STRING)
        return refuse(form, "Template format error: Every Condition member must be a string.");
    if (export == NULL)
        return true;
    if (json_get(export, "Name") == NULL)
        return refuse(form, "Template format error: Output %.*s is malformed. Its Export must have a Name.",
                      SLICE_ARGS(output->name));
    return check_members(form, export, exported, "output");
}

/* ---- the whole ---- */

/* Sections whose members are as their names say. */
static const struct section sections[] = {
    {"Parameters", "Parameter", "parameters", PARAMETERS_LIMIT, false, check_parameter},
    {"Mappings", "Mappings", "mappings", MAPPINGS_LIMIT, false, check_mapping},
    {"Conditions", "Condition", "conditions", CONDITIONS_LIMIT, true, check_condition},
    {"Rules", "Rule", "rules", RULES_LIMIT, false, check_rule},
    {"Resources", "Resource", "resources", RESOURCES_LIMIT, true, check_resource},
    {"Outputs", "Outputs", "outputs", OUTPUTS_LIMIT, true, check_output},
};

static bool check_top(const struct form *form)
{
    static const char *const known[] = {"AWSTemplateFormatVersion",
                                        "Description",
                                        "Metadata",
                                        "Parameters",
                                        "Mappings",
                                        "Conditions",
                                        "Rules",
                                        "Transform",
                                        "Resources",
                                        "Outputs",
                                        NULL};
    const struct json *template = form->stack->template;
    struct slice unknown = SLICE("");

    for (size_t i = 0; i < template->object.count; i++) {
        struct slice name = template->object.members[i].name;
        bool of_macro = form->stack->any_types && slice_is(name, "Globals"); /* of AWS::Serverless */
        if (!of_macro && !is_one_of(name, known))
            problems_list(form->stack->arena, &unknown, shown(template->object.members[i].name));
    }
    return unknown.len == 0 ||
           refuse(form, "Invalid template property or properties [%.*s]", SLICE_ARGS(unknown));
}

static bool check_heading(const struct form *form)
{
    const struct json *version = json_get(form->stack->template, "AWSTemplateFormatVersion");
    const struct json *description = json_get(form->stack->template, "Description");
    const struct json *metadata = json_get(form->stack->template, "Metadata");

    if (version != NULL && (version->type != JSON_STRING || !slice_is(version->text, "2010-09-09")))
        return refuse(form, "Template format error: unsupported value for AWSTemplateFormatVersion.");
    if (description != NULL && description->type != JSON_STRING)
        return refuse(form, "Template format error: Description must be a string.");
    if (description != NULL && description->text.len > DESCRIPTION_LIMIT)
        return refuse(form, "Template format error: 'Description' length is greater than %d.",
                      DESCRIPTION_LIMIT);
    return metadata == NULL || metadata->type == JSON_OBJECT ||
           refuse(form, "Template format error: Metadata must be a JSON object.");
}

bool form_check_sections(struct stack *stack, struct problems *problems)
{
    const struct form form = {stack, problems};
    const struct json *resources = json_get(stack->template, "Resources");

    if (!check_top(&form) || !check_nulls(&form, stack->template, &(struct path){0}) || !check_heading(&form))
        return false;
    if (resources == NULL || (resources->type == JSON_OBJECT && resources->object.count == 0))
        return refuse(&form, "Template format error: At least one Resources member must be defined.");
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        if (!check_section(&form, &sections[i]))
            return false;
    }
    return stack->any_types || check_types(&form);
}
