#include "base/token_bucket.h"

void token_bucket_init(struct token_bucket *bucket, double tokens, int64_t now)
{
    *bucket = (struct token_bucket){tokens, now};
}

bool token_bucket_allows(struct token_bucket *bucket, double rate, double cost, int64_t now)
{
    double full = rate * BURST_SECONDS;

    bucket->tokens += rate * (double)(now - bucket->filled) / 1e9;
    bucket->filled = now;
    if (bucket->tokens > full)
        bucket->tokens = full;
    return bucket->tokens >= (cost < 1 ? cost : 1);
}

void token_bucket_take(struct token_bucket *bucket, double cost)
{
    bucket->tokens -= cost;
}
