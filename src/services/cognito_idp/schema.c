#include "services/cognito_idp/schema.h"

#include <stdlib.h>

#include "base/json.h"
#include "services/cognito_idp/idp_input.h"

enum { CUSTOM_LIMIT = 50, NUMBER_DIGITS = 18 };

#define LONGEST "2048"

/* In AWS's order. */
static const struct attribute_rule standard[] = {
    {SLICE("profile"), ATTRIBUTE_STRING, false, true, false, SLICE("0"), SLICE(LONGEST)},
    {SLICE("address"), ATTRIBUTE_STRING, false, true, false, SLICE("0"), SLICE(LONGEST)},
    {SLICE("birthdate"), ATTRIBUTE_STRING, false, true, false, SLICE("10"), SLICE("10")},
    {SLICE("gender"), ATTRIBUTE_STRING, false, true, false, SLICE("0"), SLICE(LONGEST)},
    {SLICE("preferred_username"), ATTRIBUTE_STRING, false, true, false, SLICE("0"), SLICE(LONGEST)},
    {SLICE("updated_at"), ATTRIBUTE_NUMBER, false, true, false, SLICE("0"), {NULL, 0}},
    {SLICE("website"), ATTRIBUTE_STRING, false, true, false, SLICE("0"), SLICE(LONGEST)},
    {SLICE("picture"), ATTRIBUTE_STRING, false, true, false, SLICE("0"), SLICE(LONGEST)},
    {SLICE("identities"), ATTRIBUTE_STRING, false, true, false, {NULL, 0}, {NULL, 0}},
    {SLICE("sub"), ATTRIBUTE_STRING, false, false, true, SLICE("1"), SLICE(LONGEST)},
    {SLICE("phone_number"), ATTRIBUTE_STRING, false, true, false, SLICE("0"), SLICE(LONGEST)},
    {SLICE("phone_number_verified"), ATTRIBUTE_BOOLEAN, false, true, false, {NULL, 0}, {NULL, 0}},
    {SLICE("zoneinfo"), ATTRIBUTE_STRING, false, true, false, SLICE("0"), SLICE(LONGEST)},
    {SLICE("locale"), ATTRIBUTE_STRING, false, true, false, SLICE("0"), SLICE(LONGEST)},
    {SLICE("email"), ATTRIBUTE_STRING, false, true, false, SLICE("0"), SLICE(LONGEST)},
    {SLICE("email_verified"), ATTRIBUTE_BOOLEAN, false, true, false, {NULL, 0}, {NULL, 0}},
    {SLICE("given_name"), ATTRIBUTE_STRING, false, true, false, SLICE("0"), SLICE(LONGEST)},
    {SLICE("family_name"), ATTRIBUTE_STRING, false, true, false, SLICE("0"), SLICE(LONGEST)},
    {SLICE("middle_name"), ATTRIBUTE_STRING, false, true, false, SLICE("0"), SLICE(LONGEST)},
    {SLICE("name"), ATTRIBUTE_STRING, false, true, false, SLICE("0"), SLICE(LONGEST)},
    {SLICE("nickname"), ATTRIBUTE_STRING, false, true, false, SLICE("0"), SLICE(LONGEST)},
};

enum { STANDARD_COUNT = sizeof(standard) / sizeof(standard[0]) };

static const char *const type_words[] = {"String", "Number", "Boolean", "DateTime", NULL};
static const char *const told_types[] = {"String", "Number", "DateTime", "Boolean", NULL};

/* ---- the shape ---- */

