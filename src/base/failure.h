/*
 * A failure: what a client is told when its request cannot be done, an AWS error type and a message.
 *
 * Type and message are part of compatibility, so they are written where the rule is checked, in whatever room
 * that is, and travel up unchanged. A function that can fail this way takes a `struct failure *`, returns a
 * must-use bool, and ends with
 *
 *     return fail(failure, ERROR_VALIDATION, "...", ...);
 *
 * The first failure stays: AWS reports the first check that fails, and so the order of the checks in the code
 * is the order of the checks on AWS. The message lives in the failure's arena.
 */
#ifndef TURNTABLE_BASE_FAILURE_H
#define TURNTABLE_BASE_FAILURE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/slice.h"

enum error_code {
    ERROR_NONE,
#define X(code, status, space, name) ERROR_##code,
#include "base/errors.def"
#undef X
};

struct error_type {
    const char *name;  /* "ValidationException" */
    const char *space; /* what stands before '#' in __type */
    int status;        /* of the HTTP answer */
};

struct failure {
    struct arena *arena;
    enum error_code code; /* ERROR_NONE: nothing failed */
    struct slice message;
    struct slice members; /* further JSON members of the answer, starting with a comma, or empty:
                             ConditionalCheckFailedException's "Item" */
};

#define must_use __attribute__((warn_unused_result))

/* The type of a code other than ERROR_NONE. */
const struct error_type *error_type(enum error_code code);

void failure_init(struct failure *failure, struct arena *arena);

/* Records the failure unless one is there already. Returns false, always. */
bool fail(struct failure *failure, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * AWS checks the plain constraints of a whole request (lengths, patterns, enums, ranges) before anything else
 * and reports them together: "2 validation errors detected: Value ... failed to satisfy constraint: ...;
 * Value ...". Such a list is gathered here; violations_fail() turns it into one failure.
 */
struct violations {
    struct arena *arena;
    struct buffer text; /* the sentences, joined with "; "; owned, freed by violations_finish() */
    unsigned count;
};

void violations_init(struct violations *violations, struct arena *arena);
void violations_finish(struct violations *violations);
/* Adds one sentence, such as "Value '...' at 'tableName' failed to satisfy constraint: ...". */
void violations_add(struct violations *violations, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* True when there are none; otherwise the failure is set and the answer is false. */
must_use bool violations_pass(struct violations *violations, struct failure *failure);

#endif
