/*
 * Base64 (RFC 4648): the standard alphabet with padding, as AWS writes and reads binaries in JSON, and the
 * one for URLs without padding, as tokens have it.
 */
#ifndef TURNTABLE_BASE_BASE64_H
#define TURNTABLE_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/slice.h"

/* Appends the text of the bytes. */
void base64_encode(struct buffer *out, struct slice bytes);

/*
 * Decodes into the arena. False if the text is not exactly what base64_encode() would write: no blanks, no
 * missing padding, no stray bits behind the last byte.
 */
bool base64_decode(struct arena *arena, struct slice text, struct slice *out);

/* Whether base64_decode() would succeed. */
bool base64_valid(struct slice text);

/* The same in the alphabet for URLs ('-' and '_'), without padding. */
void base64url_encode(struct buffer *out, struct slice bytes);
bool base64url_decode(struct arena *arena, struct slice text, struct slice *out);

#endif
