/* Groups: made, changed, listed, and who is in them. AWS: "Adding groups to a user pool". */
#include "base/clock.h"
#include "services/cognito_idp/group.h"
#include "services/cognito_idp/handlers.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/keeper.h"
#include "services/cognito_idp/user_page.h"
#include "services/storage_failure.h"

static const struct shape description = {.kind = SHAPE_STRING, .max = 2048, .in_characters = true};
static const struct shape precedence = {.kind = SHAPE_INTEGER, .not_negative = true};
static const struct shape_entry group_members[] = {
    {"GroupName", &idp_group_name, true}, {"UserPoolId", &idp_pool_id, true}, {0}};
static const struct shape group_input = {.kind = SHAPE_STRUCTURE, .members = group_members};
static const struct shape_entry whole_members[] = {
    {"GroupName", &idp_group_name, true}, {"UserPoolId", &idp_pool_id, true},
    {"Description", &description, false}, {"RoleArn", &idp_arn, false},
    {"Precedence", &precedence, false},   {0}};
static const struct shape whole_input = {.kind = SHAPE_STRUCTURE, .members = whole_members};

static bool find_pool(struct request *request, struct user_pool *pool)
{
    return user_pool_find(request, shape_text(request->body, "UserPoolId"), pool);
}

static void write(struct request *request, const struct user_pool *pool, const struct group *group)
{
    buffer_append_string(request->out, "{\"Group\":");
    group_write(request->out, pool, group);
    buffer_append_byte(request->out, '}');
}

bool create_user_group(struct request *request)
{
    struct user_pool pool;
    struct group group;
    bool found;

    if (!idp_accepts(request, &whole_input) || !find_pool(request, &pool) ||
        !group_look_up(request, &pool, shape_text(request->body, "GroupName"), &found, &group))
        return false;
    if (found)
        return fail(&request->failure, ERROR_IDP_GROUP_EXISTS, "A group with the name already exists.");
    group.description = shape_text(request->body, "Description");
    group.role = shape_text(request->body, "RoleArn");
    group.precedence = shape_number(request->body, "Precedence", NO_PRECEDENCE);
    group.created = group.modified = clock_now();
    group_begin(request, &group);
    user_pool_rely(request, &pool);
    group_put(request, &group);
    write(request, &pool, &group);
    return true;
}

bool get_user_group(struct request *request)
{
    struct user_pool pool;
    struct group group;

    if (!idp_accepts(request, &group_input) || !find_pool(request, &pool) ||
        !group_find(request, &pool, shape_text(request->body, "GroupName"), &group))
        return false;
    write(request, &pool, &group);
    return true;
}

bool update_user_group(struct request *request)
{
    struct user_pool pool;
    struct group group;

    if (!idp_accepts(request, &whole_input) || !find_pool(request, &pool) ||
        !group_find(request, &pool, shape_text(request->body, "GroupName"), &group))
        return false;
    if (shape_member(request->body, "Description") != NULL)
        group.description = shape_text(request->body, "Description");
    if (shape_member(request->body, "RoleArn") != NULL)
        group.role = shape_text(request->body, "RoleArn");
    group.precedence = shape_number(request->body, "Precedence", group.precedence);
    group.modified = clock_now();
    user_pool_rely(request, &pool);
    group_put(request, &group);
    write(request, &pool, &group);
    return true;
}

static void erase_members(struct request *request)
{
    user_keeper_wake(request->server->user_keeper);
}

/* Nobody is in it from this commit on; its members, however many, are erased behind the answer. */
bool delete_user_group(struct request *request)
{
    struct user_pool pool;
    struct group group;

    if (!idp_accepts(request, &group_input) || !find_pool(request, &pool) ||
        !group_find(request, &pool, shape_text(request->body, "GroupName"), &group))
        return false;
    batch_put(&request->batch, keys_group_erasure(request->arena, pool.number, group.name, group.id),
              SLICE("1"));
    user_pool_rely(request, &pool);
    batch_guard(&request->batch, group.key, group.version);
    batch_delete(&request->batch, group.key);
    request->committed = erase_members;
    return true;
}

/* ---- lists ---- */

static bool write_group(struct request *request, void *context, struct slice key, struct slice value,
                        bool *told)
{
    struct group group = {.key = key};

    if (!group_read(request, value, &group))
        return storage_failure(&request->failure, STORAGE_CORRUPT);
    group_write(request->out, context, &group);
    *told = true;
    return true;
}

