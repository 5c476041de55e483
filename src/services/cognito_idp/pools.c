/* User pools: made, described, changed, deleted, listed. AWS: API reference, CreateUserPool and the others.
 */
#include "base/clock.h"
#include "catalog/catalog.h"
#include "services/cognito_idp/handlers.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/user_page.h"
#include "services/cognito_idp/pool.h"
#include "services/cognito_idp/settings.h"
#include "services/cognito_idp/spare_keys.h"
#include "services/storage_failure.h"
#include "services/table_number.h"
#include "signin/jwt.h"
#include "signin/seal.h"

enum { POOL_ID_LETTERS = 9, POOLS_LIMIT = 1000 };

/* ---- the input ---- */

static const struct shape minimum_length = {.kind = SHAPE_INTEGER, .min = 6, .max = 99};
static const struct shape history = {.kind = SHAPE_INTEGER, .not_negative = true, .max = 24};
static const struct shape days = {.kind = SHAPE_INTEGER, .not_negative = true, .max = 365};
static const struct shape_entry password_members[] = {
    {"MinimumLength", &minimum_length, false},         {"RequireUppercase", &shape_boolean_value, false},
    {"RequireLowercase", &shape_boolean_value, false}, {"RequireNumbers", &shape_boolean_value, false},
    {"RequireSymbols", &shape_boolean_value, false},   {"PasswordHistorySize", &history, false},
    {"TemporaryPasswordValidityDays", &days, false},   {0}};
static const struct shape password_policy = {.kind = SHAPE_STRUCTURE, .members = password_members};
static const char *const factors[] = {"PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN", NULL};
static const struct shape factor = {.kind = SHAPE_STRING, .words = factors};
static const struct shape factor_list = {.kind = SHAPE_LIST, .min = 1, .max = 4, .element = &factor};
static const struct shape_entry sign_in_members[] = {{"AllowedFirstAuthFactors", &factor_list, false}, {0}};
static const struct shape sign_in_policy = {.kind = SHAPE_STRUCTURE, .members = sign_in_members};
static const struct shape_entry policies_members[] = {
    {"PasswordPolicy", &password_policy, false}, {"SignInPolicy", &sign_in_policy, false}, {0}};
static const struct shape policies = {.kind = SHAPE_STRUCTURE, .members = policies_members};
static const char *const protections[] = {"ACTIVE", "INACTIVE", NULL};
static const struct shape protection = {.kind = SHAPE_STRING, .words = protections};
static const char *const verified_words[] = {"phone_number", "email", NULL};
static const struct shape verified = {.kind = SHAPE_STRING, .words = verified_words};
static const struct shape verified_list = {.kind = SHAPE_LIST, .element = &verified};
static const char *const alias_words[] = {"phone_number", "email", "preferred_username", NULL};
static const struct shape alias = {.kind = SHAPE_STRING, .words = alias_words};
static const struct shape alias_list = {.kind = SHAPE_LIST, .element = &alias};
static const struct shape sms_text = {.kind = SHAPE_STRING, .min = 6, .max = 140, .in_characters = true};
static const struct shape email_text = {.kind = SHAPE_STRING, .min = 6, .max = 20000, .in_characters = true};
static const struct shape subject = {.kind = SHAPE_STRING, .min = 1, .max = 140, .in_characters = true};
static const char *const option_words[] = {"CONFIRM_WITH_LINK", "CONFIRM_WITH_CODE", NULL};
static const struct shape option = {.kind = SHAPE_STRING, .words = option_words};
static const struct shape_entry template_members[] = {{"SmsMessage", &sms_text, false},
                                                      {"EmailMessage", &email_text, false},
                                                      {"EmailSubject", &subject, false},
                                                      {"EmailMessageByLink", &email_text, false},
                                                      {"EmailSubjectByLink", &subject, false},
                                                      {"DefaultEmailOption", &option, false},
                                                      {0}};
