/* Clients of user pools: made, described, changed, deleted, listed. AWS: API reference, CreateUserPoolClient
 * and the others. */
#include "base/clock.h"
#include "services/cognito_idp/handlers.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/user_page.h"
#include "services/cognito_idp/pool.h"
#include "services/cognito_idp/settings.h"
#include "services/storage_failure.h"

enum { CLIENT_ID_LETTERS = 26, SECRET_LETTERS = 52, CLIENTS_LIMIT = 1000 };

/* ---- the input ---- */

static const struct shape refresh_validity = {.kind = SHAPE_INTEGER, .not_negative = true, .max = 315360000};
static const struct shape validity = {.kind = SHAPE_INTEGER, .min = 1, .max = 86400};
static const char *const unit_words[] = {"seconds", "minutes", "hours", "days", NULL};
static const struct shape unit = {.kind = SHAPE_STRING, .words = unit_words};
static const struct shape_entry unit_members[] = {
    {"AccessToken", &unit, false}, {"IdToken", &unit, false}, {"RefreshToken", &unit, false}, {0}};
static const struct shape units = {.kind = SHAPE_STRUCTURE, .members = unit_members};
static const struct shape permission = {.kind = SHAPE_STRING, .min = 1, .max = 2048};
static const struct shape permissions = {.kind = SHAPE_LIST, .element = &permission};
static const char *const flow_words[] = {"ADMIN_NO_SRP_AUTH",   "CUSTOM_AUTH_FLOW_ONLY",
                                         "USER_PASSWORD_AUTH",  "ALLOW_ADMIN_USER_PASSWORD_AUTH",
                                         "ALLOW_CUSTOM_AUTH",   "ALLOW_USER_PASSWORD_AUTH",
                                         "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
                                         "ALLOW_USER_AUTH",     NULL};
static const struct shape flow = {.kind = SHAPE_STRING, .words = flow_words};
static const struct shape flows = {.kind = SHAPE_LIST, .element = &flow};
static const struct shape provider = {.kind = SHAPE_STRING, .min = 1, .max = 32};
static const struct shape providers = {.kind = SHAPE_LIST, .element = &provider};
static const struct shape url = {.kind = SHAPE_STRING, .min = 1, .max = 1024};
static const struct shape urls = {.kind = SHAPE_LIST, .max = 100, .element = &url};
static const char *const oauth_words[] = {"code", "implicit", "client_credentials", NULL};
static const struct shape oauth_flow = {.kind = SHAPE_STRING, .words = oauth_words};
static const struct shape oauth_flows = {.kind = SHAPE_LIST, .max = 3, .element = &oauth_flow};
static const struct shape scope = {.kind = SHAPE_STRING, .min = 1, .max = 256};
static const struct shape scopes = {.kind = SHAPE_LIST, .max = 50, .element = &scope};
static const char *const existence_words[] = {"LEGACY", "ENABLED", NULL};
static const struct shape existence = {.kind = SHAPE_STRING, .words = existence_words};
static const struct shape session_minutes = {.kind = SHAPE_INTEGER, .min = 3, .max = 15};
static const char *const feature_words[] = {"ENABLED", "DISABLED", NULL};
static const struct shape feature = {.kind = SHAPE_STRING, .words = feature_words};
static const struct shape grace = {.kind = SHAPE_INTEGER, .not_negative = true, .max = 60};
static const struct shape_entry rotation_members[] = {
    {"Feature", &feature, true}, {"RetryGracePeriodSeconds", &grace, false}, {0}};
static const struct shape rotation = {.kind = SHAPE_STRUCTURE, .members = rotation_members};

#define CHANGEABLE                                                                                           \
    {"RefreshTokenValidity", &refresh_validity, false}, {"AccessTokenValidity", &validity, false},           \
        {"IdTokenValidity", &validity, false}, {"TokenValidityUnits", &units, false},                        \
        {"ReadAttributes", &permissions, false}, {"WriteAttributes", &permissions, false},                   \
        {"ExplicitAuthFlows", &flows, false}, {"SupportedIdentityProviders", &providers, false},             \
        {"CallbackURLs", &urls, false}, {"LogoutURLs", &urls, false}, {"DefaultRedirectURI", &url, false},   \
        {"AllowedOAuthFlows", &oauth_flows, false}, {"AllowedOAuthScopes", &scopes, false},                  \
        {"AllowedOAuthFlowsUserPoolClient", &shape_boolean_value, false},                                    \
        {"AnalyticsConfiguration", &idp_anything, false}, {"PreventUserExistenceErrors", &existence, false}, \
        {"EnableTokenRevocation", &shape_boolean_value, false},                                              \
        {"EnablePropagateAdditionalUserContextData", &shape_boolean_value, false},                           \
        {"AuthSessionValidity", &session_minutes, false},                                                    \
    {                                                                                                        \
        "RefreshTokenRotation", &rotation, false                                                             \
    }

