#include "services/dynamodb/handlers.h"
#include "services/dynamodb/needs.h"
#include "services/operation.h"

static const struct operation operations[] = {
#define X(name, handler, needs, kind)                                                                        \
    {#name, handler, "dynamodb:" #name, OPERATION_##kind, CALLER_SIGNED, needs},
#define Y(name) {#name, NULL, "dynamodb:" #name, OPERATION_WRITE, CALLER_SIGNED, NULL},
#include "services/dynamodb/operations.def"
#undef X
#undef Y
};

const struct service dynamodb_service = {
    .name = "dynamodb",
    .protocol = PROTOCOL_JSON,
    .target_prefix = "DynamoDB_20120810",
    .content_type = "application/x-amz-json-1.0",
    .operations = operations,
    .operation_count = sizeof(operations) / sizeof(operations[0]),
};
