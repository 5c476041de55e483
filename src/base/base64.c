#include "base/base64.h"

#include <stdint.h>

#include "base/check.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The six bits of a character, plus 1; 0 for what is not in the alphabet. */
static const uint8_t six_bits[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

void base64_encode(struct buffer *out, struct slice bytes)
{
    CHECK(bytes.len < SIZE_MAX / 2);
    size_t length = (bytes.len + 2) / 3 * 4, i = 0;
    char *at = buffer_reserve(out, length);
    const unsigned char *from = (const unsigned char *)bytes.ptr;

    for (; i + 2 < bytes.len; i += 3, at += 4) {
        uint32_t three = (uint32_t)from[i] << 16 | (uint32_t)from[i + 1] << 8 | from[i + 2];
        at[0] = alphabet[three >> 18];
        at[1] = alphabet[three >> 12 & 63];
        at[2] = alphabet[three >> 6 & 63];
        at[3] = alphabet[three & 63];
    }
    if (i < bytes.len) {
        bool two = i + 1 < bytes.len;
        uint32_t rest = (uint32_t)from[i] << 16 | (two ? (uint32_t)from[i + 1] << 8 : 0);
        at[0] = alphabet[rest >> 18];
        at[1] = alphabet[rest >> 12 & 63];
        at[2] = two ? alphabet[rest >> 6 & 63] : '=';
        at[3] = '=';
    }
    out->len += length;
}

/* The bytes that the last four characters stand for, or 0 if they are wrong. */
static size_t decode_last(const char *four, char *at)
{
    unsigned a = six_bits[(unsigned char)four[0]], b = six_bits[(unsigned char)four[1]];
    unsigned c = six_bits[(unsigned char)four[2]], d = six_bits[(unsigned char)four[3]];
    size_t count = four[3] != '=' ? 3 : four[2] != '=' ? 2 : 1;

    if (a == 0 || b == 0 || (count > 1 && c == 0) || (count > 2 && d == 0))
        return 0;
    uint32_t bits = (a - 1) << 18 | (b - 1) << 12 | (count > 1 ? (c - 1) << 6 : 0) | (count > 2 ? d - 1 : 0);
    if ((count == 1 && (bits & 0xFFFF) != 0) || (count == 2 && (bits & 0xFF) != 0))
        return 0;
    at[0] = (char)(bits >> 16);
    at[1] = (char)(bits >> 8);
    at[2] = (char)bits;
    return count;
}

bool base64_decode(struct arena *arena, struct slice text, struct slice *out)
{
    if (text.len % 4 != 0)
        return false;
    char *bytes = arena_alloc(arena, text.len / 4 * 3), *at = bytes;
    *out = (struct slice){bytes, 0};
    if (text.len == 0)
        return true;
    const char *last = text.ptr + text.len - 4;
    for (const char *four = text.ptr; four < last; four += 4, at += 3) {
        unsigned a = six_bits[(unsigned char)four[0]], b = six_bits[(unsigned char)four[1]];
        unsigned c = six_bits[(unsigned char)four[2]], d = six_bits[(unsigned char)four[3]];
        if (a == 0 || b == 0 || c == 0 || d == 0)
            return false;
        uint32_t bits = (a - 1) << 18 | (b - 1) << 12 | (c - 1) << 6 | (d - 1);
        at[0] = (char)(bits >> 16);
        at[1] = (char)(bits >> 8);
        at[2] = (char)bits;
    }
    size_t rest = decode_last(last, at);
    out->len = (size_t)(at - bytes) + rest;
    return rest != 0;
}

bool base64_valid(struct slice text)
{
    char ignored[3];

    if (text.len % 4 != 0)
        return false;
    for (size_t i = 0; i + 4 < text.len; i++) {
        if (six_bits[(unsigned char)text.ptr[i]] == 0)
            return false;
    }
    return text.len == 0 || decode_last(text.ptr + text.len - 4, ignored) != 0;
}

/* ---- for URLs ---- */

void base64url_encode(struct buffer *out, struct slice bytes)
{
    size_t start = out->len;

    base64_encode(out, bytes);
    while (out->len > start && out->bytes[out->len - 1] == '=')
        out->len--;
    for (size_t i = start; i < out->len; i++) {
        char *at = out->bytes + i;
        *at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
    }
}

/* The text in the standard alphabet, with its padding, is what base64_decode() judges. */
bool base64url_decode(struct arena *arena, struct slice text, struct slice *out)
{
    size_t length = (text.len + 3) / 4 * 4;
    char *standard = arena_alloc(arena, length);

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '+' || c == '/' || c == '=')
            return false;
        standard[i] = c == '-' ? '+' : c == '_' ? '/' : c;
    }
    memset(standard + text.len, '=', length - text.len);
    return text.len % 4 != 1 && base64_decode(arena, (struct slice){standard, length}, out);
}
