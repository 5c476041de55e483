/*
 * What a change set takes into its stack of what is there already: what ResourcesToImport names, or what
 * ImportExistingResources finds. AWS: "Import AWS resources into a CloudFormation stack".
 *
 * Both give a list as stacks keep it (struct stack_source, `adopted`), in the request's arena.
 */
#ifndef TURNTABLE_SERVICES_CLOUDFORMATION_ADOPTING_H
#define TURNTABLE_SERVICES_CLOUDFORMATION_ADOPTING_H

#include "deploy/stack.h"
#include "services/request.h"
#include "services/shape.h"
#include "stacks/resource_record.h"

extern const struct shape adopting_resources_shape; /* of ResourcesToImport */

/* ResourcesToImport, held against the template and the resources that the stack has, which are made known.
 * False: the failure is set. */
must_use bool adopting_named(struct request *request, const struct resource_records *records,
                             struct stack *stack, const struct json **out);

/* The resources that the stack does not have and the template names, as far as there are such. NULL: none.
 * False: the failure is set. */
must_use bool adopting_existing(struct request *request, const struct resource_records *records,
                                struct stack *stack, const struct json **out);

/* Why what is to be taken in cannot be: it is another stack's, or has no fitting DeletionPolicy (`existing`).
 * Empty: it can. False: the failure is set. */
must_use bool adopting_problem(struct request *request, struct stack *stack, const struct json *adopted,
                               bool existing, struct slice *problem);

#endif
