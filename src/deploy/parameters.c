#include "deploy/parameters.h"

#include "base/characters.h"
#include "deploy/intrinsics.h"
#include "deploy/regex.h"
#include "items/number.h"

/* ---- types ---- */

#define STORE_TYPE "AWS::SSM::Parameter::Value<"
#define LIST_TYPE  "List<"

/* What AWS has a type of parameter for: the ids of things that are there. They are taken as texts. */
static const char *const ids[] = {"AWS::EC2::AvailabilityZone::Name",
                                  "AWS::EC2::Image::Id",
                                  "AWS::EC2::Instance::Id",
                                  "AWS::EC2::KeyPair::KeyName",
                                  "AWS::EC2::SecurityGroup::GroupName",
                                  "AWS::EC2::SecurityGroup::Id",
                                  "AWS::EC2::Subnet::Id",
                                  "AWS::EC2::Volume::Id",
                                  "AWS::EC2::VPC::Id",
                                  "AWS::Route53::HostedZone::Id",
                                  NULL};

static bool is_one_of(struct slice text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (slice_is(text, *words))
            return true;
    }
    return false;
}

/* What stands between `before` and a last '>'; empty: the type is another. */
static struct slice type_within(struct slice type, struct slice before)
{
    if (!slice_starts_with(type, before) || type.len <= before.len || type.ptr[type.len - 1] != '>')
        return SLICE("");
    return (struct slice){type.ptr + before.len, type.len - before.len - 1};
}

struct slice parameter_type_of_store(struct slice type)
{
    return type_within(type, SLICE(STORE_TYPE));
}

bool parameter_type_is_list(struct slice type)
{
    return slice_is(type, "CommaDelimitedList") || type_within(type, SLICE(LIST_TYPE)).len > 0;
}

bool parameter_type_exists(struct slice type)
{
    static const char *const plain[] = {"String", "Number", "CommaDelimitedList", "AWS::SSM::Parameter::Name",
                                        NULL};
    static const char *const kept[] = {"String", "CommaDelimitedList", NULL};
    static const char *const elements[] = {"String", "Number", NULL};
    struct slice within = parameter_type_of_store(type);
    bool store = within.len > 0;

    if (store)
        type = within;
    if (is_one_of(type, ids) || is_one_of(type, store ? kept : plain))
        return true;
    struct slice element = type_within(type, SLICE(LIST_TYPE));
    return is_one_of(element, ids) || is_one_of(element, elements);
}

/* ---- values ---- */

bool parameter_declared(const struct stack *stack, struct slice name)
{
    return json_get_slice(json_get(stack->template, "Parameters"), name) != NULL;
}

struct parameter *parameter_find(const struct stack *stack, struct slice name)
{
    for (size_t i = 0; i < stack->parameter_count; i++) {
        if (slice_equal(stack->parameters[i].name, name))
            return &stack->parameters[i];
    }
    return NULL;
}

/* The text of an argument that a parent's template gives; a list's elements with commas between them. */
static bool argument_text(struct arena *arena, const struct json *argument, struct slice *out)
{
    struct slice element;

    if (argument->type != JSON_ARRAY)
        return scalar_text(argument, out);
    *out = SLICE("");
    for (size_t i = 0; i < argument->array.count; i++) {
        if (!scalar_text(&argument->array.items[i], &element))
            return false;
        *out = arena_printf(arena, "%.*s%s%.*s", SLICE_ARGS(*out), i > 0 ? "," : "", SLICE_ARGS(element));
        if (out->len > PARAMETER_LENGTH_LIMIT)
            break; /* the check of the length tells */
    }
    return true;
}

/* False: there is no such argument. What is not known yet is asked for again when it is needed. */
static bool read_argument(struct stack *stack, struct parameter *parameter)
{
    const struct stack_identity *identity = &stack->identity;
    const struct json *argument =
        identity->as_resource == NULL
            ? NULL
            : json_get_slice(json_get(identity->as_resource->properties, "Parameters"), parameter->name);
    struct json value;

    if (argument == NULL)
        return false;
    parameter->state = stack_evaluate(identity->parent, argument, &value, &parameter->reason);
    if (parameter->state == RESOLVED && !argument_text(stack->arena, &value, &parameter->text))
        parameter->text = (struct slice){NULL, 0};
    if (parameter->state != RESOLVED_NOTHING)
        return true;
    parameter->state = RESOLVED;
    return false;
}

