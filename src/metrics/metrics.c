#include "metrics/metrics.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/hash.h"
#include "metrics/intake.h"
#include "metrics/series.h"

enum {
    SHARDS = 16, /* more than a server has threads, mostly */
    SLOTS_FIRST = 256,
    SERIES_LIMIT = 20 * 1000,
    BYTES_LIMIT = 64 * 1024 * 1024,
};

const struct metric_type metric_types[METRIC_COUNT] = {
#define X(id, space, name, unit, by, worth) [METRIC_##id] = {space, name, unit, BY_##by, worth},
#include "metrics/metrics.def"
#undef X
};

bool metric_has_histogram(enum metric metric)
{
    return metric == METRIC_SUCCESS_LATENCY || metric == METRIC_LATENCY;
}

bool metric_is_fine(enum metric metric)
{
    return metric >= METRIC_REQUESTS;
}

/* What some threads add to. A thread keeps to one. */
struct shard {
    _Alignas(64) pthread_mutex_t lock;
    struct intake *intakes; /* the latest first */
};

struct metrics {
    struct shard shards[SHARDS];
    pthread_mutex_t lock; /* of what follows; taken before a shard's */
    struct series **slots;
    size_t slot_count; /* a power of two */
    size_t count;
    size_t bytes; /* of all series, about */
    uint64_t last_number;
    int64_t pruned; /* the minute of the last time */
};

struct metrics *metrics_create(void)
{
    struct metrics *metrics = aligned_alloc(_Alignof(struct metrics), sizeof(*metrics));

    CHECK(metrics != NULL);
    memset(metrics, 0, sizeof(*metrics));
    for (unsigned i = 0; i < SHARDS; i++)
        CHECK(pthread_mutex_init(&metrics->shards[i].lock, NULL) == 0);
    CHECK(pthread_mutex_init(&metrics->lock, NULL) == 0);
    metrics->slot_count = SLOTS_FIRST;
    metrics->slots = calloc(metrics->slot_count, sizeof(metrics->slots[0]));
    CHECK(metrics->slots != NULL);
    return metrics;
}

void metrics_destroy(struct metrics *metrics)
{
    if (metrics == NULL)
        return;
    for (unsigned i = 0; i < SHARDS; i++) {
        for (struct intake *intake = metrics->shards[i].intakes, *next; intake != NULL; intake = next) {
            next = intake->next;
            intake_destroy(intake);
        }
        pthread_mutex_destroy(&metrics->shards[i].lock);
    }
    for (size_t i = 0; i < metrics->slot_count; i++) {
        for (struct series *series = metrics->slots[i], *next; series != NULL; series = next) {
            next = series->next;
            series_destroy(series);
        }
    }
    free(metrics->slots);
    pthread_mutex_destroy(&metrics->lock);
    free(metrics);
}

/* ---- noting ---- */

static struct shard *own_shard(struct metrics *metrics)
{
    static atomic_uint threads;
    static _Thread_local unsigned number; /* 0: not given yet */

    if (number == 0)
        number = atomic_fetch_add(&threads, 1) % SHARDS + 1;
    return &metrics->shards[number - 1];
}

/* The lock is held. */
static struct intake *present_intake(struct shard *shard)
{
    int64_t seconds = clock_about_now() / 1000, time = seconds - seconds % METRICS_FINE;

    if (shard->intakes == NULL || shard->intakes->time != time) {
        struct intake *made = intake_create(time);
        made->next = shard->intakes;
        shard->intakes = made;
    }
    return shard->intakes;
}

void metrics_note(struct metrics *metrics, const struct metrics_request *request)
{
    struct shard *shard = own_shard(metrics);

    pthread_mutex_lock(&shard->lock);
    intake_note(present_intake(shard), request);
    pthread_mutex_unlock(&shard->lock);
}

void metrics_note_value(struct metrics *metrics, enum metric metric, uint64_t value)
{
    struct shard *shard = own_shard(metrics);

    pthread_mutex_lock(&shard->lock);
    distribution_add(&present_intake(shard)->values[metric], value);
    pthread_mutex_unlock(&shard->lock);
}

/* ---- series; all below holds the lock of the metrics ---- */

static uint64_t hash_of(const struct metric_name *name)
{
    return hash_bytes(name->table) + 31 * hash_bytes(name->detail) + 1009 * (uint64_t)name->metric;
}

