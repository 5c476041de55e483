/* Time and randomness, the two things that a program cannot make itself: asked for here only, so that they
 * are found. */
#ifndef TURNTABLE_BASE_CLOCK_H
#define TURNTABLE_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* Milliseconds since 1970, UTC. */
int64_t clock_now(void);

/* The same, some milliseconds late at most, for a fraction of the time. */
int64_t clock_about_now(void);

/* Nanoseconds of a clock that never goes back. */
int64_t clock_monotonic(void);

/* "2026-11-23T21:14:50.354" (UTC), as DynamoDB labels streams. */
struct slice clock_label(struct arena *arena, int64_t milliseconds);

/* Reads a time as HTTP's headers have it, "Sun, 30 Aug 2015 12:36:00 GMT", to seconds since 1970. False: it
 * is none. */
bool clock_read_http(struct slice text, int64_t *seconds);

/* Unpredictable bytes from the kernel. */
void random_bytes(void *out, size_t size);

/* A version 4 UUID in its text form. */
struct slice random_uuid(struct arena *arena);

#endif
