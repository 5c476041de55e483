/*
 * An intake: what was noted in one span of METRICS_FINE seconds by the threads that share it. It knows no
 * lock; its owner has one.
 */
#ifndef TURNTABLE_METRICS_INTAKE_H
#define TURNTABLE_METRICS_INTAKE_H

#include "metrics/metrics.h"

struct latencies {
    struct distribution values;
    struct histogram histogram;
};

/* One operation on one table, or all operations on one index. */
struct intake_cell {
    struct intake_cell *next; /* in its slot */
    uint64_t hash;
    struct slice table;
    struct slice index;                            /* empty: it is of an operation */
    const char *operation;                         /* as it was noted; NULL: of all */
    struct distribution values[METRICS_OF_TABLES]; /* but for latency */
    struct latencies alone;   /* of requests about this table alone: they are noted nowhere else */
    struct latencies *shared; /* of those about others too; NULL: there were none */
};

struct intake {
    int64_t time; /* of its beginning */
    struct arena arena;
    struct intake_cell **slots;
    size_t slot_count; /* a power of two */
    size_t count;
    struct distribution values[METRIC_COUNT]; /* of the account, but for latency */
    struct latencies others;                  /* of requests that no cell has alone */
    struct intake *next;                      /* its owner's */
};

struct intake *intake_create(int64_t time);
void intake_destroy(struct intake *intake);

void intake_note(struct intake *intake, const struct metrics_request *request);

#endif
