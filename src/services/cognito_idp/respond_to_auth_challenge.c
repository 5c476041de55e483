/* RespondToAuthChallenge and AdminRespondToAuthChallenge: the proof of a password (SRP), and a new one. */
#include <openssl/crypto.h>

#include "base/base64.h"
#include "base/clock.h"
#include "services/cognito_idp/handlers.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/sign_in.h"

static const char *const names[] = {"SMS_MFA",
                                    "EMAIL_OTP",
                                    "SOFTWARE_TOKEN_MFA",
                                    "SELECT_MFA_TYPE",
                                    "MFA_SETUP",
                                    "PASSWORD_VERIFIER",
                                    "CUSTOM_CHALLENGE",
                                    "SELECT_CHALLENGE",
                                    "DEVICE_SRP_AUTH",
                                    "DEVICE_PASSWORD_VERIFIER",
                                    "ADMIN_NO_SRP_AUTH",
                                    "NEW_PASSWORD_REQUIRED",
                                    "SMS_OTP",
                                    "PASSWORD",
                                    "WEB_AUTHN",
                                    "PASSWORD_SRP",
                                    NULL};
static const struct shape name_shape = {.kind = SHAPE_STRING, .words = names};

static bool bad_session(struct sign_in *sign_in, const char *why)
{
    return fail(&sign_in->request->failure, ERROR_NOT_AUTHORIZED, "Invalid session for the user%s", why);
}

/* ---- the proof of a password ---- */

/* A challenge is answered once: it stays with the user as long as it could be answered again. */
static bool take_challenge(struct sign_in *sign_in, const struct challenge *challenge, int64_t now)
{
    struct user *user = &sign_in->user;
    size_t kept = 0;

    for (size_t i = 0; i < user->challenge_count; i++) {
        if (slice_equal(user->challenges[i].id, challenge->id))
            return bad_session(sign_in, ", session can only be used once.");
        if (user->challenges[i].expires > now)
            user->challenges[kept++] = user->challenges[i];
    }
    if (kept == USER_CHALLENGES) /* AWS limits how often a user signs in as well */
        return fail(&sign_in->request->failure, ERROR_IDP_LIMIT_EXCEEDED,
                    "Attempt limit exceeded, please try after some time.");
    user->challenges[kept++] = (struct user_challenge){challenge->id, challenge->expires};
    user->challenge_count = kept;
    sign_in->changed = true;
    return true;
}

static bool is_proof(struct sign_in *sign_in, const struct challenge *challenge, struct slice block,
                     struct slice timestamp, struct slice signature)
{
    const struct user *user = &sign_in->user;
    unsigned char key[SRP_KEY_LENGTH], expected[SHA256_LENGTH];
    struct srp_exchange exchange;
    struct slice given;

    memcpy(exchange.secret, challenge->secret, sizeof(exchange.secret));
    srp_exchange_derive(&user->verifier, &exchange);
    srp_exchange_key(&user->verifier, &exchange, challenge->client_public, key);
    srp_signature(key, user_hashed(&sign_in->pool, user), block, timestamp, expected);
    OPENSSL_cleanse(key, sizeof(key));
    return base64_decode(sign_in->request->arena, signature, &given) && given.len == sizeof(expected) &&
           CRYPTO_memcmp(given.ptr, expected, sizeof(expected)) == 0;
}

static bool judge(struct sign_in *sign_in, const struct challenge *challenge, struct slice block)
{
    struct slice timestamp, signature;
    int64_t now = clock_now();

    if (!sign_in_parameter(sign_in, "TIMESTAMP", &timestamp) ||
        !sign_in_parameter(sign_in, "PASSWORD_CLAIM_SIGNATURE", &signature))
        return false;
    if (!srp_timestamp_valid(timestamp))
        return fail(&sign_in->request->failure, ERROR_INVALID_PARAMETER,
                    "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.");
    if (challenge->expires <= now)
        return bad_session(sign_in, ", session is expired.");
    if (challenge->nobody && !sign_in->found)
        return sign_in_unknown(sign_in);
    if (!sign_in->found || !slice_equal(challenge->user_name, sign_in->user.name))
        return bad_session(sign_in, ".");
    if (!sign_in_admit(sign_in))
        return false;
    if (challenge->nobody || !sign_in->user.has_password ||
        !is_proof(sign_in, challenge, block, timestamp, signature))
        return sign_in_refuse(sign_in);
    return take_challenge(sign_in, challenge, now) && sign_in_pass(sign_in);
}

static bool verify_password(struct sign_in *sign_in)
{
    struct slice name, text, block;
    struct challenge challenge;

    if (!sign_in_parameter(sign_in, "PASSWORD_CLAIM_SECRET_BLOCK", &text) ||
        !sign_in_find_user(sign_in, &name))
        return false;
    if (!base64_decode(sign_in->request->arena, text, &block) ||
        !challenge_unseal(sign_in->request, &sign_in->pool, CHALLENGE_SRP, block, &challenge) ||
        !slice_equal(challenge.client_id, sign_in->client.id))
        return bad_session(sign_in, ".");
    return judge(sign_in, &challenge, block);
}

