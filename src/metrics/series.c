#include "metrics/series.h"

#include <stdlib.h>

#include "base/check.h"

static const struct {
    int64_t width;
    int64_t span;
} rings[RING_COUNT] = {[RING_FINE] = {METRICS_FINE, 5 * 60},
                       [RING_MINUTES] = {METRICS_MINUTE, 3 * 60 * 60},
                       [RING_COARSE] = {METRICS_COARSE, 2 * 24 * 60 * 60}};

static int64_t round_down(int64_t time, int64_t step)
{
    int64_t over = time % step;

    return time - (over < 0 ? over + step : over);
}

static struct slice copy(struct slice text)
{
    char *bytes = malloc(text.len + 1);

    CHECK(bytes != NULL);
    if (text.len > 0)
        memcpy(bytes, text.ptr, text.len);
    return (struct slice){bytes, text.len};
}

struct series *series_create(const struct metric_name *name)
{
    struct series *series = calloc(1, sizeof(*series));

    CHECK(series != NULL);
    series->name = (struct metric_name){name->metric, copy(name->table), copy(name->detail)};
    return series;
}

void series_destroy(struct series *series)
{
    for (unsigned i = 0; i < RING_COUNT; i++) {
        for (size_t j = 0; j < series->rings[i].count; j++)
            buffer_finish(&series->rings[i].buckets[j].packed);
        free(series->rings[i].buckets);
    }
    free((char *)series->name.table.ptr);
    free((char *)series->name.detail.ptr);
    free(series);
}

/* ---- adding ---- */

static struct bucket *insert(struct ring *ring, size_t at, int64_t time)
{
    enum { ROOM_FIRST = 4 };

    if (ring->count == ring->room) {
        size_t room = ring->room == 0 ? ROOM_FIRST : ring->room * 2;
        ring->buckets = reallocarray(ring->buckets, room, sizeof(struct bucket));
        CHECK(ring->buckets != NULL);
        ring->room = room;
    }
    memmove(&ring->buckets[at + 1], &ring->buckets[at], (ring->count++ - at) * sizeof(struct bucket));
    ring->buckets[at] = (struct bucket){.time = time};
    buffer_init(&ring->buckets[at].packed);
    return &ring->buckets[at];
}

/* It is nearly always the last, or a new one behind it; clocks may be set back. */
static struct bucket *bucket_of(struct ring *ring, int64_t time)
{
    size_t at = ring->count;

    while (at > 0 && ring->buckets[at - 1].time > time)
        at--;
    if (at > 0 && ring->buckets[at - 1].time == time)
        return &ring->buckets[at - 1];
    return insert(ring, at, time);
}

static void add_histogram(struct bucket *bucket, const struct histogram *more)
{
    struct histogram sum = *more;

    CHECK(histogram_unpack(&sum, buffer_slice(&bucket->packed)));
    buffer_finish(&bucket->packed); /* not kept larger than it has to be */
    buffer_init(&bucket->packed);
    histogram_pack(&sum, &bucket->packed);
}

static size_t ring_bytes(const struct ring *ring)
{
    size_t bytes = ring->room * sizeof(struct bucket);

    for (size_t i = 0; i < ring->count; i++)
        bytes += ring->buckets[i].packed.capacity;
    return bytes;
}

size_t series_bytes(const struct series *series)
{
    size_t bytes = sizeof(*series) + series->name.table.len + series->name.detail.len;

    for (unsigned i = 0; i < RING_COUNT; i++)
        bytes += ring_bytes(&series->rings[i]);
    return bytes;
}

size_t series_add(struct series *series, int64_t time, const struct distribution *values,
                  const struct histogram *histogram)
{
    size_t grown = 0;

    for (unsigned i = metric_is_fine(series->name.metric) ? RING_FINE : RING_MINUTES; i < RING_COUNT; i++) {
        struct ring *ring = &series->rings[i];
        size_t room = ring->room;
        struct bucket *bucket = bucket_of(ring, round_down(time, rings[i].width));
        size_t packed = bucket->packed.capacity;
        distribution_merge(&bucket->values, values);
        if (histogram != NULL)
            add_histogram(bucket, histogram);
        grown += (ring->room - room) * sizeof(struct bucket);
        grown += bucket->packed.capacity > packed ? bucket->packed.capacity - packed : 0;
    }
    return grown;
}

