/*
 * Shapes: what an operation's input looks like, as a table, and the two checks that AWS makes of it before
 * the operation sees it.
 *
 *   1. Types. A JSON value of a wrong type is a SerializationException, wherever it stands; the first one
 * counts.
 *   2. Constraints. Members that are missing, too short or long, out of range, of a wrong pattern or no word
 * of an enumeration are gathered, up to ten, into one ValidationException: "2 validation errors detected:
 * Value ...".
 *
 * An operation's file declares its input as a static const shape and begins with accepts()
 * (services/accepts.h). Afterwards the types of all members are certain, and shape_member() reads them.
 * Members that no shape names are ignored, as on AWS; a JSON null is an absent member.
 */
#ifndef TURNTABLE_SERVICES_SHAPE_H
#define TURNTABLE_SERVICES_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/failure.h"
#include "base/json.h"

enum shape_kind {
    SHAPE_STRING,
    SHAPE_BOOLEAN,
    SHAPE_INTEGER, /* 32 bits */
    SHAPE_LONG,    /* 64 bits */
    SHAPE_DOUBLE,
    SHAPE_TIME, /* seconds since 1970, with or without a fraction */
    SHAPE_STRUCTURE,
    SHAPE_LIST,
    SHAPE_MAP,             /* any names to values of one shape */
    SHAPE_ATTRIBUTE_VALUE, /* {"S": "..."}: only its types are checked here, the rest by
                              items/attribute_value.h */
};

/* No bound: bounds are 0 when they are not given. A lower bound of 0 is `not_negative`. */
enum { UNBOUNDED = 0 };

struct shape {
    enum shape_kind kind;
    int64_t
        min; /* of a number's value, or of the length of a string, list or map; UNBOUNDED if there is none */
    int64_t max;
    bool in_characters;                 /* a string's length is counted in characters, not in bytes */
    bool not_negative;                  /* of a number: its lower bound is 0 */
    bool (*matches)(struct slice text); /* a string's pattern... */
    const char *pattern;                /* ...and how AWS writes it */
    const char *const *words; /* an enumeration, ended by NULL, in the order in which AWS lists it */
    const struct shape_entry
        *members; /* of a structure, ended by a NULL name, in the order in which AWS checks them */
    const struct shape *element; /* of a list or map */
    const struct shape *names;   /* of a map: a string shape that its names must satisfy, or NULL */
    const struct shape *values;  /* of a map of lists: the bounds of each list, or NULL */
    bool sensitive;              /* a string that no message shows */
    const char *java;            /* AWS's name of the type, which some messages show */
};

struct shape_entry {
    const char *name;
    const struct shape *shape;
    bool required;
};

/* Both checks; on false the failure is set. */
must_use bool shape_accepts(const struct json *input, const struct shape *shape, struct failure *failure);

/* The shape of a structure's member of this name, or NULL. */
const struct shape *shape_of_member(const struct shape *structure, struct slice name);

/* A member that is there and not null; otherwise NULL. */
const struct json *shape_member(const struct json *object, const char *name);

/* Members by type, for input that was accepted. Absent ones give an empty slice (ptr NULL), the fallback. */
struct slice shape_text(const struct json *object, const char *name);
bool shape_boolean(const struct json *object, const char *name, bool fallback);
int64_t shape_number(const struct json *object, const char *name, int64_t fallback);
/* A time, in milliseconds since 1970. */
int64_t shape_time(const struct json *object, const char *name, int64_t fallback);

/* Shapes that several inputs share. */
extern const struct shape shape_string, shape_boolean_value, shape_integer, shape_long, shape_double,
    shape_time_value, shape_attribute_value, shape_attribute_map, shape_list, shape_string_list,
    shape_string_map;

#endif
