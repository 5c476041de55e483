/*
 * An intake: what was noted in one span of METRICS_FINE seconds by the threads that share it. It knows no
 * lock; its owner has one.
 */
#ifndef TURNTABLE_METRICS_INTAKE_H
#define TURNTABLE_METRICS_INTAKE_H

#include "metrics/metrics.h"

/* One operation on one table, or all operations on one index. */
struct intake_cell {
    struct intake_cell *next; /* in its slot */
    uint64_t hash;
    struct slice table;
    struct slice index;    /* empty: it is of an operation */
    const char *operation; /* as it was noted; NULL: of all */
    struct distribution values[METRICS_OF_TABLES];
    struct histogram latency;
};

struct intake {
    int64_t time; /* of its beginning */
    struct arena arena;
    struct intake_cell **slots;
    size_t slot_count; /* a power of two */
    size_t count;
    struct distribution values[METRIC_COUNT]; /* of the account; requests are as many as latencies */
    struct histogram latency;
    struct intake *next; /* its owner's */
};

struct intake *intake_create(int64_t time);
void intake_destroy(struct intake *intake);

void intake_note(struct intake *intake, const struct metrics_request *request);

#endif
