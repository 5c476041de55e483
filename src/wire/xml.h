/*
 * XML, as much of it as AWS's protocols have: elements with texts or with elements in them. Attributes,
 * comments, declarations and the prefixes of names are passed over; a document type is refused.
 *
 * Reading is bounded: by `limits`, and by the length of the text, which is the caller's to limit. What is
 * read lives in the arena, or points into the text. Threads: any.
 */
#ifndef TURNTABLE_WIRE_XML_H
#define TURNTABLE_WIRE_XML_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/slice.h"

struct xml_element {
    struct slice name;               /* without its prefix */
    struct slice text;               /* of an element without others in it: decoded; else empty */
    const struct xml_element *first; /* of those in it; NULL: none */
    const struct xml_element *next;  /* behind this one */
};

struct xml_limits {
    unsigned depth;
    size_t elements;
};

/* The outermost element; false if the text is no XML, or beyond the limits. */
must_use bool xml_read(struct arena *arena, struct slice text, const struct xml_limits *limits,
                       const struct xml_element **out);

/* The first element of that name in another; NULL: there is none. */
const struct xml_element *xml_get(const struct xml_element *parent, const char *name);

/* XML 1.0 has no character below U+0020 but three, however it is written. */
enum xml_controls {
    XML_CONTROLS_REPLACED,   /* by U+FFFD */
    XML_CONTROLS_REFERENCED, /* as &#x1;, as S3 does, and many readers take */
};

/* Appends the text, escaped. */
void xml_write_text(struct buffer *out, struct slice text, enum xml_controls controls);

/* Appends a value as an element of that name: an object's members are elements in it, and of an array each
 * item is an element. A null is left out. */
void xml_write_json(struct buffer *out, struct slice name, const struct json *value,
                    enum xml_controls controls);

#endif
