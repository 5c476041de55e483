#define ZLIB_CONST
#include "http/gzip.h"

#include <limits.h>
#include <zlib.h>

#include "base/check.h"

enum {
    CHUNK = 64 * 1024,
    WINDOW_BITS_GZIP = 15 + 16, /* zlib's way to say: the gzip format, not zlib's */
    LEVEL = 1,                  /* answers are packed while the client waits */
    MEMORY_LEVEL = 8
};

/* One deflate or inflate step works on unsigned ints; bodies are far smaller than that, but this room does
 * not know it. */
static unsigned step(size_t left)
{
    return left > UINT_MAX ? UINT_MAX : (unsigned)left;
}

enum gzip_problem gzip_unpack(struct slice packed, size_t limit, struct buffer *out)
{
    z_stream stream = {.next_in = (const Bytef *)packed.ptr};
    size_t left = packed.len, unpacked = 0;
    enum gzip_problem problem = GZIP_OK;
    bool whole = false;

    CHECK(inflateInit2(&stream, WINDOW_BITS_GZIP) == Z_OK);
    while (!whole && problem == GZIP_OK) {
        unsigned in = step(left);
        stream.avail_in = in;
        stream.next_out = (Bytef *)buffer_reserve(out, CHUNK);
        stream.avail_out = CHUNK;
        int status = inflate(&stream, Z_NO_FLUSH);
        size_t got = CHUNK - stream.avail_out;
        left -= in - stream.avail_in;
        out->len += got;
        unpacked += got;
        if (unpacked > limit)
            problem = GZIP_TOO_LARGE;
        else if (status == Z_STREAM_END &&
                 left > 0) /* a gzip file may have several members, one behind the other */
            problem = inflateReset(&stream) == Z_OK ? GZIP_OK : GZIP_MALFORMED;
        else if (status == Z_STREAM_END)
            whole = true;
        else if (status != Z_OK || (left == 0 && got == 0))
            problem = GZIP_MALFORMED;
    }
    inflateEnd(&stream);
    return problem;
}

void gzip_pack(struct slice bytes, struct buffer *out)
{
    z_stream stream = {.next_in = (const Bytef *)bytes.ptr};
    size_t left = bytes.len;
    int status;

    CHECK(deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW_BITS_GZIP, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) ==
          Z_OK);
    do {
        unsigned in = step(left);
        stream.avail_in = in;
        stream.next_out = (Bytef *)buffer_reserve(out, CHUNK);
        stream.avail_out = CHUNK;
        status = deflate(&stream, in == left ? Z_FINISH : Z_NO_FLUSH);
        CHECK(status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR);
        left -= in - stream.avail_in;
        out->len += CHUNK - stream.avail_out;
    } while (status != Z_STREAM_END);
    deflateEnd(&stream);
}
