/* Who is let in as which identity: logins that are none, that are of others, and that were taken back; how
 * many guests are; and what is left of identities whose pool is deleted. The tokens are those of an issuer
 * that takes any. */
#include "lib/unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/token_bucket.h"
#include "directory/directory.h"
#include "services/cognito_identity/keeper.h"
#include "services/lanes.h"
#include "services/sts/web_identity.h"
#include "unit/services/caller.h"

#define REGION   "us-east-1"
#define PROVIDER "cognito-idp.us-east-1.amazonaws.com/us-east-1_A"
#define SECOND   "cognito-idp.us-east-1.amazonaws.com/us-east-1_B"

static const struct service *const services[] = {&cognito_identity_service};

struct bench {
    struct arena arena;
    struct server server;
    struct life_config config;
    struct caller caller;
    struct session_keys session_keys;
};

/* What the claims say, it says. */
static enum token_verdict believe(struct request *request, struct slice token, struct slice issuer,
                                  struct verified_token *out)
{
    static const char prefix[] = "https://cognito-idp.us-east-1.amazonaws.com/";
    struct slice rest = slice_skip(token, 2), claims_text;
    const struct json *claims;

    if (!slice_starts_with(issuer, slice_of(prefix)) &&
        !slice_is(issuer, "https://cognito-identity.amazonaws.com"))
        return TOKEN_FOREIGN;
    rest.len -= 2;
    assert_true(base64url_decode(request->arena, rest, &claims_text));
    assert_int_equal(json_parse(request->arena, claims_text, 16, &claims), JSON_OK);
    bool of_pool = slice_starts_with(issuer, slice_of(prefix));
    *out = (struct verified_token){
        .identity = {.provider = of_pool ? SLICE("a user pool") : SLICE("cognito-identity.amazonaws.com")},
        .subject = json_get(claims, "sub")->text,
        .audience = SLICE("app"),
        .issuer = issuer};
    return TOKEN_TRUE;
}

static const token_issuer issuers[] = {believe, NULL};

static int begin(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));

    arena_init(&bench->arena);
    session_keys_derive(SLICE("what the storage keeps"), &bench->session_keys);
    bench->server.storage = storage_open_memory();
    bench->server.account_id = SLICE("000000000000");
    bench->server.region = SLICE(REGION);
    bench->server.directory = directory_create(bench->server.storage, bench->server.account_id);
    bench->server.session_keys = &bench->session_keys;
    bench->server.token_issuers = issuers;
    bench->config = (struct life_config){
        .server = &bench->server, .services = services, .service_count = 1, .lanes = lanes_create()};
    caller_init(&bench->caller, &bench->config);
    *state = bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;

    caller_finish(&bench->caller);
    lanes_destroy(bench->config.lanes);
    directory_destroy(bench->server.directory);
    storage_close(bench->server.storage);
    arena_finish(&bench->arena);
    free(bench);
    return 0;
}

/* ---- asking ---- */

#define assert_has(text, part)                                                                               \
    do {                                                                                                     \
        if (strstr((text), (part)) == NULL)                                                                  \
            print_message("%s\n  has not: %s\n", (text), (part));                                            \
        assert_non_null(strstr((text), (part)));                                                             \
    } while (0)

static const char *ask(struct bench *bench, const char *operation, const char *body)
{
    struct slice target = arena_printf(&bench->arena, "AWSCognitoIdentityService.%s", operation);

    caller_call(&bench->caller, target.ptr, slice_of(body));
    return arena_copy(&bench->arena, buffer_slice(&bench->caller.exchange.response.body)).ptr;
}

static void expect(struct bench *bench, const char *operation, const char *body, const char *type,
                   const char *message)
{
    const char *text = ask(bench, operation, body);

    assert_has(text, arena_printf(&bench->arena, "\"%s\"", type).ptr);
    assert_has(text, message);
}

