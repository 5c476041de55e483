/* Distributions: bounds and sums are exact, percentiles lie within an eighth, what is packed is unpacked. */
#include "lib/unit.h"

#include "metrics/distribution.h"

static void bounds_and_sums_are_exact(void **state)
{
    struct distribution all = {0}, some = {0};
    (void)state;

    distribution_add(&some, 7);
    distribution_add(&some, 7);
    distribution_merge(&all, &some);
    distribution_merge(&all, &(struct distribution){0});
    distribution_add(&all, 3);
    assert_int_equal(all.count, 3);
    assert_int_equal(all.sum, 17);
    assert_int_equal(all.min, 3);
    assert_int_equal(all.max, 7);
}

static double percentile_of_up_to(uint64_t most, uint64_t step, double percent)
{
    struct distribution values = {0};
    struct histogram histogram = {{0}};

    for (uint64_t i = step; i <= most; i += step) {
        distribution_add(&values, i);
        histogram_add(&histogram, i);
    }
    return histogram_percentile(&histogram, &values, percent);
}

static void percentiles_lie_within_an_eighth(void **state)
{
    static const double percents[] = {0, 1, 10, 50, 90, 99, 99.9, 100};
    (void)state;

    for (uint64_t most = 10; most < 100 * 1000 * 1000; most *= 7) {
        uint64_t step = most / 1000 + 1;
        for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++) {
            double told = percentile_of_up_to(most, step, percents[i]),
                   truly = (double)most * percents[i] / 100;
            double slack = truly / 8 + 2 * (double)step;
            if (told < truly - slack || told > truly + slack)
                fail_msg("p%g of 1 to %llu: %g", percents[i], (unsigned long long)most, told);
        }
    }
}

static void one_value_is_every_percentile(void **state)
{
    (void)state;
    for (uint64_t value = 1; value < (uint64_t)1 << 40; value = value * 3 + 1) {
        struct distribution values = {0};
        struct histogram histogram = {{0}};
        distribution_add(&values, value);
        histogram_add(&histogram, value);
        assert_true(histogram_percentile(&histogram, &values, 0) == (double)value);
        assert_true(histogram_percentile(&histogram, &values, 50) == (double)value);
        assert_true(histogram_percentile(&histogram, &values, 100) == (double)value);
    }
}

static void what_is_packed_is_unpacked(void **state)
{
    struct histogram one = {{0}}, back = {{0}}, twice = {{0}};
    struct buffer packed;
    (void)state;

    for (uint64_t i = 0; i < 5000; i++)
        histogram_add(&one, i * i * i);
    one.counts[HISTOGRAM_PLACES - 1] = UINT64_MAX / 4;
    buffer_init(&packed);
    histogram_pack(&one, &packed);
    assert_true(histogram_unpack(&back, buffer_slice(&packed)));
    assert_memory_equal(&back, &one, sizeof(one));
    assert_true(histogram_unpack(&back, buffer_slice(&packed)));
    histogram_merge(&twice, &one);
    histogram_merge(&twice, &one);
    assert_memory_equal(&back, &twice, sizeof(twice));
    buffer_finish(&packed);
}

static void what_was_not_packed_is_refused(void **state)
{
    struct histogram histogram = {{0}};
    (void)state;

    assert_true(histogram_unpack(&histogram, SLICE("")));
    assert_true(histogram_unpack(&histogram, SLICE("\x05\x01")));
    assert_int_equal(histogram.counts[5], 1);
    assert_false(histogram_unpack(&histogram, SLICE("\x05")));
    assert_false(histogram_unpack(&histogram, SLICE("\x05\x81")));
    assert_false(histogram_unpack(&histogram, SLICE("\xC8\x01\x01"))); /* place 200 */
    assert_false(histogram_unpack(&histogram, SLICE("\xC7\x01\x01\x01\x01")));
    assert_false(histogram_unpack(&histogram, SLICE("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_and_sums_are_exact),      cmocka_unit_test(percentiles_lie_within_an_eighth),
        cmocka_unit_test(one_value_is_every_percentile),  cmocka_unit_test(what_is_packed_is_unpacked),
        cmocka_unit_test(what_was_not_packed_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
