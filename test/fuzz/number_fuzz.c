/* Numbers: whatever text is a number is so again when written, encoded, and taken apart by sums. */
#include "base/check.h"
#include "items/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_number(const struct number *number, struct failure *failure)
{
    unsigned char bytes[NUMBER_ENCODED_LIMIT];
    struct number again;
    struct buffer text;

    buffer_init(&text);
    number_write(&text, number);
    CHECK(text.len <= NUMBER_TEXT_LIMIT);
    CHECK(number_parse(buffer_slice(&text), &again, failure));
    CHECK(number_compare(number, &again) == 0 &&
          memcmp(number->pairs, again.pairs, sizeof(again.pairs)) == 0);
    size_t length = number_encode(number, bytes);
    CHECK(length <= NUMBER_ENCODED_LIMIT &&
          number_decode((struct slice){(char *)bytes, length}, &again) == length);
    CHECK(number_compare(number, &again) == 0 && again.digits == number->digits);
    CHECK(number_size(number) <= NUMBER_DIGITS / 2 + 3);
    buffer_finish(&text);
}

/* Two numbers, separated by a blank. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *blank = size == 0 ? NULL : memchr(data, ' ', size);
    size_t length = blank == NULL ? size : (size_t)(blank - data);
    struct slice left = {(const char *)data, length};
    struct slice right =
        blank == NULL ? left : slice_skip((struct slice){(const char *)data, size}, length + 1);
    struct number a, b, sum, back;
    struct arena arena;
    struct failure failure;

    arena_init(&arena);
    failure_init(&failure, &arena);
    if (number_decode((struct slice){(const char *)data, size}, &a) > 0)
        check_number(&a, &failure);
    if (number_parse(left, &a, &failure) && number_parse(right, &b, &failure)) {
        unsigned char x[NUMBER_ENCODED_LIMIT], y[NUMBER_ENCODED_LIMIT];
        check_number(&a, &failure);
        check_number(&b, &failure);
        struct slice u = {(char *)x, number_encode(&a, x)}, v = {(char *)y, number_encode(&b, y)};
        int order = slice_compare(u, v);
        CHECK((order > 0) - (order < 0) == number_compare(&a, &b));
        if (number_add(&a, &b, &sum, &failure)) {
            check_number(&sum, &failure);
            CHECK(number_subtract(&sum, &b, &back, &failure) && number_compare(&back, &a) == 0);
        }
    }
    arena_finish(&arena);
    return 0;
}
