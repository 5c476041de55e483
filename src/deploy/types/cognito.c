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

void settings_read(struct input *out, const struct setting *settings, const struct json *have)
{
    for (; settings->property != NULL; settings++) {
        const struct json *had = json_get(have, member_of(settings));
        if (had != NULL && !is_empty(had))
            input_value(out, settings->property, had);
    }
}

/* ---- tags ---- */

static struct json_member text_member(const char *name, struct slice text)
{
    return (struct json_member){slice_of(name), {.type = JSON_STRING, .text = text}};
}

static bool has_marks(const struct making *making)
{
    return making->invoker->within;
}

struct json pool_tags(struct making *making, const struct json *want)
{
    const struct json own = tags_as_list(making->arena, want), all = making_tags(making, &own);
    struct json tags = tags_as_map(making->arena, &all);

    if (has_marks(making))
        return tags;
    tags.object.members = arena_grow(making->arena, tags.object.members, tags.object.count,
                                     tags.object.count + 2, sizeof(*tags.object.members));
    tags.object.members[tags.object.count++] = text_member(STACK_TAG, making->stack->identity.name);
    tags.object.members[tags.object.count++] = text_member(ID_TAG, making->resource->id);
    return tags;
}

/* Whether tags (a map) say that the pool is the resource's own. */
static bool is_own(const struct making *making, const struct json *tags)
{
    const struct stack *stack = making->stack;

    if (has_marks(making))
        return slice_equal(text_of(tags, STACK_ID_TAG), stack_arn(stack)) &&
               slice_equal(text_of(tags, LOGICAL_ID_TAG), making->resource->id);
    return slice_equal(text_of(tags, STACK_TAG), stack->identity.name) &&
           slice_equal(text_of(tags, ID_TAG), making->resource->id);
}

bool pool_tags_same(struct making *making, const struct json *want, const struct json *have)
{
    const struct json own = tags_as_list(making->arena, want), wanted = making_tags(making, &own),
                      had = tags_as_list(making->arena, have);
    struct tag_changes changes;

    tags_compare(making->arena, &wanted, &had, &changes);
    return changes.added.array.count == 0 && changes.removed.array.count == 0;
}

/* ---- pools ---- */

/* *out is NULL if there is no such pool. */
static bool describe(struct making *making, const struct pool_kind *kind, struct slice id,
                     const struct json **out)
{
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_text(&input, kind->id, id);
    if (!making_ask(making, kind->listing.service, kind->describe, NOT_THERE, &input, &answer))
        return false;
    *out =
        answer.body == NULL || kind->described == NULL ? answer.body : json_get(answer.body, kind->described);
    return true;
}

/* Only a description tells a pool's tags. Pools of the name that is wanted are looked at first. */
bool pool_seek(struct making *making, const struct pool_kind *kind)
{
    struct json pools;

    if (making->id.len > 0)
        return describe(making, kind, making->id, &making->have);
    if (!making_list(making, &kind->listing, (const struct text_member[]){{0}}, &pools))
        return false;
    for (size_t i = 0; i < 2 * pools.array.count && making->have == NULL; i++) {
        const struct json *pool = &pools.array.items[i % pools.array.count], *described;
        struct slice id = text_of(pool, kind->listing.element);
        bool named = slice_equal(text_of(pool, kind->name), making->name);
        if (named != (i < pools.array.count) || slice_equal(id, making->instead_of))
            continue;
        if (!describe(making, kind, id, &described))
            return false;
        if (is_own(making, json_get(described, kind->tags)))
            making->have = described;
    }
    return true;
}
