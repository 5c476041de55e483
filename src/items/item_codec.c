/*
 * The stored form of an item:
 *
 *   item       byte 1 (the format), varint AWS size, attributes
 *   attributes varint count, then for each: varint length of the name, name, value
 *   value      byte type (enum value_type), then
 *
 *              S, B          varint length, bytes
 *              N             the encoded number (number.c), which ends itself
 *              BOOL          byte 0 or 1
 *              NULL          nothing
 *              M             attributes
 *              L             varint count, values
 *              SS, BS        varint count, then for each: varint length, bytes
 *              NS            varint count, encoded numbers
 *
 * A varint is an unsigned number of up to 32 bits in groups of 7, the least first; all bytes but the last
 * have their highest bit set.
 */
#include "items/item_codec.h"

#include "base/check.h"
#include "base/json.h"

enum { FORMAT = 1 };

/* Deeper than VALUE_DEPTH_LIMIT, which is checked when an item is written: what was stored can be read. */
enum { STORED_DEPTH_LIMIT = 128 };

/* ---- writing ---- */

enum { VARINT_LIMIT = 5 };

static unsigned char *put_varint(unsigned char *at, size_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (unsigned char)(value | 0x80);
    *at++ = (unsigned char)value;
    return at;
}

static void append_varint(struct buffer *out, size_t value)
{
    unsigned char *start = (unsigned char *)buffer_reserve(out, VARINT_LIMIT);

    CHECK(value <= UINT32_MAX);
    out->len += (size_t)(put_varint(start, value) - start);
}

static void append_bytes(struct buffer *out, struct slice bytes)
{
    unsigned char *start = (unsigned char *)buffer_reserve(out, VARINT_LIMIT + bytes.len), *at;

    CHECK(bytes.len <= UINT32_MAX);
    at = put_varint(start, bytes.len);
    if (bytes.len > 0)
        memcpy(at, bytes.ptr, bytes.len);
    out->len += (size_t)(at - start) + bytes.len;
}

static void append_number(struct buffer *out, const struct number *number)
{
    out->len += number_encode(number, (unsigned char *)buffer_reserve(out, NUMBER_ENCODED_LIMIT));
}

static void append_value(struct buffer *out, const struct value *value);

static void append_attributes(struct buffer *out, const struct item *map)
{
    append_varint(out, map->count);
    for (size_t i = 0; i < map->count; i++) {
        append_bytes(out, map->attributes[i].name);
        append_value(out, &map->attributes[i].value);
    }
}

static void append_value(struct buffer *out, const struct value *value)
{
    buffer_append_byte(out, (char)value->type);
    switch (value->type) {
    case VALUE_S:
    case VALUE_B:
        append_bytes(out, value->bytes);
        break;
    case VALUE_N:
        append_number(out, &value->number);
        break;
    case VALUE_BOOL:
        buffer_append_byte(out, value->boolean);
        break;
    case VALUE_NULL:
        break;
    case VALUE_M:
        append_attributes(out, &value->map);
        break;
    case VALUE_L:
        append_varint(out, value->list.count);
        for (size_t i = 0; i < value->list.count; i++)
            append_value(out, &value->list.values[i]);
        break;
    case VALUE_SS:
    case VALUE_BS:
        append_varint(out, value->list.count);
        for (size_t i = 0; i < value->list.count; i++)
            append_bytes(out, value->list.values[i].bytes);
        break;
    case VALUE_NS:
        append_varint(out, value->list.count);
        for (size_t i = 0; i < value->list.count; i++)
            append_number(out, &value->list.values[i].number);
        break;
    }
}

void item_encode(struct buffer *out, const struct item *item)
{
    buffer_append_byte(out, FORMAT);
    append_varint(out, item_size(item));
    append_attributes(out, item);
}

/* ---- reading ---- */

/* What is left of the stored bytes. */
struct cursor {
    const unsigned char *at;
    const unsigned char *end;
    unsigned depth;
};

static size_t left(const struct cursor *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

static bool take_byte(struct cursor *cursor, unsigned char *out)
{
    if (cursor->at == cursor->end)
        return false;
    *out = *cursor->at++;
    return true;
}

static bool take_varint(struct cursor *cursor, size_t *out)
{
    uint64_t value = 0;
    unsigned char byte;

    for (unsigned shift = 0; shift < VARINT_LIMIT * 7; shift += 7) {
        if (!take_byte(cursor, &byte))
            return false;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            *out = (size_t)value;
            return value <= UINT32_MAX;
        }
    }
    return false;
}

