/* The functions of a template: their arguments, where they may stand, and what they refer to. */
#include "base/characters.h"
#include "deploy/form.h"
#include "deploy/intrinsics.h"
#include "deploy/parameters.h"
#include "deploy/path.h"
#include "deploy/resource_type.h"

enum block { IN_RESOURCES = 1, IN_OUTPUTS = 2, IN_CONDITIONS = 4, IN_RULES = 8 };

/* A walk over one block of the template. */
struct walk {
    struct stack *stack;
    struct problems *problems;
    enum block block;
    const char *block_name;
    bool *needs;                /* of the resource at hand, one for each resource; NULL: of none */
    struct slice unresolved;    /* what Ref, Fn::Sub and DependsOn name and is not there */
    struct slice first_place;   /* of the first of these */
    struct slice no_conditions; /* conditions that are named and not there */
};

static bool walk_value(struct walk *walk, const struct json *json, const struct path *path);

static bool refuse(struct walk *walk, const struct path *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool refuse(struct walk *walk, const struct path *path, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct slice text = arena_vprintf(walk->stack->arena, format, arguments);
    va_end(arguments);
    (void)stack_refuse(walk->stack, walk->problems, "%.*s", SLICE_ARGS(text));
    problems_locate(walk->problems, path_text(walk->stack->arena, path));
    return false;
}

static struct slice shown(struct slice name)
{
    return (struct slice){name.ptr, name.len > NAME_LIMIT ? NAME_LIMIT : name.len};
}

static bool is_list(const struct json *json, size_t least, size_t most)
{
    return json->type == JSON_ARRAY && json->array.count >= least && json->array.count <= most;
}

static bool is_text(const struct json *json)
{
    return json->type == JSON_STRING || json->type == JSON_NUMBER || json->type == JSON_BOOLEAN;
}

static bool is_text_or_function(const struct json *json)
{
    return is_text(json) || is_function(json);
}

/* ---- names ---- */

static bool is_pseudo(struct slice name)
{
    static const char *const names[] = {"AWS::AccountId", "AWS::NotificationARNs", "AWS::NoValue",
                                        "AWS::Partition", "AWS::Region",           "AWS::StackId",
                                        "AWS::StackName", "AWS::URLSuffix",        NULL};

    for (size_t i = 0; names[i] != NULL; i++) {
        if (slice_is(name, names[i]))
            return true;
    }
    return false;
}

static const struct resource *note_resource(struct walk *walk, struct slice name)
{
    const struct resource *resource = stack_resource(walk->stack, name);

    if (resource != NULL && walk->needs != NULL)
        walk->needs[resource - walk->stack->resources] = true;
    return resource;
}

/* What Ref names: what is not there is gathered, for CloudFormation tells of all at once. */
static void note_reference(struct walk *walk, struct slice name, const struct path *path)
{
    bool resources_too = walk->block == IN_RESOURCES || walk->block == IN_OUTPUTS;

    if (is_pseudo(name) || parameter_declared(walk->stack, name) ||
        (resources_too && note_resource(walk, name) != NULL))
        return;
    if (walk->unresolved.len == 0)
        walk->first_place = path_text(walk->stack->arena, path);
    problems_list(walk->stack->arena, &walk->unresolved, shown(name));
}

static bool has_condition(const struct walk *walk, struct slice name)
{
    return json_get_slice(json_get(walk->stack->template, "Conditions"), name) != NULL;
}

static void note_condition(struct walk *walk, struct slice name)
{
    if (!has_condition(walk, name))
        problems_list(walk->stack->arena, &walk->no_conditions, shown(name));
}

/* Of a type whose attributes are known it must be one of them. A nested stack's are its outputs. */
static bool check_attribute(struct walk *walk, const struct resource *resource, struct slice attribute,
                            const struct path *path)
{
    bool is_stack = slice_is(resource->type, "AWS::CloudFormation::Stack");

    if (is_stack ? slice_starts_with(attribute, SLICE("Outputs."))
                 : resource_has_attribute(resource, attribute))
        return true;
    return refuse(walk, path,
                  "Template error: resource %.*s does not support attribute type %.*s in Fn::GetAtt",
                  SLICE_ARGS(resource->id), SLICE_ARGS(shown(attribute)));
}

/* ---- the functions ---- */

static bool walk_list(struct walk *walk, const struct json *list, size_t from, const struct path *path)
{
    for (size_t i = from; i < list->array.count; i++) {
        if (!walk_value(walk, &list->array.items[i], path))
            return false;
    }
    return true;
}

static bool walk_ref(struct walk *walk, const struct json *argument, const struct path *path)
{
    if (argument->type != JSON_STRING)
        return refuse(walk, path, "Template error: every Ref object must have a single String value.");
    note_reference(walk, argument->text, path);
    return true;
}

static bool walk_get_att(struct walk *walk, const struct json *argument, const struct path *path)
{
    struct slice id, attribute = SLICE("");
    bool literal = true;

    if (argument->type == JSON_STRING && split_attribute(argument->text, &id, &attribute)) {
    } else if (is_list(argument, 2, 2) && argument->array.items[0].type == JSON_STRING &&
               argument->array.items[0].text.len > 0 && is_text_or_function(&argument->array.items[1])) {
        id = argument->array.items[0].text;
        literal = scalar_text(&argument->array.items[1], &attribute);
    }
    if (literal && attribute.len == 0)
        return refuse(
            walk, path,
            "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource "
            "name and the resource attribute");
    const struct resource *resource = note_resource(walk, id);
    if (resource == NULL)
        return refuse(walk, path, "Template error: instance of Fn::GetAtt references undefined resource %.*s",
                      SLICE_ARGS(shown(id)));
    return literal ? check_attribute(walk, resource, attribute, path)
                   : walk_value(walk, &argument->array.items[1], path);
}

static bool is_variable(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!is_word_character(name.ptr[i]) && name.ptr[i] != '.' && name.ptr[i] != ':')
            return false;
    }
    return name.len > 0;
}

