#include "services/cognito_idp/sign_in.h"

#include "base/clock.h"
#include "services/cognito_idp/idp_input.h"

enum { DAY = 24 * 60 * 60 * 1000, SECOND = 1000 };

bool sign_in_parameter(struct sign_in *sign_in, const char *name, struct slice *out)
{
    *out = shape_text(sign_in->parameters, name);
    return out->len > 0 ||
           fail(&sign_in->request->failure, ERROR_INVALID_PARAMETER, "Missing required parameter %s", name);
}

bool sign_in_find_user(struct sign_in *sign_in, struct slice *name)
{
    struct slice hash = shape_text(sign_in->parameters, "SECRET_HASH");

    return sign_in_parameter(sign_in, "USERNAME", name) &&
           (idp_is_visible(*name) || fail(&sign_in->request->failure, ERROR_INVALID_PARAMETER,
                                          "Invalid user name or password format.")) &&
           user_client_check_hash(sign_in->request, &sign_in->client, *name, hash) &&
           user_look_up(sign_in->request, &sign_in->pool, *name, &sign_in->found, &sign_in->user);
}

static bool incorrect(struct request *request)
{
    return fail(&request->failure, ERROR_NOT_AUTHORIZED, "Incorrect username or password.");
}

bool sign_in_unknown(struct sign_in *sign_in)
{
    return sign_in->client.hides_users
               ? incorrect(sign_in->request)
               : fail(&sign_in->request->failure, ERROR_IDP_USER_NOT_FOUND, "User does not exist.");
}

bool sign_in_admit(struct sign_in *sign_in)
{
    struct failure *failure = &sign_in->request->failure;
    const struct user *user = &sign_in->user;

    if (!user->enabled)
        return fail(failure, ERROR_NOT_AUTHORIZED, "User is disabled.");
    if (attempts_locked(&user->attempts, clock_now()))
        return fail(failure, ERROR_NOT_AUTHORIZED, "Password attempts exceeded");
    return user->status != USER_RESET_REQUIRED ||
           fail(failure, ERROR_IDP_PASSWORD_RESET_REQUIRED, "Password reset required for the user");
}

bool sign_in_refuse(struct sign_in *sign_in)
{
    attempts_add(&sign_in->user.attempts, clock_now());
    (void)incorrect(sign_in->request);
    return user_put(sign_in->request, &sign_in->pool, &sign_in->user, false);
}

/* What was decided on the user holds when it is committed. */
static bool keep_user(struct sign_in *sign_in)
{
    struct request *request = sign_in->request;

    if (sign_in->changed)
        return user_put(request, &sign_in->pool, &sign_in->user, false);
    user_pool_rely(request, &sign_in->pool);
    batch_guard(&request->batch, sign_in->user.key, sign_in->user.version);
    return true;
}

/* ---- a new password ---- */

/* The attributes that a user still has to give, as a JSON list in a string, and those that they have. */
static void write_attributes(struct sign_in *sign_in, struct buffer *required, struct buffer *given)
{
    const struct user *user = &sign_in->user;
    bool first = true, first_given = true;
    char name[64];

    buffer_append_byte(required, '[');
    for (size_t i = 0; i < sign_in->pool.schema.count; i++) {
        const struct attribute_rule *rule = &sign_in->pool.schema.rules[i];
        snprintf(name, sizeof(name), "%.*s", SLICE_ARGS(rule->name));
        if (!rule->required || slice_is(rule->name, "sub") || user_get(user, name).len > 0)
            continue;
        buffer_printf(required, "%s\"userAttributes.%s\"", first ? "" : ",", name);
        first = false;
    }
    buffer_append_byte(required, ']');
    buffer_append_byte(given, '{');
    for (size_t i = 0; i < user->attribute_count; i++) {
        snprintf(name, sizeof(name), "%.*s", SLICE_ARGS(user->attributes[i].name));
        json_write_string_member(given, &first_given, name, user->attributes[i].value);
    }
    buffer_append_byte(given, '}');
}

static void write_challenge(struct sign_in *sign_in, struct slice session)
{
    struct buffer required, given, *out = sign_in->request->out;
    bool first = true, first_parameter = true;

    buffer_init(&required);
    buffer_init(&given);
    write_attributes(sign_in, &required, &given);
    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "ChallengeName", SLICE("NEW_PASSWORD_REQUIRED"));
    json_write_string_member(out, &first, "Session", session);
    json_write_name(out, &first, "ChallengeParameters");
    buffer_append_byte(out, '{');
    json_write_string_member(out, &first_parameter, "USER_ID_FOR_SRP", sign_in->user.name);
    json_write_string_member(out, &first_parameter, "requiredAttributes", buffer_slice(&required));
    json_write_string_member(out, &first_parameter, "userAttributes", buffer_slice(&given));
    buffer_append_string(out, "}}");
    buffer_finish(&required);
    buffer_finish(&given);
}

