/*
 * Values of keys (types S, N and B) as bytes of a storage key.
 *
 * The order of the bytes is the order of the values (value_compare()), and no encoding is a prefix of
 * another, so that encodings can stand one behind the other and keep their order. Within one key attribute
 * all values have one type, which is not stored. The format is in key_codec.c; it is part of the storage
 * format.
 */
#ifndef TURNTABLE_ITEMS_KEY_CODEC_H
#define TURNTABLE_ITEMS_KEY_CODEC_H

#include "base/arena.h"
#include "base/buffer.h"
#include "items/value.h"

/* Appends the value, which is of type S, N or B. */
void key_encode_value(struct buffer *out, const struct value *value);

/* Appends what the encodings of all values that begin with this S or B begin with: for begins_with. */
void key_encode_prefix(struct buffer *out, const struct value *value);

/*
 * Reads a value of the given type from the start of `bytes`; returns how many bytes it took, or 0 if there is
 * none. The value is a slice of `bytes` or lives in the arena.
 */
size_t key_decode_value(struct arena *arena, struct slice bytes, enum value_type type, struct value *out);

/*
 * Turns the bytes from `start` on, a prefix, into the smallest key above all keys that have that prefix.
 * False: there is none, for the prefix is empty or all FF; nothing is changed then.
 */
bool key_after_prefix(struct buffer *key, size_t start);

#endif
