#include "catalog/rounds.h"

#include "base/clock.h"
#include "catalog/backups.h"
#include "catalog/expiry.h"

/* Streams are kept for a day; what is a little older does no harm. */
enum { TRIM_PERIOD = 5 * 60 * 1000 };

static enum outcome build_table(struct task *task, struct table *table)
{
    for (size_t i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];
        /* Each of these publishes a new table: the next index is found when the work is looked for again. */
        if (index->status == INDEX_CREATING)
            return fill_index(task, table, index) == TASK_FAILED ? TASK_FAILED : TASK_AGAIN;
        if (index->status == INDEX_DELETING)
            return erase_index(task, table, index) == TASK_FAILED ? TASK_FAILED : TASK_AGAIN;
    }
    if (table->time_to_live.status == TTL_ENABLING)
        return expiry_fill(task, table) == TASK_FAILED ? TASK_FAILED : TASK_AGAIN;
    if (table->time_to_live.status == TTL_DISABLING)
        return expiry_erase(task, table) == TASK_FAILED ? TASK_FAILED : TASK_AGAIN;
    return TASK_DONE;
}

enum outcome build_round(struct task *task)
{
    enum outcome outcome = erase_tables(task);

    return outcome == TASK_FAILED ? outcome : task_worse(outcome, task_for_tables(task, build_table));
}

static enum outcome sweep_table(struct task *task, struct table *table)
{
    return expiry_sweep(task, table, clock_now());
}

enum outcome sweep_round(struct task *task)
{
    enum outcome outcome = erase_tokens(task, clock_now());

    return outcome == TASK_FAILED ? outcome : task_worse(outcome, task_for_tables(task, sweep_table));
}

enum outcome keep_round(struct task *task)
{
    enum outcome outcome = task_for_tables(task, restore_table);

    return outcome == TASK_DONE ? prune_histories(task, clock_now()) : outcome;
}

static enum outcome keep_shards(struct task *task, struct table *table)
{
    return stream_keep_shards(task, table, clock_now());
}

enum outcome stream_round(struct task *task)
{
    enum outcome outcome = task_for_tables(task, keep_shards);
    int64_t now = clock_now();

    /* Also when the clock was set back. */
    if (outcome == TASK_FAILED || (now >= task->trimmed && now - task->trimmed < TRIM_PERIOD))
        return outcome;
    task->trimmed = now;
    return task_worse(outcome, stream_trim_all(task, now));
}
