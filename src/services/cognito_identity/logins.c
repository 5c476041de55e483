#include "services/cognito_identity/logins.h"

#include "services/cognito_identity/subject.h"

struct slice claim_text(const struct json *claims, const char *name)
{
    const struct json *claim = json_get(claims, name);

    return claim != NULL && claim->type == JSON_STRING ? claim->text : (struct slice){NULL, 0};
}

/* What stands behind the last '/': a user pool's id, in its provider's name as in its tokens' issuer. */
static struct slice last_part(struct slice text)
{
    size_t begin = text.len;

    while (begin > 0 && text.ptr[begin - 1] != '/')
        begin--;
    return slice_skip(text, begin);
}

static bool refuse(struct request *request, const char *why)
{
    failure_init(&request->failure, request->arena); /* of the issuer, which speaks of STS */
    return fail(&request->failure, ERROR_NOT_AUTHORIZED, "Invalid login token. %s", why);
}

/* A token is of one client of the user pool; a pool may take several. */
static const struct pool_provider *find_provider(const struct identity_pool *pool, struct slice name,
                                                 struct slice client_id, bool *known)
{
    for (size_t i = 0; i < pool->providers.count; i++) {
        const struct pool_provider *provider = &pool->providers.items[i];
        if (!slice_equal(provider->name, name))
            continue;
        *known = true;
        if (client_id.ptr != NULL && slice_equal(provider->client_id, client_id))
            return provider;
    }
    return NULL;
}

/* An identity pool's own tokens are for STS. */
static bool is_of_user_pool(const struct verified_token *token)
{
    return !slice_is(token->identity.provider, SUBJECT_PROVIDER);
}

/* A user pool's access tokens say what an application may do, not who it is used by. */
static bool is_identity_token(const struct verified_token *token)
{
    return slice_is(claim_text(token->claims, "token_use"), "id");
}

static bool read_login(struct request *request, const struct identity_pool *pool,
                       const struct json_member *shown, struct login *out)
{
    struct slice issuer;
    bool known = false;

    (void)find_provider(pool, shown->name, (struct slice){NULL, 0}, &known);
    if (!known)
        return fail(&request->failure, ERROR_NOT_AUTHORIZED,
                    "Token is not from a supported provider of this identity pool.");
    *out = (struct login){0};
    switch (web_identity_verify(request, shown->value.text, &issuer, &out->token)) {
    case TOKEN_TRUE:
        break;
    case TOKEN_FALSE:
        return refuse(request, request->failure.code == ERROR_EXPIRED_IDENTITY_TOKEN
                                   ? "Token expired"
                                   : "Not a valid OpenId Connect identity token.");
    case TOKEN_FOREIGN:
        return refuse(request, issuer.len == 0 ? "Not a valid OpenId Connect identity token."
                                               : "Issuer doesn't match providerName");
    }
    if (!is_of_user_pool(&out->token) || !slice_equal(last_part(issuer), last_part(shown->name)))
        return refuse(request, "Issuer doesn't match providerName");
    struct slice audience = claim_text(out->token.claims, "aud");
    if (audience.len == 0 || !is_identity_token(&out->token))
        return refuse(request, "Missing a required claim: aud");
    out->provider = find_provider(pool, shown->name, audience, &known);
    if (out->provider == NULL)
        return refuse(request, "Incorrect token audience");
    out->link = (struct pair){shown->name, out->token.subject};
    return true;
}

bool logins_shown(const struct request *request)
{
    const struct json *shown = shape_member(request->body, "Logins");

    for (size_t i = 0; shown != NULL && i < shown->object.count; i++) {
        if (shown->object.members[i].value.type == JSON_STRING)
            return true;
    }
    return false;
}

bool logins_read(struct request *request, const struct identity_pool *pool, struct logins *out)
{
    const struct json *shown = shape_member(request->body, "Logins");

    *out = (struct logins){0};
    if (!logins_shown(request))
        return pool->unauthenticated ||
               fail(&request->failure, ERROR_NOT_AUTHORIZED,
                    "Unauthenticated access is not supported for this identity pool.");
    out->items = arena_array(request->arena, struct login, shown->object.count);
    for (size_t i = 0; i < shown->object.count; i++) {
        if (shown->object.members[i].value.type != JSON_STRING)
            continue;
        if (!read_login(request, pool, &shown->object.members[i], &out->items[out->count++]))
            return false;
    }
    return true;
}

bool logins_lead_to(struct request *request, const struct logins *logins,
                    const struct identity_record *identity)
{
    bool match = logins->count > 0 || identity->logins.count == 0;

    for (size_t i = 0; match && i < logins->count; i++) {
        const struct pair *link = &logins->items[i].link;
        struct slice subject = pairs_get(&identity->logins, link->key);
        match = subject.ptr != NULL && slice_equal(subject, link->value);
    }
    return match || fail(&request->failure, ERROR_NOT_AUTHORIZED,
                         "Logins don't match. Please include at least one valid login for this identity or "
                         "identity pool.");
}
