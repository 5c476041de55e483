/* AWS::Cognito::UserPool and AWS::Cognito::UserPoolClient. AWS: CloudFormation template reference. */
#include "deploy/types/cognito.h"
#include "deploy/types/reading.h"

/* ---- user pools: properties ---- */

static const struct kind_of_value password_length = {.kind = INTEGER, .least = 6, .most = 99};
static const struct property password_members[] = {{"MinimumLength", &password_length, OPTIONAL},
                                                   {"PasswordHistorySize", &kind_integer, OPTIONAL},
                                                   {"RequireLowercase", &kind_boolean, OPTIONAL},
                                                   {"RequireNumbers", &kind_boolean, OPTIONAL},
                                                   {"RequireSymbols", &kind_boolean, OPTIONAL},
                                                   {"RequireUppercase", &kind_boolean, OPTIONAL},
                                                   {"TemporaryPasswordValidityDays", &kind_integer, OPTIONAL},
                                                   {0}};
static const struct kind_of_value password_policy = {.kind = STRUCTURE, .members = password_members};
static const struct property sign_in_members[] = {{"AllowedFirstAuthFactors", &kind_texts, OPTIONAL}, {0}};
static const struct kind_of_value sign_in_policy = {.kind = STRUCTURE, .members = sign_in_members};
static const struct property policies_members[] = {
    {"PasswordPolicy", &password_policy, OPTIONAL}, {"SignInPolicy", &sign_in_policy, OPTIONAL}, {0}};
static const struct kind_of_value policies = {.kind = STRUCTURE, .members = policies_members};

static const struct kind_of_value priority = {.kind = INTEGER, .least = 1, .most = 2};
static const struct property mechanism_members[] = {
    {"Name", &kind_text, OPTIONAL}, {"Priority", &priority, OPTIONAL}, {0}};
static const struct kind_of_value mechanism = {.kind = STRUCTURE, .members = mechanism_members};
static const struct kind_of_value mechanisms = {.kind = LIST, .element = &mechanism};
static const struct property recovery_members[] = {{"RecoveryMechanisms", &mechanisms, OPTIONAL}, {0}};
static const struct kind_of_value recovery = {.kind = STRUCTURE, .members = recovery_members};

static const struct property invite_members[] = {{"EmailMessage", &kind_text, OPTIONAL},
                                                 {"EmailSubject", &kind_text, OPTIONAL},
                                                 {"SMSMessage", &kind_text, OPTIONAL},
                                                 {0}};
static const struct kind_of_value invite = {.kind = STRUCTURE, .members = invite_members};
static const struct property admin_members[] = {{"AllowAdminCreateUserOnly", &kind_boolean, OPTIONAL},
                                                {"InviteMessageTemplate", &invite, OPTIONAL},
                                                {"UnusedAccountValidityDays", &kind_integer, OPTIONAL},
                                                {0}};
static const struct kind_of_value admin = {.kind = STRUCTURE, .members = admin_members};

static const struct property email_members[] = {{"ConfigurationSet", &kind_text, OPTIONAL},
                                                {"EmailSendingAccount", &kind_text, OPTIONAL},
                                                {"From", &kind_text, OPTIONAL},
                                                {"ReplyToEmailAddress", &kind_text, OPTIONAL},
                                                {"SourceArn", &kind_text, OPTIONAL},
                                                {0}};
static const struct kind_of_value email = {.kind = STRUCTURE, .members = email_members};
static const struct property sms_members[] = {{"ExternalId", &kind_text, OPTIONAL},
                                              {"SnsCallerArn", &kind_text, OPTIONAL},
                                              {"SnsRegion", &kind_text, OPTIONAL},
                                              {0}};
static const struct kind_of_value sms = {.kind = STRUCTURE, .members = sms_members};
static const struct property template_members[] = {{"DefaultEmailOption", &kind_text, OPTIONAL},
                                                   {"EmailMessage", &kind_text, OPTIONAL},
                                                   {"EmailMessageByLink", &kind_text, OPTIONAL},
                                                   {"EmailSubject", &kind_text, OPTIONAL},
                                                   {"EmailSubjectByLink", &kind_text, OPTIONAL},
                                                   {"SmsMessage", &kind_text, OPTIONAL},
                                                   {0}};
