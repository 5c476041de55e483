#include "base/layout.h"

#include "base/check.h"

/* Of values in records; a layout has no cycles. A template's values are at most 64 deep. */
enum { LAYOUT_DEPTH_LIMIT = 100 };

/* What every list in a record looks like. */
struct list {
    void *items;
    size_t count;
};

static const char *field_in(const void *record, const struct field *field)
{
    return (const char *)record + field->offset;
}

static struct list read_list(const void *record, const struct field *field)
{
    struct list list;

    memcpy(&list, field_in(record, field), sizeof(list));
    return list;
}

/* ---- writing ---- */

static bool is_empty(const void *record, const struct field *field)
{
    const void *at = field_in(record, field);

    switch (field->kind) {
    case FIELD_TEXT:
        return ((const struct slice *)at)->len == 0;
    case FIELD_NUMBER:
        return *(const int64_t *)at == 0;
    case FIELD_BOOLEAN:
        return !*(const bool *)at;
    case FIELD_RECORD:
        return false;
    case FIELD_JSON:
        return *(const struct json *const *)at == NULL;
    default:
        return read_list(record, field).count == 0;
    }
}

static void write_records(struct buffer *out, const struct field *field, struct list list)
{
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < list.count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        layout_write(out, field->layout, (const char *)list.items + i * field->layout->size);
    }
    buffer_append_byte(out, ']');
}

static void write_texts(struct buffer *out, const struct texts *texts)
{
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < texts->count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        json_write_string(out, texts->items[i]);
    }
    buffer_append_byte(out, ']');
}

static void write_field(struct buffer *out, const void *record, const struct field *field)
{
    const void *at = field_in(record, field);

    switch (field->kind) {
    case FIELD_TEXT:
        json_write_string(out, *(const struct slice *)at);
        break;
    case FIELD_NUMBER:
        json_write_int64(out, *(const int64_t *)at);
        break;
    case FIELD_BOOLEAN:
        buffer_append_string(out, "true");
        break;
    case FIELD_TEXTS:
        write_texts(out, at);
        break;
    case FIELD_RECORD:
        layout_write(out, field->layout, at);
        break;
    case FIELD_RECORDS:
        write_records(out, field, read_list(record, field));
        break;
    case FIELD_JSON:
        json_write_value(out, *(const struct json *const *)at);
        break;
    }
}

void layout_write(struct buffer *out, const struct layout *layout, const void *record)
{
    bool first = true;

    buffer_append_byte(out, '{');
    for (const struct field *field = layout->fields; field->name != NULL; field++) {
        if (is_empty(record, field))
            continue;
        json_write_name(out, &first, field->name);
        write_field(out, record, field);
    }
    buffer_append_byte(out, '}');
}

/* ---- reading ---- */

static bool read_object(struct arena *arena, const struct json *object, const struct layout *layout,
                        void *out);

static bool read_texts(struct arena *arena, const struct json *array, struct texts *out)
{
    *out = (struct texts){arena_array(arena, struct slice, array->array.count), array->array.count};
    for (size_t i = 0; i < out->count; i++) {
        if (array->array.items[i].type != JSON_STRING)
            return false;
        out->items[i] = array->array.items[i].text;
    }
    return true;
}

static bool read_records(struct arena *arena, const struct json *array, const struct layout *layout,
                         void *out)
{
    struct list list = {arena_calloc(arena, array->array.count, layout->size), array->array.count};

    for (size_t i = 0; i < list.count; i++) {
        if (!read_object(arena, &array->array.items[i], layout, (char *)list.items + i * layout->size))
            return false;
    }
    memcpy(out, &list, sizeof(list));
    return true;
}

static bool read_field(struct arena *arena, const struct json *value, const struct field *field, void *at)
{
    static const enum json_type types[] = {
        [FIELD_TEXT] = JSON_STRING, [FIELD_NUMBER] = JSON_NUMBER, [FIELD_BOOLEAN] = JSON_BOOLEAN,
        [FIELD_TEXTS] = JSON_ARRAY, [FIELD_RECORD] = JSON_OBJECT, [FIELD_RECORDS] = JSON_ARRAY};

    if (field->kind != FIELD_JSON && value->type != types[field->kind])
        return false;
    switch (field->kind) {
    case FIELD_TEXT:
        *(struct slice *)at = value->text;
        return true;
    case FIELD_NUMBER:
        return json_to_int64(value, at);
    case FIELD_BOOLEAN:
        *(bool *)at = value->boolean;
        return true;
    case FIELD_TEXTS:
        return read_texts(arena, value, at);
    case FIELD_RECORD:
        return read_object(arena, value, field->layout, at);
    case FIELD_RECORDS:
        return read_records(arena, value, field->layout, at);
    case FIELD_JSON:
        *(const struct json **)at = value;
        return true;
    }
    return false;
}

static bool read_object(struct arena *arena, const struct json *object, const struct layout *layout,
                        void *out)
{
    if (object->type != JSON_OBJECT)
        return false;
    memset(out, 0, layout->size);
    for (const struct field *field = layout->fields; field->name != NULL; field++) {
        const struct json *value = json_get_present(object, field->name);
        if (value != NULL && !read_field(arena, value, field, (char *)out + field->offset))
            return false;
    }
    return true;
}

bool layout_read(struct arena *arena, struct slice text, const struct layout *layout, void *out)
{
    const struct json *root;

    return json_parse(arena, text, LAYOUT_DEPTH_LIMIT, &root) == JSON_OK &&
           read_object(arena, root, layout, out);
}

/* ---- lists ---- */

size_t texts_find(const struct texts *texts, struct slice text)
{
    size_t place = 0;

    while (place < texts->count && !slice_equal(texts->items[place], text))
        place++;
    return place;
}

void texts_add(struct arena *arena, struct texts *texts, struct slice text)
{
    texts->items = arena_grow(arena, texts->items, texts->count, texts->count + 1, sizeof(texts->items[0]));
    texts->items[texts->count++] = text;
}

void *list_without(struct arena *arena, const void *items, size_t count, size_t size, size_t place)
{
    CHECK(place < count);
    char *kept = arena_calloc(arena, count - 1, size);
    memcpy(kept, items, place * size);
    memcpy(kept + place * size, (const char *)items + (place + 1) * size, (count - 1 - place) * size);
    return kept;
}

void texts_remove(struct arena *arena, struct texts *texts, size_t place)
{
    texts->items = list_without(arena, texts->items, texts->count, sizeof(texts->items[0]), place);
    texts->count--;
}
