#include "services/cloudformation/needs.h"

#include "services/operation.h"

bool account_needs(struct request *request, struct permissions *needs)
{
    permissions_add(needs, request->operation->action, SLICE("*"));
    return true;
}

bool stack_needs(struct request *request, struct permissions *needs)
{
    struct slice name = permissions_text(request, "StackName");
    const struct server *server = request->server;

    if (name.len == 0)
        return account_needs(request, needs);
    if (!slice_starts_with(name, SLICE("arn:")))
        name = arena_printf(request->arena, "arn:aws:cloudformation:%.*s:%.*s:stack/%.*s/*",
                            SLICE_ARGS(server->region), SLICE_ARGS(server->account_id), SLICE_ARGS(name));
    permissions_add(needs, request->operation->action, name);
    return true;
}
