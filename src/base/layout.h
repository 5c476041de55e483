/*
 * Records: C structs to JSON and back, by a table that says what is in them.
 *
 *     struct user { struct slice name; int64_t created; struct texts groups; };
 *
 *     static const struct field user_fields[] = {
 *         {"Name", FIELD_TEXT, offsetof(struct user, name), NULL},
 *         {"Created", FIELD_NUMBER, offsetof(struct user, created), NULL},
 *         {"Groups", FIELD_TEXTS, offsetof(struct user, groups), NULL},
 *         {0}};
 *     const struct layout user_layout = {sizeof(struct user), user_fields};
 *
 * What is empty, 0 or false is not written, and what is absent is read as that; members that no field names
 * are ignored: so a field can be added without a new format.
 */
#ifndef TURNTABLE_BASE_LAYOUT_H
#define TURNTABLE_BASE_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/slice.h"

/* A list of texts; other lists in records are structs of the same form. */
struct texts {
    struct slice *items;
    size_t count;
};

enum field_kind {
    FIELD_TEXT,    /* struct slice */
    FIELD_NUMBER,  /* int64_t */
    FIELD_BOOLEAN, /* bool */
    FIELD_TEXTS,   /* struct texts */
    FIELD_RECORD,  /* a struct of `layout` in the struct */
    FIELD_RECORDS, /* a struct of a pointer `items` to structs of `layout`, and a size_t `count` */
    FIELD_JSON,    /* const struct json *: any value, NULL if there is none */
};

struct layout;

struct field {
    const char *name; /* of the member; NULL ends the table */
    enum field_kind kind;
    size_t offset; /* in the struct */
    const struct layout *layout;
};

struct layout {
    size_t size;
    const struct field *fields;
};

void layout_write(struct buffer *out, const struct layout *layout, const void *record);

/* False if the text is no JSON object, or a member has not its field's type. What is in the record lives in
 * the arena, as long as `text` does. */
must_use bool layout_read(struct arena *arena, struct slice text, const struct layout *layout, void *out);

/* ---- lists of texts ---- */

/* The place of a text in the list; `count` if it is not there. */
size_t texts_find(const struct texts *texts, struct slice text);
/* The list is copied into the arena; the text is not. */
void texts_add(struct arena *arena, struct texts *texts, struct slice text);
void texts_remove(struct arena *arena, struct texts *texts, size_t place);

/* The same for lists of any records of `size` bytes: the one at `place` is left out, or one is put behind. */
void *list_without(struct arena *arena, const void *items, size_t count, size_t size, size_t place);

#endif