static bool take_bytes(struct cursor *cursor, struct slice *out)
{
    if (!take_varint(cursor, &out->len) || out->len > left(cursor))
        return false;
    out->ptr = (const char *)cursor->at;
    cursor->at += out->len;
    return true;
}

static bool take_number(struct cursor *cursor, struct number *out)
{
    size_t length = number_decode((struct slice){(const char *)cursor->at, left(cursor)}, out);

    cursor->at += length;
    return length > 0;
}

/* A count of things that take a byte at least, so that a wrong one cannot ask for much memory. */
static bool take_count(struct cursor *cursor, size_t *out)
{
    return take_varint(cursor, out) && *out <= left(cursor);
}

static bool take_boolean(struct cursor *cursor, bool *out)
{
    unsigned char byte;

    if (!take_byte(cursor, &byte) || byte > 1)
        return false;
    *out = byte != 0;
    return true;
}

static bool start(struct slice stored, struct cursor *cursor, size_t *size)
{
    unsigned char format;

    if (stored.len == 0)
        return false;
    *cursor =
        (struct cursor){(const unsigned char *)stored.ptr, (const unsigned char *)stored.ptr + stored.len, 0};
    return take_byte(cursor, &format) && format == FORMAT && take_varint(cursor, size);
}

size_t item_encoded_size(struct slice stored)
{
    struct cursor cursor;
    size_t size;

    return start(stored, &cursor, &size) ? size : 0;
}

/* ---- into values ---- */

static bool decode_value(struct arena *arena, struct cursor *cursor, struct value *out);

static bool decode_attributes(struct arena *arena, struct cursor *cursor, struct item *out)
{
    if (!take_count(cursor, &out->count))
        return false;
    out->attributes = arena_alloc(arena, out->count * sizeof(*out->attributes));
    for (size_t i = 0; i < out->count; i++) {
        if (!take_bytes(cursor, &out->attributes[i].name) ||
            !decode_value(arena, cursor, &out->attributes[i].value))
            return false;
    }
    return true;
}

static bool decode_list(struct arena *arena, struct cursor *cursor, struct value_list *out)
{
    if (!take_count(cursor, &out->count))
        return false;
    out->values = arena_alloc(arena, out->count * sizeof(*out->values));
    for (size_t i = 0; i < out->count; i++) {
        if (!decode_value(arena, cursor, &out->values[i]))
            return false;
    }
    return true;
}

static bool decode_set(struct arena *arena, struct cursor *cursor, enum value_type type,
                       struct value_list *out)
{
    enum value_type member = type == VALUE_SS ? VALUE_S : type == VALUE_NS ? VALUE_N : VALUE_B;

    if (!take_count(cursor, &out->count))
        return false;
    out->values = arena_alloc(arena, out->count * sizeof(*out->values));
    for (size_t i = 0; i < out->count; i++) {
        out->values[i].type = member;
        if (!(member == VALUE_N ? take_number(cursor, &out->values[i].number)
                                : take_bytes(cursor, &out->values[i].bytes)))
            return false;
    }
    return true;
}

static bool decode_document(struct arena *arena, struct cursor *cursor, struct value *out)
{
    if (cursor->depth == STORED_DEPTH_LIMIT)
        return false;
    cursor->depth++;
    bool decoded = out->type == VALUE_M ? decode_attributes(arena, cursor, &out->map)
                                        : decode_list(arena, cursor, &out->list);
    cursor->depth--;
    return decoded;
}

static bool decode_value(struct arena *arena, struct cursor *cursor, struct value *out)
{
    unsigned char type;

    if (!take_byte(cursor, &type))
        return false;
    out->type = type;
    switch (type) {
    case VALUE_S:
    case VALUE_B:
        return take_bytes(cursor, &out->bytes);
    case VALUE_N:
        return take_number(cursor, &out->number);
    case VALUE_BOOL:
        return take_boolean(cursor, &out->boolean);
    case VALUE_NULL:
        out->boolean = true;
        return true;
    case VALUE_M:
    case VALUE_L:
        return decode_document(arena, cursor, out);
    case VALUE_SS:
    case VALUE_NS:
    case VALUE_BS:
        return decode_set(arena, cursor, out->type, &out->list);
    default:
        return false;
    }
}

