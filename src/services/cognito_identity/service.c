#include "services/cognito_identity/handlers.h"

#include "base/check.h"
#include "services/cognito_identity/needs.h"
#include "services/operation.h"

static bool refuse(struct request *request)
{
    static const struct {
        const char *name;
        const char *reason;
    } reasons[] = {
#define X(name, handler, action, kind, caller)
#define R(name, reason) {#name, reason},
#include "services/cognito_identity/operations.def"
#undef X
#undef R
    };

    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (strcmp(reasons[i].name, request->operation->name) == 0)
            return fail(&request->failure, ERROR_VALIDATION, "%s is not served here: %s.", reasons[i].name,
                        reasons[i].reason);
    }
    check_failed("an operation that is refused without a reason", __FILE__, __LINE__);
}

static const struct operation operations[] = {
#define X(name, handler, action, kind, caller)                                                               \
    {#name, handler, action, OPERATION_##kind, CALLER_##caller, identity_pool_needs},
#define R(name, reason)                                                                                      \
    {#name, refuse, "cognito-identity:" #name, OPERATION_READ, CALLER_SIGNED, identity_pool_needs},
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
