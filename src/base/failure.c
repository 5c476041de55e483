#include "base/failure.h"

#include <stdarg.h>

#include "base/check.h"

static const struct error_type types[] = {
    [ERROR_NONE] = {NULL, NULL, 0},
#define X(code, status, space, name) [ERROR_##code] = {name, space, status},
#include "base/errors.def"
#undef X
};

const struct error_type *error_type(enum error_code code)
{
    CHECK(code > ERROR_NONE && (size_t)code < sizeof(types) / sizeof(types[0]));
    return &types[code];
}

void failure_init(struct failure *failure, struct arena *arena)
{
    *failure = (struct failure){.arena = arena};
}

bool fail(struct failure *failure, enum error_code code, const char *format, ...)
{
    va_list arguments;

    if (failure->code != ERROR_NONE)
        return false;
    va_start(arguments, format);
    failure->code = code;
    failure->message = arena_vprintf(failure->arena, format, arguments);
    va_end(arguments);
    return false;
}

void violations_init(struct violations *violations, struct arena *arena)
{
    *violations = (struct violations){.arena = arena};
    buffer_init(&violations->text);
}

void violations_finish(struct violations *violations)
{
    buffer_finish(&violations->text);
}

void violations_add(struct violations *violations, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (violations->count++ > 0)
        buffer_append_string(&violations->text, "; ");
    buffer_append(&violations->text, arena_vprintf(violations->arena, format, arguments));
    va_end(arguments);
}

bool violations_pass(struct violations *violations, struct failure *failure)
{
    if (violations->count == 0)
        return true;
    return fail(failure, ERROR_VALIDATION, "%u validation error%s detected: %.*s", violations->count,
                violations->count == 1 ? "" : "s", SLICE_ARGS(buffer_slice(&violations->text)));
}
