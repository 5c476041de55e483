/*
 * A token bucket: how much of what flows in at a rate may be taken at once.
 *
 * It fills with `rate` tokens a second up to what flows in within BURST_SECONDS, and whoever wants some takes
 * them if there are any. What costs more than a full bucket would otherwise never be had: so the last taker
 * may run into debt, which is filled before the next one's turn. The rate is given with each call, for it may
 * change.
 *
 * Time is the caller's, in nanoseconds of a clock that never goes back. One thread at a time.
 */
#ifndef TURNTABLE_BASE_TOKEN_BUCKET_H
#define TURNTABLE_BASE_TOKEN_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

/* AWS: "DynamoDB retains up to five minutes (300 seconds) of unused read and write capacity." */
enum { BURST_SECONDS = 300 };

struct token_bucket {
    double tokens; /* below 0: in debt */
    int64_t filled;
};

void token_bucket_init(struct token_bucket *bucket, double tokens, int64_t now);

/* Fills the bucket for the time that went by, and tells whether `cost` may be taken: there is as much, or at
 * least one token. */
bool token_bucket_allows(struct token_bucket *bucket, double rate, double cost, int64_t now);

void token_bucket_take(struct token_bucket *bucket, double cost);

#endif