static const struct shape name = {.kind = SHAPE_STRING,
                                  .min = 1,
                                  .max = 20,
                                  .in_characters = true,
                                  .matches = idp_is_visible,
                                  .pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+"};
static const struct shape type = {.kind = SHAPE_STRING, .words = told_types};
static const struct shape_entry number_members[] = {
    {"MinValue", &shape_string, false}, {"MaxValue", &shape_string, false}, {0}};
static const struct shape number_constraints = {.kind = SHAPE_STRUCTURE, .members = number_members};
static const struct shape_entry string_members[] = {
    {"MinLength", &shape_string, false}, {"MaxLength", &shape_string, false}, {0}};
static const struct shape string_constraints = {.kind = SHAPE_STRUCTURE, .members = string_members};
static const struct shape_entry members[] = {{"Name", &name, false},
                                             {"AttributeDataType", &type, false},
                                             {"DeveloperOnlyAttribute", &shape_boolean_value, false},
                                             {"Mutable", &shape_boolean_value, false},
                                             {"Required", &shape_boolean_value, false},
                                             {"NumberAttributeConstraints", &number_constraints, false},
                                             {"StringAttributeConstraints", &string_constraints, false},
                                             {0}};
static const struct shape attribute = {.kind = SHAPE_STRUCTURE, .members = members};
const struct shape schema_shape = {.kind = SHAPE_LIST, .min = 1, .max = CUSTOM_LIMIT, .element = &attribute};

/* ---- reading ---- */

/* A whole number of few enough digits to compare. */
static bool is_whole(struct slice text)
{
    size_t sign = text.len > 0 && text.ptr[0] == '-' ? 1 : 0;

    for (size_t i = sign; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    }
    return text.len > sign && text.len - sign <= NUMBER_DIGITS;
}

static int64_t whole(struct slice text)
{
    int64_t number = 0;
    size_t sign = text.ptr[0] == '-' ? 1 : 0;

    for (size_t i = sign; i < text.len; i++)
        number = number * 10 + text.ptr[i] - '0';
    return sign == 1 ? -number : number;
}

static enum attribute_type read_type(const struct json *member, enum attribute_type fallback)
{
    struct slice word = shape_text(member, "AttributeDataType");

    for (unsigned i = 0; word.ptr != NULL && type_words[i] != NULL; i++) {
        if (slice_is(word, type_words[i]))
            return (enum attribute_type)i;
    }
    return fallback;
}

static bool read_bounds(struct attribute_rule *rule, const struct json *member, struct failure *failure)
{
    bool is_number = rule->type == ATTRIBUTE_NUMBER;
    const struct json *bounds =
        shape_member(member, is_number ? "NumberAttributeConstraints" : "StringAttributeConstraints");

    if (bounds == NULL || (!is_number && rule->type != ATTRIBUTE_STRING))
        return true;
    struct slice min = shape_text(bounds, is_number ? "MinValue" : "MinLength");
    struct slice max = shape_text(bounds, is_number ? "MaxValue" : "MaxLength");
    if ((min.ptr != NULL && !is_whole(min)) || (max.ptr != NULL && !is_whole(max)))
        return fail(failure, ERROR_INVALID_PARAMETER, "Invalid constraints of the attribute %.*s",
                    SLICE_ARGS(rule->name));
    if (min.ptr != NULL)
        rule->min = min;
    if (max.ptr != NULL)
        rule->max = max;
    if (rule->min.ptr != NULL && rule->max.ptr != NULL && whole(rule->min) > whole(rule->max))
        return fail(failure, ERROR_INVALID_PARAMETER,
                    "The minimum of the attribute %.*s is above its maximum", SLICE_ARGS(rule->name));
    return true;
}

/* A standard attribute keeps its type. */
static bool tighten(struct attribute_rule *rule, const struct json *member, struct failure *failure)
{
    if (read_type(member, rule->type) != rule->type)
        return fail(failure, ERROR_INVALID_PARAMETER,
                    "You can not change AttributeDataType or set developerOnlyAttribute for standard schema "
                    "attribute %.*s",
                    SLICE_ARGS(rule->name));
    rule->mutable = shape_boolean(member, "Mutable", rule->mutable);
    rule->required = shape_boolean(member, "Required", rule->required);
    return read_bounds(rule, member, failure);
}

static bool read_custom(struct arena *arena, const struct json *member, struct failure *failure,
                        struct attribute_rule *rule)
{
    bool developer_only = shape_boolean(member, "DeveloperOnlyAttribute", false);
    struct slice given = shape_text(member, "Name");

    *rule = (struct attribute_rule){
        .name = arena_printf(arena, developer_only ? "dev:custom:%.*s" : "custom:%.*s", SLICE_ARGS(given)),
        .type = read_type(member, ATTRIBUTE_STRING),
        .developer_only = developer_only,
        .mutable = shape_boolean(member, "Mutable", true)};
    if (shape_boolean(member, "Required", false))
        return fail(failure, ERROR_INVALID_PARAMETER,
                    "Required custom attributes are not supported currently.");
    return read_bounds(rule, member, failure);
}

bool schema_read(struct arena *arena, const struct json *member, struct failure *failure, struct schema *out)
{
    size_t given = idp_count(member), count = STANDARD_COUNT;
    struct attribute_rule *rules = arena_array(arena, struct attribute_rule, STANDARD_COUNT + given);

    memcpy(rules, standard, sizeof(standard));
    for (size_t i = 0; i < given; i++) {
        const struct json *entry = &member->array.items[i];
        struct slice called = shape_text(entry, "Name");
        const struct schema so_far = {rules, count};
        struct attribute_rule *rule = (struct attribute_rule *)(uintptr_t)schema_find(&so_far, called);
        if (called.ptr == NULL)
            return fail(failure, ERROR_INVALID_PARAMETER, "An attribute of the schema has no name");
        if (rule != NULL && rule < rules + STANDARD_COUNT) {
            if (!tighten(rule, entry, failure))
                return false;
            continue;
        }
        if (!read_custom(arena, entry, failure, &rules[count]))
            return false;
        if (schema_find(&so_far, rules[count].name) != NULL)
            return fail(failure, ERROR_INVALID_PARAMETER, "%.*s: Existing attribute already has name %.*s.",
                        SLICE_ARGS(rules[count].name), SLICE_ARGS(rules[count].name));
        count++;
    }
    *out = (struct schema){rules, count};
    return true;
}

const struct attribute_rule *schema_find(const struct schema *schema, struct slice wanted)
{
    for (size_t i = 0; i < schema->count; i++) {
        if (slice_equal(schema->rules[i].name, wanted))
            return &schema->rules[i];
    }
    return NULL;
}

bool schema_is_standard(struct slice wanted)
{
    const struct schema every = {standard, STANDARD_COUNT};

    return schema_find(&every, wanted) != NULL;
}

bool schema_is_verification(struct slice wanted)
{
    return slice_is(wanted, "email_verified") || slice_is(wanted, "phone_number_verified");
}

/* ---- writing ---- */

static void write_boolean(struct buffer *out, bool *first, const char *member, bool value)
{
    json_write_name(out, first, member);
    buffer_append_string(out, value ? "true" : "false");
}

static void write_bounds(struct buffer *out, bool *first, const struct attribute_rule *rule)
{
    bool is_number = rule->type == ATTRIBUTE_NUMBER, first_bound = true;

    if (!is_number && rule->type != ATTRIBUTE_STRING)
        return;
    json_write_name(out, first, is_number ? "NumberAttributeConstraints" : "StringAttributeConstraints");
    buffer_append_byte(out, '{');
    if (rule->min.ptr != NULL)
        json_write_string_member(out, &first_bound, is_number ? "MinValue" : "MinLength", rule->min);
    if (rule->max.ptr != NULL)
        json_write_string_member(out, &first_bound, is_number ? "MaxValue" : "MaxLength", rule->max);
    buffer_append_byte(out, '}');
}

void schema_write(struct buffer *out, const struct schema *schema)
{
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < schema->count; i++) {
        const struct attribute_rule *rule = &schema->rules[i];
        bool first = true;
        buffer_append_string(out, i == 0 ? "{" : ",{");
        json_write_string_member(out, &first, "Name", rule->name);
        json_write_string_member(out, &first, "AttributeDataType", slice_of(type_words[rule->type]));
        write_boolean(out, &first, "DeveloperOnlyAttribute", rule->developer_only);
        write_boolean(out, &first, "Mutable", rule->mutable);
        write_boolean(out, &first, "Required", rule->required);
        write_bounds(out, &first, rule);
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
}

/* ---- values ---- */

static int64_t characters_of(struct slice text)
{
    int64_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += (text.ptr[i] & 0xC0) != 0x80;
    return count;
}

static const char *string_problem(struct arena *arena, const struct attribute_rule *rule, struct slice value)
{
    int64_t length = characters_of(value);

    if (rule->min.ptr != NULL && length < whole(rule->min))
        return arena_printf(arena, "String must be at least %.*s characters long.", SLICE_ARGS(rule->min))
            .ptr;
    if (rule->max.ptr != NULL && length > whole(rule->max))
        return arena_printf(arena, "String must be no longer than %.*s characters.", SLICE_ARGS(rule->max))
            .ptr;
    return NULL;
}

static const char *number_problem(struct arena *arena, const struct attribute_rule *rule, struct slice value)
{
    if (!is_whole(value))
        return "Number expected.";
    if (rule->min.ptr != NULL && whole(value) < whole(rule->min))
        return arena_printf(arena, "Number must be at least %.*s.", SLICE_ARGS(rule->min)).ptr;
    if (rule->max.ptr != NULL && whole(value) > whole(rule->max))
        return arena_printf(arena, "Number must be at most %.*s.", SLICE_ARGS(rule->max)).ptr;
    return NULL;
}

const char *schema_problem(struct arena *arena, const struct attribute_rule *rule, struct slice value)
{
    switch (rule->type) {
    case ATTRIBUTE_STRING:
        return string_problem(arena, rule, value);
    case ATTRIBUTE_NUMBER:
        return number_problem(arena, rule, value);
    case ATTRIBUTE_BOOLEAN:
        return slice_is(value, "true") || slice_is(value, "false") ? NULL : "Boolean expected.";
    case ATTRIBUTE_DATE_TIME:
        return value.len > 0 ? NULL : "Date expected.";
    }
    return NULL;
}
