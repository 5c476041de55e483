/*
 * What policies are asked for operations of Parameter Store: the action on each parameter that the request
 * names, or on "*" where it names none. AWS: "Actions, resources, and condition keys for AWS Systems
 * Manager".
 */
#ifndef TURNTABLE_SERVICES_SSM_NEEDS_H
#define TURNTABLE_SERVICES_SSM_NEEDS_H

#include "services/permissions.h"

must_use bool parameter_needs(struct request *request, struct permissions *needs);

#endif
