/*
 * The events of stacks: a queue a stack, in the order of the commits that tell of them (storage.h,
 * batch_append()).
 */
#ifndef TURNTABLE_STACKS_EVENT_H
#define TURNTABLE_STACKS_EVENT_H

#include "stacks/record.h"

struct stack_event {
    struct slice id;
    int64_t time;         /* milliseconds since 1970, of no other event */
    struct slice logical; /* the stack's name, if it is of the stack itself */
    struct slice physical;
    struct slice type;
    enum stack_status status;
    struct slice reason;
    struct slice properties; /* JSON; empty: none are told */
    struct slice token;      /* of the request that began the operation */
    int64_t turn;            /* the stack's, in which it was; 0: nobody knows any more */
};

/* `id` and `time` are given here and by the storage. */
void event_put(struct batch *batch, struct slice uuid, const struct stack_event *event);

/* That the stack itself has the status and the reason of its record. */
void stack_put_event(struct batch *batch, const struct stack_record *record);

/*
 * Reads events, newest first: up to `limit` of those before `place` (empty: of all), which becomes the place
 * of the next call, or empty at the end. In the arena.
 */
must_use enum storage_status events_read(struct storage *storage, struct arena *arena, struct slice uuid,
                                         struct slice *place, struct stack_event *out, size_t limit,
                                         size_t *count);

#endif
