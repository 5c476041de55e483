/* Values and items made up from a stream of bytes: a generator for properties, and for the fuzzer's input. */
#ifndef TURNTABLE_TEST_RANDOM_VALUES_H
#define TURNTABLE_TEST_RANDOM_VALUES_H

#include "base/arena.h"
#include "items/value.h"

/* Bytes come from `bytes` while there are some, then (and from the start, if there are none) from the seed.
 */
struct random_source {
    struct slice bytes;
    uint64_t seed;
};

static inline unsigned char random_byte(struct random_source *source)
{
    if (source->bytes.len > 0) {
        unsigned char byte = (unsigned char)source->bytes.ptr[0];
        source->bytes = slice_skip(source->bytes, 1);
        return byte;
    }
    /* xorshift64 */
    source->seed ^= source->seed << 13;
    source->seed ^= source->seed >> 7;
    source->seed ^= source->seed << 17;
    return (unsigned char)(source->seed >> 24);
}

static inline unsigned random_below(struct random_source *source, unsigned limit)
{
    unsigned high = random_byte(source);

    return (high << 8 | random_byte(source)) % limit;
}

static inline struct number random_number(struct random_source *source)
{
    char text[64];
    size_t at = 0, digits = random_below(source, 39);
    struct arena arena;
    struct failure failure;
    struct number number = {0};

    arena_init(&arena);
    failure_init(&failure, &arena);
    if (random_below(source, 2) == 0)
        text[at++] = '-';
    text[at++] = '0';
    text[at++] = '.';
    for (size_t i = 0; i < digits; i++) {
        /* Runs of 0 and 9 are where mistakes are. */
        unsigned kind = random_below(source, 4);
        text[at++] = (char)(kind == 0 ? '0' : kind == 1 ? '9' : '0' + (char)random_below(source, 10));
    }
    at += (size_t)snprintf(text + at, sizeof(text) - at, "e%d",
                           random_below(source, 2) == 0 ? (int)random_below(source, 5)
                                                        : (int)random_below(source, 256) - 129);
    if (digits > 0 && !number_parse((struct slice){text, at}, &number, &failure))
        number = (struct number){0}; /* leading zeros took it below the range */
    arena_finish(&arena);
    return number;
}

static inline struct slice random_bytes(struct random_source *source, struct arena *arena, bool text)
{
    static const char *const characters[] = {
        "\0", "a", "b", "\"", "\\", "\n", "\x1f", "\xc3\xa9", "\xf0\x9f\x98\x80"};
    size_t count = random_below(source, random_below(source, 8) == 0 ? 300 : 6);
    char *bytes = arena_alloc(arena, count * 4 + 1);
    size_t len = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned kind = random_below(source, 9);
        size_t length = kind == 0 ? 1 : strlen(characters[kind]);
        if (!text) {
            bytes[len++] = (char)(kind == 0 ? 0 : kind == 1 ? -1 : (char)random_byte(source));
            continue;
        }
        memcpy(bytes + len, characters[kind], length);
        len += length;
    }
    return (struct slice){bytes, len};
}

static inline void random_scalar(struct random_source *source, struct arena *arena, enum value_type type,
                                 struct value *out)
{
    *out = (struct value){.type = type};
    if (type == VALUE_N)
        out->number = random_number(source);
    else
        out->bytes = random_bytes(source, arena, type == VALUE_S);
}

static inline struct value random_value(struct random_source *source, struct arena *arena, unsigned depth);

/* A map: its names are distinct. */
static inline struct item random_item(struct random_source *source, struct arena *arena, unsigned depth)
{
    struct item item = {.count = random_below(source, 6)};

    item.attributes = arena_array(arena, struct attribute, item.count);
    for (size_t i = 0; i < item.count; i++) {
        struct slice name = random_bytes(source, arena, true);
        item.attributes[i].name = arena_printf(arena, "%.*s%zu", SLICE_ARGS(name), i);
        item.attributes[i].value = random_value(source, arena, depth);
    }
    return item;
}

/* A set: sorted, without duplicates, not empty. */
static inline struct value_list random_set(struct random_source *source, struct arena *arena,
                                           enum value_type type)
{
    struct value_list set = {.count = 1 + random_below(source, 5)};
    size_t kept = 1;

    set.values = arena_array(arena, struct value, set.count);
    for (size_t i = 0; i < set.count; i++)
        random_scalar(source, arena, type, &set.values[i]);
    set_sort(&set);
    for (size_t i = 1; i < set.count; i++) {
        if (value_compare(&set.values[kept - 1], &set.values[i]) != 0)
            set.values[kept++] = set.values[i];
    }
    set.count = kept;
    return set;
}

static inline struct value random_value(struct random_source *source, struct arena *arena, unsigned depth)
{
    struct value value = {.type = 1 + random_below(source, 10)};

    if (depth == 0 && (value.type == VALUE_M || value.type == VALUE_L))
        value.type = VALUE_NULL;
    switch (value.type) {
    case VALUE_S:
    case VALUE_N:
    case VALUE_B:
        random_scalar(source, arena, value.type, &value);
        break;
    case VALUE_BOOL:
        value.boolean = random_below(source, 2) == 0;
        break;
    case VALUE_NULL:
        value.boolean = true;
        break;
    case VALUE_M:
        value.map = random_item(source, arena, depth - 1);
        break;
    case VALUE_L:
        value.list.count = random_below(source, 6);
        value.list.values = arena_array(arena, struct value, value.list.count);
        for (size_t i = 0; i < value.list.count; i++)
            value.list.values[i] = random_value(source, arena, depth - 1);
        break;
    case VALUE_SS:
        value.list = random_set(source, arena, VALUE_S);
        break;
    case VALUE_NS:
        value.list = random_set(source, arena, VALUE_N);
        break;
    case VALUE_BS:
        value.list = random_set(source, arena, VALUE_B);
        break;
    }
    return value;
}

#endif
