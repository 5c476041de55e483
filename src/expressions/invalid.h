/*
 * How this room fails: "Invalid ConditionExpression: ...", pieced together from slices, for names and tokens
 * may hold any byte, also the NUL at which printf would stop.
 */
#ifndef TURNTABLE_EXPRESSIONS_INVALID_H
#define TURNTABLE_EXPRESSIONS_INVALID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/slice.h"
#include "expressions/expressions.h"

/* "ConditionExpression" */
const char *expression_kind_name(enum expression_kind kind);

/* Records a ValidationException with the joined text, unless something failed before. Returns false, always.
 */
bool fail_joined(struct failure *failure, const struct slice *parts, size_t count);

/* The same with "Invalid <kind>: " in front, but for a statement, of which AWS says no such thing. */
bool invalid_joined(struct failure *failure, enum expression_kind kind, const struct slice *parts,
                    size_t count);

#define PARTS(...)                                                                                           \
    (const struct slice[]){__VA_ARGS__}, sizeof((const struct slice[]){__VA_ARGS__}) / sizeof(struct slice)

#endif