static bool walk_variable(struct walk *walk, struct slice name, const struct json *variables,
                          const struct path *path)
{
    struct slice id, attribute;

    if (!is_variable(name))
        return refuse(walk, path,
                      "Template error: variable names in Fn::Sub syntax must contain only alphanumeric "
                      "characters, underscores, periods, and colons");
    if (json_get_slice(variables, name) != NULL)
        return true;
    if (!split_attribute(name, &id, &attribute)) {
        note_reference(walk, name, path);
        return true;
    }
    const struct resource *resource = walk->block == IN_CONDITIONS ? NULL : note_resource(walk, id);
    if (resource == NULL)
        return refuse(walk, path,
                      "Template error: instance of Fn::Sub references invalid resource attribute %.*s",
                      SLICE_ARGS(shown(name)));
    return check_attribute(walk, resource, attribute, path);
}

static bool walk_sub(struct walk *walk, const struct json *argument, const struct path *path)
{
    const struct json *text = argument, *variables = NULL;
    struct slice rest, name;

    if (is_list(argument, 1, 2)) {
        text = &argument->array.items[0];
        variables = argument->array.count == 2 ? &argument->array.items[1] : NULL;
    }
    if (!is_text(text) || (variables != NULL && (variables->type != JSON_OBJECT || is_function(variables))))
        return refuse(
            walk, path,
            "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. "
            "Specify a string as first argument, and an optional second argument to specify a mapping "
            "of values to replace in the string");
    if (text->type == JSON_STRING) {
        for (rest = text->text; substitution_next(&rest, &(struct slice){0}, &name);) {
            if ((name.len == 0 || name.ptr[0] != '!') && !walk_variable(walk, name, variables, path))
                return false;
        }
    }
    for (size_t i = 0; variables != NULL && i < variables->object.count; i++) {
        if (!walk_value(walk, &variables->object.members[i].value, path))
            return false;
    }
    return true;
}

static bool walk_join(struct walk *walk, const struct json *argument, const struct path *path)
{
    if (!is_list(argument, 2, 2) || !is_text(&argument->array.items[0]) ||
        (argument->array.items[1].type != JSON_ARRAY && !is_function(&argument->array.items[1])))
        return refuse(
            walk, path,
            "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and "
            "(2) a list of strings to be joined or a function that returns a list of strings (such as "
            "Fn::GetAZs) to be joined.");
    return walk_value(walk, &argument->array.items[1], path);
}