static struct series **find(const struct metrics *metrics, const struct metric_name *name, uint64_t hash)
{
    struct series **at = &metrics->slots[hash & (metrics->slot_count - 1)];

    while (*at != NULL &&
           ((*at)->hash != hash || (*at)->name.metric != name->metric ||
            !slice_equal((*at)->name.table, name->table) || !slice_equal((*at)->name.detail, name->detail)))
        at = &(*at)->next;
    return at;
}

static void grow(struct metrics *metrics)
{
    size_t slot_count = metrics->slot_count * 2;
    struct series **slots = calloc(slot_count, sizeof(slots[0]));

    CHECK(slots != NULL);
    for (size_t i = 0; i < metrics->slot_count; i++) {
        for (struct series *series = metrics->slots[i], *next; series != NULL; series = next) {
            next = series->next;
            struct series **slot = &slots[series->hash & (slot_count - 1)];
            series->next = *slot;
            *slot = series;
        }
    }
    free(metrics->slots);
    metrics->slots = slots;
    metrics->slot_count = slot_count;
}

static void forget(struct metrics *metrics, struct series **at)
{
    struct series *gone = *at;

    *at = gone->next;
    metrics->count--;
    series_destroy(gone);
}

static void forget_most_silent(struct metrics *metrics)
{
    struct series **most = NULL;

    for (size_t i = 0; i < metrics->slot_count; i++) {
        for (struct series **at = &metrics->slots[i]; *at != NULL; at = &(*at)->next) {
            if (most == NULL || series_latest(*at) < series_latest(*most))
                most = at;
        }
    }
    metrics->bytes -= series_bytes(*most);
    forget(metrics, most);
}

static struct series *series_of(struct metrics *metrics, const struct metric_name *name)
{
    uint64_t hash = hash_of(name);
    struct series *series = *find(metrics, name, hash);

    if (series != NULL)
        return series;
    if (metrics->count >= SERIES_LIMIT)
        forget_most_silent(metrics);
    if (metrics->count >= metrics->slot_count)
        grow(metrics);
    series = series_create(name);
    series->hash = hash;
    series->number = ++metrics->last_number;
    *find(metrics, name, hash) = series;
    metrics->count++;
    metrics->bytes += series_bytes(series);
    return series;
}

/* Lets go of what is too old, or older than `floor`. Counts the bytes anew. */
static void prune(struct metrics *metrics, int64_t now, int64_t floor)
{
    metrics->bytes = 0;
    for (size_t i = 0; i < metrics->slot_count; i++) {
        for (struct series **at = &metrics->slots[i]; *at != NULL;) {
            series_prune(*at, now, floor);
            if (series_latest(*at) == INT64_MIN) {
                forget(metrics, at);
                continue;
            }
            metrics->bytes += series_bytes(*at);
            at = &(*at)->next;
        }
    }
}

static int64_t earliest(const struct metrics *metrics)
{
    int64_t time = INT64_MAX;

    for (size_t i = 0; i < metrics->slot_count; i++) {
        for (const struct series *series = metrics->slots[i]; series != NULL; series = series->next) {
            if (series_earliest(series) < time)
                time = series_earliest(series);
        }
    }
    return time;
}

/* Once a minute, and when there is too much: then an eighth of the time goes, until it is enough. */
static void tidy(struct metrics *metrics, int64_t now)
{
    if (now / METRICS_MINUTE != metrics->pruned) {
        metrics->pruned = now / METRICS_MINUTE;
        prune(metrics, now, INT64_MIN);
    }
    while (metrics->bytes > BYTES_LIMIT && metrics->count > 0) {
        int64_t from = earliest(metrics), floor = from + (now - from) / 8;
        prune(metrics, now, floor > from ? floor : from + 1);
    }
}

/* ---- settling ---- */

static void add(struct metrics *metrics, const struct metric_name *name, int64_t time,
                const struct distribution *values, const struct histogram *histogram)
{
    if (values->count == 0)
        return;
    metrics->bytes += series_add(series_of(metrics, name), time, values, histogram);
}

static void settle_latencies(struct metrics *metrics, const struct metric_name *name, int64_t time,
                             const struct latencies *latencies)
{
    if (latencies != NULL)
        add(metrics, name, time, &latencies->values, &latencies->histogram);
}

