#include "services/cognito_identity/role_choice.h"

static const struct role_mapping *find_mapping(struct request *request, const struct identity_pool *pool,
                                               const struct login *login)
{
    struct slice name = arena_printf(request->arena, "%.*s:%.*s", SLICE_ARGS(login->link.key),
                                     SLICE_ARGS(login->provider->client_id));

    for (size_t i = 0; i < pool->mappings.count; i++) {
        struct slice provider = pool->mappings.items[i].provider;
        if (slice_equal(provider, name) || slice_equal(provider, login->link.key))
            return &pool->mappings.items[i];
    }
    return NULL;
}

static bool token_allows(const struct json *roles, struct slice wanted)
{
    for (size_t i = 0; roles != NULL && roles->type == JSON_ARRAY && i < roles->array.count; i++) {
        if (roles->array.items[i].type == JSON_STRING && slice_equal(roles->array.items[i].text, wanted))
            return true;
    }
    return false;
}

/* The token's preferred role, or its only one; an empty slice if it says neither. */
static struct slice role_of_token(const struct json *claims)
{
    const struct json *roles = json_get(claims, "cognito:roles");
    struct slice preferred = claim_text(claims, "cognito:preferred_role");

    if (preferred.len > 0)
        return preferred;
    if (roles != NULL && roles->type == JSON_ARRAY && roles->array.count == 1 &&
        roles->array.items[0].type == JSON_STRING)
        return roles->array.items[0].text;
    return (struct slice){NULL, 0};
}

static bool text_matches(const struct mapping_rule *rule, struct slice text)
{
    if (slice_is(rule->match, "Equals"))
        return slice_equal(text, rule->value);
    if (slice_is(rule->match, "NotEqual"))
        return !slice_equal(text, rule->value);
    if (slice_is(rule->match, "StartsWith"))
        return slice_starts_with(text, rule->value);
    return text.len >= rule->value.len &&
           memmem(text.ptr, text.len, rule->value.ptr, rule->value.len) != NULL;
}

/* A claim that is a list, as cognito:groups, matches with one of its members. */
static bool rule_matches(const struct mapping_rule *rule, const struct json *claims)
{
    const struct json *claim = json_get_slice(claims, rule->claim);

    if (claim == NULL)
        return false;
    if (claim->type == JSON_STRING || claim->type == JSON_NUMBER)
        return text_matches(rule, claim->text);
    for (size_t i = 0; claim->type == JSON_ARRAY && i < claim->array.count; i++) {
        if (claim->array.items[i].type == JSON_STRING && text_matches(rule, claim->array.items[i].text))
            return true;
    }
    return false;
}

static struct slice role_of_rules(const struct mapping_rules *rules, const struct json *claims)
{
    for (size_t i = 0; i < rules->count; i++) {
        if (rule_matches(&rules->items[i], claims))
            return rules->items[i].role_arn;
    }
    return (struct slice){NULL, 0};
}

static bool take_default(struct request *request, struct slice role, struct slice *role_arn)
{
    *role_arn = role;
    return role.len > 0 ||
           fail(&request->failure, ERROR_INVALID_IDENTITY_POOL_CONFIGURATION, ROLE_CHOICE_NO_ROLE);
}

bool role_choose(struct request *request, const struct identity_pool *pool, const struct logins *logins,
                 struct slice wanted, struct slice *role_arn)
{
    if (logins->count == 0)
        return take_default(request, pool->unauthenticated_role, role_arn);
    const struct json *claims = logins->items[0].token.claims;
    const struct role_mapping *mapping = find_mapping(request, pool, &logins->items[0]);
    if (wanted.len > 0) {
        *role_arn = wanted;
        return (mapping != NULL && slice_is(mapping->type, "Token") &&
                token_allows(json_get(claims, "cognito:roles"), wanted)) ||
               fail(&request->failure, ERROR_NOT_AUTHORIZED,
                    "The requested role is not among the roles in the token.");
    }
    if (mapping == NULL)
        return take_default(request, pool->authenticated_role, role_arn);
    *role_arn =
        slice_is(mapping->type, "Token") ? role_of_token(claims) : role_of_rules(&mapping->rules, claims);
    if (role_arn->len > 0)
        return true;
    return slice_is(mapping->ambiguous, "Deny") ? fail(&request->failure, ERROR_NOT_AUTHORIZED,
                                                       "The role mapping of the identity pool gives no role.")
                                                : take_default(request, pool->authenticated_role, role_arn);
}
