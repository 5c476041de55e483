/* CreateUser, GetUser, ListUsers, UpdateUser, DeleteUser. AWS: API reference. */
#include "base/clock.h"
#include "services/iam/describe.h"
#include "services/iam/handlers.h"
#include "services/iam/listing.h"
#include "services/iam/lookup.h"

static const struct shape_entry create_members[] = {{"Path", &form_path, false},
                                                    {"UserName", &form_user_name, true},
                                                    {"PermissionsBoundary", &form_arn, false},
                                                    {"Tags", &form_tags, false},
                                                    {0}};
static const struct shape create_input = {.kind = SHAPE_STRUCTURE, .members = create_members};
static const struct shape_entry get_members[] = {{"UserName", &form_existing_user_name, false}, {0}};
static const struct shape get_input = {.kind = SHAPE_STRUCTURE, .members = get_members};
static const struct shape_entry one_members[] = {{"UserName", &form_existing_user_name, true}, {0}};
static const struct shape one_input = {.kind = SHAPE_STRUCTURE, .members = one_members};
static const struct shape_entry update_members[] = {{"UserName", &form_existing_user_name, true},
                                                    {"NewPath", &form_path, false},
                                                    {"NewUserName", &form_user_name, false},
                                                    {0}};
static const struct shape update_input = {.kind = SHAPE_STRUCTURE, .members = update_members};

static bool answer_user(struct request *request, const struct user *user)
{
    buffer_append_string(request->out, "{\"User\":");
    describe_user(request, user, DETAIL_WHOLE);
    buffer_append_byte(request->out, '}');
    return true;
}

bool create_user(struct request *request)
{
    struct user user = {0};

    if (!form_accepts(request, &create_input) || !form_read_tags(request, &user.entity.tags) ||
        !change_begin(request))
        return false;
    user.entity.name = form_text(request, "UserName");
    user.entity.path = form_path_of(request);
    user.entity.id = entity_new_id(request->arena, KIND_USER);
    user.entity.created = clock_now();
    user.grants.boundary = form_text(request, "PermissionsBoundary");
    if (!lookup_free(request, KIND_USER, user.entity.name) || !lookup_room(request, KIND_USER) ||
        !lookup_boundary(request, user.grants.boundary))
        return false;
    entity_put(&request->batch, KIND_USER, &user);
    return answer_user(request, &user);
}

/* AWS tells of the root user without a name. When the account was made is not known here, so the epoch is
 * told. */
static bool answer_root(struct request *request)
{
    bool first = true;
    struct buffer *out = request->out;

    buffer_append_string(out, "{\"User\":{");
    json_write_string_member(out, &first, "UserId", request->server->account_id);
    json_write_string_member(out, &first, "Arn", request->principal.arn);
    describe_time(request, &first, "CreateDate", 0);
    buffer_append_string(out, "}}");
    return true;
}

bool get_user(struct request *request)
{
    struct user user;

    if (!form_accepts(request, &get_input))
        return false;
    bool unnamed = form_text(request, "UserName").ptr == NULL;
    if (unnamed &&
        (request->principal.kind == PRINCIPAL_ROOT || request->principal.kind == PRINCIPAL_ANONYMOUS))
        return answer_root(request);
    return lookup_user_or_caller(request, &user) && answer_user(request, &user);
}

static bool describe_one(struct request *request, const union any_entity *entity, void *context)
{
    (void)context;
    describe_user(request, &entity->user, DETAIL_LISTED);
    return true;
}

bool list_users(struct request *request)
{
    static const struct listing listing = {.kind = KIND_USER, .member = "Users", .describe = describe_one};

    return form_accepts(request, &listing_input) && listing_answer(request, &listing);
}

/* What tells the user's name beside its own record. */
static bool rename_keys(struct request *request, const struct user *user)
{
    for (size_t i = 0; i < user->keys.count; i++) {
        struct access_key key;
        if (!lookup(request, KIND_ACCESS_KEY, user->keys.items[i], &key))
            return false;
        key.user = user->entity.name;
        entity_put(&request->batch, KIND_ACCESS_KEY, &key);
    }
    return true;
}

bool update_user(struct request *request)
{
    struct user user;

    if (!form_accepts(request, &update_input) || !change_begin(request) ||
        !lookup(request, KIND_USER, form_text(request, "UserName"), &user))
        return false;
    struct slice name = form_text(request, "NewUserName"), path = form_text(request, "NewPath");
    if (path.ptr != NULL)
        user.entity.path = path;
    if (name.ptr != NULL && !slice_equal(name, user.entity.name)) {
        if (!lookup_renamable(request, KIND_USER, user.entity.name, name))
            return false;
        entity_delete(&request->batch, KIND_USER, user.entity.name);
        user.entity.name = name;
        if (!rename_keys(request, &user))
            return false;
    }
    entity_put(&request->batch, KIND_USER, &user);
    return true;
}

bool delete_user(struct request *request)
{
    struct user user;
    struct failure *failure = &request->failure;

    if (!form_accepts(request, &one_input) || !change_begin(request) ||
        !lookup(request, KIND_USER, form_text(request, "UserName"), &user))
        return false;
    if (user.groups.count > 0)
        return fail(failure, ERROR_DELETE_CONFLICT,
                    "Cannot delete entity, must remove users from group first.");
    if (user.keys.count > 0)
        return fail(failure, ERROR_DELETE_CONFLICT, "Cannot delete entity, must delete access keys first.");
    if (!lookup_bare(request, &user.grants))
        return false;
    entity_delete(&request->batch, KIND_USER, user.entity.name);
    return true;
}
