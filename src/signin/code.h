/*
 * Confirmation codes: six digits that are sent to a user, and prove that what was sent there arrived.
 *
 * A code is good until it expires, and for few wrong guesses: a million codes are few.
 */
#ifndef TURNTABLE_SIGNIN_CODE_H
#define TURNTABLE_SIGNIN_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

enum { CODE_LENGTH = 6, CODE_GUESSES = 5 };

struct code {
    char digits[CODE_LENGTH];
    int64_t expires; /* milliseconds since 1970 */
    int64_t wrong;   /* guesses so far */
};

void code_create(struct code *code, int64_t now, int64_t lifetime);

enum code_verdict {
    CODE_RIGHT,
    CODE_WRONG,    /* and counted */
    CODE_EXPIRED,  /* */
    CODE_ATTEMPTS, /* guessed too often: no guess is looked at any more */
};

enum code_verdict code_check(struct code *code, struct slice guess, int64_t now);

#endif
