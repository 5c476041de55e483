#include "services/cognito_idp/pool.h"

#include <openssl/crypto.h>

#include "auth/digest.h"
#include "base/base64.h"
#include "base/check.h"
#include "services/cognito_idp/idp_input.h"
#include "services/storage_failure.h"
#include "signin/seal.h"
#include "storage/kept_record.h"

enum { DEPTH_LIMIT = 32, SECONDS_A_MINUTE = 60, SECONDS_AN_HOUR = 3600, SECONDS_A_DAY = 86400 };

/* A member of a record that is there, or the record is corrupt. */
static bool record_text(const struct json *record, const char *name, struct slice *out)
{
    const struct json *member = json_get_present(record, name);

    if (member == NULL || member->type != JSON_STRING)
        return false;
    *out = member->text;
    return true;
}

static bool record_number(const struct json *record, const char *name, int64_t *out)
{
    const struct json *member = json_get_present(record, name);

    return member != NULL && member->type == JSON_NUMBER && json_to_int64(member, out);
}

static bool record_bytes(struct arena *arena, const struct json *record, const char *name, struct slice *out)
{
    struct slice text;

    return record_text(record, name, &text) && base64_decode(arena, text, out);
}

static void write_bytes(struct buffer *out, bool *first, const char *name, struct slice bytes)
{
    json_write_name(out, first, name);
    json_write_base64(out, bytes);
}

static void write_value(struct buffer *out, bool *first, const char *name, const struct json *value)
{
    json_write_name(out, first, name);
    json_write_value(out, value);
}

/* The value of a key, copied. */
static enum storage_status get(struct request *request, struct slice key, struct slice *value,
                               struct version *version)
{
    *value = SLICE("");
    return kept_value(request->server->storage, NULL, request->arena, key, value, version);
}

/* ---- pools ---- */

static void read_policy(struct user_pool *pool)
{
    const struct json *policies = json_get_present(pool->values, "Policies");
    const struct json *policy = json_get_present(policies, "PasswordPolicy");

    pool->policy = (struct password_policy){.minimum_length = shape_number(policy, "MinimumLength", 8),
                                            .uppercase = shape_boolean(policy, "RequireUppercase", false),
                                            .lowercase = shape_boolean(policy, "RequireLowercase", false),
                                            .numbers = shape_boolean(policy, "RequireNumbers", false),
                                            .symbols = shape_boolean(policy, "RequireSymbols", false)};
    pool->temporary_days = shape_number(policy, "TemporaryPasswordValidityDays", 7);
}

bool user_pool_read_settings(struct request *request, struct user_pool *pool)
{
    if (json_parse(request->arena, pool->settings, DEPTH_LIMIT, &pool->values) != JSON_OK)
        check_failed("settings are JSON", __FILE__, __LINE__);
    const struct json *values = pool->values;
    const struct json *names = json_get_present(values, "UsernameAttributes");
    const struct json *aliases = json_get_present(values, "AliasAttributes");
    const struct json *verified = json_get_present(values, "AutoVerifiedAttributes");
    const struct json *later = json_get_present(json_get_present(values, "UserAttributeUpdateSettings"),
                                                "AttributesRequireVerificationBeforeUpdate");

    read_policy(pool);
    /* A pool that does not say is case-sensitive: AWS, API reference, UsernameConfigurationType. */
    pool->case_sensitive =
        shape_boolean(json_get_present(values, "UsernameConfiguration"), "CaseSensitive", true);
    pool->email_names = idp_lists(names, "email");
    pool->phone_names = idp_lists(names, "phone_number");
    pool->email_aliases = idp_lists(aliases, "email");
    pool->phone_aliases = idp_lists(aliases, "phone_number");
    pool->preferred_aliases = idp_lists(aliases, "preferred_username");
    pool->verify_email = idp_lists(verified, "email");
    pool->verify_phone = idp_lists(verified, "phone_number");
    pool->update_email_later = idp_lists(later, "email");
    pool->update_phone_later = idp_lists(later, "phone_number");
    pool->admin_only =
        shape_boolean(json_get_present(values, "AdminCreateUserConfig"), "AllowAdminCreateUserOnly", false);
    return schema_read(request->arena, json_get_present(values, "Schema"), &request->failure, &pool->schema);
}

