/*
 * Checksums of objects: those that a client may send along and ask for, and MD5, which the ETag is.
 *
 *     struct s3_sum *sum = s3_sum_create(S3_SUM_SHA256);
 *     s3_sum_add(sum, bytes);
 *     size_t length = s3_sum_end(sum, out);
 *     s3_sum_destroy(sum);
 *
 * AWS: "Checking object integrity in Amazon S3". One thread at a time for one sum.
 */
#ifndef TURNTABLE_SERVICES_S3_CHECKSUM_H
#define TURNTABLE_SERVICES_S3_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

enum s3_algorithm {
    S3_SUM_NONE,
    S3_SUM_CRC32,
    S3_SUM_CRC32C,
    S3_SUM_CRC64NVME,
    S3_SUM_SHA1,
    S3_SUM_SHA256,
    S3_SUM_MD5, /* not among those that are asked for by name */
};

enum { S3_SUM_SIZE = 32 }; /* bytes of the longest */

/* "CRC32" and so on, as they are written; S3_SUM_NONE: there is none of that name. Any case. */
enum s3_algorithm s3_algorithm_of(struct slice name);
const char *s3_algorithm_name(enum s3_algorithm algorithm);
/* "x-amz-checksum-crc32" and "ChecksumCRC32". */
const char *s3_algorithm_header(enum s3_algorithm algorithm);
const char *s3_algorithm_member(enum s3_algorithm algorithm);
size_t s3_algorithm_size(enum s3_algorithm algorithm);
/* Whether the sum of a whole can be made of those of its parts. */
bool s3_algorithm_is_linear(enum s3_algorithm algorithm);

struct s3_sum;

struct s3_sum *s3_sum_create(enum s3_algorithm algorithm);
void s3_sum_destroy(struct s3_sum *sum); /* accepts NULL */
void s3_sum_add(struct s3_sum *sum, struct slice bytes);
/* The sum as bytes; how many. Nothing is added behind it. */
size_t s3_sum_end(struct s3_sum *sum, unsigned char out[S3_SUM_SIZE]);

/* Bytes as a text, Base64 or hexadecimal. */
struct slice s3_base64(struct arena *arena, struct slice bytes);
struct slice s3_hex(struct arena *arena, struct slice bytes);

/* The sum of two texts of bytes one behind the other, of their sums and the second's length; of a linear
 * algorithm. */
uint64_t s3_sum_combine(enum s3_algorithm algorithm, uint64_t first, uint64_t second, uint64_t length);

#endif
