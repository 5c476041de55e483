/*
 * The items of transactions under way.
 *
 * What keeps data right is the guards of a commit; this registry is for what a client is told. AWS refuses a
 * single write of an item that a TransactWriteItems is about to change, and the second of two transactions
 * that meet at an item, at once and by name, where guards alone would have the later one decide again. AWS:
 * "Amazon DynamoDB Transactions: How it works", transaction conflict handling.
 *
 * A transaction enters its keys when it is decided, and leaves when its commit is settled. Keys that are no
 * items may be entered too: a client request token.
 *
 * Ownership: keys, and the bytes they point at, are the transaction's, and stay in place until it leaves.
 * Threads: any.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_ONGOING_H
#define TURNTABLE_SERVICES_DYNAMODB_ONGOING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct ongoing;

struct ongoing_key {
    struct slice key; /* in the storage; empty: none */
    bool met;         /* filled by ongoing_enter(): another transaction has it */
    uint64_t hash;
    struct ongoing_key *next;
};

struct ongoing *ongoing_create(void);
void ongoing_destroy(struct ongoing *ongoing); /* accepts NULL; everyone has left */

/* Enters all of the keys, or, if others have any of them, none: then it returns false. */
bool ongoing_enter(struct ongoing *ongoing, struct ongoing_key *keys, size_t count);
void ongoing_leave(struct ongoing *ongoing, struct ongoing_key *keys, size_t count);

/* Whether a transaction has this key. Costs one load while no transaction is under way. */
bool ongoing_has(struct ongoing *ongoing, struct slice key);

#endif
