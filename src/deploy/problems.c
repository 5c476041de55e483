#include "deploy/problems.h"

#include <stdarg.h>

void problems_init(struct problems *problems, struct arena *arena)
{
    *problems = (struct problems){.arena = arena};
}

/* Cuts between characters, not inside one. */
static struct slice cut(struct problems *problems, struct slice text)
{
    if (text.len <= PROBLEM_LENGTH_LIMIT)
        return text;
    text.len = PROBLEM_LENGTH_LIMIT;
    while (text.len > 0 && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80)
        text.len--;
    return arena_printf(problems->arena, "%.*s...", SLICE_ARGS(text));
}

static bool has_name(struct slice list, struct slice name)
{
    while (list.len > 0) {
        const char *comma = memchr(list.ptr, ',', list.len);
        size_t length = comma == NULL ? list.len : (size_t)(comma - list.ptr);
        if (slice_equal((struct slice){list.ptr, length}, name))
            return true;
        list = length + 2 > list.len ? SLICE("") : slice_skip(list, length + 2);
    }
    return false;
}

void problems_list(struct arena *arena, struct slice *list, struct slice name)
{
    if (list->len <= PROBLEM_LENGTH_LIMIT && !has_name(*list, name))
        *list =
            arena_printf(arena, "%.*s%s%.*s", SLICE_ARGS(*list), list->len > 0 ? ", " : "", SLICE_ARGS(name));
}

bool problems_add(struct problems *problems, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (problems->count < PROBLEMS_LIMIT)
        problems->texts[problems->count] = cut(problems, arena_vprintf(problems->arena, format, arguments));
    problems->count++;
    va_end(arguments);
    return false;
}

void problems_locate(struct problems *problems, struct slice place)
{
    if (problems->count > 0 && problems->count <= PROBLEMS_LIMIT)
        problems->places[problems->count - 1] = cut(problems, place);
}

struct slice problems_text(const struct problems *problems, size_t at)
{
    struct slice text = problems->texts[at], place = problems->places[at];

    return place.len == 0 ? text
                          : arena_printf(problems->arena, "%.*s (%.*s)", SLICE_ARGS(text), SLICE_ARGS(place));
}
