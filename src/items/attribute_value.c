#include "items/attribute_value.h"

#include "base/base64.h"

#define INVALID "One or more parameter values were invalid: "

enum { ATTRIBUTE_NAME_LIMIT = 65535 };

/* ---- the shape: JSON types, as AWS's deserializer sees them ---- */

static const char STRUCTURE_UNEXPECTED[] = "Start of structure or map found where not expected";

/* How AWS names a JSON scalar that it cannot convert. */
static const char *scalar_name(const struct json *json)
{
    if (json->type == JSON_BOOLEAN)
        return json->boolean ? "TRUE_VALUE" : "FALSE_VALUE";
    if (json->type == JSON_STRING)
        return "STRING_VALUE";
    for (size_t i = 0; i < json->text.len; i++) {
        if (json->text.ptr[i] == '.' || json->text.ptr[i] == 'e' || json->text.ptr[i] == 'E')
            return "DECIMAL_VALUE";
    }
    return "NUMBER_VALUE";
}

static bool shape_string(const struct json *json, struct failure *failure)
{
    switch (json->type) {
    case JSON_STRING:
    case JSON_NULL:
        return true;
    case JSON_ARRAY:
        return fail(failure, ERROR_SERIALIZATION, "Unrecognized collection type class java.lang.String");
    case JSON_OBJECT:
        return fail(failure, ERROR_SERIALIZATION, STRUCTURE_UNEXPECTED);
    default:
        return fail(failure, ERROR_SERIALIZATION, "%s cannot be converted to String", scalar_name(json));
    }
}

static bool shape_binary(const struct json *json, struct failure *failure)
{
    switch (json->type) {
    case JSON_NULL:
        return true;
    case JSON_ARRAY:
        return fail(failure, ERROR_SERIALIZATION, "Unrecognized collection type class java.nio.ByteBuffer");
    case JSON_OBJECT:
        return fail(failure, ERROR_SERIALIZATION, STRUCTURE_UNEXPECTED);
    case JSON_STRING:
        break;
    default:
        return fail(failure, ERROR_SERIALIZATION, "only base-64-encoded strings are convertible to bytes");
    }
    if (json->text.len % 4 != 0)
        return fail(failure, ERROR_SERIALIZATION,
                    "Base64 encoded length is expected a multiple of 4 bytes but found: %zu", json->text.len);
    if (!base64_valid(json->text))
        return fail(failure, ERROR_SERIALIZATION, "Invalid last non-pad Base64 character dectected");
    return true;
}

static bool text_is(struct slice text, const char *lower)
{
    size_t i = 0;

    for (; i < text.len && lower[i] != '\0'; i++) {
        char c = text.ptr[i];
        if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != lower[i])
            return false;
    }
    return i == text.len && lower[i] == '\0';
}

/* AWS takes some strings for booleans too. */
static bool read_boolean(const struct json *json, bool *out)
{
    *out = json->type == JSON_BOOLEAN
               ? json->boolean
               : text_is(json->text, "true") || text_is(json->text, "yes") || text_is(json->text, "1");
    return json->type == JSON_BOOLEAN || *out || text_is(json->text, "false") || text_is(json->text, "no") ||
           text_is(json->text, "0");
}

static bool shape_boolean(const struct json *json, struct failure *failure)
{
    bool ignored;

    switch (json->type) {
    case JSON_BOOLEAN:
    case JSON_NULL:
        return true;
    case JSON_ARRAY:
        return fail(failure, ERROR_SERIALIZATION, "Unrecognized collection type class java.lang.Boolean");
    case JSON_OBJECT:
        return fail(failure, ERROR_SERIALIZATION, STRUCTURE_UNEXPECTED);
    case JSON_STRING:
        if (read_boolean(json, &ignored))
            return true;
        return fail(failure, ERROR_SERIALIZATION, "Unexpected token received from parser");
    default:
        return fail(failure, ERROR_SERIALIZATION, "%s cannot be converted to Boolean", scalar_name(json));
    }
}

