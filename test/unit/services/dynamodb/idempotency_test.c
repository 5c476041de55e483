/* Are two requests with one token told apart by what they ask for, and by nothing else? */
#include "lib/unit.h"

#include "services/dynamodb/idempotency.h"

#include "base/clock.h"
#include "catalog/keys.h"

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

/* ---- tokens ---- */

struct bench {
    struct server server;
    struct request request;
    struct arena arena;
};

static void begin(struct bench *bench)
{
    arena_init(&bench->arena);
    bench->server = (struct server){.storage = storage_open_memory()};
    bench->request = (struct request){.server = &bench->server, .arena = &bench->arena};
}

static void end(struct bench *bench)
{
    storage_close(bench->server.storage);
    arena_finish(&bench->arena);
}

/* Begins, and commits what that put into the batch. */
static bool use(struct bench *bench, const char *token, uint64_t fingerprint, bool *repeated)
{
    failure_init(&bench->request.failure, &bench->arena);
    batch_init(&bench->request.batch, &bench->arena);
    if (!idempotency_begin(&bench->request, slice_of(token), fingerprint, repeated))
        return false;
    assert_int_equal(storage_commit_wait(bench->server.storage, &bench->request.batch), STORAGE_OK);
    return true;
}

/* Puts a record as one that was made `age` milliseconds ago. */
static void put_record(struct bench *bench, const char *token, int64_t age, uint64_t fingerprint)
{
    struct buffer record;
    struct batch batch;
    uint64_t then = (uint64_t)(clock_now() - age);

    buffer_init(&record);
    buffer_append_u64(&record, then);
    buffer_append_u64(&record, fingerprint);
    batch_init(&batch, &bench->arena);
    batch_put(&batch, keys_token(&bench->arena, then / TOKEN_WINDOW, slice_of(token)), buffer_slice(&record));
    assert_int_equal(storage_commit_wait(bench->server.storage, &batch), STORAGE_OK);
    buffer_finish(&record);
}

static void a_token_is_known_again(void **state)
{
    struct bench bench;
    bool repeated;

    (void)state;
    begin(&bench);
    assert_true(use(&bench, "t", 5, &repeated));
    assert_false(repeated);
    assert_true(use(&bench, "t", 5, &repeated));
    assert_true(repeated);
    assert_true(use(&bench, "u", 6, &repeated));
    assert_false(repeated);
    assert_false(use(&bench, "t", 6, &repeated));
    assert_int_equal(bench.request.failure.code, ERROR_IDEMPOTENT_PARAMETER_MISMATCH);
    end(&bench);
}

static void a_token_is_known_for_ten_minutes(void **state)
{
    struct bench bench;
    bool repeated;

    (void)state;
    begin(&bench);
    put_record(&bench, "young", TOKEN_WINDOW - 60 * 1000, 5);
    assert_true(use(&bench, "young", 5, &repeated));
    assert_true(repeated);
    put_record(&bench, "old", TOKEN_WINDOW + 1, 5);
    assert_true(use(&bench, "old", 6, &repeated));
    assert_false(repeated);
    assert_true(use(&bench, "old", 6, &repeated));
    assert_true(repeated);
    put_record(&bench, "oldest", 3 * TOKEN_WINDOW, 5);
    assert_true(use(&bench, "oldest", 6, &repeated));
    assert_false(repeated);
    end(&bench);
}

static void of_two_with_one_token_one_happens(void **state)
{
    struct batch first;
    struct bench bench;
    bool repeated;

    (void)state;
    begin(&bench);
    failure_init(&bench.request.failure, &bench.arena);
    batch_init(&bench.request.batch, &bench.arena);
    assert_true(idempotency_begin(&bench.request, SLICE("t"), 5, &repeated));
    first = bench.request.batch;
    first.last_change = &first.changes->next;
    assert_true(use(&bench, "t", 5, &repeated));
    assert_int_equal(storage_commit_wait(bench.server.storage, &first), STORAGE_CONFLICT);
    end(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_members_does_not_count), cmocka_unit_test(everything_else_counts),
        cmocka_unit_test(a_token_is_known_again), cmocka_unit_test(a_token_is_known_for_ten_minutes),
        cmocka_unit_test(of_two_with_one_token_one_happens)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