static const struct kind_of_value verification = {.kind = STRUCTURE, .members = template_members};
static const struct property update_members[] = {
    {"AttributesRequireVerificationBeforeUpdate", &kind_texts, REQUIRED}, {0}};
static const struct kind_of_value attribute_updates = {.kind = STRUCTURE, .members = update_members};

static const struct property number_members[] = {
    {"MaxValue", &kind_text, OPTIONAL}, {"MinValue", &kind_text, OPTIONAL}, {0}};
static const struct kind_of_value number_bounds = {.kind = STRUCTURE, .members = number_members};
static const struct property string_members[] = {
    {"MaxLength", &kind_text, OPTIONAL}, {"MinLength", &kind_text, OPTIONAL}, {0}};
static const struct kind_of_value string_bounds = {.kind = STRUCTURE, .members = string_members};
static const char *const data_types[] = {"String", "Number", "DateTime", "Boolean", NULL};
static const struct kind_of_value data_type = {.kind = TEXT, .words = data_types};
static const struct property attribute_members[] = {{"AttributeDataType", &data_type, OPTIONAL},
                                                    {"DeveloperOnlyAttribute", &kind_boolean, OPTIONAL},
                                                    {"Mutable", &kind_boolean, OPTIONAL},
                                                    {"Name", &kind_text, OPTIONAL},
                                                    {"NumberAttributeConstraints", &number_bounds, OPTIONAL},
                                                    {"Required", &kind_boolean, OPTIONAL},
                                                    {"StringAttributeConstraints", &string_bounds, OPTIONAL},
                                                    {0}};
static const struct kind_of_value attribute = {.kind = STRUCTURE, .members = attribute_members};
static const struct kind_of_value schema = {.kind = LIST, .element = &attribute};
static const struct property name_members[] = {{"CaseSensitive", &kind_boolean, OPTIONAL}, {0}};
static const struct kind_of_value name_configuration = {.kind = STRUCTURE, .members = name_members};
static const char *const protections[] = {"ACTIVE", "INACTIVE", NULL};
static const struct kind_of_value protection = {.kind = TEXT, .words = protections};
static const char *const mfa_words[] = {"OFF", "ON", "OPTIONAL", NULL};
static const struct kind_of_value mfa = {.kind = TEXT, .words = mfa_words};

static const struct property pool_members[] = {{"AccountRecoverySetting", &recovery, OPTIONAL},
                                               {"AdminCreateUserConfig", &admin, OPTIONAL},
                                               {"AliasAttributes", &kind_texts, OPTIONAL},
                                               {"AutoVerifiedAttributes", &kind_texts, OPTIONAL},
                                               {"DeletionProtection", &protection, OPTIONAL},
                                               {"DeviceConfiguration", NULL, NOT_APPLIED},
                                               {"EmailAuthenticationMessage", NULL, NOT_APPLIED},
                                               {"EmailAuthenticationSubject", NULL, NOT_APPLIED},
                                               {"EmailConfiguration", &email, OPTIONAL},
                                               {"EmailVerificationMessage", &kind_text, OPTIONAL},
                                               {"EmailVerificationSubject", &kind_text, OPTIONAL},
                                               {"EnabledMfas", NULL, NOT_APPLIED},
                                               {"IssuerConfiguration", NULL, NOT_APPLIED},
                                               {"KeyConfiguration", NULL, NOT_APPLIED},
                                               {"LambdaConfig", NULL, NOT_APPLIED},
                                               {"MfaConfiguration", &mfa, OPTIONAL},
                                               {"Policies", &policies, OPTIONAL},
                                               {"Schema", &schema, OPTIONAL},
                                               {"SmsAuthenticationMessage", &kind_text, OPTIONAL},
                                               {"SmsConfiguration", &sms, OPTIONAL},
                                               {"SmsVerificationMessage", &kind_text, OPTIONAL},
                                               {"UserAttributeUpdateSettings", &attribute_updates, OPTIONAL},
                                               {"UsernameAttributes", &kind_texts, OPTIONAL},
                                               {"UsernameConfiguration", &name_configuration, OPTIONAL},
                                               {"UserPoolAddOns", NULL, NOT_APPLIED},
                                               {"UserPoolName", &kind_text, OPTIONAL},
                                               {"UserPoolTags", &kind_text_map, OPTIONAL},
                                               {"UserPoolTier", &kind_text, OPTIONAL},
                                               {"VerificationMessageTemplate", &verification, OPTIONAL},
                                               {"WebAuthnFactorConfiguration", NULL, NOT_APPLIED},
                                               {"WebAuthnRelyingPartyID", NULL, NOT_APPLIED},
                                               {"WebAuthnUserVerification", NULL, NOT_APPLIED},
                                               {0}};