static bool walk_split(struct walk *walk, const struct json *argument, const struct path *path)
{
    if (!is_list(argument, 2, 2) || argument->array.items[0].type != JSON_STRING ||
        argument->array.items[0].text.len == 0 || !is_text_or_function(&argument->array.items[1]))
        return refuse(
            walk, path,
            "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and "
            "(2) a string to be split or a function that returns a string to be split.");
    return walk_value(walk, &argument->array.items[1], path);
}

static bool walk_select(struct walk *walk, const struct json *argument, const struct path *path)
{
    if (!is_list(argument, 2, 2) || !is_text_or_function(&argument->array.items[0]) ||
        (argument->array.items[1].type != JSON_ARRAY && !is_function(&argument->array.items[1])))
        return refuse(
            walk, path,
            "Template error: Fn::Select requires a list argument with two elements: an integer index "
            "and a list");
    return walk_list(walk, argument, 0, path);
}

/* The mapping and its keys, as far as they are told by text. */
static bool check_mapping(struct walk *walk, const struct json *argument, const struct path *path)
{
    const struct json *found = json_get(walk->stack->template, "Mappings"), *items = argument->array.items;
    bool has_default = argument->array.count == 4;

    if (items[0].type != JSON_STRING || has_default)
        return true;
    found = json_get_slice(found, items[0].text);
    if (found == NULL)
        return refuse(
            walk, path,
            "Template error: Mapping named '%.*s' is not present in the 'Mappings' section of template.",
            SLICE_ARGS(shown(items[0].text)));
    struct slice key, attribute;
    if (!scalar_text(&items[1], &key) || !scalar_text(&items[2], &attribute))
        return true;
    if (json_get_slice(json_get_slice(found, key), attribute) != NULL)
        return true;
    return refuse(walk, path, "Template error: Unable to get mapping for %.*s::%.*s::%.*s",
                  SLICE_ARGS(items[0].text), SLICE_ARGS(shown(key)), SLICE_ARGS(shown(attribute)));
}

/* AWS: "Fn::FindInMap": Ref and Fn::FindInMap alone may stand in it, without language extensions. */
static bool may_be_key(const struct walk *walk, const struct json *key)
{
    if (is_text(key))
        return true;
    return is_function(key) && (walk->stack->extensions || slice_is(key->object.members[0].name, "Ref") ||
                                slice_is(key->object.members[0].name, "Fn::FindInMap"));
}

static bool walk_find_in_map(struct walk *walk, const struct json *argument, const struct path *path)
{
    bool good = is_list(argument, 3, walk->stack->extensions ? 4 : 3);

    for (size_t i = 0; good && i < 3; i++)
        good = may_be_key(walk, &argument->array.items[i]);
    if (good && argument->array.count == 4)
        good = json_get(&argument->array.items[3], "DefaultValue") != NULL &&
               argument->array.items[3].object.count == 1;
    if (!good)
        return refuse(
            walk, path,
            "Template error: every Fn::FindInMap object requires three parameters, the map name, map key "
            "and the attribute for return value");
    return walk_list(walk, argument, 0, path) && check_mapping(walk, argument, path);
}

static bool walk_any(struct walk *walk, const struct json *argument, const struct path *path)
{
    return walk_value(walk, argument, path);
}

static bool walk_base64(struct walk *walk, const struct json *argument, const struct path *path)
{
    return is_text_or_function(argument)
               ? walk_value(walk, argument, path)
               : refuse(walk, path,
                        "Template error: every Fn::Base64 object must have a String-typed value.");
}

static bool walk_get_azs(struct walk *walk, const struct json *argument, const struct path *path)
{
    return is_text_or_function(argument)
               ? walk_value(walk, argument, path)
               : refuse(walk, path,
                        "Template error: every Fn::GetAZs object must have a String-typed value.");
}

static bool walk_cidr(struct walk *walk, const struct json *argument, const struct path *path)
{
    bool good = is_list(argument, 2, 3);

    for (size_t i = 0; good && i < argument->array.count; i++)
        good = is_text_or_function(&argument->array.items[i]);
    if (!good)
        return refuse(
            walk, path,
            "Template error: every Fn::Cidr object requires two or three parameters, (1) a CIDR block, "
            "(2) the number of CIDRs to generate and (3) optionally the number of subnet bits.");
    return walk_list(walk, argument, 0, path);
}

