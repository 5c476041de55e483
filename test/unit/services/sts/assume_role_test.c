/* Assuming roles: who may, for how long, with what of their own and of the session's; and what the
 * credentials are worth then. */
#include "lib/unit.h"

#include <stdlib.h>
#include <string.h>

#include "auth/authenticator.h"
#include "auth/sigv4.h"
#include "base/base64.h"
#include "base/clock.h"
#include "directory/directory.h"
#include "iam/evaluate.h"
#include "services/lanes.h"
#include "services/sts/web_identity.h"
#include "unit/services/caller.h"

static const struct credentials root = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
static const struct service *const services[] = {&sts_service};

struct keys {
    struct slice id;
    struct slice secret;
    struct slice token;
};

struct bench {
    struct arena arena;
    struct server server;
    struct life_config config;
    struct caller caller;
    struct session_keys session_keys;
    struct keys keys; /* of who asks; id empty: nobody signs */
};

/* ---- the directory ---- */

static void change(struct bench *bench, enum entity_kind kind, const void *record)
{
    struct batch batch;

    batch_init(&batch, &bench->arena);
    assert_int_equal(entities_edit(bench->server.storage, &batch), STORAGE_OK);
    entity_put(&batch, kind, record);
    assert_int_equal(storage_commit_wait(bench->server.storage, &batch), STORAGE_OK);
    directory_changed(bench->server.directory);
}

static struct entity_tag blue[] = {{{"team", 4}, {"blue", 4}}};

/* `policy` NULL: none. */
static void put_user(struct bench *bench, const char *name, const char *policy)
{
    struct inline_policy one = {SLICE("own"), policy == NULL ? SLICE("") : slice_of(policy)};
    const struct user user = {.entity = {.name = slice_of(name),
                                         .path = SLICE("/"),
                                         .id = arena_printf(&bench->arena, "AIDA%s", name),
                                         .tags = {blue, 1}},
                              .grants = {.inlines = {&one, policy == NULL ? 0 : 1}}};
    const struct access_key key = {.entity = {.name = arena_printf(&bench->arena, "AKIA%s", name)},
                                   .user = slice_of(name),
                                   .secret = SLICE("secret")};

    change(bench, KIND_USER, &user);
    change(bench, KIND_ACCESS_KEY, &key);
}

static void put_role(struct bench *bench, const char *name, const char *trust, const char *policy)
{
    struct inline_policy one = {SLICE("own"), policy == NULL ? SLICE("") : slice_of(policy)};
    const struct role role = {.entity = {.name = slice_of(name),
                                         .path = SLICE("/"),
                                         .id = arena_printf(&bench->arena, "AROA%s", name),
                                         .tags = {blue, 1}},
                              .grants = {.inlines = {&one, policy == NULL ? 0 : 1}},
                              .trust_policy = slice_of(trust),
                              .max_session = 7200};

    change(bench, KIND_ROLE, &role);
}

#define STATEMENTS(text) "{\"Version\":\"2012-10-17\",\"Statement\":[" text "]}"
#define TRUSTS(actions, named, more)                                                                         \
    STATEMENTS("{\"Effect\":\"Allow\",\"Action\":" actions ",\"Principal\":" named more "}")
#define ALLOWS(action) STATEMENTS("{\"Effect\":\"Allow\",\"Action\":\"" action "\",\"Resource\":\"*\"}")
#define EVERY_ACTION   "[\"sts:AssumeRole\",\"sts:TagSession\",\"sts:SetSourceIdentity\"]"
#define ACCOUNT        "{\"AWS\":\"000000000000\"}"
#define ANA            "{\"AWS\":\"arn:aws:iam::000000000000:user/ana\"}"

static int begin(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));

    arena_init(&bench->arena);
    session_keys_derive(SLICE("what the storage keeps"), &bench->session_keys);
    bench->server.storage = storage_open_memory();
    bench->server.account_id = SLICE("000000000000");
    bench->server.region = SLICE("us-east-1");
    bench->server.directory = directory_create(bench->server.storage, bench->server.account_id);
    bench->server.session_keys = &bench->session_keys;
    bench->config = (struct life_config){
        .server = &bench->server,
        .services = services,
        .service_count = 1,
        .lanes = lanes_create(),
        .authenticator = authenticator_create(&(struct authenticator_settings){
            &root, bench->server.account_id, bench->server.directory, &bench->session_keys})};
    caller_init(&bench->caller, &bench->config);
    put_user(bench, "ana", NULL);
    put_user(bench, "bob", ALLOWS("sts:*"));
    *state = bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;

    caller_finish(&bench->caller);
    authenticator_destroy((struct authenticator *)bench->config.authenticator);
    lanes_destroy(bench->config.lanes);
    directory_destroy(bench->server.directory);
    storage_close(bench->server.storage);
    arena_finish(&bench->arena);
    free(bench);
    return 0;
}

