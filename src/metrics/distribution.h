/*
 * Distributions: many values in little room. A struct distribution has what is exact, how many there were,
 * their sum and their bounds; a histogram beside it tells how they lie between, each of them to an eighth.
 *
 * Places of a histogram are of width 1 up to 16, and eight to each doubling from there to 2^27; what is above
 * counts as the last. A packed histogram is a list of (places skipped, count), both as bytes of seven bits.
 */
#ifndef TURNTABLE_METRICS_DISTRIBUTION_H
#define TURNTABLE_METRICS_DISTRIBUTION_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/failure.h"

struct distribution {
    uint64_t count;
    uint64_t sum;
    uint64_t min; /* nothing is told by the bounds of no values */
    uint64_t max;
};

/* One value. In each request several times, so it is no call. */
static inline void distribution_add(struct distribution *to, uint64_t value)
{
    if (to->count == 0 || value < to->min)
        to->min = value;
    if (to->count == 0 || value > to->max)
        to->max = value;
    to->count++;
    to->sum += value;
}

void distribution_merge(struct distribution *to, const struct distribution *from);

enum { HISTOGRAM_PLACES = 200 };

struct histogram {
    uint64_t counts[HISTOGRAM_PLACES];
};

void histogram_add(struct histogram *to, uint64_t value);
void histogram_merge(struct histogram *to, const struct histogram *from);

void histogram_pack(const struct histogram *histogram, struct buffer *out);
/* Adds what was packed. False if that is nothing that histogram_pack() writes. */
must_use bool histogram_unpack(struct histogram *to, struct slice packed);

/* The value below which `percent` (0 to 100) of the values are, which is between those of the distribution.
 * There is at least one. */
double histogram_percentile(const struct histogram *histogram, const struct distribution *of, double percent);

#endif
