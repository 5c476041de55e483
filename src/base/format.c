#include "base/format.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

enum {
    CONVERSION_LIMIT = 16, /* "%-10.3lld" */
    NUMBER_LIMIT = 512,    /* the longest: %f of the largest double */
};

struct output {
    char *bytes;
    size_t room;
    size_t length; /* may be more than there is room for */
};

/* In a struct a va_list can be handed on and advanced. */
struct arguments {
    va_list list;
};

static void put(struct output *out, const char *bytes, size_t count)
{
    size_t room = out->length < out->room ? out->room - out->length : 0;

    if (count > 0 && room > 0)
        memcpy(out->bytes + out->length, bytes, count < room ? count : room);
    out->length += count;
}

/* The integer's argument as the conversion has it: sign or none, and long, long long or size_t. */
static int print_integer(char number[NUMBER_LIMIT], const char *conversion, size_t length,
                         struct arguments *arguments)
{
    char before = conversion[length - 2];

    if (before == 'z')
        return snprintf(number, NUMBER_LIMIT, conversion, va_arg(arguments->list, size_t));
    if (before == 'l' && conversion[length - 3] == 'l')
        return snprintf(number, NUMBER_LIMIT, conversion, va_arg(arguments->list, long long));
    if (before == 'l')
        return snprintf(number, NUMBER_LIMIT, conversion, va_arg(arguments->list, long));
    return snprintf(number, NUMBER_LIMIT, conversion, va_arg(arguments->list, int));
}

static void put_number(struct output *out, const char *conversion, size_t length, struct arguments *arguments)
{
    char number[NUMBER_LIMIT];
    int printed;

    if (conversion[length - 1] == 'f')
        printed = snprintf(number, sizeof(number), conversion, va_arg(arguments->list, double));
    else
        printed = print_integer(number, conversion, length, arguments);
    CHECK(printed >= 0 && printed < NUMBER_LIMIT);
    put(out, number, (size_t)printed);
}

/* A terminated text: %s, %.40s, %-8s. */
static void put_string(struct output *out, const char *conversion, size_t length, struct arguments *arguments)
{
    const char *text = va_arg(arguments->list, const char *);
    size_t most = SIZE_MAX, width = 0;
    const char *at = conversion + 1;

    CHECK(text != NULL && (length == 2 || *at == '-' || *at == '.'));
    if (*at == '-')
        width = strtoul(at + 1, (char **)(void *)&at, 10);
    if (*at == '.')
        most = strtoul(at + 1, NULL, 10);
    size_t count = strnlen(text, most);
    put(out, text, count);
    for (; count < width; count++)
        put(out, " ", 1);
}

static void put_conversion(struct output *out, const char *conversion, size_t length,
                           struct arguments *arguments)
{
    char byte;

    switch (conversion[length - 1]) {
    case '%':
        put(out, "%", 1);
        return;
    case 'c':
        byte = (char)va_arg(arguments->list, int);
        put(out, &byte, 1);
        return;
    case 's':
        put_string(out, conversion, length, arguments);
        return;
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'f':
        put_number(out, conversion, length, arguments);
        return;
    default:
        check_failed("a conversion that format_text() has", __FILE__, __LINE__);
    }
}

static void put_slice(struct output *out, struct arguments *arguments)
{
    int length = va_arg(arguments->list, int);
    const char *bytes = va_arg(arguments->list, const char *);

    CHECK(length >= 0);
    put(out, bytes, (size_t)length);
}

size_t format_text(char *out, size_t room, const char *format, va_list list)
{
    struct output output = {out, room, 0};
    struct arguments arguments;
    char conversion[CONVERSION_LIMIT];

    va_copy(arguments.list, list);
    for (;;) {
        size_t plain = strcspn(format, "%");
        put(&output, format, plain);
        format += plain;
        if (*format == '\0')
            break;
        if (strncmp(format, "%.*s", 4) == 0) {
            put_slice(&output, &arguments);
            format += 4;
            continue;
        }
        size_t length = 1 + strspn(format + 1, "-+ #0123456789.lz") + 1;
        CHECK(length < sizeof(conversion));
        memcpy(conversion, format, length);
        conversion[length] = '\0';
        put_conversion(&output, conversion, length, &arguments);
        format += length;
    }
    va_end(arguments.list);
    return output.length;
}
