/* Users and sessions: are their requests taken as theirs for as long as they may be, and no longer? */
#include "lib/unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "auth/authenticator.h"
#include "auth/holder.h"
#include "auth/sigv4.h"
#include "base/clock.h"
#include "directory/directory.h"
#include "iam/evaluate.h"

enum { NOW = 1440938160, HOUR = 3600 };

#define READ_ALL                                                                                             \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"dynamodb:Get*\","          \
    "\"Resource\":\"*\"}}"
#define READ_ONE                                                                                             \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"dynamodb:GetItem\","       \
    "\"Resource\":\"*\"}}"
#define TRUST                                                                                                \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\","         \
    "\"Principal\":{\"AWS\":\"000000000000\"}}}"

static const struct credentials root = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};

struct bench {
    struct arena arena;
    struct storage *storage;
    struct directory *directory;
    struct session_keys keys;
    struct authenticator *authenticator;
    struct failure failure;
    struct principal principal;
    struct http_header headers[8];
    struct http_request request;
    const char *service;
};

/* ---- the directory ---- */

static void change(struct bench *bench, enum entity_kind kind, const void *record, struct slice deleted)
{
    struct batch batch;

    batch_init(&batch, &bench->arena);
    assert_int_equal(entities_edit(bench->storage, &batch), STORAGE_OK);
    if (record != NULL)
        entity_put(&batch, kind, record);
    else
        entity_delete(&batch, kind, deleted);
    assert_int_equal(storage_commit_wait(bench->storage, &batch), STORAGE_OK);
    directory_changed(bench->directory);
}

static void put(struct bench *bench, enum entity_kind kind, const void *record)
{
    change(bench, kind, record, SLICE(""));
}

static void erase(struct bench *bench, enum entity_kind kind, struct slice name)
{
    change(bench, kind, NULL, name);
}

static struct entity_tag own_tags[] = {{{"Department", 10}, {"marketing", 9}}, {{"floor", 5}, {"2", 1}}};
static struct inline_policy inlines[] = {{{"read", 4}, SLICE(READ_ALL)}};

static void put_user(struct bench *bench)
{
    const struct user user = {.entity = {.name = SLICE("ana"),
                                         .path = SLICE("/people/"),
                                         .id = SLICE("AIDAEXAMPLE"),
                                         .tags = {own_tags, 2}},
                              .grants = {.inlines = {inlines, 1}}};

    put(bench, KIND_USER, &user);
}

static void put_key(struct bench *bench, bool inactive)
{
    const struct access_key key = {.entity = {.name = SLICE("AKIAEXAMPLEOFANA")},
                                   .user = SLICE("ana"),
                                   .secret = SLICE("the secret of ana"),
                                   .inactive = inactive};

    put(bench, KIND_ACCESS_KEY, &key);
}

static void put_role(struct bench *bench, const char *id, const char *policy)
{
    struct inline_policy one = {SLICE("read"), slice_of(policy)};
    const struct role role = {.entity = {.name = SLICE("reader"),
                                         .path = SLICE("/service/"),
                                         .id = slice_of(id),
                                         .tags = {own_tags, 2}},
                              .grants = {.inlines = {&one, 1}},
                              .trust_policy = SLICE(TRUST),
                              .max_session = HOUR};

    put(bench, KIND_ROLE, &role);
}

static void put_policy(struct bench *bench, const char *document)
{
    struct policy_version version = {.number = 1, .document = slice_of(document)};
    const struct managed_policy policy = {.entity = {.name = SLICE("limit"), .path = SLICE("/")},
                                          .default_version = 1,
                                          .newest_version = 1,
                                          .versions = {&version, 1}};

    put(bench, KIND_POLICY, &policy);
}

static int begin(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));

    arena_init(&bench->arena);
    bench->service = "dynamodb";
    bench->storage = storage_open_memory();
    bench->directory = directory_create(bench->storage, SLICE("000000000000"));
    session_keys_derive(SLICE("what the storage keeps"), &bench->keys);
    bench->authenticator = authenticator_create(
        &(struct authenticator_settings){&root, SLICE("000000000000"), bench->directory, &bench->keys});
    put_user(bench);
    put_key(bench, false);
    put_role(bench, "AROAEXAMPLE", READ_ALL);
    *state = bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;

    principal_release(&bench->principal);
    authenticator_destroy(bench->authenticator);
    directory_destroy(bench->directory);
    storage_close(bench->storage);
    arena_finish(&bench->arena);
    free(bench);
    return 0;
}

/* ---- requests ---- */

