/*
 * What a request of IAM is about, for the step that authorises: the ARN that policies name, and the values of
 * the conditions that are IAM's own. AWS: "Actions, resources, and condition keys for AWS Identity and Access
 * Management" in the Service Authorization Reference.
 *
 * Both read the request's form before its operation has checked it, so nothing in it is certain.
 */
#ifndef TURNTABLE_SERVICES_IAM_RESOURCE_H
#define TURNTABLE_SERVICES_IAM_RESOURCE_H

#include "iam/context.h"
#include "services/request.h"

/*
 * The ARN of what the request names: "arn:aws:iam::000000000000:user/path/ana", with the path that it has, or
 * gets if it is created; of nobody who is there, the ARN without a path. "*" for what has no resource, such
 * as ListUsers. On false the failure is set.
 */
must_use bool resource_of_request(struct request *request, struct slice *out);

/* What a user or group is to be called, whose name or path the request changes; an empty slice if it changes
 * neither. AWS: API reference, UpdateUser and UpdateGroup, "the requester must have appropriate permissions
 * on both the source object and the target object". On false the failure is set. */
must_use bool resource_of_target(struct request *request, struct slice *out);

/* The role that the request gives to EC2; an empty slice if it does not. AWS: API reference,
 * AddRoleToInstanceProfile, "must be granted the PassRole permission". On false the failure is set. */
must_use bool resource_of_passed_role(struct request *request, struct slice *out);

/* The find() of an iam_context whose `from` is the request: iam:PolicyARN, iam:PermissionsBoundary,
 * iam:AWSServiceName, iam:ResourceTag/KEY and aws:ResourceTag/KEY, aws:RequestTag/KEY, aws:TagKeys. The
 * values live as long as the request. */
bool resource_condition(void *request, struct slice key, struct iam_values *out);

#endif
