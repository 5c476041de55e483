/*
 * The parameters of a template: what it declares, what they are given, and whether they may be that.
 *
 * A value is a text, as a request has it; of list types Ref gives its parts. A parameter of a type
 * AWS::SSM::Parameter::Value<...> is given the name of one that Systems Manager keeps, and Ref gives what is
 * kept. The checks and their messages are CloudFormation's; AWS: "Parameters" in the template reference.
 */
#ifndef TURNTABLE_DEPLOY_PARAMETERS_H
#define TURNTABLE_DEPLOY_PARAMETERS_H

#include "deploy/stack.h"

/* AWS: "CloudFormation quotas". The length is in bytes. */
enum { PARAMETERS_LIMIT = 200, PARAMETER_LENGTH_LIMIT = 4096 };

struct parameter {
    struct slice name;
    struct slice type;
    const struct json *declaration;
    bool no_echo;
    bool is_list;        /* what Ref gives is a list */
    bool of_store;       /* AWS::SSM::Parameter::Value<...> */
    enum resolved state; /* of an argument of a nested stack as of any value; RESOLVED_UNKNOWN also if Systems
                            Manager cannot be asked */
    struct slice reason; /* if it has no value */
    struct slice text;   /* the value as it was given, or the Default */
    struct slice resolved; /* of_store: what Systems Manager keeps under that name */
};

/* Whether CloudFormation knows a parameter of that type. */
bool parameter_type_exists(struct slice type);
bool parameter_type_is_list(struct slice type);
/* Of a type AWS::SSM::Parameter::Value<X> the X; otherwise empty. */
struct slice parameter_type_of_store(struct slice type);

/*
 * Reads the section Parameters of the stack's template, whose form is right (form.h), and gives each a value:
 * stack->parameters. False: a problem was added.
 */
must_use bool parameters_open(struct stack *stack, struct problems *problems);

/* Whether the template declares one of that name, also before they are opened. */
bool parameter_declared(const struct stack *stack, struct slice name);

/* NULL: the template declares none of that name. */
struct parameter *parameter_find(const struct stack *stack, struct slice name);

/* What Ref gives. */
must_use enum resolved parameter_value(struct stack *stack, struct parameter *parameter, struct json *out,
                                       struct slice *reason);

/* The values as they were given, and those of Systems Manager: objects of texts by name, for the stack to be
 * opened with again (struct stack_identity). */
const struct json *parameters_given(struct stack *stack);
const struct json *parameters_resolved(struct stack *stack);

#endif