/* ---- a new password ---- */

/* "userAttributes.name": "Ana" */
static bool take_attributes(struct sign_in *sign_in)
{
    const struct slice prefix = SLICE("userAttributes.");
    struct request *request = sign_in->request;
    const struct json *given = sign_in->parameters;

    for (size_t i = 0; i < given->object.count; i++) {
        struct json_member *pair = arena_array(request->arena, struct json_member, 2);
        if (!slice_starts_with(given->object.members[i].name, prefix))
            continue;
        pair[0] = (struct json_member){
            SLICE("Name"), {JSON_STRING, {.text = slice_skip(given->object.members[i].name, prefix.len)}}};
        pair[1] = (struct json_member){SLICE("Value"), given->object.members[i].value};
        struct json entry = {JSON_OBJECT, {.object = {pair, 2}}};
        const struct json list = {JSON_ARRAY, {.array = {&entry, 1}}};
        if (!user_take_attributes(request, &sign_in->pool, &sign_in->client, &list, false, &sign_in->user))
            return false;
    }
    return user_check_required(request, &sign_in->pool, &sign_in->user);
}

static bool new_password(struct sign_in *sign_in)
{
    struct request *request = sign_in->request;
    struct user *user = &sign_in->user;
    struct slice name, password;
    struct challenge challenge;

    if (!sign_in_parameter(sign_in, "NEW_PASSWORD", &password) || !sign_in_find_user(sign_in, &name))
        return false;
    struct slice session = shape_text(request->body, "Session");
    if (session.ptr == NULL)
        return fail(&request->failure, ERROR_INVALID_PARAMETER, "Missing required parameter Session");
    if (!challenge_unseal(request, &sign_in->pool, CHALLENGE_NEW_PASSWORD, session, &challenge) ||
        !slice_equal(challenge.client_id, sign_in->client.id) || !sign_in->found ||
        !slice_equal(challenge.user_name, user->name))
        return bad_session(sign_in, ".");
    if (challenge.expires <= clock_now())
        return bad_session(sign_in, ", session is expired.");
    if (user->status != USER_FORCE_CHANGE_PASSWORD || user->temporary_since != challenge.temporary_since)
        return bad_session(sign_in, ", session can only be used once.");
    if (!sign_in_admit(sign_in) || !user_set_password(request, &sign_in->pool, user, password) ||
        !take_attributes(sign_in))
        return false;
    user->status = USER_CONFIRMED;
    user->modified = clock_now();
    sign_in->changed = true;
    return sign_in_finish(sign_in);
}

/* ---- the operations ---- */

static bool respond(struct sign_in *sign_in)
{
    static const struct json none = {JSON_OBJECT, {.object = {NULL, 0}}};
    struct slice name = shape_text(sign_in->request->body, "ChallengeName");

    sign_in->parameters = shape_member(sign_in->request->body, "ChallengeResponses");
    if (sign_in->parameters == NULL)
        sign_in->parameters = &none;
    if (slice_is(name, "PASSWORD_VERIFIER"))
        return verify_password(sign_in);
    if (slice_is(name, "NEW_PASSWORD_REQUIRED"))
        return new_password(sign_in);
    /* This server begins no others. */
    return bad_session(sign_in, ".");
}

static const struct shape_entry members[] = {{"ClientId", &idp_client_id, true},
                                             {"ChallengeName", &name_shape, true},
                                             {"Session", &idp_session, false},
                                             {"ChallengeResponses", &shape_string_map, false},
                                             IDP_CONTEXT,
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

bool respond_to_auth_challenge(struct request *request)
{
    struct sign_in sign_in = {.request = request};

    return idp_accepts(request, &input) &&
           user_client_find(request, shape_text(request->body, "ClientId"), &sign_in.client, &sign_in.pool) &&
           respond(&sign_in);
}

static const struct shape_entry admin_members[] = {{"UserPoolId", &idp_pool_id, true},
                                                   {"ClientId", &idp_client_id, true},
                                                   {"ChallengeName", &name_shape, true},
                                                   {"ChallengeResponses", &shape_string_map, false},
                                                   {"Session", &idp_session, false},
                                                   {"AnalyticsMetadata", &idp_anything, false},
                                                   {"ContextData", &idp_anything, false},
                                                   IDP_CLIENT_METADATA,
                                                   {0}};
static const struct shape admin_input = {.kind = SHAPE_STRUCTURE, .members = admin_members};

bool admin_respond_to_auth_challenge(struct request *request)
{
    struct sign_in sign_in = {.request = request, .is_admin = true};

    return idp_accepts(request, &admin_input) &&
           user_pool_find(request, shape_text(request->body, "UserPoolId"), &sign_in.pool) &&
           user_client_find_in(request, &sign_in.pool, shape_text(request->body, "ClientId"),
                               &sign_in.client) &&
           respond(&sign_in);
}
