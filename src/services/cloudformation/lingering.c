#include "services/cloudformation/lingering.h"

#include "stacks/engine.h"

enum { LONGEST = 2000 }; /* milliseconds */

struct lingering {
    struct slice uuid;
    struct engine_waiter waiter;
};

static void wake_engine(struct request *request)
{
    engine_wake(request->server->engine);
}

static bool wait_for_it(struct request *request, void (*wake)(void *context), void *context)
{
    struct lingering *lingering = request->execution;

    return engine_await(request->server->engine, &lingering->waiter, lingering->uuid, LONGEST, wake, context);
}

static void forget_it(struct request *request)
{
    struct lingering *lingering = request->execution;

    engine_forget(request->server->engine, &lingering->waiter);
}

void stack_linger(struct request *request, struct slice uuid)
{
    struct lingering *lingering = arena_new(request->arena, struct lingering);

    lingering->uuid = uuid;
    request->execution = lingering;
    request->committed = wake_engine;
    request->linger = wait_for_it;
    request->ended = forget_it;
}
