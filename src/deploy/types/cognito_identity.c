/* AWS::Cognito::IdentityPool and AWS::Cognito::IdentityPoolRoleAttachment. AWS: CloudFormation template
 * reference. */
#include "deploy/types/cognito.h"
#include "deploy/types/reading.h"

/* ---- identity pools ---- */

static const struct property provider_members[] = {{"ClientId", &kind_text, REQUIRED},
                                                   {"ProviderName", &kind_text, REQUIRED},
                                                   {"ServerSideTokenCheck", &kind_boolean, OPTIONAL},
                                                   {0}};
static const struct kind_of_value provider = {.kind = STRUCTURE, .members = provider_members};
static const struct kind_of_value providers = {.kind = LIST, .element = &provider};
static const struct property pool_members[] = {{"AllowClassicFlow", &kind_boolean, OPTIONAL},
                                               {"AllowUnauthenticatedIdentities", &kind_boolean, REQUIRED},
                                               {"CognitoEvents", NULL, NOT_APPLIED},
                                               {"CognitoIdentityProviders", &providers, OPTIONAL},
                                               {"CognitoStreams", NULL, NOT_APPLIED},
                                               {"DeveloperProviderName", &kind_text, OPTIONAL},
                                               {"IdentityPoolName", &kind_text, OPTIONAL},
                                               {"IdentityPoolTags", &kind_tags, OPTIONAL},
                                               {"OpenIdConnectProviderARNs", &kind_texts, OPTIONAL},
                                               {"PushSync", NULL, NOT_APPLIED},
                                               {"SamlProviderARNs", &kind_texts, OPTIONAL},
                                               {"SupportedLoginProviders", &kind_text_map, OPTIONAL},
                                               {0}};
static const struct kind_of_value pool_properties = {.kind = STRUCTURE, .members = pool_members};
static const struct setting pool_settings[] = {
    {"AllowClassicFlow", NULL, "false"},       {"AllowUnauthenticatedIdentities", NULL, "false"},
    {"CognitoIdentityProviders", NULL, NULL},  {"DeveloperProviderName", NULL, NULL},
    {"OpenIdConnectProviderARNs", NULL, NULL}, {"SamlProviderARNs", NULL, NULL},
    {"SupportedLoginProviders", NULL, NULL},   {0}};

static void publish(struct making *making)
{
    making_identify(making, text_of(making->have, "IdentityPoolId"));
    making_publish(making, "Id", making->id);
    making_publish(making, "Name", text_of(making->have, "IdentityPoolName"));
}

static const struct pool_kind pool_kind = {.listing = {.service = SERVICE_IDENTITY_POOLS,
                                                       .operation = "ListIdentityPools",
                                                       .list = "IdentityPools",
                                                       .token = "NextToken",
                                                       .next = "NextToken",
                                                       .page_size = "\"MaxResults\":60",
                                                       .element = "IdentityPoolId"},
                                           .name = "IdentityPoolName",
                                           .describe = "DescribeIdentityPool",
                                           .id = "IdentityPoolId",
                                           .tags = "IdentityPoolTags"};

static bool find_pool(struct making *making)
{
    if (!pool_seek(making, &pool_kind))
        return false;
    if (making->have != NULL)
        publish(making);
    return true;
}

static bool send_pool(struct making *making, const char *operation, struct client_answer *answer)
{
    const struct json wanted = tags_as_map(making->arena, json_get(making->want, "IdentityPoolTags"));
    const struct json tags = pool_tags(making, &wanted);
    struct input input;

    input_begin(&input);
    input_text(&input, "IdentityPoolId", making->id);
    input_text(&input, "IdentityPoolName", making->name);
    settings_write(&input, pool_settings, making->want);
    input_value(&input, "IdentityPoolTags", &tags);
    return making_call(making, SERVICE_IDENTITY_POOLS, operation, &input, answer);
}

