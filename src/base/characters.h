/* Characters: what texts are made of. Not ctype.h, whose answers depend on the locale. */
#ifndef TURNTABLE_BASE_CHARACTERS_H
#define TURNTABLE_BASE_CHARACTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

/* Of ASCII. */
static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* \w in the patterns of AWS: a letter, a digit or an underscore. */
static inline bool is_word_character(char c)
{
    return is_letter(c) || is_digit(c) || c == '_';
}

/* What a hexadecimal digit is worth; -1: it is none. */
static inline int hex_digit(char c)
{
    return is_digit(c)            ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* How many characters a text in UTF-8 has. */
static inline size_t utf8_length(struct slice text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
    return count;
}

/* How many units it has in UTF-16, which is how Java counts. */
static inline size_t utf16_length(struct slice text)
{
    size_t units = utf8_length(text);

    for (size_t i = 0; i < text.len; i++)
        units += (unsigned char)text.ptr[i] >= 0xF0;
    return units;
}

#endif
