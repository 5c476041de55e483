/*
 * TransactionCanceledException: for each action of a transaction, in order, why it could not be done, or that
 * nothing was wrong with it. AWS: API reference, TransactionCanceledException.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_CANCELLATION_H
#define TURNTABLE_SERVICES_DYNAMODB_CANCELLATION_H

#include "services/request.h"

struct reason {
    const char *code;     /* "ConditionalCheckFailed"; NULL: nothing was wrong */
    struct slice message; /* empty: none */
    struct slice item;    /* the item as it is, JSON, or empty */
};

/*
 * After something about one action has failed: takes what is wrong with it (ValidationException), or with the
 * throughput of its table, out of the request's failure for the action's reason, and returns true. Other
 * failures are of the whole request: false.
 */
must_use bool reason_take(struct request *request, struct reason *reason);

void reason_conflict(struct reason *reason); /* another transaction, or a write in between */
void reason_condition(struct reason *reason);

/* True if there is no reason; otherwise the failure is set and the answer is false. */
must_use bool cancel_if_any(struct request *request, const struct reason *reasons, size_t count);

#endif