static const struct shape template = {.kind = SHAPE_STRUCTURE, .members = template_members};
static const char *const mfa_words[] = {"OFF", "ON", "OPTIONAL", NULL};
static const struct shape mfa = {.kind = SHAPE_STRING, .words = mfa_words};
static const struct shape_entry update_members[] = {
    {"AttributesRequireVerificationBeforeUpdate", &verified_list, false}, {0}};
static const struct shape update_settings = {.kind = SHAPE_STRUCTURE, .members = update_members};
static const struct shape_entry device_members[] = {
    {"ChallengeRequiredOnNewDevice", &shape_boolean_value, false},
    {"DeviceOnlyRememberedOnUserPrompt", &shape_boolean_value, false},
    {0}};
static const struct shape device = {.kind = SHAPE_STRUCTURE, .members = device_members};
static const struct shape_entry invite_members[] = {{"SMSMessage", &sms_text, false},
                                                    {"EmailMessage", &email_text, false},
                                                    {"EmailSubject", &subject, false},
                                                    {0}};
static const struct shape invite = {.kind = SHAPE_STRUCTURE, .members = invite_members};
static const struct shape_entry admin_members[] = {{"AllowAdminCreateUserOnly", &shape_boolean_value, false},
                                                   {"UnusedAccountValidityDays", &days, false},
                                                   {"InviteMessageTemplate", &invite, false},
                                                   {0}};
static const struct shape admin_config = {.kind = SHAPE_STRUCTURE, .members = admin_members};
static const char *const security_words[] = {"OFF", "AUDIT", "ENFORCED", NULL};
static const struct shape security = {.kind = SHAPE_STRING, .words = security_words};
static const struct shape_entry add_on_members[] = {{"AdvancedSecurityMode", &security, true},
                                                    {"AdvancedSecurityAdditionalFlows", &idp_anything, false},
                                                    {0}};
static const struct shape add_ons = {.kind = SHAPE_STRUCTURE, .members = add_on_members};
static const struct shape_entry name_members[] = {{"CaseSensitive", &shape_boolean_value, true}, {0}};
static const struct shape name_configuration = {.kind = SHAPE_STRUCTURE, .members = name_members};
static const struct shape priority = {.kind = SHAPE_INTEGER, .min = 1, .max = 2};
static const char *const recovery_words[] = {"verified_email", "verified_phone_number", "admin_only", NULL};
static const struct shape recovery_name = {.kind = SHAPE_STRING, .words = recovery_words};
static const struct shape_entry mechanism_members[] = {
    {"Priority", &priority, true}, {"Name", &recovery_name, true}, {0}};
static const struct shape mechanism = {.kind = SHAPE_STRUCTURE, .members = mechanism_members};
static const struct shape mechanisms = {.kind = SHAPE_LIST, .min = 1, .max = 2, .element = &mechanism};
static const struct shape_entry recovery_members[] = {{"RecoveryMechanisms", &mechanisms, false}, {0}};
static const struct shape recovery = {.kind = SHAPE_STRUCTURE, .members = recovery_members};
static const char *const tiers[] = {"LITE", "ESSENTIALS", "PLUS", NULL};
static const struct shape tier = {.kind = SHAPE_STRING, .words = tiers};

#define CHANGEABLE                                                                                           \
    {"Policies", &policies, false}, {"DeletionProtection", &protection, false},                              \
        {"LambdaConfig", &idp_anything, false}, {"AutoVerifiedAttributes", &verified_list, false},           \
        {"SmsVerificationMessage", &sms_text, false}, {"EmailVerificationMessage", &email_text, false},      \
        {"EmailVerificationSubject", &subject, false}, {"VerificationMessageTemplate", &template, false},    \
        {"SmsAuthenticationMessage", &sms_text, false},                                                      \
        {"UserAttributeUpdateSettings", &update_settings, false}, {"MfaConfiguration", &mfa, false},         \
        {"DeviceConfiguration", &device, false}, {"EmailConfiguration", &idp_anything, false},               \
        {"SmsConfiguration", &idp_anything, false}, {"UserPoolTags", &idp_tags, false},                      \
        {"AdminCreateUserConfig", &admin_config, false}, {"UserPoolAddOns", &add_ons, false},                \
        {"AccountRecoverySetting", &recovery, false},                                                        \
    {                                                                                                        \
        "UserPoolTier", &tier, false                                                                         \
    }

