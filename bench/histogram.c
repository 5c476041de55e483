#include "histogram.h"

/*
 * bucket      covers
 * 0 .. 63     the value itself
 * 64k + s     (64 + s) << (k - 1) up to the next bucket, for k = 1 .. 58
 */
static unsigned bucket_of(uint64_t value)
{
    if (value < 64)
        return (unsigned)value;
    unsigned top = 63 - (unsigned)__builtin_clzll(value);
    unsigned shift = top - 6;
    return 64 * (shift + 1) + (unsigned)((value >> shift) & 63);
}

static uint64_t highest_in(unsigned bucket)
{
    if (bucket < 64)
        return bucket;
    unsigned shift = bucket / 64 - 1;
    return ((64 + (uint64_t)(bucket % 64) + 1) << shift) - 1;
}

void histogram_add(struct histogram *histogram, uint64_t nanoseconds)
{
    histogram->counts[bucket_of(nanoseconds)]++;
    histogram->total++;
    if (nanoseconds > histogram->max)
        histogram->max = nanoseconds;
}

uint64_t histogram_percentile(const struct histogram *histogram, double fraction)
{
    double rank = fraction * (double)histogram->total;
    uint64_t seen = 0;
    for (unsigned bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        seen += histogram->counts[bucket];
        if (seen > 0 && (double)seen >= rank) {
            uint64_t value = highest_in(bucket);
            return value < histogram->max ? value : histogram->max;
        }
    }
    return 0;
}
