/*
 * CloudWatch, in the two protocols that its clients speak: AWS JSON (the SDKs of today) and the query
 * protocol (those before, and AWS's command line in Debian). Both are of the same operations; "form" is the
 * second.
 */
#include "services/cloudwatch/handlers.h"
#include "services/operation.h"
#include "services/refusal.h"

/* A handler for each operation that is refused. */
#define X(name, handler)
#define R(name, reason)                                                                                      \
    static bool refuse_##name(struct request *request)                                                       \
    {                                                                                                        \
        return refuse_operation(request, ERROR_UNSUPPORTED_OPERATION, reason);                               \
    }
#include "services/cloudwatch/operations.def"
#undef X
#undef R

static const struct operation operations[] = {
#define X(name, handler) {#name, handler, "cloudwatch:" #name, OPERATION_READ, CALLER_SIGNED, NULL},
#define R(name, reason)  {#name, refuse_##name, "cloudwatch:" #name, OPERATION_READ, CALLER_SIGNED, NULL},
#include "services/cloudwatch/operations.def"
#undef X
#undef R
};

const struct service cloudwatch_service = {
    .name = "monitoring",
    .protocol = PROTOCOL_JSON,
    .target_prefix = "GraniteServiceVersion20100801",
    .content_type = "application/x-amz-json-1.0",
    .query_names = true,
    .operations = operations,
    .operation_count = sizeof(operations) / sizeof(operations[0]),
};

const struct service cloudwatch_form_service = {
    .name = "monitoring",
    .protocol = PROTOCOL_QUERY,
    .version = "2010-08-01",
    .xmlns = "http://monitoring.amazonaws.com/doc/2010-08-01/",
    .content_type = "text/xml",
    .operations = operations,
    .operation_count = sizeof(operations) / sizeof(operations[0]),
};
