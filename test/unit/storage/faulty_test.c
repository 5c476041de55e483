/* The wrapper that fails on demand: does it fail just then, and leave the engine as it says? */
#include "unit/storage/fixture.h"

#include "storage/faulty.h"

static int set_up(void **state)
{
    *state = storage_open_faulty(storage_open_memory());
    return 0;
}

static int tear_down(void **state)
{
    storage_close(*state);
    return 0;
}

static enum storage_status get_status(struct storage *storage, const char *key)
{
    struct stored stored;

    enum storage_status status = storage_get(storage, NULL, slice_of(key), &stored);
    stored_release(&stored);
    return status;
}

static void fails_the_read_it_was_told(void **state)
{
    struct storage *storage = *state;
    struct slice key, value;
    int64_t counters[2];

    put_text(storage, "a", "1");
    put_text(storage, "b", "2");
    faulty_arm(storage, FAULTY_READS, 2, STORAGE_CORRUPT);
    assert_int_equal(get_status(storage, "a"), STORAGE_OK);
    assert_false(faulty_fired(storage));
    put_text(storage, "c", "3"); /* is no read */
    assert_int_equal(get_status(storage, "a"), STORAGE_CORRUPT);
    assert_true(faulty_fired(storage));
    assert_int_equal(get_status(storage, "a"), STORAGE_OK);
    faulty_arm(storage, FAULTY_READS, 3, STORAGE_FAILED);
    struct cursor *cursor = cursor_create(storage, NULL, SLICE(""), SLICE(""), FORWARD);
    assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_OK);
    assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_OK);
    assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_FAILED);
    cursor_destroy(cursor);
    faulty_arm(storage, FAULTY_READS, 1, STORAGE_CORRUPT);
    assert_int_equal(storage_read_counters(storage, SLICE("n"), counters), STORAGE_CORRUPT);
    assert_null(storage_refusal(storage));
}

static void a_failed_write_is_the_last(void **state)
{
    struct storage *storage = *state;

    faulty_arm(storage, FAULTY_WRITES, 2, STORAGE_FULL);
    put_text(storage, "a", "1");
    assert_int_equal(write_one(storage, "b", "1", NULL, NULL), STORAGE_FULL);
    assert_int_equal(write_one(storage, "c", "1", NULL, NULL), STORAGE_FULL);
    assert_int_equal(storage_erase(storage, SLICE("a"), SLICE("b")), STORAGE_FULL);
    assert_non_null(storage_refusal(storage));
    assert_string_equal(keys_in(storage, NULL, "", "", FORWARD), "a");
    faulty_recover(storage);
    assert_null(storage_refusal(storage));
    put_text(storage, "b", "1");
    faulty_arm(storage, FAULTY_WRITES, 1, STORAGE_FAILED);
    assert_int_equal(storage_erase(storage, SLICE("a"), SLICE("b")), STORAGE_FAILED);
    assert_string_equal(keys_in(storage, NULL, "", "", FORWARD), "a b");
}

static void a_conflict_is_just_one(void **state)
{
    struct storage *storage = *state;

    faulty_arm(storage, FAULTY_WRITES, 1, STORAGE_CONFLICT);
    assert_int_equal(write_one(storage, "a", "1", NULL, NULL), STORAGE_CONFLICT);
    assert_null(storage_refusal(storage));
    put_text(storage, "a", "2");
    assert_true(has_value(storage, NULL, "a", "2"));
}

static void a_late_failure_has_written(void **state)
{
    struct storage *storage = *state;

    faulty_arm(storage, FAULTY_LATE, 1, STORAGE_FAILED);
    assert_int_equal(write_one(storage, "a", "1", NULL, NULL), STORAGE_FAILED);
    assert_true(faulty_fired(storage));
    assert_true(has_value(storage, NULL, "a", "1"));
    assert_int_equal(write_one(storage, "b", "1", NULL, NULL), STORAGE_FAILED);
    assert_true(has_value(storage, NULL, "b", NULL));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(fails_the_read_it_was_told),
        TEST(a_failed_write_is_the_last),
        TEST(a_conflict_is_just_one),
        TEST(a_late_failure_has_written),
    };
    return cmocka_run_group_tests_name("faulty", tests, NULL, NULL);
}
