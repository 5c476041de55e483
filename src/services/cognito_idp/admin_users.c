/* What administrators do with users. AWS: API reference, the operations that begin with Admin. */
#include "base/clock.h"
#include "services/cognito_idp/handlers.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/user.h"

/* The pool and the user that the request names. */
static bool find(struct request *request, struct user_pool *pool, struct user *user)
{
    return user_pool_find(request, shape_text(request->body, "UserPoolId"), pool) &&
           user_find(request, pool, shape_text(request->body, "Username"), user);
}

static bool put(struct request *request, const struct user_pool *pool, struct user *user)
{
    user->modified = clock_now();
    buffer_append_string(request->out, "{}");
    return user_put(request, pool, user, false);
}

/* ---- AdminCreateUser ---- */

static const char *const actions[] = {"RESEND", "SUPPRESS", NULL};
static const struct shape action = {.kind = SHAPE_STRING, .words = actions};
static const char *const mediums[] = {"SMS", "EMAIL", NULL};
static const struct shape medium = {.kind = SHAPE_STRING, .words = mediums};
static const struct shape medium_list = {.kind = SHAPE_LIST, .element = &medium};
static const struct shape_entry create_members[] = {{"UserPoolId", &idp_pool_id, true},
                                                    {"Username", &idp_user_name, true},
                                                    {"UserAttributes", &idp_attributes, false},
                                                    {"ValidationData", &idp_any_attributes, false},
                                                    {"TemporaryPassword", &idp_password, false},
                                                    {"ForceAliasCreation", &shape_boolean_value, false},
                                                    {"MessageAction", &action, false},
                                                    {"DesiredDeliveryMediums", &medium_list, false},
                                                    IDP_CLIENT_METADATA,
                                                    {0}};
static const struct shape create_input = {.kind = SHAPE_STRUCTURE, .members = create_members};

/* The given password, or one that is made up and told the user. */
static bool set_temporary(struct request *request, const struct user_pool *pool, struct user *user,
                          bool is_told)
{
    struct slice password = shape_text(request->body, "TemporaryPassword");
    char made_up[PASSWORD_RANDOM_LENGTH];
    struct user_pool lenient = *pool;

    if (password.ptr == NULL) {
        password_create(made_up);
        password = arena_copy(request->arena, (struct slice){made_up, sizeof(made_up)});
        lenient.policy.minimum_length = 0; /* it is of all kinds, and long enough for what it is */
    }
    if (!user_set_password(request, &lenient, user, password))
        return false;
    user->temporary_since = clock_now();
    if (is_told) {
        user->invitation = password;
        user_send_invitation(request, pool, user);
    }
    return true;
}

static bool resend(struct request *request, const struct user_pool *pool, struct slice name)
{
    struct user user;

    if (!user_find(request, pool, name, &user))
        return false;
    if (user.status != USER_FORCE_CHANGE_PASSWORD)
        return fail(&request->failure, ERROR_IDP_UNSUPPORTED_USER_STATE,
                    "Resend not possible. %.*s status is not FORCE_CHANGE_PASSWORD", SLICE_ARGS(user.name));
    if (!set_temporary(request, pool, &user, true))
        return false;
    user.modified = clock_now();
    buffer_append_string(request->out, "{\"User\":");
    user_write(request->out, &user, "Attributes", NULL);
    buffer_append_byte(request->out, '}');
    return user_put(request, pool, &user, false);
}

bool admin_create_user(struct request *request)
{
    struct slice name = shape_text(request->body, "Username");
    struct slice message = shape_text(request->body, "MessageAction");
    struct user user = {.version = {0, 0}};
    struct user_pool pool;

    if (!idp_accepts(request, &create_input) ||
        !user_pool_find(request, shape_text(request->body, "UserPoolId"), &pool))
        return false;
    if (message.ptr != NULL && slice_is(message, "RESEND"))
        return resend(request, &pool, name);
    if (!user_admit_new(request, &pool, NULL, name, "User account already exists", &user) ||
        !set_temporary(request, &pool, &user, message.ptr == NULL))
        return false;
    user.status = USER_FORCE_CHANGE_PASSWORD;
    buffer_append_string(request->out, "{\"User\":");
    user_write(request->out, &user, "Attributes", NULL);
    buffer_append_byte(request->out, '}');
    return user_put(request, &pool, &user, shape_boolean(request->body, "ForceAliasCreation", false));
}

/* ---- one user ---- */

bool admin_get_user(struct request *request)
{
    struct user_pool pool;
    struct user user;

    if (!idp_accepts(request, &idp_pool_user_input) || !find(request, &pool, &user))
        return false;
    user_write(request->out, &user, "UserAttributes", NULL);
    return true;
}

