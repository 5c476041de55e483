/*
 * A source: the bytes of a file (or of memory), unpacked while they are read.
 *
 *     struct source *source = source_from_file(file, PACKING_GZIP);
 *     while (source_read(source, piece, sizeof(piece), &got) && got > 0)
 *         ...
 *     if (source_problem(source) != NULL) ...
 *     source_destroy(source);
 *
 * Memory is bounded whatever the file says: pieces are small, and zstd's window is limited to what its own
 * command unpacks without being asked (128 MiB). One thread at a time.
 */
#ifndef TURNTABLE_EXCHANGE_SOURCE_H
#define TURNTABLE_EXCHANGE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/failure.h"
#include "base/slice.h"

enum packing { PACKING_NONE, PACKING_GZIP, PACKING_ZSTD };

struct source;

/* The packing that a file's ending tells: ".gz", ".zst". */
enum packing packing_of_name(struct slice name);

/* Takes the file descriptor. */
struct source *source_from_file(int file, enum packing packing);
/* The bytes are the caller's, and outlive the source. */
struct source *source_from_bytes(struct slice bytes, enum packing packing);
void source_destroy(struct source *source); /* accepts NULL */

/* Up to `room` (at least 1) bytes; *got is 0 at the end. False: source_problem() says why. */
must_use bool source_read(struct source *source, char *into, size_t room, size_t *got);

/* What went wrong, as a sentence that stays valid; NULL while all is well. */
const char *source_problem(const struct source *source);

/* How many bytes of the file were taken in, packed as they are: for showing progress. */
uint64_t source_taken(const struct source *source);

#endif
