#include "services/operation.h"
#include "services/streams/handlers.h"
#include "services/streams/needs.h"

static const struct operation operations[] = {
#define X(name, handler, needs, kind)                                                                        \
    {#name, handler, "dynamodb:" #name, OPERATION_##kind, CALLER_SIGNED, needs},
#include "services/streams/operations.def"
#undef X
};

const struct service streams_service = {
    .name = "dynamodb", /* clients sign for DynamoDB: the two are one service with two APIs */
    .protocol = PROTOCOL_JSON,
    .target_prefix = "DynamoDBStreams_20120810",
    .content_type = "application/x-amz-json-1.0",
    .operations = operations,
    .operation_count = sizeof(operations) / sizeof(operations[0]),
};
