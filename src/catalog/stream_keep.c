/* Keeping streams: what the catalog's streamer does with time. */
#include "catalog/catalog.h"
#include "catalog/stream.h"
#include "catalog/task.h"

enum outcome stream_keep_shards(struct task *task, struct table *table, int64_t now)
{
    uint64_t records = catalog_shard_records(task->catalog);
    struct arena arena;
    struct batch batch;

    if (!stream_is_due(&table->stream, records, now))
        return TASK_DONE;
    arena_init(&arena);
    batch_init(&batch, &arena);
    struct table *clone = table_clone(table);
    stream_exchange_shards(&batch, clone, records, now);
    enum outcome outcome = task_publish_with(task, &batch, clone);
    arena_finish(&arena);
    return outcome;
}

enum outcome stream_trim_all(struct task *task, int64_t now)
{
    struct key_range range;
    struct arena arena, of_one;
    struct stream_descriptor stream;
    struct slice key, value;
    enum storage_status status;

    arena_init(&arena);
    arena_init(&of_one);
    range = keys_streams(&arena, SLICE(""));
    struct cursor *cursor = cursor_create(task->storage, NULL, range.from, range.to, FORWARD);
    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK && !task_is_stopping(task)) {
        status = stream_descriptor_read(&of_one, arena_copy(&of_one, value), &stream)
                     ? stream_trim(task->storage, &stream, now - STREAM_RETENTION)
                     : STORAGE_CORRUPT;
        arena_reset(&of_one);
        if (status != STORAGE_OK)
            break;
    }
    cursor_destroy(cursor);
    arena_finish(&of_one);
    arena_finish(&arena);
    return status == STORAGE_NOT_FOUND ? TASK_DONE : task_outcome(status);
}
