/* Series: what happened when is found again at any step, until it is too old. */
#include "lib/unit_arena.h"

#include "metrics/series.h"

static const int64_t noon = 20000 * 86400 + 12 * 3600;

static void add(struct series *series, int64_t time, uint64_t value)
{
    struct distribution values = {0};
    struct histogram histogram = {{0}};

    distribution_add(&values, value);
    histogram_add(&histogram, value);
    (void)series_add(series, time, &values, metric_has_histogram(series->name.metric) ? &histogram : NULL);
}

static struct series *make(enum metric metric)
{
    const struct metric_name name = {metric, SLICE("table"), SLICE("GetItem")};

    return series_create(&name);
}

static size_t read_all(const struct series *series, int64_t period, struct metric_point **points)
{
    const struct metrics_range range = {noon - 86400 * 10, noon + 86400, period};
    const double median = 50;

    return series_read(series, &range, &median, 1, &arena, points);
}

static void points_are_of_the_period_they_fall_into(void **state)
{
    struct series *series = make(METRIC_SUCCESS_LATENCY);
    struct metric_point *points;
    (void)state;

    add(series, noon, 1);
    add(series, noon + 59, 3);
    add(series, noon + 60, 5);
    add(series, noon + 600, 7);
    assert_int_equal(read_all(series, 60, &points), 3);
    assert_int_equal(points[0].time, noon);
    assert_int_equal(points[0].values.count, 2);
    assert_int_equal(points[0].values.sum, 4);
    assert_int_equal(points[1].time, noon + 60);
    assert_int_equal(points[2].time, noon + 600);
    assert_int_equal(read_all(series, 120, &points), 2);
    assert_int_equal(points[0].values.count, 3);
    assert_int_equal(read_all(series, 300, &points), 2);
    assert_int_equal(points[0].values.max, 5);
    assert_int_equal(read_all(series, 86400, &points), 1);
    assert_int_equal(points[0].time, noon - noon % 86400);
    assert_int_equal(points[0].values.sum, 16);
    assert_true(points[0].percentiles[0] >= 3 && points[0].percentiles[0] <= 5);
    assert_int_equal(read_all(series, 10, &points), 0); /* only the server's own are so fine */
    series_destroy(series);
}

static void ends_are_left_out_and_beginnings_rounded(void **state)
{
    struct series *series = make(METRIC_CONSUMED_READ);
    struct metric_point *points;
    (void)state;

    for (int i = 0; i < 10; i++)
        add(series, noon + i * 60, 1);
    const struct metrics_range range = {noon + 61, noon + 300, 60};
    assert_int_equal(series_read(series, &range, NULL, 0, &arena, &points), 4);
    assert_int_equal(points[0].time, noon + 60);
    assert_int_equal(points[3].time, noon + 240);
    assert_null(points[0].percentiles);
    series_destroy(series);
}

/* A clock may be set back. */
static void order_is_that_of_time(void **state)
{
    struct series *series = make(METRIC_REQUESTS);
    static const int64_t offsets[] = {120, 0, 60, 0, 130, 30};
    struct metric_point *points;
    (void)state;

    for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++)
        add(series, noon + offsets[i], 1);
    size_t count = read_all(series, 10, &points);
    assert_int_equal(count, 5);
    for (size_t i = 1; i < count; i++)
        assert_true(points[i - 1].time < points[i].time);
    assert_int_equal(points[0].values.count, 2);
    series_destroy(series);
}

static void old_buckets_go_the_finest_first(void **state)
{
    struct series *series = make(METRIC_REQUESTS);
    struct metric_point *points;
    (void)state;

    for (int64_t time = noon - 3 * 86400; time < noon; time += 60)
        add(series, time, 1);
    size_t before = series_bytes(series);
    series_prune(series, noon, INT64_MIN);
    assert_true(series_bytes(series) < before);
    assert_int_equal(read_all(series, 10, &points), 5);
    assert_int_equal(read_all(series, 60, &points), 180);
    assert_int_equal(read_all(series, 300, &points), 576);
    assert_int_equal(points[0].time, noon - 2 * 86400);
    assert_int_equal(series_earliest(series), noon - 2 * 86400);
    assert_int_equal(series_latest(series), noon - 60);
    series_prune(series, noon, noon);
    assert_int_equal(series_latest(series), INT64_MIN);
    series_destroy(series);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(points_are_of_the_period_they_fall_into),
        ARENA_TEST(ends_are_left_out_and_beginnings_rounded),
        ARENA_TEST(order_is_that_of_time),
        ARENA_TEST(old_buckets_go_the_finest_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
