#include "items/number.h"

#include <string.h>

#include "base/characters.h"
#include "base/check.h"

/*
 * The encoded form, for keys and stored items:
 *
 *   byte   what
 *   1      sign: 1 negative, 2 zero, 3 positive
 *          (zero ends here)
 *   1      exponent + 129, so 0 to 255
 *   1..19  two digits each, d1 d2 first: 2 * pair + 1, and for the last one 2 * pair
 *
 * In a negative number all bytes after the first are complemented, so that a greater magnitude comes first.
 * The lowest bit of a pair's byte tells whether another follows: no length is needed, and 0.12 comes before
 * 0.1234.
 */
enum { SIGN_NEGATIVE = 1, SIGN_ZERO = 2, SIGN_POSITIVE = 3 };
enum { EXPONENT_BIAS = 129 };

/* AWS: 1E-130 to 9.99..E+125 in magnitude, which is 0.1E-129 to 0.99..E+126. */
enum { EXPONENT_LEAST = -129, EXPONENT_MOST = 126 };

enum { PAIRS = NUMBER_DIGITS / 2 };

static bool fail_not_numeric(struct slice text, struct failure *failure)
{
    if (text.len == 0)
        return fail(failure, ERROR_VALIDATION, "The parameter cannot be converted to a numeric value");
    return fail(failure, ERROR_VALIDATION, "The parameter cannot be converted to a numeric value: %.*s",
                SLICE_ARGS(text));
}

/* Whether a number of so many significant digits, with d1 at 10^(exponent - 1), can be kept. */
static bool check_range(int64_t exponent, size_t digits, struct failure *failure)
{
    if (exponent > EXPONENT_MOST)
        return fail(
            failure, ERROR_VALIDATION,
            "Number overflow. Attempting to store a number with magnitude larger than supported range");
    if (exponent < EXPONENT_LEAST)
        return fail(
            failure, ERROR_VALIDATION,
            "Number underflow. Attempting to store a number with magnitude smaller than supported range");
    if (digits > NUMBER_DIGITS)
        return fail(failure, ERROR_VALIDATION,
                    "Attempting to store more than 38 significant digits in a Number");
    return true;
}

/* The number 0.d1d2... * 10^exponent of checked digits; the first and the last are not 0. */
static struct number pack(const uint8_t *digits, size_t count, int exponent, bool negative)
{
    struct number number = {.digits = (uint8_t)count, .exponent = (int16_t)exponent, .negative = negative};

    for (size_t i = 0; i + 1 < count; i += 2)
        number.pairs[i / 2] = (uint8_t)(digits[i] * 10 + digits[i + 1]);
    if (count % 2 != 0)
        number.pairs[count / 2] = (uint8_t)(digits[count - 1] * 10);
    return number;
}

static void unpack(const struct number *number, uint8_t *digits)
{
    for (size_t i = 0; i < number->digits; i++)
        digits[i] = i % 2 == 0 ? number->pairs[i / 2] / 10 : number->pairs[i / 2] % 10;
}

/* ---- text ---- */

/* What has been read of the digits of a text. */
struct scan {
    uint8_t digits[NUMBER_DIGITS +
                   1]; /* from the first that is not 0 on; one too many shows that there are too many */
    size_t count;      /* significant digits, trailing zeros not counted; may exceed the array */
    size_t zeros;      /* zeros behind them: significant only if another digit follows */
    int64_t exponent;  /* of the value 0.d1d2... */
    bool any;          /* a digit was read */
};

static void scan_digit(struct scan *scan, uint8_t digit, bool fraction)
{
    scan->any = true;
    if (scan->count == 0 && digit == 0) {
        scan->exponent -= fraction;
        return;
    }
    scan->exponent += !fraction;
    if (digit == 0) {
        scan->zeros++;
        return;
    }
    for (; scan->zeros > 0; scan->zeros--, scan->count++) {
        if (scan->count < sizeof(scan->digits))
            scan->digits[scan->count] = 0;
    }
    if (scan->count < sizeof(scan->digits))
        scan->digits[scan->count] = digit;
    scan->count++;
}

/* Reads the exponent behind 'e'. Exponents that a 32-bit integer cannot hold are no numbers to AWS (as to
 * Java). */
static bool scan_exponent(const char *at, const char *end, int64_t *exponent)
{
    bool negative = at < end && *at == '-';

    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end)
        return false;
    *exponent = 0;
    for (; at < end; at++) {
        if (!is_digit(*at))
            return false;
        *exponent = *exponent * 10 + (*at - '0');
        if (*exponent > INT32_MAX)
            return false;
    }
    if (negative)
        *exponent = -*exponent;
    return true;
}

