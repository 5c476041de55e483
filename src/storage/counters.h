/*
 * The present values of the counters that were lately added to, so that adding needs no read and a group of
 * commits writes each of them once.
 *
 *     counters_load(counters, batch)     for each batch, before anything of it is done
 *     counters_apply(counters, change)   for each of its changes
 *     counters_flush(counters, put, ...) once for the group
 *
 * Bounded: when there are many, all are forgotten after a flush and read again when they are needed.
 * One thread: the committer.
 */
#ifndef TURNTABLE_STORAGE_COUNTERS_H
#define TURNTABLE_STORAGE_COUNTERS_H

#include "storage/storage.h"

struct counters;

/* Reads a counter without the present group; absent counters are 0. */
typedef enum storage_status (*counters_reader)(void *context, struct slice key, int64_t out[2]);

struct counters *counters_create(counters_reader reader, void *context);
void counters_destroy(struct counters *counters); /* accepts NULL */

/* Makes the counters of the batch known. On a failure the batch cannot be committed. */
must_use enum storage_status counters_load(struct counters *counters, const struct batch *batch);

/* The counters of the change are loaded. A deleted counter starts at 0 again. */
void counters_apply(struct counters *counters, const struct change *change);

/* Calls `put` with the new value of each counter that was added to since the last flush. */
void counters_flush(struct counters *counters,
                    void (*put)(void *context, struct slice key, struct slice value), void *context);

/* Any key may have changed. Only after a flush. */
void counters_forget(struct counters *counters);

#endif
