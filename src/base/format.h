/*
 * Formatting: what arena_printf(), buffer_printf() and fail() have in common. It is printf, except that a
 * text whose length is given, %.*s, is so many bytes whatever they are, since a client's string may hold
 * U+0000.
 *
 * Conversions: d i u x X c s f %, with flags, a width, a precision (for * only that of %.*s), and l, ll, z.
 * Anything else is a programmer's mistake.
 */
#ifndef TURNTABLE_BASE_FORMAT_H
#define TURNTABLE_BASE_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* Writes the text into `out`, as much of it as there is room for, without a NUL behind it; returns the length
 * of all of it. */
size_t format_text(char *out, size_t room, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

#endif
