/* SignUp, ConfirmSignUp, ResendConfirmationCode. AWS: "Signing up and confirming user accounts". */
#include "base/clock.h"
#include "http/server.h"
#include "services/cognito_idp/handlers.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/keeper.h"
#include "services/cognito_idp/user.h"

#define PURPOSE SLICE("SignUp")

/* The name, or the address, that a user wants to be known by is one that the pool takes. Where addresses are
 * names, *attribute is which one this is. */
static bool check_name(struct request *request, const struct user_pool *pool, struct slice name,
                       const char **attribute)
{
    bool is_email = idp_is_email(name), is_phone = idp_is_phone_number(name);

    *attribute = is_email ? "email" : "phone_number";
    if (pool->email_names && pool->phone_names)
        return is_email || is_phone ||
               fail(&request->failure, ERROR_INVALID_PARAMETER,
                    "Username should be either an email or a phone number.");
    if (pool->email_names)
        return is_email || fail(&request->failure, ERROR_INVALID_PARAMETER, "Username should be an email.");
    if (pool->phone_names)
        return is_phone ||
               fail(&request->failure, ERROR_INVALID_PARAMETER, "Username should be a phone number.");
    *attribute = NULL;
    if (pool->email_aliases && is_email)
        return fail(&request->failure, ERROR_INVALID_PARAMETER,
                    "Username cannot be of email format, since user pool is configured for email alias.");
    if (pool->phone_aliases && is_phone)
        return fail(&request->failure, ERROR_INVALID_PARAMETER,
                    "Username cannot be of phone number format, since user pool is configured for phone "
                    "number alias.");
    return true;
}

/* `attribute` NULL: the user name itself is taken. */
static bool exists(struct request *request, const char *attribute, const char *otherwise)
{
    if (attribute == NULL)
        return fail(&request->failure, ERROR_IDP_USERNAME_EXISTS, "%s", otherwise);
    return fail(&request->failure, ERROR_IDP_USERNAME_EXISTS, "An account with the given %s already exists.",
                attribute);
}

/* The address that signs up is the attribute as well. */
static bool take_address(struct request *request, struct user *user, const char *attribute, struct slice name)
{
    struct slice given = attribute == NULL ? SLICE("") : user_get(user, attribute);

    if (attribute == NULL)
        return true;
    if (given.len > 0 && !slice_equal(given, name))
        return fail(&request->failure, ERROR_INVALID_PARAMETER,
                    "The %s in the user's attributes is not the user name", attribute);
    user_set(request, user, slice_of(attribute), name);
    return true;
}

/* An address by which users sign in is one user's, verified or not. */
static bool check_addresses(struct request *request, const struct user_pool *pool, const struct user *user)
{
    static const char *const attributes[] = {"email", "phone_number"};
    const bool are_names[] = {pool->email_names, pool->phone_names};

    for (size_t i = 0; i < 2; i++) {
        struct slice address = user_get(user, attributes[i]);
        struct user other = {.version = {0, 0}};
        bool found;
        if (!are_names[i] || address.len == 0)
            continue;
        if (!user_look_up(request, pool, address, &found, &other))
            return false;
        if (found)
            return exists(request, attributes[i], "");
    }
    return true;
}

bool user_admit_new(struct request *request, const struct user_pool *pool, const struct user_client *client,
                    struct slice name, const char *taken, struct user *user)
{
    const struct json *attributes = shape_member(request->body, "UserAttributes");
    const char *attribute;
    bool found;

    if (!check_name(request, pool, name, &attribute) || !user_look_up(request, pool, name, &found, user))
        return false;
    if (found)
        return exists(request, attribute, taken);
    user_begin(request, pool, name, user);
    user->modified = user->created;
    return user_take_attributes(request, pool, client, attributes, true, user) &&
           take_address(request, user, attribute, name) && check_addresses(request, pool, user);
}

/* Where a code goes: to the phone if both are verified by the pool. NULL: nowhere. */
static const char *way_to(const struct user_pool *pool, const struct user *user)
{
    if (pool->verify_phone && user_get(user, "phone_number").len > 0)
        return "phone_number";
    return pool->verify_email && user_get(user, "email").len > 0 ? "email" : NULL;
}

