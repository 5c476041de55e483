/*
 * aws-chunked bodies: an object's bytes in chunks, each with its size and perhaps a signature, and with
 * trailers.
 *
 *     2000;chunk-signature=SIGNATURE\r\n  BYTES  \r\n
 *     0;chunk-signature=SIGNATURE\r\n
 *     x-amz-checksum-crc32:VALUE\r\n
 *     x-amz-trailer-signature:SIGNATURE\r\n
 *     \r\n
 *
 * The bytes are not copied: they are pieces of the body. AWS: "Signature calculations for the authorization
 * header: transferring a payload in multiple chunks", and the same for trailing headers.
 */
#ifndef TURNTABLE_SERVICES_S3_CHUNKS_H
#define TURNTABLE_SERVICES_S3_CHUNKS_H

#include "auth/sigv4.h"
#include "services/s3/blob.h"

/* What the chunks' signatures are held against. */
struct chunk_signing {
    const unsigned char *key; /* NULL: nobody asks for signatures */
    struct slice time;        /* "20150830T123600Z" */
    struct slice scope;
    struct slice seed; /* the request's signature */
    bool trailer;      /* the trailers are signed too */
};

enum chunks_problem {
    CHUNKS_OK,
    CHUNKS_MALFORMED,
    CHUNKS_INCOMPLETE, /* the body ends too early, or has not as many bytes as were announced */
    CHUNKS_TOO_SMALL,  /* a chunk, not the last, is smaller than 8 KB */
    CHUNKS_TRAILER,    /* a trailer is none */
    CHUNKS_WRONG_SIGNATURE,
};

struct chunks {
    struct s3_bytes bytes;
    struct slice trailer_name,
        trailer_value; /* of the one trailer that is no signature; empty: there is none */
    uint64_t bad_size; /* CHUNKS_TOO_SMALL: of which chunk */
};

/* `announced`: the size of all the bytes. `signing` NULL: chunks without signatures. */
enum chunks_problem chunks_read(struct arena *arena, struct slice body, uint64_t announced,
                                const struct chunk_signing *signing, struct chunks *out);

#endif
