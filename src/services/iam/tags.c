/*
 * TagUser, UntagUser, ListUserTags, and the same of roles, policies, instance profiles and OpenID Connect
 * providers. AWS: API reference; "Tags for AWS Identity and Access Management resources": keys do not differ
 * in case alone.
 */
#include <strings.h>

#include "services/iam/describe.h"
#include "services/iam/handlers.h"
#include "services/iam/lookup.h"
#include "services/iam/page.h"
#include "services/iam/providers.h"

/* ---- on a record ---- */

static bool is_key(struct slice a, struct slice b)
{
    return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

static size_t place_of(const struct entity_tags *tags, struct slice key)
{
    size_t place = 0;

    while (place < tags->count && !is_key(tags->items[place].key, key))
        place++;
    return place;
}

static bool add_tags(struct request *request, struct entity_tags *tags)
{
    struct entity_tags added;

    if (!form_read_tags(request, &added))
        return false;
    tags->items = arena_grow(request->arena, tags->items, tags->count, tags->count + added.count,
                             sizeof(tags->items[0]));
    for (size_t i = 0; i < added.count; i++) {
        size_t place = place_of(tags, added.items[i].key);
        tags->items[place] = added.items[i];
        if (place == tags->count)
            tags->count++;
    }
    return tags->count <= QUOTA_TAGS || fail(&request->failure, ERROR_IAM_LIMIT_EXCEEDED,
                                             "The number of tags has reached the maximum limit.");
}

static bool remove_tags(struct request *request, struct entity_tags *tags)
{
    const struct json *keys = shape_member(request->body, "TagKeys");

    for (size_t i = 0; i < keys->array.count; i++) {
        size_t place = place_of(tags, keys->array.items[i].text);
        if (place == tags->count)
            continue;
        tags->items = list_without(request->arena, tags->items, tags->count, sizeof(tags->items[0]), place);
        tags->count--;
    }
    return true;
}

static bool list_tags(struct request *request, const struct entity_tags *tags)
{
    struct slice *keys = arena_array(request->arena, struct slice, tags->count);
    struct page page;

    if (!page_begin(&page, request, "Tags"))
        return false;
    for (size_t i = 0; i < tags->count; i++)
        keys[i] = tags->items[i].key;
    page_sort(keys, tags->count);
    for (size_t i = 0; i < tags->count && !page.more; i++) {
        bool first = true;
        if (!page_takes(&page, keys[i]))
            continue;
        buffer_append_byte(request->out, '{');
        json_write_string_member(request->out, &first, "Key", keys[i]);
        json_write_string_member(request->out, &first, "Value", tags->items[place_of(tags, keys[i])].value);
        buffer_append_byte(request->out, '}');
    }
    page_end(&page);
    return true;
}

/* ---- what has tags ---- */

struct tagged {
    enum entity_kind kind;
    must_use bool (*find)(struct request *request, bool to_change, union any_entity *out);
};

static bool find_user(struct request *request, bool to_change, union any_entity *out)
{
    (void)to_change;
    return lookup(request, KIND_USER, form_text(request, "UserName"), out);
}

static bool find_role(struct request *request, bool to_change, union any_entity *out)
{
    (void)to_change;
    return lookup(request, KIND_ROLE, form_text(request, "RoleName"), out);
}

static bool find_policy(struct request *request, bool to_change, union any_entity *out)
{
    return to_change ? lookup_own_policy(request, &out->policy) : lookup_policy(request, &out->policy);
}

static bool find_profile(struct request *request, bool to_change, union any_entity *out)
{
    (void)to_change;
    return lookup(request, KIND_INSTANCE_PROFILE, form_text(request, "InstanceProfileName"), out);
}

static bool find_provider(struct request *request, bool to_change, union any_entity *out)
{
    (void)to_change;
    return providers_find(request, &out->oidc_provider);
}

static const struct tagged user = {KIND_USER, find_user}, role = {KIND_ROLE, find_role},
                           policy = {KIND_POLICY, find_policy},
                           profile = {KIND_INSTANCE_PROFILE, find_profile},
                           provider = {KIND_OIDC_PROVIDER, find_provider};

static bool change(struct request *request, const struct tagged *tagged, const struct shape *input,
                   bool (*how)(struct request *request, struct entity_tags *tags))
{
    union any_entity entity;

    if (!form_accepts(request, input) || !change_begin(request) || !tagged->find(request, true, &entity) ||
        !how(request, &entity.entity.tags))
        return false;
    entity_put(&request->batch, tagged->kind, &entity);
    return true;
}

static bool list(struct request *request, const struct tagged *tagged, const struct shape *input)
{
    union any_entity entity;

    return form_accepts(request, input) && tagged->find(request, false, &entity) &&
           list_tags(request, &entity.entity.tags);
}

/* The inputs of the three operations of each. */
#define INPUTS(tagged, member, name_shape)                                                                   \
    static const struct shape_entry tagged##_tag_members[] = {                                               \
        {member, name_shape, true}, {"Tags", &form_tags, true}, {0}};                                        \
    static const struct shape tagged##_tag_input = {.kind = SHAPE_STRUCTURE,                                 \
                                                    .members = tagged##_tag_members};                        \
    static const struct shape_entry tagged##_untag_members[] = {                                             \
        {member, name_shape, true}, {"TagKeys", &form_tag_keys, true}, {0}};                                 \
    static const struct shape tagged##_untag_input = {.kind = SHAPE_STRUCTURE,                               \
                                                      .members = tagged##_untag_members};                    \
    static const struct shape_entry tagged##_list_members[] = {{member, name_shape, true},                   \
                                                               {"Marker", &form_marker, false},              \
                                                               {"MaxItems", &form_max_items, false},         \
                                                               {0}};                                         \
    static const struct shape tagged##_list_input = {.kind = SHAPE_STRUCTURE,                                \
                                                     .members = tagged##_list_members};

