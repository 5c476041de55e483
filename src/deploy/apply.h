/*
 * Applying a plan: creates the tables that are missing and changes those that differ, as a client of a
 * running server, until each is what the plan says. Doing it again changes nothing.
 *
 * All tables are described and compared before the first change: what cannot be changed in place (keys, local
 * indexes, the key or projection of a global index) is refused then, as CloudFormation refuses it for a table
 * with a name. An index is added or removed at a time, and each change is waited for, as AWS wants it.
 */
#ifndef TURNTABLE_DEPLOY_APPLY_H
#define TURNTABLE_DEPLOY_APPLY_H

#include "deploy/client.h"
#include "deploy/plan.h"

enum apply_event {
    APPLY_STEP,      /* `what` is being done: "adding index byOwner" */
    APPLY_CREATED,   /* the table is done: it was made, */
    APPLY_UPDATED,   /* or changed, */
    APPLY_UNCHANGED, /* or was right already */
};

typedef void (*apply_progress)(void *context, const struct planned_table *table, enum apply_event event,
                               struct slice what);

/* False: a problem was added; tables before it have been made or changed, if it is not one of the plan as a
 * whole. */
must_use bool apply_plan(struct client *client, struct arena *arena, const struct plan *plan,
                         apply_progress progress, void *context, struct problems *problems);

#endif
