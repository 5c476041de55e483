/*
 * Group commit: the commits of all threads, gathered into one synced write at a time.
 *
 * One thread, the committer, takes all that waits, checks the guards in the order of arrival, has the engine
 * write what is admitted, and answers. While a write is on its way to the disk the next group gathers; a
 * commit that comes alone waits for nobody.
 *
 * A commit whose guard fails because of its own group is answered after the group's write: then the data that
 * it conflicted with can be read.
 *
 * After a write that failed, nothing is known about the disk: every later commit is refused.
 */
#ifndef TURNTABLE_STORAGE_GROUP_COMMIT_H
#define TURNTABLE_STORAGE_GROUP_COMMIT_H

#include "storage/counters.h"
#include "storage/guards.h"
#include "storage/storage.h"

struct group_commit;

/* What the engine does, called by the committer only. */
struct group_commit_engine {
    /* Of what is on disk: the number of the batch that wrote a key's value, a counter. */
    guards_reader read_number;
    counters_reader read_counters;
    /* Gather the changes of a group. `number` is that of the batch. */
    void (*put)(void *engine, uint64_t number, struct slice key, struct slice value);
    void (*delete)(void *engine, struct slice key);
    /* Writes what was gathered, synced and then visible. STORAGE_OK, _FULL or _FAILED. */
    enum storage_status (*write)(void *engine);
    enum storage_status (*erase)(void *engine, struct slice from, struct slice to);
};

/* `number` is above that of every value on disk, and above 0. */
struct group_commit *group_commit_start(const struct group_commit_engine *functions, void *engine,
                                        uint64_t number);
void group_commit_stop(struct group_commit *group_commit); /* answers what waits; accepts NULL */

void group_commit_add(struct group_commit *group_commit, struct batch *batch);
must_use enum storage_status group_commit_erase(struct group_commit *group_commit, struct slice from,
                                                struct slice to);

/* A number such that what was committed up to it is seen by every read that begins from now on. */
uint64_t group_commit_seen(const struct group_commit *group_commit);

/* STORAGE_OK, or what ended the taking of writes. */
enum storage_status group_commit_refusal(const struct group_commit *group_commit);

#endif
