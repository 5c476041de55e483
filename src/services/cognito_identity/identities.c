/* GetId, DescribeIdentity, ListIdentities, UnlinkIdentity, DeleteIdentities. AWS: API reference of Cognito
 * federated identities. */
#include "base/clock.h"
#include "services/accepts.h"
#include "services/cognito_identity/handlers.h"
#include "services/cognito_identity/input.h"
#include "services/cognito_identity/keeper.h"
#include "services/cognito_identity/logins.h"
#include "services/storage_failure.h"

static const struct shape account_id = {.kind = SHAPE_STRING, .min = 1, .max = 15};
static const struct shape_entry get_members[] = {{"AccountId", &account_id, false},
                                                 {"IdentityPoolId", &identity_pool_id, true},
                                                 {"Logins", &identity_logins, false},
                                                 {0}};
static const struct shape get_input = {.kind = SHAPE_STRUCTURE, .members = get_members};
static const struct shape_entry one_members[] = {{"IdentityId", &identity_id, true}, {0}};
static const struct shape one_input = {.kind = SHAPE_STRUCTURE, .members = one_members};
static const struct shape_entry list_members[] = {{"IdentityPoolId", &identity_pool_id, true},
                                                  {"MaxResults", &identity_page_size, true},
                                                  {"NextToken", &identity_page_token, false},
                                                  {"HideDisabled", &shape_boolean_value, false},
                                                  {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};
static const struct shape ids = {.kind = SHAPE_LIST, .element = &identity_id, .min = 1, .max = 60};
static const struct shape_entry delete_members[] = {{"IdentityIdsToDelete", &ids, true}, {0}};
static const struct shape delete_input = {.kind = SHAPE_STRUCTURE, .members = delete_members};
static const struct shape_entry unlink_members[] = {{"IdentityId", &identity_id, true},
                                                    {"Logins", &identity_logins, true},
                                                    {"LoginsToRemove", &shape_string_list, true},
                                                    {0}};
static const struct shape unlink_input = {.kind = SHAPE_STRUCTURE, .members = unlink_members};

/* ---- GetId ---- */

#define LOGIN_OF_ANOTHER "A login is already linked to another identity."

/* The identity that the logins lead to; an empty slice if none does. Every login that leads nowhere is
 * guarded: two clients that sign in for the first time at once get one identity. "Thrown when a user tries to
 * use a login which is already linked to another account." AWS: API reference, ResourceConflictException. */
static bool find_linked(struct request *request, const struct identity_pool *pool,
                        const struct logins *logins, struct slice *id)
{
    *id = (struct slice){NULL, 0};
    for (size_t i = 0; i < logins->count; i++) {
        struct slice key = login_key(request->arena, pool->id, &logins->items[i].link);
        struct stored stored;
        enum storage_status status = storage_get(request->server->storage, NULL, key, &stored);
        bool other = status == STORAGE_OK && id->len > 0 && !slice_equal(*id, stored.value);
        if (status == STORAGE_OK && id->len == 0)
            *id = arena_copy(request->arena, stored.value);
        if (status == STORAGE_NOT_FOUND)
            batch_guard(&request->batch, key, stored.version);
        stored_release(&stored);
        if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
            return storage_failure(&request->failure, status);
        if (other)
            return fail(&request->failure, ERROR_RESOURCE_CONFLICT, LOGIN_OF_ANOTHER);
    }
    return true;
}

/* An identity has one login of a provider. */
static bool check_links(struct request *request, const struct identity_record *identity,
                        const struct logins *logins)
{
    for (size_t i = 0; i < logins->count; i++) {
        const struct pair *link = &logins->items[i].link;
        struct slice subject = pairs_get(&identity->logins, link->key);
        if (subject.len > 0 && !slice_equal(subject, link->value))
            return fail(&request->failure, ERROR_RESOURCE_CONFLICT, LOGIN_OF_ANOTHER);
    }
    return true;
}

/* Links the logins to the identity that it has not yet; whether there were any. */
static bool link_all(struct request *request, struct identity_record *identity, const struct logins *logins)
{
    bool changed = false;

    for (size_t i = 0; i < logins->count; i++) {
        const struct pair *link = &logins->items[i].link;
        if (pairs_get(&identity->logins, link->key).len > 0)
            continue;
        identity->logins.items = arena_grow(request->arena, identity->logins.items, identity->logins.count,
                                            identity->logins.count + 1, sizeof(*link));
        identity->logins.items[identity->logins.count++] = *link;
        batch_put(&request->batch, login_key(request->arena, identity->pool, link), identity->id);
        changed = true;
    }
    return changed;
}

static void make_identity(struct request *request, const struct identity_pool *pool, struct version of_pool,
                          const struct logins *logins, struct identity_record *out)
{
    int64_t now = clock_now();

    *out = (struct identity_record){.id = new_id(request), .pool = pool->id, .created = now, .modified = now};
    link_all(request, out, logins);
    batch_guard(&request->batch, pool_key(request->arena, pool->id), of_pool);
    batch_put(&request->batch, member_key(request->arena, pool->id, out->id), SLICE(""));
    identity_put(request, out);
}

/* Anybody may be a guest, again and again. */
static bool admits(struct request *request, const struct logins *logins)
{
    return logins->count > 0 || request->repeated ||
           identity_keeper_admits(request->server->identity_keeper) ||
           fail(&request->failure, ERROR_TOO_MANY_REQUESTS, "Rate exceeded");
}

bool get_id(struct request *request)
{
    struct identity_record identity;
    struct identity_pool pool;
    struct version of_pool, of_identity;
    struct logins logins;
    struct slice id;
    bool first = true;

    if (!accepts(request, &get_input) || !pool_of_input(request, &pool, &of_pool) ||
        !logins_read(request, &pool, &logins) || !find_linked(request, &pool, &logins, &id))
        return false;
    if (id.len == 0) {
        if (!admits(request, &logins))
            return false;
        make_identity(request, &pool, of_pool, &logins, &identity);
    } else {
        if (!identity_find(request, id, &identity, &of_identity) || !check_links(request, &identity, &logins))
            return false;
        if (link_all(request, &identity, &logins)) {
            identity.modified = clock_now();
            batch_guard(&request->batch, pool_key(request->arena, pool.id), of_pool);
            batch_guard(&request->batch, identity_key(request->arena, id), of_identity);
            identity_put(request, &identity);
        }
    }
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "IdentityId", identity.id);
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- telling ---- */

static void write_identity(struct buffer *out, const struct identity_record *identity)
{
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "IdentityId", identity->id);
    if (identity->logins.count > 0)
        json_write_name(out, &first, "Logins");
    for (size_t i = 0; i < identity->logins.count; i++) {
        buffer_append_byte(out, i == 0 ? '[' : ',');
        json_write_string(out, identity->logins.items[i].key);
    }
    if (identity->logins.count > 0)
        buffer_append_byte(out, ']');
    json_write_time_member(out, &first, "CreationDate", identity->created);
    json_write_time_member(out, &first, "LastModifiedDate", identity->modified);
    buffer_append_byte(out, '}');
}

