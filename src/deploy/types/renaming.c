#include "deploy/types/renaming.h"

static const char *member_of(const struct renaming *renaming)
{
    return renaming->member == NULL ? renaming->property : renaming->member;
}

static const char *name_of(const struct renaming *renaming, bool to_members)
{
    return to_members ? member_of(renaming) : renaming->property;
}

/* Recursion is bounded by the tables. */
static struct json renamed(struct arena *arena, const struct renaming *renamings, const struct json *value,
                           bool to_members)
{
    struct json out = *value;
    size_t count = 0;

    if (value->type == JSON_ARRAY) {
        out.array.items = arena_array(arena, struct json, value->array.count);
        for (size_t i = 0; i < value->array.count; i++)
            out.array.items[i] = renamed(arena, renamings, &value->array.items[i], to_members);
        return out;
    }
    if (value->type != JSON_OBJECT)
        return out;
    out.object.members = arena_array(arena, struct json_member, value->object.count);
    for (; renamings->property != NULL; renamings++) {
        const struct json *inner = json_get(value, name_of(renamings, !to_members));
        if (inner == NULL)
            continue;
        struct json_member *member = &out.object.members[count++];
        member->name = slice_of(name_of(renamings, to_members));
        member->value =
            renamings->inside == NULL ? *inner : renamed(arena, renamings->inside, inner, to_members);
    }
    out.object.count = count;
    return out;
}

struct json renamed_to_members(struct arena *arena, const struct renaming *renamings,
                               const struct json *value)
{
    return renamed(arena, renamings, value, true);
}

struct json renamed_to_properties(struct arena *arena, const struct renaming *renamings,
                                  const struct json *value)
{
    return renamed(arena, renamings, value, false);
}