static const struct kind_of_value pool_properties = {.kind = STRUCTURE, .members = pool_members};

/* What UpdateUserPool changes; what it is not given goes back to its default. */
static const struct setting pool_settings[] = {
    {"AccountRecoverySetting", NULL, NULL},
    {"AdminCreateUserConfig", NULL, "{}"},
    {"AutoVerifiedAttributes", NULL, NULL},
    {"DeletionProtection", NULL, "\"INACTIVE\""},
    {"EmailConfiguration", NULL, "{}"},
    {"EmailVerificationMessage", NULL, NULL},
    {"EmailVerificationSubject", NULL, NULL},
    {"Policies", NULL,
     "{\"PasswordPolicy\":{\"MinimumLength\":8,\"RequireUppercase\":true,\"RequireLowercase\":true,"
     "\"RequireNumbers\":true,\"RequireSymbols\":true}}"},
    {"SmsAuthenticationMessage", NULL, NULL},
    {"SmsConfiguration", NULL, NULL},
    {"SmsVerificationMessage", NULL, NULL},
    {"UserAttributeUpdateSettings", NULL, NULL},
    {"UserPoolTier", NULL, "\"ESSENTIALS\""},
    {"VerificationMessageTemplate", NULL, "{}"},
    {0}};

/* What a pool is made with, and keeps. */
static const struct setting pool_lasting[] = {{"AliasAttributes", NULL, NULL},
                                              {"UsernameAttributes", NULL, NULL},
                                              {"UsernameConfiguration", NULL, "{}"},
                                              {0}};

/* ---- user pools ---- */

static bool check_pool(struct making *making)
{
    struct slice second = text_of(making->want, "MfaConfiguration");

    if (slice_is(second, "ON"))
        return making_refuse(making,
                             "MfaConfiguration: the server has no second factors, and so cannot demand one");
    if (slice_is(second, "OPTIONAL"))
        making->not_applied =
            arena_printf(making->arena, "%.*s%sMfaConfiguration", SLICE_ARGS(making->not_applied),
                         making->not_applied.len > 0 ? ", " : "");
    return true;
}

static void publish_pool(struct making *making)
{
    struct slice id = text_of(making->have, "Id"), region = id;
    const char *line = id.len == 0 ? NULL : memchr(id.ptr, '_', id.len);

    if (line != NULL)
        region.len = (size_t)(line - id.ptr);
    struct slice provider = arena_printf(making->arena, "cognito-idp.%.*s.amazonaws.com/%.*s",
                                         SLICE_ARGS(region), SLICE_ARGS(id));
    making_identify(making, id);
    making_publish(making, "UserPoolId", id);
    making_publish(making, "Arn", text_of(making->have, "Arn"));
    making_publish(making, "ProviderName", provider);
    making_publish(making, "ProviderURL", arena_printf(making->arena, "https://%.*s", SLICE_ARGS(provider)));
}

static const struct pool_kind pool_kind = {.listing = {.service = SERVICE_USER_POOLS,
                                                       .operation = "ListUserPools",
                                                       .list = "UserPools",
                                                       .token = "NextToken",
                                                       .next = "NextToken",
                                                       .page_size = "\"MaxResults\":60",
                                                       .element = "Id"},
                                           .name = "Name",
                                           .describe = "DescribeUserPool",
                                           .id = "UserPoolId",
                                           .described = "UserPool",
                                           .tags = "UserPoolTags"};

