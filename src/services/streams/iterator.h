/*
 * Shard iterators: a place in a shard, as a token that a client carries.
 *
 * The token says where the next record is and when the token was made, and is sealed with a key of the
 * server's (catalog/secret.h), so that nobody makes one himself.
 */
#ifndef TURNTABLE_SERVICES_STREAMS_ITERATOR_H
#define TURNTABLE_SERVICES_STREAMS_ITERATOR_H

#include "catalog/shard.h"

enum { ITERATOR_LIFETIME = 15 * 60 * 1000 }; /* milliseconds */

struct iterator {
    struct slice table_name; /* of the stream; with its label, which tells when it was enabled, its ARN */
    struct stream_id stream;
    struct shard_name shard;
    struct sequence_number next; /* records below it were read */
    int64_t made;                /* milliseconds since 1970 */
};

struct slice iterator_text(struct arena *arena, struct slice key, const struct iterator *iterator);

/* False: it is not one of ours. */
must_use bool iterator_parse(struct arena *arena, struct slice key, struct slice text, struct iterator *out);

#endif
