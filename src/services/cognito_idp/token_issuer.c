#include "services/cognito_idp/token_issuer.h"

#include "base/check.h"
#include "base/clock.h"
#include "services/cognito_idp/pool.h"
#include "services/sts/web_identity.h"
#include "signin/jwt.h"

static enum token_verdict refuse(struct request *request, enum jwt_problem problem)
{
    fail(&request->failure,
         problem == JWT_EXPIRED ? ERROR_EXPIRED_IDENTITY_TOKEN : ERROR_INVALID_IDENTITY_TOKEN,
         "The web identity token that was passed is not valid: %s", jwt_problem_text(problem));
    return TOKEN_FALSE;
}

/* Behind "https://cognito-idp.REGION.amazonaws.com/": a pool's id; empty if the issuer is another. */
static struct slice pool_of(struct request *request, struct slice issuer)
{
    const char *slash = issuer.len == 0 ? NULL : memrchr(issuer.ptr, '/', issuer.len);
    struct slice id = slash == NULL ? SLICE("") : slice_skip(issuer, (size_t)(slash - issuer.ptr) + 1);

    return id.len <= 55 && slice_equal(issuer, user_pool_issuer(request, id)) ? id : SLICE("");
}

static enum jwt_problem verify(struct request *request, const struct user_pool *pool, struct slice token,
                               struct slice issuer, const struct json **claims)
{
    struct jwt_key *key = jwt_key_decode(pool->id_key);
    const struct jwt_key *const keys[] = {key};
    const struct jwt_expectation expectation = {
        .keys = keys, .key_count = 1, .issuer = issuer, .now = clock_now() / 1000};

    CHECK(key != NULL);
    enum jwt_problem problem = jwt_verify(request->arena, token, &expectation, claims);
    jwt_key_destroy(key);
    return problem;
}

static struct session_context context(struct request *request, struct slice provider, const char *name,
                                      struct slice value)
{
    struct slice *values = arena_array(request->arena, struct slice, 1);

    values[0] = value;
    return (struct session_context){
        arena_printf(request->arena, "%.*s:%s", SLICE_ARGS(provider), name), {values, 1}, false};
}

/* As a provider of OpenID Connect that IAM knows: its ARN, and the keys of conditions, both of the issuer
 * without its "https://". */
static struct web_identity identity_of(struct request *request, const struct verified_token *token)
{
    struct slice provider = slice_skip(token->issuer, sizeof("https://") - 1);
    struct session_context *items = arena_array(request->arena, struct session_context, 2);

    items[0] = context(request, provider, "aud", token->audience);
    items[1] = context(request, provider, "sub", token->subject);
    return (struct web_identity){
        .provider = arena_printf(request->arena, "arn:aws:iam::%.*s:oidc-provider/%.*s",
                                 SLICE_ARGS(request->server->account_id), SLICE_ARGS(provider)),
        .context = {items, 2}};
}

enum token_verdict user_pools_issuer(struct request *request, struct slice token, struct slice issuer,
                                     struct verified_token *out)
{
    struct slice id = pool_of(request, issuer);
    const struct json *claims;
    struct user_pool pool;

    if (id.len == 0)
        return TOKEN_FOREIGN;
    if (!user_pool_find(request, id, &pool)) {
        if (request->failure.code != ERROR_IDP_RESOURCE_NOT_FOUND)
            return TOKEN_FALSE;
        failure_init(&request->failure, request->arena);
        return refuse(request, JWT_UNKNOWN_KEY);
    }
    enum jwt_problem problem = verify(request, &pool, token, issuer, &claims);
    if (problem != JWT_OK)
        return refuse(request, problem);
    *out = (struct verified_token){
        .subject = shape_text(claims, "sub"), .audience = shape_text(claims, "aud"), .issuer = issuer};
    out->identity = identity_of(request, out);
    return TOKEN_TRUE;
}
