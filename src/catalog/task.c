#include "catalog/task.h"

#include <semaphore.h>

#include "base/check.h"
#include "catalog/catalog.h"
#include "catalog/keys.h"

enum outcome task_outcome(enum storage_status status)
{
    return status == STORAGE_OK ? TASK_DONE : status == STORAGE_CONFLICT ? TASK_AGAIN : TASK_FAILED;
}

enum outcome task_worse(enum outcome one, enum outcome other)
{
    return one > other ? one : other;
}

struct publication {
    struct task *task;
    struct table *table;
    struct batch *batch;
    enum storage_status status;
    sem_t done;
};

/* On the storage's thread, as requests publish: writers conflict from the commit to the publication, so
 * nothing may come between. */
static void on_published(void *context, enum storage_status status)
{
    struct publication *publication = context;

    if (status == STORAGE_OK) {
        publication->table->version = publication->batch->committed;
        catalog_publish(publication->task->catalog, table_retain(publication->table));
    }
    publication->status = status;
    CHECK(sem_post(&publication->done) == 0);
}

enum outcome task_publish_with(struct task *task, struct batch *batch, struct table *clone)
{
    struct publication publication = {.task = task, .table = clone, .batch = batch};
    struct buffer descriptor;

    buffer_init(&descriptor);
    CHECK(sem_init(&publication.done, 0, 0) == 0);
    table_write_descriptor(&descriptor, clone);
    struct slice key = keys_descriptor(batch->arena, clone->name);
    batch_guard(batch, key, clone->version);
    batch_put(batch, key, buffer_slice(&descriptor));
    storage_commit(task->storage, batch, on_published, &publication);
    while (sem_wait(&publication.done) != 0)
        continue; /* a signal came in between */
    CHECK(sem_destroy(&publication.done) == 0);
    table_release(clone);
    buffer_finish(&descriptor);
    return task_outcome(publication.status);
}

enum outcome task_publish(struct task *task, struct table *clone)
{
    struct arena arena;
    struct batch batch;

    arena_init(&arena);
    batch_init(&batch, &arena);
    enum outcome outcome = task_publish_with(task, &batch, clone);
    arena_finish(&arena);
    return outcome;
}

enum outcome task_for_tables(struct task *task, enum outcome (*visit)(struct task *task, struct table *table))
{
    enum outcome outcome = TASK_DONE;
    struct slice name = {0};
    struct arena arena;
    bool more = true;

    arena_init(&arena);
    while (more && outcome != TASK_FAILED && !task_is_stopping(task)) {
        if (catalog_names(task->catalog, &arena, name, 1, &name, &more) == 0)
            break;
        struct table *table = catalog_find(task->catalog, name);
        if (table != NULL)
            outcome = task_worse(outcome, visit(task, table));
        table_release(table);
    }
    arena_finish(&arena);
    return outcome;
}
