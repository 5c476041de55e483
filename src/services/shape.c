#include "services/shape.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/check.h"
#include "items/attribute_value.h"

/* AWS stops counting there. */
enum { VIOLATIONS_LIMIT = 10 };

/* A value in a message is about so long at most: values are as long as a request's body, and a message may
 * show one ten times. */
enum { MESSAGE_LIMIT = 64 * 1024 };

#define DYNAMODB_PACKAGE "com.amazonaws.dynamodb.v20120810."

const struct shape shape_string = {.kind = SHAPE_STRING};
const struct shape shape_boolean_value = {.kind = SHAPE_BOOLEAN};
const struct shape shape_integer = {.kind = SHAPE_INTEGER};
const struct shape shape_long = {.kind = SHAPE_LONG};
const struct shape shape_double = {.kind = SHAPE_DOUBLE};
const struct shape shape_time_value = {.kind = SHAPE_TIME};
const struct shape shape_attribute_value = {.kind = SHAPE_ATTRIBUTE_VALUE,
                                            .java = DYNAMODB_PACKAGE "AttributeValue"};
const struct shape shape_attribute_map = {.kind = SHAPE_MAP, .element = &shape_attribute_value};
const struct shape shape_list = {.kind = SHAPE_LIST}; /* of anything */
const struct shape shape_string_list = {.kind = SHAPE_LIST, .element = &shape_string};
const struct shape shape_string_map = {
    .kind = SHAPE_MAP, .element = &shape_string, .java = "java.lang.String"};

/* ---- types ---- */

static const char *scalar_class(enum shape_kind kind)
{
    static const char *const classes[] = {
        [SHAPE_STRING] = "String", [SHAPE_BOOLEAN] = "Boolean", [SHAPE_INTEGER] = "Integer",
        [SHAPE_LONG] = "Long",     [SHAPE_DOUBLE] = "Double",   [SHAPE_TIME] = "Date"};

    return classes[kind];
}

static bool is_decimal(struct slice number)
{
    for (size_t i = 0; i < number.len; i++) {
        if (number.ptr[i] == '.' || number.ptr[i] == 'e' || number.ptr[i] == 'E')
            return true;
    }
    return false;
}

static bool wrong_scalar(const struct json *value, enum shape_kind kind, struct failure *failure)
{
    const char *class = scalar_class(kind);

    switch (value->type) {
    case JSON_OBJECT:
        return fail(failure, ERROR_SERIALIZATION, "Start of structure or map found where not expected");
    case JSON_ARRAY:
        return fail(failure, ERROR_SERIALIZATION, "Unrecognized collection type class java.lang.%s", class);
    case JSON_STRING:
        if (kind == SHAPE_BOOLEAN)
            return fail(failure, ERROR_SERIALIZATION, "Unexpected token received from parser");
        return fail(failure, ERROR_SERIALIZATION, "STRING_VALUE cannot be converted to %s", class);
    case JSON_BOOLEAN:
        return fail(failure, ERROR_SERIALIZATION, "%s cannot be converted to %s",
                    value->boolean ? "TRUE_VALUE" : "FALSE_VALUE", class);
    default:
        return fail(failure, ERROR_SERIALIZATION, "%s cannot be converted to %s",
                    is_decimal(value->text) ? "DECIMAL_VALUE" : "NUMBER_VALUE", class);
    }
}

/* As AWS's Java does it, a fraction is cut off. False if the number is out of the kind's range. */
static bool read_integer(const struct json *value, enum shape_kind kind, int64_t *out)
{
    if (!json_to_int64(value, out)) {
        /* What comes behind a number in a JSON text ends it for strtod() as well. */
        double number = strtod(value->text.ptr, NULL);
        if (!is_decimal(value->text) || !(number > -9.2e18 && number < 9.2e18))
            return false;
        *out = (int64_t)number;
    }
    return kind == SHAPE_LONG || (*out >= INT32_MIN && *out <= INT32_MAX);
}

