/*
 * Blobs: the bytes of objects and of parts, in chunks of 1 MiB that are keys of the storage (records.h).
 *
 * Reading goes through a reader, which sees the moment of its snapshot and holds one chunk at a time,
 * whatever the size of the blob. Writing puts chunks into batches of bounded size: the caller's, who commits
 * them.
 */
#ifndef TURNTABLE_SERVICES_S3_BLOB_H
#define TURNTABLE_SERVICES_S3_BLOB_H

#include <sys/types.h>

#include "services/s3/records.h"

/* Bytes in pieces, as a body of chunks has them. The pieces are somebody else's. */
struct s3_bytes {
    const struct slice *pieces;
    size_t count;
    uint64_t size; /* of all */
};

/* How many chunks so many bytes have. */
uint32_t blob_chunk_count(int64_t size);

/* Puts the `count` chunks from the number `first` on into the batch, or as many as there are. What is of one
 * piece is not copied, and must live until the commit. */
void blob_put_chunks(struct batch *batch, struct slice blob_id, const struct s3_bytes *bytes, uint32_t first,
                     uint32_t count);

/* ---- reading ---- */

struct blob_reader;

/*
 * Takes the snapshot. NULL with *status if the storage fails; the blob is one that the snapshot shows. The
 * reader sees `length` bytes of it from `start` on, which are within the blob.
 */
must_use struct blob_reader *blob_reader_create(struct storage *storage, struct snapshot *snapshot,
                                                const struct s3_blob *blob, uint64_t start, uint64_t length,
                                                enum storage_status *status);
/* The same of a file, which it takes. */
must_use struct blob_reader *blob_reader_of_file(int file, uint64_t start, uint64_t length);
void blob_reader_destroy(struct blob_reader *reader); /* accepts NULL */

/* Up to `room` bytes from `at`, counted from the start; how many, 0 at the end, or -1 if they cannot be read.
 */
ssize_t blob_read(struct blob_reader *reader, uint64_t at, char *into, size_t room);

/* All of it, `length` bytes; false if it cannot be read. */
must_use bool blob_read_all(struct blob_reader *reader, char *into, size_t length);

#endif
