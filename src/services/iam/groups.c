/*
 * CreateGroup, GetGroup, ListGroups, UpdateGroup, DeleteGroup; AddUserToGroup, RemoveUserFromGroup,
 * ListGroupsForUser. A user's record has the names of its groups; who is in a group is found by looking at
 * all users. AWS: API reference.
 */
#include "base/clock.h"
#include "services/iam/describe.h"
#include "services/iam/handlers.h"
#include "services/iam/listing.h"
#include "services/iam/lookup.h"
#include "services/storage_failure.h"

static const struct shape_entry create_members[] = {
    {"Path", &form_path, false}, {"GroupName", &form_name, true}, {0}};
static const struct shape create_input = {.kind = SHAPE_STRUCTURE, .members = create_members};
static const struct shape_entry get_members[] = {{"GroupName", &form_name, true},
                                                 {"Marker", &form_marker, false},
                                                 {"MaxItems", &form_max_items, false},
                                                 {0}};
static const struct shape get_input = {.kind = SHAPE_STRUCTURE, .members = get_members};
static const struct shape_entry update_members[] = {{"GroupName", &form_name, true},
                                                    {"NewPath", &form_path, false},
                                                    {"NewGroupName", &form_name, false},
                                                    {0}};
static const struct shape update_input = {.kind = SHAPE_STRUCTURE, .members = update_members};
static const struct shape_entry one_members[] = {{"GroupName", &form_name, true}, {0}};
static const struct shape one_input = {.kind = SHAPE_STRUCTURE, .members = one_members};
static const struct shape_entry member_members[] = {
    {"GroupName", &form_name, true}, {"UserName", &form_existing_user_name, true}, {0}};
static const struct shape member_input = {.kind = SHAPE_STRUCTURE, .members = member_members};
static const struct shape_entry of_user_members[] = {{"UserName", &form_existing_user_name, true},
                                                     {"Marker", &form_marker, false},
                                                     {"MaxItems", &form_max_items, false},
                                                     {0}};
static const struct shape of_user_input = {.kind = SHAPE_STRUCTURE, .members = of_user_members};