/* Milliseconds of a time in seconds. A double is exact to less than one for some thousand years, which is the
 * range. */
static bool read_time(const struct json *value, int64_t *out)
{
    double milliseconds = strtod(value->text.ptr, NULL) * 1000;

    if (!(milliseconds > -1e14 && milliseconds < 1e14))
        return false;
    *out = (int64_t)(milliseconds + (milliseconds < 0 ? -0.5 : 0.5));
    return true;
}

static bool check_scalar(const struct json *value, enum shape_kind kind, struct failure *failure)
{
    enum json_type expected = kind == SHAPE_STRING    ? JSON_STRING
                              : kind == SHAPE_BOOLEAN ? JSON_BOOLEAN
                                                      : JSON_NUMBER;

    if (value->type != expected)
        return wrong_scalar(value, kind, failure);
    int64_t number;
    bool reads = expected != JSON_NUMBER || kind == SHAPE_DOUBLE ||
                 (kind == SHAPE_TIME ? read_time(value, &number) : read_integer(value, kind, &number));
    return reads || wrong_scalar(value, kind, failure);
}

static bool check_types(const struct json *value, const struct shape *shape, struct failure *failure);

static bool check_structure(const struct json *value, const struct shape *shape, struct failure *failure)
{
    if (value->type == JSON_ARRAY)
        return fail(failure, ERROR_SERIALIZATION, "Unrecognized collection type class %s",
                    shape->java == NULL ? "java.lang.Object" : shape->java);
    if (value->type != JSON_OBJECT)
        return fail(failure, ERROR_SERIALIZATION, "Unexpected field type");
    for (const struct shape_entry *entry = shape->members; entry->name != NULL; entry++) {
        const struct json *member = shape_member(value, entry->name);
        if (member != NULL && !check_types(member, entry->shape, failure))
            return false;
    }
    return true;
}

static bool check_list(const struct json *value, const struct shape *shape, struct failure *failure)
{
    if (value->type == JSON_OBJECT)
        return fail(failure, ERROR_SERIALIZATION, "Start of structure or map found where not expected");
    if (value->type != JSON_ARRAY)
        return fail(failure, ERROR_SERIALIZATION, "Unexpected field type");
    for (size_t i = 0; shape->element != NULL && i < value->array.count; i++) {
        if (value->array.items[i].type != JSON_NULL &&
            !check_types(&value->array.items[i], shape->element, failure))
            return false;
    }
    return true;
}

static bool check_map(const struct json *value, const struct shape *shape, struct failure *failure)
{
    if (value->type == JSON_ARRAY)
        return fail(failure, ERROR_SERIALIZATION,
                    "Unrecognized collection type java.util.Map<java.lang.String, %s>",
                    shape->element->java != NULL ? shape->element->java
                    : shape->java != NULL        ? shape->java
                                                 : "java.lang.Object");
    if (value->type != JSON_OBJECT)
        return fail(failure, ERROR_SERIALIZATION, "Unexpected field type");
    for (size_t i = 0; i < value->object.count; i++) {
        const struct json *element = &value->object.members[i].value;
        if (element->type != JSON_NULL && !check_types(element, shape->element, failure))
            return false;
    }
    return true;
}

/* Recursion is bounded by the depth that json_parse() allows. */
static bool check_types(const struct json *value, const struct shape *shape, struct failure *failure)
{
    switch (shape->kind) {
    case SHAPE_STRUCTURE:
        return check_structure(value, shape, failure);
    case SHAPE_ATTRIBUTE_VALUE:
        return attribute_value_well_shaped(value, failure);
    case SHAPE_LIST:
        return check_list(value, shape, failure);
    case SHAPE_MAP:
        return check_map(value, shape, failure);
    default:
        return check_scalar(value, shape->kind, failure);
    }
}

/* ---- constraints ---- */