bool describe_identity(struct request *request)
{
    struct identity_record identity;

    if (!accepts(request, &one_input) ||
        !identity_find(request, shape_text(request->body, "IdentityId"), &identity, NULL))
        return false;
    write_identity(request->out, &identity);
    return true;
}

/* One more than the page holds is looked at, to tell whether there is another page. */
static bool list_members_of(struct request *request, struct slice pool_id, struct cursor *cursor,
                            struct slice *next)
{
    int64_t left = shape_number(request->body, "MaxResults", 1);
    bool hides = shape_boolean(request->body, "HideDisabled", false);
    struct slice key, value, last = {NULL, 0};
    enum storage_status status;

    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK) {
        struct identity_record identity;
        struct slice id = arena_copy(request->arena, member_id(request->arena, pool_id, key));
        if (left == 0) {
            *next = last;
            return true;
        }
        if (!identity_find(request, id, &identity, NULL)) {
            if (request->failure.code != ERROR_IDP_RESOURCE_NOT_FOUND)
                return false;
            failure_init(&request->failure, request->arena); /* deleted meanwhile */
            continue;
        }
        if (hides && identity.disabled)
            continue;
        if (last.len > 0)
            buffer_append_byte(request->out, ',');
        write_identity(request->out, &identity);
        last = id;
        left--;
    }
    return status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

