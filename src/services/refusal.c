#include "services/refusal.h"

#include "services/operation.h"

bool refuse_operation(struct request *request, const char *reason)
{
    return fail(&request->failure, ERROR_UNSUPPORTED_OPERATION, "%s is not served here: %s.",
                request->operation->name, reason);
}
