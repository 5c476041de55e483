/* Backups: their records, who needs which undo records, and that pruning leaves just those. */
#include "history_model.h"

#include "catalog/backups.h"
#include "catalog/catalog.h"
#include "storage/faulty.h"

static const int64_t hour = (int64_t)60 * 60 * 1000;

struct bench {
    struct fixture model;
    /* The catalog's own workers look at a storage of their own, in which there is nothing to do. */
    struct storage *elsewhere;
    struct catalog *catalog;
    struct task task;
    struct slice ids[COMMITS + 1]; /* of the backup after each commit; empty: there is none */
    struct arena arena;
};

static void close_bench(struct bench *bench)
{
    catalog_close(bench->catalog);
    table_release(bench->model.table);
    storage_close(bench->model.storage);
    storage_close(bench->elsewhere);
    arena_finish(&bench->arena);
}

/* Takes the table as it is now. */
static void refresh(struct bench *bench)
{
    table_release(bench->model.table);
    bench->model.table = catalog_find(bench->catalog, SLICE("T"));
    assert_non_null(bench->model.table);
}

/* Publishes a clone with the change; as a handler would, a descriptor that is written even if it is the same.
 */
static void publish(struct bench *bench, int64_t days)
{
    for (enum outcome outcome = TASK_AGAIN; outcome != TASK_DONE;) {
        refresh(bench);
        struct table *clone = table_clone(bench->model.table);
        clone->keeps_history = true;
        clone->recovery.days = days;
        outcome = task_publish(&bench->task, clone);
        assert_int_not_equal(outcome, TASK_FAILED);
    }
    refresh(bench);
}

/* A table with recovery. */
static void open_bench(struct bench *bench, struct storage *storage)
{
    const struct catalog_settings settings = {0};
    struct slice problem;
    struct batch batch;

    *bench = (struct bench){0};
    arena_init(&bench->arena);
    model_begin(&bench->model, storage);
    bench->elsewhere = storage_open_memory();
    bench->catalog = catalog_open(bench->elsewhere, &settings, &bench->arena, &problem);
    assert_non_null(bench->catalog);
    catalog_publish(bench->catalog, table_retain(bench->model.table));
    bench->task.catalog = bench->catalog;
    bench->task.storage = storage;
    batch_init(&batch, &bench->arena);
    recovery_begin(&batch, bench->model.table->id);
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_OK);
    publish(bench, 2);
}

static struct slice put_backup(struct bench *bench, enum backup_type type, int64_t expires,
                               struct moment *moment)
{
    struct batch batch;
    struct backup backup = {.id = backup_id_create(&bench->arena, clock_now()),
                            .name = SLICE("a backup"),
                            .type = type,
                            .created = 12,
                            .expires = expires,
                            .items = 3,
                            .bytes = 400,
                            .table = bench->model.table};

    batch_init(&batch, &bench->arena);
    backup_put(&batch, &backup);
    assert_int_equal(storage_commit_wait(bench->model.storage, &batch), STORAGE_OK);
    *moment = (struct moment){.number = version_number(batch.committed)};
    return backup.id;
}

static void remove_backup(struct bench *bench, struct slice id)
{
    struct batch batch;

    batch_init(&batch, &bench->arena);
    batch_delete(&batch, keys_backup(&bench->arena, id));
    assert_int_equal(storage_commit_wait(bench->model.storage, &batch), STORAGE_OK);
}

