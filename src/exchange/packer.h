/*
 * A packer: bytes into a file, packed with gzip or as they are, with the figures that a manifest tells of it.
 *
 *     struct packer *packer = packer_create(file, true);
 *     packer_write(packer, bytes);
 *     packer_finish(packer, md5);          flushes, fsyncs; false: errno says why
 *     packer_destroy(packer);
 *
 * The file descriptor stays the caller's. One thread at a time.
 */
#ifndef TURNTABLE_EXCHANGE_PACKER_H
#define TURNTABLE_EXCHANGE_PACKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"
#include "base/slice.h"

enum { MD5_SIZE = 16 };

struct packer;

struct packer *packer_create(int file, bool gzip);
void packer_destroy(struct packer *packer); /* accepts NULL */

/* False: it cannot be written; errno says why. So are all later calls. */
must_use bool packer_write(struct packer *packer, struct slice bytes);

/* Ends the file and brings it to disk. `md5` (or NULL) is the checksum of what is in it, packed. */
must_use bool packer_finish(struct packer *packer, unsigned char md5[MD5_SIZE]);

/* How many bytes were written, packed. */
uint64_t packer_written(const struct packer *packer);

#endif