bool item_decode(struct arena *arena, struct slice stored, struct item *out)
{
    struct cursor cursor;
    size_t size;

    return start(stored, &cursor, &size) && decode_attributes(arena, &cursor, out) && left(&cursor) == 0;
}

/* ---- into JSON ---- */

static bool write_value(struct buffer *out, struct cursor *cursor);

static bool write_attributes(struct buffer *out, struct cursor *cursor)
{
    struct slice name;
    size_t count;

    if (!take_count(cursor, &count))
        return false;
    buffer_append_byte(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (!take_bytes(cursor, &name))
            return false;
        if (i > 0)
            buffer_append_byte(out, ',');
        json_write_string(out, name);
        buffer_append_byte(out, ':');
        if (!write_value(out, cursor))
            return false;
    }
    buffer_append_byte(out, '}');
    return true;
}

static bool write_number(struct buffer *out, struct cursor *cursor)
{
    struct number number;

    if (!take_number(cursor, &number))
        return false;
    buffer_append_byte(out, '"');
    number_write(out, &number);
    buffer_append_byte(out, '"');
    return true;
}

static bool write_string(struct buffer *out, struct cursor *cursor)
{
    struct slice text;

    if (!take_bytes(cursor, &text))
        return false;
    json_write_string(out, text);
    return true;
}

static bool write_binary(struct buffer *out, struct cursor *cursor)
{
    struct slice bytes;

    if (!take_bytes(cursor, &bytes))
        return false;
    json_write_base64(out, bytes);
    return true;
}

/* A list or a set: each element by the same function. */
static bool write_elements(struct buffer *out, struct cursor *cursor,
                           bool (*write_element)(struct buffer *, struct cursor *))
{
    size_t count;

    if (!take_count(cursor, &count))
        return false;
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        if (!write_element(out, cursor))
            return false;
    }
    buffer_append_byte(out, ']');
    return true;
}

static bool write_document(struct buffer *out, struct cursor *cursor, enum value_type type)
{
    if (cursor->depth == STORED_DEPTH_LIMIT)
        return false;
    cursor->depth++;
    bool written = type == VALUE_M ? write_attributes(out, cursor) : write_elements(out, cursor, write_value);
    cursor->depth--;
    return written;
}

static bool write_boolean(struct buffer *out, struct cursor *cursor)
{
    bool boolean;

    if (!take_boolean(cursor, &boolean))
        return false;
    buffer_append(out, boolean ? SLICE("true") : SLICE("false"));
    return true;
}

static bool write_content(struct buffer *out, struct cursor *cursor, enum value_type type)
{
    switch (type) {
    case VALUE_S:
        return write_string(out, cursor);
    case VALUE_N:
        return write_number(out, cursor);
    case VALUE_B:
        return write_binary(out, cursor);
    case VALUE_BOOL:
        return write_boolean(out, cursor);
    case VALUE_NULL:
        buffer_append(out, SLICE("true"));
        return true;
    case VALUE_M:
    case VALUE_L:
        return write_document(out, cursor, type);
    case VALUE_SS:
        return write_elements(out, cursor, write_string);
    case VALUE_NS:
        return write_elements(out, cursor, write_number);
    case VALUE_BS:
        return write_elements(out, cursor, write_binary);
    }
    return false;
}

static bool write_value(struct buffer *out, struct cursor *cursor)
{
    static const struct slice openings[] = {
        [VALUE_S] = SLICE("{\"S\":"),       [VALUE_N] = SLICE("{\"N\":"),
        [VALUE_B] = SLICE("{\"B\":"),       [VALUE_BOOL] = SLICE("{\"BOOL\":"),
        [VALUE_NULL] = SLICE("{\"NULL\":"), [VALUE_M] = SLICE("{\"M\":"),
        [VALUE_L] = SLICE("{\"L\":"),       [VALUE_SS] = SLICE("{\"SS\":"),
        [VALUE_NS] = SLICE("{\"NS\":"),     [VALUE_BS] = SLICE("{\"BS\":"),
    };
    unsigned char type;

    if (!take_byte(cursor, &type) || type < VALUE_S || type > VALUE_BS)
        return false;
    buffer_append(out, openings[type]);
    if (!write_content(out, cursor, type))
        return false;
    buffer_append_byte(out, '}');
    return true;
}

bool item_encoded_to_json(struct buffer *out, struct slice stored)
{
    struct cursor cursor;
    size_t size;

    return start(stored, &cursor, &size) && write_attributes(out, &cursor) && left(&cursor) == 0;
}
