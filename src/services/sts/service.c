#include "services/operation.h"
#include "services/sts/handlers.h"

static const struct operation operations[] = {
#define X(name, handler, action, caller) {#name, handler, action, OPERATION_READ, CALLER_##caller, NULL},
#include "services/sts/operations.def"
#undef X
};

const struct service sts_service = {
    .name = "sts",
    .protocol = PROTOCOL_QUERY,
    .version = "2011-06-15",
    .xmlns = "https://sts.amazonaws.com/doc/2011-06-15/",
    .content_type = "text/xml",
    .operations = operations,
    .operation_count = sizeof(operations) / sizeof(operations[0]),
};
