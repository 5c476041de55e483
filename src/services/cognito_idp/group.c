#include "services/cognito_idp/group.h"

#include <stdlib.h>

#include "base/clock.h"
#include "services/storage_failure.h"

enum { DEPTH_LIMIT = 4 };

static struct slice group_key(struct request *request, const struct user_pool *pool, struct slice name)
{
    return keys_users(request->arena, pool->number, USERS_GROUPS, name, SLICE(""));
}

/* What stands for groups that were kept before groups had ids, and with their members then. */
#define FIRST_ID SLICE("1")

void group_begin(struct request *request, struct group *group)
{
    group->id = random_uuid(request->arena);
}

bool group_is_meant(const struct group *group, struct slice value)
{
    return slice_equal(group->id, value);
}

bool group_read(struct request *request, struct slice value, struct group *out)
{
    const struct json *record;

    if (json_parse(request->arena, value, DEPTH_LIMIT, &record) != JSON_OK)
        return false;
    out->name = shape_text(record, "Name");
    struct slice id = shape_text(record, "Id");
    out->id = id.ptr != NULL ? id : FIRST_ID;
    out->description = shape_text(record, "Description");
    out->role = shape_text(record, "Role");
    out->precedence = shape_number(record, "Precedence", NO_PRECEDENCE);
    out->created = shape_number(record, "Created", 0);
    out->modified = shape_number(record, "Modified", 0);
    return out->name.len > 0;
}

bool group_look_up(struct request *request, const struct user_pool *pool, struct slice name, bool *found,
                   struct group *out)
{
    struct stored stored;

    *out = (struct group){.name = name, .key = group_key(request, pool, name), .precedence = NO_PRECEDENCE};
    enum storage_status status = storage_get(request->server->storage, NULL, out->key, &stored);
    out->version = stored.version;
    *found = status == STORAGE_OK;
    if (*found && !group_read(request, arena_copy(request->arena, stored.value), out))
        status = STORAGE_CORRUPT;
    stored_release(&stored);
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

bool group_find(struct request *request, const struct user_pool *pool, struct slice name, struct group *out)
{
    bool found;

    if (!group_look_up(request, pool, name, &found, out))
        return false;
    return found || fail(&request->failure, ERROR_IDP_RESOURCE_NOT_FOUND, "Group not found.");
}

void group_put(struct request *request, const struct group *group)
{
    struct buffer record;
    bool first = true;

    buffer_init(&record);
    buffer_append_byte(&record, '{');
    json_write_string_member(&record, &first, "Name", group->name);
    if (!slice_equal(group->id, FIRST_ID))
        json_write_string_member(&record, &first, "Id", group->id);
    if (group->description.ptr != NULL)
        json_write_string_member(&record, &first, "Description", group->description);
    if (group->role.ptr != NULL)
        json_write_string_member(&record, &first, "Role", group->role);
    if (group->precedence != NO_PRECEDENCE)
        json_write_int64_member(&record, &first, "Precedence", group->precedence);
    json_write_int64_member(&record, &first, "Created", group->created);
    json_write_int64_member(&record, &first, "Modified", group->modified);
    buffer_append_byte(&record, '}');
    batch_guard(&request->batch, group->key, group->version);
    batch_put(&request->batch, group->key, arena_copy(request->arena, buffer_slice(&record)));
    buffer_finish(&record);
}

void group_write(struct buffer *out, const struct user_pool *pool, const struct group *group)
{
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "GroupName", group->name);
    json_write_string_member(out, &first, "UserPoolId", pool->id);
    if (group->description.ptr != NULL)
        json_write_string_member(out, &first, "Description", group->description);
    if (group->role.ptr != NULL)
        json_write_string_member(out, &first, "RoleArn", group->role);
    if (group->precedence != NO_PRECEDENCE)
        json_write_int64_member(out, &first, "Precedence", group->precedence);
    json_write_time_member(out, &first, "LastModifiedDate", group->modified);
    json_write_time_member(out, &first, "CreationDate", group->created);
    buffer_append_byte(out, '}');
}

static int by_precedence(const void *left, const void *right)
{
    const struct group *a = left, *b = right;

    if (a->precedence != b->precedence) {
        if (a->precedence == NO_PRECEDENCE || b->precedence == NO_PRECEDENCE)
            return a->precedence == NO_PRECEDENCE ? 1 : -1;
        return a->precedence < b->precedence ? -1 : 1;
    }
    return slice_compare(a->name, b->name);
}

bool groups_of_user(struct request *request, const struct user_pool *pool, const struct user *user,
                    struct group *out, size_t *count)
{
    struct key_range range = keys_users_range(request->arena, pool->number, USERS_MEMBERSHIPS, user->name);
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum storage_status status;
    bool read = true;

    *count = 0;
    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK && *count < GROUPS_OF_USER && read) {
        bool found;
        read = group_look_up(request, pool, arena_copy(request->arena, keys_users_name(key)), &found,
                             &out[*count]);
        *count += read && found && group_is_meant(&out[*count], value);
    }
    cursor_destroy(cursor);
    if (!read)
        return false;
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    qsort(out, *count, sizeof(*out), by_precedence);
    return true;
}