/* AWS: its value "must not depend on any resources, imported values, or Fn::GetAZs". */
static bool is_free_of_resources(const struct walk *walk, const struct json *json)
{
    static const char *const bound[] = {"Fn::GetAtt", "Fn::ImportValue", "Fn::GetAZs", NULL};
    struct slice rest, name;
    bool free = true;

    for (size_t i = 0; json->type == JSON_ARRAY && free && i < json->array.count; i++)
        free = is_free_of_resources(walk, &json->array.items[i]);
    for (size_t i = 0; json->type == JSON_OBJECT && free && i < json->object.count; i++) {
        const struct json_member *member = &json->object.members[i];
        for (size_t j = 0; bound[j] != NULL; j++)
            free &= !slice_is(member->name, bound[j]);
        if (slice_is(member->name, "Ref") && member->value.type == JSON_STRING)
            free &= stack_resource(walk->stack, member->value.text) == NULL;
        else if (slice_is(member->name, "Fn::Sub")) {
            const struct json *text =
                is_list(&member->value, 1, 2) ? member->value.array.items : &member->value;
            rest = text->type == JSON_STRING ? text->text : SLICE("");
            while (substitution_next(&rest, &(struct slice){0}, &name))
                free &= stack_resource(walk->stack, name) == NULL && memchr(name.ptr, '.', name.len) == NULL;
        }
        free = free && is_free_of_resources(walk, &member->value);
    }
    return free;
}

static bool walk_import_value(struct walk *walk, const struct json *argument, const struct path *path)
{
    if (!is_text_or_function(argument))
        return refuse(walk, path,
                      "Template error: every Fn::ImportValue object must have a String-typed value.");
    if (!is_free_of_resources(walk, argument))
        return refuse(
            walk, path,
            "Template error: the attribute in Fn::ImportValue must not depend on any resources, imported "
            "values, or Fn::GetAZs");
    return walk_value(walk, argument, path);
}

static bool walk_if(struct walk *walk, const struct json *argument, const struct path *path)
{
    if (!is_list(argument, 3, 3) || argument->array.items[0].type != JSON_STRING)
        return refuse(walk, path, "Template error: Fn::If requires a list argument with three elements");
    if (!has_condition(walk, argument->array.items[0].text))
        return refuse(walk, path, "Template error: unresolved condition dependency %.*s in Fn::If",
                      SLICE_ARGS(shown(argument->array.items[0].text)));
    return walk_list(walk, argument, 1, path);
}

/* ---- conditions ---- */

static bool is_condition(const struct walk *walk, const struct json *json)
{
    static const char *const names[] = {
        "Condition",    "Fn::And",          "Fn::Equals",           "Fn::Not", "Fn::Or", "Fn::If",
        "Fn::Contains", "Fn::EachMemberIn", "Fn::EachMemberEquals", NULL};
    enum { FOR_ALL = 5 }; /* the others are for rules */

    if (json->type != JSON_OBJECT || json->object.count != 1)
        return false;
    for (size_t i = 0; names[i] != NULL; i++) {
        if ((i < FOR_ALL || walk->block == IN_RULES) && slice_is(json->object.members[0].name, names[i]))
            return true;
    }
    return false;
}

static bool walk_conditions(struct walk *walk, const struct json *argument, size_t least, size_t most,
                            const char *usage, const struct path *path)
{
    bool good = is_list(argument, least, most);

    for (size_t i = 0; good && i < argument->array.count; i++)
        good = is_condition(walk, &argument->array.items[i]);
    return good ? walk_list(walk, argument, 0, path) : refuse(walk, path, "Template error: %s", usage);
}

static bool walk_and(struct walk *walk, const struct json *argument, const struct path *path)
{
    return walk_conditions(
        walk, argument, 2, 10,
        "every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.", path);
}

static bool walk_or(struct walk *walk, const struct json *argument, const struct path *path)
{
    return walk_conditions(
        walk, argument, 2, 10,
        "every Fn::Or object requires a list of at least 2 and at most 10 boolean parameters.", path);
}

