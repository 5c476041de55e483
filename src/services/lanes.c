#include "services/lanes.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/hash.h"

enum { LANE_COUNT = 1024 };

struct lane {
    atomic_bool taken;
    struct ticket *first; /* in line */
    struct ticket **last;
};

struct lanes {
    pthread_mutex_t lock; /* of all lines: they are used by those only who have met others */
    struct lane lanes[LANE_COUNT];
};

struct lanes *lanes_create(void)
{
    struct lanes *lanes = calloc(1, sizeof(*lanes));

    CHECK(lanes != NULL && pthread_mutex_init(&lanes->lock, NULL) == 0);
    for (size_t i = 0; i < LANE_COUNT; i++) {
        atomic_init(&lanes->lanes[i].taken, false);
        lanes->lanes[i].last = &lanes->lanes[i].first;
    }
    return lanes;
}

void lanes_destroy(struct lanes *lanes)
{
    if (lanes == NULL)
        return;
    pthread_mutex_destroy(&lanes->lock);
    free(lanes);
}

static struct lane *lane_of(struct lanes *lanes, struct slice key)
{
    return &lanes->lanes[hash_bytes(key) % LANE_COUNT];
}

bool lanes_busy(struct lanes *lanes, struct slice key)
{
    return atomic_load_explicit(&lane_of(lanes, key)->taken, memory_order_relaxed); /* advice, not a lock */
}

bool lanes_enter(struct lanes *lanes, struct slice key, struct ticket *ticket)
{
    struct lane *lane = lane_of(lanes, key);

    CHECK(ticket->lane == NULL);
    pthread_mutex_lock(&lanes->lock);
    bool free_lane = !atomic_load(&lane->taken);
    if (free_lane) {
        atomic_store(&lane->taken, true);
        ticket->lane = lane;
    } else {
        ticket->next = NULL;
        *lane->last = ticket;
        lane->last = &ticket->next;
    }
    pthread_mutex_unlock(&lanes->lock);
    return free_lane;
}

void lanes_leave(struct lanes *lanes, struct ticket *ticket)
{
    struct lane *lane = ticket->lane;

    if (lane == NULL)
        return;
    ticket->lane = NULL;
    pthread_mutex_lock(&lanes->lock);
    struct ticket *next = lane->first;
    if (next == NULL) {
        atomic_store(&lane->taken, false);
    } else {
        lane->first = next->next;
        if (lane->first == NULL)
            lane->last = &lane->first;
        next->lane = lane;
    }
    pthread_mutex_unlock(&lanes->lock);
    if (next != NULL)
        next->granted(next);
}
