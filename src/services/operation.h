/*
 * Operations: one list a service (dynamodb/operations.def), from which dispatch, the IAM action, the
 * compatibility page and the test of coverage expand.
 */
#ifndef TURNTABLE_SERVICES_OPERATION_H
#define TURNTABLE_SERVICES_OPERATION_H

#include <stdbool.h>

#include "base/slice.h"

struct request;

enum operation_kind { OPERATION_READ, OPERATION_WRITE };

typedef bool (*operation_handler)(struct request *request);

struct operation {
    const char *name;          /* "PutItem" */
    operation_handler handler; /* NULL: known to AWS, not to this server */
    const char *action;        /* for IAM: "dynamodb:PutItem" */
    enum operation_kind kind;
};

/* A service that speaks AWS JSON: requests name their operation as "<target_prefix>.<name>" in X-Amz-Target.
 */
struct service {
    const char *name;          /* in the credential scope of signatures: "dynamodb" */
    const char *target_prefix; /* "DynamoDB_20120810" */
    const char *content_type;  /* "application/x-amz-json-1.0" */
    const struct operation *operations;
    unsigned operation_count;
};

extern const struct service dynamodb_service, streams_service;

#endif
