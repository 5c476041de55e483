/* Do lanes let one at a time through, in the order in which they came? */
#include "lib/unit.h"

#include "services/lanes.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

static unsigned grants;
static struct ticket *order[8];

static void note(struct ticket *ticket)
{
    order[grants++] = ticket;
}

static void the_first_goes_and_the_others_follow_in_order(void **state)
{
    struct lanes *lanes = lanes_create();
    struct ticket tickets[5];
    (void)state;

    grants = 0;
    for (int i = 0; i < 5; i++)
        tickets[i] = (struct ticket){.granted = note};
    assert_false(lanes_busy(lanes, SLICE("key")));
    assert_true(lanes_enter(lanes, SLICE("key"), &tickets[0]));
    assert_true(lanes_busy(lanes, SLICE("key")));
    for (int i = 1; i < 4; i++)
        assert_false(lanes_enter(lanes, SLICE("key"), &tickets[i]));
    assert_int_equal(grants, 0);
    lanes_leave(lanes, &tickets[0]);
    assert_int_equal(grants, 1);
    lanes_leave(lanes, &tickets[0]); /* nothing: it holds none any more */
    assert_int_equal(grants, 1);
    assert_false(lanes_enter(lanes, SLICE("key"), &tickets[4]));
    for (int i = 1; i < 5; i++) {
        assert_ptr_equal(order[i - 1], &tickets[i]);
        lanes_leave(lanes, &tickets[i]);
    }
    assert_int_equal(grants, 4);
    assert_false(lanes_busy(lanes, SLICE("key")));
    assert_true(lanes_enter(lanes, SLICE("key"), &tickets[0]));
    lanes_leave(lanes, &tickets[0]);
    lanes_destroy(lanes);
    lanes_destroy(NULL);
}

struct runner {
    struct ticket ticket; /* first */
    sem_t turn;
    struct lanes *lanes;
};

static atomic_int inside, most_inside;
static int passed; /* only who has the lane touches it */

static void wake(struct ticket *ticket)
{
    sem_post(&((struct runner *)(void *)ticket)->turn);
}

static void *pass_many_times(void *context)
{
    struct runner *runner = context;

    for (int i = 0; i < 2000; i++) {
        if (!lanes_enter(runner->lanes, SLICE("key"), &runner->ticket))
            sem_wait(&runner->turn);
        int now = atomic_fetch_add(&inside, 1) + 1;
        if (now > atomic_load(&most_inside))
            atomic_store(&most_inside, now);
        passed++;
        atomic_fetch_sub(&inside, 1);
        lanes_leave(runner->lanes, &runner->ticket);
    }
    return NULL;
}

static void never_two_at_once(void **state)
{
    enum { RUNNERS = 6 };
    struct lanes *lanes = lanes_create();
    struct runner runners[RUNNERS];
    pthread_t threads[RUNNERS];
    (void)state;

    for (int i = 0; i < RUNNERS; i++) {
        runners[i] = (struct runner){.ticket = {.granted = wake}, .lanes = lanes};
        sem_init(&runners[i].turn, 0, 0);
        assert_int_equal(pthread_create(&threads[i], NULL, pass_many_times, &runners[i]), 0);
    }
    for (int i = 0; i < RUNNERS; i++) {
        pthread_join(threads[i], NULL);
        sem_destroy(&runners[i].turn);
    }
    assert_int_equal(atomic_load(&most_inside), 1);
    assert_int_equal(passed, RUNNERS * 2000);
    lanes_destroy(lanes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_goes_and_the_others_follow_in_order),
        cmocka_unit_test(never_two_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
