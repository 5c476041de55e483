#include "services/cloudcontrol/handlers.h"
#include "services/operation.h"

/* IAM knows these operations as CloudFormation's, on "*"; what they do in turn is asked for as well. */
static const struct operation operations[] = {
#define X(name, handler, kind)                                                                               \
    {#name, handler, "cloudformation:" #name, OPERATION_##kind, CALLER_SIGNED, NULL},
#include "services/cloudcontrol/operations.def"
#undef X
};

const struct service cloudcontrol_service = {
    .name = "cloudcontrolapi",
    .protocol = PROTOCOL_JSON,
    .target_prefix = "CloudApiService",
    .content_type = "application/x-amz-json-1.0",
    .operations = operations,
    .operation_count = sizeof(operations) / sizeof(operations[0]),
};
