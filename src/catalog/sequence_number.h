/*
 * Sequence numbers: the places of a stream's records, in the order of the commits that made them.
 *
 * A record's place is the number of its commit and its ordinal in that commit, as batch_append() puts them
 * behind the record's key. As text it is a decimal number of always 31 digits, so that numbers sort alike as
 * texts and as numbers, and no digit is lost by who reads one as a number:
 *
 *     1, the commit (20 digits), the ordinal (10 digits)
 */
#ifndef TURNTABLE_CATALOG_SEQUENCE_NUMBER_H
#define TURNTABLE_CATALOG_SEQUENCE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "base/slice.h"

struct sequence_number {
    uint64_t commit;
    uint32_t ordinal;
};

/* The number at the end of a key that batch_append() made. */
struct sequence_number sequence_number_of_key(struct slice key);

/* Appends it to a prefix of such keys. */
void sequence_number_append(struct buffer *key, struct sequence_number number);

struct slice sequence_number_text(struct arena *arena, struct sequence_number number);

/* False: no number of this server's. */
must_use bool sequence_number_parse(struct slice text, struct sequence_number *out);

int sequence_number_compare(struct sequence_number a, struct sequence_number b);

/* The smallest number above it. */
struct sequence_number sequence_number_next(struct sequence_number number);

#endif