/* ---- asking ---- */

static void as_user(struct bench *bench, const char *name)
{
    bench->keys = (struct keys){arena_printf(&bench->arena, "AKIA%s", name), SLICE("secret"), SLICE("")};
}

static void as_root(struct bench *bench)
{
    bench->keys = (struct keys){slice_of(root.access_key_id), slice_of(root.secret_access_key), SLICE("")};
}

/* Sends the form, signed, and gives the answer's text. */
static const char *ask(struct bench *bench, const char *form)
{
    struct http_exchange *exchange = &bench->caller.exchange;
    struct slice body = arena_printf(&bench->arena, "Version=2011-06-15&%s", form);

    caller_begin(&bench->caller, "POST", "application/x-www-form-urlencoded", NULL, body);
    caller_header(&bench->caller, "Host", "localhost");
    if (bench->keys.id.len > 0) {
        caller_header(&bench->caller, "X-Amz-Date", sigv4_time(clock_now() / 1000, &bench->arena).ptr);
        if (bench->keys.token.len > 0)
            caller_header(&bench->caller, "X-Amz-Security-Token", bench->keys.token.ptr);
        struct slice signed_by = sigv4_authorization(&exchange->request, bench->keys.id, bench->keys.secret,
                                                     SLICE("us-east-1"), SLICE("sts"), &bench->arena);
        caller_header(&bench->caller, "Authorization", arena_copy(&bench->arena, signed_by).ptr);
    }
    caller_run(&bench->caller);
    return arena_copy(&bench->arena, buffer_slice(&exchange->response.body)).ptr;
}

#define assert_has(text, part)                                                                               \
    do {                                                                                                     \
        if (strstr((text), (part)) == NULL)                                                                  \
            print_message("%s\n  has not: %s\n", (text), (part));                                            \
        assert_non_null(strstr((text), (part)));                                                             \
    } while (0)

static void expect(struct bench *bench, const char *form, const char *code, const char *message)
{
    const char *text = ask(bench, form);
    const char *expected =
        arena_printf(&bench->arena, "<Code>%s</Code><Message>%s</Message>", code, message).ptr;

    assert_has(text, expected);
}

/* What stands in an element of the answer. */
static struct slice element(struct bench *bench, const char *text, const char *name)
{
    struct slice tag = arena_printf(&bench->arena, "<%s>", name);
    const char *at = strstr(text, tag.ptr);

    assert_non_null(at);
    at += tag.len;
    return arena_copy(&bench->arena, (struct slice){at, (size_t)(strchr(at, '<') - at)});
}

/* Asks, and asks as the session that was given from then on. */
static const char *become(struct bench *bench, const char *form)
{
    const char *text = ask(bench, form);

    if (bench->caller.exchange.response.status != 200)
        print_message("%s\n", text);
    assert_int_equal(bench->caller.exchange.response.status, 200);
    bench->keys = (struct keys){element(bench, text, "AccessKeyId"), element(bench, text, "SecretAccessKey"),
                                element(bench, text, "SessionToken")};
    return text;
}

#define ROLE(name)   "RoleArn=arn:aws:iam::000000000000:role/" name
#define ASSUME(name) "Action=AssumeRole&RoleSessionName=me&" ROLE(name)
#define DENIED(who, action, role)                                                                            \
    "User: arn:aws:" who " is not authorized to perform: " action " on resource: arn:aws:iam::000000000000:" \
    "role/" role
#define USER(name) "iam::000000000000:user/" name

/* ---- tests ---- */

