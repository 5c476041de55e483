#include "expressions/path_set.h"

#include <stdlib.h>

#include "expressions/invalid.h"

/* ---- building ---- */

static int compare_members(const void *left, const void *right)
{
    const struct path_set_member *a = left;
    const struct path_set_member *b = right;

    int order = path_compare(a->path, b->path);

    return order != 0 ? order : (a->position > b->position) - (a->position < b->position);
}

void path_set_sort(struct arena *arena, struct node *const *paths, size_t count, struct path_set *out)
{
    *out = (struct path_set){arena_array(arena, struct path_set_member, count), count};
    for (size_t i = 0; i < count; i++)
        out->members[i] = (struct path_set_member){&paths[i]->path, i};
    qsort(out->members, count, sizeof(*out->members), compare_members);
}

const struct path *path_set_double(const struct path_set *set)
{
    const struct path_set_member *first = NULL;

    for (size_t i = 1; i < set->count; i++) {
        const struct path_set_member *member = &set->members[i];
        if (path_equal(member[-1].path, member->path) &&
            (first == NULL || member->position < first->position))
            first = member;
    }
    return first == NULL ? NULL : first->path;
}

static bool has_relation(const struct path_set *set)
{
    for (size_t i = 1; i < set->count; i++)
        if (path_relation(set->members[i - 1].path, set->members[i].path) != PATHS_APART)
            return true;
    return false;
}

/* A statement's paths are told in the other order. */
static bool fail_relation(struct parser *parser, enum path_relation relation, const struct path *one,
                          const struct path *two)
{
    if (parser->kind == EXPRESSION_STATEMENT) {
        const struct path *other = one;
        one = two;
        two = other;
    }
    return invalid_joined(
        parser->failure, parser->kind,
        PARTS(relation == PATHS_OVERLAP ? SLICE("Two document paths overlap")
                                        : SLICE("Two document paths conflict"),
              SLICE(" with each other; must remove or rewrite one of these paths; path one: "),
              path_text(parser->arena, one), SLICE(", path two: "), path_text(parser->arena, two)));
}

/* Which two of the paths from `first` on to name; called only when there are two, so it may be slow. */
static bool name_relation(struct parser *parser, struct node *const *paths, size_t first, size_t count)
{
    for (size_t i = count; i-- > first;) {
        for (size_t j = i + 1; j < count; j++) {
            enum path_relation relation = path_relation(&paths[i]->path, &paths[j]->path);
            if (relation != PATHS_APART)
                return fail_relation(parser, relation, &paths[i]->path, &paths[j]->path);
        }
    }
    return true;
}

bool path_set_build(struct parser *parser, struct node *const *paths, size_t count,
                    struct placeholders *placeholders, size_t *size, struct path_set *out)
{
    struct failure resolving;
    size_t first = count; /* the paths from here on are resolved */

    failure_init(&resolving, parser->failure->arena);
    while (first > 0 &&
           placeholders_resolve_path(placeholders, parser->kind, &paths[first - 1]->path, size, &resolving))
        first--;

    path_set_sort(parser->arena, paths + first, count - first, out);
    if (has_relation(out))
        return name_relation(parser, paths, first, count);
    if (resolving.code != ERROR_NONE) {
        *parser->failure = resolving;
        return false;
    }
    return true;
}

/* ---- ranges ---- */

static const struct path_element *element_at(const struct path_set *set, size_t member, unsigned depth)
{
    return &set->members[member].path->elements[depth];
}

struct path_range path_set_group(const struct path_set *set, struct path_range range, unsigned depth)
{
    struct path_range group = {range.first, range.first + 1};

    while (group.end < range.end &&
           path_element_compare(element_at(set, range.first, depth), element_at(set, group.end, depth)) == 0)
        group.end++;
    return group;
}

struct path_range path_set_find(const struct path_set *set, struct path_range range, unsigned depth,
                                struct slice name)
{
    size_t low = range.first;
    size_t high = range.end;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(element_at(set, middle, depth)->name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == range.end || !slice_equal(element_at(set, low, depth)->name, name))
        return (struct path_range){low, low};
    return path_set_group(set, (struct path_range){low, range.end}, depth);
}

bool path_set_ends(const struct path_set *set, struct path_range group, unsigned depth)
{
    return set->members[group.first].path->count == depth + 1;
}

/* ---- extracting: recursion goes as deep as the longest path, PATH_DEPTH_LIMIT ---- */

struct extraction {
    struct arena *arena;
    const struct path_set *set;
};

static bool extract_value(const struct extraction *extraction, struct path_range range, unsigned depth,
                          const struct value *from, struct value *to);

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static struct item extract_map(const struct extraction *extraction, struct path_range range, unsigned depth,
                               const struct item *from)
{
    const struct path_set *set = extraction->set;
    size_t most = smaller(from->count, range.end - range.first);
    struct item to = {arena_array(extraction->arena, struct attribute, most), 0};

    for (size_t i = 0; i < from->count && to.count < most; i++) {
        const struct attribute *attribute = &from->attributes[i];
        struct path_range group = path_set_find(set, range, depth, attribute->name);
        if (group.first == group.end)
            continue;
        struct attribute *kept = &to.attributes[to.count];
        kept->name = attribute->name;
        if (extract_value(extraction, group, depth, &attribute->value, &kept->value))
            to.count++;
    }
    return to;
}

static struct value_list extract_list(const struct extraction *extraction, struct path_range range,
                                      unsigned depth, const struct value_list *from)
{
    const struct path_set *set = extraction->set;
    size_t most = smaller(from->count, range.end - range.first);
    struct value_list to = {arena_array(extraction->arena, struct value, most), 0};

    while (range.first < range.end) {
        struct path_range group = path_set_group(set, range, depth);
        uint32_t index = element_at(set, group.first, depth)->index;
        if (index >= from->count)
            break;
        if (extract_value(extraction, group, depth, &from->values[index], &to.values[to.count]))
            to.count++;
        range.first = group.end;
    }
    return to;
}

/* `from` is what the group's element at `depth` leads to. */
static bool extract_value(const struct extraction *extraction, struct path_range group, unsigned depth,
                          const struct value *from, struct value *to)
{
    if (path_set_ends(extraction->set, group, depth)) {
        *to = *from;
        return true;
    }
    bool by_index = element_at(extraction->set, group.first, depth + 1)->is_index;
    if (from->type != (by_index ? VALUE_L : VALUE_M))
        return false;
    to->type = from->type;
    if (by_index) {
        to->list = extract_list(extraction, group, depth + 1, &from->list);
        return to->list.count > 0;
    }
    to->map = extract_map(extraction, group, depth + 1, &from->map);
    return to->map.count > 0;
}

struct item path_set_extract(struct arena *arena, const struct path_set *set, const struct item *item)
{
    struct extraction extraction = {arena, set};

    if (item == NULL)
        return (struct item){NULL, 0};
    return extract_map(&extraction, (struct path_range){0, set->count}, 0, item);
}
