/* Digits to a number: texts of digits alone, as they stand in names, tokens and sequence numbers. */
#ifndef TURNTABLE_BASE_DIGITS_H
#define TURNTABLE_BASE_DIGITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* Digits of the base (up to 16, small letters) alone, to a number up to `limit`; false if it is anything
 * else. */
bool digits_parse(struct slice digits, unsigned base, uint64_t limit, uint64_t *out);

#endif
