/*
 * The catalog's worker: a thread that finishes what a change of a table began.
 *
 * It looks for work in the catalog and the storage alone (indexes that are CREATING or DELETING, erasure
 * marks), so it needs no list of its own and goes on after a crash. It sleeps until worker_wake().
 */
#ifndef TURNTABLE_CATALOG_WORKER_H
#define TURNTABLE_CATALOG_WORKER_H

struct catalog;
struct storage;
struct worker;

struct worker *worker_start(struct catalog *catalog, struct storage *storage);
void worker_stop(struct worker *worker); /* accepts NULL; returns when the thread has ended */
void worker_wake(struct worker *worker);

#endif
