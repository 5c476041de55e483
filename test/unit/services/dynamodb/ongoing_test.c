/* Are the items of transactions under way found by others, and by nobody afterwards? */
#include "lib/unit.h"

#include "services/dynamodb/ongoing.h"

#include <pthread.h>
#include <stdio.h>

static void keys_are_there_while_entered(void **state)
{
    struct ongoing *ongoing = ongoing_create();
    struct ongoing_key keys[] = {{.key = SLICE("a")}, {.key = SLICE("")}, {.key = SLICE("b")}};

    (void)state;
    assert_false(ongoing_has(ongoing, SLICE("a")));
    assert_true(ongoing_enter(ongoing, keys, 3));
    assert_true(ongoing_has(ongoing, SLICE("a")));
    assert_true(ongoing_has(ongoing, SLICE("b")));
    assert_false(ongoing_has(ongoing, SLICE("c")));
    assert_false(ongoing_has(ongoing, SLICE("")));
    ongoing_leave(ongoing, keys, 3);
    assert_false(ongoing_has(ongoing, SLICE("a")));
    assert_false(ongoing_has(ongoing, SLICE("b")));
    ongoing_destroy(ongoing);
}

static void who_meets_another_enters_nothing(void **state)
{
    struct ongoing *ongoing = ongoing_create();
    struct ongoing_key first[] = {{.key = SLICE("a")}, {.key = SLICE("b")}};
    struct ongoing_key second[] = {{.key = SLICE("c")}, {.key = SLICE("b")}, {.key = SLICE("")}};

    (void)state;
    assert_true(ongoing_enter(ongoing, first, 2));
    assert_false(ongoing_enter(ongoing, second, 3));
    assert_false(second[0].met);
    assert_true(second[1].met);
    assert_false(second[2].met);
    assert_false(ongoing_has(ongoing, SLICE("c")));
    ongoing_leave(ongoing, first, 2);
    assert_true(ongoing_enter(ongoing, second, 3));
    assert_false(second[1].met);
    ongoing_leave(ongoing, second, 3);
    ongoing_destroy(ongoing);
}

enum { THREADS = 4, ROUNDS = 5000, KEYS = 3 };

static struct ongoing *shared;
static int inside[KEYS]; /* how many think that they have the key: guarded by the registry itself */

static void *come_and_go(void *argument)
{
    unsigned chance = (unsigned)(uintptr_t)argument;
    static const char *const names[KEYS] = {"x", "y", "z"};

    for (int round = 0; round < ROUNDS; round++) {
        struct ongoing_key keys[2];
        chance = chance * 1103515245 + 12345;
        unsigned a = chance >> 16 & 0xff, b = a / KEYS + 1;
        a %= KEYS;
        b = (a + 1 + b % (KEYS - 1)) % KEYS;
        keys[0] = (struct ongoing_key){.key = slice_of(names[a])};
        keys[1] = (struct ongoing_key){.key = slice_of(names[b])};
        if (!ongoing_enter(shared, keys, 2))
            continue;
        assert_int_equal(inside[a]++, 0);
        assert_int_equal(inside[b]++, 0);
        inside[a]--;
        inside[b]--;
        ongoing_leave(shared, keys, 2);
    }
    return NULL;
}

static void a_key_is_one_transactions_at_a_time(void **state)
{
    pthread_t threads[THREADS];

    (void)state;
    shared = ongoing_create();
    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, come_and_go, (void *)(i + 1)), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_false(ongoing_has(shared, SLICE("x")));
    ongoing_destroy(shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keys_are_there_while_entered),
                                       cmocka_unit_test(who_meets_another_enters_nothing),
                                       cmocka_unit_test(a_key_is_one_transactions_at_a_time)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
