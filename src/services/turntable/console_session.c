#include "services/turntable/console_session.h"

#include "services/operation.h"
#include "services/sts/issue.h"

bool console_owner(struct request *request, struct link_owner *owner)
{
    const struct principal *caller = &request->principal;

    if (caller->credentials != CREDENTIALS_LASTING)
        return fail(&request->failure, ERROR_ACCESS_DENIED, "Cannot call %s with session credentials",
                    request->operation->name);
    *owner = (struct link_owner){{NULL, 0}, {NULL, 0}};
    if (caller->kind == PRINCIPAL_USER)
        *owner = (struct link_owner){caller->user_name, caller->user_id};
    return true;
}

bool console_session(struct request *request, const struct link_owner *owner, int64_t seconds)
{
    struct session session = {.kind = SESSION_CONSOLE, .owner = owner->name, .owner_id = owner->id};
    struct issued issued;
    bool first = true;

    if (!issue(request, &session, seconds, &issued))
        return false;
    buffer_append_byte(request->out, '{');
    issue_write(request, &first, &issued);
    buffer_append_byte(request->out, '}');
    return true;
}