/* A text, or the beginning of one that is too long for a message. */
static void append_text(struct buffer *out, struct slice text)
{
    if (text.len > MESSAGE_LIMIT) {
        text.len = MESSAGE_LIMIT;
        while (text.len > 0 && (text.ptr[text.len] & 0xC0) == 0x80) /* not within a character */
            text.len--;
    }
    buffer_append(out, text);
}

/* Where a value stands, as AWS writes it: "globalSecondaryIndexes.1.member.indexName". */
struct place {
    const struct place *parent;
    struct slice name;
    bool verbatim; /* a name of a map, not of a member, which AWS begins with a small letter */
};

static void append_place(struct buffer *out, const struct place *place)
{
    if (place->parent != NULL) {
        append_place(out, place->parent);
        if (out->len > 0)
            buffer_append_byte(out, '.');
    }
    if (place->name.len == 0)
        return;
    char first = place->name.ptr[0];
    bool is_capital = first >= 'A' && first <= 'Z';
    buffer_append_byte(out, is_capital && !place->verbatim ? (char)(first - 'A' + 'a') : first);
    append_text(out, slice_skip(place->name, 1));
}

/* A value in a message, as Java prints it; of a very long one only the beginning. */
static void append_value(struct buffer *out, const struct json *value)
{
    if (out->len > MESSAGE_LIMIT)
        return;
    switch (value->type) {
    case JSON_STRING:
    case JSON_NUMBER:
        append_text(out, value->text);
        break;
    case JSON_ARRAY:
        buffer_append_byte(out, '[');
        for (size_t i = 0; i < value->array.count && out->len <= MESSAGE_LIMIT; i++) {
            if (i > 0)
                buffer_append_string(out, ", ");
            append_value(out, &value->array.items[i]);
        }
        buffer_append_byte(out, ']');
        break;
    case JSON_OBJECT:
        buffer_append_byte(out, '{');
        for (size_t i = 0; i < value->object.count && out->len <= MESSAGE_LIMIT; i++) {
            if (i > 0)
                buffer_append_string(out, ", ");
            append_text(out, value->object.members[i].name);
            buffer_append_byte(out, '=');
            append_value(out, &value->object.members[i].value);
        }
        buffer_append_byte(out, '}');
        break;
    case JSON_BOOLEAN:
        buffer_append_string(out, value->boolean ? "true" : "false");
        break;
    case JSON_NULL:
        buffer_append_string(out, "null");
        break;
    }
}

/* "Value '...' at": what is told of a value before its place. A sensitive one is not told. */
static void append_subject(struct buffer *out, const struct json *value, bool sensitive)
{
    if (value == NULL) {
        buffer_append_string(out, "null ");
    } else if (!sensitive) {
        buffer_append_byte(out, '\'');
        append_value(out, value);
        buffer_append_string(out, "' ");
    }
}

static void violate(struct violations *violations, const struct json *value, bool sensitive,
                    const struct place *place, struct slice rule)
{
    struct buffer text, path;

    if (violations->count >= VIOLATIONS_LIMIT)
        return;
    buffer_init(&text);
    buffer_init(&path);
    append_place(&path, place);
    append_subject(&text, value, sensitive);
    violations_add(violations, "Value %.*sat '%.*s' failed to satisfy constraint: %.*s",
                   SLICE_ARGS(buffer_slice(&text)), SLICE_ARGS(buffer_slice(&path)), SLICE_ARGS(rule));
    buffer_finish(&text);
    buffer_finish(&path);
}

static void check_bounds(const struct json *value, const struct shape *shape, int64_t measure,
                         const char *what, const struct place *place, struct violations *violations)
{
    struct arena *arena = violations->arena;

    if ((shape->min != UNBOUNDED || shape->not_negative) && measure < shape->min)
        violate(
            violations, value, shape->sensitive, place,
            arena_printf(arena, "Member must have %s greater than or equal to %" PRId64, what, shape->min));
    if (shape->max != UNBOUNDED && measure > shape->max)
        violate(violations, value, shape->sensitive, place,
                arena_printf(arena, "Member must have %s less than or equal to %" PRId64, what, shape->max));
}

