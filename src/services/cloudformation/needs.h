/*
 * What policies are asked for operations of CloudFormation: the action on the stack that the request names,
 * or on "*" where there is none. AWS: "Actions, resources, and condition keys for AWS CloudFormation".
 */
#ifndef TURNTABLE_SERVICES_CLOUDFORMATION_NEEDS_H
#define TURNTABLE_SERVICES_CLOUDFORMATION_NEEDS_H

#include "services/permissions.h"

/* On the stack in StackName: its ARN; if there is none, the ARN as it was sent, or that of any stack of this
 * name. */
must_use bool stack_needs(struct request *request, struct permissions *needs);

/* On the stack of the change set in ChangeSetName, if that is an ARN; otherwise the same. */
must_use bool change_set_needs(struct request *request, struct permissions *needs);

/* On "*". */
must_use bool account_needs(struct request *request, struct permissions *needs);

#endif
