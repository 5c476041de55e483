#include "services/s3/checksum.h"

#include <pthread.h>
#include <stdlib.h>
#include <strings.h>

#include <openssl/evp.h>
#include <zlib.h>

#include "base/base64.h"
#include "base/buffer.h"
#include "base/check.h"

static const struct {
    const char *name, *header, *member;
    size_t size;
} algorithms[] = {
    [S3_SUM_CRC32] = {"CRC32", "x-amz-checksum-crc32", "ChecksumCRC32", 4},
    [S3_SUM_CRC32C] = {"CRC32C", "x-amz-checksum-crc32c", "ChecksumCRC32C", 4},
    [S3_SUM_CRC64NVME] = {"CRC64NVME", "x-amz-checksum-crc64nvme", "ChecksumCRC64NVME", 8},
    [S3_SUM_SHA1] = {"SHA1", "x-amz-checksum-sha1", "ChecksumSHA1", 20},
    [S3_SUM_SHA256] = {"SHA256", "x-amz-checksum-sha256", "ChecksumSHA256", 32},
    [S3_SUM_MD5] = {"MD5", "content-md5", "ContentMD5", 16},
};

enum s3_algorithm s3_algorithm_of(struct slice name)
{
    for (int i = S3_SUM_CRC32; i <= S3_SUM_SHA256; i++) {
        if (name.len == strlen(algorithms[i].name) &&
            strncasecmp(name.ptr, algorithms[i].name, name.len) == 0)
            return (enum s3_algorithm)i;
    }
    return S3_SUM_NONE;
}

const char *s3_algorithm_name(enum s3_algorithm algorithm)
{
    return algorithms[algorithm].name;
}

const char *s3_algorithm_header(enum s3_algorithm algorithm)
{
    return algorithms[algorithm].header;
}

const char *s3_algorithm_member(enum s3_algorithm algorithm)
{
    return algorithms[algorithm].member;
}

size_t s3_algorithm_size(enum s3_algorithm algorithm)
{
    return algorithms[algorithm].size;
}

bool s3_algorithm_is_linear(enum s3_algorithm algorithm)
{
    return algorithm == S3_SUM_CRC32 || algorithm == S3_SUM_CRC32C || algorithm == S3_SUM_CRC64NVME;
}

/* ---- cyclic redundancy checks ----
 *
 * All are reflected: the highest power of x is the lowest bit. Eight bytes at a time, by eight tables:
 * tables[i] is of a byte with i bytes behind it. */

static const uint64_t polynomials[] = {
    [S3_SUM_CRC32] = 0xEDB88320, [S3_SUM_CRC32C] = 0x82F63B78, [S3_SUM_CRC64NVME] = 0x9A6C9329AC4BC9B5};

enum { LANES = 8 };

static uint64_t tables[S3_SUM_CRC64NVME + 1][LANES][256];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static void make_tables(void)
{
    for (int algorithm = S3_SUM_CRC32C; algorithm <= S3_SUM_CRC64NVME; algorithm++) {
        for (uint64_t byte = 0; byte < 256; byte++) {
            uint64_t rest = byte;
            for (int bit = 0; bit < 8; bit++)
                rest = (rest & 1) != 0 ? (rest >> 1) ^ polynomials[algorithm] : rest >> 1;
            tables[algorithm][0][byte] = rest;
        }
        for (int lane = 1; lane < LANES; lane++) {
            for (int byte = 0; byte < 256; byte++) {
                uint64_t before = tables[algorithm][lane - 1][byte];
                tables[algorithm][lane][byte] = (before >> 8) ^ tables[algorithm][0][before & 255];
            }
        }
    }
}

/* Without what is done to a sum at its beginning and end. */
static uint64_t crc_add(enum s3_algorithm algorithm, uint64_t rest, struct slice bytes)
{
    const uint64_t(*table)[256] = (const uint64_t(*)[256])tables[algorithm];
    const unsigned char *at = (const unsigned char *)bytes.ptr;

    for (; bytes.len >= LANES; bytes.len -= LANES, at += LANES) {
        uint64_t eight;
        memcpy(&eight, at, sizeof(eight));
        rest ^= eight; /* little-endian, as the machine */
        rest = table[7][rest & 255] ^ table[6][rest >> 8 & 255] ^ table[5][rest >> 16 & 255] ^
               table[4][rest >> 24 & 255] ^ table[3][rest >> 32 & 255] ^ table[2][rest >> 40 & 255] ^
               table[1][rest >> 48 & 255] ^ table[0][rest >> 56];
    }
    for (; bytes.len > 0; bytes.len--)
        rest = (rest >> 8) ^ table[0][(rest ^ *at++) & 255];
    return rest;
}