static void sign(struct bench *bench, struct slice key_id, struct slice secret, struct slice token)
{
    static const struct http_header headers[] = {
        {{"host", 4}, {"localhost:8000", 14}},
        {{"x-amz-date", 10}, {"20150830T123600Z", 16}},
        {{"x-amz-target", 12}, {"DynamoDB_20120810.GetItem", 25}},
    };
    struct http_request *request = &bench->request;

    memcpy(bench->headers, headers, sizeof(headers));
    *request = (struct http_request){.method = SLICE("POST"),
                                     .path = SLICE("/"),
                                     .body = SLICE("{}"),
                                     .sent_body = SLICE("{}"),
                                     .headers = bench->headers,
                                     .header_count = 3};
    if (token.len > 0)
        bench->headers[request->header_count++] = (struct http_header){SLICE("x-amz-security-token"), token};
    struct slice authorization = sigv4_authorization(request, key_id, secret, SLICE("us-east-1"),
                                                     slice_of(bench->service), &bench->arena);
    bench->headers[request->header_count++] = (struct http_header){SLICE("authorization"), authorization};
}

/* The time of the check is not that of the signature: only the session's end depends on it here. */
static bool check_at(struct bench *bench, int64_t now)
{
    failure_init(&bench->failure, &bench->arena);
    principal_release(&bench->principal);
    return authenticator_check(bench->authenticator, &bench->request, bench->service, now, &bench->arena,
                               &bench->failure, &bench->principal);
}

static bool check(struct bench *bench)
{
    return check_at(bench, NOW);
}

static void assert_unknown(struct bench *bench)
{
    assert_false(check(bench));
    assert_int_equal(bench->failure.code, ERROR_UNRECOGNIZED_CLIENT);
    assert_true(slice_is(bench->failure.message, "The security token included in the request is invalid."));
    assert_int_equal(bench->principal.kind, PRINCIPAL_NONE);
}

static void sign_as_ana(struct bench *bench)
{
    sign(bench, SLICE("AKIAEXAMPLEOFANA"), SLICE("the secret of ana"), SLICE(""));
}

static struct session role_session(struct bench *bench)
{
    return (struct session){.kind = SESSION_ROLE,
                            .access_key_id = session_new_key_id(&bench->arena),
                            .owner = SLICE("reader"),
                            .owner_id = SLICE("AROAEXAMPLE"),
                            .name = SLICE("me"),
                            .issued = NOW - 60,
                            .expires = NOW + 60};
}

static struct slice token_of(struct bench *bench, const struct session *session)
{
    struct slice token;

    assert_true(session_seal(&bench->arena, &bench->keys, session, &token));
    return token;
}

static void sign_session(struct bench *bench, const struct session *session)
{
    sign(bench, session->access_key_id, session_secret(&bench->arena, &bench->keys, session->access_key_id),
         token_of(bench, session));
}

static bool may(struct bench *bench, const char *action)
{
    struct iam_request request = {.action = slice_of(action), .resource = SLICE("arn:aws:dynamodb:::x")};

    return iam_evaluate(bench->principal.authority, &request).outcome == IAM_ALLOWED;
}

static struct slice tag(struct bench *bench, const char *key)
{
    for (size_t i = 0; i < bench->principal.tag_count; i++) {
        if (slice_is(bench->principal.tags[i].key, key))
            return bench->principal.tags[i].value;
    }
    return SLICE("none");
}

#define assert_text(text, expected) assert_true(slice_is((text), (expected)))

/* ---- users ---- */

static void a_user_is_known_by_its_key(void **state)
{
    struct bench *bench = *state;

    for (int i = 0; i < 3; i++) {
        sign_as_ana(bench);
        assert_true(check(bench));
        assert_int_equal(bench->principal.kind, PRINCIPAL_USER);
        assert_int_equal(bench->principal.credentials, CREDENTIALS_LASTING);
        assert_text(bench->principal.access_key_id, "AKIAEXAMPLEOFANA");
        assert_text(bench->principal.account, "000000000000");
        assert_text(bench->principal.arn, "arn:aws:iam::000000000000:user/people/ana");
        assert_text(bench->principal.principal_arn, "arn:aws:iam::000000000000:user/people/ana");
        assert_text(bench->principal.user_id, "AIDAEXAMPLE");
        assert_text(bench->principal.user_name, "ana");
        assert_int_equal(bench->principal.issued, 0);
        assert_text(tag(bench, "Department"), "marketing");
        assert_true(may(bench, "dynamodb:GetItem"));
        assert_false(may(bench, "dynamodb:PutItem"));
    }
}

