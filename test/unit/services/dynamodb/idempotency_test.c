/* Are two requests with one token told apart by what they ask for, and by nothing else? */
#include "services/dynamodb/idempotency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static uint64_t of(const char *text)
{
    const struct json *json;
    struct arena arena;

    arena_init(&arena);
    assert_int_equal(json_parse(&arena, slice_of(text), 64, &json), JSON_OK);
    uint64_t fingerprint = idempotency_fingerprint(json);
    arena_finish(&arena);
    return fingerprint;
}

static void the_order_of_members_does_not_count(void **state)
{
    (void)state;
    assert_true(of("{\"a\":{\"b\":1,\"c\":[2,3]},\"d\":\"x\"}") ==
                of("{\"d\":\"x\",\"a\":{\"c\":[2,3],\"b\":1}}"));
    assert_true(of("{\"a\":1,\"b\":null}") == of("{\"a\":1}"));
}

static void everything_else_counts(void **state)
{
    static const char *const texts[] = {"{}",
                                        "[]",
                                        "\"\"",
                                        "null",
                                        "false",
                                        "true",
                                        "0",
                                        "1",
                                        "\"1\"",
                                        "[1]",
                                        "[1,2]",
                                        "[2,1]",
                                        "[[1],2]",
                                        "[[1,2]]",
                                        "{\"a\":1}",
                                        "{\"b\":1}",
                                        "{\"a\":\"1\"}",
                                        "{\"a\":[1]}",
                                        "{\"a\":{}}",
                                        "[null]",
                                        "[null,null]",
                                        "[{}]",
                                        "{\"a\":\"b\"}",
                                        "{\"b\":\"a\"}",
                                        "[\"a\",\"b\"]",
                                        "[\"ab\"]",
                                        "[\"\",\"ab\"]",
                                        "[\"a\",\"\"]",
                                        "{\"a\":1,\"b\":2}",
                                        "{\"a\":2,\"b\":1}"};
    enum { COUNT = sizeof(texts) / sizeof(texts[0]) };

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < i; j++)
            assert_true(of(texts[i]) != of(texts[j]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_order_of_members_does_not_count),
                                       cmocka_unit_test(everything_else_counts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