static bool shape_list(const struct json *json, bool (*member)(const struct json *, struct failure *),
                       struct failure *failure)
{
    if (json->type == JSON_NULL)
        return true;
    if (json->type == JSON_OBJECT)
        return fail(failure, ERROR_SERIALIZATION, STRUCTURE_UNEXPECTED);
    if (json->type != JSON_ARRAY)
        return fail(failure, ERROR_SERIALIZATION, "Unexpected field type");
    for (size_t i = 0; i < json->array.count; i++) {
        if (!member(&json->array.items[i], failure))
            return false;
    }
    return true;
}

/* The type of a member's name; 0 for a name that AWS does not know, which it ignores. */
static enum value_type type_of_name(struct slice name)
{
    switch (name.len) {
    case 1:
        switch (name.ptr[0]) {
        case 'S':
            return VALUE_S;
        case 'N':
            return VALUE_N;
        case 'B':
            return VALUE_B;
        case 'M':
            return VALUE_M;
        case 'L':
            return VALUE_L;
        default:
            return 0;
        }
    case 2:
        if (name.ptr[1] != 'S')
            return 0;
        return name.ptr[0] == 'S'   ? VALUE_SS
               : name.ptr[0] == 'N' ? VALUE_NS
               : name.ptr[0] == 'B' ? VALUE_BS
                                    : 0;
    case 4:
        return memcmp(name.ptr, "BOOL", 4) == 0   ? VALUE_BOOL
               : memcmp(name.ptr, "NULL", 4) == 0 ? VALUE_NULL
                                                  : 0;
    default:
        return 0;
    }
}

static bool shape_typed(enum value_type type, const struct json *json, struct failure *failure)
{
    switch (type) {
    case VALUE_S:
    case VALUE_N:
        return shape_string(json, failure);
    case VALUE_B:
        return shape_binary(json, failure);
    case VALUE_BOOL:
    case VALUE_NULL:
        return shape_boolean(json, failure);
    case VALUE_SS:
    case VALUE_NS:
        return shape_list(json, shape_string, failure);
    case VALUE_BS:
        return shape_list(json, shape_binary, failure);
    case VALUE_L:
        return shape_list(json, attribute_value_well_shaped, failure);
    case VALUE_M:
        return attribute_values_well_shaped(json, failure);
    }
    return true;
}

bool attribute_value_well_shaped(const struct json *json, struct failure *failure)
{
    if (json->type == JSON_NULL)
        return true;
    if (json->type == JSON_ARRAY)
        return fail(failure, ERROR_SERIALIZATION,
                    "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue");
    if (json->type != JSON_OBJECT)
        return fail(failure, ERROR_SERIALIZATION, "Unexpected value type in payload");
    for (size_t i = 0; i < json->object.count; i++) {
        const struct json_member *member = &json->object.members[i];
        enum value_type type = type_of_name(member->name);
        if (type != 0 && !shape_typed(type, &member->value, failure))
            return false;
    }
    return true;
}

bool attribute_values_well_shaped(const struct json *json, struct failure *failure)
{
    if (json->type == JSON_NULL)
        return true;
    if (json->type == JSON_ARRAY)
        return fail(failure, ERROR_SERIALIZATION,
                    "Unrecognized collection type java.util.Map<java.lang.String, "
                    "com.amazonaws.dynamodb.v20120810.AttributeValue>");
    if (json->type != JSON_OBJECT)
        return fail(failure, ERROR_SERIALIZATION, "Unexpected field type");
    for (size_t i = 0; i < json->object.count; i++) {
        if (!attribute_value_well_shaped(&json->object.members[i].value, failure))
            return false;
    }
    return true;
}

/* ---- reading ---- */

struct reader {
    struct arena *arena;
    struct failure *failure;
    unsigned depth; /* documents around the value */
};

static bool read_value(struct reader *reader, const struct json *json, struct value *out);

static bool fail_null(struct reader *reader)
{
    return fail(reader->failure, ERROR_VALIDATION, "The supplied Item contains a null AttributeValue");
}

