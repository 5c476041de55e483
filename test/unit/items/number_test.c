/* Numbers: read, written, ordered, added and encoded as DynamoDB does. */
#include "items/number.h"
#include "unit/items/random_values.h"

#include "lib/unit_arena.h"

static const char *written(const struct number *number)
{
    struct buffer text;

    buffer_init(&text);
    number_write(&text, number);
    const char *copy = arena_copy(&arena, buffer_slice(&text)).ptr;
    buffer_finish(&text);
    return copy;
}

static struct number parsed(const char *text)
{
    struct number number;

    if (!number_parse(slice_of(text), &number, &failure))
        fail_msg("%s: %.*s", text, SLICE_ARGS(failure.message));
    return number;
}

/* The message with which the text is refused, "" if it is taken. */
static const char *refusal(const char *text)
{
    struct number number;

    failure_init(&failure, &arena);
    if (number_parse(slice_of(text), &number, &failure))
        return "";
    assert_int_equal(failure.code, ERROR_VALIDATION);
    return failure.message.ptr;
}

/* What DynamoDB returns for what was put. */
static void reads_and_writes(void **state)
{
    static const char *const cases[][2] = {
        {"1", "1"},
        {"-0", "0"},
        {"0.000", "0"},
        {"0e500", "0"},
        {"+5", "5"},
        {"1.", "1"},
        {".5", "0.5"},
        {"-.5", "-0.5"},
        {"007", "7"},
        {"00.500", "0.5"},
        {"1.0e10", "10000000000"},
        {"1E+5", "100000"},
        {"1e-0", "1"},
        {"1e0005", "100000"},
        {"-1.50", "-1.5"},
        {"1e-7", "0.0000001"},
        {"1.5e-20", "0.000000000000000000015"},
        {"123456789e30", "123456789000000000000000000000000000000"},
        {"12345678901234567890123456789012345678", "12345678901234567890123456789012345678"},
        {"12345678901234567890123456789012345678000", "12345678901234567890123456789012345678000"},
        {"0.00012345678901234567890123456789012345678", "0.00012345678901234567890123456789012345678"},
        {"120e-131",
         "0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
         "000000000000000000000000000000000012"},
        {"100e123", "1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                    "000000000000"
                    "00000000000000000000000000"},
        {"100.001", "100.001"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct number number = parsed(cases[i][0]);
        assert_string_equal(written(&number), cases[i][1]);
    }
}

static void refuses_what_is_no_number(void **state)
{
    static const char *const cases[] = {" 5",
                                        "5 ",
                                        "\t5",
                                        "5\n",
                                        ".",
                                        "-",
                                        "+",
                                        "e5",
                                        "1e",
                                        "1e+",
                                        "1 e5",
                                        "0x1",
                                        "1_0",
                                        "1,5",
                                        "NaN",
                                        "--5",
                                        "1e5.5",
                                        "1d5",
                                        "1e2147483648",
                                        "0e99999999999",
                                        "Infinity",
                                        "1e-99999999999"};
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(
            refusal(cases[i]),
            arena_printf(&arena, "The parameter cannot be converted to a numeric value: %s", cases[i]).ptr);
    }
    assert_string_equal(refusal(""), "The parameter cannot be converted to a numeric value");
}

#define OVERFLOW  "Number overflow. Attempting to store a number with magnitude larger than supported range"
#define UNDERFLOW "Number underflow. Attempting to store a number with magnitude smaller than supported range"
#define TOO_LONG  "Attempting to store more than 38 significant digits in a Number"

static void refuses_what_is_out_of_range(void **state)
{
    (void)state;

    assert_string_equal(refusal("9.9999999999999999999999999999999999999e125"), "");
    assert_string_equal(refusal("1e126"), OVERFLOW);
    assert_string_equal(refusal("-100e124"), OVERFLOW);
    assert_string_equal(refusal("0.01e128"), OVERFLOW);
    assert_string_equal(refusal("1e2147483647"), OVERFLOW);
    assert_string_equal(refusal("1e-130"), "");
    assert_string_equal(refusal("-1e-131"), UNDERFLOW);
    assert_string_equal(refusal("0.001e-128"), UNDERFLOW);
    assert_string_equal(refusal("123456789012345678901234567890123456789"), TOO_LONG);
    assert_string_equal(refusal("1.00000000000000000000000000000000000001"), TOO_LONG);
}

