#include "items/value.h"

#include <stdlib.h>

#include "base/check.h"

static const char *const type_names[] = {
    [VALUE_S] = "S", [VALUE_N] = "N", [VALUE_B] = "B",   [VALUE_BOOL] = "BOOL", [VALUE_NULL] = "NULL",
    [VALUE_M] = "M", [VALUE_L] = "L", [VALUE_SS] = "SS", [VALUE_NS] = "NS",     [VALUE_BS] = "BS",
};

const char *value_type_name(enum value_type type)
{
    CHECK(type >= VALUE_S && type <= VALUE_BS);
    return type_names[type];
}

const struct value *item_get(const struct item *item, struct slice name)
{
    for (size_t i = 0; i < item->count; i++) {
        if (slice_equal(item->attributes[i].name, name))
            return &item->attributes[i].value;
    }
    return NULL;
}

int value_compare(const struct value *a, const struct value *b)
{
    CHECK(a->type == b->type);
    CHECK(a->type == VALUE_S || a->type == VALUE_N || a->type == VALUE_B);
    return a->type == VALUE_N ? number_compare(&a->number, &b->number) : slice_compare(a->bytes, b->bytes);
}

/* ---- equality ---- */

/* More members or attributes than this are compared in order instead of each with each. */
enum { FEW = 32 };

static int compare_members(const void *a, const void *b)
{
    return value_compare(a, b);
}

static bool is_sorted(const struct value_list *set)
{
    for (size_t i = 1; i < set->count; i++) {
        if (value_compare(&set->values[i - 1], &set->values[i]) > 0)
            return false;
    }
    return true;
}

void set_sort(struct value_list *set)
{
    if (!is_sorted(set))
        qsort(set->values, set->count, sizeof(*set->values), compare_members);
}

static bool same_lists(const struct value_list *a, const struct value_list *b)
{
    for (size_t i = 0; i < a->count; i++) {
        if (!value_equal(&a->values[i], &b->values[i]))
            return false;
    }
    return true;
}

static bool same_sets_sorted(const struct value_list *a, const struct value_list *b)
{
    struct value_list sorted[2] = {*a, *b};
    size_t size = a->count * sizeof(struct value);

    for (int i = 0; i < 2; i++) {
        struct value *copy = malloc(size);
        CHECK(copy != NULL);
        memcpy(copy, sorted[i].values, size);
        sorted[i].values = copy;
        set_sort(&sorted[i]);
    }
    bool same = same_lists(&sorted[0], &sorted[1]);
    free(sorted[0].values);
    free(sorted[1].values);
    return same;
}

static bool same_sets(const struct value_list *a, const struct value_list *b)
{
    if (a->count != b->count)
        return false;
    if (same_lists(a, b))
        return true;
    if (a->count > FEW)
        return (!is_sorted(a) || !is_sorted(b)) && same_sets_sorted(a, b);
    for (size_t i = 0; i < a->count; i++) {
        size_t j = 0;
        while (j < b->count && value_compare(&a->values[i], &b->values[j]) != 0)
            j++;
        if (j == b->count)
            return false;
    }
    return true;
}

static int compare_attributes(const void *left, const void *right)
{
    const struct attribute *a = *(const struct attribute *const *)left;
    const struct attribute *b = *(const struct attribute *const *)right;

    return slice_compare(a->name, b->name);
}

static const struct attribute **sort_attributes(const struct item *map)
{
    const struct attribute **sorted = calloc(map->count, sizeof(struct attribute *));

    CHECK(sorted != NULL);
    for (size_t i = 0; i < map->count; i++)
        sorted[i] = &map->attributes[i];
    qsort(sorted, map->count, sizeof(struct attribute *), compare_attributes);
    return sorted;
}

static bool same_maps_sorted(const struct item *a, const struct item *b)
{
    const struct attribute **left = sort_attributes(a), **right = sort_attributes(b);
    bool same = true;

    for (size_t i = 0; same && i < a->count; i++)
        same = slice_equal(left[i]->name, right[i]->name) && value_equal(&left[i]->value, &right[i]->value);
    free(left);
    free(right);
    return same;
}

static bool same_maps(const struct item *a, const struct item *b)
{
    if (a->count != b->count)
        return false;
    if (a->count > FEW)
        return same_maps_sorted(a, b);
    for (size_t i = 0; i < a->count; i++) {
        const struct value *other = item_get(b, a->attributes[i].name);
        if (other == NULL || !value_equal(&a->attributes[i].value, other))
            return false;
    }
    return true;
}

bool value_equal(const struct value *a, const struct value *b)
{
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case VALUE_S:
    case VALUE_B:
        return slice_equal(a->bytes, b->bytes);
    case VALUE_N:
        return number_compare(&a->number, &b->number) == 0;
    case VALUE_BOOL:
        return a->boolean == b->boolean;
    case VALUE_NULL:
        return true;
    case VALUE_M:
        return same_maps(&a->map, &b->map);
    case VALUE_L:
        return a->list.count == b->list.count && same_lists(&a->list, &b->list);
    case VALUE_SS:
    case VALUE_NS:
    case VALUE_BS:
        return same_sets(&a->list, &b->list);
    }
    return false;
}

/* ---- sizes ---- */

/* AWS: a list or map has 3 bytes, and 1 more for each element. */
enum { DOCUMENT_OVERHEAD = 3, ELEMENT_OVERHEAD = 1 };

static size_t sum_of_sizes(const struct value_list *list)
{
    size_t size = 0;

    for (size_t i = 0; i < list->count; i++)
        size += value_size(&list->values[i]);
    return size;
}

size_t value_size(const struct value *value)
{
    switch (value->type) {
    case VALUE_S:
    case VALUE_B:
        return value->bytes.len;
    case VALUE_N:
        return number_size(&value->number);
    case VALUE_BOOL:
    case VALUE_NULL:
        return 1;
    case VALUE_M:
        return DOCUMENT_OVERHEAD + ELEMENT_OVERHEAD * value->map.count + item_size(&value->map);
    case VALUE_L:
        return DOCUMENT_OVERHEAD + ELEMENT_OVERHEAD * value->list.count + sum_of_sizes(&value->list);
    case VALUE_SS:
    case VALUE_NS:
    case VALUE_BS:
        return sum_of_sizes(&value->list);
    }
    return 0;
}

size_t item_size(const struct item *item)
{
    size_t size = 0;

    for (size_t i = 0; i < item->count; i++)
        size += item->attributes[i].name.len + value_size(&item->attributes[i].value);
    return size;
}
