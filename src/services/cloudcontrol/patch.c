#include "services/cloudcontrol/patch.h"

#include <stdlib.h>

#include "base/characters.h"

/* A value that can be changed: an array or object with room to grow, or a value as it is. */
struct node {
    const struct json *leaf; /* NULL: an array or an object */
    bool is_object;
    struct node **items;
    struct slice *names; /* of an object */
    size_t count, capacity;
};

struct patch {
    struct arena *arena;
    struct node *root;
    size_t nodes, bytes;
    size_t at; /* which operation, from 1 */
    const struct json *operation;
    struct slice *problem;
};

static bool refuse(struct patch *patch, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(struct patch *patch, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct slice text = arena_vprintf(patch->arena, format, arguments);
    va_end(arguments);
    if (text.len > 500)
        text.len = 500;
    *patch->problem = arena_printf(patch->arena, "operation %zu: %.*s", patch->at, SLICE_ARGS(text));
    return false;
}

/* ---- trees ---- */

static bool spend(struct patch *patch, size_t bytes)
{
    patch->nodes++;
    patch->bytes += bytes;
    return (patch->nodes <= PATCH_NODES && patch->bytes <= PATCH_BYTES) ||
           refuse(patch, "the document grows too large");
}

static void insert(struct patch *patch, struct node *to, size_t place, struct slice name, struct node *value)
{
    if (to->count == to->capacity) {
        size_t capacity = to->capacity == 0 ? 4 : 2 * to->capacity;
        to->items = arena_grow(patch->arena, to->items, to->count, capacity, sizeof(to->items[0]));
        if (to->is_object)
            to->names = arena_grow(patch->arena, to->names, to->count, capacity, sizeof(to->names[0]));
        to->capacity = capacity;
    }
    for (size_t i = to->count; i > place; i--)
        to->items[i] = to->items[i - 1];
    to->items[place] = value;
    if (to->is_object) /* at its end */
        to->names[place] = name;
    to->count++;
}

static void take_out(struct node *from, size_t place)
{
    from->count--;
    for (size_t i = place; i < from->count; i++) {
        from->items[i] = from->items[i + 1];
        if (from->is_object)
            from->names[i] = from->names[i + 1];
    }
}

/* Recursion is bounded by `depth`, which what is copied into a document has as well. */
static bool grow(struct patch *patch, const struct json *json, unsigned depth, struct node **out)
{
    struct node *node = arena_new(patch->arena, struct node);
    bool is_text = json->type == JSON_STRING || json->type == JSON_NUMBER;

    *out = node;
    if (depth > PATCH_DEPTH)
        return refuse(patch, "the document has more than %d levels", PATCH_DEPTH);
    if (!spend(patch, is_text ? json->text.len : 0))
        return false;
    node->is_object = json->type == JSON_OBJECT;
    if (!node->is_object && json->type != JSON_ARRAY) {
        node->leaf = json;
        return true;
    }
    size_t count = node->is_object ? json->object.count : json->array.count;
    for (size_t i = 0; i < count; i++) {
        const struct json_member *member = node->is_object ? &json->object.members[i] : NULL;
        struct node *child;
        if (!grow(patch, member != NULL ? &member->value : &json->array.items[i], depth + 1, &child) ||
            (member != NULL && !spend(patch, member->name.len)))
            return false;
        insert(patch, node, i, member != NULL ? member->name : SLICE(""), child);
    }
    return true;
}

static struct json shrink(struct patch *patch, const struct node *node)
{
    struct json json = {.type = node->is_object ? JSON_OBJECT : JSON_ARRAY};

    if (node->leaf != NULL)
        return *node->leaf;
    if (node->is_object)
        json.object.members = arena_array(patch->arena, struct json_member, node->count);
    else
        json.array.items = arena_array(patch->arena, struct json, node->count);
    for (size_t i = 0; i < node->count; i++) {
        struct json child = shrink(patch, node->items[i]);
        if (node->is_object)
            json.object.members[i] = (struct json_member){node->names[i], child};
        else
            json.array.items[i] = child;
    }
    if (node->is_object)
        json.object.count = node->count;
    else
        json.array.count = node->count;
    return json;
}

/* The place of a member; the count if there is none. */
static size_t member_of(const struct node *object, struct slice name)
{
    size_t place = 0;

    while (place < object->count && !slice_equal(object->names[place], name))
        place++;
    return place;
}

/* "Numbers: are considered equal if their values are numerically equal." */
static bool same_number(struct slice a, struct slice b)
{
    return slice_equal(a, b) || strtod(a.ptr, NULL) == strtod(b.ptr, NULL);
}

static bool same_leaf(const struct json *a, const struct json *b)
{
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case JSON_BOOLEAN:
        return a->boolean == b->boolean;
    case JSON_NUMBER:
        return same_number(a->text, b->text);
    case JSON_STRING:
        return slice_equal(a->text, b->text);
    default:
        return true;
    }
}

