/*
 * The encoded form of a key's value:
 *
 *   S, B   the bytes, with 00 written as 00 FF; then the end, 00 01
 *   N      the encoded number (number.c), which ends itself
 *
 * The end is below every byte that could follow in a longer value (00 FF, or 01 and more), so a prefix comes
 * first.
 */
#include "items/key_codec.h"

#include "base/check.h"

enum { ESCAPE = 0x00, ESCAPED_ZERO = 0xFF, END = 0x01 };

static void append_escaped(struct buffer *out, struct slice bytes)
{
    while (bytes.len > 0) {
        const char *zero = memchr(bytes.ptr, ESCAPE, bytes.len);
        size_t plain = zero == NULL ? bytes.len : (size_t)(zero - bytes.ptr) + 1;
        buffer_append(out, (struct slice){bytes.ptr, plain});
        if (zero != NULL)
            buffer_append_byte(out, (char)ESCAPED_ZERO);
        bytes = slice_skip(bytes, plain);
    }
}

void key_encode_value(struct buffer *out, const struct value *value)
{
    if (value->type == VALUE_N) {
        out->len += number_encode(&value->number, (unsigned char *)buffer_reserve(out, NUMBER_ENCODED_LIMIT));
        return;
    }
    CHECK(value->type == VALUE_S || value->type == VALUE_B);
    append_escaped(out, value->bytes);
    buffer_append_byte(out, ESCAPE);
    buffer_append_byte(out, END);
}

void key_encode_prefix(struct buffer *out, const struct value *value)
{
    CHECK(value->type == VALUE_S || value->type == VALUE_B);
    append_escaped(out, value->bytes);
}

/* The length of the encoding without its end, and how many zeros it has; false if it has no end. */
static bool find_end(struct slice bytes, size_t *length, size_t *zeros)
{
    const char *at = bytes.ptr;
    size_t rest = bytes.len;

    *zeros = 0;
    while (rest > 0) {
        const char *zero = memchr(at, ESCAPE, rest);
        if (zero == NULL)
            return false;
        rest -= (size_t)(zero - at) + 1;
        at = zero + 1;
        if (rest == 0)
            return false;
        if (*at == END) {
            *length = (size_t)(zero - bytes.ptr);
            return true;
        }
        if ((unsigned char)*at != ESCAPED_ZERO)
            return false;
        (*zeros)++;
        at++;
        rest--;
    }
    return false;
}

static struct slice unescape(struct arena *arena, struct slice escaped, size_t zeros)
{
    char *bytes = arena_alloc(arena, escaped.len - zeros);
    size_t to = 0;

    for (size_t i = 0; i < escaped.len; i++) {
        bytes[to++] = escaped.ptr[i];
        if (escaped.ptr[i] == ESCAPE)
            i++;
    }
    return (struct slice){bytes, to};
}

size_t key_decode_value(struct arena *arena, struct slice bytes, enum value_type type, struct value *out)
{
    size_t length, zeros;

    *out = (struct value){.type = type};
    if (type == VALUE_N)
        return number_decode(bytes, &out->number);
    CHECK(type == VALUE_S || type == VALUE_B);
    if (!find_end(bytes, &length, &zeros))
        return 0;
    out->bytes = (struct slice){bytes.ptr, length};
    if (zeros > 0)
        out->bytes = unescape(arena, out->bytes, zeros);
    return length + 2;
}

bool key_after_prefix(struct buffer *key, size_t start)
{
    size_t end = key->len;

    while (end > start && (unsigned char)key->bytes[end - 1] == 0xFF)
        end--;
    if (end == start)
        return false;
    key->bytes[end - 1] = (char)((unsigned char)key->bytes[end - 1] + 1);
    key->len = end;
    return true;
}