static size_t count_keys(struct bench *bench, struct key_range range)
{
    struct cursor *cursor = cursor_create(bench->model.storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    size_t count = 0;

    while (cursor_next(cursor, &key, &value) == STORAGE_OK)
        count++;
    cursor_destroy(cursor);
    return count;
}

static size_t count_undos(struct bench *bench)
{
    return count_keys(bench, keys_histories(&bench->arena, bench->model.table->id));
}

/* Random commits, and a backup after some of them. */
static void fill(struct bench *bench)
{
    for (unsigned i = 1; i <= COMMITS; i++) {
        struct state *state = &bench->model.states[i];
        commit_some(&bench->model, i);
        if (chance(&bench->model, 12) == 0)
            bench->ids[i] = put_backup(bench, BACKUP_USER, 0, &state->moment);
    }
}

/* How many undo records the present backups need: for each item and backup the oldest after it, once. */
static size_t count_needed(const struct bench *bench)
{
    const struct state *states = bench->model.states;
    size_t count = 0;

    for (unsigned item = 0; item < ITEMS; item++) {
        bool asked = false; /* by a backup since the last change */
        for (unsigned i = 1; i <= COMMITS; i++) {
            bool changes = states[i].values[item] != states[i - 1].values[item];
            count += changes && asked;
            asked = (asked && !changes) || bench->ids[i].len > 0;
        }
    }
    return count;
}

static void check_backups(struct bench *bench)
{
    struct backup backup;

    for (unsigned i = 1; i <= COMMITS; i++) {
        if (bench->ids[i].len == 0)
            continue;
        assert_int_equal(backup_read(bench->model.storage, NULL, bench->ids[i], &bench->arena, &backup),
                         STORAGE_OK);
        assert_int_equal(version_number(backup.version), bench->model.states[i].moment.number);
        backup_finish(&backup);
        assert_as_of(&bench->model, bench->model.states[i].moment, &bench->model.states[i]);
    }
}

/* Removes a third of the backups; false if none is left. */
static bool remove_some_backups(struct bench *bench)
{
    bool any = false;

    for (unsigned i = 1; i <= COMMITS; i++) {
        if (bench->ids[i].len > 0 && chance(&bench->model, 3) == 0) {
            remove_backup(bench, bench->ids[i]);
            bench->ids[i] = SLICE("");
        }
        any = any || bench->ids[i].len > 0;
    }
    return any;
}

/* Backups go one by one in a random order: what is left is what the others need, and they are whole. */
static void check_pruning(struct storage *storage)
{
    static struct bench bench;
    bool any = true;

    open_bench(&bench, storage);
    fill(&bench);
    /* Recovery keeps all until it is turned off. */
    size_t all = count_undos(&bench);
    assert_int_equal(prune_histories(&bench.task, clock_now()), TASK_DONE);
    assert_int_equal(count_undos(&bench), all);
    publish(&bench, 0);
    while (any) {
        assert_int_equal(prune_histories(&bench.task, clock_now()), TASK_DONE);
        assert_int_equal(count_undos(&bench), count_needed(&bench));
        check_backups(&bench);
        any = remove_some_backups(&bench);
    }
    /* Nobody needs it any more: the table keeps no history. */
    assert_int_equal(prune_histories(&bench.task, clock_now()), TASK_DONE);
    refresh(&bench);
    assert_false(bench.model.table->keeps_history);
    assert_int_equal(count_undos(&bench), 0);
    close_bench(&bench);
}

static void test_pruning_in_memory(void **state)
{
    (void)state;
    check_pruning(storage_open_memory());
}

static void test_pruning_on_disk(void **state)
{
    char *folder = folder_create();

    (void)state;
    check_pruning(open_folder_or_fail(folder));
    folder_remove(folder);
}

/* When the first and the last of the table's undo records were made. */
static void read_times(struct bench *bench, int64_t *first, int64_t *last)
{
    struct key_range range = keys_histories(&bench->arena, bench->model.table->id);
    struct cursor *cursor = cursor_create(bench->model.storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    struct history_undo undo;

    *first = INT64_MAX;
    *last = INT64_MIN;
    while (cursor_next(cursor, &key, &value) == STORAGE_OK) {
        assert_true(history_undo_read(key, value, &undo));
        *first = undo.time < *first ? undo.time : *first;
        *last = undo.time > *last ? undo.time : *last;
    }
    cursor_destroy(cursor);
}

/*
 * The window moves on with time: what is older than it goes, an hour later. Its times are those of the
 * records and not the clock's: commits can fall into one millisecond with what was before them, and the clock
 * may be set.
 */
static void test_window(void **state)
{
    static struct bench bench;
    int64_t earliest, first, last;

    (void)state;
    open_bench(&bench, storage_open_memory());
    for (unsigned i = 1; i <= COMMITS; i++)
        commit_some(&bench.model, i);
    size_t all = count_undos(&bench);
    read_times(&bench, &first, &last);
    assert_int_equal(recovery_earliest(bench.model.storage, NULL, bench.model.table, last, &earliest),
                     STORAGE_OK);
    assert_in_range(earliest, 1, first); /* since recovery began */
    assert_int_equal(recovery_earliest(bench.model.storage, NULL, bench.model.table,
                                       last + 3 * MILLISECONDS_A_DAY, &earliest),
                     STORAGE_OK);
    assert_int_equal(earliest, last + MILLISECONDS_A_DAY);
    /* The state of a moment has what was changed in its millisecond: records of it are not needed for it. */
    assert_int_equal(prune_histories(&bench.task, first - 1 + 2 * MILLISECONDS_A_DAY + hour), TASK_DONE);
    assert_int_equal(count_undos(&bench), all);
    assert_int_equal(prune_histories(&bench.task, last - 1 + 2 * MILLISECONDS_A_DAY + hour), TASK_DONE);
    assert_in_range(count_undos(&bench), 1, all);
    assert_int_equal(prune_histories(&bench.task, last + 2 * MILLISECONDS_A_DAY + hour), TASK_DONE);
    assert_int_equal(count_undos(&bench), 0);
    refresh(&bench);
    assert_true(bench.model.table->keeps_history); /* for what comes */
    close_bench(&bench);
}

/* Puts the descriptor of a table that is to be restored as of `then`, unknown to the catalog's own workers.
 */
static void put_restoring(struct bench *bench, uint32_t id, const struct state *then)
{
    struct table *made = table_clone(bench->model.table);
    struct batch batch;
    struct buffer text;

    made->name = SLICE("restored");
    made->id = id;
    made->status = TABLE_CREATING;
    made->restore = (struct restore){.source_id = bench->model.table->id, .moment = then->moment};
    batch_init(&batch, &bench->arena);
    buffer_init(&text);
    table_write_descriptor(&text, made);
    batch_put(&batch, keys_descriptor(&bench->arena, made->name), buffer_slice(&text));
    assert_int_equal(storage_commit_wait(bench->model.storage, &batch), STORAGE_OK);
    buffer_finish(&text);
    table_release(made);
}

/* The table as the storage has it now. */
static struct table *read_restoring(struct bench *bench)
{
    struct stored stored;

    assert_int_equal(
        storage_get(bench->model.storage, NULL, keys_descriptor(&bench->arena, SLICE("restored")), &stored),
        STORAGE_OK);
    struct table *table = table_read_descriptor(stored.value);
    assert_non_null(table);
    table->version = stored.version;
    stored_release(&stored);
    return table;
}

/* Goes on until the restore is done or the storage fails. */
static enum outcome restore_all(struct bench *bench)
{
    enum outcome outcome = TASK_AGAIN;

    while (outcome == TASK_AGAIN) {
        struct table *table = read_restoring(bench);
        outcome = table->status == TABLE_ACTIVE ? TASK_DONE : restore_table(&bench->task, table);
        table_release(table);
    }
    return outcome;
}

/* A restore that is under way needs its moment as a backup does. */
static void test_restore_needs(void **state)
{
    static struct bench bench;

    (void)state;
    open_bench(&bench, storage_open_memory());
    for (unsigned i = 1; i <= COMMITS; i++)
        commit_some(&bench.model, i);
    const struct state *then = &bench.model.states[COMMITS / 3];
    put_restoring(&bench, 8, then);
    publish(&bench, 0);
    assert_int_equal(prune_histories(&bench.task, clock_now()), TASK_DONE);
    assert_in_range(count_undos(&bench), 1, ITEMS);
    assert_as_of(&bench.model, then->moment, then);
    refresh(&bench);
    assert_true(bench.model.table->keeps_history);

    /* Done by hand: the restore's own commits and the end of it. */
    assert_int_equal(restore_all(&bench), TASK_DONE);
    const struct moment now = {.number = UINT64_MAX};
    table_release(bench.model.table);
    bench.model.table = catalog_find(bench.catalog, SLICE("restored"));
    assert_int_equal(bench.model.table->status, TABLE_ACTIVE);
    assert_as_of(&bench.model, now, then);
    refresh(&bench);
    assert_int_equal(prune_histories(&bench.task, clock_now()), TASK_DONE);
    assert_int_equal(count_undos(&bench), 0);
    close_bench(&bench);
}

/* ---- faults ---- */

static const struct {
    enum faulty_calls calls;
    enum storage_status status;
} faults[] = {{FAULTY_READS, STORAGE_CORRUPT}, {FAULTY_WRITES, STORAGE_FULL}, {FAULTY_LATE, STORAGE_FAILED}};

/* Whatever call of a restore fails, it goes on from there, and nothing is missing, double or from another
 * time. */
static void test_restore_goes_on_after_faults(void **state)
{
    static struct bench bench;
    const struct moment now = {.number = UINT64_MAX};
    uint32_t id = 7;

    (void)state;
    open_bench(&bench, storage_open_faulty(storage_open_memory()));
    for (unsigned i = 1; i <= COMMITS; i++)
        commit_some(&bench.model, i);
    const struct state *then = &bench.model.states[COMMITS / 2];
    for (size_t kind = 0; kind < sizeof(faults) / sizeof(faults[0]); kind++) {
        unsigned call = 1;
        for (bool fired = true; fired; call++) {
            put_restoring(&bench, ++id, then);
            struct table *table = read_restoring(&bench);
            faulty_arm(bench.model.storage, faults[kind].calls, call, faults[kind].status);
            enum outcome outcome = restore_table(&bench.task, table);
            fired = faulty_fired(bench.model.storage);
            table_release(table);
            assert_true(!fired || outcome == TASK_FAILED);
            faulty_recover(bench.model.storage);
            assert_int_equal(restore_all(&bench), TASK_DONE);
            struct table *source = bench.model.table;
            bench.model.table = read_restoring(&bench);
            assert_as_of(&bench.model, now, then);
            int64_t counters[2];
            assert_int_equal(storage_read_counters(bench.model.storage,
                                                   keys_counters(&bench.arena, bench.model.table, NULL),
                                                   counters),
                             STORAGE_OK);
            assert_int_equal(counters[0], count_keys(&bench, keys_items(&bench.arena, id)));
            table_release(bench.model.table);
            bench.model.table = source;
        }
        assert_true(call > 2); /* some call did fail */
    }
    close_bench(&bench);
}

/* Whatever call of a pruning fails, what is needed stays, and the next pass ends the work. */
static void test_prune_after_faults(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < sizeof(faults) / sizeof(faults[0]); kind++) {
        bool fired = true;
        for (unsigned call = 1; fired; call += kind == 0 ? 97 : 1) {
            static struct bench bench;
            open_bench(&bench, storage_open_faulty(storage_open_memory()));
            bench.model.seed = call;
            fill(&bench);
            publish(&bench, 0);
            faulty_arm(bench.model.storage, faults[kind].calls, call, faults[kind].status);
            enum outcome outcome = prune_histories(&bench.task, clock_now());
            fired = faulty_fired(bench.model.storage);
            assert_true(!fired || outcome == TASK_FAILED);
            faulty_recover(bench.model.storage);
            check_backups(&bench);
            assert_int_equal(prune_histories(&bench.task, clock_now()), TASK_DONE);
            assert_int_equal(count_undos(&bench), count_needed(&bench));
            check_backups(&bench);
            close_bench(&bench);
        }
    }
}

static void test_system_backup_expires(void **state)
{
    static struct bench bench;
    struct moment moment;

    (void)state;
    open_bench(&bench, storage_open_memory());
    int64_t expires = clock_now() + SYSTEM_BACKUP_DAYS * MILLISECONDS_A_DAY;
    struct slice id = put_backup(&bench, BACKUP_SYSTEM, expires, &moment);
    struct backup backup;
    assert_int_equal(prune_histories(&bench.task, expires - 1), TASK_DONE);
    assert_int_equal(backup_read(bench.model.storage, NULL, id, &bench.arena, &backup), STORAGE_OK);
    assert_int_equal(backup.type, BACKUP_SYSTEM);
    assert_true(slice_is(backup.name, "a backup") && backup.created == 12 && backup.items == 3);
    assert_true(backup.bytes == 400 && backup.expires == expires && slice_is(backup.table->name, "T"));
    backup_finish(&backup);
    assert_int_equal(prune_histories(&bench.task, expires), TASK_DONE);
    assert_int_equal(backup_read(bench.model.storage, NULL, id, &bench.arena, &backup), STORAGE_NOT_FOUND);
    backup_finish(&backup);
    close_bench(&bench);
}

/* What a deleted table left is erased when its last backup is gone, and not before; until then it is just
 * what the backups need. */
static void test_deleted_table(void **state)
{
    static struct bench bench;
    struct batch batch;
    bool any = true;

    (void)state;
    open_bench(&bench, storage_open_memory());
    fill(&bench);
    batch_init(&batch, &bench.arena);
    batch_delete(&batch, keys_descriptor(&bench.arena, SLICE("T")));
    batch_put(&batch, keys_erasure(&bench.arena, bench.model.table->id), SLICE("1"));
    assert_int_equal(storage_commit_wait(bench.model.storage, &batch), STORAGE_OK);
    while (any) {
        assert_int_equal(erase_tables(&bench.task), TASK_DONE);
        assert_int_equal(prune_histories(&bench.task, clock_now()), TASK_DONE);
        assert_int_equal(count_undos(&bench), count_needed(&bench));
        check_backups(&bench);
        any = remove_some_backups(&bench);
    }
    assert_int_equal(erase_tables(&bench.task), TASK_DONE);
    struct key_range left[2];
    keys_of_table(&bench.arena, bench.model.table->id, left);
    assert_int_equal(count_keys(&bench, left[0]) + count_keys(&bench, left[1]), 0);
    close_bench(&bench);
}

/* A record that cannot be read stops what would erase on its account. */
static void test_corrupt_record(void **state)
{
    static struct bench bench;
    struct batch batch;
    struct needs needs;
    struct backup backup;

    (void)state;
    open_bench(&bench, storage_open_memory());
    commit_some(&bench.model, 1);
    batch_init(&batch, &bench.arena);
    batch_put(&batch, keys_backup(&bench.arena, SLICE("00000000000001-00000000")), SLICE("{\"Format\":9}"));
    batch_put(&batch, keys_erasure(&bench.arena, bench.model.table->id), SLICE("1"));
    assert_int_equal(storage_commit_wait(bench.model.storage, &batch), STORAGE_OK);
    assert_int_equal(
        backup_read(bench.model.storage, NULL, SLICE("00000000000001-00000000"), &bench.arena, &backup),
        STORAGE_CORRUPT);
    backup_finish(&backup);
    assert_int_equal(needs_read(bench.model.storage, NULL, &bench.arena, &needs), STORAGE_CORRUPT);
    assert_int_equal(erase_tables(&bench.task), TASK_FAILED);
    assert_int_equal(prune_histories(&bench.task, clock_now()), TASK_FAILED);
    assert_true(count_undos(&bench) > 0);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pruning_in_memory),
                                       cmocka_unit_test(test_pruning_on_disk),
                                       cmocka_unit_test(test_window),
                                       cmocka_unit_test(test_restore_needs),
                                       cmocka_unit_test(test_system_backup_expires),
                                       cmocka_unit_test(test_deleted_table),
                                       cmocka_unit_test(test_corrupt_record),
                                       cmocka_unit_test(test_restore_goes_on_after_faults),
                                       cmocka_unit_test(test_prune_after_faults)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
