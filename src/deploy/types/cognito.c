#include "deploy/types/cognito.h"

#include "deploy/intrinsics.h"

#define STACK_TAG "turntable:stack-name"
#define ID_TAG    "turntable:logical-id"

enum { DEFAULT_DEPTH = 8 };

/* ---- settings ---- */

static const char *member_of(const struct setting *setting)
{
    return setting->member == NULL ? setting->property : setting->member;
}

static bool is_empty(const struct json *value)
{
    switch (value->type) {
    case JSON_NULL:
        return true;
    case JSON_BOOLEAN:
        return !value->boolean;
    case JSON_STRING:
        return value->text.len == 0;
    case JSON_ARRAY:
        return value->array.count == 0;
    case JSON_OBJECT:
        for (size_t i = 0; i < value->object.count; i++) {
            if (!is_empty(&value->object.members[i].value))
                return false;
        }
        return true;
    case JSON_NUMBER:
        return slice_is(value->text, "0");
    }
    return false;
}

/* Members inside of settings that services tell though nobody set them. */
static bool is_default(const struct json_member *member)
{
    static const struct {
        const char *name, *value;
    } defaults[] = {
        {"TemporaryPasswordValidityDays", "7"},
        {"UnusedAccountValidityDays", "7"},
        {"DefaultEmailOption", "CONFIRM_WITH_CODE"},
        {"EmailSendingAccount", "COGNITO_DEFAULT"},
        {"AdvancedSecurityMode", "OFF"},
        {"AttributeDataType", "String"},
        {"Mutable", "true"},
    };
    struct slice text;

    for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
        if (slice_is(member->name, defaults[i].name) && scalar_text(&member->value, &text) &&
            slice_is(text, defaults[i].value))
            return true;
    }
    return is_empty(&member->value);
}

bool setting_covers(const struct json *want, const struct json *have)
{
    if (want->type == JSON_ARRAY && have->type == JSON_ARRAY) {
        bool same = want->array.count == have->array.count;
        for (size_t i = 0; same && i < want->array.count; i++)
            same = setting_covers(&want->array.items[i], &have->array.items[i]);
        return same;
    }
    if (want->type != JSON_OBJECT || have->type != JSON_OBJECT)
        return json_same(want, have);
    for (size_t i = 0; i < want->object.count; i++) {
        const struct json_member *member = &want->object.members[i];
        const struct json *twin = json_get_slice(have, member->name);
        if (twin == NULL ? !is_default(member) : !setting_covers(&member->value, twin))
            return false;
    }
    for (size_t i = 0; i < have->object.count; i++) {
        const struct json_member *member = &have->object.members[i];
        if (json_get_slice(want, member->name) == NULL && !is_default(member))
            return false;
    }
    return true;
}

void settings_write(struct input *input, const struct setting *settings, const struct json *want)
{
    for (; settings->property != NULL; settings++)
        input_value(input, member_of(settings), json_get(want, settings->property));
}

const char *settings_differ(struct making *making, const struct setting *settings, const struct json *have)
{
    for (; settings->property != NULL; settings++) {
        const struct json *want = json_get(making->want, settings->property);
        const struct json *had = json_get(have, member_of(settings));
        if (want == NULL && settings->otherwise != NULL &&
            json_parse(making->arena, slice_of(settings->otherwise), DEFAULT_DEPTH, &want) != JSON_OK)
            want = NULL;
        bool same = want == NULL  ? had == NULL || is_empty(had)
                    : had == NULL ? is_empty(want)
                                  : setting_covers(want, had);
        if (!same)
            return settings->property;
    }
    return NULL;
}

/* ---- tags ---- */

struct json pool_tags(struct making *making, const struct json *want)
{
    size_t count = want == NULL ? 0 : want->object.count;
    struct json tags = {.type = JSON_OBJECT,
                        .object = {arena_array(making->arena, struct json_member, count + 2), count + 2}};

    for (size_t i = 0; i < count; i++)
        tags.object.members[i] = want->object.members[i];
    tags.object.members[count] =
        (struct json_member){SLICE(STACK_TAG), {.type = JSON_STRING, .text = making->stack->identity.name}};
    tags.object.members[count + 1] =
        (struct json_member){SLICE(ID_TAG), {.type = JSON_STRING, .text = making->resource->id}};
    return tags;
}

bool pool_is_own(const struct making *making, const struct json *tags)
{
    return slice_equal(text_of(tags, STACK_TAG), making->stack->identity.name) &&
           slice_equal(text_of(tags, ID_TAG), making->resource->id);
}

bool pool_tags_same(struct making *making, const struct json *want, const struct json *have)
{
    const struct json wanted = tags_as_list(making->arena, want), had = tags_as_list(making->arena, have);
    struct tag_changes changes;

    tags_compare(making->arena, &wanted, &had, &changes);
    return changes.added.array.count == 0 && changes.removed.array.count == 0;
}