static const struct shape_entry create_members[] = {{"PoolName", &idp_pool_name, true},
                                                    CHANGEABLE,
                                                    {"AliasAttributes", &alias_list, false},
                                                    {"UsernameAttributes", &verified_list, false},
                                                    {"Schema", &schema_shape, false},
                                                    {"UsernameConfiguration", &name_configuration, false},
                                                    {0}};
static const struct shape create_input = {.kind = SHAPE_STRUCTURE, .members = create_members};
static const struct shape_entry change_members[] = {
    {"UserPoolId", &idp_pool_id, true}, CHANGEABLE, {"PoolName", &idp_pool_name, false}, {0}};
static const struct shape change_input = {.kind = SHAPE_STRUCTURE, .members = change_members};

/* What of the input is kept: what may change, and what may not. */
static const char *const changeable[] = {"Policies",
                                         "DeletionProtection",
                                         "LambdaConfig",
                                         "AutoVerifiedAttributes",
                                         "SmsVerificationMessage",
                                         "EmailVerificationMessage",
                                         "EmailVerificationSubject",
                                         "VerificationMessageTemplate",
                                         "SmsAuthenticationMessage",
                                         "UserAttributeUpdateSettings",
                                         "MfaConfiguration",
                                         "EmailConfiguration",
                                         "SmsConfiguration",
                                         "AdminCreateUserConfig",
                                         "UserPoolAddOns",
                                         "AccountRecoverySetting",
                                         "UserPoolTier",
                                         NULL};
static const char *const lasting[] = {"AliasAttributes", "UsernameAttributes", "Schema",
                                      "UsernameConfiguration", NULL};

/* ---- what is refused, because it would not be done ---- */

static bool refuse(struct request *request, const char *what)
{
    return fail(&request->failure, ERROR_INVALID_PARAMETER, "%s", what);
}

static bool check_supported(struct request *request, const struct json *body)
{
    const struct json *triggers = shape_member(body, "LambdaConfig");
    const struct json *first_factors = json_get_present(
        json_get_present(shape_member(body, "Policies"), "SignInPolicy"), "AllowedFirstAuthFactors");
    struct slice mode = shape_text(shape_member(body, "UserPoolAddOns"), "AdvancedSecurityMode");
    struct slice second = shape_text(body, "MfaConfiguration");

    if (triggers != NULL && triggers->object.count > 0)
        return refuse(request, "Lambda triggers are not supported: this server runs no functions");
    if (second.ptr != NULL && !slice_is(second, "OFF"))
        return refuse(request, "MfaConfiguration must be OFF: this server has no second factors");
    if (idp_count(first_factors) > 1 ||
        (idp_count(first_factors) == 1 && !idp_lists(first_factors, "PASSWORD")))
        return refuse(request, "AllowedFirstAuthFactors can be PASSWORD only on this server");
    if (mode.ptr != NULL && !slice_is(mode, "OFF"))
        return refuse(request, "AdvancedSecurityMode must be OFF: this server has no threat protection");
    if (shape_member(body, "DeviceConfiguration") != NULL)
        return refuse(request, "DeviceConfiguration is not supported: this server remembers no devices");
    if (shape_number(json_get_present(shape_member(body, "Policies"), "PasswordPolicy"),
                     "PasswordHistorySize", 0) > 0)
        return refuse(request, "PasswordHistorySize must be 0: this server keeps no old passwords");
    if (idp_count(shape_member(body, "AliasAttributes")) > 0 &&
        idp_count(shape_member(body, "UsernameAttributes")) > 0)
        return refuse(request,
                      "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.");
    return true;
}

