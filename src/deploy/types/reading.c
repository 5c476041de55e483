#include "deploy/types/reading.h"

#include "base/check.h"
#include "deploy/types/tags.h"

enum { DEPTH = 64 };

void reading_members(struct input *out, const struct json *object, const char *const *names)
{
    for (; *names != NULL; names++)
        input_value(out, *names, json_get(object, *names));
}

void reading_list(struct input *out, const char *name, const struct json *list,
                  void (*write)(struct input *element, const struct json *of, void *context), void *context)
{
    if (count_of(list) == 0)
        return;
    json_write_name(&out->body, &out->first, name);
    for (size_t i = 0; i < count_of(list); i++) {
        struct input element;
        input_begin(&element);
        write(&element, &list->array.items[i], context);
        buffer_append_byte(&out->body, i == 0 ? '[' : ',');
        buffer_append(&out->body, buffer_slice(&element.body));
        buffer_append_byte(&out->body, '}');
        buffer_finish(&element.body);
    }
    buffer_append_byte(&out->body, ']');
}

void reading_open(struct input *out, struct input *inner, const char *name)
{
    json_write_name(&out->body, &out->first, name);
    input_begin(inner);
}

void reading_close(struct input *out, struct input *inner)
{
    buffer_append(&out->body, buffer_slice(&inner->body));
    buffer_append_byte(&out->body, '}');
    buffer_finish(&inner->body);
}

void reading_tags(struct making *making, struct input *out, const char *name, const struct json *tags)
{
    const struct json list = tags_as_list(making->arena, tags);
    struct json own = {.type = JSON_ARRAY,
                       .array = {arena_array(making->arena, struct json, count_of(&list)), 0}};

    for (size_t i = 0; i < count_of(&list); i++) {
        if (!tag_is_reserved(text_of(&list.array.items[i], "Key")))
            own.array.items[own.array.count++] = list.array.items[i];
    }
    if (own.array.count == 0)
        return;
    if (tags->type == JSON_OBJECT)
        own = tags_as_map(making->arena, &own);
    input_value(out, name, &own);
}

void reading_document(struct making *making, struct input *out, const char *name, struct slice text)
{
    const struct json *document;

    if (text.len > 0 && json_parse(making->arena, text, DEPTH, &document) == JSON_OK)
        input_value(out, name, document);
}

bool reading_done(struct making *making, struct input *out, const struct json **properties)
{
    buffer_append_byte(&out->body, '}');
    struct slice text = arena_copy(making->arena, buffer_slice(&out->body));
    buffer_finish(&out->body);
    CHECK(json_parse(making->arena, text, DEPTH, properties) == JSON_OK);
    return true;
}