static void the_trust_policy_decides(void **state)
{
    struct bench *bench = *state;

    put_role(bench, "account", TRUSTS("\"sts:AssumeRole\"", ACCOUNT, ""), NULL);
    put_role(bench, "ana", TRUSTS("\"sts:AssumeRole\"", ANA, ""), NULL);
    /* Who is named needs no policy of their own; who is of the account named does. */
    as_user(bench, "ana");
    expect(bench, ASSUME("account"), "AccessDenied", DENIED(USER("ana"), "sts:AssumeRole", "account"));
    assert_int_equal(bench->caller.exchange.response.status, 403);
    const char *text = become(bench, ASSUME("ana"));
    assert_has(text, "<AssumedRoleUser><AssumedRoleId>AROAana:me</AssumedRoleId>"
                     "<Arn>arn:aws:sts::000000000000:assumed-role/ana/me</Arn></AssumedRoleUser>");
    assert_null(strstr(text, "PackedPolicySize"));
    assert_has(ask(bench, "Action=GetCallerIdentity"),
               "<GetCallerIdentityResult><Arn>arn:aws:sts::000000000000:assumed-role/ana/me</Arn>"
               "<UserId>AROAana:me</UserId><Account>000000000000</Account></GetCallerIdentityResult>");
    as_user(bench, "bob");
    expect(bench, ASSUME("ana"), "AccessDenied", DENIED(USER("bob"), "sts:AssumeRole", "ana"));
    expect(bench, ASSUME("nowhere"), "AccessDenied", DENIED(USER("bob"), "sts:AssumeRole", "nowhere"));
    (void)become(bench, ASSUME("account"));
}

static void a_deny_goes_before(void **state)
{
    struct bench *bench = *state;

    put_role(bench, "ana", TRUSTS("\"sts:AssumeRole\"", ANA, ""), NULL);
    put_user(bench, "ana",
             STATEMENTS("{\"Effect\":\"Deny\",\"Action\":\"sts:AssumeRole\",\"Resource\":\"*\"}"));
    as_user(bench, "ana");
    expect(bench, ASSUME("ana"), "AccessDenied", DENIED(USER("ana"), "sts:AssumeRole", "ana"));
}

static void conditions_see_the_request(void **state)
{
    struct bench *bench = *state;

    put_role(bench, "partner",
             TRUSTS("\"sts:AssumeRole\"", ANA,
                    ",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"42\",\"aws:username\":\"ana\","
                    "\"aws:PrincipalTag/team\":\"blue\",\"sts:RoleSessionName\":\"me\"}}"),
             NULL);
    as_user(bench, "ana");
    expect(bench, ASSUME("partner"), "AccessDenied", DENIED(USER("ana"), "sts:AssumeRole", "partner"));
    expect(bench, ASSUME("partner") "&ExternalId=43", "AccessDenied",
           DENIED(USER("ana"), "sts:AssumeRole", "partner"));
    (void)become(bench, ASSUME("partner") "&ExternalId=42");
    put_role(
        bench, "same-team",
        TRUSTS("\"sts:AssumeRole\"", ANA,
               ",\"Condition\":{\"StringEquals\":{\"aws:ResourceTag/team\":\"${aws:PrincipalTag/team}\"}}"),
        NULL);
    as_user(bench, "ana");
    (void)become(bench, ASSUME("same-team"));
}

static void roots_assume_no_roles(void **state)
{
    struct bench *bench = *state;

    put_role(bench, "account", TRUSTS("\"sts:AssumeRole\"", ACCOUNT, ""), NULL);
    as_root(bench);
    expect(bench, ASSUME("account"), "AccessDenied", "Roles may not be assumed by root accounts.");
    (void)become(bench, "Action=GetSessionToken");
    expect(bench, ASSUME("account"), "AccessDenied", "Roles may not be assumed by root accounts.");
}