static void compares_by_value(void **state)
{
    static const char *const ascending[] = {
        "-9.9e125", "-100", "-99.99", "-12.34", "-12",   "-1.5", "-1",   "-0.1", "-1e-130", "0",   "1e-130",
        "0.1",      "1",    "1.5",    "12",     "12.34", "99",   "99.1", "100",  "101",     "1e5", "1e125"};
    const size_t count = sizeof(ascending) / sizeof(ascending[0]);
    (void)state;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            struct number a = parsed(ascending[i]), b = parsed(ascending[j]);
            assert_int_equal(number_compare(&a, &b), (i > j) - (i < j));
        }
    }
}

static void assert_sum(const char *left, char sign, const char *right, const char *expected)
{
    struct number a = parsed(left), b = parsed(right), out;

    failure_init(&failure, &arena);
    bool done = (sign == '+' ? number_add : number_subtract)(&a, &b, &out, &failure);
    assert_string_equal(done ? written(&out) : failure.message.ptr, expected);
}

static void adds_exactly(void **state)
{
    (void)state;

    assert_sum("1", '+', "2", "3");
    assert_sum("0.1", '+', "0.2", "0.3");
    assert_sum("1", '+', "-1", "0");
    assert_sum("999", '+', "1", "1000");
    assert_sum("1000", '-', "1", "999");
    assert_sum("1", '-', "1000", "-999");
    assert_sum("-5", '-', "-7", "2");
    assert_sum("0", '-', "5", "-5");
    assert_sum("5", '-', "0", "5");
    assert_sum("1.25", '+', "98.75", "100");
    assert_sum("99999999999999999999999999999999999999", '+', "1", "100000000000000000000000000000000000000");
    assert_sum("1", '-', "1e-38", "0.99999999999999999999999999999999999999");
    assert_sum(
        "1e-130", '-', "2e-130",
        "-0."
        "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        "000000000000000000000000000001");
    assert_sum("99999999999999999999999999999999999999", '+', "2", TOO_LONG);
    assert_sum("1e30", '+', "1e-30", TOO_LONG);
    assert_sum("1e125", '-', "1e-130", TOO_LONG);
    assert_sum("9e125", '+', "1e125", OVERFLOW);
    assert_sum("-9e125", '-', "9e125", OVERFLOW);
    assert_sum("1.2e-130", '-', "1.1e-130", UNDERFLOW);
}

/* Measured on DynamoDB Local with items at the limit of 400 KB. */
static void rounds_down(void **state)
{
    static const struct {
        const char *text;
        bool fits;
        int64_t floor;
    } cases[] = {{"0", true, 0},
                 {"1", true, 1},
                 {"-1", true, -1},
                 {"0.5", true, 0},
                 {"-0.5", true, -1},
                 {"1700000000", true, 1700000000},
                 {"17E8", true, 1700000000},
                 {"1700000000.999", true, 1700000000},
                 {"-2.01", true, -3},
                 {"1E-130", true, 0},
                 {"-1E-130", true, -1},
                 {"999999999999999999", true, 999999999999999999},
                 {"1E18", false, 0},
                 {"9.9E125", false, 0},
                 {"-1E18", false, 0}};
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct number number;
        int64_t floor = 0;
        assert_true(number_parse(slice_of(cases[i].text), &number, &failure));
        assert_int_equal(number_floor(&number, &floor), cases[i].fits);
        if (cases[i].fits)
            assert_true(floor == cases[i].floor);
    }
}

static void has_the_size_that_aws_counts(void **state)
{
    static const struct {
        const char *text;
        size_t size;
    } cases[] = {{"0", 1},
                 {"1", 2},
                 {"9", 2},
                 {"10", 2},
                 {"12", 2},
                 {"100", 2},
                 {"120", 3},
                 {"123", 3},
                 {"1234", 3},
                 {"12345", 4},
                 {"-1", 3},
                 {"-12", 3},
                 {"1.2", 3},
                 {"0.1", 2},
                 {"0.12", 2},
                 {"0.01", 2},
                 {"0.012", 3},
                 {"1.23", 3},
                 {"12.3", 3},
                 {"1e10", 2},
                 {"12e10", 2},
                 {"12e11", 3},
                 {"-123456", 5},
                 {"123456789", 6},
                 {"1e125", 2},
                 {"1e-130", 2},
                 {"-0.12", 3},
                 {"1234567890", 6},
                 {"-1.2", 4},
                 {"12345678901234567890123456789012345678", 20},
                 {"1.2345678901234567890123456789012345678", 21},
                 {"-12345678901234567890123456789012345678", 21}};
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct number number = parsed(cases[i].text);
        assert_int_equal(number_size(&number), cases[i].size);
    }
}

