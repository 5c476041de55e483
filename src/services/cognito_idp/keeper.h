/*
 * The keeper of users: sees to it that who signs up does not fill the storage, and erases the memberships of
 * groups that are deleted, behind the answer (catalog/task.h).
 *
 * One for a server; any thread may ask it.
 */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_KEEPER_H
#define TURNTABLE_SERVICES_COGNITO_IDP_KEEPER_H

#include <stdbool.h>

struct storage;
struct user_keeper;

/* How many may sign up in a second, once those of BURST_SECONDS (base/token_bucket.h) did: AWS's quota of an
 * account ("Quotas in Amazon Cognito", UserCreation), and a share of it that is a single address's, so that
 * nobody takes it all. Whoever tries is counted, whether it succeeds or not. */
struct sign_up_rates {
    double all, address;
};
#define SIGN_UP_RATES ((struct sign_up_rates){.all = 50, .address = 5})

struct user_keeper *user_keeper_open(struct storage *storage, struct sign_up_rates rates);
void user_keeper_close(struct user_keeper *keeper); /* accepts NULL; when its work has ended */

/* Whether somebody at this IP address (text) may sign up now; counts it. Of IPv6 the first half is an
 * address: who has one, has all that begin with it. NULL: always. */
bool user_keeper_admits(struct user_keeper *keeper, const char *address);

/* A group was deleted. Accepts NULL: its memberships are erased when a keeper is opened. */
void user_keeper_wake(struct user_keeper *keeper);

#endif
