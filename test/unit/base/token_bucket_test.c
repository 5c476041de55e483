/* Token buckets: what may be taken when, by a clock that the test turns. */
#include "lib/unit.h"

#include "base/token_bucket.h"

static const int64_t second = 1000000000;

static void what_flows_in_may_be_taken(void **state)
{
    struct token_bucket bucket;
    (void)state;

    token_bucket_init(&bucket, 2, 0);
    for (int i = 0; i < 2; i++) {
        assert_true(token_bucket_allows(&bucket, 2, 1, 0));
        token_bucket_take(&bucket, 1);
    }
    assert_false(token_bucket_allows(&bucket, 2, 1, 0));
    assert_false(token_bucket_allows(&bucket, 2, 1, second / 2 - 1));
    assert_true(token_bucket_allows(&bucket, 2, 1, second / 2));
    token_bucket_take(&bucket, 1);
    assert_false(token_bucket_allows(&bucket, 2, 1, second / 2));
}

static void asking_takes_nothing(void **state)
{
    struct token_bucket bucket;
    (void)state;

    token_bucket_init(&bucket, 1, 0);
    for (int i = 0; i < 10; i++)
        assert_true(token_bucket_allows(&bucket, 1, 1, 0));
}

/* Half a unit costs half a token, and is had for it. */
static void halves_are_counted(void **state)
{
    struct token_bucket bucket;
    (void)state;

    token_bucket_init(&bucket, 1, 0);
    for (int i = 0; i < 2; i++) {
        assert_true(token_bucket_allows(&bucket, 1, 0.5, 0));
        token_bucket_take(&bucket, 0.5);
    }
    assert_false(token_bucket_allows(&bucket, 1, 0.5, 0));
    assert_true(token_bucket_allows(&bucket, 1, 0.5, second / 2));
}

static void five_minutes_are_kept(void **state)
{
    struct token_bucket bucket;
    int taken = 0;
    (void)state;

    token_bucket_init(&bucket, 0, 0);
    while (token_bucket_allows(&bucket, 3, 1, 3600 * second)) {
        token_bucket_take(&bucket, 1);
        taken++;
    }
    assert_int_equal(taken, 3 * 300);
}

static void debt_is_filled_first(void **state)
{
    struct token_bucket bucket;
    (void)state;

    token_bucket_init(&bucket, 1, 0);
    assert_true(token_bucket_allows(&bucket, 1, 400, 0)); /* more than 300 seconds of it */
    token_bucket_take(&bucket, 400);
    assert_false(token_bucket_allows(&bucket, 1, 1, 399 * second));
    assert_true(token_bucket_allows(&bucket, 1, 1, 400 * second));
}

static void a_new_rate_counts_from_now_on(void **state)
{
    struct token_bucket bucket;
    (void)state;

    token_bucket_init(&bucket, 0, 0);
    assert_true(token_bucket_allows(&bucket, 1, 1, 10 * second)); /* 10 tokens */
    token_bucket_take(&bucket, 20);
    assert_false(token_bucket_allows(&bucket, 10, 1, 11 * second)); /* -10 + 10 */
    assert_true(token_bucket_allows(&bucket, 10, 1, 12 * second));
    /* A lower rate keeps less. */
    assert_true(token_bucket_allows(&bucket, 0.001, 0.25, 12 * second));
    assert_false(token_bucket_allows(&bucket, 0.001, 0.5, 12 * second));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_flows_in_may_be_taken), cmocka_unit_test(asking_takes_nothing),
        cmocka_unit_test(halves_are_counted),         cmocka_unit_test(five_minutes_are_kept),
        cmocka_unit_test(debt_is_filled_first),       cmocka_unit_test(a_new_rate_counts_from_now_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