static bool create_pool(struct making *making)
{
    struct client_answer answer;

    if (!send_pool(making, "CreateIdentityPool", &answer))
        return false;
    making->have = answer.body;
    publish(making);
    return true;
}

static bool update_pool(struct making *making)
{
    struct client_answer answer;

    if (settings_differ(making, pool_settings, making->have) == NULL &&
        slice_equal(making->name, text_of(making->have, "IdentityPoolName")) &&
        pool_tags_same(making, json_get(making->want, "IdentityPoolTags"),
                       json_get(making->have, "IdentityPoolTags")))
        return true;
    if (!send_pool(making, "UpdateIdentityPool", &answer))
        return false;
    making->have = answer.body;
    publish(making);
    return true;
}

static const struct naming pool_naming = {.property = "IdentityPoolName",
                                          .least = 1,
                                          .most = 128,
                                          .part = 57,
                                          .what = "pool name",
                                          .more = "_ +=,.@-",
                                          .more_text =
                                              "of a-z, A-Z, 0-9, ' ', '_', '+', '=', ',', '.', '@' and '-'",
                                          .shared = true};
static bool read_pool(struct making *making, const struct json **properties)
{
    const struct json *tags = json_get(making->have, "IdentityPoolTags");
    const struct json list = tags_as_list(making->arena, tags);
    struct input out;

    input_begin(&out);
    input_text(&out, "IdentityPoolName", text_of(making->have, "IdentityPoolName"));
    input_value(&out, "AllowUnauthenticatedIdentities",
                json_get(making->have, "AllowUnauthenticatedIdentities"));
    settings_read(&out, pool_settings + 2, making->have);
    if (flag_of(making->have, "AllowClassicFlow"))
        input_literal(&out, "AllowClassicFlow", "true");
    reading_tags(making, &out, "IdentityPoolTags", &list);
    return reading_done(making, &out, properties);
}

static bool remove_pool(struct making *making)
{
    const struct text_member one[] = {{"IdentityPoolId", making->id}, {0}};

    return making_do(making, SERVICE_IDENTITY_POOLS, "DeleteIdentityPool", one, NULL);
}

static const char *const id_identifier[] = {"Id", NULL};
static const char *const pool_attributes[] = {"Name", "Id", NULL};
const struct resource_type identity_pool_type = {.name = "AWS::Cognito::IdentityPool",
                                                 .properties = &pool_properties,
                                                 .naming = &pool_naming,
                                                 .attributes = pool_attributes,
                                                 .find = find_pool,
                                                 .create = create_pool,
                                                 .update = update_pool,
                                                 .read = read_pool,
                                                 .identifier = id_identifier,
                                                 .listing = &pool_kind.listing,
                                                 .remove = remove_pool};

/* ---- the roles of an identity pool ---- */

static const struct property rule_members[] = {{"Claim", &kind_text, REQUIRED},
                                               {"MatchType", &kind_text, REQUIRED},
                                               {"RoleARN", &kind_text, REQUIRED},
                                               {"Value", &kind_text, REQUIRED},
                                               {0}};
static const struct kind_of_value rule = {.kind = STRUCTURE, .members = rule_members};
static const struct kind_of_value rules = {.kind = LIST, .element = &rule};
static const struct property configuration_members[] = {{"Rules", &rules, REQUIRED}, {0}};
static const struct kind_of_value configuration = {.kind = STRUCTURE, .members = configuration_members};
static const struct property mapping_members[] = {{"AmbiguousRoleResolution", &kind_text, OPTIONAL},
                                                  {"IdentityProvider", &kind_text, OPTIONAL},
                                                  {"RulesConfiguration", &configuration, OPTIONAL},
                                                  {"Type", &kind_text, REQUIRED},
                                                  {0}};
static const struct kind_of_value mapping = {.kind = STRUCTURE, .members = mapping_members};
static const struct kind_of_value mappings = {.kind = MAP, .element = &mapping};
static const struct property attachment_members[] = {{"IdentityPoolId", &kind_text, REQUIRED},
                                                     {"RoleMappings", &mappings, OPTIONAL},
                                                     {"Roles", &kind_text_map, OPTIONAL},
                                                     {0}};
