/*
 * A buffer: bytes that are built up at the end, as an answer or an encoded item.
 *
 * Invariants: `len <= capacity`; `bytes` is NULL only while `capacity` is 0. The buffer owns its bytes until
 * buffer_finish() or buffer_detach(); a slice of it dies with the next append. One thread at a time.
 * Memory that cannot be had ends the process, as in an arena.
 */
#ifndef TURNTABLE_BASE_BUFFER_H
#define TURNTABLE_BASE_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct buffer {
    char *bytes;
    size_t len;
    size_t capacity;
};

void buffer_init(struct buffer *buffer);
void buffer_finish(struct buffer *buffer);

/* Empties the buffer and keeps its memory, unless it grew beyond what is worth keeping. */
void buffer_reset(struct buffer *buffer);

/* Makes room for `more` bytes behind the end and returns where they go; the caller adds what it used to len.
 */
char *buffer_reserve(struct buffer *buffer, size_t more) __attribute__((returns_nonnull));

void buffer_append(struct buffer *buffer, struct slice bytes);
void buffer_append_string(struct buffer *buffer, const char *terminated);
void buffer_append_byte(struct buffer *buffer, char byte);
/* printf (base/format.h). */
void buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Big-endian integers, whose order of bytes is their order of values: for storage keys. */
void buffer_append_u16(struct buffer *buffer, uint16_t value);
void buffer_append_u32(struct buffer *buffer, uint32_t value);
void buffer_append_u64(struct buffer *buffer, uint64_t value);

static inline struct slice buffer_slice(const struct buffer *buffer)
{
    return (struct slice){buffer->bytes, buffer->len};
}

#endif