bool admin_confirm_sign_up(struct request *request)
{
    struct user_pool pool;
    struct user user;

    if (!idp_accepts(request, &idp_pool_user_input) || !find(request, &pool, &user))
        return false;
    if (user.status != USER_UNCONFIRMED)
        return fail(&request->failure, ERROR_NOT_AUTHORIZED, "User cannot be confirmed. Current status is %s",
                    user_status_word(user.status));
    user.status = USER_CONFIRMED;
    return put(request, &pool, &user);
}

bool admin_delete_user(struct request *request)
{
    struct user_pool pool;
    struct user user;

    return idp_accepts(request, &idp_pool_user_input) && find(request, &pool, &user) &&
           user_delete(request, &pool, &user);
}

static bool set_enabled(struct request *request, bool enabled)
{
    struct user_pool pool;
    struct user user;

    if (!idp_accepts(request, &idp_pool_user_input) || !find(request, &pool, &user))
        return false;
    if (!enabled) { /* AWS: disabling a user revokes all of their access tokens */
        user.epoch++;
        user.signed_out = clock_now();
    }
    user.enabled = enabled;
    return put(request, &pool, &user);
}

bool admin_disable_user(struct request *request)
{
    return set_enabled(request, false);
}

bool admin_enable_user(struct request *request)
{
    return set_enabled(request, true);
}

bool admin_user_global_sign_out(struct request *request)
{
    struct user_pool pool;
    struct user user;

    if (!idp_accepts(request, &idp_pool_user_input) || !find(request, &pool, &user))
        return false;
    user.epoch++;
    user.signed_out = clock_now();
    buffer_append_string(request->out, "{}");
    return user_put(request, &pool, &user, false);
}

/* The old password is no more, whatever becomes of the code. */
bool admin_reset_user_password(struct request *request)
{
    struct user_pool pool;
    struct user user;
    const char *attribute;

    if (!idp_accepts(request, &idp_pool_user_input) || !find(request, &pool, &user) ||
        !user_send_reset(request, &pool, &user, &attribute))
        return false;
    user.status = USER_RESET_REQUIRED;
    user.has_password = false;
    return put(request, &pool, &user);
}

/* ---- AdminSetUserPassword ---- */

static const struct shape_entry password_members[] = {{"UserPoolId", &idp_pool_id, true},
                                                      {"Username", &idp_user_name, true},
                                                      {"Password", &idp_password, true},
                                                      {"Permanent", &shape_boolean_value, false},
                                                      {0}};
static const struct shape password_input = {.kind = SHAPE_STRUCTURE, .members = password_members};

bool admin_set_user_password(struct request *request)
{
    bool permanent = shape_boolean(request->body, "Permanent", false);
    struct user_pool pool;
    struct user user;

    if (!idp_accepts(request, &password_input) || !find(request, &pool, &user) ||
        !user_set_password(request, &pool, &user, shape_text(request->body, "Password")))
        return false;
    user.status = permanent ? USER_CONFIRMED : USER_FORCE_CHANGE_PASSWORD;
    user.temporary_since = permanent ? 0 : clock_now();
    user.attempts = (struct attempts){0};
    return put(request, &pool, &user);
}

/* ---- attributes ---- */

static const struct shape_entry update_members[] = {{"UserPoolId", &idp_pool_id, true},
                                                    {"Username", &idp_user_name, true},
                                                    {"UserAttributes", &idp_attributes, true},
                                                    IDP_CLIENT_METADATA,
                                                    {0}};
static const struct shape update_input = {.kind = SHAPE_STRUCTURE, .members = update_members};

bool admin_update_user_attributes(struct request *request)
{
    struct user_pool pool;
    struct user user;

    return idp_accepts(request, &update_input) && find(request, &pool, &user) &&
           user_take_attributes(request, &pool, NULL, shape_member(request->body, "UserAttributes"), false,
                                &user) &&
           put(request, &pool, &user);
}

static const struct shape_entry delete_members[] = {{"UserPoolId", &idp_pool_id, true},
                                                    {"Username", &idp_user_name, true},
                                                    {"UserAttributeNames", &idp_attribute_names, true},
                                                    {0}};
static const struct shape delete_input = {.kind = SHAPE_STRUCTURE, .members = delete_members};

bool admin_delete_user_attributes(struct request *request)
{
    struct user_pool pool;
    struct user user;

    return idp_accepts(request, &delete_input) && find(request, &pool, &user) &&
           user_drop_attributes(request, &pool, NULL, shape_member(request->body, "UserAttributeNames"),
                                &user) &&
           put(request, &pool, &user);
}
