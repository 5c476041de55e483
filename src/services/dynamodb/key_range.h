/* Ranges of storage keys that conditions on key attributes leave. */
#ifndef TURNTABLE_SERVICES_DYNAMODB_KEY_RANGE_H
#define TURNTABLE_SERVICES_DYNAMODB_KEY_RANGE_H

#include "catalog/keys.h"
#include "expressions/expressions.h"

/* Narrows a range, all keys of which begin with `prefix`, by a condition on the value that follows. */
struct key_range key_range_narrow(struct arena *arena, struct slice prefix, const struct key_term *term);

#endif
