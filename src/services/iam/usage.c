#include "services/iam/usage.h"

#include <stdlib.h>

#include "services/storage_failure.h"

struct use {
    struct slice arn;
    bool bounds;
};

struct usages {
    struct arena *arena;
    struct use *list; /* in the order of the ARNs */
    size_t count;
    size_t capacity;
};

static void add(struct usages *usages, struct slice arn, bool bounds)
{
    if (usages->count == usages->capacity) {
        size_t capacity = usages->capacity == 0 ? 16 : usages->capacity * 2;
        usages->list =
            arena_grow(usages->arena, usages->list, usages->count, capacity, sizeof(usages->list[0]));
        usages->capacity = capacity;
    }
    usages->list[usages->count++] = (struct use){arena_copy(usages->arena, arn), bounds};
}

const struct grants *usage_grants(enum entity_kind kind, const union any_entity *entity)
{
    switch (kind) {
    case KIND_USER:
        return &entity->user.grants;
    case KIND_GROUP:
        return &entity->group.grants;
    case KIND_ROLE:
        return &entity->role.grants;
    default:
        return NULL;
    }
}

static enum storage_status add_kind(struct request *request, struct usages *usages, enum entity_kind kind)
{
    union any_entity entity;
    struct entity_walk walk;
    struct arena scratch; /* of one entity: all together they may be some megabytes */
    enum storage_status status;

    arena_init(&scratch);
    entity_walk_begin(&walk, request->server->storage, NULL, kind, SLICE(""), &scratch);
    while ((status = entity_walk_next(&walk, &entity)) == STORAGE_OK) {
        const struct grants *grants = usage_grants(kind, &entity);
        for (size_t i = 0; i < grants->attached.count; i++)
            add(usages, grants->attached.items[i], false);
        if (grants->boundary.len > 0)
            add(usages, grants->boundary, true);
        arena_reset(&scratch);
    }
    entity_walk_end(&walk);
    arena_finish(&scratch);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

static int compare(const void *a, const void *b)
{
    return slice_compare(((const struct use *)a)->arn, ((const struct use *)b)->arn);
}

bool usage_read(struct request *request, const struct usages **out)
{
    static const enum entity_kind kinds[] = {KIND_USER, KIND_GROUP, KIND_ROLE};
    struct usages *usages = arena_new(request->arena, struct usages);
    enum storage_status status = STORAGE_OK;

    usages->arena = request->arena;
    for (size_t i = 0; status == STORAGE_OK && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        status = add_kind(request, usages, kinds[i]);
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    if (usages->count > 1)
        qsort(usages->list, usages->count, sizeof(usages->list[0]), compare);
    *out = usages;
    return true;
}

struct usage usage_of(const struct usages *usages, struct slice arn)
{
    struct usage usage = {0};
    size_t low = 0, high = usages->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(usages->list[middle].arn, arn) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < usages->count && slice_equal(usages->list[low].arn, arn); low++) {
        usage.bounding += usages->list[low].bounds;
        usage.attached += !usages->list[low].bounds;
    }
    return usage;
}
