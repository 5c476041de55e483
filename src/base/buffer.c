#include "base/buffer.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/format.h"

enum { FIRST_CAPACITY = 256, KEPT_CAPACITY = 256 * 1024 };

void buffer_init(struct buffer *buffer)
{
    *buffer = (struct buffer){0};
}

void buffer_finish(struct buffer *buffer)
{
    free(buffer->bytes);
    buffer_init(buffer);
}

void buffer_reset(struct buffer *buffer)
{
    buffer->len = 0;
    if (buffer->capacity > KEPT_CAPACITY)
        buffer_finish(buffer);
}

char *buffer_reserve(struct buffer *buffer, size_t more)
{
    size_t needed;

    CHECK(!__builtin_add_overflow(buffer->len, more, &needed) && needed <= SIZE_MAX / 2);
    if (needed > buffer->capacity || buffer->bytes == NULL) {
        size_t capacity = buffer->capacity == 0 ? FIRST_CAPACITY : buffer->capacity * 2;
        if (capacity < needed)
            capacity = needed;
        char *bytes = realloc(buffer->bytes, capacity);
        CHECK(bytes != NULL);
        buffer->bytes = bytes;
        buffer->capacity = capacity;
    }
    return buffer->bytes + buffer->len;
}

void buffer_append(struct buffer *buffer, struct slice bytes)
{
    if (bytes.len == 0)
        return;
    memcpy(buffer_reserve(buffer, bytes.len), bytes.ptr, bytes.len);
    buffer->len += bytes.len;
}

void buffer_append_string(struct buffer *buffer, const char *terminated)
{
    buffer_append(buffer, slice_of(terminated));
}

void buffer_append_byte(struct buffer *buffer, char byte)
{
    *buffer_reserve(buffer, 1) = byte;
    buffer->len++;
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    size_t length = format_text(NULL, 0, format, arguments);
    (void)format_text(buffer_reserve(buffer, length), length, format, arguments);
    va_end(arguments);
    buffer->len += length;
}

static void append_big_endian(struct buffer *buffer, uint64_t value, size_t width)
{
    char *at = buffer_reserve(buffer, width);

    for (size_t i = 0; i < width; i++)
        at[i] = (char)(value >> (8 * (width - 1 - i)));
    buffer->len += width;
}

void buffer_append_u16(struct buffer *buffer, uint16_t value)
{
    append_big_endian(buffer, value, sizeof(value));
}

void buffer_append_u32(struct buffer *buffer, uint32_t value)
{
    append_big_endian(buffer, value, sizeof(value));
}

void buffer_append_u64(struct buffer *buffer, uint64_t value)
{
    append_big_endian(buffer, value, sizeof(value));
}
