/* Histories: a table read as it was after every commit, and what changed between any two, against a model. */
#include "history_model.h"

/* The times that the undo records of each commit have. */
static void read_times(struct fixture *fixture)
{
    struct arena arena;
    struct slice key, value;
    struct history_undo undo;
    enum storage_status status;

    arena_init(&arena);
    struct key_range range = keys_histories(&arena, fixture->table->id);
    struct cursor *cursor = cursor_create(fixture->storage, NULL, range.from, range.to, FORWARD);
    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK) {
        assert_true(history_undo_read(key, value, &undo));
        for (unsigned i = 1; i <= COMMITS; i++) {
            if (fixture->states[i].moment.number == undo.number)
                fixture->states[i].time = undo.time;
        }
    }
    assert_int_equal(status, STORAGE_NOT_FOUND);
    cursor_destroy(cursor);
    arena_finish(&arena);
}

static void set_up(struct fixture *fixture, struct storage *storage)
{
    model_begin(fixture, storage);
    for (unsigned i = 1; i <= COMMITS; i++)
        commit_some(fixture, i);
    read_times(fixture);
}

static void tear_down(struct fixture *fixture)
{
    table_release(fixture->table);
    storage_close(fixture->storage);
}

static void assert_changes(struct fixture *fixture, unsigned from, unsigned until)
{
    const struct state *states = fixture->states;
    struct history_walk *walk = history_walk_create(fixture->storage, NULL, fixture->table->id,
                                                    &states[from].moment, &states[until].moment, SLICE(""));
    bool seen[ITEMS] = {false};
    struct history_item item;

    while (history_walk_next(walk, &item) == STORAGE_OK) {
        unsigned which = ITEMS, last = from;
        int before = value_of(item.before, &which), after = value_of(item.after, &which);
        assert_true(item.changed > 0);
        if (which == ITEMS)
            continue; /* written and deleted in between */
        seen[which] = true;
        assert_int_equal(before, states[from].values[which]);
        assert_int_equal(after, states[until].values[which]);
        for (unsigned i = from + 1; i <= until; i++) {
            if (states[i].values[which] != states[i - 1].values[which])
                last = i;
        }
        assert_int_equal(item.changed, states[last].time);
    }
    history_walk_destroy(walk);
    for (unsigned i = 0; i < ITEMS; i++)
        assert_true(seen[i] || states[from].values[i] == states[until].values[i]);
}

static void check_all(struct storage *storage)
{
    static struct fixture fixture;

    set_up(&fixture, storage);
    for (unsigned i = 0; i <= COMMITS; i++)
        assert_as_of(&fixture, fixture.states[i].moment, &fixture.states[i]);
    for (unsigned i = 1; i <= COMMITS; i++) {
        /* All commits of a millisecond happened at its end. */
        unsigned last = i;
        while (last < COMMITS && fixture.states[last + 1].time == fixture.states[i].time)
            last++;
        assert_as_of(&fixture, (struct moment){.time = fixture.states[i].time}, &fixture.states[last]);
    }
    assert_as_of(&fixture, (struct moment){.time = fixture.states[1].time - 1}, &fixture.states[0]);
    for (unsigned i = 0; i < 200; i++) {
        unsigned from = chance(&fixture, COMMITS), until = from + chance(&fixture, COMMITS - from + 1);
        assert_changes(&fixture, from, until);
    }
    tear_down(&fixture);
}

static void test_memory(void **state)
{
    (void)state;
    check_all(storage_open_memory());
}

static void test_rocksdb(void **state)
{
    char *folder = folder_create();

    (void)state;
    check_all(open_folder_or_fail(folder));
    folder_remove(folder);
}

/* A walk that goes on behind some place sees the rest, and what was written in the meantime not at all. */
static void test_goes_on(void **state)
{
    static struct fixture fixture;
    struct history_item item;
    struct arena arena;
    unsigned count = 0, present = 0;

    (void)state;
    arena_init(&arena);
    set_up(&fixture, storage_open_memory());
    const struct state *then = &fixture.states[COMMITS / 2];
    struct slice behind = SLICE("");
    for (;;) {
        struct history_walk *walk =
            history_walk_create(fixture.storage, NULL, fixture.table->id, NULL, &then->moment, behind);
        enum storage_status status = history_walk_next(walk, &item);
        if (status == STORAGE_OK)
            behind = arena_copy(&arena, item.place);
        history_walk_destroy(walk);
        if (status != STORAGE_OK)
            break;
        count++;
    }
    for (unsigned i = 0; i < ITEMS; i++)
        present += then->values[i] != ABSENT;
    assert_int_equal(count, present);
    tear_down(&fixture);
    arena_finish(&arena);
}

/* A table that keeps no history pays nothing: its commits leave no record. */
static void test_no_history(void **state)
{
    static struct fixture fixture;
    struct arena arena;
    struct batch batch;

    (void)state;
    set_up(&fixture, storage_open_memory());
    fixture.table->keeps_history = false;
    arena_init(&arena);
    batch_init(&batch, &arena);
    for (unsigned i = 0; i < ITEMS; i++)
        change_item(&fixture, &batch, i, fixture.states[COMMITS].values[i], 999);
    for (const struct change *change = batch.changes; change != NULL; change = change->next)
        assert_int_not_equal(change->kind, CHANGE_APPEND);
    assert_int_equal(storage_commit_wait(fixture.storage, &batch), STORAGE_OK);
    arena_finish(&arena);
    tear_down(&fixture);
}

/* What is no undo record is a corruption, not an item. */
static void test_corrupt(void **state)
{
    struct storage *storage = storage_open_memory();
    struct history_item item;
    struct arena arena;
    struct batch batch;
    const struct moment now = {.number = UINT64_MAX};

    (void)state;
    arena_init(&arena);
    batch_init(&batch, &arena);
    batch_put(&batch, keys_history_at(&arena, 7, SLICE("place and a stamp")), SLICE("short"));
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_OK);
    struct history_walk *walk = history_walk_create(storage, NULL, 7, NULL, &now, SLICE(""));
    assert_int_equal(history_walk_next(walk, &item), STORAGE_CORRUPT);
    history_walk_destroy(walk);
    arena_finish(&arena);
    storage_close(storage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_memory), cmocka_unit_test(test_rocksdb),
                                       cmocka_unit_test(test_goes_on), cmocka_unit_test(test_no_history),
                                       cmocka_unit_test(test_corrupt)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
