/*
 * Reading a resource back: what is there as the properties that a template would have for it.
 *
 *     input_begin(&out);
 *     reading_members(&out, making->have, names);
 *     ...
 *     return reading_done(making, &out, properties);
 */
#ifndef TURNTABLE_DEPLOY_TYPES_READING_H
#define TURNTABLE_DEPLOY_TYPES_READING_H

#include "deploy/making.h"

/* The members of an object that have these names, ended by NULL. */
void reading_members(struct input *out, const struct json *object, const char *const *names);

/* A list whose elements are written by `write`, unless it has none. */
void reading_list(struct input *out, const char *name, const struct json *list,
                  void (*write)(struct input *element, const struct json *of, void *context), void *context);

/* Opens an object as a member, to be closed by the other. */
void reading_open(struct input *out, struct input *inner, const char *name);
void reading_close(struct input *out, struct input *inner);

/* Tags, a list or a map, without those of AWS and of this program; nothing if there are none. */
void reading_tags(struct making *making, struct input *out, const char *name, const struct json *tags);

/* A document that is there as text. */
void reading_document(struct making *making, struct input *out, const char *name, struct slice text);

/* Ends the object. */
bool reading_done(struct making *making, struct input *out, const struct json **properties);

#endif
