/*
 * Values: DynamoDB's ten types of attribute value, and items, which are named values.
 *
 * A value is a tree of plain structs. It owns nothing: its strings are slices of whatever it was decoded from
 * (a request's body, a stored item), its arrays live in an arena. Values are read-only once built; an update
 * builds a new item that shares what it did not change.
 *
 * AWS: "Supported data types and naming rules in Amazon DynamoDB".
 */
#ifndef TURNTABLE_ITEMS_VALUE_H
#define TURNTABLE_ITEMS_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "items/number.h"

/* The numbers of the types are stored on disk (items/item_codec.h); never renumber. */
enum value_type {
    VALUE_S = 1,
    VALUE_N = 2,
    VALUE_B = 3,
    VALUE_BOOL = 4,
    VALUE_NULL = 5,
    VALUE_M = 6,
    VALUE_L = 7,
    VALUE_SS = 8,
    VALUE_NS = 9,
    VALUE_BS = 10,
};

struct attribute;

/* A list's elements, in order; a set's members (of type S, N or B), distinct, whose order carries no meaning.
 */
struct value_list {
    struct value *values;
    size_t count;
};

/* A map's or an item's attributes: names are distinct; order is as given and carries no meaning. */
struct item {
    struct attribute *attributes;
    size_t count;
};

struct value {
    enum value_type type;
    union {
        struct slice bytes;     /* S (UTF-8) and B (decoded from base64) */
        struct number number;   /* N */
        bool boolean;           /* BOOL */
        struct item map;        /* M */
        struct value_list list; /* L, SS, NS, BS */
    };
};

struct attribute {
    struct slice name;
    struct value value;
};

/* The letters of a type: "S", "NULL". */
const char *value_type_name(enum value_type type);

/* The attribute's value, or NULL. */
const struct value *item_get(const struct item *item, struct slice name);

/* Same type and same content; sets compare without order, maps too, numbers by value. */
bool value_equal(const struct value *a, const struct value *b);

/* Order of two values of one scalar type S, N or B; as DynamoDB compares and sorts them. */
int value_compare(const struct value *a, const struct value *b);

/* Puts a set's members into their order, in which DynamoDB returns them; sets that were read or stored are so
 * already. */
void set_sort(struct value_list *set);

/*
 * Sizes in bytes as AWS counts them ("DynamoDB item sizes and formats"): what limits, capacity units and
 * table sizes are reckoned in.
 */
size_t value_size(const struct value *value);
size_t item_size(const struct item *item);

enum {
    ITEM_SIZE_LIMIT = 400 * 1024,
    VALUE_DEPTH_LIMIT = 32,
    PARTITION_KEY_LIMIT = 2048,
    SORT_KEY_LIMIT = 1024,
};

#endif
