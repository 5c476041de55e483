/* Secrets: made once for a storage and a name, and kept. */
#include "lib/unit.h"

#include "catalog/keys.h"
#include "catalog/secret.h"

static void they_are_made_once(void **state)
{
    struct storage *storage = storage_open_memory(), *other = storage_open_memory();
    const struct slice keys[] = {keys_iterator_key(), keys_session_key()};
    struct slice alone[1], first[2], again[2], another[1];
    struct arena arena;
    (void)state;

    arena_init(&arena);
    assert_int_equal(secrets_obtain(storage, keys, 1, &arena, alone), STORAGE_OK);
    assert_int_equal(secrets_obtain(storage, keys, 2, &arena, first), STORAGE_OK);
    assert_int_equal(secrets_obtain(storage, keys, 2, &arena, again), STORAGE_OK);
    assert_int_equal(secrets_obtain(other, keys, 1, &arena, another), STORAGE_OK);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(first[i].len, SECRET_SIZE);
        assert_true(slice_equal(first[i], again[i]));
    }
    assert_true(slice_equal(first[0], alone[0]));
    assert_false(slice_equal(first[0], another[0]));
    assert_false(slice_equal(first[0], first[1]));
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