static const char *member(struct bench *bench, const char *text, const char *name)
{
    struct slice begin_of = arena_printf(&bench->arena, "\"%s\":\"", name);

    assert_has(text, begin_of.ptr);
    const char *at = strstr(text, begin_of.ptr) + begin_of.len;
    return arena_copy(&bench->arena, (struct slice){at, (size_t)(strchr(at, '"') - at)}).ptr;
}

static const char *text_of(struct bench *bench, const char *format, const char *a, const char *b)
{
    return arena_printf(&bench->arena, format, a, b).ptr;
}

static const char *make_pool(struct bench *bench, bool guests)
{
    const char *body = text_of(
        bench,
        "{\"IdentityPoolName\":\"music\",\"AllowUnauthenticatedIdentities\":%s,\"CognitoIdentityProviders\":["
        "{\"ProviderName\":\"" PROVIDER "\",\"ClientId\":\"app\"},"
        "{\"ProviderName\":\"" SECOND "\",\"ClientId\":\"app\"},"
        "{\"ProviderName\":\"cognito-identity.amazonaws.com\",\"ClientId\":\"app\"}]}%s",
        guests ? "true" : "false", "");

    return member(bench, ask(bench, "CreateIdentityPool", body), "IdentityPoolId");
}

static const char *token(struct bench *bench, const char *claims)
{
    struct buffer text;

    buffer_init(&text);
    buffer_append_string(&text, "h.");
    base64url_encode(&text, slice_of(claims));
    buffer_append_string(&text, ".s");
    struct slice kept = arena_copy(&bench->arena, buffer_slice(&text));
    buffer_finish(&text);
    return kept.ptr;
}

/* "PROVIDER":"token of the subject" */
static const char *login(struct bench *bench, const char *provider, const char *subject)
{
    const char *claims =
        text_of(bench, "{\"iss\":\"https://%s\",\"sub\":\"%s\",\"aud\":\"app\",\"token_use\":\"id\"}",
                provider, subject);

    return text_of(bench, "\"%s\":\"%s\"", provider, token(bench, claims));
}

static const char *get_id(struct bench *bench, const char *pool, const char *logins)
{
    return ask(bench, "GetId", text_of(bench, "{\"IdentityPoolId\":\"%s\",\"Logins\":{%s}}", pool, logins));
}

static const char *identity(struct bench *bench, const char *pool, const char *logins)
{
    return member(bench, get_id(bench, pool, logins), "IdentityId");
}

static const char *both(struct bench *bench, const char *one, const char *other)
{
    return text_of(bench, "%s,%s", one, other);
}

static void of_identity(struct bench *bench, const char *id, const char *logins, const char *type)
{
    expect(bench, "GetCredentialsForIdentity",
           text_of(bench, "{\"IdentityId\":\"%s\",\"Logins\":{%s}}", id, logins), type, "");
}

/* ---- tests ---- */

static void a_login_without_a_token_is_none(void **state)
{
    struct bench *bench = *state;
    const char *closed = make_pool(bench, false), *open = make_pool(bench, true);

    assert_has(get_id(bench, closed, "\"" PROVIDER "\":null"), "Unauthenticated access is not supported");
    assert_has(get_id(bench, closed, "\"other\":null"), "Unauthenticated access is not supported");
    const char *signed_in = identity(bench, open, login(bench, PROVIDER, "ana"));
    expect(bench, "GetCredentialsForIdentity",
           text_of(bench, "{\"IdentityId\":\"%s\",\"Logins\":{%s}}", signed_in, "\"" PROVIDER "\":null"),
           "NotAuthorizedException", "is forbidden");
}

static void each_user_has_an_identity(void **state)
{
    struct bench *bench = *state;
    const char *pool = make_pool(bench, true), *other_pool = make_pool(bench, true);
    const char *ana = login(bench, PROVIDER, "ana"), *bob = login(bench, PROVIDER, "bob");
    const char *of_ana = identity(bench, pool, ana), *of_bob = identity(bench, pool, bob);

    assert_string_not_equal(of_ana, of_bob);
    assert_string_equal(identity(bench, pool, ana), of_ana);
    assert_string_not_equal(identity(bench, other_pool, ana), of_ana);
    of_identity(bench, of_ana, ana, "InvalidIdentityPoolConfigurationException"); /* let in, but to no role */
    of_identity(bench, of_ana, bob, "NotAuthorizedException");
    of_identity(bench, of_ana, "", "NotAuthorizedException");
    /* A subject of one provider is not the other's. */
    assert_string_not_equal(identity(bench, pool, login(bench, SECOND, "ana")), of_ana);
}