bool create_group(struct request *request)
{
    struct group group = {0};

    if (!form_accepts(request, &create_input) || !change_begin(request))
        return false;
    group.entity = (struct entity){.name = form_text(request, "GroupName"),
                                   .path = form_path_of(request),
                                   .id = entity_new_id(request->arena, KIND_GROUP),
                                   .created = clock_now()};
    if (!lookup_free(request, KIND_GROUP, group.entity.name) || !lookup_room(request, KIND_GROUP))
        return false;
    entity_put(&request->batch, KIND_GROUP, &group);
    buffer_append_string(request->out, "{\"Group\":");
    describe_group(request, &group);
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- members ---- */

static bool is_member(struct request *request, const union any_entity *entity, void *context)
{
    (void)request;
    return texts_find(&entity->user.groups, *(const struct slice *)context) < entity->user.groups.count;
}

static bool describe_member(struct request *request, const union any_entity *entity, void *context)
{
    (void)context;
    describe_user(request, &entity->user, DETAIL_LISTED);
    return true;
}

bool get_group(struct request *request)
{
    struct group group;
    struct page page;
    bool first = true;

    if (!form_accepts(request, &get_input) ||
        !lookup(request, KIND_GROUP, form_text(request, "GroupName"), &group) ||
        !page_begin(&page, request, NULL))
        return false;
    const struct listing members = {
        .kind = KIND_USER, .wants = is_member, .describe = describe_member, .context = &group.entity.name};
    buffer_append_byte(request->out, '{');
    json_write_name(request->out, &first, "Group");
    describe_group(request, &group);
    json_write_name(request->out, &first, "Users");
    buffer_append_byte(request->out, '[');
    if (!listing_walk(&page, &members))
        return false;
    page_end(&page);
    return true;
}

bool add_user_to_group(struct request *request)
{
    struct group group;
    struct user user;

    if (!form_accepts(request, &member_input) || !change_begin(request) ||
        !lookup(request, KIND_GROUP, form_text(request, "GroupName"), &group) ||
        !lookup(request, KIND_USER, form_text(request, "UserName"), &user))
        return false;
    if (texts_find(&user.groups, group.entity.name) < user.groups.count)
        return true;
    if (user.groups.count >= QUOTA_GROUPS_OF_USER)
        return fail(&request->failure, ERROR_IAM_LIMIT_EXCEEDED, "Cannot exceed quota for GroupsPerUser: %d",
                    QUOTA_GROUPS_OF_USER);
    texts_add(request->arena, &user.groups, group.entity.name);
    entity_put(&request->batch, KIND_USER, &user);
    return true;
}

bool remove_user_from_group(struct request *request)
{
    struct group group;
    struct user user;

    if (!form_accepts(request, &member_input) || !change_begin(request) ||
        !lookup(request, KIND_GROUP, form_text(request, "GroupName"), &group) ||
        !lookup(request, KIND_USER, form_text(request, "UserName"), &user))
        return false;
    size_t place = texts_find(&user.groups, group.entity.name);
    if (place == user.groups.count)
        return fail(&request->failure, ERROR_NO_SUCH_ENTITY,
                    "The user with name %.*s is not in the group %.*s.", SLICE_ARGS(user.entity.name),
                    SLICE_ARGS(group.entity.name));
    texts_remove(request->arena, &user.groups, place);
    entity_put(&request->batch, KIND_USER, &user);
    return true;
}

bool list_groups_for_user(struct request *request)
{
    struct user user;
    struct page page;

    if (!form_accepts(request, &of_user_input) ||
        !lookup(request, KIND_USER, form_text(request, "UserName"), &user) ||
        !page_begin(&page, request, "Groups"))
        return false;
    page_sort(user.groups.items, user.groups.count);
    for (size_t i = 0; i < user.groups.count && !page.more; i++) {
        struct group group;
        if (!lookup(request, KIND_GROUP, user.groups.items[i], &group))
            return false;
        if (page_takes(&page, group.entity.name))
            describe_group(request, &group);
    }
    page_end(&page);
    return true;
}

/* ---- all groups ---- */

static bool describe_one(struct request *request, const union any_entity *entity, void *context)
{
    (void)context;
    describe_group(request, &entity->group);
    return true;
}

bool list_groups(struct request *request)
{
    static const struct listing listing = {.kind = KIND_GROUP, .member = "Groups", .describe = describe_one};

    return form_accepts(request, &listing_input) && listing_answer(request, &listing);
}

/* Gives the group of its users another name; an empty name: only looks whether it has any. */
static bool rename_group(struct request *request, struct slice group, struct slice new_name, bool *any)
{
    struct entity_walk walk;
    struct user user;
    struct arena scratch; /* of one user: all together they may be some megabytes */
    enum storage_status status;

    *any = false;
    arena_init(&scratch);
    entity_walk_begin(&walk, request->server->storage, NULL, KIND_USER, SLICE(""), &scratch);
    while ((status = entity_walk_next(&walk, &user)) == STORAGE_OK) {
        size_t place = texts_find(&user.groups, group);
        if (place < user.groups.count) {
            *any = true;
            if (new_name.len == 0)
                break;
            user.groups.items[place] = new_name;
            entity_put(&request->batch, KIND_USER, &user);
        }
        arena_reset(&scratch);
    }
    arena_finish(&scratch);
    entity_walk_end(&walk);
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

bool update_group(struct request *request)
{
    struct group group;
    bool any;

    if (!form_accepts(request, &update_input) || !change_begin(request) ||
        !lookup(request, KIND_GROUP, form_text(request, "GroupName"), &group))
        return false;
    struct slice name = form_text(request, "NewGroupName"), path = form_text(request, "NewPath");
    if (path.ptr != NULL)
        group.entity.path = path;
    if (name.ptr != NULL && !slice_equal(name, group.entity.name)) {
        if (!lookup_renamable(request, KIND_GROUP, group.entity.name, name) ||
            !rename_group(request, group.entity.name, name, &any))
            return false;
        entity_delete(&request->batch, KIND_GROUP, group.entity.name);
        group.entity.name = name;
    }
    entity_put(&request->batch, KIND_GROUP, &group);
    return true;
}

bool delete_group(struct request *request)
{
    struct group group;
    bool any;

    if (!form_accepts(request, &one_input) || !change_begin(request) ||
        !lookup(request, KIND_GROUP, form_text(request, "GroupName"), &group) ||
        !rename_group(request, group.entity.name, SLICE(""), &any))
        return false;
    if (any)
        return fail(&request->failure, ERROR_DELETE_CONFLICT,
                    "Cannot delete entity, must remove users from group first.");
    if (!lookup_bare(request, &group.grants))
        return false;
    entity_delete(&request->batch, KIND_GROUP, group.entity.name);
    return true;
}
