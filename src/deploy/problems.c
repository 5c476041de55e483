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

void problems_list(struct arena *arena, struct slice *list, struct slice name)
{
    if (list->len <= PROBLEM_LENGTH_LIMIT)
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
