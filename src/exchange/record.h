/*
 * Records: one item as a text, in each of the formats, to items and back.
 *
 *   FORMAT_DYNAMODB_JSON  {"Item":{"id":{"S":"a"},"n":{"N":"5"}}}      as AWS exports and imports
 *   FORMAT_ION            $ion_1_0 {Item:{id:"a",n:5.}}                as AWS exports and imports
 *   FORMAT_CSV            a,5                                          under a header that names the
 * attributes FORMAT_JSON           {"id":"a","n":5}                             plain JSON, one object a line
 *
 * AWS: "DynamoDB table export output format", "DynamoDB import format quotas and validation". A record that
 * is no item has a fault: which attribute, and why. What was read lives in the arena, or points into the
 * text. Threads: any.
 */
#ifndef TURNTABLE_EXCHANGE_RECORD_H
#define TURNTABLE_EXCHANGE_RECORD_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "base/json.h"
#include "items/value.h"

enum format { FORMAT_DYNAMODB_JSON, FORMAT_ION, FORMAT_CSV, FORMAT_JSON };

/* The text of an item of 400 KB can be far larger than that: a null has one byte, and is {"NULL":true}. */
enum { RECORD_LIMIT = 16 * 1024 * 1024 };

struct fault {
    struct slice attribute; /* empty: the record as a whole */
    struct slice reason;
};

/* Sets the fault; returns false, always. */
bool record_fails(struct arena *arena, struct fault *fault, struct slice attribute, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* ---- reading ---- */

must_use bool record_from_dynamodb_json(struct arena *arena, struct slice text, struct item *out,
                                        struct fault *fault);
must_use bool record_from_ion(struct arena *arena, struct slice text, struct item *out, struct fault *fault);
must_use bool record_from_json(struct arena *arena, struct slice text, struct item *out, struct fault *fault);

/* Whether the text is DynamoDB JSON rather than plain JSON. */
bool record_is_dynamodb_json(struct arena *arena, struct slice text);

/* An object of names and attribute values in DynamoDB's JSON; what the formats are read by way of. */
must_use bool record_from_attributes(struct arena *arena, const struct json *attributes, struct item *out,
                                     struct fault *fault);

/* ---- writing: appends a line with its end ---- */

void record_to_dynamodb_json(struct buffer *out, const struct item *item);
void record_to_ion(struct buffer *out, const struct item *item);
/* Binaries become base64, sets become arrays: what plain JSON has no words for cannot be read back as it was.
 */
void record_to_json(struct buffer *out, const struct item *item);

/* Appends an attribute value, or an item, in Ion without the line around it. */
void ion_write_item(struct buffer *out, const struct item *item);

#endif