static bool same(const struct node *a, const struct node *b)
{
    if (a->leaf != NULL || b->leaf != NULL)
        return a->leaf != NULL && b->leaf != NULL && same_leaf(a->leaf, b->leaf);
    if (a->is_object != b->is_object || a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        size_t place = a->is_object ? member_of(b, a->names[i]) : i;
        if (place == b->count || !same(a->items[i], b->items[place]))
            return false;
    }
    return true;
}

/* ---- pointers (RFC 6901) ---- */

/* Where a path leads: to the root, or to a place in `parent`, at which there need be nothing. */
struct place {
    struct node *parent; /* NULL: the root */
    struct slice name;   /* of an object's member */
    size_t at;
    bool there;
    unsigned depth;
};

/* The next part of a path, decoded: ~1 is a slash, ~0 a tilde. */
static bool next_part(struct patch *patch, struct slice *path, struct slice *part)
{
    struct slice rest = slice_skip(*path, 1);
    const char *slash = rest.len == 0 ? NULL : memchr(rest.ptr, '/', rest.len);
    size_t length = slash == NULL ? rest.len : (size_t)(slash - rest.ptr), used = 0;
    char *decoded = arena_alloc(patch->arena, length + 1);

    *part = SLICE("");
    for (size_t i = 0; i < length; i++) {
        decoded[used++] = rest.ptr[i];
        if (rest.ptr[i] != '~')
            continue;
        if (i + 1 == length || (rest.ptr[i + 1] != '0' && rest.ptr[i + 1] != '1'))
            return refuse(patch, "a path has a ~ that is not ~0 or ~1");
        decoded[used - 1] = rest.ptr[++i] == '0' ? '~' : '/';
    }
    *part = (struct slice){decoded, used};
    *path = slice_skip(rest, length);
    return true;
}

/* "-" is behind the last element. */
static bool read_index(struct patch *patch, struct slice part, const struct node *array, size_t *out)
{
    *out = 0;
    if (slice_is(part, "-")) {
        *out = array->count;
        return true;
    }
    bool good = part.len > 0 && part.len < 10 && (part.len == 1 || part.ptr[0] != '0');
    for (size_t i = 0; good && i < part.len; i++) {
        good = is_digit(part.ptr[i]);
        *out = *out * 10 + (size_t)(part.ptr[i] - '0');
    }
    return (good && *out <= array->count) ||
           refuse(patch, "there is no element %.*s in an array of %zu", SLICE_ARGS(part), array->count);
}

static bool enter(struct patch *patch, struct node *node, struct slice part, struct place *place)
{
    place->parent = node;
    place->name = part;
    if (node->leaf != NULL)
        return refuse(patch, "there is nothing in %.*s, which is no array and no object", SLICE_ARGS(part));
    if (node->is_object)
        place->at = member_of(node, part);
    else if (!read_index(patch, part, node, &place->at))
        return false;
    place->there = place->at < node->count;
    return true;
}

static bool follow(struct patch *patch, struct slice path, struct place *place)
{
    struct node *node = patch->root;
    struct slice part;

    *place = (struct place){.there = true};
    if (path.len > 0 && path.ptr[0] != '/')
        return refuse(patch, "the path %.*s does not begin with a slash", SLICE_ARGS(path));
    while (path.len > 0) {
        if (++place->depth > PATCH_DEPTH)
            return refuse(patch, "a path has more than %d parts", PATCH_DEPTH);
        if (!place->there)
            return refuse(patch, "there is nothing at %.*s", SLICE_ARGS(place->name));
        if (place->parent != NULL)
            node = place->parent->items[place->at];
        if (!next_part(patch, &path, &part) || !enter(patch, node, part, place))
            return false;
    }
    return true;
}

static struct node *node_at(const struct patch *patch, const struct place *place)
{
    return place->parent == NULL ? patch->root : place->parent->items[place->at];
}

/* ---- operations ---- */

static bool path_of(struct patch *patch, const char *member, struct slice *out)
{
    const struct json *path = json_get(patch->operation, member);

    *out = SLICE("");
    if (path == NULL || path->type != JSON_STRING)
        return refuse(patch, "\"%s\" is missing, or no text", member);
    *out = path->text;
    return true;
}

/* To where there has to be something. */
static bool follow_to(struct patch *patch, const char *member, struct place *place)
{
    struct slice path;

    if (!path_of(patch, member, &path) || !follow(patch, path, place))
        return false;
    return place->there || refuse(patch, "there is nothing at %.*s", SLICE_ARGS(path));
}

