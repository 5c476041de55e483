/*
 * Cloud Control's worker: makes, changes and deletes single resources, behind the answers, on threads of its
 * own.
 *
 * A request commits its record with a mark (record.h), and wakes the worker. What a crash interrupted goes on
 * at the next start: before a resource is made its record says so, with whether there was one already; what
 * is found afterwards although there was none is it. A change, or a deletion, is looked at and done again.
 */
#ifndef TURNTABLE_SERVICES_CLOUDCONTROL_CONTROL_H
#define TURNTABLE_SERVICES_CLOUDCONTROL_CONTROL_H

struct control;
struct server;

/* The service that calls, for aws:CalledVia, and that roles trust. */
#define CONTROL_SERVICE "cloudformation.amazonaws.com"

/* The server's storage, catalog, directory and calls from within outlive it. */
struct control *control_open(struct server *server);
/* Accepts NULL; returns when the threads have ended, each after the step it is at. */
void control_close(struct control *control);

/* There is new work, or a wish. */
void control_wake(struct control *control);

#endif
