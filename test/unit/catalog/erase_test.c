/* Does erasing take what is old, and nothing else? */
#include "lib/unit.h"

#include "base/arena.h"
#include "catalog/keys.h"
#include "catalog/task.h"

static void put(struct storage *storage, struct slice key)
{
    struct arena arena;
    struct batch batch;

    arena_init(&arena);
    batch_init(&batch, &arena);
    batch_put(&batch, key, SLICE("record"));
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_OK);
    arena_finish(&arena);
}

static bool is_there(struct storage *storage, struct slice key)
{
    struct stored stored;
    enum storage_status status = storage_get(storage, NULL, key, &stored);

    stored_release(&stored);
    return status == STORAGE_OK;
}

static void tokens_go_when_they_are_too_old_to_count(void **state)
{
    struct task task = {.storage = storage_open_memory()};
    const int64_t now = INT64_C(1000) * TOKEN_WINDOW + 5;
    struct arena arena;

    (void)state;
    arena_init(&arena);
    struct slice oldest = keys_token(&arena, 3, SLICE("a")), old = keys_token(&arena, 998, SLICE("zzz"));
    struct slice kept[] = {keys_token(&arena, 999, SLICE("a")), keys_token(&arena, 1000, SLICE("a")),
                           keys_next_table_id(), keys_descriptor(&arena, SLICE("table")),
                           keys_erasure(&arena, 7)};
    enum { KEPT = sizeof(kept) / sizeof(kept[0]) };
    assert_int_equal(erase_tokens(&task, now), TASK_DONE);
    put(task.storage, oldest);
    put(task.storage, old);
    for (size_t i = 0; i < KEPT; i++)
        put(task.storage, kept[i]);
    assert_int_equal(erase_tokens(&task, now), TASK_DONE);
    assert_false(is_there(task.storage, oldest));
    assert_false(is_there(task.storage, old));
    for (size_t i = 0; i < KEPT; i++)
        assert_true(is_there(task.storage, kept[i]));
    arena_finish(&arena);
    storage_close(task.storage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tokens_go_when_they_are_too_old_to_count)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
