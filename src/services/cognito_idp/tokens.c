/* Id and access tokens: what they say, and whose an access token is. AWS: "Understanding user pool JSON web
 * tokens". */
#include "base/check.h"
#include "base/clock.h"
#include "services/cognito_idp/group.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/session.h"
#include "signin/jwt.h"

#define USER_SCOPE "aws.cognito.signin.user.admin"

enum { MILLISECONDS = 1000 };

struct issue {
    struct request *request;
    const struct user_pool *pool;
    const struct user_client *client;
    const struct user *user;
    const struct session *session;
    struct group *groups;
    size_t group_count;
    int64_t now; /* seconds */
};

/* ---- writing ---- */

static void write_groups(struct buffer *out, bool *first, const struct issue *issue)
{
    if (issue->group_count == 0)
        return;
    json_write_name(out, first, "cognito:groups");
    for (size_t i = 0; i < issue->group_count; i++) {
        buffer_append_byte(out, i == 0 ? '[' : ',');
        json_write_string(out, issue->groups[i].name);
    }
    buffer_append_byte(out, ']');
}

/* The roles of all groups; the preferred one is that of the group with the lowest precedence, unless two
 * groups share it and have different roles. */
static void write_roles(struct buffer *out, bool *first, const struct issue *issue)
{
    const struct group *groups = issue->groups, *best = NULL;
    bool shared = false, any = false;

    for (size_t i = 0; i < issue->group_count; i++) {
        if (groups[i].role.ptr == NULL)
            continue;
        if (!any)
            json_write_name(out, first, "cognito:roles");
        buffer_append_byte(out, any ? ',' : '[');
        json_write_string(out, groups[i].role);
        any = true;
        if (best == NULL)
            best = &groups[i];
        else if (groups[i].precedence == best->precedence && !slice_equal(groups[i].role, best->role))
            shared = true;
    }
    if (any)
        buffer_append_byte(out, ']');
    if (best != NULL && best->precedence != NO_PRECEDENCE && !shared)
        json_write_string_member(out, first, "cognito:preferred_role", best->role);
}

/* What both tokens say. */
static void write_common(struct buffer *out, bool *first, const struct issue *issue, const char *use,
                         int64_t lifetime)
{
    json_write_string_member(out, first, "sub", issue->user->sub);
    write_groups(out, first, issue);
    json_write_string_member(out, first, "iss", user_pool_issuer(issue->request, issue->pool->id));
    if (issue->client->revocation)
        json_write_string_member(out, first, "origin_jti", issue->session->id);
    json_write_string_member(out, first, "event_id", issue->session->event_id);
    json_write_string_member(out, first, "token_use", slice_of(use));
    json_write_int64_member(out, first, "auth_time", issue->session->auth_time);
    json_write_int64_member(out, first, "exp", issue->now + lifetime);
    json_write_int64_member(out, first, "iat", issue->now);
    json_write_string_member(out, first, "jti", random_uuid(issue->request->arena));
}

static void write_attribute(struct buffer *out, bool *first, const struct user_attribute *attribute)
{
    char name[256];

    snprintf(name, sizeof(name), "%.*s", SLICE_ARGS(attribute->name));
    json_write_name(out, first, name);
    if (schema_is_verification(attribute->name)) {
        buffer_append_string(out, slice_is(attribute->value, "true") ? "true" : "false");
    } else if (slice_is(attribute->name, "address")) { /* OpenID Connect Core, 5.1.1 */
        buffer_append_string(out, "{\"formatted\":");
        json_write_string(out, attribute->value);
        buffer_append_byte(out, '}');
    } else {
        json_write_string(out, attribute->value);
    }
}

static struct slice id_claims(const struct issue *issue)
{
    struct buffer out;
    bool first = true;

    buffer_init(&out);
    buffer_append_byte(&out, '{');
    write_common(&out, &first, issue, "id", issue->client->id_lifetime);
    json_write_string_member(&out, &first, "aud", issue->client->id);
    json_write_string_member(&out, &first, "cognito:username", issue->user->name);
    write_roles(&out, &first, issue);
    for (size_t i = 0; i < issue->user->attribute_count; i++) {
        if (user_client_reads(issue->client, issue->user->attributes[i].name))
            write_attribute(&out, &first, &issue->user->attributes[i]);
    }
    buffer_append_byte(&out, '}');
    struct slice claims = arena_copy(issue->request->arena, buffer_slice(&out));
    buffer_finish(&out);
    return claims;
}

static struct slice access_claims(const struct issue *issue)
{
    struct buffer out;
    bool first = true;

    buffer_init(&out);
    buffer_append_byte(&out, '{');
    write_common(&out, &first, issue, "access", issue->client->access_lifetime);
    json_write_string_member(&out, &first, "client_id", issue->client->id);
    json_write_string_member(&out, &first, "scope", SLICE(USER_SCOPE));
    json_write_string_member(&out, &first, "username", issue->user->name);
    buffer_append_byte(&out, '}');
    struct slice claims = arena_copy(issue->request->arena, buffer_slice(&out));
    buffer_finish(&out);
    return claims;
}

