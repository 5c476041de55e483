#include "iam/authorise.h"

bool authorise(const struct principal *principal, const char *action, struct failure *failure)
{
    switch (principal->kind) {
    case PRINCIPAL_ROOT:
    case PRINCIPAL_ANONYMOUS: /* the operator has chosen to ask nobody who they are */
        return true;
    case PRINCIPAL_NONE:
        break;
    }
    return fail(failure, ERROR_ACCESS_DENIED, "User: %.*s is not authorized to perform: %s",
                SLICE_ARGS(principal->arn), action);
}
