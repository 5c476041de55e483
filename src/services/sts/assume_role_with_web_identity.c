/* AssumeRoleWithWebIdentity: who shows a token needs no credentials. AWS: API_AssumeRoleWithWebIdentity. */
#include "services/sts/web_identity.h"

#include "directory/entity.h"
#include "services/cognito_identity/subject.h"
#include "services/storage_failure.h"
#include "services/sts/handlers.h"
#include "services/sts/input.h"

static const struct shape token_shape = {.kind = SHAPE_STRING, .min = 4, .max = 20000};
static const struct shape url = {.kind = SHAPE_STRING, .min = 4, .max = 2048};
static const struct shape policy = {.kind = SHAPE_STRING, .min = 1, .max = 2048, .in_characters = true};
static const struct shape_entry members[] = {{"RoleArn", &sts_arn, true},
                                             {"RoleSessionName", &sts_session_name, true},
                                             {"WebIdentityToken", &token_shape, true},
                                             {"ProviderId", &url, false},
                                             {"PolicyArns", &sts_policy_arns, false},
                                             {"Policy", &policy, false},
                                             {"DurationSeconds", &sts_role_duration, false},
                                             {"MinimumSessionTokenSize", &sts_token_size, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* The account's provider of that issuer, by its URL without "https://". */
static enum storage_status find_provider(struct request *request, struct slice issuer,
                                         struct oidc_provider *out)
{
    struct slice https = SLICE("https://"), name = issuer;

    if (slice_starts_with(name, https))
        name = slice_skip(name, https.len);
    return entity_find(request->server->storage, NULL, KIND_OIDC_PROVIDER, name, request->arena, out);
}

static bool refuse_unknown(struct request *request, struct slice issuer, enum storage_status status)
{
    return status == STORAGE_NOT_FOUND
               ? fail(&request->failure, ERROR_INVALID_IDENTITY_TOKEN,
                      "No OpenIDConnect provider found in your account for %.*s", SLICE_ARGS(issuer))
               : storage_failure(&request->failure, status);
}

/* Why a token is not taken that none of the server's own issuers has signed. */
static bool refuse_foreign(struct request *request, struct slice issuer)
{
    struct oidc_provider provider;
    enum storage_status status = find_provider(request, issuer, &provider);

    if (status != STORAGE_OK)
        return refuse_unknown(request, issuer, status);
    return fail(&request->failure, ERROR_INVALID_IDENTITY_TOKEN,
                "Couldn't retrieve verification key from your identity provider,  please reference "
                "AssumeRoleWithWebIdentity documentation for requirements");
}

/* Identity pools are known everywhere; any other issuer must be a provider of the account, and the token be
 * for one of the applications that it has. AWS: "Create an OpenID Connect (OIDC) identity provider in IAM".
 */
static bool check_provider(struct request *request, const struct verified_token *token)
{
    struct oidc_provider provider;

    if (slice_is(token->identity.provider, SUBJECT_PROVIDER))
        return true;
    enum storage_status status = find_provider(request, token->issuer, &provider);
    if (status != STORAGE_OK)
        return refuse_unknown(request, token->issuer, status);
    return texts_find(&provider.client_ids, token->audience) < provider.client_ids.count ||
           fail(&request->failure, ERROR_INVALID_IDENTITY_TOKEN, "Incorrect token audience");
}

static bool verify(struct request *request, struct slice token, struct verified_token *out)
{
    struct slice issuer;

    switch (web_identity_verify(request, token, &issuer, out)) {
    case TOKEN_TRUE:
        return check_provider(request, out);
    case TOKEN_FALSE:
        return false;
    case TOKEN_FOREIGN:
        break;
    }
    if (issuer.len > 0)
        return refuse_foreign(request, issuer);
    return fail(&request->failure, ERROR_INVALID_IDENTITY_TOKEN,
                "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access "
                "Token)");
}

static void answer(struct request *request, const struct assumption *assumption,
                   const struct assumed *assumed, const struct verified_token *token)
{
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "SubjectFromWebIdentityToken", token->subject);
    json_write_string_member(out, &first, "Audience", token->audience);
    assumed_write(request, &first, assumption, assumed);
    json_write_string_member(out, &first, "Provider", token->issuer);
    buffer_append_byte(out, '}');
}

bool assume_role_with_web_identity(struct request *request)
{
    struct assumption assumption = {.action = "sts:AssumeRoleWithWebIdentity"};
    struct verified_token token = {0};
    struct assumed assumed;

    if (!query_input_accepts(request, &input) || !input_read_policies(request, &assumption.session) ||
        !verify(request, shape_text(request->body, "WebIdentityToken"), &token))
        return false;
    assumption.identity = &token.identity;
    assumption.role_arn = shape_text(request->body, "RoleArn");
    assumption.duration = shape_number(request->body, "DurationSeconds", ROLE_DURATION);
    assumption.session.name = shape_text(request->body, "RoleSessionName");
    assumption.session.tags = token.tags;
    assumption.session.source_identity = token.source_identity;
    if (!assume(request, &assumption, &assumed))
        return false;
    answer(request, &assumption, &assumed, &token);
    return true;
}
