/*
 * CreateAccessKey, ListAccessKeys, UpdateAccessKey, DeleteAccessKey, GetAccessKeyLastUsed. AWS: API
 * reference.
 */
#include "base/clock.h"
#include "directory/directory.h"
#include "services/iam/describe.h"
#include "services/iam/handlers.h"
#include "services/iam/lookup.h"
#include "services/iam/page.h"

static const struct shape_entry create_members[] = {{"UserName", &form_existing_user_name, false}, {0}};
static const struct shape create_input = {.kind = SHAPE_STRUCTURE, .members = create_members};
static const struct shape_entry list_members[] = {{"UserName", &form_existing_user_name, false},
                                                  {"Marker", &form_marker, false},
                                                  {"MaxItems", &form_max_items, false},
                                                  {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};
static const struct shape_entry update_members[] = {{"UserName", &form_existing_user_name, false},
                                                    {"AccessKeyId", &form_key_id, true},
                                                    {"Status", &form_key_status, true},
                                                    {0}};
static const struct shape update_input = {.kind = SHAPE_STRUCTURE, .members = update_members};
static const struct shape_entry delete_members[] = {
    {"UserName", &form_existing_user_name, false}, {"AccessKeyId", &form_key_id, true}, {0}};
static const struct shape delete_input = {.kind = SHAPE_STRUCTURE, .members = delete_members};
static const struct shape_entry used_members[] = {{"AccessKeyId", &form_key_id, true}, {0}};
static const struct shape used_input = {.kind = SHAPE_STRUCTURE, .members = used_members};

static void describe_key(struct request *request, const struct access_key *key, bool with_secret)
{
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "UserName", key->user);
    json_write_string_member(out, &first, "AccessKeyId", key->entity.name);
    json_write_string_member(out, &first, "Status", key->inactive ? SLICE("Inactive") : SLICE("Active"));
    if (with_secret)
        json_write_string_member(out, &first, "SecretAccessKey", key->secret);
    describe_time(request, &first, "CreateDate", key->entity.created);
    buffer_append_byte(out, '}');
}

bool create_access_key(struct request *request)
{
    struct user user;

    if (!form_accepts(request, &create_input) || !change_begin(request) ||
        !lookup_user_or_caller(request, &user))
        return false;
    if (user.keys.count >= QUOTA_ACCESS_KEYS)
        return fail(&request->failure, ERROR_IAM_LIMIT_EXCEEDED,
                    "Cannot exceed quota for AccessKeysPerUser: %d", QUOTA_ACCESS_KEYS);
    const struct access_key key = {
        .entity = {.name = entity_new_id(request->arena, KIND_ACCESS_KEY), .created = clock_now()},
        .user = user.entity.name,
        .secret = entity_new_secret(request->arena)};
    texts_add(request->arena, &user.keys, key.entity.name);
    entity_put(&request->batch, KIND_USER, &user);
    entity_put(&request->batch, KIND_ACCESS_KEY, &key);
    buffer_append_string(request->out, "{\"AccessKey\":");
    describe_key(request, &key, true);
    buffer_append_byte(request->out, '}');
    return true;
}

bool list_access_keys(struct request *request)
{
    struct user user;
    struct page page;

    if (!form_accepts(request, &list_input) || !lookup_user_or_caller(request, &user) ||
        !page_begin(&page, request, "AccessKeyMetadata"))
        return false;
    page_sort(user.keys.items, user.keys.count);
    for (size_t i = 0; i < user.keys.count && !page.more; i++) {
        struct access_key key;
        if (!lookup(request, KIND_ACCESS_KEY, user.keys.items[i], &key))
            return false;
        if (page_takes(&page, key.entity.name))
            describe_key(request, &key, false);
    }
    page_end(&page);
    return true;
}

/* The user's key of the member AccessKeyId. */
static bool find_key(struct request *request, const struct user *user, struct access_key *out)
{
    struct slice id = form_text(request, "AccessKeyId");

    if (texts_find(&user->keys, id) == user->keys.count)
        return fail(&request->failure, ERROR_NO_SUCH_ENTITY, "The Access Key with id %.*s cannot be found.",
                    SLICE_ARGS(id));
    return lookup(request, KIND_ACCESS_KEY, id, out);
}

bool update_access_key(struct request *request)
{
    struct user user;
    struct access_key key;

    if (!form_accepts(request, &update_input) || !change_begin(request) ||
        !lookup_user_or_caller(request, &user) || !find_key(request, &user, &key))
        return false;
    struct slice status = form_text(request, "Status");
    if (slice_is(status, "Expired")) /* which AWS alone says of a key */
        return fail(&request->failure, ERROR_INVALID_INPUT,
                    "The status of an access key cannot be set to %.*s.", SLICE_ARGS(status));
    key.inactive = slice_is(status, "Inactive");
    entity_put(&request->batch, KIND_ACCESS_KEY, &key);
    return true;
}

bool delete_access_key(struct request *request)
{
    struct user user;
    struct access_key key;

    if (!form_accepts(request, &delete_input) || !change_begin(request) ||
        !lookup_user_or_caller(request, &user) || !find_key(request, &user, &key))
        return false;
    texts_remove(request->arena, &user.keys, texts_find(&user.keys, key.entity.name));
    entity_put(&request->batch, KIND_USER, &user);
    entity_delete(&request->batch, KIND_ACCESS_KEY, key.entity.name);
    entity_delete(&request->batch, KIND_KEY_USE, key.entity.name);
    return true;
}

bool get_access_key_last_used(struct request *request)
{
    struct access_key key;
    struct key_use use;
    struct buffer *out = request->out;
    bool first = true, first_of_use = true;

    if (!form_accepts(request, &used_input) ||
        !lookup(request, KIND_ACCESS_KEY, form_text(request, "AccessKeyId"), &key))
        return false;
    bool used = directory_key_use(request->server->directory, key.entity.name, &use);
    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "UserName", key.user);
    json_write_name(out, &first, "AccessKeyLastUsed");
    buffer_append_byte(out, '{');
    if (used)
        describe_time(request, &first_of_use, "LastUsedDate", use.time);
    json_write_string_member(out, &first_of_use, "ServiceName", used ? slice_of(use.service) : SLICE("N/A"));
    json_write_string_member(out, &first_of_use, "Region", used ? slice_of(use.region) : SLICE("N/A"));
    buffer_append_string(out, "}}");
    return true;
}