static bool find_pool(struct making *making)
{
    if (!pool_seek(making, &pool_kind))
        return false;
    if (making->have != NULL)
        publish_pool(making);
    return true;
}

/* "team" is told as "custom:team"; a standard attribute as it is. */
static const struct json *told_attribute(struct making *making, struct slice name)
{
    const struct json *told = json_get(making->have, "SchemaAttributes");
    const struct json *standard = find_by(told, "Name", name);

    return standard != NULL
               ? standard
               : find_by(told, "Name", arena_printf(making->arena, "custom:%.*s", SLICE_ARGS(name)));
}

/* What the template does not say is as it is. */
static bool says_same(const struct json *want, const struct json *told, const char *member)
{
    const struct json *wanted = json_get(want, member);

    return wanted == NULL || json_same(wanted, json_get(told, member));
}

/* CloudFormation adds attributes to a pool, and changes and takes away none. */
static const char schema_lasts[] = "Existing schema attributes cannot be modified or deleted.";

static bool keeps_schema(const struct making *making)
{
    size_t at = 0;

    return making_dropped(making, "Schema", "Name", &at) == NULL;
}

static bool compare_schema(struct making *making)
{
    const struct json *want = json_get(making->want, "Schema");

    if (!keeps_schema(making))
        return making_refuse(making, "%s", schema_lasts);
    for (size_t i = 0; i < count_of(want); i++) {
        const struct json *given = &want->array.items[i];
        const struct json *told = told_attribute(making, text_of(given, "Name"));
        if (told == NULL)
            continue; /* it can be added */
        if (!says_same(given, told, "Required") || !says_same(given, told, "Mutable") ||
            !says_same(given, told, "AttributeDataType"))
            return making_refuse(making, "%s", schema_lasts);
    }
    return true;
}

/* CloudFormation does not replace a pool for these: it refuses, as UpdateUserPool does. */
static bool compare_pool(struct making *making)
{
    const char *differs = settings_differ(making, pool_lasting, making->have);

    if (differs != NULL)
        return making_refuse(making, "Updates are not allowed for property - %s.", differs);
    return compare_schema(making);
}

static bool create_pool(struct making *making)
{
    const struct json tags = pool_tags(making, json_get(making->want, "UserPoolTags"));
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_text(&input, "PoolName", making->name);
    settings_write(&input, pool_settings, making->want);
    settings_write(&input, pool_lasting, making->want);
    input_value(&input, "Schema", json_get(making->want, "Schema"));
    input_value(&input, "UserPoolTags", &tags);
    if (!making_call(making, SERVICE_USER_POOLS, "CreateUserPool", &input, &answer))
        return false;
    making->have = json_get(answer.body, "UserPool");
    publish_pool(making);
    return true;
}

/* The attributes that the pool does not have yet. */
static bool add_attributes(struct making *making)
{
    const struct json *want = json_get(making->want, "Schema");
    struct json added = {.type = JSON_ARRAY,
                         .array = {arena_array(making->arena, struct json, count_of(want)), 0}};
    struct input input;

    for (size_t i = 0; i < count_of(want); i++) {
        if (told_attribute(making, text_of(&want->array.items[i], "Name")) == NULL)
            added.array.items[added.array.count++] = want->array.items[i];
    }
    if (added.array.count == 0)
        return true;
    input_begin(&input);
    input_text(&input, "UserPoolId", making->id);
    input_value(&input, "CustomAttributes", &added);
    return making_call(making, SERVICE_USER_POOLS, "AddCustomAttributes", &input, NULL);
}

static bool update_pool(struct making *making)
{
    const struct json *wanted_tags = json_get(making->want, "UserPoolTags");
    const struct json tags = pool_tags(making, wanted_tags);
    bool same = settings_differ(making, pool_settings, making->have) == NULL &&
                slice_equal(making->name, text_of(making->have, "Name")) &&
                pool_tags_same(making, wanted_tags, json_get(making->have, "UserPoolTags"));
    struct input input;

    if (!add_attributes(making))
        return false;
    if (same)
        return true;
    input_begin(&input);
    input_text(&input, "UserPoolId", making->id);
    input_text(&input, "PoolName", making->name);
    settings_write(&input, pool_settings, making->want);
    if (json_get(making->want, "UserPoolTier") == NULL)
        input_literal(&input, "UserPoolTier", "\"ESSENTIALS\"");
    input_value(&input, "UserPoolTags", &tags);
    return making_call(making, SERVICE_USER_POOLS, "UpdateUserPool", &input, NULL);
}

