/*
 * The catalog: all tables of the server, by name, and the work behind their changes.
 *
 * The storage holds the truth (descriptors); the catalog holds it read, for every request. A handler changes
 * a table by committing a new descriptor and then, from request->committed, publishing what it means:
 *
 *     struct table *old = catalog_find(catalog, name);             a reference
 *     struct table *new = table_clone(old);  ...change it...
 *     batch_guard(batch, descriptor key, old->version); batch_put(batch, descriptor key, new descriptor);
 *     ...committed...
 *     new->version = batch.committed;
 *     catalog_publish(catalog, new);                               takes the reference
 *
 * Between the commit and the publication, requests still find the old table; their writes fail the guard on
 * its descriptor and are tried again.
 *
 * Threads of the catalog's own do what comes behind the answers: one fills new indexes, erases what removed
 * ones and deleted tables left, and publishes the next state, starting again where a crash left it; another
 * looks periodically for what came with time, such as items that expired, and a third keeps streams
 * (rounds.h).
 *
 * Threads: any.
 */
#ifndef TURNTABLE_CATALOG_CATALOG_H
#define TURNTABLE_CATALOG_CATALOG_H

#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"
#include "catalog/table.h"
#include "storage/storage.h"

struct catalog;

struct catalog_settings {
    int64_t sweep_period;  /* milliseconds between two looks for what has expired; 0: never */
    int64_t shard_records; /* that a stream's shard takes before it splits; 0: SHARD_RECORDS_DEFAULT */
};

/* Reads all descriptors. NULL with a sentence for the operator in *problem if one cannot be read. */
must_use struct catalog *catalog_open(struct storage *storage, const struct catalog_settings *settings,
                                      struct arena *arena, struct slice *problem);
void catalog_close(struct catalog *catalog); /* accepts NULL; stops the thread */

/* As the settings say. */
uint64_t catalog_shard_records(const struct catalog *catalog);

/* The table, with a reference for the caller; NULL if there is none. */
struct table *catalog_find(struct catalog *catalog, struct slice name);

size_t catalog_count(struct catalog *catalog);

/* Up to `limit` names in order, beginning after `after` (empty: from the first), copied into the arena.
 * Returns how many; *more tells whether there are others behind. */
size_t catalog_names(struct catalog *catalog, struct arena *arena, struct slice after, size_t limit,
                     struct slice *names, bool *more);

/* Makes the table the one that its name finds. Takes the caller's reference. */
void catalog_publish(struct catalog *catalog, struct table *table);

/* Tells the workers that there may be something to do that no publication told of. */
void catalog_wake(struct catalog *catalog);

/* How many tables are being restored, from the backup of this id, or, if it is empty, from anything. */
size_t catalog_restoring(struct catalog *catalog, struct slice backup_id);

/* Forgets the table, whose descriptor was replaced by an erasure mark. */
void catalog_withdraw(struct catalog *catalog, const struct table *table);

#endif