enum { TRIALS = 20000 };

static void text_and_bytes_give_the_number_back(void **state)
{
    struct random_source source = {.seed = 1};
    (void)state;

    for (int i = 0; i < TRIALS; i++) {
        struct number number = random_number(&source), again;
        unsigned char bytes[NUMBER_ENCODED_LIMIT];
        const char *text = written(&number);
        assert_true(strlen(text) <= NUMBER_TEXT_LIMIT);
        again = parsed(text);
        assert_memory_equal(again.pairs, number.pairs, sizeof(number.pairs));
        assert_int_equal(number_compare(&again, &number), 0);
        size_t length = number_encode(&number, bytes);
        assert_true(length <= NUMBER_ENCODED_LIMIT);
        assert_int_equal(number_decode((struct slice){(char *)bytes, sizeof(bytes)}, &again), length);
        assert_string_equal(written(&again), text);
        for (size_t shorter = 0; shorter < length; shorter++)
            assert_int_equal(number_decode((struct slice){(char *)bytes, shorter}, &again), 0);
    }
}

static void order_of_bytes_is_order_of_values(void **state)
{
    struct random_source source = {.seed = 2};
    (void)state;

    for (int i = 0; i < TRIALS; i++) {
        struct number a = random_number(&source), b = random_number(&source);
        unsigned char left[NUMBER_ENCODED_LIMIT], right[NUMBER_ENCODED_LIMIT];
        struct slice x = {(char *)left, number_encode(&a, left)},
                     y = {(char *)right, number_encode(&b, right)};
        int order = slice_compare(x, y);
        assert_int_equal((order > 0) - (order < 0), number_compare(&a, &b));
        if (order != 0)
            assert_false(slice_starts_with(x, y) || slice_starts_with(y, x));
    }
}

/* a + b - b is a, whenever the sum can be kept. */
static void subtraction_undoes_addition(void **state)
{
    (void)state;
    struct random_source source = {.seed = 3};
    int done = 0;

    for (int i = 0; i < TRIALS; i++) {
        struct number a = random_number(&source), b = random_number(&source), sum, back;
        failure_init(&failure, &arena);
        if (!number_add(&a, &b, &sum, &failure))
            continue;
        assert_true(number_subtract(&sum, &b, &back, &failure));
        assert_int_equal(number_compare(&back, &a), 0);
        assert_int_equal(number_compare(&sum, &a), b.digits == 0 ? 0 : b.negative ? -1 : 1);
        done++;
    }
    assert_true(done > TRIALS / 20);
}

static void refuses_bytes_that_are_no_number(void **state)
{
    /* An unknown sign, no pairs, a pair above 99, a first digit 0, a last pair 0, 20 pairs. */
    static const struct slice cases[] = {
        {"", 0},
        {"\0", 1},
        {"\x04\x80\x14", 3},
        {"\x03", 1},
        {"\x03\x80", 2},
        {"\x03\x80\xc8", 3},
        {"\x03\x80\x02", 3},
        {"\x03\x80\x15\x00", 4},
        {"\x03\x80\x15\x15\x15\x15\x15\x15\x15\x15\x15\x15\x15\x15\x15\x15\x15\x15\x15\x15\x15\x14", 22}};
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct number number;
        assert_int_equal(number_decode(cases[i], &number), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(reads_and_writes),
        ARENA_TEST(refuses_what_is_no_number),
        ARENA_TEST(refuses_what_is_out_of_range),
        ARENA_TEST(compares_by_value),
        ARENA_TEST(adds_exactly),
        ARENA_TEST(rounds_down),
        ARENA_TEST(has_the_size_that_aws_counts),
        ARENA_TEST(text_and_bytes_give_the_number_back),
        ARENA_TEST(order_of_bytes_is_order_of_values),
        ARENA_TEST(subtraction_undoes_addition),
        ARENA_TEST(refuses_bytes_that_are_no_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
