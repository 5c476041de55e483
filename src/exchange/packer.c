#define ZLIB_CONST
#include "exchange/packer.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <zlib.h>

#include "base/check.h"

enum {
    PIECE = 64 * 1024,
    STEP = 1024 * 1024 * 1024, /* zlib counts in ints */
    WINDOW_BITS_GZIP = 15 + 16,
    LEVEL = 1, /* as fast as the disk and the storage */
    MEMORY_LEVEL = 8
};

struct packer {
    int file;
    bool gzip;
    int error; /* errno of what failed; 0: nothing did */
    z_stream stream;
    EVP_MD_CTX *md5;
    uint64_t written;
    size_t waiting; /* bytes in `piece` */
    char piece[PIECE];
};

struct packer *packer_create(int file, bool gzip)
{
    struct packer *packer = calloc(1, sizeof(*packer));

    CHECK(packer != NULL);
    packer->file = file;
    packer->gzip = gzip;
    packer->md5 = EVP_MD_CTX_new();
    CHECK(packer->md5 != NULL && EVP_DigestInit_ex(packer->md5, EVP_md5(), NULL) == 1);
    if (gzip)
        CHECK(deflateInit2(&packer->stream, LEVEL, Z_DEFLATED, WINDOW_BITS_GZIP, MEMORY_LEVEL,
                           Z_DEFAULT_STRATEGY) == Z_OK);
    return packer;
}

void packer_destroy(struct packer *packer)
{
    if (packer == NULL)
        return;
    if (packer->gzip)
        deflateEnd(&packer->stream);
    EVP_MD_CTX_free(packer->md5);
    free(packer);
}

uint64_t packer_written(const struct packer *packer)
{
    return packer->written + packer->waiting;
}

static bool flush(struct packer *packer)
{
    struct slice left = {packer->piece, packer->waiting};

    CHECK(EVP_DigestUpdate(packer->md5, left.ptr, left.len) == 1);
    while (left.len > 0 && packer->error == 0) {
        ssize_t wrote = write(packer->file, left.ptr, left.len);
        if (wrote < 0 && errno != EINTR)
            packer->error = errno;
        if (wrote > 0)
            left = slice_skip(left, (size_t)wrote);
    }
    packer->written += packer->waiting;
    packer->waiting = 0;
    errno = packer->error;
    return packer->error == 0;
}

static bool write_plain(struct packer *packer, struct slice bytes)
{
    while (bytes.len > 0) {
        size_t room = PIECE - packer->waiting, step = bytes.len < room ? bytes.len : room;
        memcpy(packer->piece + packer->waiting, bytes.ptr, step);
        packer->waiting += step;
        bytes = slice_skip(bytes, step);
        if (packer->waiting == PIECE && !flush(packer))
            return false;
    }
    return true;
}

/* At the end also what zlib holds back. */
static bool deflate_step(struct packer *packer, struct slice bytes, bool end)
{
    z_stream *stream = &packer->stream;
    int status;

    stream->next_in = (const Bytef *)bytes.ptr;
    stream->avail_in = (unsigned)bytes.len;
    do {
        stream->next_out = (Bytef *)packer->piece + packer->waiting;
        stream->avail_out = (unsigned)(PIECE - packer->waiting);
        status = deflate(stream, end ? Z_FINISH : Z_NO_FLUSH);
        CHECK(status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR);
        packer->waiting = PIECE - stream->avail_out;
        if (packer->waiting == PIECE && !flush(packer))
            return false;
    } while (end ? status != Z_STREAM_END : stream->avail_in > 0);
    return true;
}

bool packer_write(struct packer *packer, struct slice bytes)
{
    errno = packer->error;
    if (packer->error != 0)
        return false;
    if (!packer->gzip)
        return write_plain(packer, bytes);
    while (bytes.len > 0) {
        size_t step = bytes.len < STEP ? bytes.len : STEP;
        if (!deflate_step(packer, (struct slice){bytes.ptr, step}, false))
            return false;
        bytes = slice_skip(bytes, step);
    }
    return true;
}

bool packer_finish(struct packer *packer, unsigned char md5[MD5_SIZE])
{
    unsigned char sum[EVP_MAX_MD_SIZE];

    errno = packer->error;
    if (packer->error != 0 || (packer->gzip && !deflate_step(packer, SLICE(""), true)) || !flush(packer))
        return false;
    /* A pipe or a terminal cannot be synced, and need not be. */
    if (fsync(packer->file) != 0 && errno != EINVAL && errno != EROFS) {
        packer->error = errno;
        return false;
    }
    CHECK(EVP_DigestFinal_ex(packer->md5, sum, NULL) == 1);
    if (md5 != NULL)
        memcpy(md5, sum, MD5_SIZE);
    return true;
}
