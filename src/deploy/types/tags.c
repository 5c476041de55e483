#include "deploy/types/tags.h"

enum { DOCUMENT_DEPTH = 64 };

bool tag_is_reserved(struct slice key)
{
    return slice_starts_with(key, SLICE("aws:")) || slice_starts_with(key, SLICE("turntable:"));
}

void tags_compare(struct arena *arena, const struct json *want, const struct json *have,
                  struct tag_changes *out)
{
    *out = (struct tag_changes){.added = {.type = JSON_ARRAY}, .removed = {.type = JSON_ARRAY}};
    out->added.array.items = arena_array(arena, struct json, count_of(want));
    out->removed.array.items = arena_array(arena, struct json, count_of(have));
    for (size_t i = 0; i < count_of(want); i++) {
        const struct json *tag = &want->array.items[i];
        if (!json_same(json_get(tag, "Value"), tag_value(have, text_of(tag, "Key"))))
            out->added.array.items[out->added.array.count++] = *tag;
    }
    for (size_t i = 0; i < count_of(have); i++) {
        struct slice key = text_of(&have->array.items[i], "Key");
        if (tag_value(want, key) == NULL && !tag_is_reserved(key))
            out->removed.array.items[out->removed.array.count++] =
                (struct json){.type = JSON_STRING, .text = key};
    }
}

struct json tags_as_list(struct arena *arena, const struct json *tags)
{
    struct json list = {.type = JSON_ARRAY};

    if (tags == NULL || tags->type != JSON_OBJECT)
        return tags != NULL && tags->type == JSON_ARRAY ? *tags : list;
    list.array.items = arena_array(arena, struct json, tags->object.count);
    for (size_t i = 0; i < tags->object.count; i++) {
        struct json_member *members = arena_array(arena, struct json_member, 2);
        members[0] =
            (struct json_member){SLICE("Key"), {.type = JSON_STRING, .text = tags->object.members[i].name}};
        members[1] = (struct json_member){SLICE("Value"), tags->object.members[i].value};
        list.array.items[list.array.count++] = (struct json){.type = JSON_OBJECT, .object = {members, 2}};
    }
    return list;
}

struct json tags_as_map(struct arena *arena, const struct json *tags)
{
    struct json map = {.type = JSON_OBJECT,
                       .object = {arena_array(arena, struct json_member, count_of(tags)), 0}};

    for (size_t i = 0; i < count_of(tags); i++) {
        const struct json *value = json_get(&tags->array.items[i], "Value");
        if (value != NULL)
            map.object.members[map.object.count++] =
                (struct json_member){text_of(&tags->array.items[i], "Key"), *value};
    }
    return map;
}

bool document_same(struct arena *arena, const struct json *document, struct slice text)
{
    const struct json *other, *own = document;

    if (document == NULL || json_parse(arena, text, DOCUMENT_DEPTH, &other) != JSON_OK)
        return false;
    if (document->type == JSON_STRING && json_parse(arena, document->text, DOCUMENT_DEPTH, &own) != JSON_OK)
        return false;
    return json_same(own, other);
}

bool document_check(struct making *making, enum policy_kind kind, const char *where,
                    const struct json *document)
{
    struct policy_problem problem;
    struct buffer text;

    if (document == NULL)
        return true;
    buffer_init(&text);
    if (document->type == JSON_STRING)
        buffer_append(&text, document->text);
    else
        json_write_value(&text, document);
    struct policy *policy = policy_create(kind, buffer_slice(&text), making->arena, &problem);
    buffer_finish(&text);
    if (policy != NULL) {
        policy_destroy(policy);
        return true;
    }
    making_refuse(making, "%s: %.*s%s%.*s", where, SLICE_ARGS(problem.place),
                  problem.place.len > 0 ? ": " : "", SLICE_ARGS(problem.sentence));
    making->refusal.message =
        kind == POLICY_RESOURCE
            ? arena_printf(making->arena, "Invalid policy document: %.*s (Service: DynamoDb)",
                           SLICE_ARGS(problem.sentence))
            : arena_printf(making->arena, "%.*s (Service: Iam)", SLICE_ARGS(problem.sentence));
    return false;
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct slice percent_decode(struct arena *arena, struct slice text)
{
    char *bytes = arena_alloc(arena, text.len + 1);
    size_t length = 0;

    for (size_t i = 0; i < text.len; i++) {
        int high = text.ptr[i] == '%' && i + 2 < text.len ? digit_of(text.ptr[i + 1]) : -1;
        int low = high >= 0 ? digit_of(text.ptr[i + 2]) : -1;
        bytes[length++] = (char)(low < 0 ? text.ptr[i] : high << 4 | low);
        i += low < 0 ? 0 : 2;
    }
    bytes[length] = '\0';
    return (struct slice){bytes, length};
}