static void logins_of_two_identities_are_not_joined(void **state)
{
    struct bench *bench = *state;
    const char *pool = make_pool(bench, true);
    const char *ana = login(bench, PROVIDER, "ana"), *bob = login(bench, SECOND, "bob");
    const char *of_ana = identity(bench, pool, ana), *of_bob = identity(bench, pool, bob);

    assert_has(get_id(bench, pool, both(bench, ana, bob)), "\"ResourceConflictException\"");
    assert_string_equal(identity(bench, pool, ana), of_ana);
    assert_string_equal(identity(bench, pool, bob), of_bob);
    of_identity(bench, of_bob, bob, "InvalidIdentityPoolConfigurationException");
    /* Whose login is new is linked, but not in the place of another of the same provider. */
    const char *carl = login(bench, SECOND, "carl");
    assert_string_equal(identity(bench, pool, both(bench, ana, carl)), of_ana);
    assert_string_equal(identity(bench, pool, carl), of_ana);
    const char *dora = login(bench, PROVIDER, "dora");
    assert_has(get_id(bench, pool, both(bench, dora, carl)), "\"ResourceConflictException\"");
    assert_string_not_equal(identity(bench, pool, dora), of_ana);
}

static void who_takes_back_the_last_login_is_nobody(void **state)
{
    struct bench *bench = *state;
    const char *pool = make_pool(bench, true);
    const char *ana = login(bench, PROVIDER, "ana"), *id = identity(bench, pool, ana);
    const char *list = "{\"IdentityPoolId\":\"%s\",\"MaxResults\":9,\"HideDisabled\":%s}";

    const char *unlink = text_of(
        bench, "{\"IdentityId\":\"%s\",\"Logins\":{%s},\"LoginsToRemove\":[\"" PROVIDER "\"]}", id, ana);
    (void)ask(bench, "UnlinkIdentity", unlink);
    assert_int_equal(bench->caller.exchange.response.status, 200);
    of_identity(bench, id, "", "NotAuthorizedException");
    of_identity(bench, id, ana, "NotAuthorizedException");
    assert_string_not_equal(identity(bench, pool, ana), id);
    assert_has(ask(bench, "ListIdentities", text_of(bench, list, pool, "false")), id);
    assert_null(strstr(ask(bench, "ListIdentities", text_of(bench, list, pool, "true")), id));
}

static void tokens_of_other_purposes_are_no_logins(void **state)
{
    struct bench *bench = *state;
    const char *pool = make_pool(bench, true);
    static const struct {
        const char *name;
        const char *claims;
        const char *message;
    } tries[] = {
        {PROVIDER, "\"iss\":\"https://" PROVIDER "\",\"aud\":\"app\",\"token_use\":\"access\"",
         "Missing a required claim: aud"},
        {PROVIDER, "\"iss\":\"https://" PROVIDER "\",\"client_id\":\"app\",\"token_use\":\"access\"",
         "Missing a required claim: aud"},
        {PROVIDER, "\"iss\":\"https://" PROVIDER "\",\"aud\":[\"app\"],\"token_use\":\"id\"",
         "Missing a required claim: aud"},
        {PROVIDER, "\"iss\":\"https://" PROVIDER "\",\"aud\":\"other\",\"token_use\":\"id\"",
         "Incorrect token audience"},
        {PROVIDER, "\"iss\":\"https://" SECOND "\",\"aud\":\"app\",\"token_use\":\"id\"",
         "Issuer doesn't match providerName"},
        {PROVIDER, "\"iss\":\"https://accounts.google.com/us-east-1_A\",\"aud\":\"app\",\"token_use\":\"id\"",
         "Issuer doesn't match providerName"},
        {"cognito-identity.amazonaws.com",
         "\"iss\":\"https://cognito-identity.amazonaws.com\",\"aud\":\"app\",\"token_use\":\"id\"",
         "Issuer doesn't match providerName"},
    };

    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        const char *claims = text_of(bench, "{\"sub\":\"ana\",%s}%s", tries[i].claims, "");
        const char *text =
            get_id(bench, pool, text_of(bench, "\"%s\":\"%s\"", tries[i].name, token(bench, claims)));
        assert_has(text, "\"NotAuthorizedException\"");
        assert_has(text, tries[i].message);
    }
}