static const struct shape_entry create_members[] = {{"UserPoolId", &idp_pool_id, true},
                                                    {"ClientName", &idp_pool_name, true},
                                                    {"GenerateSecret", &shape_boolean_value, false},
                                                    {"ClientSecret", &idp_client_secret, false},
                                                    CHANGEABLE,
                                                    {0}};
static const struct shape create_input = {.kind = SHAPE_STRUCTURE, .members = create_members};
static const struct shape_entry change_members[] = {{"UserPoolId", &idp_pool_id, true},
                                                    {"ClientId", &idp_client_id, true},
                                                    {"ClientName", &idp_pool_name, false},
                                                    CHANGEABLE,
                                                    {0}};
static const struct shape change_input = {.kind = SHAPE_STRUCTURE, .members = change_members};
static const struct shape_entry one_members[] = {
    {"UserPoolId", &idp_pool_id, true}, {"ClientId", &idp_client_id, true}, {0}};
static const struct shape one_input = {.kind = SHAPE_STRUCTURE, .members = one_members};

static const char *const kept[] = {"RefreshTokenValidity",
                                   "AccessTokenValidity",
                                   "IdTokenValidity",
                                   "TokenValidityUnits",
                                   "ReadAttributes",
                                   "WriteAttributes",
                                   "ExplicitAuthFlows",
                                   "SupportedIdentityProviders",
                                   "CallbackURLs",
                                   "LogoutURLs",
                                   "DefaultRedirectURI",
                                   "AllowedOAuthFlows",
                                   "AllowedOAuthScopes",
                                   "AllowedOAuthFlowsUserPoolClient",
                                   "AnalyticsConfiguration",
                                   "PreventUserExistenceErrors",
                                   "EnableTokenRevocation",
                                   "EnablePropagateAdditionalUserContextData",
                                   "AuthSessionValidity",
                                   "RefreshTokenRotation",
                                   NULL};

/* ---- checks ---- */

static bool invalid(struct request *request, const char *text)
{
    return fail(&request->failure, ERROR_INVALID_PARAMETER, "%s", text);
}

/* AWS: "Understanding user pool JSON web tokens": 5 minutes to a day, and an hour to 10 years. */
static bool check_lifetimes(struct request *request, const struct user_client *client)
{
    enum { MINUTE = 60, HOUR = 3600, DAY = 86400, YEARS = 315360000 };

    return (client->access_lifetime >= 5 * MINUTE && client->access_lifetime <= DAY &&
            client->id_lifetime >= 5 * MINUTE && client->id_lifetime <= DAY &&
            client->refresh_lifetime >= HOUR && client->refresh_lifetime <= YEARS &&
            client->access_lifetime <= client->refresh_lifetime &&
            client->id_lifetime <= client->refresh_lifetime) ||
           invalid(request, "Invalid range for token validity.");
}

/* The older words and those with ALLOW_ do not go together. */
static bool check_flows(struct request *request, const struct user_client *client)
{
    const struct json *list = shape_member(request->body, "ExplicitAuthFlows");
    size_t newer = 0;

    for (size_t i = 0; i < idp_count(list); i++)
        newer += slice_starts_with(list->array.items[i].text, SLICE("ALLOW_"));
    if (newer > 0 && newer < idp_count(list))
        return invalid(request, "ExplicitAuthFlows with and without the prefix ALLOW_ do not go together");
    return !client->rotation || !idp_lists(list, "ALLOW_REFRESH_TOKEN_AUTH") ||
           invalid(request, "ALLOW_REFRESH_TOKEN_AUTH does not go together with refresh token rotation");
}

static bool check_attributes(struct request *request, const struct user_pool *pool, const char *name,
                             const char *text)
{
    const struct json *list = shape_member(request->body, name);

    for (size_t i = 0; i < idp_count(list); i++) {
        if (list->array.items[i].type != JSON_STRING ||
            schema_find(&pool->schema, list->array.items[i].text) == NULL)
            return invalid(request, text);
    }
    return true;
}

