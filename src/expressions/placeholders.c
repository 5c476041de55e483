#include "expressions/placeholders.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/hash.h"
#include "expressions/invalid.h"
#include "items/attribute_value.h"

enum { KEY_LIMIT = 255, NAME_LIMIT = 65535, SUBSTITUTION_LIMIT = 2 * 1024 * 1024 };

/* ---- the two maps ---- */

static void index_map(struct arena *arena, struct placeholder_map *map)
{
    size_t slots = 4;

    while (slots < map->count * 2)
        slots *= 2;
    map->slots = arena_array(arena, uint32_t, slots);
    map->mask = slots - 1;
    for (size_t i = 0; i < map->count; i++) {
        size_t slot = hash_bytes(map->all[i].key) & map->mask;
        while (map->slots[slot] != 0)
            slot = (slot + 1) & map->mask;
        map->slots[slot] = (uint32_t)(i + 1);
    }
}

struct placeholder *placeholder_find(const struct placeholder_map *map, struct slice key)
{
    if (map->count == 0)
        return NULL;
    size_t slot = hash_bytes(key) & map->mask;
    while (map->slots[slot] != 0) {
        struct placeholder *placeholder = &map->all[map->slots[slot] - 1];
        if (slice_equal(placeholder->key, key))
            return placeholder;
        slot = (slot + 1) & map->mask;
    }
    return NULL;
}

static bool is_word(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return text.len > 0;
}

static bool check_key(struct arena *arena, const char *map, char mark, struct slice key,
                      struct failure *failure)
{
    if (key.len == 0)
        return fail_joined(
            failure,
            PARTS(slice_of(map), SLICE(" contains invalid key: The expression attribute map contains an "
                                       "empty key;")));
    if (key.len > KEY_LIMIT)
        return fail_joined(
            failure, PARTS(slice_of(map),
                           SLICE(" contains invalid key: The expression attribute map contains a "
                                 "key that is too long;"),
                           mark == '#' ? arena_printf(arena, " size of key: %zu", key.len) : SLICE("")));
    if (key.ptr[0] != mark || !is_word(slice_skip(key, 1)))
        return fail_joined(
            failure,
            PARTS(slice_of(map), SLICE(" contains invalid key: Syntax error; key: \""), key, SLICE("\"")));
    return true;
}

static bool read_keys(struct arena *arena, const struct json *object, const char *name, char mark,
                      struct placeholder_map *map, struct failure *failure)
{
    if (object == NULL || object->type != JSON_OBJECT)
        return true;
    if (object->object.count == 0)
        return fail(failure, ERROR_VALIDATION, "%s must not be empty", name);
    CHECK(object->object.count < UINT32_MAX);
    map->count = object->object.count;
    map->all = arena_array(arena, struct placeholder, map->count);
    for (size_t i = 0; i < map->count; i++) {
        map->all[i].key = object->object.members[i].name;
        if (!check_key(arena, name, mark, map->all[i].key, failure))
            return false;
    }
    index_map(arena, map);
    return true;
}

/* "ExpressionAttributeValues contains invalid value: <why> for key :a" */
static bool fail_value(const char *map, struct slice why, struct slice key, struct failure *failure)
{
    return fail_joined(
        failure, PARTS(slice_of(map), SLICE(" contains invalid value: "), why, SLICE(" for key "), key));
}

static bool read_values(struct arena *arena, const struct json *values, struct placeholder_map *map,
                        struct failure *failure)
{
    for (size_t i = 0; i < map->count; i++) {
        struct failure inner;

        failure_init(&inner, arena);
        if (!value_from_json(arena, &values->object.members[i].value, &map->all[i].value, &inner)) {
            if (inner.code == ERROR_VALIDATION)
                return fail_value("ExpressionAttributeValues", inner.message, map->all[i].key, failure);
            *failure = inner;
            return false;
        }
        map->all[i].size = value_size(&map->all[i].value);
    }
    return true;
}