static void settle_cell(struct metrics *metrics, int64_t time, const struct intake_cell *cell)
{
    for (enum metric metric = 0; metric < METRICS_OF_TABLES; metric++) {
        bool of_operation = cell->operation != NULL && metric_types[metric].by == BY_OPERATION;
        const struct metric_name name = {metric, cell->table,
                                         of_operation ? slice_of(cell->operation) : cell->index};
        add(metrics, &name, time, &cell->values[metric], NULL);
    }
    if (cell->operation == NULL)
        return;
    const struct metric_name latency = {METRIC_SUCCESS_LATENCY, cell->table, slice_of(cell->operation)};
    settle_latencies(metrics, &latency, time, &cell->alone);
    settle_latencies(metrics, &latency, time, cell->shared);
}

static void settle_account(struct metrics *metrics, const struct intake *intake, const struct latencies *all)
{
    uint64_t requests = all->values.count;
    struct metric_name name = {METRIC_REQUESTS, SLICE(""), SLICE("")};

    add(metrics, &name, intake->time, &(struct distribution){requests, requests, 1, 1}, NULL);
    for (name.metric = METRICS_OF_TABLES; name.metric < METRIC_COUNT; name.metric++)
        add(metrics, &name, intake->time, &intake->values[name.metric], NULL);
    name.metric = METRIC_LATENCY;
    settle_latencies(metrics, &name, intake->time, all);
}

static void settle_intake(struct metrics *metrics, const struct intake *intake)
{
    struct latencies all = intake->others;

    for (size_t i = 0; i < intake->slot_count; i++) {
        for (const struct intake_cell *cell = intake->slots[i]; cell != NULL; cell = cell->next) {
            settle_cell(metrics, intake->time, cell);
            distribution_merge(&all.values, &cell->alone.values);
            histogram_merge(&all.histogram, &cell->alone.histogram);
        }
    }
    settle_account(metrics, intake, &all);
}

static void settle_shard(struct metrics *metrics, struct shard *shard)
{
    pthread_mutex_lock(&shard->lock);
    struct intake *intake = shard->intakes;
    shard->intakes = NULL;
    pthread_mutex_unlock(&shard->lock);
    while (intake != NULL) {
        struct intake *next = intake->next;
        settle_intake(metrics, intake);
        intake_destroy(intake);
        intake = next;
    }
}

void metrics_settle(struct metrics *metrics)
{
    pthread_mutex_lock(&metrics->lock);
    for (unsigned i = 0; i < SHARDS; i++)
        settle_shard(metrics, &metrics->shards[i]);
    tidy(metrics, clock_now() / 1000);
    pthread_mutex_unlock(&metrics->lock);
}

/* ---- reading ---- */

size_t metrics_read(struct metrics *metrics, const struct metric_name *name,
                    const struct metrics_range *range, const double *percents, size_t percent_count,
                    struct arena *arena, struct metric_point **out)
{
    size_t count = 0;

    *out = NULL;
    pthread_mutex_lock(&metrics->lock);
    const struct series *series = *find(metrics, name, hash_of(name));
    if (series != NULL)
        count = series_read(series, range, percents, percent_count, arena, out);
    pthread_mutex_unlock(&metrics->lock);
    return count;
}

static int by_number(const void *a, const void *b)
{
    uint64_t left = ((const struct metric_listed *)a)->number,
             right = ((const struct metric_listed *)b)->number;

    return (left > right) - (left < right);
}

size_t metrics_list(struct metrics *metrics, uint64_t after, size_t limit,
                    bool (*wanted)(void *context, const struct metric_listed *series), void *context,
                    struct arena *arena, struct metric_listed *out)
{
    size_t count = 0;

    pthread_mutex_lock(&metrics->lock);
    struct metric_listed *all = arena_array(arena, struct metric_listed, metrics->count);
    for (size_t i = 0; i < metrics->slot_count; i++) {
        for (const struct series *series = metrics->slots[i]; series != NULL; series = series->next) {
            const struct metric_listed one = {series->number, series->name, series_latest(series)};
            if (one.number > after && wanted(context, &one))
                all[count++] = one;
        }
    }
    if (count > 0)
        qsort(all, count, sizeof(*all), by_number);
    count = count < limit ? count : limit;
    for (size_t i = 0; i < count; i++) {
        out[i] = all[i];
        out[i].name.table = arena_copy(arena, all[i].name.table);
        out[i].name.detail = arena_copy(arena, all[i].name.detail);
    }
    pthread_mutex_unlock(&metrics->lock);
    return count;
}
