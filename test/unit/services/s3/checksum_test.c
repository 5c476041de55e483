/* Checksums: are they those that everybody else computes, in pieces of any size, and of parts put together?
 */
#include "lib/unit.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "lib/unit_arena.h"
#include "services/s3/checksum.h"

static struct slice sum_of(enum s3_algorithm algorithm, struct slice bytes, size_t piece)
{
    unsigned char *out = arena_alloc(&arena, S3_SUM_SIZE);
    struct s3_sum *sum = s3_sum_create(algorithm);

    for (size_t at = 0; at < bytes.len; at += piece) {
        size_t left = bytes.len - at;
        s3_sum_add(sum, (struct slice){bytes.ptr + at, left < piece ? left : piece});
    }
    size_t length = s3_sum_end(sum, out);
    s3_sum_destroy(sum);
    assert_int_equal(length, s3_algorithm_size(algorithm));
    return (struct slice){(const char *)out, length};
}

/* The check values of the catalogue of CRC algorithms, and of FIPS 180 and RFC 1321. */
static void known_values(void **state)
{
    static const struct {
        enum s3_algorithm algorithm;
        const char *text, *hex;
    } cases[] = {{S3_SUM_CRC32, "123456789", "cbf43926"},
                 {S3_SUM_CRC32C, "123456789", "e3069283"},
                 {S3_SUM_CRC64NVME, "123456789", "ae8b14860a799888"},
                 {S3_SUM_CRC32, "", "00000000"},
                 {S3_SUM_CRC32C, "", "00000000"},
                 {S3_SUM_CRC64NVME, "", "0000000000000000"},
                 {S3_SUM_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
                 {S3_SUM_SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                 {S3_SUM_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72"}};
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_true(
            slice_is(s3_hex(&arena, sum_of(cases[i].algorithm, slice_of(cases[i].text), 3)), cases[i].hex));
    assert_true(slice_is(s3_base64(&arena, sum_of(S3_SUM_CRC32, SLICE("123456789"), 9)), "y/Q5Jg=="));
}

static struct slice some_bytes(size_t size)
{
    char *bytes = arena_alloc(&arena, size + 1);

    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)hash_bytes((struct slice){(const char *)&i, sizeof(i)});
    return (struct slice){bytes, size};
}

static void pieces_make_no_difference(void **state)
{
    static const size_t pieces[] = {1, 7, 8, 9, 64, 1000};
    struct slice bytes = some_bytes(5000);
    (void)state;

    for (int algorithm = S3_SUM_CRC32; algorithm <= S3_SUM_MD5; algorithm++) {
        struct slice whole = sum_of((enum s3_algorithm)algorithm, bytes, bytes.len);
        for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
            assert_true(slice_equal(sum_of((enum s3_algorithm)algorithm, bytes, pieces[i]), whole));
    }
}

static uint64_t number(struct slice sum)
{
    return bytes_read(sum.ptr, sum.len);
}

static void sums_of_parts_combine(void **state)
{
    static const size_t cuts[] = {0, 1, 8, 100, 4095, 4999, 5000};
    struct slice bytes = some_bytes(5000);
    (void)state;

    for (int i = S3_SUM_CRC32; i <= S3_SUM_CRC64NVME; i++) {
        enum s3_algorithm algorithm = (enum s3_algorithm)i;
        assert_true(s3_algorithm_is_linear(algorithm));
        for (size_t j = 0; j < sizeof(cuts) / sizeof(cuts[0]); j++) {
            struct slice first = {bytes.ptr, cuts[j]}, second = slice_skip(bytes, cuts[j]);
            assert_true(s3_sum_combine(algorithm, number(sum_of(algorithm, first, 1000)),
                                       number(sum_of(algorithm, second, 1000)),
                                       second.len) == number(sum_of(algorithm, bytes, 1000)));
        }
    }
    assert_false(s3_algorithm_is_linear(S3_SUM_SHA256));
}

static void names(void **state)
{
    (void)state;
    for (int i = S3_SUM_CRC32; i <= S3_SUM_SHA256; i++)
        assert_int_equal(s3_algorithm_of(slice_of(s3_algorithm_name((enum s3_algorithm)i))), i);
    assert_int_equal(s3_algorithm_of(SLICE("crc64nvme")), S3_SUM_CRC64NVME);
    assert_int_equal(s3_algorithm_of(SLICE("MD5")), S3_SUM_NONE);
    assert_int_equal(s3_algorithm_of(SLICE("")), S3_SUM_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(known_values),
        ARENA_TEST(pieces_make_no_difference),
        ARENA_TEST(sums_of_parts_combine),
        ARENA_TEST(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