static int64_t characters_of(struct slice text)
{
    int64_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += (text.ptr[i] & 0xC0) != 0x80;
    return count;
}

static bool is_word(const struct shape *shape, struct slice text)
{
    for (const char *const *word = shape->words; *word != NULL; word++) {
        if (slice_is(text, *word))
            return true;
    }
    return false;
}

static void check_string(const struct json *value, const struct shape *shape, const struct place *place,
                         struct violations *violations)
{
    struct arena *arena = violations->arena;

    if (shape->matches != NULL && !shape->matches(value->text))
        violate(violations, value, shape->sensitive, place,
                arena_printf(arena, "Member must satisfy regular expression pattern: %s", shape->pattern));
    int64_t length = shape->in_characters ? characters_of(value->text) : (int64_t)value->text.len;
    check_bounds(value, shape, length, "length", place, violations);
    if (shape->words == NULL || is_word(shape, value->text))
        return;
    struct buffer words;
    buffer_init(&words);
    for (const char *const *word = shape->words; *word != NULL; word++)
        buffer_printf(&words, "%s%s", word == shape->words ? "" : ", ", *word);
    violate(
        violations, value, shape->sensitive, place,
        arena_printf(arena, "Member must satisfy enum value set: [%.*s]", SLICE_ARGS(buffer_slice(&words))));
    buffer_finish(&words);
}

static void check_constraints(const struct json *value, const struct shape *shape, const struct place *place,
                              struct violations *violations);

static void check_names(const struct json *map, const struct shape *names, const struct place *place,
                        struct violations *violations)
{
    for (size_t i = 0; i < map->object.count && violations->count < VIOLATIONS_LIMIT; i++) {
        struct slice name = map->object.members[i].name;
        if ((int64_t)name.len >= names->min && (names->max == UNBOUNDED || (int64_t)name.len <= names->max) &&
            (names->matches == NULL || names->matches(name)))
            continue;
        struct slice rule =
            arena_printf(violations->arena,
                         "Map keys must satisfy constraint: [Member must have length less than or equal to "
                         "%" PRId64 ", Member must have length greater than or equal to %" PRId64 "%s%s]",
                         names->max, names->min,
                         names->pattern == NULL ? "" : ", Member must satisfy regular expression pattern: ",
                         names->pattern == NULL ? "" : names->pattern);
        violate(violations, map, false, place, rule);
    }
}

/* The bounds of the lists in a map are told of the whole map. */
static void check_values(const struct json *map, const struct shape *values, const struct place *place,
                         struct violations *violations)
{
    for (size_t i = 0; i < map->object.count && violations->count < VIOLATIONS_LIMIT; i++) {
        const struct json *list = &map->object.members[i].value;
        if (list->type == JSON_NULL ||
            ((int64_t)list->array.count >= values->min &&
             (values->max == UNBOUNDED || (int64_t)list->array.count <= values->max)))
            continue;
        violate(
            violations, map, false, place,
            arena_printf(
                violations->arena,
                "Map value must satisfy constraint: [Member must have length less than or equal to %" PRId64
                ", Member must have length greater than or equal to %" PRId64 "]",
                values->max, values->min));
    }
}

static void check_elements(const struct json *value, const struct shape *shape, const struct place *place,
                           struct violations *violations)
{
    bool is_list = shape->kind == SHAPE_LIST;
    size_t count = is_list ? value->array.count : value->object.count;