/* ---- settings ---- */

#define DEFAULT_POLICIES                                                                                     \
    "{\"PasswordPolicy\":{\"MinimumLength\":8,\"RequireUppercase\":true,\"RequireLowercase\":true,"          \
    "\"RequireNumbers\":true,\"RequireSymbols\":true,\"TemporaryPasswordValidityDays\":7}}"

/* Whatever a request does not name has its default. `before`: the settings of a pool that is changed. */
static void make_settings(struct request *request, struct user_pool *pool, const struct json *before)
{
    const struct json *body = request->body;
    struct slice name = shape_text(body, "PoolName");
    struct buffer out;
    bool first = true;

    buffer_init(&out);
    buffer_append_byte(&out, '{');
    json_write_string_member(&out, &first, "Name", name.ptr != NULL ? name : shape_text(before, "Name"));
    settings_copy(&out, &first, body, changeable);
    settings_copy(&out, &first, before != NULL ? before : body, lasting);
    settings_default(&out, &first, body, "Policies", DEFAULT_POLICIES);
    settings_default(&out, &first, body, "DeletionProtection", "\"INACTIVE\"");
    settings_default(&out, &first, body, "LambdaConfig", "{}");
    settings_default(&out, &first, body, "VerificationMessageTemplate",
                     "{\"DefaultEmailOption\":\"CONFIRM_WITH_CODE\"}");
    settings_default(&out, &first, body, "MfaConfiguration", "\"OFF\"");
    settings_default(&out, &first, body, "EmailConfiguration",
                     "{\"EmailSendingAccount\":\"COGNITO_DEFAULT\"}");
    settings_default(&out, &first, body, "AdminCreateUserConfig",
                     "{\"AllowAdminCreateUserOnly\":false,\"UnusedAccountValidityDays\":7}");
    if (before != NULL && shape_member(body, "UserPoolTier") == NULL)
        settings_copy(&out, &first, before, (const char *const[]){"UserPoolTier", NULL});
    else
        settings_default(&out, &first, body, "UserPoolTier", "\"ESSENTIALS\"");
    buffer_append_byte(&out, '}');
    pool->settings = arena_copy(request->arena, buffer_slice(&out));
    buffer_finish(&out);
}

static bool write_pool(struct request *request, const struct user_pool *pool)
{
    static const char *const named[] = {"Name", NULL}, *const names[] = {"AliasAttributes",
                                                                         "UsernameAttributes",
                                                                         "UsernameConfiguration", NULL};
    struct slice counters = keys_users(request->arena, pool->number, USERS_COUNT, SLICE(""), SLICE(""));
    struct buffer *out = request->out;
    int64_t counts[2];
    bool first = true;

    enum storage_status status = storage_read_counters(request->server->storage, counters, counts);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    buffer_append_string(out, "{\"UserPool\":{");
    json_write_string_member(out, &first, "Id", pool->id);
    settings_copy(out, &first, pool->values, named);
    settings_copy(out, &first, pool->values, changeable);
    json_write_time_member(out, &first, "LastModifiedDate", pool->modified);
    json_write_time_member(out, &first, "CreationDate", pool->created);
    json_write_name(out, &first, "SchemaAttributes");
    schema_write(out, &pool->schema);
    settings_copy(out, &first, pool->values, names);
    json_write_int64_member(out, &first, "EstimatedNumberOfUsers", status == STORAGE_OK ? counts[0] : 0);
    if (pool->tags != NULL && pool->tags->object.count > 0) {
        json_write_name(out, &first, "UserPoolTags");
        json_write_value(out, pool->tags);
    }
    if (pool->domain.len > 0)
        json_write_string_member(out, &first, "Domain", pool->domain);
    json_write_string_member(out, &first, "Arn", user_pool_arn(request, pool->id));
    buffer_append_string(out, "}}");
    return true;
}