static const struct shape_entry list_members[] = {{"UserPoolId", &idp_pool_id, true},
                                                  {"Limit", &idp_list_limit, false},
                                                  {"NextToken", &idp_page_token, false},
                                                  {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

bool list_user_groups(struct request *request)
{
    struct user_pool pool;
    struct user_page page;

    if (!idp_accepts(request, &list_input) || !find_pool(request, &pool))
        return false;
    struct key_range range = keys_users_range(request->arena, pool.number, USERS_GROUPS, SLICE(""));
    return user_page_begin(request, range, "Limit", "NextToken", &page) &&
           user_page_write(request, &page, "Groups", &pool, write_group);
}

static bool write_membership(struct request *request, void *context, struct slice key, struct slice value,
                             bool *told)
{
    const struct user_pool *pool = context;
    struct group group;

    if (!group_look_up(request, pool, keys_users_name(key), told, &group))
        return false;
    *told = *told && group_is_meant(&group, value);
    if (*told)
        group_write(request->out, pool, &group);
    return true;
}

static const struct shape_entry of_user_members[] = {{"Username", &idp_user_name, true},
                                                     {"UserPoolId", &idp_pool_id, true},
                                                     {"Limit", &idp_list_limit, false},
                                                     {"NextToken", &idp_page_token, false},
                                                     {0}};
static const struct shape of_user_input = {.kind = SHAPE_STRUCTURE, .members = of_user_members};

bool admin_list_groups_for_user(struct request *request)
{
    struct user_pool pool;
    struct user user;
    struct user_page page;

    if (!idp_accepts(request, &of_user_input) || !find_pool(request, &pool) ||
        !user_find(request, &pool, shape_text(request->body, "Username"), &user))
        return false;
    struct key_range range = keys_users_range(request->arena, pool.number, USERS_MEMBERSHIPS, user.name);
    return user_page_begin(request, range, "Limit", "NextToken", &page) &&
           user_page_write(request, &page, "Groups", &pool, write_membership);
}

struct members {
    struct user_pool pool;
    struct group group;
};

static bool write_member(struct request *request, void *context, struct slice key, struct slice value,
                         bool *told)
{
    const struct members *members = context;
    struct user user;

    if (!group_is_meant(&members->group, value))
        return true;
    if (!user_look_up(request, &members->pool, keys_users_name(key), told, &user))
        return false;
    if (*told)
        user_write(request->out, &user, "Attributes", NULL);
    return true;
}

static const struct shape_entry in_group_members[] = {{"UserPoolId", &idp_pool_id, true},
                                                      {"GroupName", &idp_group_name, true},
                                                      {"Limit", &idp_list_limit, false},
                                                      {"NextToken", &idp_page_token, false},
                                                      {0}};
static const struct shape in_group_input = {.kind = SHAPE_STRUCTURE, .members = in_group_members};

bool list_group_users(struct request *request)
{
    struct members members;
    struct user_page page;

    if (!idp_accepts(request, &in_group_input) || !find_pool(request, &members.pool) ||
        !group_find(request, &members.pool, shape_text(request->body, "GroupName"), &members.group))
        return false;
    struct key_range range =
        keys_users_range(request->arena, members.pool.number, USERS_MEMBERS, members.group.name);
    return user_page_begin(request, range, "Limit", "NextToken", &page) &&
           user_page_write(request, &page, "Users", &members, write_member);
}

/* ---- membership ---- */

static const struct shape_entry both_members[] = {{"UserPoolId", &idp_pool_id, true},
                                                  {"Username", &idp_user_name, true},
                                                  {"GroupName", &idp_group_name, true},
                                                  {0}};
static const struct shape both_input = {.kind = SHAPE_STRUCTURE, .members = both_members};

struct both {
    struct user_pool pool;
    struct user user;
    struct group group;
    struct slice member, membership; /* keys */
};

static bool find_both(struct request *request, struct both *out)
{
    if (!idp_accepts(request, &both_input) || !find_pool(request, &out->pool) ||
        !user_find(request, &out->pool, shape_text(request->body, "Username"), &out->user) ||
        !group_find(request, &out->pool, shape_text(request->body, "GroupName"), &out->group))
        return false;
    out->member =
        keys_users(request->arena, out->pool.number, USERS_MEMBERS, out->group.name, out->user.name);
    out->membership =
        keys_users(request->arena, out->pool.number, USERS_MEMBERSHIPS, out->user.name, out->group.name);
    /* Both are written again, so that whoever deletes one of them meanwhile knows of it: nobody is to be in a
     * group by the name of a user or a group that was deleted. */
    group_put(request, &out->group);
    return user_put(request, &out->pool, &out->user, false);
}

/* AWS: "Quotas in Amazon Cognito", groups that a user can belong to. */
static bool check_count(struct request *request, const struct both *both)
{
    struct group *groups = arena_array(request->arena, struct group, GROUPS_OF_USER);
    size_t count;

    if (!groups_of_user(request, &both->pool, &both->user, groups, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(groups[i].name, both->group.name))
            return true;
    }
    return count < GROUPS_OF_USER ||
           fail(&request->failure, ERROR_IDP_LIMIT_EXCEEDED,
                "The user is in %d groups, which is the most that there may be", GROUPS_OF_USER);
}

bool admin_add_user_to_group(struct request *request)
{
    struct both both;

    if (!find_both(request, &both) || !check_count(request, &both))
        return false;
    batch_put(&request->batch, both.member, both.group.id);
    batch_put(&request->batch, both.membership, both.group.id);
    return true;
}

bool admin_remove_user_from_group(struct request *request)
{
    struct both both;

    if (!find_both(request, &both))
        return false;
    batch_delete(&request->batch, both.member);
    batch_delete(&request->batch, both.membership);
    return true;
}
