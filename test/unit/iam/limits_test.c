/* What bounds policies, their evaluation and their explanation; and that they need no memory and no order. */
#include "lib/unit.h"

#include "base/check.h"
#include "iam/explain.h"
#include "iam/policy.h"

struct fixture {
    struct arena arena;
    struct buffer text;
    struct policy *policy;
    struct attached_policy attached;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    CHECK(fixture != NULL);
    arena_init(&fixture->arena);
    buffer_init(&fixture->text);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    policy_destroy(fixture->policy);
    buffer_finish(&fixture->text);
    arena_finish(&fixture->arena);
    free(fixture);
    return 0;
}

/* `count` times `unit` with commas between. */
static void append_list(struct buffer *out, size_t count, const char *unit)
{
    for (size_t i = 0; i < count; i++)
        buffer_printf(out, "%s%s", i > 0 ? "," : "", unit);
}

static void append_times(struct buffer *out, size_t count, const char *unit)
{
    for (size_t i = 0; i < count; i++)
        buffer_append_string(out, unit);
}

static const char *problem_of(struct fixture *fixture)
{
    struct policy_problem problem;

    policy_destroy(fixture->policy);
    fixture->policy = policy_create(POLICY_INLINE, buffer_slice(&fixture->text), &fixture->arena, &problem);
    return fixture->policy == NULL ? problem.sentence.ptr : "good";
}

static const char *statements_problem(struct fixture *fixture, size_t count)
{
    buffer_reset(&fixture->text);
    buffer_append_string(&fixture->text, "{\"Version\":\"2012-10-17\",\"Statement\":[");
    append_list(&fixture->text, count, "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}");
    buffer_append_string(&fixture->text, "]}");
    return problem_of(fixture);
}

static void statements_are_counted(void **state)
{
    struct fixture *fixture = *state;

    assert_string_equal(statements_problem(fixture, 1000), "good");
    assert_int_equal(policy_statement_count(fixture->policy), 1000);
    assert_string_equal(statements_problem(fixture, 1001), "The policy has more than 1000 statements");
}

static const char *values_problem(struct fixture *fixture, size_t count)
{
    buffer_reset(&fixture->text);
    buffer_append_string(&fixture->text,
                         "{\"Statement\":{\"Effect\":\"Allow\",\"Resource\":\"*\",\"Action\":[");
    append_list(&fixture->text, count, "\"a:b\"");
    buffer_append_string(&fixture->text, "]}}");
    return problem_of(fixture);
}

static void values_are_counted(void **state)
{
    struct fixture *fixture = *state;

    assert_string_equal(values_problem(fixture, 9999), "good"); /* the resource is one more */
    assert_string_equal(values_problem(fixture, 10000), "The policy has more than 10000 values");
}

/* ---- evaluation ---- */

static struct iam_verdict evaluate(struct fixture *fixture, struct slice resource,
                                   struct authority *authority, struct iam_request *request)
{
    fixture->attached = (struct attached_policy){fixture->policy, SOURCE_USER_INLINE, SLICE("p")};
    *authority = (struct authority){
        .principal = {.kind = IAM_USER, .arn = SLICE("arn:aws:iam::111122223333:user/ana")},
        .identity = &fixture->attached,
        .identity_count = 1};
    *request = (struct iam_request){.action = SLICE("dynamodb:GetItem"), .resource = resource};
    return iam_evaluate(authority, request);
}

/* 900 resources that are almost like this one, so that each is tried at every byte. */
static void make_costly(struct fixture *fixture, const char *effect)
{
    buffer_append_string(&fixture->text,
                         "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},");
    buffer_printf(&fixture->text, "{\"Effect\":\"%s\",\"Action\":\"*\",\"Resource\":[", effect);
    for (size_t i = 0; i < 900; i++) {
        buffer_append_string(&fixture->text,
                             i > 0 ? ",\"arn:aws:dynamodb:*:*:*" : "\"arn:aws:dynamodb:*:*:*");
        append_times(&fixture->text, 40, "a?");
        buffer_append_string(&fixture->text, "b*\"");
    }
    buffer_append_string(&fixture->text, "]}]}");
    assert_string_equal(problem_of(fixture), "good");
}

/* An evaluation that would take too long ends with a denial, also where what was left to look at is a Deny.
 */