bool list_identities(struct request *request)
{
    struct identity_pool pool;
    struct slice next = {NULL, 0};
    bool first = true;

    if (!accepts(request, &list_input) || !pool_of_input(request, &pool, NULL))
        return false;
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "IdentityPoolId", pool.id);
    json_write_name(request->out, &first, "Identities");
    buffer_append_byte(request->out, '[');
    struct key_range range = member_keys(request->arena, pool.id, shape_text(request->body, "NextToken"));
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    bool listed = list_members_of(request, pool.id, cursor, &next);
    cursor_destroy(cursor);
    if (!listed)
        return false;
    buffer_append_byte(request->out, ']');
    if (next.len > 0)
        json_write_string_member(request->out, &first, "NextToken", next);
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- taking back ---- */

static void remove_links(struct request *request, const struct identity_record *identity)
{
    for (size_t i = 0; i < identity->logins.count; i++)
        batch_delete(&request->batch, login_key(request->arena, identity->pool, &identity->logins.items[i]));
}

bool delete_identities(struct request *request)
{
    if (!accepts(request, &delete_input))
        return false;
    const struct json *list = shape_member(request->body, "IdentityIdsToDelete");
    for (size_t i = 0; i < list->array.count; i++) {
        struct identity_record identity;
        struct version version;
        if (list->array.items[i].type != JSON_STRING)
            continue;
        if (!identity_find(request, list->array.items[i].text, &identity, &version)) {
            if (request->failure.code != ERROR_IDP_RESOURCE_NOT_FOUND)
                return false;
            failure_init(&request->failure, request->arena); /* it is not there, as is wanted */
            continue;
        }
        batch_guard(&request->batch, identity_key(request->arena, identity.id), version);
        batch_delete(&request->batch, identity_key(request->arena, identity.id));
        batch_delete(&request->batch, member_key(request->arena, identity.pool, identity.id));
        remove_links(request, &identity);
    }
    buffer_append_string(request->out, "{\"UnprocessedIdentityIds\":[]}");
    return true;
}

/* Takes the link of one provider from the identity. "Removing the last linked login will make this identity
 * inaccessible." AWS: API reference, UnlinkIdentity. */
static void remove_link(struct request *request, struct identity_record *identity, struct slice provider)
{
    struct pairs *links = &identity->logins;

    for (size_t i = 0; i < links->count; i++) {
        if (!slice_equal(links->items[i].key, provider))
            continue;
        batch_delete(&request->batch, login_key(request->arena, identity->pool, &links->items[i]));
        links->items = list_without(request->arena, links->items, links->count, sizeof(struct pair), i);
        links->count--;
        identity->disabled = links->count == 0;
        return;
    }
}

bool unlink_identity(struct request *request)
{
    struct identity_record identity;
    struct identity_pool pool;
    struct version version;
    struct logins logins;

    if (!accepts(request, &unlink_input) ||
        !identity_find(request, shape_text(request->body, "IdentityId"), &identity, &version) ||
        !pool_find(request, identity.pool, &pool, NULL) || !logins_read(request, &pool, &logins) ||
        !logins_lead_to(request, &logins, &identity))
        return false;
    const struct json *list = shape_member(request->body, "LoginsToRemove");
    for (size_t i = 0; i < list->array.count; i++) {
        if (list->array.items[i].type == JSON_STRING)
            remove_link(request, &identity, list->array.items[i].text);
    }
    identity.modified = clock_now();
    batch_guard(&request->batch, identity_key(request->arena, identity.id), version);
    identity_put(request, &identity);
    return true;
}