/* ---- CreateUserPool ---- */

static struct slice random_letters(struct arena *arena, size_t count)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
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

static struct slice make_key(struct request *request)
{
    struct jwt_key *key = spare_keys_take(request->server->spare_keys);
    struct slice der = jwt_key_encode(key, request->arena);

    jwt_key_destroy(key);
    return der;
}

/* Under an id that no pool has. */
static bool make_pool(struct request *request, struct user_pool *pool)
{
    char seal_key[SEAL_KEY_LENGTH];
    struct stored stored;

    pool->hash_name = random_letters(request->arena, POOL_ID_LETTERS);
    pool->id = arena_printf(request->arena, "%.*s_%.*s", SLICE_ARGS(request->server->region),
                            SLICE_ARGS(pool->hash_name));
    pool->key = keys_user_pool(request->arena, pool->id);
    enum storage_status status = storage_get(request->server->storage, NULL, pool->key, &stored);
    pool->version = stored.version;
    stored_release(&stored);
    if (status != STORAGE_NOT_FOUND)
        return status == STORAGE_OK ? fail(&request->failure, ERROR_INTERNAL_SERVER, "A pool's id was taken")
                                    : storage_failure(&request->failure, status);
    random_bytes(seal_key, sizeof(seal_key));
    pool->seal_key = arena_copy(request->arena, (struct slice){seal_key, sizeof(seal_key)});
    pool->created = pool->modified = clock_now();
    pool->tags = shape_member(request->body, "UserPoolTags");
    return true;
}

/* AWS: "Quotas in Amazon Cognito". */
static bool check_count(struct request *request)
{
    struct key_range range = keys_user_pools();
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum storage_status status;
    int count = 0;

    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK)
        count++;
    cursor_destroy(cursor);
    if (status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    return count < POOLS_LIMIT || fail(&request->failure, ERROR_IDP_LIMIT_EXCEEDED,
                                       "The account has %d user pools, the most there may be", POOLS_LIMIT);
}

bool create_user_pool(struct request *request)
{
    struct user_pool pool = {.number = 0};
    struct version number_version;

    if (!idp_accepts(request, &create_input) || !check_supported(request, request->body) ||
        !check_count(request) || !make_pool(request, &pool))
        return false;
    make_settings(request, &pool, NULL);
    if (!user_pool_read_settings(request, &pool) ||
        !table_number_take(request, &pool.number, &number_version))
        return false;
    pool.id_key = make_key(request);
    pool.access_key = make_key(request);
    user_pool_put(request, &pool);
    batch_guard(&request->batch, keys_next_table_id(), number_version);
    return write_pool(request, &pool);
}

/* ---- the others ---- */

bool describe_user_pool(struct request *request)
{
    struct user_pool pool;

    return idp_accepts(request, &idp_pool_input) &&
           user_pool_find(request, shape_text(request->body, "UserPoolId"), &pool) &&
           write_pool(request, &pool);
}

bool update_user_pool(struct request *request)
{
    struct user_pool pool;

    if (!idp_accepts(request, &change_input) ||
        !user_pool_find(request, shape_text(request->body, "UserPoolId"), &pool) ||
        !check_supported(request, request->body))
        return false;
    make_settings(request, &pool, pool.values);
    if (shape_member(request->body, "UserPoolTags") != NULL)
        pool.tags = shape_member(request->body, "UserPoolTags");
    pool.modified = clock_now();
    if (!user_pool_read_settings(request, &pool))
        return false;
    user_pool_put(request, &pool);
    buffer_append_string(request->out, "{}");
    return true;
}

/* ---- AddCustomAttributes ---- */

enum { ATTRIBUTES_AT_ONCE = 25, ATTRIBUTES_LIMIT = 50 };

