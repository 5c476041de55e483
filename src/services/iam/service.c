#include "services/iam/handlers.h"
#include "services/iam/resource.h"
#include "services/operation.h"
#include "services/permissions.h"
#include "services/refusal.h"

static bool find(void *from, struct slice key, struct iam_values *out)
{
    return resource_condition(from, key, out);
}

static bool iam_needs(struct request *request, struct permissions *needs)
{
    const char *action = request->operation->action;
    struct slice resource, target, role;

    if (!resource_of_request(request, &resource) || !resource_of_target(request, &target) ||
        !resource_of_passed_role(request, &role))
        return false;
    permissions_add(needs, action, resource)->context = (struct iam_context){find, request};
    if (target.len > 0)
        permissions_add(needs, action, target)->context = (struct iam_context){find, request};
    if (role.len > 0)
        permissions_pass_role(needs, role, "ec2.amazonaws.com");
    return true;
}

/* A handler for each operation that is refused. */
#define X(name, handler, kind)
#define N(name, handler, kind)
#define R(name, reason)                                                                                      \
    static bool refuse_##name(struct request *request)                                                       \
    {                                                                                                        \
        return refuse_operation(request, ERROR_UNSUPPORTED_OPERATION, reason);                               \
    }
#include "services/iam/operations.def"
#undef X
#undef N
#undef R

static const struct operation operations[] = {
#define X(name, handler, kind) {#name, handler, "iam:" #name, OPERATION_##kind, CALLER_SIGNED, iam_needs},
#define N(name, handler, kind) X(name, handler, kind)
#define R(name, reason)        {#name, refuse_##name, "iam:" #name, OPERATION_WRITE, CALLER_SIGNED, iam_needs},
#include "services/iam/operations.def"
#undef X
#undef N
#undef R
};

const struct service iam_service = {
    .name = "iam",
    .protocol = PROTOCOL_QUERY,
    .version = "2010-05-08",
    .xmlns = "https://iam.amazonaws.com/doc/2010-05-08/",
    .operations = operations,
    .operation_count = sizeof(operations) / sizeof(operations[0]),
};
