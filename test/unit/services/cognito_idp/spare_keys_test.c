/* Are key pairs made ahead, and is each taken once? */
#include "lib/unit.h"

#include <unistd.h>

#include "services/cognito_idp/spare_keys.h"

enum { TAKEN = SPARE_KEYS + 2 };

static void await(struct spare_keys *spares, size_t count)
{
    while (spare_keys_count(spares) < count)
        usleep(1000);
}

static void are_made_ahead(void **state)
{
    struct spare_keys *spares = spare_keys_open(1);

    (void)state;
    await(spares, SPARE_KEYS);
    struct jwt_key *one = spare_keys_take(spares);
    await(spares, SPARE_KEYS); /* what was taken is made anew */
    jwt_key_destroy(one);
    spare_keys_close(spares);
}

/* None is there for an hour: they are made when they are wanted. */
static void are_made_at_once_where_there_is_none(void **state)
{
    struct spare_keys *spares = spare_keys_open((int64_t)60 * 60 * 1000);

    (void)state;
    struct jwt_key *one = spare_keys_take(spares), *other = spare_keys_take(NULL);
    assert_false(slice_equal(jwt_key_id(one), jwt_key_id(other)));
    assert_int_equal(spare_keys_count(spares), 0);
    jwt_key_destroy(one);
    jwt_key_destroy(other);
    spare_keys_close(spares);
}

static void are_all_different(void **state)
{
    struct spare_keys *spares = spare_keys_open(1);
    struct jwt_key *keys[TAKEN];

    (void)state;
    await(spares, SPARE_KEYS);
    for (size_t i = 0; i < TAKEN; i++) {
        keys[i] = spare_keys_take(spares);
        for (size_t j = 0; j < i; j++)
            assert_false(slice_equal(jwt_key_id(keys[i]), jwt_key_id(keys[j])));
    }
    for (size_t i = 0; i < TAKEN; i++)
        jwt_key_destroy(keys[i]);
    spare_keys_close(spares);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(are_made_ahead),
                                       cmocka_unit_test(are_made_at_once_where_there_is_none),
                                       cmocka_unit_test(are_all_different)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
