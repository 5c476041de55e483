/*
 * Passwords: which ones a pool takes, and how often one may be guessed.
 */
#ifndef TURNTABLE_SIGNIN_PASSWORD_H
#define TURNTABLE_SIGNIN_PASSWORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* AWS: API reference, PasswordPolicyType. */
struct password_policy {
    int64_t minimum_length; /* characters */
    bool uppercase;         /* each: at least one is required */
    bool lowercase;
    bool numbers;
    bool symbols;
};

/* NULL if the password is good; otherwise what AWS says behind "Password did not conform with policy: ". */
const char *password_problem(const struct password_policy *policy, struct slice password);

/* A password that every policy up to its length takes, not terminated. */
enum { PASSWORD_RANDOM_LENGTH = 16 };
void password_create(char out[PASSWORD_RANDOM_LENGTH]);

/*
 * Guesses. AWS: "Authentication with user pools", lockout behavior: after five failed attempts a user is
 * locked out for a second, and with every further one for twice as long, up to about 15 minutes; attempts
 * within do not count; all is forgotten after a success, or 15 minutes without a failure.
 */
struct attempts {
    int64_t failed; /* in a row */
    int64_t last;   /* when, milliseconds since 1970 */
};

/* Whether an attempt at this time is not even looked at. */
bool attempts_locked(const struct attempts *attempts, int64_t now);
/* One more failed. */
void attempts_add(struct attempts *attempts, int64_t now);

#endif