static const struct naming pool_naming = {.property = "UserPoolName",
                                          .least = 1,
                                          .most = 128,
                                          .part = 57,
                                          .what = "pool name",
                                          .more_text = "bytes",
                                          .shared = true};
static const char *const pool_identifier[] = {"UserPoolId", NULL};
static const char *const pool_attributes[] = {"Arn", "ProviderName", "ProviderURL", "UserPoolId", NULL};

/* "custom:team" is "team" in a template. Standard attributes that are as all pools have them are left out. */
static bool is_own_attribute(const struct json *given)
{
    struct slice name = text_of(given, "Name");

    return slice_starts_with(name, SLICE("custom:")) || slice_starts_with(name, SLICE("dev:")) ||
           (flag_of(given, "Required") && !slice_is(name, "sub"));
}

static void write_attribute(struct input *out, const struct json *given, void *context)
{
    static const char *const members[] = {
        "AttributeDataType",          "DeveloperOnlyAttribute",     "Mutable", "Required",
        "NumberAttributeConstraints", "StringAttributeConstraints", NULL};
    struct slice name = text_of(given, "Name"), prefix = SLICE("custom:");

    (void)context;
    input_text(out, "Name", slice_starts_with(name, prefix) ? slice_skip(name, prefix.len) : name);
    reading_members(out, given, members);
}

static bool read_pool(struct making *making, const struct json **properties)
{
    const struct json *told = json_get(making->have, "SchemaAttributes");
    struct json own = {.type = JSON_ARRAY,
                       .array = {arena_array(making->arena, struct json, count_of(told)), 0}};
    struct input out;

    for (size_t i = 0; i < count_of(told); i++) {
        if (is_own_attribute(&told->array.items[i]))
            own.array.items[own.array.count++] = told->array.items[i];
    }
    input_begin(&out);
    input_text(&out, "UserPoolName", text_of(making->have, "Name"));
    settings_read(&out, pool_settings, making->have);
    settings_read(&out, pool_lasting, making->have);
    input_value(&out, "MfaConfiguration", json_get(making->have, "MfaConfiguration"));
    reading_list(&out, "Schema", &own, write_attribute, NULL);
    reading_tags(making, &out, "UserPoolTags", json_get(making->have, "UserPoolTags"));
    return reading_done(making, &out, properties);
}

static bool remove_pool(struct making *making)
{
    const struct text_member one[] = {{"UserPoolId", making->id}, {0}};

    return making_do(making, SERVICE_USER_POOLS, "DeleteUserPool", one, NULL);
}

const struct resource_type user_pool_type = {.name = "AWS::Cognito::UserPool",
                                             .properties = &pool_properties,
                                             .naming = &pool_naming,
                                             .attributes = pool_attributes,
                                             .check = check_pool,
                                             .find = find_pool,
                                             .compare = compare_pool,
                                             .create = create_pool,
                                             .update = update_pool,
                                             .read = read_pool,
                                             .identifier = pool_identifier,
                                             .listing = &pool_kind.listing,
                                             .remove = remove_pool};

/* ---- clients: properties ---- */

static const struct property unit_members[] = {{"AccessToken", &kind_text, OPTIONAL},
                                               {"IdToken", &kind_text, OPTIONAL},
                                               {"RefreshToken", &kind_text, OPTIONAL},
                                               {0}};
static const struct kind_of_value token_units = {.kind = STRUCTURE, .members = unit_members};
static const struct property rotation_members[] = {
    {"Feature", &kind_text, OPTIONAL}, {"RetryGracePeriodSeconds", &kind_integer, OPTIONAL}, {0}};
static const struct kind_of_value rotation = {.kind = STRUCTURE, .members = rotation_members};

