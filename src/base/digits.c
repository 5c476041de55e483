#include "base/digits.h"

static unsigned value_of(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

bool digits_parse(struct slice digits, unsigned base, uint64_t limit, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < digits.len; i++) {
        unsigned digit = value_of(digits.ptr[i]);
        if (digit >= base || digit > limit || *out > (limit - digit) / base)
            return false;
        *out = *out * base + digit;
    }
    return digits.len > 0;
}
