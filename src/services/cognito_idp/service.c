#include "services/cognito_idp/handlers.h"

#include "services/cognito_idp/needs.h"
#include "services/operation.h"
#include "services/refusal.h"

/* A handler for each operation that is refused. */
#define X(name, handler, kind, caller)
#define R(name, reason)                                                                                      \
    static bool refuse_##name(struct request *request)                                                       \
    {                                                                                                        \
        return refuse_operation(request, ERROR_IDP_UNSUPPORTED_OPERATION, reason);                           \
    }
#include "services/cognito_idp/operations.def"
#undef X
#undef R

/* Who is refused anyway need not sign. */
static const struct operation operations[] = {
#define X(name, handler, kind, caller)                                                                       \
    {#name, handler, "cognito-idp:" #name, OPERATION_##kind, CALLER_##caller, user_pool_needs},
#define R(name, reason) {#name, refuse_##name, "cognito-idp:" #name, OPERATION_READ, CALLER_ANYONE, NULL},
#include "services/cognito_idp/operations.def"
#undef X
#undef R
};

const struct service cognito_idp_service = {
    .name = "cognito-idp",
    .protocol = PROTOCOL_JSON,
    .target_prefix = "AWSCognitoIdentityProviderService",
    .content_type = "application/x-amz-json-1.1",
    .operations = operations,
    .operation_count = sizeof(operations) / sizeof(operations[0]),
};