static const struct property client_members[] = {
    {"AccessTokenValidity", &kind_integer, OPTIONAL},
    {"AllowedOAuthFlows", &kind_texts, OPTIONAL},
    {"AllowedOAuthFlowsUserPoolClient", &kind_boolean, OPTIONAL},
    {"AllowedOAuthScopes", &kind_texts, OPTIONAL},
    {"AnalyticsConfiguration", NULL, NOT_APPLIED},
    {"AuthSessionValidity", &kind_integer, OPTIONAL},
    {"CallbackURLs", &kind_texts, OPTIONAL},
    {"ClientName", &kind_text, OPTIONAL},
    {"DefaultRedirectURI", &kind_text, OPTIONAL},
    {"EnablePropagateAdditionalUserContextData", &kind_boolean, OPTIONAL},
    {"EnableTokenRevocation", &kind_boolean, OPTIONAL},
    {"ExplicitAuthFlows", &kind_texts, OPTIONAL},
    {"GenerateSecret", &kind_boolean, OPTIONAL},
    {"IdTokenValidity", &kind_integer, OPTIONAL},
    {"LogoutURLs", &kind_texts, OPTIONAL},
    {"PreventUserExistenceErrors", &kind_text, OPTIONAL},
    {"ReadAttributes", &kind_texts, OPTIONAL},
    {"RefreshTokenRotation", &rotation, OPTIONAL},
    {"RefreshTokenValidity", &kind_integer, OPTIONAL},
    {"SupportedIdentityProviders", &kind_texts, OPTIONAL},
    {"TokenValidityUnits", &token_units, OPTIONAL},
    {"UserPoolId", &kind_text, REQUIRED},
    {"WriteAttributes", &kind_texts, OPTIONAL},
    {0}};
static const struct kind_of_value client_properties = {.kind = STRUCTURE, .members = client_members};

static const struct setting client_settings[] = {{"AccessTokenValidity", NULL, NULL},
                                                 {"AllowedOAuthFlows", NULL, NULL},
                                                 {"AllowedOAuthFlowsUserPoolClient", NULL, "false"},
                                                 {"AllowedOAuthScopes", NULL, NULL},
                                                 {"AuthSessionValidity", NULL, "3"},
                                                 {"CallbackURLs", NULL, NULL},
                                                 {"DefaultRedirectURI", NULL, NULL},
                                                 {"EnablePropagateAdditionalUserContextData", NULL, "false"},
                                                 {"EnableTokenRevocation", NULL, "true"},
                                                 {"ExplicitAuthFlows", NULL, NULL},
                                                 {"IdTokenValidity", NULL, NULL},
                                                 {"LogoutURLs", NULL, NULL},
                                                 {"PreventUserExistenceErrors", NULL, NULL},
                                                 {"ReadAttributes", NULL, NULL},
                                                 {"RefreshTokenRotation", NULL, NULL},
                                                 {"RefreshTokenValidity", NULL, "30"},
                                                 {"SupportedIdentityProviders", NULL, NULL},
                                                 {"TokenValidityUnits", NULL, "{}"},
                                                 {"WriteAttributes", NULL, NULL},
                                                 {0}};

/* ---- clients ---- */

static void publish_client(struct making *making)
{
    making_identify(making, text_of(making->have, "ClientId"));
    making_publish(making, "ClientId", making->id);
    making_publish(making, "Name", text_of(making->have, "ClientName"));
    if (text_of(making->have, "ClientSecret").len > 0)
        making_publish(making, "ClientSecret", text_of(making->have, "ClientSecret"));
}

static struct slice pool_of(const struct making *making)
{
    return text_of(making_place(making), "UserPoolId");
}

static bool describe_client(struct making *making, struct slice id)
{
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_text(&input, "UserPoolId", pool_of(making));
    input_text(&input, "ClientId", id);
    if (!making_ask(making, SERVICE_USER_POOLS, "DescribeUserPoolClient", NOT_THERE, &input, &answer))
        return false;
    making->have = json_get(answer.body, "UserPoolClient");
    if (making->have != NULL)
        publish_client(making);
    return true;
}

