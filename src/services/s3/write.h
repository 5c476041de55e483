/*
 * Writing bytes: into the batch of the request if they are few, else by several commits of a few MiB each, so
 * that no commit is large and none of it is seen before the last one (request->next).
 *
 *     struct s3_write *write = s3_write_begin(request, finish, context);
 *     write->bytes = ...;  or write->reader = ...;
 *     return s3_write_run(request, write);
 *
 * finish() puts into the batch what lets the bytes be found; it is called in the commit that has the last of
 * them, and again if that conflicts. What is left behind by a crash, or by a client that goes away, has a
 * mark and is erased.
 */
#ifndef TURNTABLE_SERVICES_S3_WRITE_H
#define TURNTABLE_SERVICES_S3_WRITE_H

#include "services/s3/call.h"
#include "services/s3/objects.h"

struct s3_write {
    const struct s3_bytes *bytes; /* what is written; or */
    struct blob_reader *reader;   /* what is read for it, `size` bytes; it is the write's */
    uint64_t size;

    /* The checksum that is computed beside the MD5; S3_SUM_NONE: none. `sum` is given if it is known. */
    enum s3_algorithm algorithm;
    struct slice sum; /* Base64 */

    bool (*finish)(struct request *request, struct s3_write *write);
    void *context;

    /* For finish(). */
    struct s3_blob blob;
    struct slice etag; /* the MD5, hexadecimal */

    /* The room's own. */
    struct s3_sum *md5, *other;
    struct writing writing;
    bool marked;      /* a mark stands in the storage, and the eraser knows that the blob is being written */
    uint32_t written; /* chunks */
    char *room;       /* of what is read for one commit */
};

/* In the request's arena. The write is the execution's: what it holds is given back with that. */
struct s3_write *s3_write_begin(struct request *request,
                                bool (*finish)(struct request *request, struct s3_write *write),
                                void *context);

/* For finish(): puts the object in the place of the bucket's current one with its key, if the conditions of
 * the request allow that. */
must_use bool s3_write_current(struct request *request, const struct s3_bucket *bucket,
                               struct s3_object *object);

/* What a handler returns. */
must_use bool s3_write_run(struct request *request, struct s3_write *write);

#endif
