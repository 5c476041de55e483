#include "services/query_input.h"

#include <inttypes.h>

#include "iam/moment.h"

static bool is_number(struct slice text)
{
    size_t digits = text.len > 0 && text.ptr[0] == '-' ? 1 : 0;

    for (size_t i = digits; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    }
    return text.len > digits;
}

/* The query protocol has times in ISO 8601; shapes have seconds. */
static struct json typed_time(struct arena *arena, struct slice text)
{
    int64_t time;

    if (!moment_parse(text, &time))
        return (struct json){.type = JSON_STRING, .text = text};
    struct slice seconds = arena_printf(arena, "%s%" PRIu64 ".%03u", time < 0 ? "-" : "",
                                        (uint64_t)(time < 0 ? -time : time) / 1000,
                                        (unsigned)((time < 0 ? -time : time) % 1000));
    return (struct json){.type = JSON_NUMBER, .text = seconds};
}

/* A text that is not what the shape wants stays a text: shape_accepts() tells what is wrong. */
static struct json typed_text(struct arena *arena, struct slice text, const struct shape *shape)
{
    struct json value = {.type = JSON_STRING, .text = text};

    switch (shape->kind) {
    case SHAPE_BOOLEAN:
        if (slice_is(text, "true") || slice_is(text, "false"))
            value = (struct json){.type = JSON_BOOLEAN, .boolean = slice_is(text, "true")};
        break;
    case SHAPE_INTEGER:
    case SHAPE_LONG:
        if (is_number(text))
            value.type = JSON_NUMBER;
        break;
    case SHAPE_TIME:
        return typed_time(arena, text);
    case SHAPE_LIST:
        if (text.len == 0)
            value = (struct json){.type = JSON_ARRAY};
        break;
    case SHAPE_STRUCTURE:
        if (text.len == 0)
            value = (struct json){.type = JSON_OBJECT};
        break;
    default:
        break;
    }
    return value;
}

/* Members that the shape does not name are left out (accepts.h says why). Recursion is bounded by the depth
 * of the form. */
static struct json typed(struct arena *arena, const struct json *value, const struct shape *shape)
{
    struct json out = *value;

    if (value->type == JSON_STRING)
        return typed_text(arena, value->text, shape);
    if (value->type == JSON_ARRAY && shape->kind == SHAPE_LIST && shape->element != NULL) {
        out.array.items = arena_array(arena, struct json, value->array.count);
        for (size_t i = 0; i < value->array.count; i++)
            out.array.items[i] = typed(arena, &value->array.items[i], shape->element);
    } else if (value->type == JSON_OBJECT && shape->kind == SHAPE_STRUCTURE) {
        out.object.members = arena_array(arena, struct json_member, value->object.count);
        out.object.count = 0;
        for (size_t i = 0; i < value->object.count; i++) {
            const struct json_member *member = &value->object.members[i];
            const struct shape *expected = shape_of_member(shape, member->name);
            if (expected != NULL)
                out.object.members[out.object.count++] =
                    (struct json_member){member->name, typed(arena, &member->value, expected)};
        }
    }
    return out;
}

bool query_input_accepts(struct request *request, const struct shape *shape)
{
    if (!request->repeated) { /* otherwise it was done, and what was made then lives as long as the request */
        struct json *body = arena_new(request->arena, struct json);
        *body = typed(request->arena, request->body, shape);
        request->body = body;
    }
    return shape_accepts(request->body, shape, &request->failure);
}
