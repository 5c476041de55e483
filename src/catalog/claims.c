#include "catalog/claims.h"

#include "base/check.h"

void claims_init(struct claims *claims)
{
    *claims = (struct claims){0};
    CHECK(pthread_mutex_init(&claims->lock, NULL) == 0);
}

void claims_finish(struct claims *claims)
{
    pthread_mutex_destroy(&claims->lock);
}

bool claims_take(struct claims *claims, struct slice uuid)
{
    bool taken = uuid.len != CLAIM_LENGTH;
    unsigned place = CLAIMS_LIMIT;

    pthread_mutex_lock(&claims->lock);
    for (unsigned i = 0; i < CLAIMS_LIMIT; i++) {
        if (claims->ids[i][0] == '\0')
            place = i;
        taken |= slice_is(uuid, claims->ids[i]);
    }
    if (!taken) {
        CHECK(place < CLAIMS_LIMIT);
        memcpy(claims->ids[place], uuid.ptr, CLAIM_LENGTH);
    }
    pthread_mutex_unlock(&claims->lock);
    return !taken;
}

void claims_give_back(struct claims *claims, struct slice uuid)
{
    pthread_mutex_lock(&claims->lock);
    for (unsigned i = 0; i < CLAIMS_LIMIT; i++) {
        if (slice_is(uuid, claims->ids[i]))
            claims->ids[i][0] = '\0';
    }
    pthread_mutex_unlock(&claims->lock);
}