/* A scalar of type S, N or B. The caller sees to JSON null. */
static bool read_scalar(struct reader *reader, enum value_type type, const struct json *json,
                        struct value *out)
{
    out->type = type;
    if (type == VALUE_B) {
        return (json->type == JSON_STRING && base64_decode(reader->arena, json->text, &out->bytes)) ||
               (shape_binary(json, reader->failure) && false);
    }
    if (json->type != JSON_STRING)
        return shape_string(json, reader->failure);
    if (type == VALUE_N)
        return number_parse(json->text, &out->number, reader->failure);
    out->bytes = json->text;
    return true;
}

static bool read_flag(struct reader *reader, enum value_type type, const struct json *json, struct value *out)
{
    out->type = type;
    if (!shape_boolean(json, reader->failure))
        return false;
    (void)read_boolean(json, &out->boolean);
    if (type == VALUE_NULL && !out->boolean)
        return fail(reader->failure, ERROR_VALIDATION,
                    INVALID "Null attribute value types must have the value of true");
    return true;
}

/* Documents nest: AWS counts the scalars inside as a level, and allows 32. */
static bool enter(struct reader *reader)
{
    if (++reader->depth < VALUE_DEPTH_LIMIT)
        return true;
    return fail(
        reader->failure, ERROR_VALIDATION,
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
        "supported limit");
}

static bool read_map(struct reader *reader, const struct json *json, struct item *out)
{
    if (json->type != JSON_OBJECT)
        return attribute_values_well_shaped(json, reader->failure);
    *out = (struct item){arena_alloc(reader->arena, json->object.count * sizeof(struct attribute)),
                         json->object.count};
    for (size_t i = 0; i < out->count; i++) {
        const struct json_member *member = &json->object.members[i];
        if (!attribute_name_check(member->name, reader->failure))
            return false;
        if (member->value.type == JSON_NULL)
            return fail(reader->failure, ERROR_VALIDATION,
                        "The supplied Item contains a null AttributeValue: %.*s is null",
                        SLICE_ARGS(member->name));
        out->attributes[i].name = member->name;
        if (!read_value(reader, &member->value, &out->attributes[i].value))
            return false;
    }
    return true;
}

static bool read_list(struct reader *reader, const struct json *json, struct value_list *out)
{
    if (json->type != JSON_ARRAY)
        return shape_list(json, attribute_value_well_shaped, reader->failure);
    *out = (struct value_list){arena_alloc(reader->arena, json->array.count * sizeof(struct value)),
                               json->array.count};
    for (size_t i = 0; i < out->count; i++) {
        if (!read_value(reader, &json->array.items[i], &out->values[i]))
            return false;
    }
    return true;
}

static bool fail_empty_set(struct reader *reader, enum value_type type)
{
    return fail(reader->failure, ERROR_VALIDATION, "%s",
                type == VALUE_SS   ? INVALID "An string set  may not be empty"
                : type == VALUE_NS ? INVALID "An number set  may not be empty"
                                   : INVALID "Binary sets should not be empty");
}

static bool fail_null_member(struct reader *reader, enum value_type type)
{
    if (type == VALUE_SS)
        return fail(reader->failure, ERROR_VALIDATION,
                    INVALID "An string set may not have a null string as a member");
    if (type == VALUE_NS)
        return fail(reader->failure, ERROR_VALIDATION,
                    "The parameter cannot be converted to a numeric value");
    return fail_null(reader);
}

static bool fail_duplicates(struct reader *reader, enum value_type type, const struct json *json)
{
    struct buffer members;

    if (type == VALUE_NS)
        return fail(reader->failure, ERROR_VALIDATION, "Input collection contains duplicates");
    buffer_init(&members);
    for (size_t i = 0; i < json->array.count; i++) {
        if (i > 0)
            buffer_append(&members, SLICE(", "));
        buffer_append(&members,
                      json->array.items[i].type == JSON_NULL ? SLICE("null") : json->array.items[i].text);
    }
    fail(reader->failure, ERROR_VALIDATION, INVALID "Input collection [%.*s]%s contains duplicates.",
         SLICE_ARGS(buffer_slice(&members)), type == VALUE_BS ? "of type BS" : "");
    buffer_finish(&members);
    return false;
}

