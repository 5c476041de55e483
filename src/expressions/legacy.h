/*
 * The parameters that expressions replaced, in 2014: Expected, QueryFilter, ScanFilter, KeyConditions,
 * AttributeUpdates and AttributesToGet. They are read into the same trees as expressions are, so that all
 * that evaluates, projects and updates is shared; what they cannot say (paths into documents, sizes) has no
 * node here.
 *
 * Each function takes a request's member as JSON, its types and enumerations checked, and fails with AWS's
 * message. Trees live in the arena and hold slices of the request.
 *
 * AWS: "Legacy DynamoDB conditional parameters" in the developer guide; the API reference of
 * ExpectedAttributeValue, Condition and AttributeValueUpdate.
 */
#ifndef TURNTABLE_EXPRESSIONS_LEGACY_H
#define TURNTABLE_EXPRESSIONS_LEGACY_H

#include "expressions/expressions.h"

/* What all conditions and values of one parameter together may count: a bound of this server, for the work
 * that a filter makes of each item. AWS tells none but the size of a request. */
enum { LEGACY_OPERAND_LIMIT = 10000 };

/* The words of ComparisonOperator, ended by NULL, in the order in which AWS lists them. */
extern const char *const legacy_comparison_words[];

/* Expected; *out is NULL if it names no attribute. `any`: one of the conditions is enough, not all are
 * needed. */
must_use bool legacy_expected(struct arena *arena, const struct json *expected, bool any,
                              struct condition **out, struct failure *failure);

/* QueryFilter or ScanFilter, likewise. */
must_use bool legacy_filter(struct arena *arena, const struct json *filter, bool any, struct condition **out,
                            struct failure *failure);

/* KeyConditions. As with an expression, key_condition_check() tells what is wrong with their number. */
must_use bool legacy_key_conditions(struct arena *arena, const struct json *conditions,
                                    struct key_condition *out, struct failure *failure);

/* AttributesToGet. */
must_use bool legacy_projection(struct arena *arena, const struct json *names, struct projection **out,
                                struct failure *failure);

/* AttributeUpdates. */
must_use bool legacy_updates(struct arena *arena, const struct json *updates, struct update **out,
                             struct failure *failure);

#endif
