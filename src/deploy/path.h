/* Where in a template a value is, for messages: "GlobalSecondaryIndexes[0].KeySchema". Lives on the stack of
 * the one who walks. */
#ifndef TURNTABLE_DEPLOY_PATH_H
#define TURNTABLE_DEPLOY_PATH_H

#include "base/arena.h"

struct path {
    const struct path *parent; /* NULL at the root, which has no name */
    struct slice name;
    size_t index; /* if there is no name */
};

static inline struct slice path_text(struct arena *arena, const struct path *path)
{
    if (path->parent == NULL)
        return SLICE("");
    struct slice before = path_text(arena, path->parent);
    if (path->name.ptr == NULL || path->name.len == 0)
        return arena_printf(arena, "%.*s[%zu]", SLICE_ARGS(before), path->index);
    int length = path->name.len > 100 ? 100 : (int)path->name.len;
    return arena_printf(arena, "%.*s%s%.*s", SLICE_ARGS(before), before.len > 0 ? "." : "", length,
                        path->name.ptr);
}

/* The same as CloudFormation's messages name places: "/Resources/Table/Properties/0". */
static inline struct slice path_pointer(struct arena *arena, const struct path *path)
{
    if (path->parent == NULL)
        return SLICE("");
    struct slice before = path_pointer(arena, path->parent);
    if (path->name.ptr == NULL)
        return arena_printf(arena, "%.*s/%zu", SLICE_ARGS(before), path->index);
    int length = path->name.len > 100 ? 100 : (int)path->name.len;
    return arena_printf(arena, "%.*s/%.*s", SLICE_ARGS(before), length, path->name.ptr);
}

#endif
