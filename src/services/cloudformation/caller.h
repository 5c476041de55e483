/* For whom the calls of a stack's operations are made: whoever asks, or the role that they pass. AWS: "AWS
 * CloudFormation service role". */
#ifndef TURNTABLE_SERVICES_CLOUDFORMATION_CALLER_H
#define TURNTABLE_SERVICES_CLOUDFORMATION_CALLER_H

#include "services/request.h"

/*
 * `role`: the ARN in RoleARN, or the one that the stack had; empty: there is none. *out is what the engine
 * opens (services/inner.h). False: the failure is set: the role may not be passed, or not be assumed.
 */
must_use bool stack_caller(struct request *request, struct slice role, struct slice *out);

#endif
