#include "services/iam/handlers.h"

static const struct operation operations[] = {
#define X(name, handler, kind) {#name, handler, "iam:" #name, OPERATION_##kind, CALLER_SIGNED},
#define N(name, handler, kind) X(name, handler, kind)
#define R(name, reason)        {#name, refuse_operation, "iam:" #name, OPERATION_WRITE, CALLER_SIGNED},
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
