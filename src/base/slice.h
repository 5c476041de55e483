/*
 * A slice: some bytes that belong to somebody else.
 *
 * Strings travel through the program as slices: not terminated, may hold any byte (a DynamoDB string may
 * hold U+0000), and never own what they point at. The one rule of lifetime: a slice lives as long as what it
 * was cut from (an arena, a request's body, a value pinned in the storage), and whoever keeps it longer
 * copies it.
 */
#ifndef TURNTABLE_BASE_SLICE_H
#define TURNTABLE_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
    const char *ptr; /* may be NULL only when len is 0 */
    size_t len;      /* bytes */
};

/* A slice of a string literal; its length is known to the compiler. */
#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})

/* For printf: printf("%.*s", SLICE_ARGS(s)). The caller knows that s is shorter than INT_MAX. */
#define SLICE_ARGS(s) (int)(s).len, (s).ptr

static inline struct slice slice_of(const char *terminated)
{
    return (struct slice){terminated, strlen(terminated)};
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool slice_is(struct slice s, const char *terminated)
{
    return slice_equal(s, slice_of(terminated));
}

/* Equal but for the case of ASCII letters. */
bool slice_alike(struct slice a, struct slice b);

/* Order of unsigned bytes, a prefix first: DynamoDB's order of strings and binaries. */
static inline int slice_compare(struct slice a, struct slice b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared == 0 ? 0 : memcmp(a.ptr, b.ptr, shared);

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static inline bool slice_starts_with(struct slice s, struct slice prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

/* Whether s has the words in it somewhere. */
static inline bool slice_contains(struct slice s, const char *words)
{
    return s.len > 0 && memmem(s.ptr, s.len, words, strlen(words)) != NULL;
}

/* The rest of s after its first `count` bytes (count <= s.len). */
static inline struct slice slice_skip(struct slice s, size_t count)
{
    return (struct slice){s.ptr + count, s.len - count};
}

#endif