static void work_is_limited(void **state)
{
    struct fixture *fixture = *state;
    struct authority authority;
    struct iam_request request;
    struct buffer resource, message;

    make_costly(fixture, "Deny");
    buffer_init(&resource);
    buffer_init(&message);
    buffer_append_string(&resource, "arn:aws:dynamodb:us-east-1:111122223333:table/");
    append_times(&resource, 2000, "a");
    struct iam_verdict verdict = evaluate(fixture, buffer_slice(&resource), &authority, &request);
    assert_int_equal(verdict.outcome, IAM_IMPLICITLY_DENIED);
    assert_int_equal(verdict.layer, LAYER_NONE);
    request.resource = SLICE("t");
    iam_denial_message(&message, &authority, &request, &verdict);
    buffer_append_byte(&message, '\0');
    assert_string_equal(message.bytes,
                        "User: arn:aws:iam::111122223333:user/ana is not authorized to perform: "
                        "dynamodb:GetItem on resource: t because its policies take too long to evaluate");
    verdict =
        evaluate(fixture, SLICE("arn:aws:dynamodb:us-east-1:111122223333:table/a"), &authority, &request);
    assert_int_equal(verdict.outcome, IAM_ALLOWED);
    buffer_finish(&message);
    buffer_finish(&resource);
}

static void explanations_are_limited(void **state)
{
    struct fixture *fixture = *state;
    struct authority authority;
    struct iam_request request;
    struct buffer text;

    buffer_append_string(&fixture->text, "{\"Statement\":[");
    for (size_t i = 0; i < 50; i++) {
        buffer_append_string(&fixture->text, i > 0 ? ",{" : "{");
        buffer_append_string(&fixture->text, "\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":[");
        for (size_t j = 0; j < 20; j++) {
            buffer_append_string(&fixture->text, j > 0 ? ",\"arn:aws:s3:::" : "\"arn:aws:s3:::");
            append_times(&fixture->text, 500, "x");
            buffer_append_byte(&fixture->text, '"');
        }
        buffer_append_string(&fixture->text, "]}");
    }
    buffer_append_string(&fixture->text, "]}");
    assert_string_equal(problem_of(fixture), "good");
    struct iam_verdict verdict = evaluate(fixture, SLICE("arn:aws:s3:::y"), &authority, &request);
    assert_int_equal(verdict.layer, LAYER_IDENTITY);
    buffer_init(&text);
    buffer_append_string(&text, "before ");
    iam_explain(&text, &authority, &request, &verdict);
    assert_int_equal(text.len, strlen("before ") + EXPLANATION_LIMIT);
    assert_memory_equal(text.bytes + text.len - 4, "...\n", 4);
    assert_memory_equal(text.bytes, "before Statement 1", 18);
    buffer_finish(&text);
}

/* ---- lookups ---- */

static bool count_lookups(void *from, struct slice key, struct iam_values *out)
{
    (void)key;
    (void)out;
    ++*(size_t *)from;
    return false;
}

/* No key is looked up for a statement that is not about the action and the resource. */
static void only_what_is_asked_for_is_looked_up(void **state)
{
    struct fixture *fixture = *state;
    struct authority authority;
    struct iam_request request;
    size_t lookups = 0;

    buffer_append_string(
        &fixture->text,
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"a:b\","
        "\"Resource\":\"arn:aws:s3:::${aws:userid}\"},{\"Effect\":\"Allow\",\"Action\":\"*\","
        "\"Resource\":\"arn:aws:s3:::x\",\"Condition\":{\"StringEquals\":{\"aws:userid\":\"x\"}}}]}");
    assert_string_equal(problem_of(fixture), "good");
    (void)evaluate(fixture, SLICE("arn:aws:s3:::y"), &authority, &request);
    request.context = (struct iam_context){count_lookups, &lookups};
    (void)iam_evaluate(&authority, &request);
    assert_int_equal(lookups, 0);
    request.resource = SLICE("arn:aws:s3:::x");
    (void)iam_evaluate(&authority, &request);
    assert_int_equal(lookups, 1);
}

/* A policy owns its text: what it was made from may go. */
static void policies_own_their_text(void **state)
{
    struct fixture *fixture = *state;
    struct authority authority;
    struct iam_request request;

    buffer_append_string(&fixture->text,
                         "{\"Statement\":[{\"Sid\":\"a\",\"Effect\":\"Allow\",\"Action\":\"dynamodb:*\","
                         "\"Resource\":\"*\"}]}");
    assert_string_equal(problem_of(fixture), "good");
    memset(fixture->text.bytes, 'x', fixture->text.len);
    struct iam_verdict verdict = evaluate(fixture, SLICE("t"), &authority, &request);
    assert_int_equal(verdict.outcome, IAM_ALLOWED);
    assert_ptr_equal(verdict.policy, fixture->policy);
    assert_ptr_equal(verdict.where, &fixture->attached);
    assert_int_equal(verdict.statement, 0);
    assert_true(slice_is(policy_statement_sid(fixture->policy, 0), "a"));
    assert_true(slice_starts_with(policy_text(fixture->policy), SLICE("{\"Statement\"")));
    assert_int_equal(policy_kind(fixture->policy), POLICY_INLINE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(statements_are_counted),
        TEST(values_are_counted),
        TEST(work_is_limited),
        TEST(explanations_are_limited),
        TEST(only_what_is_asked_for_is_looked_up),
        TEST(policies_own_their_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