static struct slice name_behind_region(struct slice id)
{
    const char *last = memrchr(id.ptr, '_', id.len);

    return last == NULL ? id : slice_skip(id, (size_t)(last - id.ptr) + 1);
}

enum storage_status user_pool_read(struct request *request, struct slice id, struct slice value,
                                   struct user_pool *out)
{
    struct arena *arena = request->arena;
    const struct json *record;
    int64_t number;

    if (json_parse(arena, value, DEPTH_LIMIT, &record) != JSON_OK ||
        !record_number(record, "Number", &number) || number <= 0 || number > UINT32_MAX ||
        !record_number(record, "Created", &out->created) ||
        !record_number(record, "Modified", &out->modified) ||
        !record_bytes(arena, record, "SealKey", &out->seal_key) || out->seal_key.len != SEAL_KEY_LENGTH ||
        !record_bytes(arena, record, "IdKey", &out->id_key) ||
        !record_bytes(arena, record, "AccessKey", &out->access_key) ||
        !record_text(record, "Settings", &out->settings))
        return STORAGE_CORRUPT;
    out->id = id;
    out->hash_name = name_behind_region(id);
    out->number = (uint32_t)number;
    out->tags = json_get_present(record, "Tags");
    if (!record_text(record, "Domain", &out->domain) ||
        !record_number(record, "LoginVersion", &out->login_version))
        out->domain = SLICE("");
    return user_pool_read_settings(request, out) ? STORAGE_OK : STORAGE_CORRUPT;
}

