/* The hash is part of the storage format: these are the values of XXH3-64 with seed 0, from xxHash's own
 * vectors. */
#include "lib/unit.h"

#include "base/hash.h"

static void is_xxh3(void **state)
{
    (void)state;
    assert_true(hash_bytes(SLICE("")) == 0x2D06800538D394C2);
    assert_true(hash_bytes(SLICE("a")) == 0xE6C632B61E964E1F);
    assert_true(hash_bytes(SLICE("abc")) == 0x78AF5F94892F3950);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_xxh3)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