bool number_parse(struct slice text, struct number *out, struct failure *failure)
{
    const char *at = text.ptr, *end;
    struct scan scan;
    int64_t exponent = 0;

    if (text.len == 0)
        return fail_not_numeric(text, failure);
    end = at + text.len;
    bool negative = *at == '-';
    scan.count = scan.zeros = 0;
    scan.exponent = 0;
    scan.any = false;
    if (*at == '-' || *at == '+')
        at++;
    for (; at < end && is_digit(*at); at++)
        scan_digit(&scan, (uint8_t)(*at - '0'), false);
    if (at < end && *at == '.') {
        for (at++; at < end && is_digit(*at); at++)
            scan_digit(&scan, (uint8_t)(*at - '0'), true);
    }
    if (!scan.any)
        return fail_not_numeric(text, failure);
    if (at < end && (*at == 'e' || *at == 'E')) {
        if (!scan_exponent(at + 1, end, &exponent))
            return fail_not_numeric(text, failure);
        at = end;
    }
    if (at != end)
        return fail_not_numeric(text, failure);
    if (scan.count == 0) {
        *out = (struct number){0};
        return true;
    }
    exponent += scan.exponent;
    if (!check_range(exponent, scan.count, failure))
        return false;
    *out = pack(scan.digits, scan.count, (int)exponent, negative);
    return true;
}

static char *put_digits(char *at, const uint8_t *digits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        *at++ = (char)('0' + digits[i]);
    return at;
}

static char *put_zeros(char *at, size_t count)
{
    memset(at, '0', count);
    return at + count;
}

void number_write(struct buffer *out, const struct number *number)
{
    char *start = buffer_reserve(out, NUMBER_TEXT_LIMIT), *at = start;
    uint8_t digits[NUMBER_DIGITS];
    size_t count = number->digits;

    if (count == 0) {
        buffer_append_byte(out, '0');
        return;
    }
    unpack(number, digits);
    if (number->negative)
        *at++ = '-';
    if (number->exponent <= 0) {
        *at++ = '0';
        *at++ = '.';
        at = put_zeros(at, (size_t)-number->exponent);
        at = put_digits(at, digits, count);
    } else if ((size_t)number->exponent >= count) {
        at = put_digits(at, digits, count);
        at = put_zeros(at, (size_t)number->exponent - count);
    } else {
        at = put_digits(at, digits, (size_t)number->exponent);
        *at++ = '.';
        at = put_digits(at, digits + number->exponent, count - (size_t)number->exponent);
    }
    out->len += (size_t)(at - start);
}

size_t number_spell(const struct number *number, char digits[NUMBER_DIGITS], int *exponent)
{
    uint8_t values[NUMBER_DIGITS];

    unpack(number, values);
    (void)put_digits(digits, values, number->digits);
    *exponent = number->exponent - number->digits;
    return number->digits;
}

/* ---- order and arithmetic ---- */

static int compare_magnitudes(const struct number *a, const struct number *b)
{
    if (a->exponent != b->exponent)
        return a->exponent > b->exponent ? 1 : -1;
    int order = memcmp(a->pairs, b->pairs, sizeof(a->pairs));
    return (order > 0) - (order < 0);
}

static int sign_of(const struct number *number)
{
    return number->digits == 0 ? 0 : number->negative ? -1 : 1;
}

int number_compare(const struct number *a, const struct number *b)
{
    int sign = sign_of(a), other = sign_of(b);

    if (sign != other)
        return sign > other ? 1 : -1;
    return sign == 0 ? 0 : sign * compare_magnitudes(a, b);
}

/*
 * Sums are made on digits in a row: the greatest exponent is at the left, one place is kept for a carry, and
 * the row is long enough for any two numbers.
 */
enum { ROW = 1 + (EXPONENT_MOST - EXPONENT_LEAST) + NUMBER_DIGITS };

struct row {
    uint8_t digits[ROW]; /* digits[0] is for the carry */
    size_t end;          /* behind the last that may be other than 0 */
};

static void row_place(struct row *row, const struct number *number, int top)
{
    size_t at = 1 + (size_t)(top - number->exponent);

    memset(row->digits, 0, sizeof(row->digits));
    unpack(number, row->digits + at);
    row->end = at + number->digits;
}

static void row_add(struct row *row, const struct row *other)
{
    int carry = 0;

    row->end = row->end > other->end ? row->end : other->end;
    for (size_t i = row->end; i-- > 0;) {
        int sum = row->digits[i] + other->digits[i] + carry;
        carry = sum >= 10;
        row->digits[i] = (uint8_t)(carry ? sum - 10 : sum);
    }
}

