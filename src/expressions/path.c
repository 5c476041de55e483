#include "expressions/path.h"

#include "base/check.h"

void path_add(struct arena *arena, struct path *path, struct path_element element)
{
    if (path->count == path->capacity) {
        unsigned capacity = path->capacity == 0 ? 2 : path->capacity * 2;
        path->elements = arena_grow(arena, path->elements, path->count, capacity, sizeof(*path->elements));
        path->capacity = capacity;
    }
    path->elements[path->count++] = element;
}

const struct value *path_find(const struct path *path, const struct item *item)
{
    const struct value *value = item_get(item, path->elements[0].name);

    for (unsigned i = 1; i < path->count && value != NULL; i++) {
        const struct path_element *element = &path->elements[i];
        if (element->is_index)
            value = value->type == VALUE_L && element->index < value->list.count
                        ? &value->list.values[element->index]
                        : NULL;
        else
            value = value->type == VALUE_M ? item_get(&value->map, element->name) : NULL;
    }
    return value;
}

int path_element_compare(const struct path_element *a, const struct path_element *b)
{
    if (a->is_index != b->is_index)
        return a->is_index ? 1 : -1;
    if (a->is_index)
        return (a->index > b->index) - (a->index < b->index);
    return slice_compare(a->name, b->name);
}

/* How many elements two paths begin with in common. */
static unsigned shared_elements(const struct path *a, const struct path *b)
{
    unsigned shared = 0;

    while (shared < a->count && shared < b->count &&
           path_element_compare(&a->elements[shared], &b->elements[shared]) == 0)
        shared++;
    return shared;
}

bool path_equal(const struct path *a, const struct path *b)
{
    return a->count == b->count && shared_elements(a, b) == a->count;
}

int path_compare(const struct path *a, const struct path *b)
{
    unsigned shared = shared_elements(a, b);

    if (shared == a->count || shared == b->count)
        return (a->count > b->count) - (a->count < b->count);
    return path_element_compare(&a->elements[shared], &b->elements[shared]);
}

enum path_relation path_relation(const struct path *a, const struct path *b)
{
    unsigned shared = shared_elements(a, b);

    if (shared == a->count || shared == b->count)
        return PATHS_OVERLAP;
    return a->elements[shared].is_index == b->elements[shared].is_index ? PATHS_APART : PATHS_CONFLICT;
}

struct slice path_text(struct arena *arena, const struct path *path)
{
    size_t length = 2;

    for (unsigned i = 0; i < path->count; i++)
        length += 4 + (path->elements[i].is_index ? path->elements[i].text : path->elements[i].name).len;
    char *text = arena_alloc(arena, length);
    size_t at = 0;
    text[at++] = '[';
    for (unsigned i = 0; i < path->count; i++) {
        const struct path_element *element = &path->elements[i];
        struct slice part = element->is_index ? element->text : element->name;
        if (i > 0) {
            text[at++] = ',';
            text[at++] = ' ';
        }
        if (element->is_index)
            text[at++] = '[';
        if (part.len > 0)
            memcpy(text + at, part.ptr, part.len);
        at += part.len;
        if (element->is_index)
            text[at++] = ']';
    }
    text[at++] = ']';
    CHECK(at <= length);
    return (struct slice){text, at};
}