static bool walk_not(struct walk *walk, const struct json *argument, const struct path *path)
{
    return walk_conditions(walk, argument, 1, 1, "every Fn::Not object requires one boolean parameter.",
                           path);
}

static bool walk_equals(struct walk *walk, const struct json *argument, const struct path *path)
{
    if (!is_list(argument, 2, 2))
        return refuse(walk, path,
                      "Template error: every Fn::Equals object requires a list of 2 string parameters.");
    return walk_list(walk, argument, 0, path);
}

static bool walk_condition(struct walk *walk, const struct json *argument, const struct path *path)
{
    if (argument->type != JSON_STRING)
        return refuse(walk, path, "Template format error: Every Condition member must be a string.");
    note_condition(walk, argument->text);
    return true;
}

/* ---- rules ---- */

static bool walk_contains(struct walk *walk, const struct json *argument, const struct path *path)
{
    if (!is_list(argument, 2, 2) ||
        (argument->array.items[0].type != JSON_ARRAY && !is_function(&argument->array.items[0])))
        return refuse(
            walk, path,
            "Template error: every Fn::Contains, Fn::EachMemberEquals and Fn::EachMemberIn object requires "
            "two parameters, a list of strings and what is asked of them");
    return walk_list(walk, argument, 0, path);
}

static bool walk_ref_all(struct walk *walk, const struct json *argument, const struct path *path)
{
    return argument->type == JSON_STRING && argument->text.len > 0
               ? true
               : refuse(walk, path,
                        "Template error: every Fn::RefAll object must have a single String value.");
}

static bool walk_value_of(struct walk *walk, const struct json *argument, const struct path *path)
{
    if (!is_list(argument, 2, 2) || argument->array.items[0].type != JSON_STRING ||
        argument->array.items[1].type != JSON_STRING)
        return refuse(
            walk, path,
            "Template error: every Fn::ValueOf object requires two strings, the name of a parameter and "
            "of an attribute of it");
    if (!parameter_declared(walk->stack, argument->array.items[0].text))
        return refuse(walk, path,
                      "Template error: instance of Fn::ValueOf references undefined parameter %.*s",
                      SLICE_ARGS(shown(argument->array.items[0].text)));
    return true;
}

static bool walk_value_of_all(struct walk *walk, const struct json *argument, const struct path *path)
{
    return is_list(argument, 2, 2) && argument->array.items[0].type == JSON_STRING &&
                   argument->array.items[1].type == JSON_STRING
               ? true
               : refuse(walk, path,
                        "Template error: every Fn::ValueOfAll object requires two strings, a type of "
                        "parameters and "
                        "an attribute of them");
}

/* ---- which there are ---- */

#define PLAIN (IN_RESOURCES | IN_OUTPUTS)
#define TEXTS (PLAIN | IN_CONDITIONS)
#define TRUTH (IN_CONDITIONS | IN_RULES)

static const struct function {
    const char *name;
    unsigned blocks; /* where it may stand */
    bool extension;  /* one of AWS::LanguageExtensions */
    bool (*walk)(struct walk *walk, const struct json *argument, const struct path *path);
} functions[] = {
    {"Ref", TEXTS | IN_RULES, false, walk_ref},
    {"Fn::GetAtt", PLAIN, false, walk_get_att},
    {"Fn::Sub", TEXTS, false, walk_sub},
    {"Fn::Join", TEXTS, false, walk_join},
    {"Fn::Split", TEXTS, false, walk_split},
    {"Fn::Select", TEXTS, false, walk_select},
    {"Fn::FindInMap", TEXTS | IN_RULES, false, walk_find_in_map},
    {"Fn::Base64", PLAIN, false, walk_base64},
    {"Fn::Cidr", PLAIN, false, walk_cidr},
    {"Fn::GetAZs", PLAIN, false, walk_get_azs},
    {"Fn::ImportValue", PLAIN, false, walk_import_value},
    {"Fn::If", PLAIN, false, walk_if},
    {"Fn::Length", TEXTS, true, walk_any},
    {"Fn::ToJsonString", TEXTS, true, walk_any},
    {"Fn::And", TRUTH, false, walk_and},
    {"Fn::Or", TRUTH, false, walk_or},
    {"Fn::Not", TRUTH, false, walk_not},
    {"Fn::Equals", TRUTH, false, walk_equals},
    {"Fn::Contains", IN_RULES, false, walk_contains},
    {"Fn::EachMemberEquals", IN_RULES, false, walk_contains},
    {"Fn::EachMemberIn", IN_RULES, false, walk_contains},
    {"Fn::RefAll", IN_RULES, false, walk_ref_all},
    {"Fn::ValueOf", IN_RULES, false, walk_value_of},
    {"Fn::ValueOfAll", IN_RULES, false, walk_value_of_all},
};

