/* What inputs of several operations have, and the stacks that they name. */
#ifndef TURNTABLE_SERVICES_CLOUDFORMATION_INPUT_H
#define TURNTABLE_SERVICES_CLOUDFORMATION_INPUT_H

#include "services/query_input.h"
#include "services/request.h"
#include "stacks/record.h"

extern const struct shape stack_new_name_shape, stack_name_shape, stack_role_shape, stack_token_shape,
    stack_next_token_shape, stack_capabilities_shape, stack_parameters_shape, stack_tags_shape,
    stack_arns_shape, stack_policy_shape, stack_url_shape, stack_logical_ids_shape, stack_logical_id_shape,
    stack_on_failure_shape, stack_timeout_shape, stack_rollback_shape, stack_deployment_shape;

/* What names stacks and change sets: "[a-zA-Z][-a-zA-Z0-9]*"; and "arn:", letters, digits and these signs. */
bool stack_is_name(struct slice text);
bool stack_is_arn(struct slice text, const char *signs);

/* The service's calls of a request's operation: both checks of its input, and the gate. */
must_use bool stack_input_accepts(struct request *request, const struct shape *shape);

/* How operations call a stack that there is not. */
#define NO_STACK_WITH_ID "Stack with id %.*s does not exist"
#define NO_STACK         "Stack [%.*s] does not exist"
#define NO_STACK_QUOTED  "Stack '%.*s' does not exist"

/* The stack that StackName names. False: the failure is set, `sentence` with the name if there is none. */
must_use bool stack_of_request(struct request *request, const char *sentence, struct stack_record *out,
                               struct version *version);

/* The same, of a stack with this name or ARN. */
must_use bool stack_named(struct request *request, struct slice name, const char *sentence,
                          struct stack_record *out, struct version *version);

/* What of it a client is told: DELETE_IN_PROGRESS as soon as somebody wished it. */
must_use bool stack_add_wishes(struct request *request, struct stack_record *record,
                               struct stack_wishes *wishes);

/* DisableRollback, which may stand in DeploymentConfig. */
bool stack_rollback_disabled(const struct json *body);

/* A list of texts of the input as it is kept; NULL if it is empty or absent. */
const struct json *stack_list(const struct json *body, const char *member);

/* The answer of an operation that a stack is under now: which one. Returns true. */
bool stack_write_operation(struct request *request, const struct stack_record *record);

/* "2026-11-26T15:00:00.123Z" as a member. */
void stack_write_time(struct buffer *out, bool *first, struct arena *arena, const char *name,
                      int64_t milliseconds);
/* The values of parameters, as far as they may be shown. */
void stack_write_parameters(struct buffer *out, bool *first, const struct json *parameters);
/* A text member, unless it is empty. */
void stack_write_text(struct buffer *out, bool *first, const char *name, struct slice text);

#endif
