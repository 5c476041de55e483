/*
 * JSON: a text into a tree in an arena, and values into a text in a buffer.
 *
 * The parser is yajl's, in its strict form; the tree is ours. Numbers stay text, for they have up to 38
 * digits and no double may touch them. Strings are decoded: escapes resolved, UTF-8 checked, U+0000 allowed.
 * A tree and its slices live in the arena, or point into `text`, which must live as long.
 *
 * Bounds: `text` is bounded by the caller; nesting by `max_depth`.
 */
#ifndef TURNTABLE_BASE_JSON_H
#define TURNTABLE_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "base/slice.h"

enum json_type { JSON_NULL, JSON_BOOLEAN, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_member;

struct json {
    enum json_type type;
    union {
        bool boolean;
        struct slice text; /* JSON_STRING: decoded; JSON_NUMBER: as written */
        struct {
            struct json *items;
            size_t count;
        } array;
        struct {
            struct json_member
                *members; /* in the order of the text; a repeated name is kept once, its last value wins */
            size_t count;
        } object;
    };
};

struct json_member {
    struct slice name;
    struct json value;
};

enum json_problem { JSON_OK, JSON_SYNTAX, JSON_TOO_DEEP };

/* On a problem, *out is NULL. */
must_use enum json_problem json_parse(struct arena *arena, struct slice text, unsigned max_depth,
                                      const struct json **out);

/* What json_parse_strictly() tells of a text that it refuses. */
struct json_flaw {
    size_t offset;         /* where it stops being JSON */
    struct slice repeated; /* a name that an object has twice; ptr NULL: none has */
};

/* The same, but for names that are repeated: *flaw tells the first that was found, and what is wrong
 * otherwise. A repeated name alone is JSON_OK. */
must_use enum json_problem json_parse_strictly(struct arena *arena, struct slice text, unsigned max_depth,
                                               const struct json **out, struct json_flaw *flaw);

/* Whether the bytes are UTF-8, as the strings of a tree are. */
bool json_text_valid(struct slice text);

/* For those who build an object themselves: of a repeated name the first place gets the last value. Returns
 * how many members are left. */
size_t json_drop_repeated(struct json_member *members, size_t count);

/* The member of an object; NULL if there is none, or `object` is NULL or no object. JSON null is returned as
 * a value. */
const struct json *json_get(const struct json *object, const char *name);
const struct json *json_get_slice(const struct json *object, struct slice name);
/* The same, of a member that is not null; otherwise NULL. */
const struct json *json_get_present(const struct json *object, const char *name);

/* A whole number within the range of int64_t, written without exponent or fraction; false otherwise. */
must_use bool json_to_int64(const struct json *number, int64_t *out);

/* The writers append; the caller writes the punctuation between values. */
void json_write_string(struct buffer *out, struct slice text); /* with quotes, escaped */
void json_write_int64(struct buffer *out, int64_t value);
void json_write_value(struct buffer *out, const struct json *value);
void json_write_base64(struct buffer *out, struct slice bytes); /* with quotes */

/* Comma-keeping for objects and arrays: writes ",\"name\":" or "\"name\":" depending on *first, which it
 * clears. */
void json_write_name(struct buffer *out, bool *first, const char *name);

/* A name and its value. */
void json_write_string_member(struct buffer *out, bool *first, const char *name, struct slice text);
void json_write_int64_member(struct buffer *out, bool *first, const char *name, int64_t value);

/* A time as AWS's JSON has it: seconds since 1970 with three decimals. */
void json_write_time_member(struct buffer *out, bool *first, const char *name, int64_t milliseconds);

#endif
