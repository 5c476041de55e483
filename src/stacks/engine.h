/*
 * The engine: carries out what is asked of stacks, behind the answers, on threads of its own.
 *
 * A request commits a stack that is in progress, with the mark that there is work (record.h), and wakes the
 * engine. The engine finds its work in these marks, and where each stack stands in its record and in those of
 * its resources; so what a crash interrupted goes on at the next start. Before anything is made, changed or
 * removed, the record of the resource says so, on disk; when the engine finds such a record it looks at what
 * is there, and goes on from that.
 *
 * Up to ENGINE_THREADS stacks are worked on at a time. A nested stack is worked on by whoever works on its
 * parent.
 */
#ifndef TURNTABLE_STACKS_ENGINE_H
#define TURNTABLE_STACKS_ENGINE_H

#include "deploy/invoke.h"
#include "deploy/stack.h"
#include "storage/storage.h"

enum { ENGINE_THREADS = 4 };

struct catalog;
struct engine;

/* What the engine has of the rooms above: calls, and templates from buckets. */
struct engine_hands {
    /* Opens the calls of a caller, as a stack's record keeps it. NULL: there is no such user or role any
     * more. */
    void *(*open)(void *context, struct slice caller, struct invoker *out);
    void (*close)(void *context, void *opened);
    /* The text at a URL. False: *problem says why not. */
    bool (*fetch)(void *context, void *opened, struct arena *arena, struct slice url, struct slice *text,
                  struct slice *problem);
    /* Of Systems Manager (struct stack_lookups); `opened` asks. */
    enum lookup (*parameter)(void *context, void *opened, struct arena *arena, struct slice name,
                             struct slice *value, struct slice *type);
    void *context;
};

/* The settings are copied; what they point at outlives the engine. */
struct engine_settings {
    struct slice region;
    struct slice account;
    struct engine_hands hands;
    bool strict;    /* resources that would only be recorded fail */
    int64_t period; /* milliseconds between two looks at all marks; 0: a minute */
};

struct engine *engine_open(struct catalog *catalog, struct storage *storage,
                           const struct engine_settings *settings);
/* Accepts NULL; returns when the threads have ended, each after the step it is at. */
void engine_close(struct engine *engine);

/* There is new work, or a new wish. */
void engine_wake(struct engine *engine);

/* ---- waiting ---- */

/* Somebody who waits for a stack to come to rest; in place. */
struct engine_waiter {
    struct slice uuid;
    int64_t deadline; /* of the monotonic clock, nanoseconds */
    void (*wake)(void *context);
    void *context;
    bool waits;
    struct engine_waiter *next;
};

/*
 * True: `wake` will be called once, on any thread: when the stack is not in progress any more, when so many
 * milliseconds are over, or with engine_let_go(). False: it is not in progress. The uuid is the caller's.
 */
must_use bool engine_await(struct engine *engine, struct engine_waiter *waiter, struct slice uuid,
                           int64_t milliseconds, void (*wake)(void *context), void *context);
/* It is not called any more. Nothing if it was. */
void engine_forget(struct engine *engine, struct engine_waiter *waiter);
/* Wakes all who wait; from now on nobody does. */
void engine_let_go(struct engine *engine);

#endif