static bool has_duplicates(const struct value_list *sorted)
{
    for (size_t i = 1; i < sorted->count; i++) {
        if (value_compare(&sorted->values[i - 1], &sorted->values[i]) == 0)
            return true;
    }
    return false;
}

/* Reads the members that are there into `out`, which has room for all, and counts those that are null.
 * Numbers end at the first that is none. */
static bool read_members(struct reader *reader, enum value_type type, const struct json *json,
                         struct value_list *out, size_t *nulls)
{
    enum value_type member = type == VALUE_SS ? VALUE_S : type == VALUE_NS ? VALUE_N : VALUE_B;

    for (size_t i = 0; i < json->array.count; i++) {
        const struct json *given = &json->array.items[i];
        if (given->type == JSON_NULL && type == VALUE_NS)
            return fail_null_member(reader, type);
        if (given->type == JSON_NULL)
            ++*nulls;
        else if (read_scalar(reader, member, given, &out->values[out->count]))
            out->count++;
        else
            return false;
    }
    return true;
}

/*
 * A set; its members are sorted to find duplicates, and stay so. That a member is there twice is told before
 * that one is null (null twice is a duplicate as well), and before that one is no number, if it comes after.
 */
static bool read_set(struct reader *reader, enum value_type type, const struct json *json,
                     struct value_list *out)
{
    struct failure fault;
    struct reader members = *reader;
    size_t nulls = 0;

    if (json->type != JSON_ARRAY)
        return shape_typed(type, json, reader->failure);
    if (json->array.count == 0)
        return fail_empty_set(reader, type);
    *out = (struct value_list){arena_alloc(reader->arena, json->array.count * sizeof(struct value)), 0};
    failure_init(&fault, reader->failure->arena);
    members.failure = &fault;
    bool read = read_members(&members, type, json, out, &nulls);
    if (!read && fault.code != ERROR_VALIDATION)
        return fail(reader->failure, fault.code, "%.*s", SLICE_ARGS(fault.message));
    set_sort(out);
    if (nulls > 1 || has_duplicates(out))
        return fail_duplicates(reader, type, json);
    if (!read)
        return fail(reader->failure, fault.code, "%.*s", SLICE_ARGS(fault.message));
    return nulls == 0 || fail_null_member(reader, type);
}

static bool read_typed(struct reader *reader, enum value_type type, const struct json *json,
                       struct value *out)
{
    switch (type) {
    case VALUE_S:
    case VALUE_N:
    case VALUE_B:
        return read_scalar(reader, type, json, out);
    case VALUE_BOOL:
    case VALUE_NULL:
        return read_flag(reader, type, json, out);
    case VALUE_SS:
    case VALUE_NS:
    case VALUE_BS:
        out->type = type;
        return read_set(reader, type, json, &out->list);
    case VALUE_M:
    case VALUE_L:
        break;
    }
    out->type = type;
    if (!enter(reader))
        return false;
    bool read = type == VALUE_M ? read_map(reader, json, &out->map) : read_list(reader, json, &out->list);
    reader->depth--;
    return read;
}

/* An object that is not exactly one type: AWS looks at each type that it knows, in this order, before it
 * counts them. */
static bool read_ambiguous(struct reader *reader, const struct json *json, struct value *out)
{
    static const char *const order[] = {"S", "B", "N", "BOOL", "NULL", "BS", "NS", "SS", "L", "M"};
    unsigned types = 0;

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        const struct json *member = json_get(json, order[i]);
        if (member == NULL || member->type == JSON_NULL)
            continue;
        types++;
        if (!read_typed(reader, type_of_name(slice_of(order[i])), member, out))
            return false;
    }
    if (types == 0)
        return fail(reader->failure, ERROR_VALIDATION,
                    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
    if (types > 1)
        return fail(reader->failure, ERROR_VALIDATION,
                    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of "
                    "the supported "
                    "datatypes");
    return true;
}

static bool read_value(struct reader *reader, const struct json *json, struct value *out)
{
    if (json->type == JSON_NULL)
        return fail_null(reader);
    if (json->type != JSON_OBJECT)
        return attribute_value_well_shaped(json, reader->failure);
    if (json->object.count == 1) {
        const struct json_member *member = json->object.members;
        enum value_type type = type_of_name(member->name);
        if (type != 0 && member->value.type != JSON_NULL)
            return read_typed(reader, type, &member->value, out);
    }
    return read_ambiguous(reader, json, out);
}

