/*
 * Operations: one list a service (dynamodb/operations.def), from which dispatch, the IAM action, the
 * compatibility page and the test of coverage expand.
 */
#ifndef TURNTABLE_SERVICES_OPERATION_H
#define TURNTABLE_SERVICES_OPERATION_H

#include <stdbool.h>

#include "base/slice.h"
#include "http/server.h"

struct authenticator;
struct permissions;
struct request;

enum operation_kind { OPERATION_READ, OPERATION_WRITE };

/* Who may call an operation without a signature. */
enum operation_caller {
    CALLER_SIGNED,
    CALLER_ANYONE, /* what proves who calls is in the input, such as a token: no signature is asked for or
                      read */
};

typedef bool (*operation_handler)(struct request *request);

/* Adds what policies are asked for a request (services/permissions.h). False: the failure is set. */
typedef bool (*operation_needs)(struct request *request, struct permissions *needs);

struct operation {
    const char *name;          /* "PutItem" */
    operation_handler handler; /* NULL: known to AWS, not to this server */
    const char *action; /* for IAM: "dynamodb:PutItem"; NULL: no permission is needed, or the handler asks
                           for it */
    enum operation_kind kind;
    enum operation_caller caller;
    operation_needs needs; /* NULL: the action alone, on "*" */
};

enum protocol {
    PROTOCOL_JSON,  /* AWS JSON: a request names its operation as "<target_prefix>.<name>" in X-Amz-Target */
    PROTOCOL_QUERY, /* a form with Action and Version (wire/query.h); handlers read and write JSON all the
                       same */
    PROTOCOL_REST,  /* paths and headers, by rules of the service's own (struct rest) */
};

/*
 * How a service speaks REST. Its operations have JSON as all others, `body` in and `out` back, but for the
 * bytes of objects; what else belongs to the request the service keeps behind request->rest. The life of a
 * request (life.c) calls these in this order; on false the failure is set, and respond() is next.
 */
struct rest {
    /* Whether a request is the service's, told by its head. `scope`: the service that its signature says it
     * is for, or empty. What has the marks of another protocol is not asked for. */
    bool (*claims)(const struct http_request *http, struct slice scope);
    /* What of its body is taken. */
    struct http_admission (*admit)(const struct http_request *head);
    /* Finds request->operation, and makes request->body of all but the payload. */
    bool (*identify)(struct request *request);
    /* Finds request->principal. The time is in seconds. */
    bool (*authenticate)(struct request *request, struct authenticator *authenticator, int64_t now);
    /* Reads the payload. */
    bool (*parse)(struct request *request);
    /* Makes the answer of request->out, or of the failure. */
    void (*respond)(struct request *request, struct http_exchange *exchange);
};

struct service {
    const char *name; /* in the credential scope of signatures: "dynamodb" */
    enum protocol protocol;
    const char *target_prefix; /* PROTOCOL_JSON: "DynamoDB_20120810" */
    const char *version;       /* PROTOCOL_QUERY: "2010-05-08" */
    const char *xmlns;         /* PROTOCOL_QUERY: "https://iam.amazonaws.com/doc/2010-05-08/" */
    const struct rest *rest;   /* PROTOCOL_REST */
    const char *content_type;  /* "application/x-amz-json-1.0" */
    bool query_names; /* PROTOCOL_JSON: errors are told by their names in the query protocol too, which it had
                         once */
    const struct operation *operations;
    unsigned operation_count;
};

extern const struct service dynamodb_service, streams_service, iam_service, sts_service,
    cognito_identity_service, cognito_idp_service, cloudformation_service, cloudcontrol_service, s3_service,
    ssm_service, cloudwatch_service, cloudwatch_form_service, told_codes_service, turntable_service;

#endif
