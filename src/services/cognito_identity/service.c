#include "services/cognito_identity/handlers.h"

#include "services/cognito_identity/needs.h"
#include "services/operation.h"
#include "services/refusal.h"

/* A handler for each operation that is refused. */
#define X(name, handler, action, kind, caller)
#define R(name, reason)                                                                                      \
    static bool refuse_##name(struct request *request)                                                       \
    {                                                                                                        \
        return refuse_operation(request, ERROR_VALIDATION, reason);                                          \
    }
#include "services/cognito_identity/operations.def"
#undef X
#undef R

static const struct operation operations[] = {
#define X(name, handler, action, kind, caller)                                                               \
    {#name, handler, action, OPERATION_##kind, CALLER_##caller, identity_pool_needs},
#define R(name, reason)                                                                                      \
    {#name, refuse_##name, "cognito-identity:" #name, OPERATION_READ, CALLER_SIGNED, identity_pool_needs},
#include "services/cognito_identity/operations.def"
#undef X
#undef R
};

const struct service cognito_identity_service = {
    .name = "cognito-identity",
    .protocol = PROTOCOL_JSON,
    .target_prefix = "AWSCognitoIdentityService",
    .content_type = "application/x-amz-json-1.1",
    .operations = operations,
    .operation_count = sizeof(operations) / sizeof(operations[0]),
};
