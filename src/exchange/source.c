#define ZLIB_CONST
#include "exchange/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/check.h"

enum {
    PIECE = 64 * 1024,
    WINDOW_BITS_GZIP = 15 + 16, /* zlib's way to say: the gzip format, not zlib's */
};

struct source {
    int file;           /* -1: memory */
    struct slice bytes; /* what was taken in and not unpacked yet */
    uint64_t taken;
    bool at_end; /* nothing more to take in */
    const char *problem;
    enum packing packing;
    bool inside; /* of a gzip member or a zstd frame: an end here is too early */
    z_stream gzip;
    ZSTD_DStream *zstd;
    char piece[PIECE];
};

enum packing packing_of_name(struct slice name)
{
    static const struct {
        struct slice ending;
        enum packing packing;
    } endings[] = {{SLICE(".gz"), PACKING_GZIP}, {SLICE(".zst"), PACKING_ZSTD}};

    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        size_t length = endings[i].ending.len;
        if (name.len > length && slice_equal(slice_skip(name, name.len - length), endings[i].ending))
            return endings[i].packing;
    }
    return PACKING_NONE;
}

static struct source *create(enum packing packing)
{
    struct source *source = calloc(1, sizeof(*source));

    CHECK(source != NULL);
    source->file = -1;
    source->packing = packing;
    if (packing == PACKING_GZIP)
        CHECK(inflateInit2(&source->gzip, WINDOW_BITS_GZIP) == Z_OK);
    if (packing == PACKING_ZSTD) {
        source->zstd = ZSTD_createDStream();
        CHECK(source->zstd != NULL);
    }
    return source;
}

struct source *source_from_file(int file, enum packing packing)
{
    struct source *source = create(packing);

    source->file = file;
    return source;
}

struct source *source_from_bytes(struct slice bytes, enum packing packing)
{
    struct source *source = create(packing);

    source->bytes = bytes;
    source->taken = bytes.len;
    source->at_end = true;
    return source;
}

void source_destroy(struct source *source)
{
    if (source == NULL)
        return;
    if (source->packing == PACKING_GZIP)
        inflateEnd(&source->gzip);
    ZSTD_freeDStream(source->zstd);
    if (source->file >= 0)
        close(source->file);
    free(source);
}

const char *source_problem(const struct source *source)
{
    return source->problem;
}

uint64_t source_taken(const struct source *source)
{
    return source->taken;
}

static bool fails(struct source *source, const char *problem)
{
    source->problem = problem;
    return false;
}

/* Sees to it that there is something to unpack, unless the file is at its end. */
static bool take_in(struct source *source)
{
    ssize_t got;

    if (source->bytes.len > 0 || source->at_end)
        return true;
    do {
        got = read(source->file, source->piece, PIECE);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return fails(source, errno == EISDIR ? "it is a folder" : "it cannot be read");
    source->bytes = (struct slice){source->piece, (size_t)got};
    source->taken += (size_t)got;
    source->at_end = got == 0;
    return true;
}

static bool copy(struct source *source, char *into, size_t room, size_t *got)
{
    *got = source->bytes.len < room ? source->bytes.len : room;
    if (*got > 0)
        memcpy(into, source->bytes.ptr, *got);
    source->bytes = slice_skip(source->bytes, *got);
    return true;
}

/* A step of at most an int's size, so that no count can overflow zlib's. */
static bool unpack_gzip(struct source *source, char *into, size_t room, size_t *got)
{
    z_stream *gzip = &source->gzip;
    unsigned in = source->bytes.len > PIECE ? PIECE : (unsigned)source->bytes.len;
    unsigned out = room > PIECE ? PIECE : (unsigned)room;

    gzip->next_in = (const Bytef *)source->bytes.ptr;
    gzip->avail_in = in;
    gzip->next_out = (Bytef *)into;
    gzip->avail_out = out;
    source->inside |= in > 0;
    int status = inflate(gzip, Z_NO_FLUSH);
    source->bytes = slice_skip(source->bytes, in - gzip->avail_in);
    *got = out - gzip->avail_out;
    if (status == Z_STREAM_END) { /* another member may follow */
        source->inside = false;
        return inflateReset(gzip) == Z_OK || fails(source, "its gzip data is damaged");
    }
    return status == Z_OK || status == Z_BUF_ERROR || fails(source, "its gzip data is damaged");
}

static bool unpack_zstd(struct source *source, char *into, size_t room, size_t *got)
{
    ZSTD_inBuffer in = {source->bytes.ptr, source->bytes.len, 0};
    ZSTD_outBuffer out = {into, room, 0};

    size_t left = ZSTD_decompressStream(source->zstd, &out, &in);
    source->bytes = slice_skip(source->bytes, in.pos);
    *got = out.pos;
    if (ZSTD_isError(left))
        return fails(source, "its zstd data is damaged");
    if (in.pos > 0 || out.pos > 0)
        source->inside = left != 0;
    return true;
}

bool source_read(struct source *source, char *into, size_t room, size_t *got)
{
    *got = 0;
    while (*got == 0) {
        if (source->problem != NULL || !take_in(source))
            return false;
        bool ending = source->bytes.len == 0;
        bool unpacked = source->packing == PACKING_GZIP   ? unpack_gzip(source, into, room, got)
                        : source->packing == PACKING_ZSTD ? unpack_zstd(source, into, room, got)
                                                          : copy(source, into, room, got);
        if (!unpacked)
            return false;
        if (ending && *got == 0)
            return !source->inside || fails(source, "its packed data ends too early");
    }
    return true;
}