static void guests_come_one_by_one(void **state)
{
    struct bench *bench = *state;
    const char *pool = make_pool(bench, true);

    bench->server.identity_keeper =
        identity_keeper_open(NULL, bench->server.storage, 2.0 / BURST_SECONDS); /* two, then one in minutes */
    (void)identity(bench, pool, "");
    (void)identity(bench, pool, "");
    const char *refused = get_id(bench, pool, "");
    assert_has(refused, "\"TooManyRequestsException\"");
    assert_has(refused, "Rate exceeded");
    (void)identity(bench, pool, login(bench, PROVIDER, "ana")); /* no guest */
    identity_keeper_close(bench->server.identity_keeper);
    bench->server.identity_keeper = NULL;
}

static size_t count_keys(struct bench *bench)
{
    struct cursor *cursor =
        cursor_create(bench->server.storage, NULL, SLICE("\0\0\0\0f"), SLICE("\0\0\0\0g"), FORWARD);
    struct slice key, value;
    size_t count = 0;

    while (cursor_next(cursor, &key, &value) == STORAGE_OK)
        count++;
    cursor_destroy(cursor);
    return count;
}

/* More identities than are erased in one commit. The other pool stays as it is. */
static void a_deleted_pool_leaves_nothing(void **state)
{
    enum { GUESTS = 450 };
    struct bench *bench = *state;
    const char *other = make_pool(bench, true),
               *of_other = identity(bench, other, login(bench, PROVIDER, "ana"));
    size_t kept = count_keys(bench);
    const char *pool = make_pool(bench, true), *ana = login(bench, PROVIDER, "ana");
    const char *of_ana = identity(bench, pool, ana);

    for (int i = 0; i < GUESTS; i++)
        (void)identity(bench, pool, "");
    (void)ask(bench, "DeleteIdentityPool", text_of(bench, "{\"IdentityPoolId\":\"%s\"}%s", pool, ""));
    assert_int_equal(bench->caller.exchange.response.status, 200);
    assert_true(count_keys(bench) > kept + 2 * GUESTS); /* nobody erased it yet, but it is gone */
    expect(bench, "DescribeIdentity", text_of(bench, "{\"IdentityId\":\"%s\"}%s", of_ana, ""),
           "ResourceNotFoundException", of_ana);
    of_identity(bench, of_ana, ana, "ResourceNotFoundException");

    bench->server.identity_keeper = identity_keeper_open(NULL, bench->server.storage, GUESTS);
    while (count_keys(bench) > kept)
        usleep(1000);
    (void)ask(bench, "DeleteIdentityPool", text_of(bench, "{\"IdentityPoolId\":\"%s\"}%s", other, ""));
    while (count_keys(bench) > 0)
        usleep(1000);
    of_identity(bench, of_other, ana, "ResourceNotFoundException");
    identity_keeper_close(bench->server.identity_keeper);
    bench->server.identity_keeper = NULL;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_login_without_a_token_is_none),         TEST(each_user_has_an_identity),
        TEST(logins_of_two_identities_are_not_joined), TEST(who_takes_back_the_last_login_is_nobody),
        TEST(tokens_of_other_purposes_are_no_logins),  TEST(guests_come_one_by_one),
        TEST(a_deleted_pool_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