/* ---- forgetting ---- */

static void give_back_room(struct ring *ring)
{
    if (ring->count == 0) {
        free(ring->buckets);
        *ring = (struct ring){0};
    } else if (ring->count <= ring->room / 4) {
        ring->room /= 2;
        ring->buckets = reallocarray(ring->buckets, ring->room, sizeof(struct bucket));
        CHECK(ring->buckets != NULL);
    }
}

static void prune_ring(struct ring *ring, int64_t before)
{
    size_t gone = 0;

    while (gone < ring->count && ring->buckets[gone].time < before)
        buffer_finish(&ring->buckets[gone++].packed);
    if (gone == 0)
        return;
    ring->count -= gone;
    memmove(ring->buckets, &ring->buckets[gone], ring->count * sizeof(struct bucket));
    give_back_room(ring);
}

void series_prune(struct series *series, int64_t now, int64_t floor)
{
    for (unsigned i = 0; i < RING_COUNT; i++) {
        int64_t before = now - rings[i].span;
        prune_ring(&series->rings[i], before > floor ? before : floor);
    }
}

int64_t series_latest(const struct series *series)
{
    int64_t latest = INT64_MIN;

    for (unsigned i = 0; i < RING_COUNT; i++) {
        const struct ring *ring = &series->rings[i];
        if (ring->count > 0 && ring->buckets[ring->count - 1].time > latest)
            latest = ring->buckets[ring->count - 1].time;
    }
    return latest;
}

int64_t series_earliest(const struct series *series)
{
    int64_t earliest = INT64_MAX;

    for (unsigned i = 0; i < RING_COUNT; i++) {
        const struct ring *ring = &series->rings[i];
        if (ring->count > 0 && ring->buckets[0].time < earliest)
            earliest = ring->buckets[0].time;
    }
    return earliest;
}

/* ---- reading ---- */

/* The ring whose buckets a period is made of; NULL: the series has none that are short enough. */
static const struct ring *ring_of(const struct series *series, int64_t period)
{
    if (period % METRICS_COARSE == 0)
        return &series->rings[RING_COARSE];
    if (period % METRICS_MINUTE == 0)
        return &series->rings[RING_MINUTES];
    return metric_is_fine(series->name.metric) ? &series->rings[RING_FINE] : NULL;
}

static double *percentiles_of(const struct histogram *histogram, const struct distribution *values,
                              const double *percents, size_t count, struct arena *arena)
{
    double *out = arena_array(arena, double, count);

    for (size_t i = 0; i < count; i++)
        out[i] = histogram_percentile(histogram, values, percents[i]);
    return out;
}

/* Those from *at on that begin in one period, into one point. */
static struct metric_point take_point(const struct ring *ring, size_t *at, int64_t period,
                                      const double *percents, size_t percent_count, struct arena *arena)
{
    struct metric_point point = {.time = round_down(ring->buckets[*at].time, period)};
    struct histogram sum = {{0}};
    bool packed = false;

    for (; *at < ring->count && ring->buckets[*at].time < point.time + period; (*at)++) {
        const struct bucket *bucket = &ring->buckets[*at];
        distribution_merge(&point.values, &bucket->values);
        if (percent_count == 0 || bucket->packed.len == 0)
            continue;
        CHECK(histogram_unpack(&sum, buffer_slice(&bucket->packed)));
        packed = true;
    }
    if (packed)
        point.percentiles = percentiles_of(&sum, &point.values, percents, percent_count, arena);
    return point;
}

size_t series_read(const struct series *series, const struct metrics_range *range, const double *percents,
                   size_t percent_count, struct arena *arena, struct metric_point **out)
{
    const struct ring *ring = ring_of(series, range->period);
    int64_t from = round_down(range->from, range->period);
    size_t at = 0, count = 0;

    *out = NULL;
    if (ring == NULL || ring->count == 0)
        return 0;
    while (at < ring->count && ring->buckets[at].time < from)
        at++;
    *out = arena_array(arena, struct metric_point, ring->count - at);
    while (at < ring->count && round_down(ring->buckets[at].time, range->period) < range->to)
        (*out)[count++] = take_point(ring, &at, range->period, percents, percent_count, arena);
    return count;
}