static void a_user_needs_its_secret(void **state)
{
    struct bench *bench = *state;

    sign(bench, SLICE("AKIAEXAMPLEOFANA"), SLICE("another secret"), SLICE(""));
    assert_false(check(bench));
    assert_int_equal(bench->failure.code, ERROR_INVALID_SIGNATURE);
    sign(bench, SLICE("AKIAEXAMPLEOFBOB"), SLICE("the secret of ana"), SLICE(""));
    assert_unknown(bench);
}

static void a_user_has_no_token(void **state)
{
    struct bench *bench = *state;
    struct session session = role_session(bench);

    sign(bench, SLICE("AKIAEXAMPLEOFANA"), SLICE("the secret of ana"), token_of(bench, &session));
    assert_false(check(bench));
    assert_int_equal(bench->failure.code, ERROR_UNRECOGNIZED_CLIENT);
}

static void a_key_that_is_inactive_or_gone_is_unknown(void **state)
{
    struct bench *bench = *state;

    sign_as_ana(bench);
    assert_true(check(bench));
    put_key(bench, true);
    assert_unknown(bench);
    put_key(bench, false);
    assert_true(check(bench));
    erase(bench, KIND_ACCESS_KEY, SLICE("AKIAEXAMPLEOFANA"));
    assert_unknown(bench);
}

/* ---- sessions ---- */

static void a_role_session_is_known_by_its_token(void **state)
{
    struct bench *bench = *state;
    struct session session = role_session(bench);
    struct session_tag tags[] = {{{"department", 10}, {"sales", 5}, true}};
    struct slice subjects[] = {{"us-east-1:1", 11}};
    struct session_context context[] = {{{"cognito-identity.amazonaws.com:sub", 34}, {subjects, 1}, false}};

    session.tags = (struct session_tags){tags, 1};
    session.context = (struct session_contexts){context, 1};
    session.source_identity = SLICE("ana");
    for (int i = 0; i < 3; i++) {
        sign_session(bench, &session); /* another token of the same session at each turn */
        assert_true(check(bench));
        assert_int_equal(bench->principal.kind, PRINCIPAL_ROLE_SESSION);
        assert_int_equal(bench->principal.credentials, CREDENTIALS_ROLE);
        assert_text(bench->principal.arn, "arn:aws:sts::000000000000:assumed-role/reader/me");
        assert_text(bench->principal.principal_arn, "arn:aws:iam::000000000000:role/service/reader");
        assert_text(bench->principal.user_id, "AROAEXAMPLE:me");
        assert_int_equal(bench->principal.user_name.len, 0);
        assert_int_equal(bench->principal.issued, NOW - 60);
        assert_text(bench->principal.source_identity, "ana");
        assert_int_equal(bench->principal.tag_count, 2);
        assert_text(tag(bench, "department"), "sales"); /* goes before the role's Department */
        assert_text(tag(bench, "floor"), "2");
        assert_int_equal(bench->principal.context_count, 1);
        assert_text(bench->principal.context[0].values[0], "us-east-1:1");
        assert_true(may(bench, "dynamodb:GetItem"));
        assert_false(may(bench, "dynamodb:PutItem"));
    }
}

static void a_session_ends(void **state)
{
    struct bench *bench = *state;
    struct session session = role_session(bench);

    sign_session(bench, &session);
    assert_true(check_at(bench, NOW + 59));
    for (int i = 0; i < 2; i++) { /* at first it is known from memory */
        assert_false(check_at(bench, NOW + 60));
        assert_int_equal(bench->failure.code, ERROR_EXPIRED_TOKEN);
        assert_text(bench->failure.message, "The security token included in the request is expired");
        sign_session(bench, &session);
    }
}

static void a_token_is_of_one_key(void **state)
{
    struct bench *bench = *state;
    struct session one = role_session(bench), other = role_session(bench);
    struct slice secret = session_secret(&bench->arena, &bench->keys, one.access_key_id);

    sign_session(bench, &other);
    assert_true(check(bench));
    sign(bench, one.access_key_id, secret, token_of(bench, &other));
    assert_unknown(bench);
    sign(bench, one.access_key_id, secret, SLICE(""));
    assert_unknown(bench);
    sign(bench, one.access_key_id, secret, SLICE("bm8gdG9rZW4="));
    assert_unknown(bench);
    sign(bench, one.access_key_id, SLICE("another secret"), token_of(bench, &one));
    assert_false(check(bench));
    assert_int_equal(bench->failure.code, ERROR_INVALID_SIGNATURE);
    sign(bench, one.access_key_id, secret, token_of(bench, &one));
    assert_true(check(bench));
}

