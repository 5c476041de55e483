/*
 * The guards of a group commit: was this key changed since that version?
 *
 * Every batch that writes gets a number, one higher than the last, and its values carry it on disk. A table
 * of slots remembers, by the hash of the key, the number of the last batch that changed a key of that slot.
 * So for nearly all guards, those on what was read a moment ago, the answer costs one load: nothing of the
 * slot changed since the reader looked. Only where something did is the number of the key's present value
 * compared with the guard's; the answer is exact whatever shares the slot. What was compared is remembered
 * for the few keys that are guarded by every commit and read by none, the descriptors of tables, since
 * others' changes soon pass through their slots.
 *
 * At a start the slots are empty: versions do not outlive the process, so every one was read after all that
 * is on disk.
 *
 * One thread: the committer.
 */
#ifndef TURNTABLE_STORAGE_GUARDS_H
#define TURNTABLE_STORAGE_GUARDS_H

#include "storage/storage.h"

struct guards;

/* Reads the number of the batch that wrote the present value of a key, without the present group; 0: absent.
 */
typedef enum storage_status (*guards_reader)(void *context, struct slice key, uint64_t *written);

/* `number` is above that of every value on disk, and above 0. */
struct guards *guards_create(uint64_t number, guards_reader reader, void *context);
void guards_destroy(struct guards *guards); /* accepts NULL */

/* A group begins: what was changed before is on disk and seen by the reader. */
void guards_begin_group(struct guards *guards);

/* STORAGE_OK if all guards of the batch hold, STORAGE_CONFLICT with batch->refuted if not, or the reader's
 * failure. */
must_use enum storage_status guards_check(struct guards *guards, struct batch *batch);

/* The batch is admitted: takes note of its changes and returns its number. */
uint64_t guards_admit(struct guards *guards, const struct batch *batch);

/* Any key may have changed, and that is on disk. */
void guards_forget(struct guards *guards);

/* The number of the last batch admitted. */
uint64_t guards_number(const struct guards *guards);

#endif
