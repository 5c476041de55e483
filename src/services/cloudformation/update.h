/* What UpdateStack and change sets ask of what a stack is to be. */
#ifndef TURNTABLE_SERVICES_CLOUDFORMATION_UPDATE_H
#define TURNTABLE_SERVICES_CLOUDFORMATION_UPDATE_H

#include "deploy/stack.h"
#include "services/request.h"
#include "stacks/resource_record.h"

/* Each of these returns false with the failure set. */

/* The text of the template that the input gives; `before` with UsePreviousTemplate. */
must_use bool update_template(struct request *request, struct slice before, struct slice *text);

/* The type of a resource is what it is. */
must_use bool update_keeps_types(struct request *request, const struct resource_records *resources,
                                 const struct stack *stack);

#endif