static bool check_providers(struct request *request, const struct user_pool *pool)
{
    const struct json *list = shape_member(request->body, "SupportedIdentityProviders");

    for (size_t i = 0; i < idp_count(list); i++) {
        if (!slice_is(list->array.items[i].text, "COGNITO"))
            return fail(&request->failure, ERROR_INVALID_PARAMETER,
                        "The provider %.*s does not exist for User Pool %.*s.",
                        SLICE_ARGS(list->array.items[i].text), SLICE_ARGS(pool->id));
    }
    return true;
}

static bool check(struct request *request, const struct user_pool *pool, const struct user_client *client)
{
    return check_lifetimes(request, client) && check_flows(request, client) &&
           check_attributes(request, pool, "ReadAttributes",
                            "Invalid read attributes specified while creating a client") &&
           check_attributes(request, pool, "WriteAttributes",
                            "Invalid write attributes specified while creating a client") &&
           check_providers(request, pool);
}

/* ---- settings ---- */

static void make_settings(struct request *request, struct user_client *client)
{
    const struct json *body = request->body;
    struct slice name = shape_text(body, "ClientName");
    struct buffer out;
    bool first = true;

    buffer_init(&out);
    buffer_append_byte(&out, '{');
    json_write_string_member(&out, &first, "ClientName",
                             name.ptr != NULL ? name : shape_text(client->values, "ClientName"));
    settings_copy(&out, &first, body, kept);
    settings_default(&out, &first, body, "RefreshTokenValidity", "30");
    settings_default(&out, &first, body, "TokenValidityUnits", "{}");
    settings_default(&out, &first, body, "AllowedOAuthFlowsUserPoolClient", "false");
    settings_default(&out, &first, body, "EnablePropagateAdditionalUserContextData", "false");
    settings_default(&out, &first, body, "AuthSessionValidity", "3");
    settings_default(&out, &first, body, "EnableTokenRevocation",
                     client->values == NULL || client->revocation ? "true" : "false");
    buffer_append_byte(&out, '}');
    client->settings = arena_copy(request->arena, buffer_slice(&out));
    buffer_finish(&out);
    if (json_parse(request->arena, client->settings, 32, &client->values) == JSON_OK)
        user_client_read_settings(client);
}

static void write_client(struct request *request, const struct user_client *client)
{
    static const char *const name[] = {"ClientName", NULL};
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_string(out, "{\"UserPoolClient\":{");
    json_write_string_member(out, &first, "UserPoolId", client->pool_id);
    settings_copy(out, &first, client->values, name);
    json_write_string_member(out, &first, "ClientId", client->id);
    if (client->secret.len > 0)
        json_write_string_member(out, &first, "ClientSecret", client->secret);
    json_write_time_member(out, &first, "LastModifiedDate", client->modified);
    json_write_time_member(out, &first, "CreationDate", client->created);
    settings_copy(out, &first, client->values, kept);
    buffer_append_string(out, "}}");
}

/* ---- the operations ---- */

static struct slice random_letters(struct arena *arena, size_t count)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    enum { LETTERS = sizeof(letters) - 1, FAIR = 256 - 256 % LETTERS };
    char *text = arena_alloc(arena, count);
    unsigned char byte;

    for (size_t i = 0; i < count;) {
        random_bytes(&byte, 1);
        if (byte < FAIR)
            text[i++] = letters[byte % LETTERS];
    }
    return (struct slice){text, count};
}

static bool check_count(struct request *request, const struct user_pool *pool)
{
    struct key_range range = keys_users_range(request->arena, pool->number, USERS_CLIENTS, SLICE(""));
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum storage_status status;
    int count = 0;

    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK)
        count++;
    cursor_destroy(cursor);
    if (status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    return count < CLIENTS_LIMIT ||
           fail(&request->failure, ERROR_IDP_LIMIT_EXCEEDED,
                "The user pool has %d clients, the most there may be", CLIENTS_LIMIT);
}