static bool value_of(struct patch *patch, unsigned depth, struct node **out)
{
    const struct json *value = json_get(patch->operation, "value");

    if (value == NULL)
        return refuse(patch, "\"value\" is missing");
    return grow(patch, value, depth, out);
}

static void put(struct patch *patch, const struct place *place, struct node *value)
{
    if (place->parent == NULL)
        patch->root = value;
    else if (place->parent->is_object && place->there)
        place->parent->items[place->at] = value;
    else
        insert(patch, place->parent, place->at, place->name, value);
}

static bool add(struct patch *patch)
{
    struct place place;
    struct slice path;
    struct node *value;

    if (!path_of(patch, "path", &path) || !follow(patch, path, &place) ||
        !value_of(patch, place.depth, &value))
        return false;
    put(patch, &place, value);
    return true;
}

static bool take_away(struct patch *patch)
{
    struct place place;

    if (!follow_to(patch, "path", &place))
        return false;
    if (place.parent == NULL)
        return refuse(patch, "the whole document cannot be removed");
    take_out(place.parent, place.at);
    return true;
}

static bool replace(struct patch *patch)
{
    struct place place;
    struct node *value;

    if (!follow_to(patch, "path", &place) || !value_of(patch, place.depth, &value))
        return false;
    if (place.parent == NULL)
        patch->root = value;
    else
        place.parent->items[place.at] = value;
    return true;
}

/* "The "from" location MUST NOT be a proper prefix of the "path" location." */
static bool move(struct patch *patch)
{
    struct json *value = arena_new(patch->arena, struct json);
    struct place source, target;
    struct slice from, path;
    struct node *node;

    if (!path_of(patch, "from", &from) || !path_of(patch, "path", &path) ||
        !follow_to(patch, "from", &source))
        return false;
    if (slice_equal(from, path))
        return true;
    if (source.parent == NULL || (slice_starts_with(path, from) && path.ptr[from.len] == '/'))
        return refuse(patch, "%.*s cannot be moved into itself", SLICE_ARGS(from));
    *value = shrink(patch, node_at(patch, &source));
    take_out(source.parent, source.at);
    if (!follow(patch, path, &target) || !grow(patch, value, target.depth, &node))
        return false;
    put(patch, &target, node);
    return true;
}

static bool copy(struct patch *patch)
{
    struct json *value = arena_new(patch->arena, struct json);
    struct place source, target;
    struct slice path;
    struct node *node;

    if (!path_of(patch, "path", &path) || !follow_to(patch, "from", &source))
        return false;
    *value = shrink(patch, node_at(patch, &source));
    if (!follow(patch, path, &target) || !grow(patch, value, target.depth, &node))
        return false;
    put(patch, &target, node);
    return true;
}

static bool test(struct patch *patch)
{
    struct place place;
    struct node *value;
    struct slice path;

    if (!path_of(patch, "path", &path) || !follow_to(patch, "path", &place) || !value_of(patch, 0, &value))
        return false;
    return same(node_at(patch, &place), value) ||
           refuse(patch, "the value at %.*s is another one", SLICE_ARGS(path));
}

static bool apply_one(struct patch *patch)
{
    static const struct {
        const char *name;
        bool (*apply)(struct patch *patch);
    } kinds[] = {{"add", add},   {"remove", take_away}, {"replace", replace},
                 {"move", move}, {"copy", copy},        {"test", test}};
    const struct json *op = json_get(patch->operation, "op");

    for (size_t i = 0; op != NULL && op->type == JSON_STRING && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (slice_is(op->text, kinds[i].name))
            return kinds[i].apply(patch);
    }
    return refuse(patch, "\"op\" is none of add, remove, replace, move, copy, test");
}

bool patch_apply(struct arena *arena, const struct json *document, const struct json *operations,
                 const struct json **out, struct slice *problem)
{
    struct patch patch = {.arena = arena, .problem = problem};
    struct json *changed = arena_new(arena, struct json);

    *problem = SLICE("it is no array of operations");
    if (operations->type != JSON_ARRAY)
        return false;
    *problem = arena_printf(arena, "it has more than %d operations", PATCH_OPERATIONS);
    if (operations->array.count > PATCH_OPERATIONS || !grow(&patch, document, 0, &patch.root))
        return false;
    for (size_t i = 0; i < operations->array.count; i++) {
        patch.at = i + 1;
        patch.operation = &operations->array.items[i];
        if (!apply_one(&patch))
            return false;
    }
    *changed = shrink(&patch, patch.root);
    *out = changed;
    return true;
}
