/* For unit tests that work in an arena: each has a new one, and a failure in it. Included in unit.h's place.
 */
#ifndef TURNTABLE_TEST_LIB_UNIT_ARENA_H
#define TURNTABLE_TEST_LIB_UNIT_ARENA_H

#include "lib/unit.h"

#include "base/failure.h"

static struct arena arena;
static struct failure failure;

static inline int begin_arena(void **state)
{
    (void)state;
    arena_init(&arena);
    failure_init(&failure, &arena);
    return 0;
}

static inline int end_arena(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

#define ARENA_TEST(name) cmocka_unit_test_setup_teardown(name, begin_arena, end_arena)

#endif