static const struct listing clients = {.service = SERVICE_USER_POOLS,
                                       .operation = "ListUserPoolClients",
                                       .list = "UserPoolClients",
                                       .token = "NextToken",
                                       .next = "NextToken",
                                       .page_size = "\"MaxResults\":60",
                                       .element = "ClientId"};

/* Two clients of a template may have one name; each is another client. */
static bool find_client(struct making *making)
{
    const struct text_member pool[] = {{"UserPoolId", pool_of(making)}, {0}};
    struct json listed;

    if (making->id.len > 0)
        return describe_client(making, making->id);
    if (pool->text.len == 0 || making->name.len == 0)
        return true;
    if (!making_list(making, &clients, pool, &listed))
        return false;
    for (size_t i = 0; i < listed.array.count; i++) {
        const struct json *client = &listed.array.items[i];
        if (slice_equal(text_of(client, "ClientName"), making->name) &&
            !making_is_others(making, text_of(client, "ClientId")))
            return describe_client(making, text_of(client, "ClientId"));
    }
    return true;
}

static bool compare_client(struct making *making)
{
    bool had = text_of(making->have, "ClientSecret").len > 0;

    return making_fixed(making, "UserPoolId",
                        slice_equal(pool_of(making), text_of(making->want, "UserPoolId"))) &&
           making_fixed(making, "GenerateSecret", flag_of(making->want, "GenerateSecret") == had);
}

static bool create_client(struct making *making)
{
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_text(&input, "UserPoolId", text_of(making->want, "UserPoolId"));
    input_text(&input, "ClientName", making->name);
    input_value(&input, "GenerateSecret", json_get(making->want, "GenerateSecret"));
    settings_write(&input, client_settings, making->want);
    if (!making_call(making, SERVICE_USER_POOLS, "CreateUserPoolClient", &input, &answer))
        return false;
    making->have = json_get(answer.body, "UserPoolClient");
    publish_client(making);
    return true;
}

static bool update_client(struct making *making)
{
    struct input input;

    if (settings_differ(making, client_settings, making->have) == NULL)
        return true;
    input_begin(&input);
    input_text(&input, "UserPoolId", text_of(making->want, "UserPoolId"));
    input_text(&input, "ClientId", making->id);
    input_text(&input, "ClientName", making->name);
    settings_write(&input, client_settings, making->want);
    if (json_get(making->want, "EnableTokenRevocation") == NULL)
        input_literal(&input, "EnableTokenRevocation", "true");
    return making_call(making, SERVICE_USER_POOLS, "UpdateUserPoolClient", &input, NULL);
}

static bool read_client(struct making *making, const struct json **properties)
{
    struct input out;

    input_begin(&out);
    input_text(&out, "UserPoolId", text_of(making->have, "UserPoolId"));
    input_text(&out, "ClientName", text_of(making->have, "ClientName"));
    if (text_of(making->have, "ClientSecret").len > 0)
        input_literal(&out, "GenerateSecret", "true");
    settings_read(&out, client_settings, making->have);
    return reading_done(making, &out, properties);
}

static bool remove_client(struct making *making)
{
    const struct text_member one[] = {
        {"UserPoolId", text_of(making->have, "UserPoolId")}, {"ClientId", making->id}, {0}};

    return making_do(making, SERVICE_USER_POOLS, "DeleteUserPoolClient", one, NULL);
}

static const struct naming client_naming = {.property = "ClientName",
                                            .least = 1,
                                            .most = 128,
                                            .part = 57,
                                            .what = "client name",
                                            .more_text = "bytes",
                                            .shared = true};
static const char *const client_identifier[] = {"UserPoolId", "ClientId", NULL};
static const char *const client_attributes[] = {"ClientId", "ClientSecret", "Name", NULL};
const struct resource_type user_pool_client_type = {.name = "AWS::Cognito::UserPoolClient",
                                                    .properties = &client_properties,
                                                    .naming = &client_naming,
                                                    .attributes = client_attributes,
                                                    .find = find_client,
                                                    .compare = compare_client,
                                                    .create = create_client,
                                                    .update = update_client,
                                                    .read = read_client,
                                                    .identifier = client_identifier,
                                                    .listing = &clients,
                                                    .remove = remove_client};
