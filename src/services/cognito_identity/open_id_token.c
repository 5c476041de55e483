/*
 * GetOpenIdToken: the basic flow, in which the client takes an identity's token to STS itself. AWS: API
 * reference of Cognito federated identities; "Basic (classic) authflow".
 *
 * One key pair of the server signs them all. It is made when the first token is asked for.
 */
#include "services/cognito_identity/open_id_token.h"

#include "base/clock.h"
#include "services/accepts.h"
#include "services/cognito_identity/handlers.h"
#include "services/cognito_identity/input.h"
#include "services/cognito_identity/subject.h"
#include "services/storage_failure.h"
#include "signin/jwt.h"

#define ISSUER "https://" SUBJECT_PROVIDER

enum { TOKEN_SECONDS = 600 };

static const struct shape_entry members[] = {
    {"IdentityId", &identity_id, true}, {"Logins", &identity_logins, false}, {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* ---- the key ---- */

/* *key NULL: there is none yet, and `version` says so. */
static bool read_key(struct request *request, struct jwt_key **key, struct version *version)
{
    struct stored stored;
    enum storage_status status = storage_get(request->server->storage, NULL, signing_key_key(), &stored);

    *version = stored.version;
    *key = status == STORAGE_OK ? jwt_key_decode(stored.value) : NULL;
    if (status == STORAGE_OK && *key == NULL)
        status = STORAGE_CORRUPT;
    stored_release(&stored);
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

static bool obtain_key(struct request *request, struct jwt_key **key)
{
    struct version version;

    if (!read_key(request, key, &version))
        return false;
    if (*key != NULL)
        return true;
    *key = jwt_key_create();
    batch_guard(&request->batch, signing_key_key(), version);
    batch_put(&request->batch, signing_key_key(), jwt_key_encode(*key, request->arena));
    return true;
}

/* ---- GetOpenIdToken ---- */

static struct slice claims_of(struct request *request, const struct identity_record *identity,
                              const struct logins *logins)
{
    struct texts methods = subject_methods(request, logins);
    int64_t now = clock_now() / 1000;
    struct buffer text;
    bool first = true;

    buffer_init(&text);
    buffer_append_byte(&text, '{');
    json_write_string_member(&text, &first, "sub", identity->id);
    json_write_string_member(&text, &first, "aud", identity->pool);
    json_write_name(&text, &first, "amr");
    for (size_t i = 0; i < methods.count; i++) {
        buffer_append_byte(&text, i == 0 ? '[' : ',');
        json_write_string(&text, methods.items[i]);
    }
    buffer_append_byte(&text, ']');
    json_write_string_member(&text, &first, "iss", SLICE(ISSUER));
    json_write_int64_member(&text, &first, "exp", now + TOKEN_SECONDS);
    json_write_int64_member(&text, &first, "iat", now);
    buffer_append_byte(&text, '}');
    struct slice kept = arena_copy(request->arena, buffer_slice(&text));
    buffer_finish(&text);
    return kept;
}

bool get_open_id_token(struct request *request)
{
    struct identity_record identity;
    struct identity_pool pool;
    struct logins logins;
    struct jwt_key *key;
    bool first = true;

    if (!accepts(request, &input) || !subject_read(request, &identity, &pool, &logins))
        return false;
    /* "If you use the basic flow, it must be enabled." */
    if (!pool.classic)
        return fail(&request->failure, ERROR_INVALID_PARAMETER,
                    "Basic (classic) flow is not enabled, please use enhanced flow.");
    if (!obtain_key(request, &key))
        return false;
    struct slice token = jwt_sign(key, request->arena, claims_of(request, &identity, &logins));
    jwt_key_destroy(key);
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "IdentityId", identity.id);
    json_write_string_member(request->out, &first, "Token", token);
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- as an issuer ---- */

static struct texts read_methods(struct request *request, const struct json *claims)
{
    const struct json *list = json_get(claims, "amr");
    struct texts methods = {0};

    for (size_t i = 0; list != NULL && list->type == JSON_ARRAY && i < list->array.count; i++) {
        if (list->array.items[i].type == JSON_STRING)
            texts_add(request->arena, &methods, list->array.items[i].text);
    }
    return methods;
}

enum token_verdict identity_pools_issuer(struct request *request, struct slice token, struct slice issuer,
                                         struct verified_token *out)
{
    const struct json *claims;
    struct version version;
    struct jwt_key *key;

    if (!slice_is(issuer, ISSUER))
        return TOKEN_FOREIGN;
    if (!read_key(request, &key, &version))
        return TOKEN_FALSE;
    const struct jwt_key *const keys[] = {key};
    const struct jwt_expectation expectation = {
        .keys = keys, .key_count = key != NULL, .issuer = SLICE(ISSUER), .now = clock_now() / 1000};
    enum jwt_problem problem = jwt_verify(request->arena, token, &expectation, &claims);
    jwt_key_destroy(key);
    if (problem != JWT_OK) {
        fail(&request->failure,
             problem == JWT_EXPIRED ? ERROR_EXPIRED_IDENTITY_TOKEN : ERROR_INVALID_IDENTITY_TOKEN,
             "The web identity token that was passed is not valid: %s", jwt_problem_text(problem));
        return TOKEN_FALSE;
    }
    *out = (struct verified_token){.subject = claim_text(claims, "sub"),
                                   .audience = claim_text(claims, "aud"),
                                   .issuer = SLICE(SUBJECT_PROVIDER)};
    out->identity = (struct web_identity){
        .provider = SLICE(SUBJECT_PROVIDER),
        .context = subject_context_of(request, out->audience, out->subject, read_methods(request, claims))};
    return TOKEN_TRUE;
}
