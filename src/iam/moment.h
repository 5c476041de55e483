/*
 * Moments as policies have them: ISO 8601 in the W3C's profile ("2026-11", "2026-11-26", "2026-11-26T09:30Z",
 * "2026-11-26T09:30:00.5+01:00"; without a zone it is UTC), or seconds since 1970, which all digits are: a
 * year cannot stand alone.
 */
#ifndef TURNTABLE_IAM_MOMENT_H
#define TURNTABLE_IAM_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"
#include "base/slice.h"

/* Milliseconds since 1970; what is finer is cut off. */
must_use bool moment_parse(struct slice text, int64_t *out);

#endif