static void sessions_are_as_long_as_the_role_allows(void **state)
{
    struct bench *bench = *state;

    put_role(bench, "one", TRUSTS("\"sts:AssumeRole\"", ACCOUNT, ""), ALLOWS("sts:*"));
    put_role(bench, "two", TRUSTS("\"sts:AssumeRole\"", ACCOUNT, ""), NULL);
    as_user(bench, "bob");
    (void)become(bench, ASSUME("one") "&DurationSeconds=7200");
    as_user(bench, "bob");
    expect(bench, ASSUME("one") "&DurationSeconds=7201", "ValidationError",
           "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    expect(bench, ASSUME("one") "&DurationSeconds=899", "ValidationError",
           "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: "
           "Member must have value greater than or equal to 900");
    (void)become(bench, ASSUME("one") "&DurationSeconds=900");
    expect(
        bench, ASSUME("two") "&DurationSeconds=3601", "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
    (void)become(bench, ASSUME("two") "&DurationSeconds=3600");
    expect(bench, ASSUME("one"), "AccessDenied",
           DENIED("sts::000000000000:assumed-role/two/me", "sts:AssumeRole", "one"));
}

static void inputs_are_checked(void **state)
{
    struct bench *bench = *state;

    put_role(bench, "one", TRUSTS("\"sts:AssumeRole\"", ACCOUNT, ""), NULL);
    as_user(bench, "bob");
    expect(
        bench, "Action=AssumeRole&RoleSessionName=a%20b&" ROLE("one"), "ValidationError",
        "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member "
        "must satisfy regular expression pattern: [\\w+=,.@-]*");
    expect(bench, "Action=AssumeRole&RoleSessionName=me&RoleArn=arn:aws:iam::000000000000", "ValidationError",
           "arn:aws:iam::000000000000 is invalid");
    expect(bench, "Action=AssumeRole&RoleSessionName=me&RoleArn=arn:aws:iam::000000000000:user/bob",
           "ValidationError", "Request ARN is invalid");
    expect(
        bench, "Action=AssumeRole&RoleSessionName=me&RoleArn=arn:aws:iam::111111111111:role/one",
        "AccessDenied",
        "User: arn:aws:iam::000000000000:user/bob is not authorized to perform: sts:AssumeRole on resource: "
        "arn:aws:iam::111111111111:role/one");
    assert_has(ask(bench, ASSUME("one") "&Policy=%7B%7D"), "<Code>MalformedPolicyDocument</Code>");
    expect(bench, ASSUME("one") "&SerialNumber=arn:aws:iam::000000000000:mfa/bob&TokenCode=123456",
           "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ");
    expect(bench, ASSUME("one") "&PolicyArns.member.1.arn=arn:aws:iam::aws:policy/Nope",
           "MalformedPolicyDocument",
           "Policy arn:aws:iam::aws:policy/Nope does not exist or is not attachable.");
}

/* Text of `length` bytes that does not deflate, but for its alphabet. */
static struct slice noise(struct arena *arena, size_t length)
{
    char *text = arena_alloc(arena, length + 1);
    unsigned state = 7;

    for (size_t i = 0; i < length; i++) {
        state = state * 1103515245 + 12345;
        text[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[(state >> 16) % 64];
    }
    text[length] = '\0';
    return (struct slice){text, length};
}

static void what_is_packed_is_bounded(void **state)
{
    struct bench *bench = *state;
    struct buffer form;

    put_role(bench, "one", TRUSTS(EVERY_ACTION, ACCOUNT, ""), NULL);
    as_user(bench, "bob");
    const char *text = become(bench, ASSUME("one") "&Tags.member.1.Key=a&Tags.member.1.Value=b");
    assert_in_range(strtol(element(bench, text, "PackedPolicySize").ptr, NULL, 10), 1, 10);
    as_user(bench, "bob");
    buffer_init(&form);
    buffer_append_string(&form, ASSUME("one"));
    struct slice values = noise(&bench->arena, 20 * 200);
    for (size_t i = 0; i < 20; i++)
        buffer_printf(&form, "&Tags.member.%zu.Key=k%zu&Tags.member.%zu.Value=%.200s", i + 1, i, i + 1,
                      values.ptr + i * 200);
    buffer_append_byte(&form, '\0');
    text = ask(bench, form.bytes);
    assert_has(text, "<Code>PackedPolicyTooLarge</Code><Message>Packed size of session tags consumes 1");
    assert_has(text, "% of allotted space.</Message>");
    buffer_finish(&form);
}

static struct slice token_tag(struct bench *bench, const char *key, bool *transitive)
{
    struct session session;

    assert_true(session_open(&bench->arena, &bench->session_keys, bench->keys.token, &session));
    for (size_t i = 0; i < session.tags.count; i++) {
        *transitive = session.tags.items[i].transitive;
        if (slice_is(session.tags.items[i].key, key))
            return session.tags.items[i].value;
    }
    return SLICE("none");
}

static void tags_are_passed_and_handed_on(void **state)
{
    struct bench *bench = *state;
    bool transitive;

    put_role(bench, "plain", TRUSTS("\"sts:AssumeRole\"", ACCOUNT, ""), NULL);
    put_role(bench, "one", TRUSTS(EVERY_ACTION, ACCOUNT, ""), ALLOWS("sts:*"));
    put_role(
        bench, "two",
        TRUSTS(EVERY_ACTION, ACCOUNT, ",\"Condition\":{\"StringEquals\":{\"aws:RequestTag/project\":\"x\"}}"),
        NULL);
    as_user(bench, "bob");
    const char *tags = "&Tags.member.1.Key=project&Tags.member.1.Value=x&Tags.member.2.Key=Team&"
                       "Tags.member.2.Value=red&TransitiveTagKeys.member.1=Project";
    expect(bench, arena_printf(&bench->arena, ASSUME("plain") "%s", tags).ptr, "AccessDenied",
           DENIED(USER("bob"), "sts:TagSession", "plain"));
    (void)become(bench, arena_printf(&bench->arena, ASSUME("one") "%s", tags).ptr);
    assert_true(slice_is(token_tag(bench, "project", &transitive), "x"));
    assert_true(transitive);
    assert_true(slice_is(token_tag(bench, "Team", &transitive), "red"));
    assert_false(transitive);
    expect(bench, ASSUME("two") "&Tags.member.1.Key=PROJECT&Tags.member.1.Value=y", "InvalidParameterValue",
           "One of the specified transitive tag keys can't be set because it conflicts with a transitive "
           "tag key from the calling session.");
    (void)become(bench, ASSUME("two"));
    assert_true(slice_is(token_tag(bench, "project", &transitive), "x"));
    assert_true(transitive);
    assert_true(slice_is(token_tag(bench, "Team", &transitive), "none"));
    as_user(bench, "bob");
    expect(bench, ASSUME("one") "&Tags.member.1.Key=a&Tags.member.1.Value=b&TransitiveTagKeys.member.1=c",
           "InvalidParameterValue",
           "The specified transitive tag key must be included in the requested tags.");
    expect(
        bench,
        ASSUME("one") "&Tags.member.1.Key=a&Tags.member.1.Value=b&Tags.member.2.Key=A&Tags.member.2.Value=c",
        "ValidationError", "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
}

static void a_source_identity_stays(void **state)
{
    struct bench *bench = *state;

    put_role(bench, "plain", TRUSTS("\"sts:AssumeRole\"", ACCOUNT, ""), NULL);
    put_role(bench, "one", TRUSTS(EVERY_ACTION, ACCOUNT, ""), ALLOWS("sts:*"));
    as_user(bench, "bob");
    expect(bench, ASSUME("plain") "&SourceIdentity=bob", "AccessDenied",
           DENIED(USER("bob"), "sts:SetSourceIdentity", "plain"));
    assert_has(become(bench, ASSUME("one") "&SourceIdentity=bob"), "<SourceIdentity>bob</SourceIdentity>");
    expect(bench, ASSUME("one") "&SourceIdentity=ana", "AccessDenied",
           DENIED("sts::000000000000:assumed-role/one/me", "sts:SetSourceIdentity", "one"));
    expect(bench, ASSUME("plain"), "AccessDenied",
           DENIED("sts::000000000000:assumed-role/one/me", "sts:SetSourceIdentity", "plain"));
    assert_has(become(bench, ASSUME("one")), "<SourceIdentity>bob</SourceIdentity>");
}

static void session_policies_limit_what_is_next(void **state)
{
    struct bench *bench = *state;

    put_role(bench, "one", TRUSTS("\"sts:AssumeRole\"", ACCOUNT, ""), ALLOWS("sts:*"));
    as_user(bench, "bob");
    (void)become(bench, ASSUME("one"));
    (void)become(bench,
                 ASSUME("one") "&Policy=%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22"
                               "Effect%22%3A%22Allow%22%2C%22Action%22%3A%22dynamodb%3A*%22%2C%22Resource"
                               "%22%3A%22*%22%7D%7D");
    expect(bench, ASSUME("one"), "AccessDenied",
           DENIED("sts::000000000000:assumed-role/one/me", "sts:AssumeRole", "one"));
}

static void tokens_of_users(void **state)
{
    struct bench *bench = *state;

    put_role(bench, "account", TRUSTS("\"sts:AssumeRole\"", ACCOUNT, ""), NULL);
    as_user(bench, "bob");
    (void)become(bench, "Action=GetSessionToken&DurationSeconds=129600");
    assert_has(ask(bench, "Action=GetCallerIdentity"),
               "<Arn>arn:aws:iam::000000000000:user/bob</Arn><UserId>AIDAbob</UserId>");
    expect(bench, "Action=GetSessionToken", "AccessDenied",
           "Cannot call GetSessionToken with session credentials");
    expect(bench, "Action=GetFederationToken&Name=carl", "AccessDenied",
           "Cannot call GetFederationToken with session credentials");
    (void)become(bench, ASSUME("account"));
}

static void federated_users(void **state)
{
    struct bench *bench = *state;

    put_role(bench, "account", TRUSTS("\"sts:AssumeRole\"", ACCOUNT, ""), NULL);
    as_user(bench, "ana");
    expect(bench, "Action=GetFederationToken&Name=carl", "AccessDenied",
           "User: arn:aws:iam::000000000000:user/ana is not authorized to perform: sts:GetFederationToken on "
           "resource: arn:aws:sts::000000000000:federated-user/carl because no identity-based policy allows "
           "the sts:GetFederationToken action");
    as_user(bench, "bob");
    const char *text = become(bench, "Action=GetFederationToken&Name=carl");
    assert_has(text, "<FederatedUser><FederatedUserId>000000000000:carl</FederatedUserId><Arn>"
                     "arn:aws:sts::000000000000:federated-user/carl</Arn></FederatedUser>");
    assert_has(ask(bench, "Action=GetCallerIdentity"),
               "<Arn>arn:aws:sts::000000000000:federated-user/carl</Arn><UserId>000000000000:carl</UserId>");
    expect(bench, ASSUME("account"), "AccessDenied",
           DENIED("sts::000000000000:federated-user/carl", "sts:AssumeRole", "account"));
}

static void roots_tokens_are_short(void **state)
{
    struct bench *bench = *state;

    as_root(bench);
    struct slice end =
        element(bench, ask(bench, "Action=GetSessionToken&DurationSeconds=129600"), "Expiration");
    /* No later than an hour from now; times of this form are in the order of their texts. */
    struct slice latest = sigv4_time(clock_now() / 1000 + 3600, &bench->arena);
    char digits[32];
    size_t length = 0;
    for (size_t i = 0; i < end.len; i++) {
        if (end.ptr[i] != '-' && end.ptr[i] != ':')
            digits[length++] = end.ptr[i];
    }
    assert_true(slice_compare((struct slice){digits, length}, latest) <= 0);
}

/* ---- web identities ---- */

static const char *jwt(struct bench *bench, const char *claims)
{
    struct buffer text;

    buffer_init(&text);
    base64url_encode(&text, SLICE("{\"alg\":\"RS256\"}"));
    buffer_append_byte(&text, '.');
    base64url_encode(&text, slice_of(claims));
    buffer_append_string(&text, ".c2lnbmVk");
    struct slice token = arena_copy(&bench->arena, buffer_slice(&text));
    buffer_finish(&text);
    return token.ptr;
}

/* An issuer that takes any token with its name. */
static enum token_verdict pool(struct request *request, struct slice token, struct slice issuer,
                               struct verified_token *out)
{
    static struct slice audiences[] = {{"pool-1", 6}}, ways[] = {{"authenticated", 13}};
    static struct session_context context[] = {
        {{"cognito-identity.amazonaws.com:aud", 34}, {audiences, 1}, false},
        {{"cognito-identity.amazonaws.com:amr", 34}, {ways, 1}, true}};

    (void)token;
    if (slice_is(issuer, "https://expired"))
        return fail(&request->failure, ERROR_EXPIRED_IDENTITY_TOKEN, "Token expired") ? TOKEN_TRUE
                                                                                      : TOKEN_FALSE;
    if (!slice_is(issuer, "https://cognito-identity.amazonaws.com"))
        return TOKEN_FOREIGN;
    *out = (struct verified_token){.identity = {SLICE("cognito-identity.amazonaws.com"), {context, 2}},
                                   .subject = SLICE("us-east-1:1"),
                                   .audience = SLICE("pool-1"),
                                   .issuer = SLICE("cognito-identity.amazonaws.com")};
    return TOKEN_TRUE;
}

static const token_issuer issuers[] = {pool, NULL};

static void who_has_a_token_needs_no_credentials(void **state)
{
    struct bench *bench = *state;
    const char *form = "Action=AssumeRoleWithWebIdentity&RoleSessionName=web&WebIdentityToken=%s&%s";
    const char *token = jwt(bench, "{\"iss\":\"https://cognito-identity.amazonaws.com\"}");

    bench->server.token_issuers = issuers;
    put_role(bench, "web",
             TRUSTS("\"sts:AssumeRoleWithWebIdentity\"", "{\"Federated\":\"cognito-identity.amazonaws.com\"}",
                    ",\"Condition\":{\"StringEquals\":{\"cognito-identity.amazonaws.com:aud\":\"pool-1\"},"
                    "\"ForAnyValue:StringLike\":{\"cognito-identity.amazonaws.com:amr\":\"authenticated\"}}"),
             NULL);
    put_role(bench, "other",
             TRUSTS("\"sts:AssumeRoleWithWebIdentity\"", "{\"Federated\":\"cognito-identity.amazonaws.com\"}",
                    ",\"Condition\":{\"StringEquals\":{\"cognito-identity.amazonaws.com:aud\":\"pool-2\"}}"),
             NULL);
    const char *text = become(bench, arena_printf(&bench->arena, form, token, ROLE("web")).ptr);
    assert_has(text, "<SubjectFromWebIdentityToken>us-east-1:1</SubjectFromWebIdentityToken><Audience>pool-1"
                     "</Audience>");
    assert_has(text, "<Provider>cognito-identity.amazonaws.com</Provider>");
    assert_has(ask(bench, "Action=GetCallerIdentity"),
               "<Arn>arn:aws:sts::000000000000:assumed-role/web/web</Arn><UserId>AROAweb:web</UserId>");
    bench->keys = (struct keys){0};
    expect(bench, arena_printf(&bench->arena, form, token, ROLE("other")).ptr, "AccessDenied",
           "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    expect(bench, arena_printf(&bench->arena, form, token, ROLE("nowhere")).ptr, "AccessDenied",
           "Not authorized to perform sts:AssumeRoleWithWebIdentity");
}

static void tokens_that_nobody_vouches_for(void **state)
{
    struct bench *bench = *state;
    const char *form =
        "Action=AssumeRoleWithWebIdentity&RoleSessionName=web&WebIdentityToken=%s&" ROLE("web");
    const struct oidc_provider provider = {
        .entity = {.name = SLICE("known.example.com/x"), .path = SLICE("/")}};

    change(bench, KIND_OIDC_PROVIDER, &provider);
    for (int with = 0; with < 2; with++) {
        bench->server.token_issuers = with == 1 ? issuers : NULL;
        expect(bench,
               arena_printf(&bench->arena, form, jwt(bench, "{\"iss\":\"https://a.example.com\"}")).ptr,
               "InvalidIdentityToken",
               "No OpenIDConnect provider found in your account for https://a.example.com");
        expect(bench,
               arena_printf(&bench->arena, form, jwt(bench, "{\"iss\":\"https://known.example.com/x\"}")).ptr,
               "InvalidIdentityToken",
               "Couldn't retrieve verification key from your identity provider,  please reference "
               "AssumeRoleWithWebIdentity documentation for requirements");
    }
    expect(bench, arena_printf(&bench->arena, form, jwt(bench, "{\"iss\":\"https://expired\"}")).ptr,
           "ExpiredTokenException", "Token expired");
    static const char *const none[] = {"none.", "a.b.c", "a.e30.c", "a.bnVsbA.c", "...."};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        expect(bench, arena_printf(&bench->arena, form, none[i]).ptr, "InvalidIdentityToken",
               "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access "
               "Token)");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(the_trust_policy_decides),
        TEST(a_deny_goes_before),
        TEST(conditions_see_the_request),
        TEST(roots_assume_no_roles),
        TEST(sessions_are_as_long_as_the_role_allows),
        TEST(inputs_are_checked),
        TEST(what_is_packed_is_bounded),
        TEST(tags_are_passed_and_handed_on),
        TEST(a_source_identity_stays),
        TEST(session_policies_limit_what_is_next),
        TEST(tokens_of_users),
        TEST(federated_users),
        TEST(roots_tokens_are_short),
        TEST(who_has_a_token_needs_no_credentials),
        TEST(tokens_that_nobody_vouches_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
