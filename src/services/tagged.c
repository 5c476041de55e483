#include "services/tagged.h"

#include "auth/principal_keys.h"
#include "services/operation.h"

/* A value that nobody has checked yet may be no text. */
static bool tell(const struct tagged *tagged, struct slice value, struct iam_values *out)
{
    return key_has_one(value.len == 0 ? SLICE("") : value, tagged->request->arena, out);
}

static bool find_given(const struct tagged *tagged, struct slice name, struct iam_values *out)
{
    const struct json *given = tagged->given;

    for (size_t i = 0; given != NULL && given->type == JSON_OBJECT && i < given->object.count; i++) {
        const struct json_member *tag = &given->object.members[i];
        if (tag->value.type == JSON_STRING && slice_alike(tag->name, name))
            return tell(tagged, tag->value.text, out);
    }
    return false;
}

static bool find_keys(const struct tagged *tagged, struct iam_values *out)
{
    const struct json *given = tagged->given, *taken = tagged->taken;
    size_t room = given != NULL && given->type == JSON_OBJECT ? given->object.count : 0;
    size_t more = taken != NULL && taken->type == JSON_ARRAY ? taken->array.count : 0;
    struct slice *keys = arena_array(tagged->request->arena, struct slice, room + more);

    *out = (struct iam_values){.values = keys, .multi_valued = true};
    for (size_t i = 0; i < room; i++)
        keys[out->count++] = given->object.members[i].name;
    for (size_t i = 0; i < more; i++) {
        if (taken->array.items[i].type == JSON_STRING)
            keys[out->count++] = taken->array.items[i].text;
    }
    return out->count > 0;
}

static bool find(void *from, struct slice key, struct iam_values *out)
{
    const struct tagged *tagged = from;
    struct slice name, value;

    if (iam_key_starts_with(key, "aws:ResourceTag/", &name))
        return tagged->id.len > 0 && tagged->find_tag(tagged->request, tagged->id, name, &value) &&
               tell(tagged, value, out);
    if (iam_key_starts_with(key, "aws:RequestTag/", &name))
        return find_given(tagged, name, out);
    return iam_key_is(key, "aws:TagKeys") && find_keys(tagged, out);
}

void tagged_need(struct permissions *needs, const char *action, struct slice arn, const struct tagged *tagged)
{
    struct tagged *kept = arena_new(needs->request->arena, struct tagged);

    *kept = *tagged;
    permissions_add(needs, action, arn)->context = (struct iam_context){find, kept};
}

void tagged_pool_need(struct request *request, struct permissions *needs, const char *id_member,
                      const char *tags_member,
                      struct slice (*arn_of)(struct request *request, struct slice id),
                      bool (*find_tag)(struct request *request, struct slice id, struct slice name,
                                       struct slice *value))
{
    const struct json *tags = json_get_present(request->body, tags_member);
    struct slice prefix = arn_of(request, SLICE("")), id = permissions_text(request, id_member),
                 arn = permissions_text(request, "ResourceArn");

    if (id.len > 0)
        arn = arn_of(request, id);
    else if (slice_starts_with(arn, prefix))
        id = slice_skip(arn, prefix.len);
    const struct tagged tagged = {
        .request = request,
        .given = tags != NULL ? tags : json_get_present(request->body, "Tags"),
        .taken = json_get_present(request->body, "TagKeys"),
        .id = id,
        .find_tag = find_tag,
    };
    tagged_need(needs, request->operation->action, arn.len > 0 ? arn : SLICE("*"), &tagged);
}
