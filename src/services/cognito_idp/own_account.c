/* What users do with their own account, by their access token: GetUser, GlobalSignOut, DeleteUser, and their
 * attributes. */
#include "base/clock.h"
#include "services/cognito_idp/handlers.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/session.h"

bool get_own_user(struct request *request)
{
    struct access access;
    bool first = true;

    if (!idp_accepts(request, &idp_access_token_input) || !access_read(request, &access))
        return false;
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "Username", access.user.name);
    json_write_name(request->out, &first, "UserAttributes");
    user_write_attributes(request->out, &access.client, &access.user);
    buffer_append_byte(request->out, '}');
    return true;
}

bool global_sign_out(struct request *request)
{
    struct access access;

    if (!idp_accepts(request, &idp_access_token_input) || !access_read(request, &access))
        return false;
    access.user.epoch++;
    access.user.signed_out = clock_now();
    buffer_append_string(request->out, "{}");
    return user_put(request, &access.pool, &access.user, false);
}

bool delete_own_user(struct request *request)
{
    struct access access;

    return idp_accepts(request, &idp_access_token_input) && access_read(request, &access) &&
           user_delete(request, &access.pool, &access.user);
}

/* ---- attributes ---- */

static bool is_changed(const struct user *user, const char *attribute)
{
    return user_get(user, attribute).len > 0 &&
           !slice_equal(user_get(user, attribute), user_get(user->before, attribute));
}

/* An address that has changed and that the pool verifies gets a code. With
 * AttributesRequireVerificationBeforeUpdate the old one stays until then. */
static bool send_code(struct request *request, const struct user_pool *pool, struct user *user,
                      const char *attribute, bool later)
{
    struct slice address = user_get(user, attribute), old = user_get(user->before, attribute);

    if (!user_send_code(request, pool, user, slice_of(attribute), attribute, address,
                        later ? address : SLICE("")))
        return false;
    if (!later || old.len == 0)
        return true;
    user_set(request, user, slice_of(attribute), old);
    if (user_is_verified(user->before, attribute))
        user_set(request, user,
                 strcmp(attribute, "email") == 0 ? SLICE("email_verified") : SLICE("phone_number_verified"),
                 SLICE("true"));
    return true;
}

static bool verify_changed(struct request *request, const struct user_pool *pool, struct user *user)
{
    static const char *const attributes[] = {"email", "phone_number"};
    const bool verified[] = {pool->verify_email, pool->verify_phone};
    const bool later[] = {pool->update_email_later, pool->update_phone_later};
    bool first = true;

    for (size_t i = 0; i < 2; i++) {
        if (!verified[i] || !is_changed(user, attributes[i]) || user_is_verified(user, attributes[i]))
            continue;
        struct slice address = user_get(user, attributes[i]);
        if (!send_code(request, pool, user, attributes[i], later[i]))
            return false;
        if (!first)
            buffer_append_byte(request->out, ',');
        first = false;
        user_write_delivery(request->out, request->arena, attributes[i], address);
    }
    return true;
}

static const struct shape_entry update_members[] = {
    {"UserAttributes", &idp_attributes, true}, {"AccessToken", &idp_token, true}, IDP_CLIENT_METADATA, {0}};
static const struct shape update_input = {.kind = SHAPE_STRUCTURE, .members = update_members};

bool update_user_attributes(struct request *request)
{
    struct access access;
    const struct json *attributes = shape_member(request->body, "UserAttributes");

    if (!idp_accepts(request, &update_input) || !access_read(request, &access) ||
        !user_take_attributes(request, &access.pool, &access.client, attributes, false, &access.user))
        return false;
    buffer_append_string(request->out, "{\"CodeDeliveryDetailsList\":[");
    if (!verify_changed(request, &access.pool, &access.user))
        return false;
    buffer_append_string(request->out, "]}");
    access.user.modified = clock_now();
    return user_put(request, &access.pool, &access.user, false);
}

static const struct shape_entry delete_members[] = {
    {"UserAttributeNames", &idp_attribute_names, true}, {"AccessToken", &idp_token, true}, {0}};
static const struct shape delete_input = {.kind = SHAPE_STRUCTURE, .members = delete_members};

bool delete_user_attributes(struct request *request)
{
    const struct json *names = shape_member(request->body, "UserAttributeNames");
    struct access access;

    if (!idp_accepts(request, &delete_input) || !access_read(request, &access) ||
        !user_drop_attributes(request, &access.pool, &access.client, names, &access.user))
        return false;
    access.user.modified = clock_now();
    buffer_append_string(request->out, "{}");
    return user_put(request, &access.pool, &access.user, false);
}

/* ---- verification ---- */

static const struct shape_entry ask_members[] = {{"AccessToken", &idp_token, true},
                                                 {"AttributeName", &idp_attribute_name, true},
                                                 IDP_CLIENT_METADATA,
                                                 {0}};
static const struct shape ask_input = {.kind = SHAPE_STRUCTURE, .members = ask_members};

/* "email" or "phone_number". */
static bool read_attribute(struct request *request, const char **attribute)
{
    struct slice name = shape_text(request->body, "AttributeName");

    *attribute = slice_is(name, "email") ? "email" : slice_is(name, "phone_number") ? "phone_number" : NULL;
    return *attribute != NULL ||
           fail(&request->failure, ERROR_INVALID_PARAMETER,
                "Invalid attribute name %.*s: only email and phone_number are verified", SLICE_ARGS(name));
}

bool get_user_attribute_verification_code(struct request *request)
{
    struct access access;
    const char *attribute;

    if (!idp_accepts(request, &ask_input) || !access_read(request, &access) ||
        !read_attribute(request, &attribute))
        return false;
    struct slice address = user_get(&access.user, attribute);
    if (address.len == 0)
        return fail(&request->failure, ERROR_INVALID_PARAMETER, "User does not have %s attribute.",
                    attribute);
    if (!user_send_code(request, &access.pool, &access.user, slice_of(attribute), attribute, address,
                        SLICE("")))
        return false;
    user_write_sent(request, attribute, address);
    return user_put(request, &access.pool, &access.user, false);
}

static const struct shape_entry verify_members[] = {{"AccessToken", &idp_token, true},
                                                    {"AttributeName", &idp_attribute_name, true},
                                                    {"Code", &idp_code, true},
                                                    {0}};
static const struct shape verify_input = {.kind = SHAPE_STRUCTURE, .members = verify_members};

bool verify_user_attribute(struct request *request)
{
    struct access access;
    struct user_code code;
    const char *attribute;
    bool counted;

    if (!idp_accepts(request, &verify_input) || !access_read(request, &access) ||
        !read_attribute(request, &attribute))
        return false;
    if (!user_take_code(request, &access.user, slice_of(attribute), shape_text(request->body, "Code"), &code,
                        &counted))
        return counted && user_put(request, &access.pool, &access.user, false);
    if (code.pending.len > 0)
        user_set(request, &access.user, slice_of(attribute), code.pending);
    else if (!slice_equal(user_get(&access.user, attribute), code.destination))
        return user_code_expired(request); /* it went to an address that is the user's no more */
    user_set(request, &access.user,
             strcmp(attribute, "email") == 0 ? SLICE("email_verified") : SLICE("phone_number_verified"),
             SLICE("true"));
    access.user.modified = clock_now();
    buffer_append_string(request->out, "{}");
    return user_put(request, &access.pool, &access.user, false);
}
