#include "services/operation.h"
#include "services/refusal.h"
#include "services/ssm/handlers.h"
#include "services/ssm/needs.h"

/* A handler for each operation that is refused. */
#define X(name, handler, kind)
#define R(name, reason)                                                                                      \
    static bool refuse_##name(struct request *request)                                                       \
    {                                                                                                        \
        return refuse_operation(request, ERROR_IDP_UNSUPPORTED_OPERATION, reason);                           \
    }
#include "services/ssm/operations.def"
#undef X
#undef R

static const struct operation operations[] = {
#define X(name, handler, kind)                                                                               \
    {#name, handler, "ssm:" #name, OPERATION_##kind, CALLER_SIGNED, parameter_needs},
#define R(name, reason) {#name, refuse_##name, "ssm:" #name, OPERATION_READ, CALLER_SIGNED, NULL},
#include "services/ssm/operations.def"
#undef X
#undef R
};

const struct service ssm_service = {
    .name = "ssm",
    .protocol = PROTOCOL_JSON,
    .target_prefix = "AmazonSSM",
    .content_type = "application/x-amz-json-1.1",
    .operations = operations,
    .operation_count = sizeof(operations) / sizeof(operations[0]),
};