static const struct function *find_function(const struct walk *walk, struct slice name)
{
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (slice_is(name, functions[i].name))
            return functions[i].extension && !walk->stack->extensions ? NULL : &functions[i];
    }
    return NULL;
}

static bool refuse_function(struct walk *walk, struct slice name, const struct path *path)
{
    if (slice_is(name, "Fn::Transform") || slice_starts_with(name, SLICE("Fn::ForEach")))
        return refuse(walk, path, "Template error: %.*s is not available here", SLICE_ARGS(shown(name)));
    return refuse(
        walk, path,
        "Template error: Encountered unsupported function: %.*s Supported functions are: [Fn::Base64, "
        "Fn::GetAtt, Fn::GetAZs, Fn::ImportValue, Fn::Join, Fn::Split, Fn::FindInMap, Fn::Select, Ref, "
        "Fn::Equals, Fn::If, Fn::Not, Condition, Fn::And, Fn::Or, Fn::Contains, Fn::EachMemberEquals, "
        "Fn::EachMemberIn, Fn::ValueOf, Fn::ValueOfAll, Fn::RefAll, Fn::Sub, Fn::Cidr]",
        SLICE_ARGS(shown(name)));
}

static bool refuse_place(struct walk *walk, const struct function *function, const struct path *path)
{
    if (walk->block == IN_CONDITIONS)
        return refuse(walk, path, "Template error: Cannot use %s in Conditions.", function->name);
    if (walk->block == IN_RULES)
        return refuse(walk, path, "Template error: Cannot use %s in Rules.", function->name);
    if (function->blocks == IN_RULES)
        return refuse(walk, path, "Template error: Cannot use %s outside of Rules.", function->name);
    return refuse(walk, path, "Template error: %s cannot be partially collapsed", function->name);
}

static bool walk_function(struct walk *walk, const struct json_member *member, const struct path *path)
{
    const struct function *function = find_function(walk, member->name);

    if (function == NULL)
        return refuse_function(walk, member->name, path);
    if ((function->blocks & walk->block) == 0)
        return refuse_place(walk, function, path);
    return function->walk(walk, &member->value, path);
}

/* ---- values ---- */

/* Recursion is bounded by the depth of a template. */
static bool walk_value(struct walk *walk, const struct json *json, const struct path *path)
{
    if (json->type == JSON_ARRAY) {
        for (size_t i = 0; i < json->array.count; i++) {
            if (!walk_value(walk, &json->array.items[i], &(struct path){path, SLICE(""), i}))
                return false;
        }
    }
    if (json->type != JSON_OBJECT)
        return true;
    if (is_function(json))
        return walk_function(walk, &json->object.members[0], path);
    if (walk->block == IN_CONDITIONS && json->object.count == 1 &&
        slice_is(json->object.members[0].name, "Condition"))
        return walk_condition(walk, &json->object.members[0].value, path);
    for (size_t i = 0; i < json->object.count; i++) {
        const struct json_member *member = &json->object.members[i];
        if (!walk_value(walk, &member->value, &(struct path){path, member->name, 0}))
            return false;
    }
    return true;
}

static void walk_dependencies(struct walk *walk, const struct json *on, const struct path *path)
{
    size_t count = on == NULL ? 0 : on->type == JSON_ARRAY ? on->array.count : 1;

    for (size_t i = 0; i < count; i++) {
        const struct json *name = on->type == JSON_ARRAY ? &on->array.items[i] : on;
        if (note_resource(walk, name->text) != NULL)
            continue;
        if (walk->unresolved.len == 0)
            walk->first_place = path_text(walk->stack->arena, path);
        problems_list(walk->stack->arena, &walk->unresolved, shown(name->text));
    }
}

