/* Tags of user pools: TagResource, UntagResource, ListTagsForResource. */
#include "services/cognito_idp/handlers.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/pool.h"

enum { TAGS_LIMIT = 50 };

static const struct shape_entry tag_members[] = {
    {"ResourceArn", &idp_arn, true}, {"Tags", &idp_tags, true}, {0}};
static const struct shape tag_input = {.kind = SHAPE_STRUCTURE, .members = tag_members};
static const struct shape_entry untag_members[] = {
    {"ResourceArn", &idp_arn, true}, {"TagKeys", &idp_tag_keys, true}, {0}};
static const struct shape untag_input = {.kind = SHAPE_STRUCTURE, .members = untag_members};
static const struct shape_entry list_members[] = {{"ResourceArn", &idp_arn, true}, {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

static bool find(struct request *request, struct user_pool *pool)
{
    struct slice arn = shape_text(request->body, "ResourceArn");
    struct slice prefix = user_pool_arn(request, SLICE(""));

    if (!slice_starts_with(arn, prefix) || arn.len == prefix.len)
        return fail(&request->failure, ERROR_INVALID_PARAMETER, "Invalid ARN: %.*s", SLICE_ARGS(arn));
    return user_pool_find(request, slice_skip(arn, prefix.len), pool);
}

/* The tags with those of `more` in their place or behind, without those that `dropped` lists. */
static void merge(struct request *request, struct user_pool *pool, const struct json *more,
                  const struct json *dropped)
{
    size_t old = pool->tags == NULL ? 0 : pool->tags->object.count;
    size_t new = more == NULL ? 0 : more->object.count, count = 0;
    struct json_member *members = arena_array(request->arena, struct json_member, old + new);
    struct json *tags = arena_new(request->arena, struct json);

    for (size_t i = 0; i < old; i++) {
        bool is_dropped = false;
        for (size_t j = 0; j < idp_count(dropped); j++)
            is_dropped |= slice_equal(dropped->array.items[j].text, pool->tags->object.members[i].name);
        if (!is_dropped)
            members[count++] = pool->tags->object.members[i];
    }
    for (size_t i = 0; i < new; i++)
        members[count++] = more->object.members[i];
    *tags = (struct json){JSON_OBJECT, {.object = {members, json_drop_repeated(members, count)}}};
    pool->tags = tags;
}

bool tag_user_pool(struct request *request)
{
    struct user_pool pool;

    if (!idp_accepts(request, &tag_input) || !find(request, &pool))
        return false;
    merge(request, &pool, shape_member(request->body, "Tags"), NULL);
    if (pool.tags->object.count > TAGS_LIMIT)
        return fail(&request->failure, ERROR_INVALID_PARAMETER, "A resource has %d tags at most", TAGS_LIMIT);
    user_pool_put(request, &pool);
    buffer_append_string(request->out, "{}");
    return true;
}

bool untag_user_pool(struct request *request)
{
    struct user_pool pool;

    if (!idp_accepts(request, &untag_input) || !find(request, &pool))
        return false;
    merge(request, &pool, NULL, shape_member(request->body, "TagKeys"));
    user_pool_put(request, &pool);
    buffer_append_string(request->out, "{}");
    return true;
}

bool list_user_pool_tags(struct request *request)
{
    struct user_pool pool;

    if (!idp_accepts(request, &list_input) || !find(request, &pool))
        return false;
    buffer_append_string(request->out, "{\"Tags\":");
    if (pool.tags == NULL)
        buffer_append_string(request->out, "{}");
    else
        json_write_value(request->out, pool.tags);
    buffer_append_byte(request->out, '}');
    return true;
}
