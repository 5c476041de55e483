/*
 * An arena: memory that is given back all at once.
 *
 * A request owns one arena. What is parsed from it, its syntax trees and the pieces of its answer are
 * allocated here and never freed one by one; arena_reset() ends them all, and keeps some memory for the next
 * request.
 *
 *     struct arena arena;
 *     arena_init(&arena);
 *     struct item *item = arena_new(&arena, struct item);
 *     ...
 *     arena_reset(&arena);      (between two requests)
 *     arena_finish(&arena);
 *
 * Ownership: the arena owns every allocation; nobody frees one. An arena belongs to one thread at a time.
 * Errors: none. Requests are bounded at the door, so memory that cannot be had is an end of the process
 * (abort with a message), not an error to be handled in a thousand places.
 * Sanitizers: built with AddressSanitizer, each allocation is its own malloc, so that an overrun or a use
 * after reset is seen.
 */
#ifndef TURNTABLE_BASE_ARENA_H
#define TURNTABLE_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/slice.h"

struct arena_block;

struct arena {
    struct arena_block *block; /* the block being filled; it links to the older ones */
    char *next;                /* first free byte of it */
    char *end;
    size_t allocated; /* bytes handed out since the last reset */
};

void arena_init(struct arena *arena);
void arena_finish(struct arena *arena);

/* Gives everything back; one block of moderate size is kept for what comes next. */
void arena_reset(struct arena *arena);

/* `size` bytes, not cleared, aligned for any type. Never NULL, also for size 0. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, alloc_size(2), returns_nonnull));

/* `count` elements of `size` bytes, cleared. The product is checked. */
void *arena_calloc(struct arena *arena, size_t count, size_t size)
    __attribute__((malloc, alloc_size(2, 3), returns_nonnull));

#define arena_new(arena, type)          ((type *)arena_calloc((arena), 1, sizeof(type)))
#define arena_array(arena, type, count) ((type *)arena_calloc((arena), (count), sizeof(type)))

/* Grows an array to `new_count` elements of `size`; the old place is wasted until the reset. */
void *arena_grow(struct arena *arena, const void *array, size_t old_count, size_t new_count, size_t size)
    __attribute__((returns_nonnull));

/* A copy that lives as long as the arena. The copy is followed by a NUL that is not counted. */
struct slice arena_copy(struct arena *arena, struct slice bytes);

/* printf into the arena (base/format.h). The text is followed by a NUL that is not counted. */
struct slice arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct slice arena_vprintf(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

#endif