/* Nothing was read: tells why, a wrong shape anywhere first. */
static bool refuse(bool well_shaped, const struct failure *found, struct failure *failure)
{
    if (well_shaped && failure->code == ERROR_NONE) {
        failure->code = found->code;
        failure->message = found->message;
    }
    return false;
}

bool value_from_json(struct arena *arena, const struct json *json, struct value *out, struct failure *failure)
{
    struct failure found;
    struct reader reader = {.arena = arena, .failure = &found};

    failure_init(&found, failure->arena);
    return read_value(&reader, json, out) ||
           refuse(attribute_value_well_shaped(json, failure), &found, failure);
}

bool attribute_name_check(struct slice name, struct failure *failure)
{
    if (name.len == 0)
        return fail(failure, ERROR_VALIDATION, "Empty attribute name");
    return name.len <= ATTRIBUTE_NAME_LIMIT ||
           fail(failure, ERROR_VALIDATION, "Attribute name is too large, must be less than 65536 bytes");
}

bool item_from_json(struct arena *arena, const struct json *json, struct item *out, struct failure *failure)
{
    struct failure found;
    struct reader reader = {.arena = arena, .failure = &found};

    failure_init(&found, failure->arena);
    if (json->type == JSON_NULL)
        return fail_null(&reader) || refuse(true, &found, failure);
    return read_map(&reader, json, out) ||
           refuse(attribute_values_well_shaped(json, failure), &found, failure);
}

/* ---- writing ---- */

static void write_set(struct buffer *out, const struct value_list *set)
{
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < set->count; i++) {
        const struct value *member = &set->values[i];
        if (i > 0)
            buffer_append_byte(out, ',');
        if (member->type == VALUE_S) {
            json_write_string(out, member->bytes);
        } else if (member->type == VALUE_B) {
            json_write_base64(out, member->bytes);
        } else {
            buffer_append_byte(out, '"');
            number_write(out, &member->number);
            buffer_append_byte(out, '"');
        }
    }
    buffer_append_byte(out, ']');
}

static void write_list(struct buffer *out, const struct value_list *list)
{
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        value_to_json(out, &list->values[i]);
    }
    buffer_append_byte(out, ']');
}

void value_to_json(struct buffer *out, const struct value *value)
{
    switch (value->type) {
    case VALUE_S:
        buffer_append(out, SLICE("{\"S\":"));
        json_write_string(out, value->bytes);
        break;
    case VALUE_N:
        buffer_append(out, SLICE("{\"N\":\""));
        number_write(out, &value->number);
        buffer_append_byte(out, '"');
        break;
    case VALUE_B:
        buffer_append(out, SLICE("{\"B\":"));
        json_write_base64(out, value->bytes);
        break;
    case VALUE_BOOL:
        buffer_append(out, value->boolean ? SLICE("{\"BOOL\":true") : SLICE("{\"BOOL\":false"));
        break;
    case VALUE_NULL:
        buffer_append(out, SLICE("{\"NULL\":true"));
        break;
    case VALUE_M:
        buffer_append(out, SLICE("{\"M\":"));
        item_to_json(out, &value->map);
        break;
    case VALUE_L:
        buffer_append(out, SLICE("{\"L\":"));
        write_list(out, &value->list);
        break;
    case VALUE_SS:
    case VALUE_NS:
    case VALUE_BS:
        buffer_append(out, SLICE("{\""));
        buffer_append_string(out, value_type_name(value->type));
        buffer_append(out, SLICE("\":"));
        write_set(out, &value->list);
        break;
    }
    buffer_append_byte(out, '}');
}

void item_to_json(struct buffer *out, const struct item *item)
{
    buffer_append_byte(out, '{');
    for (size_t i = 0; i < item->count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        json_write_string(out, item->attributes[i].name);
        buffer_append_byte(out, ':');
        value_to_json(out, &item->attributes[i].value);
    }
    buffer_append_byte(out, '}');
}
