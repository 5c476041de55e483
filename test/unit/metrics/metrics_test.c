/* Metrics: what many threads note is counted once, and what is kept stays bounded. */
#include "lib/unit_arena.h"

#include <pthread.h>

#include "base/clock.h"
#include "metrics/metrics.h"

enum { THREADS = 4, NOTES = 2000 };

static void note(struct metrics *metrics, struct slice table, int status)
{
    struct metrics_part part = {.table = table, .index = SLICE("")};
    const struct metrics_request request = {.operation = "GetItem",
                                            .parts = &part,
                                            .latency = 100,
                                            .status = status,
                                            .user_error = status == 400};

    part.amounts[METRIC_CONSUMED_READ] = 3;
    part.present = (uint32_t)1 << METRIC_CONSUMED_READ;
    metrics_note(metrics, &request);
}

static struct distribution total(struct metrics *metrics, enum metric metric, struct slice table,
                                 struct slice detail)
{
    const struct metric_name name = {metric, table, detail};
    const struct metrics_range range = {clock_now() / 1000 - 86400, clock_now() / 1000 + 86400, 300};
    struct distribution sum = {0};
    struct metric_point *points;

    metrics_settle(metrics);
    size_t count = metrics_read(metrics, &name, &range, NULL, 0, &arena, &points);
    for (size_t i = 0; i < count; i++)
        distribution_merge(&sum, &points[i].values);
    return sum;
}

static void *note_many(void *metrics)
{
    for (int i = 0; i < NOTES; i++) {
        note(metrics, SLICE("t"), i % 4 == 0 ? 400 : 200);
        if (i % 100 == 0)
            metrics_settle(metrics);
    }
    return NULL;
}

static void threads_lose_nothing(void **state)
{
    struct metrics *metrics = metrics_create();
    pthread_t threads[THREADS];
    (void)state;

    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, note_many, metrics), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    struct distribution all = total(metrics, METRIC_REQUESTS, SLICE(""), SLICE(""));
    assert_int_equal(all.count, THREADS * NOTES);
    assert_int_equal(total(metrics, METRIC_CONSUMED_READ, SLICE("t"), SLICE("")).sum, 3 * THREADS * NOTES);
    assert_int_equal(total(metrics, METRIC_USER_ERRORS, SLICE(""), SLICE("")).count, THREADS * NOTES / 4);
    assert_int_equal(total(metrics, METRIC_SUCCESS_LATENCY, SLICE("t"), SLICE("GetItem")).count,
                     THREADS * NOTES / 4 * 3);
    assert_int_equal(total(metrics, METRIC_SUCCESS_LATENCY, SLICE("t"), SLICE("")).count, 0);
    metrics_destroy(metrics);
}

static bool is_anything(void *context, const struct metric_listed *series)
{
    (void)context;
    (void)series;
    return true;
}

static void series_are_bounded_and_listed_by_their_age(void **state)
{
    enum { TABLES = 12 * 1000, MOST = 20 * 1000, ROOM = 30 * 1000 };
    struct metrics *metrics = metrics_create();
    struct metric_listed *listed = arena_array(&arena, struct metric_listed, ROOM);
    (void)state;

    for (int i = 0; i < TABLES; i++)
        note(metrics, arena_printf(&arena, "table-%d", i), 200);
    metrics_settle(metrics);
    size_t count = metrics_list(metrics, 0, ROOM, is_anything, NULL, &arena, listed);
    assert_int_equal(count, MOST);
    for (size_t i = 1; i < count; i++)
        assert_true(listed[i - 1].number < listed[i].number);
    assert_int_equal(metrics_list(metrics, listed[9].number, 5, is_anything, NULL, &arena, listed), 5);
    metrics_destroy(metrics);
}

static void what_was_noted_and_not_settled_is_given_back(void **state)
{
    struct metrics *metrics = metrics_create();
    (void)state;

    note(metrics, SLICE("t"), 200);
    metrics_note_value(metrics, METRIC_MEMORY_BYTES, 1);
    metrics_destroy(metrics);
    metrics_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(threads_lose_nothing),
        ARENA_TEST(series_are_bounded_and_listed_by_their_age),
        ARENA_TEST(what_was_noted_and_not_settled_is_given_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
