/*
 * gzip: request bodies unpacked, answers packed.
 *
 * A few bytes can unpack into gigabytes; so unpacking stops at a limit, and memory grows only as fast as what
 * is really there. Threads: any.
 */
#ifndef TURNTABLE_HTTP_GZIP_H
#define TURNTABLE_HTTP_GZIP_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/failure.h"
#include "base/slice.h"

enum gzip_problem { GZIP_OK, GZIP_MALFORMED, GZIP_TOO_LARGE };

/* Appends the unpacked bytes; what was appended before a problem was seen is of no use. */
must_use enum gzip_problem gzip_unpack(struct slice packed, size_t limit, struct buffer *out);

/* Appends the packed bytes. */
void gzip_pack(struct slice bytes, struct buffer *out);

#endif