bool user_pool_find(struct request *request, struct slice id, struct user_pool *out)
{
    struct slice value;

    *out = (struct user_pool){.key = keys_user_pool(request->arena, id)};
    enum storage_status status = get(request, out->key, &value, &out->version);
    if (status == STORAGE_NOT_FOUND)
        return fail(&request->failure, ERROR_IDP_RESOURCE_NOT_FOUND, "User pool %.*s does not exist.",
                    SLICE_ARGS(id));
    if (status == STORAGE_OK)
        status = user_pool_read(request, id, value, out);
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

void user_pool_put(struct request *request, const struct user_pool *pool)
{
    struct buffer record;
    bool first = true;

    buffer_init(&record);
    buffer_append_byte(&record, '{');
    json_write_int64_member(&record, &first, "Number", pool->number);
    json_write_int64_member(&record, &first, "Created", pool->created);
    json_write_int64_member(&record, &first, "Modified", pool->modified);
    write_bytes(&record, &first, "SealKey", pool->seal_key);
    write_bytes(&record, &first, "IdKey", pool->id_key);
    write_bytes(&record, &first, "AccessKey", pool->access_key);
    json_write_string_member(&record, &first, "Settings", pool->settings);
    if (pool->tags != NULL)
        write_value(&record, &first, "Tags", pool->tags);
    if (pool->domain.len > 0) {
        json_write_string_member(&record, &first, "Domain", pool->domain);
        json_write_int64_member(&record, &first, "LoginVersion", pool->login_version);
    }
    buffer_append_byte(&record, '}');
    batch_guard(&request->batch, pool->key, pool->version);
    batch_put(&request->batch, pool->key, arena_copy(request->arena, buffer_slice(&record)));
    buffer_finish(&record);
}

void user_pool_rely(struct request *request, const struct user_pool *pool)
{
    batch_guard(&request->batch, pool->key, pool->version);
}

struct slice user_pool_issuer(struct request *request, struct slice id)
{
    return arena_printf(request->arena, "https://cognito-idp.%.*s.amazonaws.com/%.*s",
                        SLICE_ARGS(request->server->region), SLICE_ARGS(id));
}

struct slice user_pool_arn(struct request *request, struct slice id)
{
    return arena_printf(request->arena, "arn:aws:cognito-idp:%.*s:%.*s:userpool/%.*s",
                        SLICE_ARGS(request->server->region), SLICE_ARGS(request->server->account_id),
                        SLICE_ARGS(id));
}

/* ---- clients ---- */

static int64_t unit_of(const struct json *units, const char *name, int64_t fallback)
{
    static const struct {
        const char *word;
        int64_t seconds;
    } known[] = {
        {"seconds", 1}, {"minutes", SECONDS_A_MINUTE}, {"hours", SECONDS_AN_HOUR}, {"days", SECONDS_A_DAY}};
    struct slice word = shape_text(units, name);

    for (size_t i = 0; word.ptr != NULL && i < sizeof(known) / sizeof(known[0]); i++) {
        if (slice_is(word, known[i].word))
            return known[i].seconds;
    }
    return fallback;
}

static void read_lifetimes(struct user_client *client)
{
    const struct json *units = json_get_present(client->values, "TokenValidityUnits");
    int64_t access = shape_number(client->values, "AccessTokenValidity", 0);
    int64_t id = shape_number(client->values, "IdTokenValidity", 0);
    int64_t refresh = shape_number(client->values, "RefreshTokenValidity", 0);

    client->access_lifetime =
        access == 0 ? SECONDS_AN_HOUR : access * unit_of(units, "AccessToken", SECONDS_AN_HOUR);
    client->id_lifetime = id == 0 ? SECONDS_AN_HOUR : id * unit_of(units, "IdToken", SECONDS_AN_HOUR);
    /* 0 is the default too: AWS, API reference, CreateUserPoolClient. */
    client->refresh_lifetime =
        refresh == 0 ? 30 * SECONDS_A_DAY : refresh * unit_of(units, "RefreshToken", SECONDS_A_DAY);
    client->challenge_lifetime = SECONDS_A_MINUTE * shape_number(client->values, "AuthSessionValidity", 3);
}

/* The older words, which have no ALLOW_ in front, leave SRP and refresh tokens allowed in any case. */
static void read_flows(struct user_client *client)
{
    const struct json *flows = json_get_present(client->values, "ExplicitAuthFlows");
    bool older = idp_lists(flows, "ADMIN_NO_SRP_AUTH") || idp_lists(flows, "USER_PASSWORD_AUTH") ||
                 idp_lists(flows, "CUSTOM_AUTH_FLOW_ONLY") || idp_count(flows) == 0;

    client->srp =
        older ? !idp_lists(flows, "CUSTOM_AUTH_FLOW_ONLY") : idp_lists(flows, "ALLOW_USER_SRP_AUTH");
    client->password = idp_lists(flows, "USER_PASSWORD_AUTH") || idp_lists(flows, "ALLOW_USER_PASSWORD_AUTH");
    client->admin_password =
        idp_lists(flows, "ADMIN_NO_SRP_AUTH") || idp_lists(flows, "ALLOW_ADMIN_USER_PASSWORD_AUTH");
    client->refresh = older || idp_lists(flows, "ALLOW_REFRESH_TOKEN_AUTH");
}

void user_client_read_settings(struct user_client *client)
{
    const struct json *rotation = json_get_present(client->values, "RefreshTokenRotation");
    struct slice feature = shape_text(rotation, "Feature");
    struct slice existence = shape_text(client->values, "PreventUserExistenceErrors");

    read_lifetimes(client);
    read_flows(client);
    client->hides_users = existence.ptr != NULL && slice_is(existence, "ENABLED");
    client->revocation = shape_boolean(client->values, "EnableTokenRevocation", true);
    client->rotation = feature.ptr != NULL && slice_is(feature, "ENABLED");
    client->grace = shape_number(rotation, "RetryGracePeriodSeconds", 0);
}

static bool read_client(struct request *request, struct slice value, struct user_client *out)
{
    const struct json *record;

    if (json_parse(request->arena, value, DEPTH_LIMIT, &record) != JSON_OK ||
        !record_text(record, "Pool", &out->pool_id) || !record_number(record, "Created", &out->created) ||
        !record_number(record, "Modified", &out->modified) ||
        !record_text(record, "Settings", &out->settings) ||
        json_parse(request->arena, out->settings, DEPTH_LIMIT, &out->values) != JSON_OK)
        return false;
    if (!record_text(record, "Secret", &out->secret))
        out->secret = SLICE("");
    user_client_read_settings(out);
    return true;
}

static bool no_client(struct request *request, struct slice id)
{
    return fail(&request->failure, ERROR_IDP_RESOURCE_NOT_FOUND, "User pool client %.*s does not exist.",
                SLICE_ARGS(id));
}

static bool find_client(struct request *request, struct slice id, struct user_client *out)
{
    struct slice value;

    *out = (struct user_client){.id = id, .key = keys_user_pool_client(request->arena, id)};
    enum storage_status status = get(request, out->key, &value, &out->version);
    if (status == STORAGE_NOT_FOUND)
        return no_client(request, id);
    if (status == STORAGE_OK && !read_client(request, value, out))
        status = STORAGE_CORRUPT;
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

bool user_client_find(struct request *request, struct slice id, struct user_client *client,
                      struct user_pool *pool)
{
    return find_client(request, id, client) && user_pool_find(request, client->pool_id, pool);
}

bool user_client_find_in(struct request *request, const struct user_pool *pool, struct slice id,
                         struct user_client *client)
{
    if (!find_client(request, id, client))
        return false;
    return slice_equal(client->pool_id, pool->id) || no_client(request, id);
}

void user_client_put(struct request *request, const struct user_client *client)
{
    struct buffer record;
    bool first = true;

    buffer_init(&record);
    buffer_append_byte(&record, '{');
    json_write_string_member(&record, &first, "Pool", client->pool_id);
    json_write_int64_member(&record, &first, "Created", client->created);
    json_write_int64_member(&record, &first, "Modified", client->modified);
    if (client->secret.len > 0)
        json_write_string_member(&record, &first, "Secret", client->secret);
    json_write_string_member(&record, &first, "Settings", client->settings);
    buffer_append_byte(&record, '}');
    batch_guard(&request->batch, client->key, client->version);
    batch_put(&request->batch, client->key, arena_copy(request->arena, buffer_slice(&record)));
    buffer_finish(&record);
}

static bool lists(const struct json *list, struct slice attribute)
{
    for (size_t i = 0; i < idp_count(list); i++) {
        if (slice_equal(list->array.items[i].text, attribute))
            return true;
    }
    return false;
}

/* A client that does not say has the standard attributes. AWS: API reference, UserPoolClientType. */
static bool is_standard(struct slice attribute)
{
    return !slice_starts_with(attribute, SLICE("custom:")) && !slice_starts_with(attribute, SLICE("dev:"));
}

bool user_client_reads(const struct user_client *client, struct slice attribute)
{
    const struct json *list = json_get_present(client->values, "ReadAttributes");

    return list == NULL ? is_standard(attribute) : slice_is(attribute, "sub") || lists(list, attribute);
}

bool user_client_writes(const struct user_client *client, struct slice attribute)
{
    const struct json *list = json_get_present(client->values, "WriteAttributes");

    return list == NULL ? is_standard(attribute) && !schema_is_verification(attribute)
                        : lists(list, attribute);
}

bool user_client_check_hash(struct request *request, const struct user_client *client, struct slice name,
                            struct slice hash)
{
    unsigned char expected[SHA256_LENGTH];
    struct slice given;

    if (client->secret.len == 0 && hash.len == 0)
        return true;
    if (hash.len == 0)
        return fail(&request->failure, ERROR_NOT_AUTHORIZED,
                    "Client %.*s is configured with secret but SECRET_HASH was not received",
                    SLICE_ARGS(client->id));
    struct digest *digest = digest_create();
    digest_hmac(digest, client->secret,
                arena_printf(request->arena, "%.*s%.*s", SLICE_ARGS(name), SLICE_ARGS(client->id)), expected);
    digest_destroy(digest);
    if (client->secret.len > 0 && base64_decode(request->arena, hash, &given) &&
        given.len == sizeof(expected) && CRYPTO_memcmp(given.ptr, expected, sizeof(expected)) == 0)
        return true;
    return fail(&request->failure, ERROR_NOT_AUTHORIZED, "Unable to verify secret hash for client %.*s",
                SLICE_ARGS(client->id));
}
