#include "services/cloudcontrol/asking.h"

#include "services/cloudcontrol/control.h"
#include "services/cloudformation/caller.h"
#include "services/shape.h"

bool asking_open(struct request *request, struct asking *out)
{
    *out = (struct asking){.request = request, .role = shape_text(request->body, "RoleArn")};
    if (out->role.len == 0)
        out->caller = inner_of(request, CONTROL_SERVICE);
    else if (!stack_caller(request, out->role, &out->kept))
        return false;
    else if (!inner_open(request->server->inner, out->kept, CONTROL_SERVICE, &out->caller))
        return fail(&request->failure, ERROR_CC_INVALID_CREDENTIALS, "The role %.*s cannot be assumed",
                    SLICE_ARGS(out->role));
    out->caller.plain = true;
    out->invoker = inner_invoker(&out->caller);
    return true;
}

void asking_close(struct asking *asking)
{
    if (asking->role.len > 0)
        inner_close(&asking->caller);
}

bool asking_keep(const struct asking *asking, struct slice *out)
{
    *out = asking->kept;
    return asking->role.len > 0 || inner_keep(asking->request, out);
}

/* AWS: "Handler error codes", and the errors of Cloud Control that are named after them. */
bool asking_fail(struct request *request, const struct resource_work *work)
{
    static const struct {
        const char *code;
        enum error_code error;
    } errors[] = {{"NotFound", ERROR_CC_NOT_FOUND},
                  {"AlreadyExists", ERROR_CC_ALREADY_EXISTS},
                  {"NotUpdatable", ERROR_CC_NOT_UPDATABLE},
                  {"InvalidRequest", ERROR_CC_INVALID_REQUEST},
                  {"AccessDenied", ERROR_ACCESS_DENIED},
                  {"InvalidCredentials", ERROR_CC_INVALID_CREDENTIALS},
                  {"ResourceConflict", ERROR_CC_RESOURCE_CONFLICT},
                  {"Throttling", ERROR_THROTTLING},
                  {"ServiceLimitExceeded", ERROR_CC_SERVICE_LIMIT},
                  {"GeneralServiceException", ERROR_CC_GENERAL_SERVICE},
                  {"ServiceInternalError", ERROR_CC_SERVICE_INTERNAL}};
    const char *code = work->making.refusal.code;
    struct slice message = work_problem(work);

    for (size_t i = 0; code != NULL && i < sizeof(errors) / sizeof(errors[0]); i++) {
        if (strcmp(errors[i].code, code) == 0)
            return fail(&request->failure, errors[i].error, "%.*s", SLICE_ARGS(message));
    }
    return fail(&request->failure, ERROR_CC_HANDLER_FAILURE, "%.*s", SLICE_ARGS(message));
}
