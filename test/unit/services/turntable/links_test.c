/* Is a one-time link good once, for its time, as whoever made it, and for nobody who guesses? */
#include "lib/unit.h"

#include <pthread.h>
#include <stdatomic.h>

#include "services/turntable/links.h"

enum { NOW = 1000000 };

static const struct link_owner root = {{NULL, 0}, {NULL, 0}};

static bool redeems(struct links *links, struct slice token, int64_t now)
{
    struct link_owner owner;
    struct arena arena;

    arena_init(&arena);
    bool good = links_redeem(links, token, now, &arena, &owner);
    arena_finish(&arena);
    return good;
}

static void with_links(void (*test)(struct links *links, struct arena *arena))
{
    struct links *links = links_create();
    struct arena arena;

    arena_init(&arena);
    test(links, &arena);
    arena_finish(&arena);
    links_destroy(links);
}

static void once(struct links *links, struct arena *arena)
{
    struct slice first = links_issue(links, &root, NOW, arena),
                 second = links_issue(links, &root, NOW, arena);

    assert_int_equal(first.len, LINK_TOKEN_LENGTH);
    assert_false(slice_equal(first, second));
    assert_true(redeems(links, first, NOW));
    assert_false(redeems(links, first, NOW));
    assert_true(redeems(links, second, NOW));
    assert_false(redeems(links, second, NOW));
}

static void for_its_time(struct links *links, struct arena *arena)
{
    struct slice early = links_issue(links, &root, NOW, arena), late = links_issue(links, &root, NOW, arena);

    assert_false(redeems(links, late, NOW + LINK_LIFETIME));
    assert_false(redeems(links, late, NOW)); /* used up all the same */
    assert_true(redeems(links, early, NOW + LINK_LIFETIME - 1));
}

static void for_nobody_else(struct links *links, struct arena *arena)
{
    char zeros[LINK_TOKEN_LENGTH] = {0};

    assert_false(redeems(links, (struct slice){zeros, sizeof(zeros)}, NOW));
    assert_false(redeems(links, (struct slice){zeros, sizeof(zeros)}, -NOW)); /* the empty places match */
    struct slice token = links_issue(links, &root, NOW, arena);
    assert_false(redeems(links, (struct slice){token.ptr, token.len - 1}, NOW));
    assert_false(redeems(links, SLICE(""), NOW));
    char *guess = arena_alloc(arena, token.len);
    memcpy(guess, token.ptr, token.len);
    guess[token.len - 1] ^= 1;
    assert_false(redeems(links, (struct slice){guess, token.len}, NOW));
    assert_true(redeems(links, token, NOW)); /* guesses do not burn it */
}

static void few(struct links *links, struct arena *arena)
{
    struct slice oldest = links_issue(links, &root, NOW, arena), next = links_issue(links, &root, NOW, arena);

    for (unsigned i = 0; i < LINKS_LIMIT - 1; i++)
        (void)links_issue(links, &root, NOW, arena);
    assert_false(redeems(links, oldest, NOW));
    assert_true(redeems(links, next, NOW));
}

struct race {
    struct links *links;
    struct slice token;
    atomic_int won;
};

static void *run(void *context)
{
    struct race *race = context;

    if (redeems(race->links, race->token, NOW))
        atomic_fetch_add(&race->won, 1);
    return NULL;
}

static void one_of_many(struct links *links, struct arena *arena)
{
    pthread_t threads[8];
    struct race race = {.links = links, .token = links_issue(links, &root, NOW, arena)};

    for (unsigned i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run, &race), 0);
    for (unsigned i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&race.won), 1);
}

static void whose(struct links *links, struct arena *arena)
{
    char long_name[64], id[] = "AIDAQWERTYUIOPASDFGHJ";
    struct link_owner ana = {{long_name, sizeof(long_name)}, slice_of(id)}, got;

    memset(long_name, 'a', sizeof(long_name));
    struct slice hers = links_issue(links, &ana, NOW, arena), roots = links_issue(links, &root, NOW, arena);
    memset(long_name, 'b', sizeof(long_name)); /* what it was is kept */
    memset(id, 'B', 4);
    assert_true(links_redeem(links, hers, NOW, arena, &got));
    memset(long_name, 'a', sizeof(long_name));
    assert_true(slice_equal(got.name, ana.name));
    assert_true(slice_is(got.id, "AIDAQWERTYUIOPASDFGHJ"));
    assert_true(links_redeem(links, roots, NOW, arena, &got));
    assert_int_equal(got.name.len + got.id.len, 0);
}

#define TEST(name)                                                                                           \
    static void test_##name(void **state)                                                                    \
    {                                                                                                        \
        (void)state;                                                                                         \
        with_links(name);                                                                                    \
    }
TEST(once)
TEST(for_its_time)
TEST(for_nobody_else)
TEST(few)
TEST(one_of_many)
TEST(whose)

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_once),
                                       cmocka_unit_test(test_for_its_time),
                                       cmocka_unit_test(test_for_nobody_else),
                                       cmocka_unit_test(test_few),
                                       cmocka_unit_test(test_one_of_many),
                                       cmocka_unit_test(test_whose)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
