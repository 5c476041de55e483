/* TagResource, UntagResource, ListTagsForResource; GetPrincipalTagAttributeMap, SetPrincipalTagAttributeMap.
 * AWS: API reference of Cognito federated identities; "Using attributes for access control". */
#include "services/accepts.h"
#include "services/cognito_identity/handlers.h"
#include "services/cognito_identity/input.h"
#include "services/cognito_identity/records.h"

enum { TAGS_LIMIT = 50, TAG_MAPS_LIMIT = 50 };

static const struct shape_entry tag_members[] = {
    {"ResourceArn", &identity_pool_arn, true}, {"Tags", &identity_tags, true}, {0}};
static const struct shape tag_input = {.kind = SHAPE_STRUCTURE, .members = tag_members};
static const struct shape_entry untag_members[] = {
    {"ResourceArn", &identity_pool_arn, true}, {"TagKeys", &identity_tag_keys, true}, {0}};
static const struct shape untag_input = {.kind = SHAPE_STRUCTURE, .members = untag_members};
static const struct shape_entry list_members[] = {{"ResourceArn", &identity_pool_arn, true}, {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

static const struct shape map_key = {.kind = SHAPE_STRING, .min = 1, .max = 128};
static const struct shape map_value = {.kind = SHAPE_STRING, .min = 1, .max = 256};
static const struct shape map = {
    .kind = SHAPE_MAP, .element = &map_value, .names = &map_key, .max = 50, .java = "java.lang.String"};
static const struct shape_entry set_members[] = {{"IdentityPoolId", &identity_pool_id, true},
                                                 {"IdentityProviderName", &identity_provider_name, true},
                                                 {"UseDefaults", &shape_boolean_value, false},
                                                 {"PrincipalTags", &map, false},
                                                 {0}};
static const struct shape set_input = {.kind = SHAPE_STRUCTURE, .members = set_members};
static const struct shape_entry get_members[] = {{"IdentityPoolId", &identity_pool_id, true},
                                                 {"IdentityProviderName", &identity_provider_name, true},
                                                 {0}};
static const struct shape get_input = {.kind = SHAPE_STRUCTURE, .members = get_members};

/* ---- tags of a pool ---- */

static bool find_tagged(struct request *request, const struct shape *input, struct identity_pool *out,
                        struct version *version)
{
    struct slice prefix = identity_pool_arn_of(request, SLICE(""));

    if (!accepts(request, input))
        return false;
    struct slice arn = shape_text(request->body, "ResourceArn");
    if (!slice_starts_with(arn, prefix))
        return fail(&request->failure, ERROR_INVALID_PARAMETER, "Invalid ARN: %.*s", SLICE_ARGS(arn));
    return pool_find(request, slice_skip(arn, prefix.len), out, version);
}

static void set_pair(struct arena *arena, struct pairs *pairs, const struct pair *pair)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (slice_equal(pairs->items[i].key, pair->key)) {
            pairs->items[i].value = pair->value;
            return;
        }
    }
    pairs->items = arena_grow(arena, pairs->items, pairs->count, pairs->count + 1, sizeof(*pair));
    pairs->items[pairs->count++] = *pair;
}

static bool put_tagged(struct request *request, const struct identity_pool *pool, struct version version)
{
    batch_guard(&request->batch, pool_key(request->arena, pool->id), version);
    pool_put(request, pool);
    buffer_append_string(request->out, "{}");
    return true;
}

bool tag_identity_pool(struct request *request)
{
    struct identity_pool pool;
    struct version version;

    if (!find_tagged(request, &tag_input, &pool, &version))
        return false;
    struct pairs more = pairs_of(request->arena, shape_member(request->body, "Tags"));
    for (size_t i = 0; i < more.count && pool.tags.count <= TAGS_LIMIT; i++)
        set_pair(request->arena, &pool.tags, &more.items[i]);
    if (pool.tags.count > TAGS_LIMIT)
        return fail(&request->failure, ERROR_INVALID_PARAMETER, "A resource has at most %d tags", TAGS_LIMIT);
    return put_tagged(request, &pool, version);
}

bool untag_identity_pool(struct request *request)
{
    struct identity_pool pool;
    struct version version;

    if (!find_tagged(request, &untag_input, &pool, &version))
        return false;
    const struct json *keys = shape_member(request->body, "TagKeys");
    for (size_t i = 0; i < keys->array.count; i++) {
        struct pairs *tags = &pool.tags;
        for (size_t j = 0; j < tags->count; j++) {
            if (!slice_equal(tags->items[j].key, keys->array.items[i].text))
                continue;
            tags->items = list_without(request->arena, tags->items, tags->count, sizeof(struct pair), j);
            tags->count--;
            break;
        }
    }
    return put_tagged(request, &pool, version);
}

bool list_identity_pool_tags(struct request *request)
{
    struct identity_pool pool;

    if (!find_tagged(request, &list_input, &pool, NULL))
        return false;
    buffer_append_string(request->out, "{\"Tags\":");
    pairs_write(request->out, &pool.tags);
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- what becomes tags of sessions ---- */

static bool answer_map(struct request *request, const struct identity_pool *pool,
                       const struct tag_map *tag_map)
{
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "IdentityPoolId", pool->id);
    json_write_string_member(out, &first, "IdentityProviderName", tag_map->provider);
    json_write_name(out, &first, "UseDefaults");
    buffer_append_string(out, tag_map->defaults ? "true" : "false");
    json_write_name(out, &first, "PrincipalTags");
    pairs_write(out, &tag_map->tags);
    buffer_append_byte(out, '}');
    return true;
}

bool set_principal_tag_attribute_map(struct request *request)
{
    struct identity_pool pool;
    struct version version;
    size_t place = 0;

    if (!accepts(request, &set_input) || !pool_of_input(request, &pool, &version))
        return false;
    const struct tag_map made = {.provider = shape_text(request->body, "IdentityProviderName"),
                                 .defaults = shape_boolean(request->body, "UseDefaults", false),
                                 .tags =
                                     pairs_of(request->arena, shape_member(request->body, "PrincipalTags"))};
    struct tag_maps *maps = &pool.tag_maps;
    while (place < maps->count && !slice_equal(maps->items[place].provider, made.provider))
        place++;
    if (place >= TAG_MAPS_LIMIT)
        return fail(&request->failure, ERROR_INVALID_PARAMETER,
                    "An identity pool maps the claims of at most %d providers", TAG_MAPS_LIMIT);
    if (place == maps->count)
        maps->items =
            arena_grow(request->arena, maps->items, maps->count, maps->count + 1, sizeof(maps->items[0]));
    maps->items[place] = made;
    maps->count += place == maps->count;
    batch_guard(&request->batch, pool_key(request->arena, pool.id), version);
    pool_put(request, &pool);
    return answer_map(request, &pool, &made);
}

bool get_principal_tag_attribute_map(struct request *request)
{
    struct identity_pool pool;

    if (!accepts(request, &get_input) || !pool_of_input(request, &pool, NULL))
        return false;
    struct slice provider = shape_text(request->body, "IdentityProviderName");
    for (size_t i = 0; i < pool.tag_maps.count; i++) {
        if (slice_equal(pool.tag_maps.items[i].provider, provider))
            return answer_map(request, &pool, &pool.tag_maps.items[i]);
    }
    const struct tag_map none = {.provider = provider};
    return answer_map(request, &pool, &none);
}
