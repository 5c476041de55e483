/* Notations: formats that write maps as {name:value,...} and lists as [value,...], and have words of their
 * own for the rest, as plain JSON and Ion do. */
#ifndef TURNTABLE_EXCHANGE_NOTATION_H
#define TURNTABLE_EXCHANGE_NOTATION_H

#include "base/buffer.h"
#include "items/value.h"

struct notation {
    void (*write_name)(struct buffer *out, struct slice name);
    void (*write_scalar)(struct buffer *out, const struct value *value); /* S, N, B */
    void (*write_set_type)(struct buffer *out,
                           enum value_type type); /* before the list of a set's members; or NULL */
};

void notation_write_item(const struct notation *notation, struct buffer *out, const struct item *item);

#endif
