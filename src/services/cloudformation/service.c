#include "services/cloudformation/handlers.h"
#include "services/cloudformation/needs.h"
#include "services/operation.h"
#include "services/refusal.h"

/* A handler for each operation that is refused. */
#define X(name, handler, needs, kind)
#define Y(name)
#define R(name, reason)                                                                                      \
    static bool refuse_##name(struct request *request)                                                       \
    {                                                                                                        \
        return refuse_operation(request, ERROR_UNSUPPORTED_OPERATION, reason);                               \
    }
#include "services/cloudformation/operations.def"
#undef X
#undef Y
#undef R

static const struct operation operations[] = {
#define X(name, handler, needs, kind)                                                                        \
    {#name, handler, "cloudformation:" #name, OPERATION_##kind, CALLER_SIGNED, needs},
#define Y(name)         {#name, NULL, "cloudformation:" #name, OPERATION_WRITE, CALLER_SIGNED, NULL},
#define R(name, reason) {#name, refuse_##name, "cloudformation:" #name, OPERATION_WRITE, CALLER_SIGNED, NULL},
#include "services/cloudformation/operations.def"
#undef X
#undef Y
#undef R
};

const struct service cloudformation_service = {
    .name = "cloudformation",
    .protocol = PROTOCOL_QUERY,
    .version = "2010-05-15",
    .xmlns = "http://cloudformation.amazonaws.com/doc/2010-05-15/",
    .content_type = "text/xml",
    .operations = operations,
    .operation_count = sizeof(operations) / sizeof(operations[0]),
};
