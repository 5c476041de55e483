/*
 * InitiateAuth, AdminInitiateAuth, GetTokensFromRefreshToken, RevokeToken: the flows by which users sign in
 * and stay so. AWS: API reference, InitiateAuth; "Managing error responses to prevent user existence errors".
 */
#include <openssl/crypto.h>

#include "auth/digest.h"
#include "base/base64.h"
#include "base/clock.h"
#include "services/cognito_idp/handlers.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/sign_in.h"

enum { SECOND = 1000 };

static const char *const flows[] = {
    "USER_SRP_AUTH",      "REFRESH_TOKEN_AUTH",       "REFRESH_TOKEN", "CUSTOM_AUTH", "ADMIN_NO_SRP_AUTH",
    "USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "USER_AUTH",     NULL};
static const struct shape flow = {.kind = SHAPE_STRING, .words = flows};

static bool not_enabled(struct sign_in *sign_in, const char *text)
{
    return fail(&sign_in->request->failure, ERROR_INVALID_PARAMETER, "%s", text);
}

/* ---- with a password ---- */

static bool by_password(struct sign_in *sign_in)
{
    struct slice name, password;

    if (!sign_in_parameter(sign_in, "USERNAME", &name) ||
        !sign_in_parameter(sign_in, "PASSWORD", &password) || !sign_in_find_user(sign_in, &name))
        return false;
    if (!sign_in->found || !sign_in->user.has_password) {
        /* As long as for a user who is there. */
        struct srp_verifier nobody = {.salt = {1}};
        srp_verifier_derive(user_hashed(&sign_in->pool, &sign_in->user), password, &nobody);
        return sign_in->found ? sign_in_admit(sign_in) && sign_in_refuse(sign_in) : sign_in_unknown(sign_in);
    }
    if (!sign_in_admit(sign_in))
        return false;
    return srp_password_matches(&sign_in->user.verifier, user_hashed(&sign_in->pool, &sign_in->user),
                                password)
               ? sign_in_pass(sign_in)
               : sign_in_refuse(sign_in);
}

/* ---- with SRP ---- */

/* What is told of a user who is not there is the same each time. */
static void make_up(struct sign_in *sign_in, struct slice name, struct slice *id,
                    struct srp_verifier *verifier)
{
    unsigned char bytes[SHA256_LENGTH];
    struct digest *digest = digest_create();
    struct arena *arena = sign_in->request->arena;

    digest_hmac(digest, sign_in->pool.seal_key, arena_printf(arena, "nobody %.*s", SLICE_ARGS(name)), bytes);
    digest_destroy(digest);
    memcpy(verifier->salt, bytes, SRP_SALT_LENGTH);
    srp_verifier_derive((struct srp_user){.pool = sign_in->pool.hash_name, .name = name},
                        (struct slice){(char *)bytes, sizeof(bytes)}, verifier);
    *id = name;
    if (sign_in->pool.email_names || sign_in->pool.phone_names)
        *id = arena_printf(arena, "%02x%02x%02x%02x-%02x%02x-4%x%02x-a%x%02x-%02x%02x%02x%02x%02x%02x",
                           bytes[16], bytes[17], bytes[18], bytes[19], bytes[20], bytes[21], bytes[22] & 15,
                           bytes[23], bytes[24] & 15, bytes[25], bytes[26], bytes[27], bytes[28], bytes[29],
                           bytes[30], bytes[31]);
    else if (!sign_in->pool.case_sensitive)
        *id = idp_fold(arena, name);
}

static void write_srp(struct sign_in *sign_in, struct slice id, const struct srp_verifier *verifier,
                      const struct srp_exchange *exchange, struct slice sealed)
{
    struct arena *arena = sign_in->request->arena;
    struct buffer *out = sign_in->request->out;
    bool first = true;

    buffer_append_string(out, "{\"ChallengeName\":\"PASSWORD_VERIFIER\",\"ChallengeParameters\":{");
    json_write_string_member(
        out, &first, "SALT",
        srp_number_text(arena, (struct slice){(const char *)verifier->salt, SRP_SALT_LENGTH}));
    json_write_name(out, &first, "SECRET_BLOCK");
    json_write_base64(out, sealed);
    json_write_string_member(
        out, &first, "SRP_B",
        srp_number_text(arena, (struct slice){(const char *)exchange->public, SRP_NUMBER_LENGTH}));
    json_write_string_member(out, &first, "USERNAME", id);
    json_write_string_member(out, &first, "USER_ID_FOR_SRP", id);
    buffer_append_string(out, "}}");
}

static bool by_srp(struct sign_in *sign_in)
{
    struct request *request = sign_in->request;
    struct challenge challenge = {.client_id = sign_in->client.id, .id = random_uuid(request->arena)};
    struct srp_verifier verifier;
    struct srp_exchange exchange;
    struct slice name, public, id;

    if (!sign_in_parameter(sign_in, "USERNAME", &name) || !sign_in_parameter(sign_in, "SRP_A", &public) ||
        !sign_in_find_user(sign_in, &name))
        return false;
    if (!srp_number_read(public, challenge.client_public))
        return fail(&request->failure, ERROR_INVALID_PARAMETER, "Invalid SRP_A value.");
    challenge.nobody = !sign_in->found || !sign_in->user.has_password;
    if (!sign_in->found && !sign_in->client.hides_users)
        return sign_in_unknown(sign_in);
    if (sign_in->found && !sign_in_admit(sign_in))
        return false;
    if (challenge.nobody) {
        make_up(sign_in, sign_in->found ? sign_in->user.name : name, &id, &verifier);
    } else {
        id = sign_in->user.name;
        verifier = sign_in->user.verifier;
    }
    srp_exchange_create(&verifier, &exchange);
    memcpy(challenge.secret, exchange.secret, sizeof(challenge.secret));
    challenge.user_name = id;
    challenge.expires = clock_now() + sign_in->client.challenge_lifetime * SECOND;
    write_srp(sign_in, id, &verifier, &exchange,
              challenge_seal(request, &sign_in->pool, CHALLENGE_SRP, &challenge));
    return true;
}

/* ---- with a refresh token ---- */

static bool by_refresh_token(struct sign_in *sign_in)
{
    struct slice token, hash = shape_text(sign_in->parameters, "SECRET_HASH");
    struct refresh_claim claim;

    if (!sign_in_parameter(sign_in, "REFRESH_TOKEN", &token))
        return false;
    /* The hash is that of the user's own name, which the token knows. */
    if (!session_read_refresh_token(sign_in->request, &sign_in->pool, token, &claim))
        claim.user_name = SLICE("");
    return user_client_check_hash(sign_in->request, &sign_in->client, claim.user_name, hash) &&
           sign_in_refresh(sign_in, token);
}

/* ---- the operations ---- */

static bool initiate(struct sign_in *sign_in)
{
    const struct user_client *client = &sign_in->client;
    struct slice wanted = shape_text(sign_in->request->body, "AuthFlow");

    sign_in->parameters = shape_member(sign_in->request->body, "AuthParameters");
    if (slice_is(wanted, "USER_SRP_AUTH"))
        return client->srp ? by_srp(sign_in)
                           : not_enabled(sign_in, "USER_SRP_AUTH is not enabled for the client.");
    if (slice_is(wanted, "USER_PASSWORD_AUTH"))
        return client->password ? by_password(sign_in)
                                : not_enabled(sign_in, "USER_PASSWORD_AUTH flow not enabled for this client");
    if (slice_is(wanted, "REFRESH_TOKEN_AUTH") || slice_is(wanted, "REFRESH_TOKEN"))
        return client->refresh && !client->rotation
                   ? by_refresh_token(sign_in)
                   : not_enabled(sign_in, "Auth flow not enabled for this client");
    if (slice_is(wanted, "ADMIN_NO_SRP_AUTH") || slice_is(wanted, "ADMIN_USER_PASSWORD_AUTH")) {
        if (!sign_in->is_admin)
            return not_enabled(sign_in, "Initiate Auth method not supported.");
        return client->admin_password ? by_password(sign_in)
                                      : not_enabled(sign_in, "Auth flow not enabled for this client");
    }
    if (slice_is(wanted, "CUSTOM_AUTH"))
        return not_enabled(sign_in, "Custom auth lambda trigger is not configured for the user pool.");
    return not_enabled(sign_in, "USER_AUTH is not enabled for the client.");
}

static const struct shape_entry members[] = {{"AuthFlow", &flow, true},
                                             {"AuthParameters", &shape_string_map, false},
                                             IDP_CLIENT_METADATA,
                                             {"ClientId", &idp_client_id, true},
                                             {"AnalyticsMetadata", &idp_anything, false},
                                             {"UserContextData", &idp_anything, false},
                                             {"Session", &idp_session, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

bool initiate_auth(struct request *request)
{
    struct sign_in sign_in = {.request = request};

    return idp_accepts(request, &input) &&
           user_client_find(request, shape_text(request->body, "ClientId"), &sign_in.client, &sign_in.pool) &&
           initiate(&sign_in);
}

static const struct shape_entry admin_members[] = {{"UserPoolId", &idp_pool_id, true},
                                                   {"ClientId", &idp_client_id, true},
                                                   {"AuthFlow", &flow, true},
                                                   {"AuthParameters", &shape_string_map, false},
                                                   IDP_CLIENT_METADATA,
                                                   {"AnalyticsMetadata", &idp_anything, false},
                                                   {"ContextData", &idp_anything, false},
                                                   {"Session", &idp_session, false},
                                                   {0}};
static const struct shape admin_input = {.kind = SHAPE_STRUCTURE, .members = admin_members};

bool admin_initiate_auth(struct request *request)
{
    struct sign_in sign_in = {.request = request, .is_admin = true};

    return idp_accepts(request, &admin_input) &&
           user_pool_find(request, shape_text(request->body, "UserPoolId"), &sign_in.pool) &&
           user_client_find_in(request, &sign_in.pool, shape_text(request->body, "ClientId"),
                               &sign_in.client) &&
           initiate(&sign_in);
}

/* ---- refresh tokens by themselves ---- */

static bool check_secret(struct request *request, const struct user_client *client, enum error_code code)
{
    struct slice given = shape_text(request->body, "ClientSecret");

    if (client->secret.len == 0 ? given.ptr == NULL
                                : given.ptr != NULL && given.len == client->secret.len &&
                                      CRYPTO_memcmp(given.ptr, client->secret.ptr, given.len) == 0)
        return true;
    return fail(&request->failure, code, "Unable to verify secret for client %.*s", SLICE_ARGS(client->id));
}

static const struct shape_entry refresh_members[] = {{"RefreshToken", &idp_token, true},
                                                     {"ClientId", &idp_client_id, true},
                                                     {"ClientSecret", &idp_client_secret, false},
                                                     {"DeviceKey", &shape_string, false},
                                                     IDP_CLIENT_METADATA,
                                                     {0}};
static const struct shape refresh_input = {.kind = SHAPE_STRUCTURE, .members = refresh_members};

bool get_tokens_from_refresh_token(struct request *request)
{
    struct sign_in sign_in = {.request = request};

    return idp_accepts(request, &refresh_input) &&
           user_client_find(request, shape_text(request->body, "ClientId"), &sign_in.client, &sign_in.pool) &&
           check_secret(request, &sign_in.client, ERROR_NOT_AUTHORIZED) &&
           sign_in_refresh(&sign_in, shape_text(request->body, "RefreshToken"));
}

static const struct shape_entry revoke_members[] = {{"Token", &idp_token, true},
                                                    {"ClientId", &idp_client_id, true},
                                                    {"ClientSecret", &idp_client_secret, false},
                                                    {0}};
static const struct shape revoke_input = {.kind = SHAPE_STRUCTURE, .members = revoke_members};

/* A token that was revoked before is revoked: RFC 7009, 2.2. */
static bool revoke(struct request *request, const struct user_pool *pool, const struct refresh_claim *claim)
{
    struct user user;
    struct session session;
    bool found;

    if (!user_look_up(request, pool, claim->user_name, &found, &user))
        return false;
    if (found && !session_find(request, pool, &user, claim->session_id, &found, &session))
        return false;
    if (found)
        session_end(request, &session);
    buffer_append_string(request->out, "{}");
    return true;
}

bool revoke_token(struct request *request)
{
    struct user_client client;
    struct user_pool pool;
    struct refresh_claim claim;

    if (!idp_accepts(request, &revoke_input) ||
        !user_client_find(request, shape_text(request->body, "ClientId"), &client, &pool) ||
        !check_secret(request, &client, ERROR_IDP_UNAUTHORIZED))
        return false;
    if (!client.revocation)
        return fail(&request->failure, ERROR_IDP_UNSUPPORTED_OPERATION,
                    "Revocation is not enabled for this client");
    struct slice token = shape_text(request->body, "Token");
    if (!session_read_refresh_token(request, &pool, token, &claim))
        return memchr(token.ptr, '.', token.len) != NULL
                   ? fail(&request->failure, ERROR_IDP_UNSUPPORTED_TOKEN_TYPE, "Unsupported token type")
                   : fail(&request->failure, ERROR_INVALID_PARAMETER, "Invalid Refresh Token");
    if (!slice_equal(claim.client_id, client.id))
        return fail(&request->failure, ERROR_IDP_UNAUTHORIZED, "Invalid Refresh Token");
    return revoke(request, &pool, &claim);
}
