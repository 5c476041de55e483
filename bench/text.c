#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_finish(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}

char *text_reserve(struct text *text, size_t more)
{
    if (text->capacity - text->len < more) {
        size_t capacity = text->capacity ? text->capacity : 1024;
        while (capacity - text->len < more)
            capacity *= 2;
        text->data = realloc(text->data, capacity);
        if (!text->data)
            die("out of memory");
        text->capacity = capacity;
    }
    return text->data + text->len;
}

void text_append(struct text *text, const void *bytes, size_t len)
{
    if (len == 0)
        return;
    memcpy(text_reserve(text, len), bytes, len);
    text->len += len;
}

void text_append_string(struct text *text, const char *string)
{
    text_append(text, string, strlen(string));
}

void text_append_format(struct text *text, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int need = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (need < 0)
        die("cannot format");
    vsnprintf(text_reserve(text, (size_t)need + 1), (size_t)need + 1, format, again);
    va_end(again);
    text->len += (size_t)need;
}

void die(const char *format, ...)
{
    va_list args;
    fputs("load: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(2);
}