static void a_session_ends_with_its_role(void **state)
{
    struct bench *bench = *state;
    struct session session = role_session(bench);

    sign_session(bench, &session);
    assert_true(check(bench));
    erase(bench, KIND_ROLE, SLICE("reader"));
    assert_unknown(bench);
    put_role(bench, "AROAANOTHER", READ_ALL); /* of the same name */
    assert_unknown(bench);
}

static void a_change_of_a_role_is_in_force_at_once(void **state)
{
    struct bench *bench = *state;
    struct session session = role_session(bench);

    sign_session(bench, &session);
    assert_true(check(bench) && may(bench, "dynamodb:GetRecords"));
    put_role(bench, "AROAEXAMPLE", READ_ONE);
    assert_true(may(bench, "dynamodb:GetRecords")); /* a request under way goes on as it began */
    assert_true(check(bench));
    assert_false(may(bench, "dynamodb:GetRecords"));
    assert_true(may(bench, "dynamodb:GetItem"));
}

static void session_policies_limit(void **state)
{
    struct bench *bench = *state;
    struct session session = role_session(bench);
    struct slice arns[] = {SLICE("arn:aws:iam::000000000000:policy/limit")};

    session.policy = SLICE(READ_ONE);
    sign_session(bench, &session);
    assert_true(check(bench) && may(bench, "dynamodb:GetItem"));
    assert_false(may(bench, "dynamodb:GetRecords"));

    session = role_session(bench);
    session.policy_arns = (struct texts){arns, 1};
    put_policy(bench, READ_ONE);
    sign_session(bench, &session);
    assert_true(check(bench) && may(bench, "dynamodb:GetItem"));
    assert_false(may(bench, "dynamodb:GetRecords"));
    put_policy(bench, READ_ALL);
    assert_true(check(bench) && may(bench, "dynamodb:GetRecords"));
    erase(bench, KIND_POLICY, SLICE("limit")); /* what is gone does not stop to limit */
    assert_true(check(bench));
    assert_false(may(bench, "dynamodb:GetItem"));
}

static void session_tokens_are_of_users_and_root(void **state)
{
    struct bench *bench = *state;
    struct session session = {.kind = SESSION_USER,
                              .access_key_id = session_new_key_id(&bench->arena),
                              .owner = SLICE("ana"),
                              .owner_id = SLICE("AIDAEXAMPLE"),
                              .issued = NOW,
                              .expires = NOW + 60};

    sign_session(bench, &session);
    assert_true(check(bench));
    assert_int_equal(bench->principal.kind, PRINCIPAL_USER);
    assert_int_equal(bench->principal.credentials, CREDENTIALS_SESSION_TOKEN);
    assert_text(bench->principal.user_name, "ana");
    assert_true(may(bench, "dynamodb:GetItem"));
    bench->service = "iam";
    sign_session(bench, &session);
    assert_unknown(bench);

    bench->service = "dynamodb";
    session.access_key_id = session_new_key_id(&bench->arena);
    session.owner = session.owner_id = SLICE("");
    sign_session(bench, &session);
    assert_true(check(bench));
    assert_int_equal(bench->principal.kind, PRINCIPAL_ROOT);
    assert_text(bench->principal.arn, "arn:aws:iam::000000000000:root");
    assert_null(bench->principal.authority);
}

static void federated_users_may_what_both_allow(void **state)
{
    struct bench *bench = *state;
    struct session session = {.kind = SESSION_FEDERATION,
                              .access_key_id = session_new_key_id(&bench->arena),
                              .owner = SLICE("ana"),
                              .owner_id = SLICE("AIDAEXAMPLE"),
                              .name = SLICE("bob"),
                              .issued = NOW,
                              .expires = NOW + 60};

    sign_session(bench, &session);
    assert_true(check(bench));
    assert_int_equal(bench->principal.kind, PRINCIPAL_FEDERATED_USER);
    assert_text(bench->principal.arn, "arn:aws:sts::000000000000:federated-user/bob");
    assert_text(bench->principal.user_id, "000000000000:bob");
    assert_text(tag(bench, "Department"), "marketing");
    assert_false(may(bench, "dynamodb:GetItem"));
    session.policy = SLICE(
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":[\"dynamodb:GetItem\","
        "\"dynamodb:PutItem\"],\"Resource\":\"*\"}}");
    for (int by_root = 0; by_root < 2; by_root++) {
        session.access_key_id = session_new_key_id(&bench->arena);
        sign_session(bench, &session);
        assert_true(check(bench) && may(bench, "dynamodb:GetItem"));
        assert_int_equal(may(bench, "dynamodb:PutItem"), by_root);
        assert_false(may(bench, "dynamodb:GetRecords"));
        session.owner = session.owner_id = SLICE("");
    }
}

