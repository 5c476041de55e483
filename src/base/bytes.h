/* Big-endian integers read from bytes: the other half of buffer_append_u32() and its kin. */
#ifndef TURNTABLE_BASE_BYTES_H
#define TURNTABLE_BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* The caller knows that there are so many bytes. */
static inline uint64_t bytes_read(const char *at, size_t count)
{
    uint64_t value = 0;

    for (size_t i = 0; i < count; i++)
        value = value << 8 | (unsigned char)at[i];
    return value;
}

static inline uint32_t bytes_read_u32(const char *at)
{
    return (uint32_t)bytes_read(at, sizeof(uint32_t));
}

static inline uint64_t bytes_read_u64(const char *at)
{
    return bytes_read(at, sizeof(uint64_t));
}

#endif
