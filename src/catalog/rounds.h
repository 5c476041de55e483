/*
 * The rounds of the catalog's workers: all that there may be to do behind the answers, in one list each.
 *
 * What takes long is the builder's, woken by the change that makes the work. What comes with time is the
 * sweeper's, which goes its round periodically and is not held up by the builder. What has to do with backups
 * is the keeper's: restores, and then what need not be kept any more. What streams need with time is the
 * streamer's.
 */
#ifndef TURNTABLE_CATALOG_ROUNDS_H
#define TURNTABLE_CATALOG_ROUNDS_H

#include "catalog/task.h"

enum outcome build_round(struct task *task);
enum outcome sweep_round(struct task *task);
enum outcome keep_round(struct task *task);
enum outcome stream_round(struct task *task);

#endif