static bool begin(struct request *request, const struct user_pool *pool, struct user_client *client)
{
    struct slice secret = shape_text(request->body, "ClientSecret");
    struct stored stored;

    client->id = random_letters(request->arena, CLIENT_ID_LETTERS);
    client->pool_id = pool->id;
    client->secret = secret.ptr != NULL ? secret
                     : shape_boolean(request->body, "GenerateSecret", false)
                         ? random_letters(request->arena, SECRET_LETTERS)
                         : SLICE("");
    client->key = keys_user_pool_client(request->arena, client->id);
    enum storage_status status = storage_get(request->server->storage, NULL, client->key, &stored);
    client->version = stored.version;
    stored_release(&stored);
    client->created = client->modified = clock_now();
    if (status == STORAGE_NOT_FOUND)
        return true;
    return status == STORAGE_OK ? fail(&request->failure, ERROR_INTERNAL_SERVER, "A client's id was taken")
                                : storage_failure(&request->failure, status);
}

static struct slice marker(struct request *request, const struct user_pool *pool,
                           const struct user_client *client)
{
    return keys_users(request->arena, pool->number, USERS_CLIENTS, client->id, SLICE(""));
}

bool create_user_pool_client(struct request *request)
{
    struct user_client client = {.values = NULL};
    struct user_pool pool;

    if (!idp_accepts(request, &create_input) ||
        !user_pool_find(request, shape_text(request->body, "UserPoolId"), &pool) ||
        !check_count(request, &pool) || !begin(request, &pool, &client))
        return false;
    make_settings(request, &client);
    if (!check(request, &pool, &client))
        return false;
    user_pool_rely(request, &pool);
    /* A marker needs a value, but says all in its key. */
    batch_put(&request->batch, marker(request, &pool, &client), SLICE("1"));
    user_client_put(request, &client);
    write_client(request, &client);
    return true;
}

static bool find(struct request *request, struct user_pool *pool, struct user_client *client)
{
    return user_pool_find(request, shape_text(request->body, "UserPoolId"), pool) &&
           user_client_find_in(request, pool, shape_text(request->body, "ClientId"), client);
}

bool describe_user_pool_client(struct request *request)
{
    struct user_client client;
    struct user_pool pool;

    if (!idp_accepts(request, &one_input) || !find(request, &pool, &client))
        return false;
    write_client(request, &client);
    return true;
}

bool update_user_pool_client(struct request *request)
{
    struct user_client client;
    struct user_pool pool;

    if (!idp_accepts(request, &change_input) || !find(request, &pool, &client))
        return false;
    make_settings(request, &client);
    client.modified = clock_now();
    if (!check(request, &pool, &client))
        return false;
    user_pool_rely(request, &pool);
    user_client_put(request, &client);
    write_client(request, &client);
    return true;
}

bool delete_user_pool_client(struct request *request)
{
    struct user_client client;
    struct user_pool pool;

    if (!idp_accepts(request, &one_input) || !find(request, &pool, &client))
        return false;
    user_pool_rely(request, &pool);
    batch_delete(&request->batch, marker(request, &pool, &client));
    batch_guard(&request->batch, client.key, client.version);
    batch_delete(&request->batch, client.key);
    return true;
}

static bool write_listed(struct request *request, void *context, struct slice key, struct slice value,
                         bool *told)
{
    const struct user_pool *pool = context;
    struct user_client client;
    bool first = true;

    (void)value;
    if (!user_client_find_in(request, pool, keys_users_name(key), &client))
        return false;
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "ClientId", client.id);
    json_write_string_member(request->out, &first, "UserPoolId", pool->id);
    json_write_string_member(request->out, &first, "ClientName", shape_text(client.values, "ClientName"));
    buffer_append_byte(request->out, '}');
    *told = true;
    return true;
}

static const struct shape list_limit = {.kind = SHAPE_INTEGER, .min = 1, .max = 60};
static const struct shape_entry list_members[] = {{"UserPoolId", &idp_pool_id, true},
                                                  {"MaxResults", &list_limit, false},
                                                  {"NextToken", &idp_page_token, false},
                                                  {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

bool list_user_pool_clients(struct request *request)
{
    struct user_pool pool;
    struct user_page page;

    if (!idp_accepts(request, &list_input) ||
        !user_pool_find(request, shape_text(request->body, "UserPoolId"), &pool))
        return false;
    struct key_range range = keys_users_range(request->arena, pool.number, USERS_CLIENTS, SLICE(""));
    return user_page_begin(request, range, "MaxResults", "NextToken", &page) &&
           user_page_write(request, &page, "UserPoolClients", &pool, write_listed);
}
