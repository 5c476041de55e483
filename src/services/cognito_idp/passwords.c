/* ForgotPassword, ConfirmForgotPassword, ChangePassword. AWS: API reference; "Managing error responses". */
#include "base/clock.h"
#include "services/cognito_idp/handlers.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/session.h"

#define PURPOSE SLICE("ForgotPassword")

static const struct shape_entry members[] = {{"ClientId", &idp_client_id, true},
                                             {"SecretHash", &idp_secret_hash, false},
                                             {"UserContextData", &idp_anything, false},
                                             {"Username", &idp_user_name, true},
                                             {"AnalyticsMetadata", &idp_anything, false},
                                             IDP_CLIENT_METADATA,
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static bool find(struct request *request, struct user_client *client, struct user_pool *pool, bool *found,
                 struct user *user)
{
    struct slice name = shape_text(request->body, "Username");

    return user_client_find(request, shape_text(request->body, "ClientId"), client, pool) &&
           user_client_check_hash(request, client, name, shape_text(request->body, "SecretHash")) &&
           user_look_up(request, pool, name, found, user);
}

bool user_send_reset(struct request *request, const struct user_pool *pool, struct user *user,
                     const char **attribute)
{
    bool admin_only;

    *attribute = user_recovery(pool, user, &admin_only);
    if (user->status == USER_FORCE_CHANGE_PASSWORD)
        return fail(&request->failure, ERROR_NOT_AUTHORIZED,
                    "User password cannot be reset in the current state.");
    if (*attribute == NULL && admin_only)
        return fail(&request->failure, ERROR_NOT_AUTHORIZED, "Contact administrator to reset password.");
    if (*attribute == NULL)
        return fail(&request->failure, ERROR_INVALID_PARAMETER,
                    "Cannot reset password for the user as there is no registered/verified email or "
                    "phone_number");
    return user_send_code(request, pool, user, PURPOSE, *attribute, user_get(user, *attribute), SLICE(""));
}

bool forgot_password(struct request *request)
{
    struct user_client client;
    struct user_pool pool;
    struct user user;
    const char *attribute;
    bool found, admin_only;

    if (!idp_accepts(request, &input) || !find(request, &client, &pool, &found, &user))
        return false;
    bool reachable = found && user.enabled && user_recovery(&pool, &user, &admin_only) != NULL;
    if (client.hides_users && !reachable) {
        user_write_nothing_sent(request, shape_text(request->body, "Username"));
        return true;
    }
    if (!found)
        return fail(&request->failure, ERROR_IDP_USER_NOT_FOUND, "Username/client id combination not found.");
    if (!user.enabled)
        return fail(&request->failure, ERROR_NOT_AUTHORIZED, "User is disabled.");
    if (!user_send_reset(request, &pool, &user, &attribute))
        return false;
    user_write_sent(request, attribute, user_get(&user, attribute));
    return user_put(request, &pool, &user, false);
}

/* ---- ConfirmForgotPassword ---- */

static const struct shape_entry confirm_members[] = {{"ClientId", &idp_client_id, true},
                                                     {"SecretHash", &idp_secret_hash, false},
                                                     {"Username", &idp_user_name, true},
                                                     {"ConfirmationCode", &idp_code, true},
                                                     {"Password", &idp_password, true},
                                                     IDP_CONTEXT,
                                                     {0}};
static const struct shape confirm_input = {.kind = SHAPE_STRUCTURE, .members = confirm_members};

bool confirm_forgot_password(struct request *request)
{
    struct slice password = shape_text(request->body, "Password");
    struct user_client client;
    struct user_pool pool;
    struct user user;
    struct user_code code;
    bool found, counted;

    if (!idp_accepts(request, &confirm_input) || !find(request, &client, &pool, &found, &user))
        return false;
    if (client.hides_users && (!found || !user.enabled))
        return user_code_mismatch(request);
    if (!found)
        return fail(&request->failure, ERROR_IDP_USER_NOT_FOUND, "Username/client id combination not found.");
    if (!user.enabled)
        return fail(&request->failure, ERROR_NOT_AUTHORIZED, "User is disabled.");
    if (!user_take_code(request, &user, PURPOSE, shape_text(request->body, "ConfirmationCode"), &code,
                        &counted))
        return counted && user_put(request, &pool, &user, false);
    /* A password that is refused does not use the code up: nothing of this is committed then. */
    if (!user_set_password(request, &pool, &user, password))
        return false;
    if (user.status == USER_RESET_REQUIRED)
        user.status = USER_CONFIRMED;
    user.attempts = (struct attempts){0};
    user.modified = clock_now();
    buffer_append_string(request->out, "{}");
    return user_put(request, &pool, &user, false);
}

/* ---- ChangePassword ---- */

static const struct shape_entry change_members[] = {{"PreviousPassword", &idp_password, false},
                                                    {"ProposedPassword", &idp_password, true},
                                                    {"AccessToken", &idp_token, true},
                                                    {0}};
static const struct shape change_input = {.kind = SHAPE_STRUCTURE, .members = change_members};

static bool incorrect(struct request *request)
{
    return fail(&request->failure, ERROR_NOT_AUTHORIZED, "Incorrect username or password.");
}

bool change_password(struct request *request)
{
    struct slice previous = shape_text(request->body, "PreviousPassword");
    struct access access;
    struct user *user = &access.user;

    if (!idp_accepts(request, &change_input) || !access_read(request, &access))
        return false;
    if (attempts_locked(&user->attempts, clock_now()))
        return fail(&request->failure, ERROR_IDP_LIMIT_EXCEEDED,
                    "Attempt limit exceeded, please try after some time.");
    if (user->has_password &&
        (previous.ptr == NULL ||
         !srp_password_matches(&user->verifier, user_hashed(&access.pool, user), previous))) {
        attempts_add(&user->attempts, clock_now());
        (void)incorrect(request);
        return user_put(request, &access.pool, user, false);
    }
    if (!user_set_password(request, &access.pool, user, shape_text(request->body, "ProposedPassword")))
        return false;
    user->attempts = (struct attempts){0};
    user->modified = clock_now();
    buffer_append_string(request->out, "{}");
    return user_put(request, &access.pool, user, false);
}
