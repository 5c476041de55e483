/*
 * Items as they are stored: compact, readable in one pass, and with their AWS size in front, so that capacity
 * and counters need no decoding. The format is a table at the head of item_codec.c; it is part of the storage
 * format.
 *
 * Stored bytes come from a disk: no function here reads beyond them or trusts a length in them.
 */
#ifndef TURNTABLE_ITEMS_ITEM_CODEC_H
#define TURNTABLE_ITEMS_ITEM_CODEC_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "items/value.h"

/* Appends the stored form. */
void item_encode(struct buffer *out, const struct item *item);

/* The item's strings are slices of `stored`, its arrays live in the arena. False: these bytes are no item. */
must_use bool item_decode(struct arena *arena, struct slice stored, struct item *out);

/* The size that AWS counts, item_size(), from the head of the stored form; 0 if these bytes are no item. */
size_t item_encoded_size(struct slice stored);

/*
 * Appends what item_to_json() would append of the decoded item, without building it. False: these bytes are
 * no item; then some of it may have been appended.
 */
must_use bool item_encoded_to_json(struct buffer *out, struct slice stored);

#endif
