/* What a stack asks of others while a request reads its template: parameters of Systems Manager, and exports.
 */
#ifndef TURNTABLE_SERVICES_CLOUDFORMATION_LOOKUPS_H
#define TURNTABLE_SERVICES_CLOUDFORMATION_LOOKUPS_H

#include "services/request.h"
#include "stacks/opening.h"

/* With the permissions of who asks; lives in the request's arena. */
struct opening request_opening(struct request *request);

#endif