/* False: it has no value. */
static bool read_given(struct stack *stack, struct parameter *parameter)
{
    const struct json *given = json_get_slice(stack->identity.parameters, parameter->name);

    if (given != NULL)
        return scalar_text(given, &parameter->text);
    if (read_argument(stack, parameter))
        return true;
    given = json_get(parameter->declaration, "Default");
    return given != NULL && scalar_text(given, &parameter->text);
}

/* ---- constraints ---- */

struct check {
    struct stack *stack;
    const struct parameter *parameter;
    struct problems *problems;
};

/* The sentence, or what the template itself says of what is allowed. */
static bool refuse(const struct check *check, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(const struct check *check, const char *format, ...)
{
    const struct parameter *parameter = check->parameter;
    const struct json *description = json_get(parameter->declaration, "ConstraintDescription");
    struct slice said;
    va_list arguments;

    if (description != NULL && scalar_text(description, &said))
        return stack_refuse(check->stack, check->problems,
                            "Parameter %.*s failed to satisfy constraint: %.*s", SLICE_ARGS(parameter->name),
                            SLICE_ARGS(said));
    va_start(arguments, format);
    said = arena_vprintf(check->stack->arena, format, arguments);
    va_end(arguments);
    return stack_refuse(check->stack, check->problems, "Parameter '%.*s' %.*s", SLICE_ARGS(parameter->name),
                        SLICE_ARGS(said));
}

static bool check_allowed(const struct check *check, struct slice value)
{
    const struct json *allowed = json_get(check->parameter->declaration, "AllowedValues");
    struct slice other;

    if (allowed == NULL || allowed->type != JSON_ARRAY)
        return true;
    for (size_t i = 0; i < allowed->array.count; i++) {
        if (scalar_text(&allowed->array.items[i], &other) && slice_equal(other, value))
            return true;
    }
    return refuse(check, "must be one of AllowedValues");
}

static bool check_pattern(const struct check *check, struct slice value)
{
    const struct json *pattern = json_get(check->parameter->declaration, "AllowedPattern");
    struct slice text, problem;

    if (pattern == NULL || !scalar_text(pattern, &text))
        return true;
    switch (regex_match(check->stack->arena, text, value, &problem)) {
    case REGEX_MATCHES:
        return true;
    case REGEX_DIFFERS:
        return refuse(check, "must match pattern %.*s", SLICE_ARGS(text));
    case REGEX_COSTLY:
        return stack_refuse(check->stack, check->problems,
                            "Parameter '%.*s': its AllowedPattern takes too many steps to match",
                            SLICE_ARGS(check->parameter->name));
    case REGEX_WRONG:
        break;
    }
    return stack_refuse(check->stack, check->problems,
                        "Template format error: Parameter '%.*s': AllowedPattern is not valid: %.*s",
                        SLICE_ARGS(check->parameter->name), SLICE_ARGS(problem));
}

/* A bound of the declaration, as a number; false: it has none. */
static bool bound_of(const struct check *check, const char *name, struct slice *text, struct number *out)
{
    const struct json *bound = json_get(check->parameter->declaration, name);
    struct failure failure;

    failure_init(&failure, check->stack->arena);
    return bound != NULL && scalar_text(bound, text) && number_parse(*text, out, &failure);
}

static bool check_length(const struct check *check, struct slice value)
{
    struct number length, bound;
    struct failure failure;
    struct slice text;

    failure_init(&failure, check->stack->arena);
    struct slice counted = arena_printf(check->stack->arena, "%zu", utf16_length(value));
    if (!number_parse(counted, &length, &failure))
        return true; /* any count is a number */
    if (bound_of(check, "MinLength", &text, &bound) && number_compare(&length, &bound) < 0)
        return refuse(check, "must contain at least %.*s characters", SLICE_ARGS(text));
    if (bound_of(check, "MaxLength", &text, &bound) && number_compare(&length, &bound) > 0)
        return refuse(check, "must contain at most %.*s characters", SLICE_ARGS(text));
    return true;
}

static bool check_number(const struct check *check, struct slice value)
{
    struct number number, bound;
    struct failure failure;
    struct slice text;

    failure_init(&failure, check->stack->arena);
    if (!number_parse(value, &number, &failure))
        return stack_refuse(check->stack, check->problems, "Parameter '%.*s' must be a number",
                            SLICE_ARGS(check->parameter->name));
    if (bound_of(check, "MinValue", &text, &bound) && number_compare(&number, &bound) < 0)
        return refuse(check, "must be a number not less than %.*s", SLICE_ARGS(text));
    if (bound_of(check, "MaxValue", &text, &bound) && number_compare(&number, &bound) > 0)
        return refuse(check, "must be a number not greater than %.*s", SLICE_ARGS(text));
    return true;
}

/* One value: a list's are checked each. */
static bool check_value(const struct check *check, struct slice value)
{
    struct slice type = check->parameter->type, element = type_within(type, SLICE(LIST_TYPE));

    if (slice_is(type, "Number") || slice_is(element, "Number"))
        return check_number(check, value) && check_allowed(check, value);
    return check_allowed(check, value) && check_length(check, value) && check_pattern(check, value);
}

static bool check_constraints(struct stack *stack, const struct parameter *parameter,
                              struct problems *problems)
{
    const struct check check = {stack, parameter, problems};
    struct slice reason;
    struct json parts;

    if (parameter->text.ptr == NULL)
        return stack_refuse(stack, problems, "Parameter '%.*s' must be a string",
                            SLICE_ARGS(parameter->name));
    if (parameter->text.len > PARAMETER_LENGTH_LIMIT)
        return stack_refuse(stack, problems,
                            "Parameter value for parameter name %.*s is too long. Length is %zu. Max allowed "
                            "length is %d",
                            SLICE_ARGS(parameter->name), parameter->text.len, PARAMETER_LENGTH_LIMIT);
    if (!parameter_type_is_list(parameter->type))
        return check_value(&check, parameter->text);
    if (split_text(stack, parameter->text, SLICE(","), true, &parts, &reason) != RESOLVED)
        return stack_refuse(stack, problems, "%.*s", SLICE_ARGS(reason));
    for (size_t i = 0; i < parts.array.count; i++) {
        if (!check_value(&check, parts.array.items[i].text))
            return false;
    }
    return true;
}

/* ---- Systems Manager ---- */

/* A parameter of the store is of type String or StringList, as the template's type wants it. */
static bool check_type_kept(struct stack *stack, const struct parameter *parameter, struct slice type,
                            struct problems *problems)
{
    bool list = parameter_type_is_list(parameter_type_of_store(parameter->type));

    if (slice_is(type, list ? "StringList" : "String"))
        return true;
    return stack_refuse(
        stack, problems,
        "Parameters [%.*s] referenced by template have types not supported by CloudFormation.",
        SLICE_ARGS(parameter->text));
}

static bool resolve_kept(struct stack *stack, struct parameter *parameter, struct problems *problems)
{
    const struct stack_lookups *lookups = stack->identity.lookups;
    const struct json *known = json_get_slice(stack->identity.resolved, parameter->name);
    struct slice type = SLICE("");

    if (known != NULL && scalar_text(known, &parameter->resolved))
        return true;
    if (lookups == NULL) {
        parameter->state = RESOLVED_UNKNOWN;
        parameter->reason =
            arena_printf(stack->arena, "the parameter %.*s, whose value Systems Manager keeps",
                         SLICE_ARGS(parameter->name));
        return true;
    }
    switch (
        lookups->parameter(lookups->context, stack->arena, parameter->text, &parameter->resolved, &type)) {
    case LOOKUP_FOUND:
        return check_type_kept(stack, parameter, type, problems);
    case LOOKUP_ABSENT:
        return stack_refuse(stack, problems,
                            "Unable to fetch parameters [%.*s] from parameter store for this account.",
                            SLICE_ARGS(parameter->text));
    case LOOKUP_FAILED:
        break;
    }
    return stack_refuse(stack, problems, "Unable to fetch parameters [%.*s] from parameter store",
                        SLICE_ARGS(parameter->text));
}

/* ---- opening ---- */

static void declare(const struct json_member *member, struct parameter *parameter)
{
    const struct json *type = json_get(&member->value, "Type"), *no_echo = json_get(&member->value, "NoEcho");
    struct slice hidden = SLICE("");

    *parameter = (struct parameter){.name = member->name,
                                    .type = type->text,
                                    .declaration = &member->value,
                                    .of_store = parameter_type_of_store(type->text).len > 0,
                                    .reason = SLICE("")};
    struct slice kept = parameter_type_of_store(type->text);
    parameter->is_list = parameter_type_is_list(kept.len > 0 ? kept : type->text);
    parameter->no_echo = no_echo != NULL && scalar_text(no_echo, &hidden) && hidden.len == 4 &&
                         strncasecmp(hidden.ptr, "true", 4) == 0;
}

static bool check_names(struct stack *stack, const struct json *given, struct problems *problems)
{
    struct slice unknown = SLICE("");

    for (size_t i = 0; given != NULL && given->type == JSON_OBJECT && i < given->object.count; i++) {
        if (parameter_find(stack, given->object.members[i].name) == NULL)
            problems_list(stack->arena, &unknown, given->object.members[i].name);
    }
    return unknown.len == 0 ||
           stack_refuse(stack, problems, "Parameters: [%.*s] do not exist in the template",
                        SLICE_ARGS(unknown));
}

static bool give_values(struct stack *stack, struct problems *problems)
{
    struct slice without = SLICE("");

    for (size_t i = 0; i < stack->parameter_count; i++) {
        if (!read_given(stack, &stack->parameters[i]))
            problems_list(stack->arena, &without, stack->parameters[i].name);
    }
    return without.len == 0 ||
           stack_refuse(stack, problems, "Parameters: [%.*s] must have values", SLICE_ARGS(without));
}

bool parameters_open(struct stack *stack, struct problems *problems)
{
    const struct json *section = json_get(stack->template, "Parameters"), *arguments = NULL;
    size_t count = section == NULL ? 0 : section->object.count;
    bool good = true;

    stack->parameters = arena_array(stack->arena, struct parameter, count);
    for (size_t i = 0; i < count; i++)
        declare(&section->object.members[i], &stack->parameters[stack->parameter_count++]);
    if (stack->identity.as_resource != NULL)
        arguments = json_get(stack->identity.as_resource->properties, "Parameters");
    if (!check_names(stack, stack->identity.parameters, problems) ||
        !check_names(stack, arguments, problems) || !give_values(stack, problems))
        return false;
    for (size_t i = 0; good && i < count; i++) {
        struct parameter *parameter = &stack->parameters[i];
        good = parameter->state != RESOLVED ||
               (check_constraints(stack, parameter, problems) &&
                (!parameter->of_store || resolve_kept(stack, parameter, problems)));
    }
    return good;
}

/* ---- what they are ---- */

enum resolved parameter_value(struct stack *stack, struct parameter *parameter, struct json *out,
                              struct slice *reason)
{
    if (parameter->state == RESOLVED_LATER)
        (void)read_argument(stack, parameter); /* by now it may be known */
    if (parameter->state != RESOLVED) {
        *reason = parameter->reason;
        return parameter->state;
    }
    struct slice text = parameter->of_store ? parameter->resolved : parameter->text;
    if (stack->masked && parameter->no_echo)
        text = SLICE("****");
    if (parameter->is_list)
        return split_text(stack, text, SLICE(","), true, out, reason);
    *out = (struct json){.type = JSON_STRING, .text = text};
    return RESOLVED;
}

static const struct json *texts_of(struct stack *stack, bool resolved)
{
    struct json *object = arena_new(stack->arena, struct json);

    object->type = JSON_OBJECT;
    object->object.members = arena_array(stack->arena, struct json_member, stack->parameter_count);
    for (size_t i = 0; i < stack->parameter_count; i++) {
        const struct parameter *parameter = &stack->parameters[i];
        struct json text = {.type = JSON_STRING, .text = resolved ? parameter->resolved : parameter->text};
        if (parameter->state == RESOLVED && (parameter->of_store || !resolved))
            object->object.members[object->object.count++] = (struct json_member){parameter->name, text};
    }
    return object;
}

const struct json *parameters_given(struct stack *stack)
{
    return texts_of(stack, false);
}

const struct json *parameters_resolved(struct stack *stack)
{
    return texts_of(stack, true);
}