/* ---- many ---- */

static void more_sessions_than_are_kept(void **state)
{
    struct bench *bench = *state;
    enum { COUNT = HOLDERS_LIMIT * 3 / 2 };
    struct slice ids[COUNT], tokens[COUNT];
    struct arena kept;

    arena_init(&kept);
    for (int i = 0; i < COUNT; i++) {
        struct session session = role_session(bench);
        ids[i] = arena_copy(&kept, session.access_key_id);
        tokens[i] = arena_copy(&kept, token_of(bench, &session));
    }
    for (int i = 0; i < 2 * COUNT; i++) {
        struct slice id = ids[i % COUNT];
        sign(bench, id, session_secret(&bench->arena, &bench->keys, id), tokens[i % COUNT]);
        assert_true(check(bench));
        assert_true(slice_equal(bench->principal.access_key_id, id));
        if (i % 100 == 0)
            arena_reset(&bench->arena);
    }
    arena_finish(&kept);
}

struct crowd {
    struct bench *bench;
    struct slice id;
    struct slice token;
    struct slice secret;
    atomic_bool over;
};

/* Whoever reads while the role changes sees one of its policies, whole. */
static void *ask_again_and_again(void *context)
{
    struct crowd *crowd = context;
    struct bench own = {.authenticator = crowd->bench->authenticator, .service = "dynamodb"};

    arena_init(&own.arena);
    sign(&own, crowd->id, crowd->secret, crowd->token);
    while (!atomic_load(&crowd->over)) {
        assert_true(check(&own));
        assert_true(may(&own, "dynamodb:GetItem"));
    }
    principal_release(&own.principal);
    arena_finish(&own.arena);
    return NULL;
}

static void changes_and_requests_at_once(void **state)
{
    enum { THREADS = 4, CHANGES = 200 };
    struct bench *bench = *state;
    struct session session = role_session(bench);
    struct crowd crowd = {bench, session.access_key_id, token_of(bench, &session),
                          session_secret(&bench->arena, &bench->keys, session.access_key_id), false};
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_again_and_again, &crowd), 0);
    for (int i = 0; i < CHANGES; i++)
        put_role(bench, "AROAEXAMPLE", i % 2 == 0 ? READ_ONE : READ_ALL);
    atomic_store(&crowd.over, true);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static double microseconds_each(struct bench *bench)
{
    enum { ROUNDS = 20000 };
    struct arena arena;
    int64_t begun = clock_monotonic();

    arena_init(&arena);
    for (int i = 0; i < ROUNDS; i++) {
        principal_release(&bench->principal);
        assert_true(authenticator_check(bench->authenticator, &bench->request, bench->service, NOW, &arena,
                                        &bench->failure, &bench->principal));
        arena_reset(&arena);
    }
    arena_finish(&arena);
    return (double)(clock_monotonic() - begun) / 1000 / ROUNDS;
}

static void what_it_costs(void **state)
{
    struct bench *bench = *state;
    struct session session = role_session(bench);

    /* Figures to read, not to judge by: machines differ. */
    sign(bench, slice_of(root.access_key_id), slice_of(root.secret_access_key), SLICE(""));
    print_message("root in %.2f us\n", microseconds_each(bench));
    sign_as_ana(bench);
    print_message("a user in %.2f us\n", microseconds_each(bench));
    sign_session(bench, &session);
    print_message("a session in %.2f us\n", microseconds_each(bench));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_user_is_known_by_its_key),
        TEST(a_user_needs_its_secret),
        TEST(a_user_has_no_token),
        TEST(a_key_that_is_inactive_or_gone_is_unknown),
        TEST(a_role_session_is_known_by_its_token),
        TEST(a_session_ends),
        TEST(a_token_is_of_one_key),
        TEST(a_session_ends_with_its_role),
        TEST(a_change_of_a_role_is_in_force_at_once),
        TEST(session_policies_limit),
        TEST(session_tokens_are_of_users_and_root),
        TEST(federated_users_may_what_both_allow),
        TEST(more_sessions_than_are_kept),
        TEST(changes_and_requests_at_once),
        TEST(what_it_costs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
