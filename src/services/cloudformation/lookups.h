/* What a stack asks of others while its template is read: parameters of Systems Manager, and exports. */
#ifndef TURNTABLE_SERVICES_CLOUDFORMATION_LOOKUPS_H
#define TURNTABLE_SERVICES_CLOUDFORMATION_LOOKUPS_H

#include "deploy/invoke.h"
#include "services/request.h"
#include "stacks/opening.h"

/* With the permissions of who asks; lives in the request's arena. */
struct opening request_opening(struct request *request);

/* struct stack_lookups's `parameter`, with those calls. */
enum lookup lookup_parameter(const struct invoker *invoker, struct arena *arena, struct slice name,
                             struct slice *value, struct slice *type);

#endif
