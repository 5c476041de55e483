/*
 * The form of a template: what CloudFormation checks before it gives anything a value. Sections and what they
 * may have, names, counts, the arguments of functions, and that what is referred to is there and does not go
 * in a circle.
 *
 * The messages are CloudFormation's. AWS: "Template anatomy", "Intrinsic function reference", "CloudFormation
 * quotas".
 */
#ifndef TURNTABLE_DEPLOY_FORM_H
#define TURNTABLE_DEPLOY_FORM_H

#include "deploy/stack.h"

/* AWS: "CloudFormation quotas". */
enum {
    OUTPUTS_LIMIT = 200,
    MAPPINGS_LIMIT = 200,
    MAPPING_ATTRIBUTES_LIMIT = 200,
    NAME_LIMIT = 255, /* of a resource, a parameter, a mapping, an output; in characters */
    DESCRIPTION_LIMIT = 1024,
    PARAMETER_DESCRIPTION_LIMIT = 4000,
    CONDITIONS_LIMIT = 2000, /* AWS tells none for these two */
    RULES_LIMIT = 500,
};

/* The sections: all but what functions and references concern. Afterwards each of Parameters, Mappings,
 * Conditions, Rules, Resources and Outputs is an object, or is absent, and of its members each has what it
 * must. */
must_use bool form_check_sections(struct stack *stack, struct problems *problems);

/*
 * The functions and references of all sections. `needs`: stack->resource_count squared; what stands at
 * [i * count + j] becomes true if resource i refers to resource j.
 */
must_use bool form_check_functions(struct stack *stack, bool *needs, struct problems *problems);

/* An object that is nothing but a function: its only member; otherwise NULL. A condition's {"Condition":
 * name} is none. */
const struct json_member *function_of(const struct json *json);

#endif