static bool check_attributes(struct request *request, const struct user_pool *pool, const struct json *added)
{
    const struct json *had = json_get_present(pool->values, "Schema");

    for (size_t i = 0; i < idp_count(added); i++) {
        struct slice name = shape_text(&added->array.items[i], "Name");
        if (name.ptr != NULL && schema_is_standard(name))
            return fail(&request->failure, ERROR_INVALID_PARAMETER,
                        "%.*s is a standard attribute, which the pool has already", SLICE_ARGS(name));
    }
    return idp_count(had) + idp_count(added) <= ATTRIBUTES_LIMIT ||
           fail(&request->failure, ERROR_IDP_LIMIT_EXCEEDED,
                "The user pool would have more than %d attributes of its own", ATTRIBUTES_LIMIT);
}

static void extend_schema(struct request *request, struct user_pool *pool, const struct json *added)
{
    const struct json *lists[] = {json_get_present(pool->values, "Schema"), added};
    struct buffer out;
    bool first = true, any = false;

    buffer_init(&out);
    buffer_append_byte(&out, '{');
    for (size_t i = 0; i < pool->values->object.count; i++) {
        const struct json_member *member = &pool->values->object.members[i];
        if (slice_is(member->name, "Schema"))
            continue;
        json_write_name(&out, &first, arena_copy(request->arena, member->name).ptr);
        json_write_value(&out, &member->value);
    }
    json_write_name(&out, &first, "Schema");
    buffer_append_byte(&out, '[');
    for (size_t k = 0; k < sizeof(lists) / sizeof(lists[0]); k++) {
        for (size_t i = 0; i < idp_count(lists[k]); i++, any = true) {
            if (any)
                buffer_append_byte(&out, ',');
            json_write_value(&out, &lists[k]->array.items[i]);
        }
    }
    buffer_append_string(&out, "]}");
    pool->settings = arena_copy(request->arena, buffer_slice(&out));
    buffer_finish(&out);
}

bool add_custom_attributes(struct request *request)
{
    const struct shape list = {
        .kind = SHAPE_LIST, .min = 1, .max = ATTRIBUTES_AT_ONCE, .element = schema_shape.element};
    const struct shape_entry members[] = {
        {"UserPoolId", &idp_pool_id, true}, {"CustomAttributes", &list, true}, {0}};
    const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};
    const struct json *added = shape_member(request->body, "CustomAttributes");
    struct user_pool pool;

    if (!idp_accepts(request, &input) ||
        !user_pool_find(request, shape_text(request->body, "UserPoolId"), &pool) ||
        !check_attributes(request, &pool, added))
        return false;
    extend_schema(request, &pool, added);
    pool.modified = clock_now();
    if (!user_pool_read_settings(request, &pool))
        return false;
    user_pool_put(request, &pool);
    buffer_append_string(request->out, "{}");
    return true;
}

static void erase(struct request *request)
{
    catalog_wake(request->server->catalog);
}

/* The clients' descriptors are of their own; all else is erased behind the answer. */
static bool delete_clients(struct request *request, const struct user_pool *pool)
{
    struct key_range range = keys_users_range(request->arena, pool->number, USERS_CLIENTS, SLICE(""));
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum storage_status status;

    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK)
        batch_delete(&request->batch, keys_user_pool_client(request->arena, keys_users_name(key)));
    cursor_destroy(cursor);
    return status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

