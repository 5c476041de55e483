/* Policies: which texts are one. */
#include "lib/unit.h"

#include "iam/policy.h"

#define STATEMENT(rest) "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\"," rest "}]}"
#define WHO             "\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},"
#define WHAT            "\"Action\":[\"dynamodb:GetItem\",\"dynamodb:*Item\"],"
#define WHERE           "\"Resource\":\"arn:aws:dynamodb:us-east-1:0:table/t\""

static const char *const good[] = {
    STATEMENT(WHO WHAT WHERE),
    STATEMENT("\"Principal\":\"*\",\"NotAction\":\"*\",\"NotResource\":[\"*\"]"),
    STATEMENT("\"NotPrincipal\":{\"Service\":[\"a\",\"b\"]}," WHAT WHERE),
    STATEMENT(WHO WHAT WHERE ",\"Sid\":\"Some words 1\""),
    STATEMENT(WHO WHAT WHERE
              ",\"Condition\":{\"StringEquals\":{\"aws:username\":[\"a\"]},\"Bool\":{\"x\":true}}"),
    "{\"Id\":\"i\",\"Statement\":{\"Effect\":\"Deny\"," WHO WHAT WHERE "}}",
};

static const struct {
    const char *text;
    const char *problem;
} bad[] = {
    {"", "It is no JSON object"},
    {"[]", "It is no JSON object"},
    {"{", "It is no JSON object"},
    {"{}", "It has no Statement"},
    {"{\"Statement\":[]}", "It has no Statement"},
    {"{\"Statement\":[1]}", "A statement is an object"},
    {"{\"Statement\":1}", "A statement is an object"},
    {"{\"Statements\":[]}", "A policy has no element Statements"},
    {"{\"Version\":\"2013-10-17\",\"Statement\":[]}", "Version is 2012-10-17 or 2008-10-17"},
    {"{\"Id\":1,\"Statement\":[]}", "Id is a string"},
    {"{\"Statement\":{" WHO WHAT WHERE "}}", "The Effect of a statement is Allow or Deny"},
    {"{\"Statement\":{\"Effect\":\"allow\"," WHO WHAT WHERE "}}",
     "The Effect of a statement is Allow or Deny"},
    {STATEMENT(WHAT WHERE), "A statement has either Principal or NotPrincipal"},
    {STATEMENT("\"Principal\":\"me\"," WHAT WHERE), "A principal that is a string is *"},
    {STATEMENT("\"Principal\":{}," WHAT WHERE), "Principal is * or an object"},
    {STATEMENT("\"Principal\":{\"AWS\":\"\"}," WHAT WHERE), "A principal is empty"},
    {STATEMENT("\"Principal\":{\"AWS\":[]}," WHAT WHERE), "A principal is empty"},
    {STATEMENT("\"Principal\":{\"Aws\":\"a\"}," WHAT WHERE), "A principal has no element Aws"},
    {STATEMENT(WHO WHERE), "A statement has either Action or NotAction"},
    {STATEMENT(WHO WHAT WHERE ",\"NotAction\":\"*\""), "A statement has either Action or NotAction"},
    {STATEMENT(WHO "\"Action\":\"s3:GetObject\"," WHERE), "The action s3:GetObject is none of dynamodb"},
    {STATEMENT(WHO "\"Action\":\"dynamodb:\"," WHERE), "The action dynamodb: is none of dynamodb"},
    {STATEMENT(WHO "\"Action\":\"dynamodb:Get Item\"," WHERE),
     "The action dynamodb:Get Item is none of dynamodb"},
    {STATEMENT(WHO "\"Action\":[]," WHERE), "Action is empty"},
    {STATEMENT(WHO "\"Action\":{}," WHERE), "Action is a string or a list of strings"},
    {STATEMENT(WHO WHAT "\"Effects\":1"), "A statement has no element Effects"},
    {STATEMENT(WHO WHAT "\"Sid\":\"a\""), "A statement has either Resource or NotResource"},
    {STATEMENT(WHO WHAT "\"Resource\":\"t\""), "The resource t is no ARN"},
    {STATEMENT(WHO WHAT WHERE ",\"Sid\":\"a-b\""), "Sid has letters, digits and blanks only"},
    {STATEMENT(WHO WHAT WHERE ",\"Condition\":[]"), "Condition is an object"},
    {STATEMENT(WHO WHAT WHERE ",\"Condition\":{\"Bool\":{}}"), "The condition operator Bool has no keys"},
    {STATEMENT(WHO WHAT WHERE ",\"Condition\":{\"Bool\":{\"k\":null}}"), "The condition key k has no value"},
    {"{\"Statement\":[{\"Sid\":\"a\",\"Effect\":\"Allow\"," WHO WHAT WHERE
     "},{\"Sid\":\"a\",\"Effect\":\"Allow\"," WHO WHAT WHERE "}]}",
     "The Sid a is there twice"},
};

static void good_ones_are_taken(void **state)
{
    struct arena arena;
    struct policy_problem problem;
    (void)state;

    arena_init(&arena);
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct policy *policy = policy_create(POLICY_RESOURCE, slice_of(good[i]), &arena, &problem);
        assert_non_null(policy);
        assert_int_equal(policy_statement_count(policy), 1);
        policy_destroy(policy);
    }
    arena_finish(&arena);
}

static void bad_ones_are_told_why(void **state)
{
    struct arena arena;
    struct policy_problem problem;
    (void)state;

    arena_init(&arena);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_null(policy_create(POLICY_RESOURCE, slice_of(bad[i].text), &arena, &problem));
        assert_string_equal(problem.sentence.ptr, bad[i].problem);
    }
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_ones_are_taken),
        cmocka_unit_test(bad_ones_are_told_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