static bool send_code(struct request *request, const struct user_pool *pool, struct user *user,
                      const char *attribute)
{
    return user_send_code(request, pool, user, PURPOSE, attribute, user_get(user, attribute), SLICE(""));
}

/* ---- SignUp ---- */

static const struct shape_entry members[] = {{"ClientId", &idp_client_id, true},
                                             {"SecretHash", &idp_secret_hash, false},
                                             {"Username", &idp_user_name, true},
                                             {"Password", &idp_password, false},
                                             {"UserAttributes", &idp_attributes, false},
                                             {"ValidationData", &idp_any_attributes, false},
                                             IDP_CONTEXT,
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static void write_signed_up(struct request *request, const struct user *user, const char *attribute)
{
    buffer_append_string(request->out, "{\"UserConfirmed\":false,\"UserSub\":");
    json_write_string(request->out, user->sub);
    if (attribute != NULL) {
        buffer_append_string(request->out, ",\"CodeDeliveryDetails\":");
        user_write_delivery(request->out, request->arena, attribute, user_get(user, attribute));
    }
    buffer_append_byte(request->out, '}');
}

/* Addresses are known not to be verified yet. */
static void unverify(struct request *request, struct user *user)
{
    if (user_get(user, "email").len > 0)
        user_set(request, user, SLICE("email_verified"), SLICE("false"));
    if (user_get(user, "phone_number").len > 0)
        user_set(request, user, SLICE("phone_number_verified"), SLICE("false"));
}

static bool add_user(struct request *request, const struct user_pool *pool, const struct user_client *client,
                     struct slice name)
{
    struct slice password = shape_text(request->body, "Password");
    struct user user = {.version = {0, 0}};

    if (password.ptr == NULL) /* AWS takes none where users sign in without one, which is not so here */
        return fail(&request->failure, ERROR_INVALID_PARAMETER,
                    "Password is required to sign up a user in this user pool.");
    if (!user_admit_new(request, pool, client, name, "User already exists", &user) ||
        !user_check_required(request, pool, &user) || !user_set_password(request, pool, &user, password))
        return false;
    unverify(request, &user);
    const char *attribute = way_to(pool, &user);
    if (attribute != NULL && !send_code(request, pool, &user, attribute))
        return false;
    write_signed_up(request, &user, attribute);
    return user_put(request, pool, &user, false);
}

/* Anybody may sign up, again and again. AWS: "Quotas in Amazon Cognito", UserCreation. */
static bool admits(struct request *request)
{
    const char *address = request->http != NULL ? request->http->peer : "";

    return request->repeated || user_keeper_admits(request->server->user_keeper, address) ||
           fail(&request->failure, ERROR_TOO_MANY_REQUESTS, "Rate exceeded");
}

bool sign_up(struct request *request)
{
    struct slice name = shape_text(request->body, "Username");
    struct user_client client;
    struct user_pool pool;

    if (!idp_accepts(request, &input) ||
        !user_client_find(request, shape_text(request->body, "ClientId"), &client, &pool) ||
        !user_client_check_hash(request, &client, name, shape_text(request->body, "SecretHash")))
        return false;
    if (pool.admin_only)
        return fail(&request->failure, ERROR_NOT_AUTHORIZED, "SignUp is not permitted for this user pool");
    return admits(request) && add_user(request, &pool, &client, name);
}

/* ---- ConfirmSignUp ---- */

static const struct shape_entry confirm_members[] = {{"ClientId", &idp_client_id, true},
                                                     {"SecretHash", &idp_secret_hash, false},
                                                     {"Username", &idp_user_name, true},
                                                     {"ConfirmationCode", &idp_code, true},
                                                     {"ForceAliasCreation", &shape_boolean_value, false},
                                                     IDP_CONTEXT,
                                                     {"Session", &idp_session, false},
                                                     {0}};
static const struct shape confirm_input = {.kind = SHAPE_STRUCTURE, .members = confirm_members};

static bool no_combination(struct request *request)
{
    return fail(&request->failure, ERROR_IDP_USER_NOT_FOUND, "Username/client id combination not found.");
}

/* The client, its pool and the user, who may not be there. */
static bool find(struct request *request, struct user_client *client, struct user_pool *pool, bool *found,
                 struct user *user)
{
    struct slice name = shape_text(request->body, "Username");

    return user_client_find(request, shape_text(request->body, "ClientId"), client, pool) &&
           user_client_check_hash(request, client, name, shape_text(request->body, "SecretHash")) &&
           user_look_up(request, pool, name, found, user);
}

static void verify(struct request *request, struct user *user, const struct user_code *code)
{
    bool is_email = memchr(code->destination.ptr, '@', code->destination.len) != NULL;

    /* Only what the code went to is proved, if it still is the user's. */
    if (slice_equal(user_get(user, is_email ? "email" : "phone_number"), code->destination))
        user_set(request, user, is_email ? SLICE("email_verified") : SLICE("phone_number_verified"),
                 SLICE("true"));
}

bool confirm_sign_up(struct request *request)
{
    struct user_client client;
    struct user_pool pool;
    struct user user;
    struct user_code code;
    bool found, counted;

    if (!idp_accepts(request, &confirm_input) || !find(request, &client, &pool, &found, &user))
        return false;
    if (!found || !user.enabled)
        return client.hides_users ? user_code_expired(request)
               : found            ? fail(&request->failure, ERROR_NOT_AUTHORIZED, "User is disabled.")
                                  : no_combination(request);
    if (user.status != USER_UNCONFIRMED)
        return fail(&request->failure, ERROR_NOT_AUTHORIZED, "User cannot be confirmed. Current status is %s",
                    user_status_word(user.status));
    if (!user_take_code(request, &user, PURPOSE, shape_text(request->body, "ConfirmationCode"), &code,
                        &counted))
        return counted && user_put(request, &pool, &user, false);
    verify(request, &user, &code);
    user.status = USER_CONFIRMED;
    user.modified = clock_now();
    buffer_append_string(request->out, "{}");
    return user_put(request, &pool, &user, shape_boolean(request->body, "ForceAliasCreation", false));
}

/* ---- ResendConfirmationCode ---- */

static const struct shape_entry resend_members[] = {{"ClientId", &idp_client_id, true},
                                                    {"SecretHash", &idp_secret_hash, false},
                                                    {"UserContextData", &idp_anything, false},
                                                    {"Username", &idp_user_name, true},
                                                    {"AnalyticsMetadata", &idp_anything, false},
                                                    IDP_CLIENT_METADATA,
                                                    {0}};
static const struct shape resend_input = {.kind = SHAPE_STRUCTURE, .members = resend_members};

void user_write_sent(struct request *request, const char *attribute, struct slice destination)
{
    buffer_append_string(request->out, "{\"CodeDeliveryDetails\":");
    user_write_delivery(request->out, request->arena, attribute, destination);
    buffer_append_byte(request->out, '}');
}

void user_write_nothing_sent(struct request *request, struct slice name)
{
    /* The name that was asked for is no secret, and gives the same answer each time. */
    struct slice address = arena_printf(request->arena, "%.*s@%.*s", SLICE_ARGS(name), SLICE_ARGS(name));

    user_write_sent(request, "email", idp_is_email(name) ? name : address);
}

bool resend_confirmation_code(struct request *request)
{
    struct user_client client;
    struct user_pool pool;
    struct user user;
    bool found;

    if (!idp_accepts(request, &resend_input) || !find(request, &client, &pool, &found, &user))
        return false;
    if (client.hides_users && (!found || !user.enabled)) {
        user_write_nothing_sent(request, shape_text(request->body, "Username"));
        return true;
    }
    if (!found)
        return no_combination(request);
    if (user.status != USER_UNCONFIRMED)
        return fail(&request->failure, ERROR_INVALID_PARAMETER, "User is already confirmed.");
    const char *attribute = way_to(&pool, &user);
    if (attribute == NULL)
        return fail(&request->failure, ERROR_INVALID_PARAMETER, "Auto verification not turned on.");
    if (!send_code(request, &pool, &user, attribute))
        return false;
    user_write_sent(request, attribute, user_get(&user, attribute));
    return user_put(request, &pool, &user, false);
}
