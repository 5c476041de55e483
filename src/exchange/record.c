/* Records in JSON, DynamoDB's and plain. */
#include "exchange/record.h"

#include <stdarg.h>

#include "exchange/notation.h"
#include "items/attribute_value.h"

enum { JSON_DEPTH = 128, NAME_LIMIT = 65535 };

bool record_fails(struct arena *arena, struct fault *fault, struct slice attribute, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fault->attribute = attribute;
    fault->reason = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return false;
}

static bool check_item(struct arena *arena, const struct item *item, struct fault *fault)
{
    if (item->count == 0)
        return record_fails(arena, fault, SLICE(""), "it has no attributes");
    if (item_size(item) > ITEM_SIZE_LIMIT)
        return record_fails(arena, fault, SLICE(""), "Item size has exceeded the maximum allowed size");
    return true;
}

bool record_from_attributes(struct arena *arena, const struct json *attributes, struct item *out,
                            struct fault *fault)
{
    struct failure failure;

    out->count = attributes->object.count;
    out->attributes = arena_array(arena, struct attribute, out->count);
    for (size_t i = 0; i < out->count; i++) {
        const struct json_member *member = &attributes->object.members[i];
        failure_init(&failure, arena);
        if (member->name.len == 0 || member->name.len > NAME_LIMIT)
            return record_fails(arena, fault, SLICE(""),
                                "it has an attribute whose name is empty or too long");
        out->attributes[i].name = member->name;
        if (member->value.type == JSON_NULL)
            return record_fails(arena, fault, member->name, "it is null, and no attribute value");
        if (!value_from_json(arena, &member->value, &out->attributes[i].value, &failure))
            return record_fails(arena, fault, member->name, "%.*s", SLICE_ARGS(failure.message));
    }
    return check_item(arena, out, fault);
}

static bool parse(struct arena *arena, struct slice text, const struct json **out, struct fault *fault)
{
    switch (json_parse(arena, text, JSON_DEPTH, out)) {
    case JSON_OK:
        break;
    case JSON_TOO_DEEP:
        return record_fails(arena, fault, SLICE(""), "it is nested too deeply");
    case JSON_SYNTAX:
        return record_fails(arena, fault, SLICE(""), "it is no JSON");
    }
    return (*out)->type == JSON_OBJECT || record_fails(arena, fault, SLICE(""), "it is no JSON object");
}

bool record_from_dynamodb_json(struct arena *arena, struct slice text, struct item *out, struct fault *fault)
{
    const struct json *json;

    if (!parse(arena, text, &json, fault))
        return false;
    const struct json *item = json_get(json, "Item");
    if (item == NULL || item->type != JSON_OBJECT || json->object.count != 1)
        return record_fails(arena, fault, SLICE(""), "it is not of the form {\"Item\":{...}}");
    return record_from_attributes(arena, item, out, fault);
}

bool record_is_dynamodb_json(struct arena *arena, struct slice text)
{
    const struct json *json;
    struct fault fault;
    struct failure failure;

    failure_init(&failure, arena);
    if (!parse(arena, text, &json, &fault))
        return false;
    const struct json *item = json_get(json, "Item");
    return item != NULL && item->type == JSON_OBJECT && json->object.count == 1 &&
           attribute_values_well_shaped(item, &failure);
}

/* ---- plain JSON ---- */

static struct json typed(struct arena *arena, const char *type, const struct json *value)
{
    struct json_member *member = arena_new(arena, struct json_member);

    member->name = slice_of(type);
    member->value = *value;
    struct json object = {.type = JSON_OBJECT};
    object.object.members = member;
    object.object.count = 1;
    return object;
}

/* The plain value as an attribute value. Depth is bounded by the parser. */
static struct json attribute_of(struct arena *arena, const struct json *plain)
{
    struct json inner = *plain;

    switch (plain->type) {
    case JSON_NULL:
        inner = (struct json){.type = JSON_BOOLEAN, .boolean = true};
        return typed(arena, "NULL", &inner);
    case JSON_BOOLEAN:
        return typed(arena, "BOOL", plain);
    case JSON_NUMBER:
        inner.type = JSON_STRING;
        return typed(arena, "N", &inner);
    case JSON_STRING:
        return typed(arena, "S", plain);
    case JSON_ARRAY:
        inner.array.items = arena_array(arena, struct json, plain->array.count);
        for (size_t i = 0; i < plain->array.count; i++)
            inner.array.items[i] = attribute_of(arena, &plain->array.items[i]);
        return typed(arena, "L", &inner);
    case JSON_OBJECT:
        break;
    }
    inner.object.members = arena_array(arena, struct json_member, plain->object.count);
    for (size_t i = 0; i < plain->object.count; i++) {
        inner.object.members[i].name = plain->object.members[i].name;
        inner.object.members[i].value = attribute_of(arena, &plain->object.members[i].value);
    }
    return typed(arena, "M", &inner);
}

bool record_from_json(struct arena *arena, struct slice text, struct item *out, struct fault *fault)
{
    const struct json *json;

    if (!parse(arena, text, &json, fault))
        return false;
    struct json map = attribute_of(arena, json);
    return record_from_attributes(arena, &map.object.members[0].value, out, fault);
}

/* ---- writing ---- */

void record_to_dynamodb_json(struct buffer *out, const struct item *item)
{
    buffer_append_string(out, "{\"Item\":");
    item_to_json(out, item);
    buffer_append_string(out, "}\n");
}

static void write_plain_scalar(struct buffer *out, const struct value *value)
{
    if (value->type == VALUE_S)
        json_write_string(out, value->bytes);
    else if (value->type == VALUE_N)
        number_write(out, &value->number);
    else
        json_write_base64(out, value->bytes);
}

static const struct notation plain = {json_write_string, write_plain_scalar, NULL};

void record_to_json(struct buffer *out, const struct item *item)
{
    notation_write_item(&plain, out, item);
    buffer_append_byte(out, '\n');
}
