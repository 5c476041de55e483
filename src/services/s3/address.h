/*
 * Addresses: which bucket and key a host and a path name.
 *
 *     path style              127.0.0.1:8000/BUCKET/KEY, s3.REGION.amazonaws.com/BUCKET/KEY
 *     virtual-host style      BUCKET.localhost:8000/KEY, BUCKET.s3.REGION.amazonaws.com/KEY
 *
 * Which of them it is, the host tells: a name before ".localhost", before ".s3." or ".s3-" and a domain of
 * AWS's, or before ".s3.localhost". AWS: "Virtual hosting of general purpose buckets".
 */
#ifndef TURNTABLE_SERVICES_S3_ADDRESS_H
#define TURNTABLE_SERVICES_S3_ADDRESS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"

struct s3_address {
    struct slice bucket; /* empty: none is named */
    struct slice key;    /* empty: none is named */
    bool virtual_host;   /* the host names the bucket */
};

/* The bucket that a host names, with or without a port; empty if it names none. */
struct slice s3_host_bucket(struct slice host);

/* `path` as sent, without a query. False: it has an escape that is none, or is no UTF-8. */
must_use bool s3_address_read(struct arena *arena, struct slice host, struct slice path,
                              struct s3_address *out);

/* What a URL of an object names: "https://s3.us-east-1.amazonaws.com/BUCKET/KEY", "s3://BUCKET/KEY". False if
 * it is none, or no key is named. */
must_use bool s3_url_read(struct arena *arena, struct slice url, struct s3_address *out);

/* %41 is A. False: an escape is none. */
must_use bool s3_percent_decode(struct arena *arena, struct slice text, struct slice *out);

/* A key as lists have it with encoding-type=url: a space is '+'. */
struct slice s3_url_encode(struct arena *arena, struct slice text);

/* ---- lists ---- */

/* The part of a key up to the first delimiter behind the prefix, which it begins with; empty: it has none
 * there. */
struct slice s3_common_prefix(struct slice key, struct slice prefix, struct slice delimiter);

#endif
