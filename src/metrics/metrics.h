/*
 * Metrics: what requests took, did and failed of, counted in memory while the server runs, as CloudWatch has
 * it.
 *
 *     metrics_note(metrics, &request);                   behind each answer, on its thread
 *     metrics_settle(metrics);                           now and then, and before reading
 *     metrics_read(metrics, &name, &range, ...);         points of one metric
 *
 * Whoever notes a request adds to an intake that is shared with few other threads, and waits for nobody who
 * reads. A settling empties the intakes into series. A series has buckets of a minute for three hours, of
 * five minutes for two days, and, in the namespace of this server, of ten seconds for five minutes; only
 * buckets in which something happened exist. Bounded are the series, those that were silent longest go first,
 * and their bytes, the oldest buckets go first. All is lost at the end of the server.
 *
 * Times are seconds since 1970. Threads: any.
 */
#ifndef TURNTABLE_METRICS_METRICS_H
#define TURNTABLE_METRICS_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "metrics/distribution.h"

enum metric {
#define X(id, space, name, unit, by, worth) METRIC_##id,
#include "metrics/metrics.def"
#undef X
    METRIC_COUNT,
    METRICS_OF_TABLES = METRIC_USER_ERRORS, /* the first so many are of tables */
};

enum metric_dimensions { BY_ACCOUNT, BY_TABLE, BY_OPERATION, BY_TABLE_OR_INDEX };

struct metric_type {
    const char *space;
    const char *name;
    const char *unit;
    enum metric_dimensions by;
    double worth; /* of what a distribution counts, in units */
};

extern const struct metric_type metric_types[METRIC_COUNT];

/* Whether it has percentiles, and whether it has buckets of ten seconds. */
bool metric_has_histogram(enum metric metric);
bool metric_is_fine(enum metric metric);

enum { METRICS_FINE = 10, METRICS_MINUTE = 60, METRICS_COARSE = 300 };

/* ---- noting ---- */

/* What a request did to a table, or to a global index of it. */
struct metrics_part {
    struct metrics_part *next;
    struct slice table;
    struct slice index;                  /* empty: the table */
    uint64_t amounts[METRICS_OF_TABLES]; /* in the type's worth; of latency: none */
    uint32_t present;                    /* a bit for each that is there, though it may be 0 */
};

struct metrics_request {
    const char *operation; /* lives as long as the metrics do */
    const struct metrics_part *parts;
    uint64_t latency; /* microseconds */
    int status;       /* of HTTP */
    bool user_error;  /* it counts as such (UserErrors) */
};

struct metrics;

struct metrics *metrics_create(void);
void metrics_destroy(struct metrics *metrics); /* accepts NULL */

void metrics_note(struct metrics *metrics, const struct metrics_request *request);
/* A value of an account's metric, such as MEMORY_BYTES. */
void metrics_note_value(struct metrics *metrics, enum metric metric, uint64_t value);

/* What was noted before is read afterwards. */
void metrics_settle(struct metrics *metrics);

/* ---- reading ---- */

/* A metric with its dimensions. */
struct metric_name {
    enum metric metric;
    struct slice table;  /* empty: an account's */
    struct slice detail; /* the operation, or the global index; empty: there is none */
};

/* Points begin at multiples of the period, the first at or before `from`, the last before `to`. */
struct metrics_range {
    int64_t from;
    int64_t to;
    int64_t period; /* 1, 5, 10, 20, 30, or a multiple of 60 */
};

struct metric_point {
    int64_t time;
    struct distribution values; /* in the type's worth */
    double *percentiles;        /* as many as were asked for; NULL: the metric has none */
};

/* The points in which there is something, in the order of time. They live in the arena. Returns how many. */
size_t metrics_read(struct metrics *metrics, const struct metric_name *name,
                    const struct metrics_range *range, const double *percents, size_t percent_count,
                    struct arena *arena, struct metric_point **out);

/* A series that is there. */
struct metric_listed {
    uint64_t number; /* goes up with the series' age; never used twice */
    struct metric_name name;
    int64_t latest; /* the beginning of its last bucket */
};

/* Those with a number above `after`, at most `limit` of them, in the order of their numbers, for which
 * `wanted` is true. Returns how many. Names live in the arena. */
size_t metrics_list(struct metrics *metrics, uint64_t after, size_t limit,
                    bool (*wanted)(void *context, const struct metric_listed *series), void *context,
                    struct arena *arena, struct metric_listed *out);

#endif
