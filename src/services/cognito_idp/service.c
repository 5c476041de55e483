#include "services/cognito_idp/handlers.h"

#include "base/check.h"
#include "services/cognito_idp/needs.h"
#include "services/operation.h"

static bool refuse(struct request *request)
{
    static const struct {
        const char *name;
        const char *reason;
    } reasons[] = {
#define X(name, handler, kind, caller)
#define R(name, reason) {#name, reason},
#include "services/cognito_idp/operations.def"
#undef X
#undef R
    };

    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (strcmp(reasons[i].name, request->operation->name) == 0)
            return fail(&request->failure, ERROR_IDP_UNSUPPORTED_OPERATION, "%s is not served here: %s.",
                        reasons[i].name, reasons[i].reason);
    }
    check_failed("an operation that is refused without a reason", __FILE__, __LINE__);
}

/* Who is refused anyway need not sign. */
static const struct operation operations[] = {
#define X(name, handler, kind, caller)                                                                       \
    {#name, handler, "cognito-idp:" #name, OPERATION_##kind, CALLER_##caller, user_pool_needs},
#define R(name, reason) {#name, refuse, "cognito-idp:" #name, OPERATION_READ, CALLER_ANYONE, NULL},
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