bool delete_user_pool(struct request *request)
{
    struct user_pool pool;

    if (!idp_accepts(request, &idp_pool_input) ||
        !user_pool_find(request, shape_text(request->body, "UserPoolId"), &pool))
        return false;
    if (slice_is(shape_text(pool.values, "DeletionProtection"), "ACTIVE"))
        return fail(&request->failure, ERROR_INVALID_PARAMETER,
                    "The user pool cannot be deleted because deletion protection is activated. Deletion "
                    "protection must be inactivated first.");
    if (pool.domain.len > 0)
        return fail(&request->failure, ERROR_INVALID_PARAMETER,
                    "User pool cannot be deleted. It has a domain configured that should be deleted first.");
    if (!delete_clients(request, &pool))
        return false;
    batch_put(&request->batch, keys_erasure(request->arena, pool.number), SLICE("1"));
    batch_guard(&request->batch, pool.key, pool.version);
    batch_delete(&request->batch, pool.key);
    request->committed = erase;
    return true;
}

static bool write_listed(struct request *request, void *context, struct slice key, struct slice value,
                         bool *told)
{
    struct buffer *out = request->out;
    struct user_pool pool = {.key = key};
    bool first = true;

    (void)context;
    if (user_pool_read(request, slice_skip(key, keys_user_pools().from.len), value, &pool) != STORAGE_OK)
        return storage_failure(&request->failure, STORAGE_CORRUPT);
    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "Id", pool.id);
    json_write_string_member(out, &first, "Name", shape_text(pool.values, "Name"));
    json_write_name(out, &first, "LambdaConfig");
    buffer_append_string(out, "{}");
    json_write_time_member(out, &first, "LastModifiedDate", pool.modified);
    json_write_time_member(out, &first, "CreationDate", pool.created);
    buffer_append_byte(out, '}');
    *told = true;
    return true;
}

static const struct shape list_limit = {.kind = SHAPE_INTEGER, .min = 1, .max = 60};
static const struct shape_entry list_members[] = {
    {"NextToken", &idp_page_token, false}, {"MaxResults", &list_limit, true}, {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

bool list_user_pools(struct request *request)
{
    struct user_page page;

    return idp_accepts(request, &list_input) &&
           user_page_begin(request, keys_user_pools(), "MaxResults", "NextToken", &page) &&
           user_page_write(request, &page, "UserPools", NULL, write_listed);
}

/* ---- MFA ---- */

bool get_user_pool_mfa_config(struct request *request)
{
    struct user_pool pool;

    if (!idp_accepts(request, &idp_pool_input) ||
        !user_pool_find(request, shape_text(request->body, "UserPoolId"), &pool))
        return false;
    buffer_append_string(request->out, "{\"MfaConfiguration\":\"OFF\"}");
    return true;
}

static const struct shape_entry mfa_members[] = {{"UserPoolId", &idp_pool_id, true},
                                                 {"SmsMfaConfiguration", &idp_anything, false},
                                                 {"SoftwareTokenMfaConfiguration", &idp_anything, false},
                                                 {"EmailMfaConfiguration", &idp_anything, false},
                                                 {"MfaConfiguration", &mfa, false},
                                                 {"WebAuthnConfiguration", &idp_anything, false},
                                                 {0}};
static const struct shape mfa_input = {.kind = SHAPE_STRUCTURE, .members = mfa_members};

/* Off it is, and off it stays. */
bool set_user_pool_mfa_config(struct request *request)
{
    const struct json *software = shape_member(request->body, "SoftwareTokenMfaConfiguration");
    struct user_pool pool;

    if (!idp_accepts(request, &mfa_input) ||
        !user_pool_find(request, shape_text(request->body, "UserPoolId"), &pool) ||
        !check_supported(request, request->body))
        return false;
    const struct json *enabled = json_get_present(software, "Enabled");
    if ((enabled != NULL && enabled->type == JSON_BOOLEAN && enabled->boolean) ||
        shape_member(request->body, "SmsMfaConfiguration") != NULL ||
        shape_member(request->body, "EmailMfaConfiguration") != NULL ||
        shape_member(request->body, "WebAuthnConfiguration") != NULL)
        return refuse(request, "This server has no second factors and no passkeys");
    buffer_append_string(request->out, "{\"MfaConfiguration\":\"OFF\"}");
    return true;
}
