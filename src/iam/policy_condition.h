/*
 * Conditions: the operators of policies. A condition is one key under one operator,
 *
 *     "Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]}}
 *
 * with its values read once, as what the operator compares. Its memory is its policy's.
 * AWS: "IAM JSON policy elements: Condition operators"; "Set operators for multi-valued context keys".
 */
#ifndef TURNTABLE_IAM_POLICY_CONDITION_H
#define TURNTABLE_IAM_POLICY_CONDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"
#include "iam/network.h"
#include "iam/pattern.h"

enum operator_family {
    OPERATOR_STRING,
    OPERATOR_NUMERIC,
    OPERATOR_DATE,
    OPERATOR_BOOL,
    OPERATOR_BINARY,
    OPERATOR_IP,
    OPERATOR_ARN,
    OPERATOR_NULL,
};

/* Bits of the orders that satisfy a comparison. */
enum comparison { COMPARE_LESS = 1, COMPARE_EQUAL = 2, COMPARE_GREATER = 4 };

struct comparator {
    const char *name;
    enum operator_family family;
    bool negated;        /* holds when the comparison does with no value */
    unsigned comparison; /* of numbers and dates */
    unsigned traits;     /* of strings: enum pattern_trait */
};

enum condition_set {
    SET_NONE,
    SET_ALL, /* ForAllValues: */
    SET_ANY, /* ForAnyValue: */
};

/* A value that the policy wants. */
struct policy_condition_value {
    struct slice text; /* as written */
    union {
        struct pattern pattern;    /* strings */
        const struct pattern *arn; /* six patterns; NULL if the text has fewer parts and so is like no ARN */
        int64_t time;              /* milliseconds */
        struct network network;
        bool truth;
    };
};

struct policy_condition {
    const struct comparator *comparator;
    enum condition_set set;
    bool if_exists;
    struct slice name; /* "ForAllValues:StringEquals" */
    struct slice key;  /* as written */
    struct policy_condition_value *values;
    size_t count;
};

/* Reads an operator's name with all that stands before and behind it. False if there is no such operator. */
must_use bool policy_condition_read_name(struct slice name, struct policy_condition *out);

/* Whether the text can be a value of the operator: a date, a number, an address, ... */
bool policy_condition_value_is_valid(const struct comparator *comparator, struct slice text);

/* Reads a valid value; `variables`: whether the policy's version has them. */
void policy_condition_value_read(struct policy_condition_value *value, const struct comparator *comparator,
                                 struct slice text, bool variables, struct arena *arena);

/*
 * Whether the condition holds. AWS leaves open what an operator without ForAllValues or ForAnyValue makes of
 * several values in the request: here it grants least, so that it never holds in a statement that allows, and
 * holds in one that denies (`denies`) if it does for any of them.
 */
bool policy_condition_holds(const struct policy_condition *condition, bool denies, struct matching *matching);

/* What holds of one value, for those who tell what failed. */
bool policy_condition_value_matches(const struct policy_condition *condition,
                                    const struct policy_condition_value *value, struct slice given,
                                    struct matching *matching);

#endif
