/*
 * The hash of some bytes: XXH3, 64 bits, seed 0, as libxxhash gives it.
 *
 * Part of the storage format: storage keys carry the hash of the encoded partition key (docs/design.md), so
 * another function, seed or width here is another format. XXH3's output is fixed by its authors since version
 * 0.8.0.
 */
#ifndef TURNTABLE_BASE_HASH_H
#define TURNTABLE_BASE_HASH_H

#include <stdint.h>

#include "base/slice.h"

uint64_t hash_bytes(struct slice bytes);

#endif
