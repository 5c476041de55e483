/* What inputs of the operations of change sets have, and the change sets that they name. */
#ifndef TURNTABLE_SERVICES_CLOUDFORMATION_CHANGE_SET_INPUT_H
#define TURNTABLE_SERVICES_CLOUDFORMATION_CHANGE_SET_INPUT_H

#include "services/request.h"
#include "services/shape.h"
#include "stacks/change_set.h"

extern const struct shape change_set_new_name_shape, change_set_name_shape;

/* A change set and its stack, as they are now. */
struct found_change_set {
    struct stack_record stack;
    struct version stack_version;
    struct change_set set;
    struct version version;
    bool exists; /* otherwise only the stack and the version are set */
};

/*
 * The change set that ChangeSetName and StackName name: its ARN alone, or a name with that of its stack. One
 * that the stack has gone on from since it was executed does not exist. False: the failure is set, also if
 * there is no such stack; of an ARN that nobody has there is none either, and ChangeSetNotFound.
 */
must_use bool change_set_of_request(struct request *request, struct found_change_set *out);

/* That of a nested stack is executed and deleted with its root's. False: it is one, and the failure is set.
 */
must_use bool change_set_is_root(struct request *request, const struct change_set *set);

/* ChangeSetNotFound. */
bool change_set_is_absent(struct request *request);

#endif