/* ---- blocks ---- */

static bool settle(struct walk *walk)
{
    if (walk->no_conditions.len > 0)
        return stack_refuse(
            walk->stack, walk->problems,
            "Template format error: Unresolved condition dependencies [%.*s] in the %s block of the "
            "template",
            SLICE_ARGS(walk->no_conditions), walk->block_name);
    if (walk->unresolved.len == 0)
        return true;
    if (walk->block == IN_CONDITIONS)
        (void)stack_refuse(
            walk->stack, walk->problems,
            "Template format error: Unresolved dependencies [%.*s]. Cannot reference resources in "
            "the Conditions block of the template",
            SLICE_ARGS(walk->unresolved));
    else
        (void)stack_refuse(
            walk->stack, walk->problems,
            "Template format error: Unresolved resource dependencies [%.*s] in the %s block of the "
            "template",
            SLICE_ARGS(walk->unresolved), walk->block_name);
    problems_locate(walk->problems, walk->first_place);
    return false;
}

static bool walk_resource(struct walk *walk, const struct resource *resource)
{
    static const char *const parts[] = {"Properties",   "Metadata",       "CreationPolicy",
                                        "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy"};
    const struct path root = {0}, block = {&root, SLICE("Resources"), 0}, whole = {&block, resource->id, 0};
    const struct json *condition = json_get(resource->body, "Condition");

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        const struct json *part = json_get(resource->body, parts[i]);
        if (part != NULL && !walk_value(walk, part, &(struct path){&whole, slice_of(parts[i]), 0}))
            return false;
    }
    if (condition != NULL)
        note_condition(walk, condition->text);
    walk_dependencies(walk, json_get(resource->body, "DependsOn"),
                      &(struct path){&whole, SLICE("DependsOn"), 0});
    return true;
}

static bool check_resources(struct stack *stack, bool *needs, struct problems *problems)
{
    struct walk walk = {.stack = stack,
                        .problems = problems,
                        .block = IN_RESOURCES,
                        .block_name = "Resources",
                        .unresolved = SLICE(""),
                        .no_conditions = SLICE("")};

    for (size_t i = 0; i < stack->resource_count; i++) {
        walk.needs = needs + i * stack->resource_count;
        if (!walk_resource(&walk, &stack->resources[i]))
            return false;
    }
    return settle(&walk);
}

/* A section whose members' values, or parts of them, are walked over. */
static bool check_block(struct stack *stack, enum block block, const char *name, const char *const *parts,
                        struct problems *problems)
{
    const struct json *section = json_get(stack->template, name);
    const struct path root = {0}, path = {&root, slice_of(name), 0};
    struct walk walk = {.stack = stack,
                        .problems = problems,
                        .block = block,
                        .block_name = name,
                        .unresolved = SLICE(""),
                        .no_conditions = SLICE("")};

    for (size_t i = 0; section != NULL && i < section->object.count; i++) {
        const struct json_member *member = &section->object.members[i];
        const struct path whole = {&path, member->name, 0};
        const struct json *condition = json_get(&member->value, "Condition");
        if (parts == NULL && !walk_value(&walk, &member->value, &whole))
            return false;
        for (size_t j = 0; parts != NULL && parts[j] != NULL; j++) {
            const struct json *part = json_get(&member->value, parts[j]);
            if (part != NULL && !walk_value(&walk, part, &(struct path){&whole, slice_of(parts[j]), 0}))
                return false;
        }
        if (block == IN_OUTPUTS && condition != NULL)
            note_condition(&walk, condition->text);
    }
    return settle(&walk);
}

bool form_check_functions(struct stack *stack, bool *needs, struct problems *problems)
{
    static const char *const outputs[] = {"Value", "Export", NULL};
    static const char *const rules[] = {"RuleCondition", "Assertions", NULL};

    return check_block(stack, IN_CONDITIONS, "Conditions", NULL, problems) &&
           check_block(stack, IN_RULES, "Rules", rules, problems) &&
           check_resources(stack, needs, problems) &&
           check_block(stack, IN_OUTPUTS, "Outputs", outputs, problems);
}
