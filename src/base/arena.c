#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/format.h"

/* Blocks double from FIRST to LARGEST; an allocation larger than that gets a block of its own size. */
enum { FIRST_BLOCK = 8 * 1024, LARGEST_BLOCK = 1024 * 1024, KEPT_BLOCK = 64 * 1024 };

struct arena_block {
    struct arena_block *older;
    size_t size; /* of the bytes that follow */
    _Alignas(max_align_t) char bytes[];
};

#if defined(__SANITIZE_ADDRESS__)
#define ONE_MALLOC_EACH 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_MALLOC_EACH 1
#endif
#endif
#ifndef ONE_MALLOC_EACH
#define ONE_MALLOC_EACH 0
#endif

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

static void free_blocks(struct arena_block *block)
{
    while (block != NULL) {
        struct arena_block *older = block->older;
        free(block);
        block = older;
    }
}

void arena_finish(struct arena *arena)
{
    free_blocks(arena->block);
    arena_init(arena);
}

void arena_reset(struct arena *arena)
{
    struct arena_block *kept = arena->block;

    arena->allocated = 0;
    if (kept == NULL)
        return;
    if (ONE_MALLOC_EACH || kept->size > KEPT_BLOCK) {
        arena_finish(arena);
        return;
    }
    free_blocks(kept->older);
    kept->older = NULL;
    arena->next = kept->bytes;
    arena->end = kept->bytes + kept->size;
}

static void add_block(struct arena *arena, size_t at_least)
{
    size_t size = arena->block == NULL ? FIRST_BLOCK : arena->block->size * 2;

    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    if (size < at_least || ONE_MALLOC_EACH)
        size = at_least;
    CHECK(size <= SIZE_MAX - sizeof(struct arena_block));
    struct arena_block *block = malloc(sizeof(*block) + size);
    CHECK(block != NULL);
    block->older = arena->block;
    block->size = size;
    arena->block = block;
    arena->next = block->bytes;
    arena->end = block->bytes + size;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t alignment = _Alignof(max_align_t);

    CHECK(size <= SIZE_MAX / 2);
    size_t padded = ONE_MALLOC_EACH ? size : (size + alignment - 1) & ~(alignment - 1);
    if (arena->block == NULL || ONE_MALLOC_EACH || (size_t)(arena->end - arena->next) < padded)
        add_block(arena, padded);
    void *result = arena->next;
    arena->next += padded;
    arena->allocated += padded;
    return result;
}

void *arena_calloc(struct arena *arena, size_t count, size_t size)
{
    size_t total;

    CHECK(!__builtin_mul_overflow(count, size, &total));
    void *result = arena_alloc(arena, total);
    if (total > 0)
        memset(result, 0, total);
    return result;
}

void *arena_grow(struct arena *arena, const void *array, size_t old_count, size_t new_count, size_t size)
{
    CHECK(new_count >= old_count);
    void *result = arena_calloc(arena, new_count, size);
    if (old_count > 0)
        memcpy(result, array, old_count * size);
    return result;
}

struct slice arena_copy(struct arena *arena, struct slice bytes)
{
    char *copy = arena_alloc(arena, bytes.len + 1);

    if (bytes.len > 0)
        memcpy(copy, bytes.ptr, bytes.len);
    copy[bytes.len] = '\0';
    return (struct slice){copy, bytes.len};
}

struct slice arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    size_t length = format_text(NULL, 0, format, arguments);
    char *text = arena_alloc(arena, length + 1);

    (void)format_text(text, length, format, arguments);
    text[length] = '\0';
    return (struct slice){text, length};
}

struct slice arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct slice text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}
