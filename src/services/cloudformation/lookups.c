#include "services/cloudformation/lookups.h"

static enum lookup find_parameter(void *context, struct arena *arena, struct slice name, struct slice *value,
                                  struct slice *type)
{
    (void)context;
    (void)arena;
    (void)name;
    (void)value;
    (void)type;
    return LOOKUP_FAILED;
}

static enum lookup find_export(void *context, struct arena *arena, struct slice name, struct slice *value)
{
    (void)context;
    (void)arena;
    (void)name;
    (void)value;
    return LOOKUP_ABSENT;
}

struct opening request_opening(struct request *request)
{
    struct stack_lookups *lookups = arena_new(request->arena, struct stack_lookups);

    *lookups = (struct stack_lookups){find_parameter, find_export, request};
    return (struct opening){request->server->region, request->server->account_id, lookups};
}
