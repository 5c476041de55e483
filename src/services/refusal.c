#include "services/refusal.h"

#include "services/operation.h"

bool refuse_operation(struct request *request, enum error_code code, const char *reason)
{
    return fail(&request->failure, code, "%s is not served here: %s.", request->operation->name, reason);
}