INPUTS(user, "UserName", &form_existing_user_name)
INPUTS(role, "RoleName", &form_role_name)
INPUTS(policy, "PolicyArn", &form_arn)
INPUTS(profile, "InstanceProfileName", &form_name)
INPUTS(provider, "OpenIDConnectProviderArn", &form_arn)
#undef INPUTS

bool tag_user(struct request *request)
{
    return change(request, &user, &user_tag_input, add_tags);
}

bool untag_user(struct request *request)
{
    return change(request, &user, &user_untag_input, remove_tags);
}

bool list_user_tags(struct request *request)
{
    return list(request, &user, &user_list_input);
}

bool tag_role(struct request *request)
{
    return change(request, &role, &role_tag_input, add_tags);
}

bool untag_role(struct request *request)
{
    return change(request, &role, &role_untag_input, remove_tags);
}

bool list_role_tags(struct request *request)
{
    return list(request, &role, &role_list_input);
}

bool tag_policy(struct request *request)
{
    return change(request, &policy, &policy_tag_input, add_tags);
}

bool untag_policy(struct request *request)
{
    return change(request, &policy, &policy_untag_input, remove_tags);
}

bool list_policy_tags(struct request *request)
{
    return list(request, &policy, &policy_list_input);
}

bool tag_instance_profile(struct request *request)
{
    return change(request, &profile, &profile_tag_input, add_tags);
}

bool untag_instance_profile(struct request *request)
{
    return change(request, &profile, &profile_untag_input, remove_tags);
}

bool list_instance_profile_tags(struct request *request)
{
    return list(request, &profile, &profile_list_input);
}

bool tag_open_id_connect_provider(struct request *request)
{
    return change(request, &provider, &provider_tag_input, add_tags);
}

bool untag_open_id_connect_provider(struct request *request)
{
    return change(request, &provider, &provider_untag_input, remove_tags);
}

bool list_open_id_connect_provider_tags(struct request *request)
{
    return list(request, &provider, &provider_list_input);
}
