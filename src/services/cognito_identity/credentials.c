/*
 * GetCredentialsForIdentity: an identity's logins become the credentials of a session of the pool's role.
 * AWS: API reference of Cognito federated identities; "Enhanced (simplified) authflow".
 */
#include "services/accepts.h"
#include "services/cognito_identity/guest.h"
#include "services/cognito_identity/handlers.h"
#include "services/cognito_identity/input.h"
#include "services/cognito_identity/role_choice.h"
#include "services/cognito_identity/subject.h"

enum { SESSION_SECONDS = 3600 };

static const struct shape_entry members[] = {{"IdentityId", &identity_id, true},
                                             {"Logins", &identity_logins, false},
                                             {"CustomRoleArn", &identity_role_arn, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* The session's tags, from the claims that the pool maps to them. AWS: "Using attributes for access control".
 */
static struct session_tags read_tags(struct request *request, const struct identity_pool *pool,
                                     const struct logins *logins)
{
    struct pair default_items[] = {{SLICE("client"), SLICE("aud")}, {SLICE("username"), SLICE("sub")}};
    const struct pairs defaults = {default_items, 2};
    struct session_tags tags = {0};

    for (size_t i = 0; i < pool->tag_maps.count && logins->count > 0; i++) {
        const struct tag_map *tag_map = &pool->tag_maps.items[i];
        const struct pairs *pairs = tag_map->defaults ? &defaults : &tag_map->tags;
        if (!slice_equal(tag_map->provider, logins->items[0].link.key))
            continue;
        tags.items = arena_array(request->arena, struct session_tag, pairs->count);
        for (size_t j = 0; j < pairs->count; j++) {
            struct slice name = arena_copy(request->arena, pairs->items[j].value);
            struct slice value = claim_text(logins->items[0].token.claims, name.ptr);
            if (value.len > 0)
                tags.items[tags.count++] = (struct session_tag){pairs->items[j].key, value, false};
        }
    }
    return tags;
}

static bool begin_session(struct request *request, const struct identity_pool *pool,
                          const struct identity_record *identity, const struct logins *logins,
                          struct slice role_arn, struct assumed *out)
{
    const struct web_identity web_identity = {.provider = SLICE(SUBJECT_PROVIDER),
                                              .context = subject_context(request, identity, logins)};
    struct assumption assumption = {
        .action = "sts:AssumeRoleWithWebIdentity",
        .identity = &web_identity,
        .role_arn = role_arn,
        .duration = SESSION_SECONDS,
        .session = {.name = SLICE("CognitoIdentityCredentials"), .tags = read_tags(request, pool, logins)}};

    if (logins->count == 0)
        assumption.session.policy = SLICE(GUEST_POLICY);
    if (logins->count > 0 && !request->server->strict_iam)
        assumption.session.context = subject_username(request, &logins->items[0]);
    if (assume(request, &assumption, out))
        return true;
    if (request->failure.code == ERROR_ACCESS_DENIED || request->failure.code == ERROR_VALIDATION) {
        failure_init(&request->failure, request->arena); /* whoever signs in can do nothing about it */
        return fail(&request->failure, ERROR_INVALID_IDENTITY_POOL_CONFIGURATION, ROLE_CHOICE_NO_ROLE);
    }
    return false;
}

static void answer(struct request *request, struct slice id, const struct issued *issued)
{
    struct buffer *out = request->out;
    bool first = true, inner = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "IdentityId", id);
    json_write_name(out, &first, "Credentials");
    buffer_append_byte(out, '{');
    json_write_string_member(out, &inner, "AccessKeyId", issued->access_key_id);
    json_write_string_member(out, &inner, "SecretKey", issued->secret_access_key);
    json_write_string_member(out, &inner, "SessionToken", issued->session_token);
    json_write_time_member(out, &inner, "Expiration", issued->expires * 1000);
    buffer_append_string(out, "}}");
}

bool get_credentials_for_identity(struct request *request)
{
    struct identity_record identity;
    struct identity_pool pool;
    struct logins logins;
    struct slice role_arn;
    struct assumed assumed;

    if (!accepts(request, &input) || !subject_read(request, &identity, &pool, &logins) ||
        !role_choose(request, &pool, &logins, shape_text(request->body, "CustomRoleArn"), &role_arn) ||
        !begin_session(request, &pool, &identity, &logins, role_arn, &assumed))
        return false;
    answer(request, identity.id, &assumed.issued);
    return true;
}
