/*
 * Codes and invitations, for the operator: what AWS would have mailed to users. An operation of this server's
 * own, which `turntable users codes` calls; in policies it is "turntable:ListUserCodes".
 *
 *     {"UserPoolId": ..., "Username": ...}    ->    {"Users": [{"Username": ..., "Codes": [...]}]}
 *
 * Without Username: all users of the pool to whom something was told that still holds.
 */
#include "base/clock.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/needs.h"
#include "services/cognito_idp/user.h"
#include "services/cognito_idp/user_page.h"
#include "services/operation.h"
#include "services/storage_failure.h"

enum { DAY = 24 * 60 * 60 * 1000 };

static const struct shape_entry members[] = {{"UserPoolId", &idp_pool_id, true},
                                             {"Username", &idp_user_name, false},
                                             {"NextToken", &idp_page_token, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static void write_code(struct buffer *out, bool *first, struct slice code, struct slice purpose,
                       struct slice destination, int64_t expires)
{
    bool first_member = true;

    buffer_append_string(out, *first ? "{" : ",{");
    *first = false;
    json_write_string_member(out, &first_member, "Code", code);
    json_write_string_member(out, &first_member, "Purpose", purpose);
    json_write_string_member(out, &first_member, "Destination", destination);
    json_write_time_member(out, &first_member, "Expires", expires);
    buffer_append_byte(out, '}');
}

/* False: there is nothing to tell. */
static bool write_told(struct buffer *out, const struct user_pool *pool, const struct user *user)
{
    int64_t now = clock_now(), end = user->temporary_since + pool->temporary_days * DAY;
    bool first = true;

    buffer_append_string(out, "{\"Username\":");
    json_write_string(out, user->name);
    buffer_append_string(out, ",\"Codes\":[");
    for (size_t i = 0; i < user->code_count; i++) {
        const struct user_code *code = &user->codes[i];
        if (code->code.expires > now)
            write_code(out, &first, (struct slice){code->code.digits, CODE_LENGTH}, code->purpose,
                       code->destination, code->code.expires);
    }
    if (user->invitation.len > 0 && end > now)
        write_code(out, &first, user->invitation, SLICE("temporary password"), SLICE(""), end);
    buffer_append_string(out, "]}");
    return !first;
}

static bool write_user(struct request *request, void *context, struct slice key, struct slice value,
                       bool *told)
{
    struct user user = {.version = {0, 0}};

    if (user_read(request, key, value, &user) != STORAGE_OK)
        return storage_failure(&request->failure, STORAGE_CORRUPT);
    *told = write_told(request->out, context, &user);
    return true;
}

static bool list_one(struct request *request, const struct user_pool *pool, struct slice name)
{
    struct user user;
    bool found;

    if (!user_look_up(request, pool, name, &found, &user))
        return false;
    buffer_append_string(request->out, "{\"Users\":[");
    size_t begin = request->out->len;
    if (found && !write_told(request->out, pool, &user))
        request->out->len = begin;
    buffer_append_string(request->out, "]}");
    return true;
}

static bool list_user_codes(struct request *request)
{
    struct slice name = shape_text(request->body, "Username");
    struct user_pool pool;
    struct user_page page;

    if (!idp_accepts(request, &input) ||
        !user_pool_find(request, shape_text(request->body, "UserPoolId"), &pool))
        return false;
    if (name.ptr != NULL)
        return list_one(request, &pool, name);
    struct key_range range = keys_users_range(request->arena, pool.number, USERS_USERS, SLICE(""));
    return user_page_begin(request, range, "Limit", "NextToken", &page) &&
           user_page_write(request, &page, "Users", &pool, write_user);
}

static const struct operation operations[] = {{"ListUserCodes", list_user_codes, "turntable:ListUserCodes",
                                               OPERATION_READ, CALLER_SIGNED, user_pool_needs}};

const struct service told_codes_service = {
    .name = "cognito-idp",
    .protocol = PROTOCOL_JSON,
    .target_prefix = "Turntable",
    .content_type = "application/x-amz-json-1.1",
    .operations = operations,
    .operation_count = sizeof(operations) / sizeof(operations[0]),
};