static unsigned width_of(enum s3_algorithm algorithm)
{
    return algorithm == S3_SUM_CRC64NVME ? 64 : 32;
}

/* a times b, as polynomials. */
static uint64_t multiply(enum s3_algorithm algorithm, uint64_t a, uint64_t b)
{
    uint64_t product = 0;

    for (uint64_t power = (uint64_t)1 << (width_of(algorithm) - 1); power != 0; power >>= 1) {
        if ((a & power) != 0)
            product ^= b;
        b = (b & 1) != 0 ? (b >> 1) ^ polynomials[algorithm] : b >> 1;
    }
    return product;
}

/* The first sum times x to the power of the second text's bits, and the second sum. */
uint64_t s3_sum_combine(enum s3_algorithm algorithm, uint64_t first, uint64_t second, uint64_t length)
{
    uint64_t square = (uint64_t)1 << (width_of(algorithm) - 2); /* x */

    for (int i = 0; i < 3; i++)
        square = multiply(algorithm, square, square); /* of a byte */
    for (; length > 0; length >>= 1) {
        if ((length & 1) != 0)
            first = multiply(algorithm, square, first);
        square = multiply(algorithm, square, square);
    }
    return first ^ second;
}

/* ---- sums ---- */

struct s3_sum {
    enum s3_algorithm algorithm;
    uint64_t rest;
    EVP_MD_CTX *digest; /* of the others */
};

struct s3_sum *s3_sum_create(enum s3_algorithm algorithm)
{
    struct s3_sum *sum = calloc(1, sizeof(*sum));

    CHECK(sum != NULL && algorithm != S3_SUM_NONE);
    sum->algorithm = algorithm;
    if (algorithm == S3_SUM_CRC32)
        return sum;
    if (s3_algorithm_is_linear(algorithm)) {
        CHECK(pthread_once(&tables_once, make_tables) == 0);
        sum->rest = algorithm == S3_SUM_CRC32C ? UINT32_MAX : UINT64_MAX;
        return sum;
    }
    sum->digest = EVP_MD_CTX_new();
    CHECK(sum->digest != NULL && EVP_DigestInit_ex(sum->digest,
                                                   algorithm == S3_SUM_SHA1     ? EVP_sha1()
                                                   : algorithm == S3_SUM_SHA256 ? EVP_sha256()
                                                                                : EVP_md5(),
                                                   NULL) == 1);
    return sum;
}

void s3_sum_destroy(struct s3_sum *sum)
{
    if (sum == NULL)
        return;
    EVP_MD_CTX_free(sum->digest);
    free(sum);
}

void s3_sum_add(struct s3_sum *sum, struct slice bytes)
{
    if (bytes.len == 0)
        return;
    if (sum->digest != NULL)
        CHECK(EVP_DigestUpdate(sum->digest, bytes.ptr, bytes.len) == 1);
    else if (sum->algorithm == S3_SUM_CRC32)
        sum->rest = crc32_z(sum->rest, (const Bytef *)bytes.ptr, bytes.len);
    else
        sum->rest = crc_add(sum->algorithm, sum->rest, bytes);
}

size_t s3_sum_end(struct s3_sum *sum, unsigned char out[S3_SUM_SIZE])
{
    size_t size = s3_algorithm_size(sum->algorithm);

    if (sum->digest != NULL) {
        CHECK(EVP_DigestFinal_ex(sum->digest, out, NULL) == 1);
        return size;
    }
    uint64_t value = sum->algorithm == S3_SUM_CRC32 ? sum->rest : ~sum->rest;
    for (size_t i = 0; i < size; i++)
        out[i] = (unsigned char)(value >> 8 * (size - 1 - i));
    return size;
}

struct slice s3_base64(struct arena *arena, struct slice bytes)
{
    struct buffer text;

    buffer_init(&text);
    base64_encode(&text, bytes);
    struct slice kept = arena_copy(arena, buffer_slice(&text));
    buffer_finish(&text);
    return kept;
}

struct slice s3_hex(struct arena *arena, struct slice bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_alloc(arena, 2 * bytes.len);

    for (size_t i = 0; i < bytes.len; i++) {
        text[2 * i] = digits[(unsigned char)bytes.ptr[i] >> 4];
        text[2 * i + 1] = digits[(unsigned char)bytes.ptr[i] & 15];
    }
    return (struct slice){text, 2 * bytes.len};
}