static struct slice sign(struct request *request, struct slice der, struct slice claims)
{
    struct jwt_key *key = jwt_key_decode(der);

    CHECK(key != NULL); /* it was made by this server, and what is stored is checked against damage */
    struct slice token = jwt_sign(key, request->arena, claims);
    jwt_key_destroy(key);
    return token;
}

bool tokens_write(struct request *request, const struct user_pool *pool, const struct user_client *client,
                  const struct user *user, const struct session *session, struct slice refresh_token)
{
    struct issue issue = {.request = request,
                          .pool = pool,
                          .client = client,
                          .user = user,
                          .session = session,
                          .groups = arena_array(request->arena, struct group, GROUPS_OF_USER),
                          .now = clock_now() / MILLISECONDS};
    struct buffer *out = request->out;
    bool first = true;

    if (!groups_of_user(request, pool, user, issue.groups, &issue.group_count))
        return false;
    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "AccessToken",
                             sign(request, pool->access_key, access_claims(&issue)));
    json_write_int64_member(out, &first, "ExpiresIn", client->access_lifetime);
    json_write_string_member(out, &first, "IdToken", sign(request, pool->id_key, id_claims(&issue)));
    if (refresh_token.len > 0)
        json_write_string_member(out, &first, "RefreshToken", refresh_token);
    json_write_string_member(out, &first, "TokenType", SLICE("Bearer"));
    buffer_append_byte(out, '}');
    return true;
}

/* ---- reading ---- */

static bool invalid(struct request *request)
{
    return fail(&request->failure, ERROR_NOT_AUTHORIZED, "Invalid Access Token");
}

static bool revoked(struct request *request)
{
    return fail(&request->failure, ERROR_NOT_AUTHORIZED, "Access Token has been revoked");
}

/* A pool that is not there, found by what nobody has verified, is none of the caller's business. */
static bool find_issuer(struct request *request, struct slice token, struct user_pool *pool)
{
    struct slice issuer = jwt_unverified_claim(request->arena, token, "iss");
    const char *slash = issuer.len == 0 ? NULL : memrchr(issuer.ptr, '/', issuer.len);

    if (slash == NULL)
        return invalid(request);
    struct slice id = slice_skip(issuer, (size_t)(slash - issuer.ptr) + 1);
    if (id.len == 0 || id.len > 55 || !slice_equal(issuer, user_pool_issuer(request, id)))
        return invalid(request);
    if (user_pool_find(request, id, pool))
        return true;
    if (request->failure.code == ERROR_IDP_RESOURCE_NOT_FOUND)
        failure_init(&request->failure, request->arena);
    return invalid(request);
}

static bool verify(struct request *request, struct slice token, const struct user_pool *pool,
                   const struct json **claims)
{
    struct jwt_key *key = jwt_key_decode(pool->access_key);
    const struct jwt_key *const keys[] = {key};
    struct jwt_expectation expectation = {.keys = keys,
                                          .key_count = 1,
                                          .issuer = user_pool_issuer(request, pool->id),
                                          .now = clock_now() / MILLISECONDS};

    CHECK(key != NULL);
    enum jwt_problem problem = jwt_verify(request->arena, token, &expectation, claims);
    jwt_key_destroy(key);
    if (problem == JWT_EXPIRED)
        return fail(&request->failure, ERROR_NOT_AUTHORIZED, "Access Token has expired");
    return problem == JWT_OK || invalid(request);
}

/* A session that is not there any more was ended. Tokens of a client without revocation name none: for them
 * it counts when their user signed out everywhere. */
static bool check_session(struct request *request, const struct access *access, const struct json *claims)
{
    struct slice id = shape_text(claims, "origin_jti");
    struct session session;
    bool found;

    if (id.ptr == NULL)
        return shape_number(claims, "auth_time", 0) * MILLISECONDS > access->user.signed_out ||
               revoked(request);
    if (!session_find(request, &access->pool, &access->user, id, &found, &session))
        return false;
    return found || revoked(request);
}

bool access_read(struct request *request, struct access *out)
{
    struct slice token = shape_text(request->body, "AccessToken");
    const struct json *claims;

    if (!find_issuer(request, token, &out->pool) || !verify(request, token, &out->pool, &claims))
        return false;
    if (!slice_is(shape_text(claims, "token_use"), "access") ||
        !slice_is(shape_text(claims, "scope"), USER_SCOPE))
        return fail(&request->failure, ERROR_NOT_AUTHORIZED, "Access Token does not have required scopes");
    if (!user_client_find_in(request, &out->pool, shape_text(claims, "client_id"), &out->client) ||
        !user_find(request, &out->pool, shape_text(claims, "username"), &out->user))
        return false;
    if (!slice_equal(out->user.sub, shape_text(claims, "sub"))) /* another user of the same name */
        return fail(&request->failure, ERROR_IDP_USER_NOT_FOUND, "User does not exist.");
    if (!out->user.enabled)
        return fail(&request->failure, ERROR_NOT_AUTHORIZED, "User is disabled.");
    return check_session(request, out, claims);
}
