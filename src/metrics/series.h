/*
 * A series: one metric over time, as rings of buckets of three widths. Its owner has the lock.
 */
#ifndef TURNTABLE_METRICS_SERIES_H
#define TURNTABLE_METRICS_SERIES_H

#include "metrics/metrics.h"

struct bucket {
    int64_t time; /* of its beginning */
    struct distribution values;
    struct buffer packed; /* the histogram; empty: there is none */
};

struct ring {
    struct bucket *buckets; /* in the order of time */
    size_t count;
    size_t room;
};

enum { RING_FINE, RING_MINUTES, RING_COARSE, RING_COUNT };

struct series {
    struct series *next; /* its owner's */
    uint64_t number;
    uint64_t hash;
    struct metric_name name; /* with texts of its own */
    struct ring rings[RING_COUNT];
};

struct series *series_create(const struct metric_name *name);
void series_destroy(struct series *series);

/* Adds what happened at a time; `histogram` NULL: there is none. Returns by how many bytes the series grew.
 */
size_t series_add(struct series *series, int64_t time, const struct distribution *values,
                  const struct histogram *histogram);

/* Lets go of the buckets of each ring that began before `now` less its span, and of all that began before
 * `floor`. */
void series_prune(struct series *series, int64_t now, int64_t floor);

/* The beginning of the last bucket; INT64_MIN: there is none. And of the first, or INT64_MAX. */
int64_t series_latest(const struct series *series);
int64_t series_earliest(const struct series *series);
size_t series_bytes(const struct series *series);

size_t series_read(const struct series *series, const struct metrics_range *range, const double *percents,
                   size_t percent_count, struct arena *arena, struct metric_point **out);

#endif
