#include "iam/authorise.h"

bool authorise(const struct principal *principal, const char *action, struct failure *failure)
{
    switch (principal->kind) {
    case PRINCIPAL_ROOT:
    case PRINCIPAL_ANONYMOUS: /* the operator has chosen to ask nobody who they are */
        return true;
    case PRINCIPAL_NONE:
    case PRINCIPAL_USER: /* whose policies nobody evaluates yet */
    case PRINCIPAL_ROLE_SESSION:
    case PRINCIPAL_FEDERATED_USER:
        break;
    }
    return fail(failure, ERROR_ACCESS_DENIED, "User: %.*s is not authorized to perform: %s",
                SLICE_ARGS(principal->arn), action);
}