    check_bounds(value, shape, (int64_t)count, "length", place, violations);
    if (!is_list && shape->names != NULL)
        check_names(value, shape->names, place, violations);
    if (!is_list && shape->values != NULL)
        check_values(value, shape->values, place, violations);
    if (shape->element == NULL || shape->element->kind == SHAPE_ATTRIBUTE_VALUE)
        return;
    for (size_t i = 0; i < count && violations->count < VIOLATIONS_LIMIT; i++) {
        struct slice name =
            is_list ? arena_printf(violations->arena, "%zu", i + 1) : value->object.members[i].name;
        const struct place at = {place, name, true}, member = {&at, SLICE("member"), false};
        const struct json *element = is_list ? &value->array.items[i] : &value->object.members[i].value;
        if (element->type != JSON_NULL)
            check_constraints(element, shape->element, &member, violations);
        else if (is_list && shape->element->kind != SHAPE_MAP)
            violate(violations, NULL, false, &member, SLICE("Member must not be null"));
    }
}

static void check_members(const struct json *value, const struct shape *shape, const struct place *place,
                          struct violations *violations)
{
    for (const struct shape_entry *entry = shape->members; entry->name != NULL; entry++) {
        const struct json *member = shape_member(value, entry->name);
        const struct place at = {place, slice_of(entry->name), false};
        if (member != NULL)
            check_constraints(member, entry->shape, &at, violations);
        else if (entry->required)
            violate(violations, NULL, false, &at, SLICE("Member must not be null"));
    }
}

static void check_constraints(const struct json *value, const struct shape *shape, const struct place *place,
                              struct violations *violations)
{
    int64_t number = 0;

    switch (shape->kind) {
    case SHAPE_STRING:
        check_string(value, shape, place, violations);
        break;
    case SHAPE_INTEGER:
    case SHAPE_LONG:
        if (read_integer(value, shape->kind, &number))
            check_bounds(value, shape, number, "value", place, violations);
        break;
    case SHAPE_STRUCTURE:
        check_members(value, shape, place, violations);
        break;
    case SHAPE_LIST:
    case SHAPE_MAP:
        check_elements(value, shape, place, violations);
        break;
    case SHAPE_BOOLEAN:
    case SHAPE_DOUBLE:
    case SHAPE_TIME:
    case SHAPE_ATTRIBUTE_VALUE:
        break;
    }
}

bool shape_accepts(const struct json *input, const struct shape *shape, struct failure *failure)
{
    struct violations violations;

    CHECK(shape->kind == SHAPE_STRUCTURE && input->type == JSON_OBJECT);
    if (!check_types(input, shape, failure))
        return false;
    violations_init(&violations, failure->arena);
    const struct place nowhere = {NULL, SLICE(""), false};
    check_constraints(input, shape, &nowhere, &violations);
    bool passed = violations_pass(&violations, failure);
    violations_finish(&violations);
    return passed;
}

const struct shape *shape_of_member(const struct shape *structure, struct slice name)
{
    for (const struct shape_entry *entry = structure->members; entry->name != NULL; entry++) {
        if (slice_is(name, entry->name))
            return entry->shape;
    }
    return NULL;
}

/* ---- reading ---- */

const struct json *shape_member(const struct json *object, const char *name)
{
    return json_get_present(object, name);
}

struct slice shape_text(const struct json *object, const char *name)
{
    const struct json *member = shape_member(object, name);

    return member == NULL ? (struct slice){NULL, 0} : member->text;
}

bool shape_boolean(const struct json *object, const char *name, bool fallback)
{
    const struct json *member = shape_member(object, name);

    return member == NULL ? fallback : member->boolean;
}

int64_t shape_number(const struct json *object, const char *name, int64_t fallback)
{
    const struct json *member = shape_member(object, name);
    int64_t number;

    return member != NULL && read_integer(member, SHAPE_LONG, &number) ? number : fallback;
}

int64_t shape_time(const struct json *object, const char *name, int64_t fallback)
{
    const struct json *member = shape_member(object, name);
    int64_t time;

    return member != NULL && read_time(member, &time) ? time : fallback;
}
