/*
 * The keeper of identities: sees to it that those who have not signed in do not fill the storage, and erases
 * the identities of pools that are deleted, behind the answer (catalog/task.h).
 *
 * One for a server; any thread may ask it.
 */
#ifndef TURNTABLE_SERVICES_COGNITO_IDENTITY_KEEPER_H
#define TURNTABLE_SERVICES_COGNITO_IDENTITY_KEEPER_H

#include <stdbool.h>

struct catalog;
struct identity_keeper;
struct storage;

/* How many identities a second are made for who has not signed in, once those of BURST_SECONDS
 * (base/token_bucket.h) were. AWS has such a quota for each account: "Quotas in Amazon Cognito". */
enum { GUESTS_A_SECOND = 10 };

struct identity_keeper *identity_keeper_open(struct catalog *catalog, struct storage *storage,
                                             double guests_a_second);
void identity_keeper_close(struct identity_keeper *keeper); /* accepts NULL; when its work has ended */

/* Whether another one may be made for a guest; counts it. NULL: always. */
bool identity_keeper_admits(struct identity_keeper *keeper);

/* A pool was deleted. Accepts NULL: it is erased when a keeper is opened. */
void identity_keeper_wake(struct identity_keeper *keeper);

#endif
