#include "wire/query_answer.h"

#include "wire/xml.h"

enum { ELEMENTS_LIMIT = 1000 * 1000 };

static void to_json(struct arena *arena, const struct xml_element *element, struct json *out);

/* Elements named "member" are a list; others are members of an object. */
static void take_children(struct arena *arena, const struct xml_element *first, size_t count,
                          struct json *out)
{
    size_t i = 0;

    if (slice_is(first->name, "member")) {
        out->type = JSON_ARRAY;
        out->array.count = count;
        out->array.items = arena_array(arena, struct json, count);
        for (; first != NULL; first = first->next)
            to_json(arena, first, &out->array.items[i++]);
        return;
    }
    out->type = JSON_OBJECT;
    out->object.members = arena_array(arena, struct json_member, count);
    for (; first != NULL; first = first->next) {
        out->object.members[i].name = first->name;
        to_json(arena, first, &out->object.members[i++].value);
    }
    out->object.count = json_drop_repeated(out->object.members, count);
}

/* Recursion is bounded by the depth of the XML. */
static void to_json(struct arena *arena, const struct xml_element *element, struct json *out)
{
    size_t count = 0;

    for (const struct xml_element *child = element->first; child != NULL; child = child->next)
        count++;
    *out = (struct json){.type = JSON_STRING, .text = element->text};
    if (count > 0)
        take_children(arena, element->first, count, out);
}

bool query_answer_read(struct arena *arena, struct slice xml, struct json *out)
{
    const struct xml_limits limits = {QUERY_ANSWER_DEPTH, ELEMENTS_LIMIT};
    struct json_member *root = arena_new(arena, struct json_member);
    const struct xml_element *element;

    *out = (struct json){.type = JSON_OBJECT, .object = {root, 1}};
    if (!xml_read(arena, xml, &limits, &element))
        return false;
    root->name = element->name;
    to_json(arena, element, &root->value);
    return true;
}
