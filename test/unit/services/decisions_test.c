/* Decisions: the last of either kind are told, each once, the latest first, whatever comes meanwhile. */
#include "lib/unit_arena.h"

#include <pthread.h>
#include <stdatomic.h>

#include "services/decisions.h"

static const struct authority somebody = {.principal = {.kind = IAM_USER, .arn = {"arn:somebody", 12}}};

static void note(struct decisions *decisions, struct slice resource, bool allowed)
{
    const struct iam_request asked = {.action = SLICE("dynamodb:GetItem"), .resource = resource};
    const struct iam_verdict verdict = {.outcome = allowed ? IAM_ALLOWED : IAM_IMPLICITLY_DENIED,
                                        .layer = LAYER_IDENTITY};

    decisions_note(decisions, SLICE("ID"), &somebody, &asked, &verdict);
}

static bool is_any(void *context, const struct decision *decision)
{
    (void)context;
    (void)decision;
    return true;
}

static bool is_denied(void *context, const struct decision *decision)
{
    (void)context;
    return !decision->allowed;
}

static void both_kinds_are_told_the_latest_first(void **state)
{
    struct decisions *decisions = decisions_create();
    struct decision told[8];
    (void)state;

    assert_int_equal(decisions_list(decisions, UINT64_MAX, 8, is_any, NULL, &arena, told), 0);
    for (int i = 0; i < 6; i++)
        note(decisions, arena_printf(&arena, "r%d", i), i % 3 == 0);
    assert_int_equal(decisions_list(decisions, UINT64_MAX, 8, is_any, NULL, &arena, told), 6);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(told[i].number, 6 - i);
        assert_true(slice_equal(told[i].resource, arena_printf(&arena, "r%d", 5 - i)));
        assert_int_equal(told[i].allowed, (5 - i) % 3 == 0);
        assert_true(slice_is(told[i].principal, "arn:somebody"));
        assert_true(slice_is(told[i].request_id, "ID"));
        assert_int_equal(told[i].statement, 0);
    }
    assert_int_equal(decisions_list(decisions, 4, 2, is_any, NULL, &arena, told), 2);
    assert_int_equal(told[0].number, 3);
    assert_int_equal(told[1].number, 2);
    decisions_destroy(decisions);
}

static void the_last_of_either_kind_are_kept(void **state)
{
    enum { SOME = 7, MORE = 500 };
    struct decisions *decisions = decisions_create();
    struct decision *told = arena_array(&arena, struct decision, DECISIONS_LIMIT + SOME);
    (void)state;

    for (int i = 0; i < SOME; i++)
        note(decisions, SLICE("denied"), false);
    for (int i = 0; i < DECISIONS_LIMIT + MORE; i++)
        note(decisions, SLICE("allowed"), true);
    size_t count = decisions_list(decisions, UINT64_MAX, DECISIONS_LIMIT + SOME, is_any, NULL, &arena, told);
    assert_int_equal(count, DECISIONS_LIMIT + SOME);
    assert_int_equal(told[0].number, SOME + DECISIONS_LIMIT + MORE);
    assert_int_equal(told[DECISIONS_LIMIT - 1].number, SOME + MORE + 1);
    assert_int_equal(told[DECISIONS_LIMIT].number, SOME);
    assert_int_equal(decisions_list(decisions, UINT64_MAX, SOME, is_denied, NULL, &arena, told), SOME);
    decisions_destroy(decisions);
}

static void long_texts_are_cut_between_characters(void **state)
{
    struct decisions *decisions = decisions_create();
    char text[1001];
    struct decision told;
    (void)state;

    for (size_t i = 0; i < 500; i++)
        memcpy(text + 1 + 2 * i, "\xC3\xA9", 2);
    text[0] = 'x';
    note(decisions, (struct slice){text, sizeof(text)}, true);
    assert_int_equal(decisions_list(decisions, UINT64_MAX, 1, is_any, NULL, &arena, &told), 1);
    assert_int_equal(told.resource.len, 511);
    note(decisions, (struct slice){text + 1, sizeof(text) - 1}, true);
    assert_int_equal(decisions_list(decisions, UINT64_MAX, 1, is_any, NULL, &arena, &told), 1);
    assert_int_equal(told.resource.len, 512);
    assert_memory_equal(told.resource.ptr, text + 1, 512);
    decisions_destroy(decisions);
}

struct noting {
    struct decisions *decisions;
    atomic_bool over;
};

static void *note_on(void *context)
{
    struct noting *noting = context;

    for (unsigned i = 0; !atomic_load(&noting->over); i++)
        note(noting->decisions, i % 2 == 0 ? SLICE("short") : SLICE("a longer one than before"), i % 5 != 0);
    return NULL;
}

static void pages_overlap_nowhere_while_others_note(void **state)
{
    enum { PAGES = 200, PAGE = 150 };
    struct noting noting = {.decisions = decisions_create()};
    struct decision told[PAGE];
    pthread_t thread;
    (void)state;

    assert_int_equal(pthread_create(&thread, NULL, note_on, &noting), 0);
    uint64_t before = UINT64_MAX;
    for (int page = 0; page < PAGES; page++) {
        size_t count = decisions_list(noting.decisions, before, PAGE, is_any, NULL, &arena, told);
        for (size_t i = 0; i < count; i++) {
            assert_true(told[i].number < before);
            before = told[i].number;
        }
        if (count < PAGE)
            before = UINT64_MAX;
    }
    atomic_store(&noting.over, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    decisions_destroy(noting.decisions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(both_kinds_are_told_the_latest_first),
        ARENA_TEST(the_last_of_either_kind_are_kept),
        ARENA_TEST(long_texts_are_cut_between_characters),
        ARENA_TEST(pages_overlap_nowhere_while_others_note),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
