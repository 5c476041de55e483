#include "services/s3/blob.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/check.h"

enum { ENTRY_SIZE = S3_ID_SIZE + 8 }; /* of a blob that is made of others: an id, u64 size */

uint32_t blob_chunk_count(int64_t size)
{
    return (uint32_t)((size + S3_CHUNK_SIZE - 1) / S3_CHUNK_SIZE);
}

/* ---- writing ---- */

/* `length` bytes from `at` on, as one slice: as they are if they are of one piece, or copied into the arena.
 */
static struct slice take(struct arena *arena, const struct s3_bytes *bytes, uint64_t at, size_t length)
{
    size_t piece = 0;

    while (at >= bytes->pieces[piece].len)
        at -= bytes->pieces[piece++].len;
    if (bytes->pieces[piece].len - at >= length)
        return (struct slice){bytes->pieces[piece].ptr + at, length};
    char *copy = arena_alloc(arena, length);
    size_t copied = 0;
    while (copied < length) {
        struct slice rest = slice_skip(bytes->pieces[piece++], (size_t)at);
        size_t some = rest.len < length - copied ? rest.len : length - copied;
        if (some > 0)
            memcpy(copy + copied, rest.ptr, some);
        copied += some;
        at = 0;
    }
    return (struct slice){copy, length};
}

void blob_put_chunks(struct batch *batch, struct slice blob_id, const struct s3_bytes *bytes, uint32_t first,
                     uint32_t count)
{
    for (uint32_t number = first; number < first + count; number++) {
        uint64_t at = (uint64_t)number * S3_CHUNK_SIZE;
        if (at >= bytes->size)
            break;
        uint64_t left = bytes->size - at;
        size_t length = left < S3_CHUNK_SIZE ? (size_t)left : S3_CHUNK_SIZE;
        batch_put(batch, s3_chunk_key(batch->arena, blob_id, number), take(batch->arena, bytes, at, length));
    }
}

/* ---- reading ---- */

struct blob_reader {
    int file; /* -1: the bytes are in the storage */
    struct storage *storage;
    struct snapshot *snapshot;
    struct arena arena;
    struct s3_blob *blobs; /* of chunks, one behind the other */
    size_t count;
    uint64_t start, length;

    /* Where the last read was. */
    size_t blob;
    uint64_t blob_at; /* of this one's first byte, in all */
    bool pinned;
    uint32_t chunk;
    struct stored stored;
};

static enum storage_status read_manifest(struct blob_reader *reader, const struct s3_blob *blob)
{
    struct stored stored;
    enum storage_status status =
        storage_get(reader->storage, reader->snapshot, s3_manifest_key(&reader->arena, blob->id), &stored);
    size_t count = stored.value.len / ENTRY_SIZE;

    if (status == STORAGE_OK && (stored.value.len % ENTRY_SIZE != 0 || (int64_t)count != blob->parts))
        status = STORAGE_CORRUPT;
    if (status == STORAGE_OK) {
        reader->blobs = arena_array(&reader->arena, struct s3_blob, count);
        reader->count = count;
    }
    for (size_t i = 0; i < reader->count; i++) {
        const char *entry = stored.value.ptr + i * ENTRY_SIZE;
        reader->blobs[i] = (struct s3_blob){.id = s3_id_text(&reader->arena, entry),
                                            .size = (int64_t)bytes_read_u64(entry + S3_ID_SIZE)};
    }
    stored_release(&stored);
    return status == STORAGE_NOT_FOUND ? STORAGE_CORRUPT : status;
}

struct blob_reader *blob_reader_create(struct storage *storage, struct snapshot *snapshot,
                                       const struct s3_blob *blob, uint64_t start, uint64_t length,
                                       enum storage_status *status)
{
    struct blob_reader *reader = calloc(1, sizeof(*reader));