static bool read_names(const struct json *names, struct placeholder_map *map, struct failure *failure)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct json *name = &names->object.members[i].value;

        if (name->type == JSON_STRING)
            map->all[i].name = name->text;
        map->all[i].size = map->all[i].name.len;
        if (map->all[i].size == 0)
            return fail_value("ExpressionAttributeNames", SLICE("Empty attribute name"), map->all[i].key,
                              failure);
        if (map->all[i].size > NAME_LIMIT)
            return fail_value("ExpressionAttributeNames",
                              SLICE("Attribute name is too large, must be less than 65536 bytes"),
                              map->all[i].key, failure);
    }
    return true;
}

static size_t map_size(const struct placeholder_map *map)
{
    size_t size = 0;

    for (size_t i = 0; i < map->count; i++)
        size += map->all[i].key.len + map->all[i].size;
    return size;
}

static bool check_sizes(const struct placeholders *placeholders, struct failure *failure)
{
    size_t names = map_size(&placeholders->names);
    size_t values = map_size(&placeholders->values);

    if (names > SUBSTITUTION_LIMIT)
        return fail(failure, ERROR_VALIDATION, "ExpressionAttributeNames exceeds max size");
    if (values > SUBSTITUTION_LIMIT)
        return fail(failure, ERROR_VALIDATION, "ExpressionAttributeValues exceeds max size");
    if (names + values > SUBSTITUTION_LIMIT)
        return fail(
            failure, ERROR_VALIDATION,
            "Combined size of ExpressionAttributeNames and ExpressionAttributeValues exceeds max size");
    return true;
}

static struct placeholders *create(struct arena *arena)
{
    struct placeholders *placeholders = arena_new(arena, struct placeholders);

    placeholders->arena = arena;
    placeholders->paths_end = &placeholders->paths;
    return placeholders;
}

struct placeholders *placeholders_none(struct arena *arena)
{
    struct placeholders *placeholders = create(arena);

    placeholders->none = true;
    return placeholders;
}

bool placeholders_parse(struct arena *arena, const struct json *names, const struct json *values,
                        struct placeholders **out, struct failure *failure)
{
    struct placeholders *placeholders = create(arena);

    *out = placeholders;
    return read_keys(arena, names, "ExpressionAttributeNames", '#', &placeholders->names, failure) &&
           read_keys(arena, values, "ExpressionAttributeValues", ':', &placeholders->values, failure) &&
           read_values(arena, values, &placeholders->values, failure) &&
           read_names(names, &placeholders->names, failure) && check_sizes(placeholders, failure);
}

/* ---- use ---- */

bool placeholders_resolve_path(struct placeholders *placeholders, enum expression_kind kind,
                               struct path *path, size_t *size, struct failure *failure)
{
    if (path->count > PATH_DEPTH_LIMIT)
        return invalid_joined(failure, kind,
                              PARTS(SLICE("The document path has too many nesting levels; nesting levels: "),
                                    arena_printf(placeholders->arena, "%u", path->count)));
    for (unsigned i = 0; i < path->count; i++) {
        struct path_element *element = &path->elements[i];
        if (element->is_index)
            continue;
        element->name = element->text;
        if (placeholders->none || (element->text.ptr[0] != '#' && element->text.ptr[0] != ':'))
            continue;
        struct placeholder *placeholder = placeholder_find(&placeholders->names, element->text);
        if (placeholder == NULL)
            return invalid_joined(
                failure, kind,
                PARTS(SLICE("An expression attribute name used in the document path is not defined; "
                            "attribute name: "),
                      element->text));
        placeholder->used = true;
        element->name = placeholder->name;
        *size += placeholder->size;
    }
    struct resolved_path *resolved = arena_new(placeholders->arena, struct resolved_path);
    resolved->path = path;
    *placeholders->paths_end = resolved;
    placeholders->paths_end = &resolved->next;
    return true;
}

bool placeholders_resolve_value(struct placeholders *placeholders, enum expression_kind kind,
                                struct node *node, size_t *size, struct failure *failure)
{
    if (node->value != NULL)
        return true;
    struct placeholder *placeholder = placeholder_find(&placeholders->values, node->text);
    if (placeholder == NULL)
        return invalid_joined(
            failure, kind,
            PARTS(SLICE("An expression attribute value used in expression is not defined; attribute value: "),
                  node->text));
    placeholder->used = true;
    node->value = &placeholder->value;
    *size += placeholder->size;
    return true;
}

