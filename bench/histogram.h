/*
 * Latencies in nanoseconds, counted in buckets no wider than 1/64 of their value, so that a percentile is
 * right to about 1.5 %.
 */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_BUCKETS = 64 * 64 };

struct histogram {
    uint64_t counts[HISTOGRAM_BUCKETS];
    uint64_t total;
    uint64_t max; /* exact */
};

void histogram_add(struct histogram *histogram, uint64_t nanoseconds);

/* The smallest latency that `fraction` (0 to 1) of the requests did not exceed; 0 if there were none. */
uint64_t histogram_percentile(const struct histogram *histogram, double fraction);

#endif