static bool ask_new_password(struct sign_in *sign_in)
{
    const struct user *user = &sign_in->user;
    int64_t now = clock_now();

    if (now - user->temporary_since >= sign_in->pool.temporary_days * DAY)
        return fail(&sign_in->request->failure, ERROR_NOT_AUTHORIZED,
                    "Temporary password has expired and must be reset by an administrator.");
    const struct challenge challenge = {.client_id = sign_in->client.id,
                                        .user_name = user->name,
                                        .id = random_uuid(sign_in->request->arena),
                                        .expires = now + sign_in->client.challenge_lifetime * SECOND,
                                        .temporary_since = user->temporary_since};
    write_challenge(sign_in,
                    challenge_seal(sign_in->request, &sign_in->pool, CHALLENGE_NEW_PASSWORD, &challenge));
    return keep_user(sign_in);
}

/* ---- tokens ---- */

bool sign_in_pass(struct sign_in *sign_in)
{
    struct user *user = &sign_in->user;

    if (user->status == USER_UNCONFIRMED)
        return fail(&sign_in->request->failure, ERROR_IDP_USER_NOT_CONFIRMED, "User is not confirmed.");
    if (user->attempts.failed > 0) {
        user->attempts = (struct attempts){0};
        sign_in->changed = true;
    }
    return user->status == USER_FORCE_CHANGE_PASSWORD ? ask_new_password(sign_in) : sign_in_finish(sign_in);
}

bool sign_in_finish(struct sign_in *sign_in)
{
    struct request *request = sign_in->request;
    struct session session;

    if (!session_begin(request, &sign_in->pool, &sign_in->client, &sign_in->user, &session))
        return false;
    struct slice refresh =
        session_refresh_token(request, &sign_in->pool, &sign_in->client, &sign_in->user, &session);
    buffer_append_string(request->out, "{\"ChallengeParameters\":{},\"AuthenticationResult\":");
    if (!tokens_write(request, &sign_in->pool, &sign_in->client, &sign_in->user, &session, refresh))
        return false;
    buffer_append_byte(request->out, '}');
    return keep_user(sign_in);
}

static bool refuse_refresh(struct sign_in *sign_in, const char *why)
{
    return fail(&sign_in->request->failure, ERROR_NOT_AUTHORIZED, "%s", why);
}

/* With rotation a token is exchanged once; the one before still works for a while, for clients that did not
 * see the answer. */
static bool rotate(struct sign_in *sign_in, const struct refresh_claim *claim, struct session *session)
{
    int64_t now = clock_now();

    if (claim->generation == session->generation) {
        session->generation++;
        session->exchanged = now;
        session_put(sign_in->request, session);
        return keep_user(sign_in);
    }
    return (claim->generation == session->generation - 1 &&
            now - session->exchanged < sign_in->client.grace * SECOND) ||
           fail(&sign_in->request->failure, ERROR_IDP_REFRESH_TOKEN_REUSE, "Refresh Token has been reused");
}

bool sign_in_refresh(struct sign_in *sign_in, struct slice token)
{
    struct request *request = sign_in->request;
    struct slice next = SLICE("");
    struct refresh_claim claim;
    struct session session;
    bool found;

    if (!session_read_refresh_token(request, &sign_in->pool, token, &claim) ||
        !slice_equal(claim.client_id, sign_in->client.id))
        return refuse_refresh(sign_in, "Invalid Refresh Token");
    if (claim.expires <= clock_now())
        return refuse_refresh(sign_in, "Refresh Token has expired");
    if (!user_find(request, &sign_in->pool, claim.user_name, &sign_in->user))
        return false;
    if (!sign_in->user.enabled)
        return refuse_refresh(sign_in, "User is disabled.");
    if (!session_find(request, &sign_in->pool, &sign_in->user, claim.session_id, &found, &session))
        return false;
    if (!found)
        return refuse_refresh(sign_in, "Refresh Token has been revoked");
    if (sign_in->client.rotation) {
        if (!rotate(sign_in, &claim, &session))
            return false;
        next = session_refresh_token(request, &sign_in->pool, &sign_in->client, &sign_in->user, &session);
    }
    buffer_append_string(request->out, "{\"AuthenticationResult\":");
    if (!tokens_write(request, &sign_in->pool, &sign_in->client, &sign_in->user, &session, next))
        return false;
    buffer_append_byte(request->out, '}');
    return true;
}