/* row -= other, which is not greater. */
static void row_subtract(struct row *row, const struct row *other)
{
    int borrow = 0;

    row->end = row->end > other->end ? row->end : other->end;
    for (size_t i = row->end; i-- > 0;) {
        int difference = row->digits[i] - other->digits[i] - borrow;
        borrow = difference < 0;
        row->digits[i] = (uint8_t)(borrow ? difference + 10 : difference);
    }
}

static bool row_to_number(const struct row *row, int top, bool negative, struct number *out,
                          struct failure *failure)
{
    size_t first = 0, end = row->end;

    while (first < end && row->digits[first] == 0)
        first++;
    while (end > first && row->digits[end - 1] == 0)
        end--;
    if (first == end) {
        *out = (struct number){0};
        return true;
    }
    int exponent = top + 1 - (int)first;
    if (!check_range(exponent, end - first, failure))
        return false;
    *out = pack(row->digits + first, end - first, exponent, negative);
    return true;
}

bool number_add(const struct number *a, const struct number *b, struct number *out, struct failure *failure)
{
    struct row row, other;

    if (a->digits == 0 || b->digits == 0) {
        *out = a->digits == 0 ? *b : *a;
        return true;
    }
    if (compare_magnitudes(a, b) < 0) {
        const struct number *swap = a;
        a = b;
        b = swap;
    }
    row_place(&row, a, a->exponent);
    row_place(&other, b, a->exponent);
    if (a->negative == b->negative)
        row_add(&row, &other);
    else
        row_subtract(&row, &other);
    return row_to_number(&row, a->exponent, a->negative, out, failure);
}

bool number_subtract(const struct number *a, const struct number *b, struct number *out,
                     struct failure *failure)
{
    struct number negated = *b;

    negated.negative = b->digits != 0 && !b->negative;
    return number_add(a, &negated, out, failure);
}

/*
 * AWS: "approximately (1 byte per two significant digits) + (1 byte)". Exactly (measured), the digits are
 * counted in pairs that are aligned to the decimal point, so that 12 is one pair and 1.2 is two.
 */
bool number_floor(const struct number *number, int64_t *out)
{
    uint8_t digits[NUMBER_DIGITS + 1];
    int64_t whole = 0;

    if (number->exponent > 18)
        return false;
    unpack(number, digits);
    for (int i = 0; i < number->exponent; i++)
        whole = whole * 10 + (i < number->digits ? digits[i] : 0);
    bool has_fraction = number->digits > 0 && number->digits > number->exponent;
    *out = number->negative ? -whole - (int64_t)has_fraction : whole;
    return true;
}

size_t number_size(const struct number *number)
{
    if (number->digits == 0)
        return 1;
    size_t odd = number->exponent % 2 != 0;
    return 1 + (number->digits + odd + 1u) / 2 + number->negative;
}

/* ---- bytes ---- */

static size_t pair_count(const struct number *number)
{
    return (number->digits + 1u) / 2;
}

size_t number_encode(const struct number *number, unsigned char out[NUMBER_ENCODED_LIMIT])
{
    size_t pairs = pair_count(number);
    unsigned char flip = number->negative ? 0xFF : 0;

    if (pairs == 0) {
        out[0] = SIGN_ZERO;
        return 1;
    }
    out[0] = number->negative ? SIGN_NEGATIVE : SIGN_POSITIVE;
    out[1] = (unsigned char)(number->exponent + EXPONENT_BIAS) ^ flip;
    for (size_t i = 0; i < pairs; i++)
        out[2 + i] = (unsigned char)(number->pairs[i] * 2 + (i + 1 < pairs)) ^ flip;
    return 2 + pairs;
}

size_t number_decode(struct slice bytes, struct number *out)
{
    const unsigned char *at = (const unsigned char *)bytes.ptr;
    size_t count = 0;

    *out = (struct number){0};
    if (bytes.len == 0)
        return 0;
    if (at[0] == SIGN_ZERO)
        return 1;
    if ((at[0] != SIGN_NEGATIVE && at[0] != SIGN_POSITIVE) || bytes.len < 3)
        return 0;
    out->negative = at[0] == SIGN_NEGATIVE;
    unsigned char flip = out->negative ? 0xFF : 0, byte;
    out->exponent = (int16_t)((at[1] ^ flip) - EXPONENT_BIAS);
    do {
        if (count == PAIRS || 2 + count == bytes.len)
            return 0;
        byte = at[2 + count] ^ flip;
        if (byte / 2 > 99)
            return 0;
        out->pairs[count++] = byte / 2;
    } while (byte % 2 != 0);
    /* Only the normal form is a number: neither the first digit nor the last pair is 0. */
    if (out->pairs[0] < 10 || out->pairs[count - 1] == 0)
        return 0;
    out->digits = (uint8_t)(2 * count - (out->pairs[count - 1] % 10 == 0));
    return 2 + count;
}
