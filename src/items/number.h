/*
 * Numbers: decimals of up to 38 significant digits, from 1E-130 to 9.99..E+125, exactly as DynamoDB keeps
 * them.
 *
 * A number is value = 0.d1d2d3... * 10^exponent with d1 != 0, or zero. It is always in this one normal form
 * (no trailing zeros), so equal values have equal bytes.
 */
#ifndef TURNTABLE_ITEMS_NUMBER_H
#define TURNTABLE_ITEMS_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/failure.h"
#include "base/slice.h"

enum { NUMBER_DIGITS = 38 };

struct number {
    uint8_t pairs[19]; /* two digits each, 0..99, the first pair begins with d1; unused ones are 0 */
    uint8_t digits;    /* significant digits: 0 for zero, otherwise 1 to 38 */
    int16_t exponent;  /* 0 for zero */
    bool negative;     /* false for zero */
};

/*
 * Reads DynamoDB's syntax of numbers. Messages are AWS's: "The parameter cannot be converted to a numeric
 * value: ...", "Attempting to store more than 38 significant digits in a Number", "Number overflow.
 * Attempting to store a number with magnitude larger than supported range", "Number underflow. ...".
 */
must_use bool number_parse(struct slice text, struct number *out, struct failure *failure);

/* The canonical text, as DynamoDB returns it. At most NUMBER_TEXT_LIMIT bytes are appended. */
enum { NUMBER_TEXT_LIMIT = 192 };
void number_write(struct buffer *out, const struct number *number);

/* The significant digits as text, and the power of ten by which the whole number that they spell is
 * multiplied: -12.5 gives "125" and -1. Returns how many digits there are; 0 for zero. */
size_t number_spell(const struct number *number, char digits[NUMBER_DIGITS], int *exponent);

int number_compare(const struct number *a, const struct number *b);

/* Exact sum and difference; a result that has too many digits or is out of range fails as on AWS. */
must_use bool number_add(const struct number *a, const struct number *b, struct number *out,
                         struct failure *failure);
must_use bool number_subtract(const struct number *a, const struct number *b, struct number *out,
                              struct failure *failure);

/* The largest integer that is not above the number; false if it has more than 18 digits. */
must_use bool number_floor(const struct number *number, int64_t *out);

/* Bytes as AWS counts them: about one for two significant digits, plus one; one more when negative. */
size_t number_size(const struct number *number);

/*
 * Order-preserving, self-delimiting bytes (the order of the bytes is the order of the values; no encoding is
 * a prefix of another): for keys and, being compact, for stored items. At most NUMBER_ENCODED_LIMIT bytes.
 * The format is in number.c.
 */
enum { NUMBER_ENCODED_LIMIT = 24 };
size_t number_encode(const struct number *number, unsigned char out[NUMBER_ENCODED_LIMIT]);
/* Returns how many bytes were read, or 0 if they are no encoded number. */
size_t number_decode(struct slice bytes, struct number *out);

#endif