/* ---- after all expressions ---- */

struct unused {
    struct slice key;
    uint32_t bucket;
    size_t position;
};

static int compare_unused(const void *left, const void *right)
{
    const struct unused *a = left;
    const struct unused *b = right;

    if (a->bucket != b->bucket)
        return a->bucket < b->bucket ? -1 : 1;
    return (a->position > b->position) - (a->position < b->position);
}

/*
 * AWS lists unused keys in the order of a Java hash set: by the low bits of the string's hash, as many as the
 * set has buckets (at least 16, and a third more than it has members).
 */
static uint32_t java_bucket(struct slice key, uint32_t buckets)
{
    uint32_t hash = 0;

    for (size_t i = 0; i < key.len; i++)
        hash = hash * 31 + (unsigned char)key.ptr[i];
    return (hash ^ (hash >> 16)) & (buckets - 1);
}

static bool check_used(struct arena *arena, const struct placeholder_map *map, const char *name,
                       struct failure *failure)
{
    size_t count = 0;

    for (size_t i = 0; i < map->count; i++)
        count += !map->all[i].used;
    if (count == 0)
        return true;

    uint32_t buckets = 16;
    while ((size_t)buckets * 3 / 4 < count)
        buckets *= 2;
    struct unused *unused = arena_array(arena, struct unused, count);
    size_t at = 0;
    for (size_t i = 0; i < map->count; i++)
        if (!map->all[i].used) {
            unused[at] = (struct unused){map->all[i].key, java_bucket(map->all[i].key, buckets), i};
            at++;
        }
    qsort(unused, count, sizeof(*unused), compare_unused);

    struct slice *parts = arena_array(arena, struct slice, count * 2 + 3);
    parts[0] = SLICE("Value provided in ");
    parts[1] = slice_of(name);
    for (size_t i = 0; i < count; i++) {
        parts[2 + i * 2] = i == 0 ? SLICE(" unused in expressions: keys: {") : SLICE(", ");
        parts[3 + i * 2] = unused[i].key;
    }
    parts[2 + count * 2] = SLICE("}");
    return fail_joined(failure, parts, count * 2 + 3);
}

bool placeholders_check_used(const struct placeholders *placeholders, struct failure *failure)
{
    return check_used(placeholders->arena, &placeholders->names, "ExpressionAttributeNames", failure) &&
           check_used(placeholders->arena, &placeholders->values, "ExpressionAttributeValues", failure);
}

bool placeholders_check_key(const struct placeholders *placeholders, struct slice key, bool of_index,
                            struct failure *failure)
{
    for (const struct resolved_path *at = placeholders->paths; at != NULL; at = at->next)
        if (at->path->count > 1 && slice_equal(at->path->elements[0].name, key))
            return fail_joined(
                failure,
                PARTS(SLICE("Key attributes must be scalars; list random access '[]' and map lookup '.' "
                            "are not allowed: "),
                      of_index ? SLICE("IndexKey: ") : SLICE("Key: "), key));
    return true;
}

size_t placeholders_attributes(struct arena *arena, const struct placeholders *placeholders,
                               struct slice **names)
{
    size_t count = 0;

    for (const struct resolved_path *at = placeholders->paths; at != NULL; at = at->next)
        count++;
    *names = arena_array(arena, struct slice, count);
    count = 0;
    for (const struct resolved_path *at = placeholders->paths; at != NULL; at = at->next)
        (*names)[count++] = at->path->elements[0].name;
    return count;
}

static size_t substituted_size(const struct placeholder_map *map)
{
    size_t size = 0;

    for (size_t i = 0; i < map->count; i++)
        size += map->all[i].size;
    return size;
}

size_t placeholders_size(const struct placeholders *placeholders)
{
    return substituted_size(&placeholders->names) + substituted_size(&placeholders->values);
}