    CHECK(reader != NULL && start + length <= (uint64_t)blob->size);
    *reader = (struct blob_reader){
        .file = -1, .storage = storage, .snapshot = snapshot, .start = start, .length = length};
    arena_init(&reader->arena);
    *status = STORAGE_OK;
    if (blob->parts > 0) {
        *status = read_manifest(reader, blob);
    } else if (blob->size > 0) {
        reader->blobs = arena_new(&reader->arena, struct s3_blob);
        *reader->blobs = (struct s3_blob){.id = arena_copy(&reader->arena, blob->id), .size = blob->size};
        reader->count = 1;
    }
    if (*status == STORAGE_OK)
        return reader;
    blob_reader_destroy(reader);
    return NULL;
}

struct blob_reader *blob_reader_of_file(int file, uint64_t start, uint64_t length)
{
    struct blob_reader *reader = calloc(1, sizeof(*reader));

    CHECK(reader != NULL);
    *reader = (struct blob_reader){.file = file, .start = start, .length = length};
    return reader;
}

static void unpin(struct blob_reader *reader)
{
    if (reader->pinned)
        stored_release(&reader->stored);
    reader->pinned = false;
}

void blob_reader_destroy(struct blob_reader *reader)
{
    if (reader == NULL)
        return;
    unpin(reader);
    if (reader->file >= 0)
        close(reader->file);
    if (reader->snapshot != NULL)
        snapshot_destroy(reader->storage, reader->snapshot);
    arena_finish(&reader->arena);
    free(reader);
}

/* Finds the blob that has the byte; reads go forward, and so does the search. */
static bool find_blob(struct blob_reader *reader, uint64_t at)
{
    if (at < reader->blob_at) {
        unpin(reader);
        reader->blob = 0;
        reader->blob_at = 0;
    }
    while (reader->blob < reader->count &&
           at - reader->blob_at >= (uint64_t)reader->blobs[reader->blob].size) {
        unpin(reader);
        reader->blob_at += (uint64_t)reader->blobs[reader->blob++].size;
    }
    return reader->blob < reader->count;
}

static bool pin(struct blob_reader *reader, uint32_t chunk)
{
    struct arena arena;

    if (reader->pinned && reader->chunk == chunk)
        return true;
    unpin(reader);
    arena_init(&arena);
    enum storage_status status =
        storage_get(reader->storage, reader->snapshot,
                    s3_chunk_key(&arena, reader->blobs[reader->blob].id, chunk), &reader->stored);
    arena_finish(&arena);
    reader->chunk = chunk;
    reader->pinned = true;
    return status == STORAGE_OK;
}

/* A file that has become shorter since it was opened cannot be told whole. */
static ssize_t read_file(const struct blob_reader *reader, uint64_t at, char *into, size_t room)
{
    ssize_t some;

    do
        some = pread(reader->file, into, room, (off_t)at);
    while (some < 0 && errno == EINTR);
    return some > 0 ? some : -1;
}

static ssize_t read_chunk(struct blob_reader *reader, uint64_t at, char *into, size_t room)
{
    if (!find_blob(reader, at))
        return -1;
    uint64_t within = at - reader->blob_at;
    size_t offset = (size_t)(within % S3_CHUNK_SIZE);
    if (!pin(reader, (uint32_t)(within / S3_CHUNK_SIZE)) || offset >= reader->stored.value.len)
        return -1;
    size_t some = reader->stored.value.len - offset;
    if (some > room)
        some = room;
    memcpy(into, reader->stored.value.ptr + offset, some);
    return (ssize_t)some;
}

ssize_t blob_read(struct blob_reader *reader, uint64_t at, char *into, size_t room)
{
    if (at >= reader->length)
        return 0;
    uint64_t left = reader->length - at;
    if (room > left)
        room = (size_t)left;
    at += reader->start;
    return reader->file >= 0 ? read_file(reader, at, into, room) : read_chunk(reader, at, into, room);
}

bool blob_read_all(struct blob_reader *reader, char *into, size_t length)
{
    size_t done = 0;

    while (done < length) {
        ssize_t some = blob_read(reader, done, into + done, length - done);
        if (some <= 0)
            return false;
        done += (size_t)some;
    }
    return true;
}
