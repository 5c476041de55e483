/*
 * Lanes: writers of one busy key, one after the other.
 *
 * Writes are optimistic: of many that meet at one key only one wins a round, and who wins is luck; with
 * enough of them some would lose for ever. So a request whose write was overtaken takes the lane of the key
 * it met the others at, and while a lane is taken, all who write that key wait in line, in the order they
 * came, instead of running into each other.
 *
 * Lanes order and spare work; what keeps the data right is the guards alone. So it does no harm that keys
 * which are strangers may share a lane, or that a request with many keys takes the lane of one of them.
 *
 * Threads: any. A ticket belongs to the request it is part of; from lanes_enter() until lanes_leave() it is
 * in use.
 */
#ifndef TURNTABLE_SERVICES_LANES_H
#define TURNTABLE_SERVICES_LANES_H

#include <stdbool.h>

#include "base/slice.h"

struct lane;
struct lanes;

struct ticket {
    struct lane *lane; /* that it holds; NULL: none */
    void (*granted)(struct ticket *ticket);
    struct ticket *next;
};

struct lanes *lanes_create(void);
void lanes_destroy(struct lanes *lanes); /* accepts NULL; no ticket may be left in use */

/* Whether somebody has the lane of this key, so that a write of it would be likely to be overtaken. */
bool lanes_busy(struct lanes *lanes, struct slice key);

/*
 * Takes the lane of the key: true if it is the ticket's now. Otherwise the ticket stands in line, and
 * `granted` is called when its turn has come, by the thread of the one before; that may be before this
 * returns.
 */
bool lanes_enter(struct lanes *lanes, struct slice key, struct ticket *ticket);

/* Gives the lane to the next in line. Nothing if the ticket holds none. */
void lanes_leave(struct lanes *lanes, struct ticket *ticket);

#endif
