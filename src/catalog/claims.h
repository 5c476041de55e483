/*
 * Claims: which of the things that stand in the storage to be worked on one of several threads works on, so
 * that no other does at the same time. A claim is good while the server runs; after a crash there are none.
 */
#ifndef TURNTABLE_CATALOG_CLAIMS_H
#define TURNTABLE_CATALOG_CLAIMS_H

#include <pthread.h>
#include <stdbool.h>

#include "base/failure.h"
#include "base/slice.h"

enum { CLAIMS_LIMIT = 8, CLAIM_LENGTH = 36 };

struct claims {
    pthread_mutex_t lock;
    char ids[CLAIMS_LIMIT][CLAIM_LENGTH + 1]; /* "": none */
};

void claims_init(struct claims *claims);
void claims_finish(struct claims *claims);

/* False: somebody works on it, or it is no UUID. Each thread has one at a time, and there are at most
 * CLAIMS_LIMIT of them. */
must_use bool claims_take(struct claims *claims, struct slice uuid);
void claims_give_back(struct claims *claims, struct slice uuid);

#endif
