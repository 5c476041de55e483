/* What policies are told of who asks: what each kind of principal has, and what it has not. */
#include "lib/unit.h"

#include "auth/principal_keys.h"

static const struct principal_tag tags[] = {{{"Team", 4}, {"blue", 4}, false},
                                            {{"none", 4}, {NULL, 0}, false}};
static const struct slice subjects[] = {{"us-east-1:1", 11}};
static const struct slice ways[] = {{"authenticated", 13}, {"graph.facebook.com", 18}};
static const struct principal_context context[] = {
    {{"cognito-identity.amazonaws.com:sub", 34}, subjects, 1, false},
    {{"cognito-identity.amazonaws.com:amr", 34}, ways, 2, true}};

static const struct principal root = {.kind = PRINCIPAL_ROOT,
                                      .account = SLICE("000000000000"),
                                      .principal_arn = SLICE("arn:aws:iam::000000000000:root"),
                                      .user_id = SLICE("000000000000")};
static const struct principal user = {.kind = PRINCIPAL_USER,
                                      .account = SLICE("000000000000"),
                                      .arn = SLICE("arn:aws:iam::000000000000:user/ana"),
                                      .principal_arn = SLICE("arn:aws:iam::000000000000:user/ana"),
                                      .user_id = SLICE("AIDAEXAMPLE"),
                                      .user_name = SLICE("ana"),
                                      .tags = tags,
                                      .tag_count = 2};
static const struct principal session = {.kind = PRINCIPAL_ROLE_SESSION,
                                         .credentials = CREDENTIALS_ROLE,
                                         .account = SLICE("000000000000"),
                                         .arn = SLICE("arn:aws:sts::000000000000:assumed-role/r/s"),
                                         .principal_arn = SLICE("arn:aws:iam::000000000000:role/r"),
                                         .user_id = SLICE("AROAEXAMPLE:s"),
                                         .issued = 1440938160,
                                         .source_identity = SLICE("ana"),
                                         .context = context,
                                         .context_count = 2};

static const char absent[] = "(absent)";

static const struct {
    const char *key;
    const char *root;
    const char *user;
    const char *session;
} rows[] = {
    {"aws:PrincipalArn", "arn:aws:iam::000000000000:root", "arn:aws:iam::000000000000:user/ana",
     "arn:aws:iam::000000000000:role/r"},
    {"aws:principalarn", "arn:aws:iam::000000000000:root", "arn:aws:iam::000000000000:user/ana",
     "arn:aws:iam::000000000000:role/r"},
    {"aws:PrincipalAccount", "000000000000", "000000000000", "000000000000"},
    {"aws:PrincipalType", "Account", "User", "AssumedRole"},
    {"aws:PrincipalIsAWSService", "false", "false", "false"},
    {"aws:userid", "000000000000", "AIDAEXAMPLE", "AROAEXAMPLE:s"},
    {"aws:username", absent, "ana", absent},
    {"aws:SourceIdentity", absent, absent, "ana"},
    {"aws:TokenIssueTime", absent, absent, "2015-08-30T12:36:00Z"},
    {"aws:MultiFactorAuthPresent", absent, absent, "false"},
    {"aws:MultiFactorAuthAge", absent, absent, absent},
    {"aws:PrincipalTag/Team", absent, "blue", absent},
    {"aws:PrincipalTag/team", absent, "blue", absent},
    {"aws:PrincipalTag/none", absent, "", absent},
    {"aws:PrincipalTag/", absent, absent, absent},
    {"cognito-identity.amazonaws.com:sub", absent, absent, "us-east-1:1"},
    {"Cognito-Identity.amazonaws.com:SUB", absent, absent, "us-east-1:1"},
    {"cognito-identity.amazonaws.com:aud", absent, absent, absent},
    {"", absent, absent, absent},
};

static void assert_key(const struct principal *principal, const char *key, const char *expected)
{
    struct iam_values values = {0};
    struct arena arena;

    arena_init(&arena);
    bool found = principal_find_key(principal, slice_of(key), &arena, &values);
    assert_int_equal(found, expected != absent);
    if (found) {
        assert_int_equal(values.count, 1);
        assert_false(values.multi_valued);
        assert_true(slice_is(values.values[0], expected));
    }
    arena_finish(&arena);
}

static void each_has_its_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_key(&root, rows[i].key, rows[i].root);
        assert_key(&user, rows[i].key, rows[i].user);
        assert_key(&session, rows[i].key, rows[i].session);
    }
}

static void a_key_may_have_several_values(void **state)
{
    struct iam_values values;
    struct arena arena;
    (void)state;

    arena_init(&arena);
    assert_true(principal_find_key(&session, SLICE("cognito-identity.amazonaws.com:amr"), &arena, &values));
    assert_int_equal(values.count, 2);
    assert_true(values.multi_valued);
    assert_true(slice_is(values.values[1], "graph.facebook.com"));
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_its_keys),
        cmocka_unit_test(a_key_may_have_several_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
