#include "services/accepts.h"

static bool names_all(const struct shape *shape, const struct json *body)
{
    for (size_t i = 0; i < body->object.count; i++) {
        if (shape_of_member(shape, body->object.members[i].name) == NULL)
            return false;
    }
    return true;
}

static const struct json *without_others(struct arena *arena, const struct json *body,
                                         const struct shape *shape)
{
    struct json_member *kept = arena_array(arena, struct json_member, body->object.count);
    struct json *out = arena_new(arena, struct json);
    size_t count = 0;

    for (size_t i = 0; i < body->object.count; i++) {
        if (shape_of_member(shape, body->object.members[i].name) != NULL)
            kept[count++] = body->object.members[i];
    }
    *out = (struct json){.type = JSON_OBJECT, .object = {kept, count}};
    return out;
}

bool accepts(struct request *request, const struct shape *shape)
{
    if (!shape_accepts(request->body, shape, &request->failure))
        return false;
    /* In a repeated execution there are none: what was left then lives as long as the request. */
    if (!names_all(shape, request->body))
        request->body = without_others(request->arena, request->body, shape);
    return true;
}