static const struct kind_of_value attachment_properties = {.kind = STRUCTURE, .members = attachment_members};

static const struct json nothing = {.type = JSON_OBJECT};

static bool find_attachment(struct making *making)
{
    struct slice pool = text_of(making_place(making), "IdentityPoolId");
    struct client_answer answer;
    struct input input;

    if (pool.len == 0)
        return true;
    input_begin(&input);
    input_text(&input, "IdentityPoolId", pool);
    if (!making_ask(making, SERVICE_IDENTITY_POOLS, "GetIdentityPoolRoles", NOT_THERE, &input, &answer))
        return false;
    const struct json *roles = json_get(answer.body, "Roles"),
                      *mapped = json_get(answer.body, "RoleMappings");
    if ((roles != NULL && roles->type == JSON_OBJECT && roles->object.count > 0) || mapped != NULL)
        making->have = answer.body;
    if (making->have != NULL)
        making_identify_made(making);
    return true;
}

static bool compare_attachment(struct making *making)
{
    static const char *const fixed[] = {"IdentityPoolId", NULL};

    return making_fixed_all(making, fixed);
}

/* The API has a mapping under its provider; a template under any name, if it says the provider inside. */
static struct json mappings_by_provider(struct making *making)
{
    const struct json *want = json_get(making->want, "RoleMappings");
    size_t count = want == NULL ? 0 : want->object.count;
    struct json out = {.type = JSON_OBJECT,
                       .object = {arena_array(making->arena, struct json_member, count), count}};

    for (size_t i = 0; i < count; i++) {
        const struct json_member *given = &want->object.members[i];
        struct slice name = text_of(&given->value, "IdentityProvider");
        struct json value = {
            .type = JSON_OBJECT,
            .object = {arena_array(making->arena, struct json_member, given->value.object.count), 0}};
        for (size_t j = 0; j < given->value.object.count; j++) {
            if (!slice_is(given->value.object.members[j].name, "IdentityProvider"))
                value.object.members[value.object.count++] = given->value.object.members[j];
        }
        out.object.members[i] = (struct json_member){name.len > 0 ? name : given->name, value};
    }
    return out;
}

static bool set_roles(struct making *making, const struct json *roles, const struct json *mapped)
{
    struct input input;

    input_begin(&input);
    input_text(&input, "IdentityPoolId", text_of(making->want, "IdentityPoolId"));
    input_value(&input, "Roles", roles);
    if (mapped->object.count > 0)
        input_value(&input, "RoleMappings", mapped);
    return making_call(making, SERVICE_IDENTITY_POOLS, "SetIdentityPoolRoles", &input, NULL);
}

static bool apply_attachment(struct making *making)
{
    const struct json *roles = json_get(making->want, "Roles"), *had = json_get(making->have, "Roles"),
                      *had_mapped = json_get(making->have, "RoleMappings");
    const struct json mapped = mappings_by_provider(making);

    if (roles == NULL)
        roles = &nothing;
    if (making->have != NULL && json_same(roles, had == NULL ? &nothing : had) &&
        json_same(&mapped, had_mapped == NULL ? &nothing : had_mapped))
        return true;
    if (!set_roles(making, roles, &mapped))
        return false;
    making_identify_made(making);
    return true;
}

static bool remove_attachment(struct making *making)
{
    return set_roles(making, &nothing, &nothing);
}

static const char *const attachment_attributes[] = {"Id", NULL};
const struct resource_type role_attachment_type = {.name = "AWS::Cognito::IdentityPoolRoleAttachment",
                                                   .properties = &attachment_properties,
                                                   .attributes = attachment_attributes,
                                                   .early = early_made_id,
                                                   .find = find_attachment,
                                                   .compare = compare_attachment,
                                                   .create = apply_attachment,
                                                   .update = apply_attachment,
                                                   .remove = remove_attachment};
