/* Secrets: made once for a storage and a name, and kept. */
#include "lib/unit.h"

#include "catalog/keys.h"
#include "catalog/secret.h"

static void they_are_made_once(void **state)
{
    struct storage *storage = storage_open_memory(), *other = storage_open_memory();
    struct slice first, again, another, session;
    struct arena arena;
    (void)state;

    arena_init(&arena);
    assert_int_equal(secret_obtain(storage, keys_iterator_key(), &arena, &first), STORAGE_OK);
    assert_int_equal(secret_obtain(storage, keys_iterator_key(), &arena, &again), STORAGE_OK);
    assert_int_equal(secret_obtain(other, keys_iterator_key(), &arena, &another), STORAGE_OK);
    assert_int_equal(secret_obtain(storage, keys_session_key(), &arena, &session), STORAGE_OK);
    assert_int_equal(first.len, SECRET_SIZE);
    assert_true(slice_equal(first, again));
    assert_false(slice_equal(first, another));
    assert_false(slice_equal(first, session));
    storage_close(storage);
    storage_close(other);
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_made_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
