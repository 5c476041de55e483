/*
 * The parameters that expressions replaced, in the inputs of the operations that have them: their shapes, and
 * how they are read. expressions/legacy.h says what they are.
 *
 * The functions take an expression or the parameter that it replaced, of which input_placeholders() has made
 * sure that they are not mixed; if both are absent they give NULL.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_LEGACY_INPUT_H
#define TURNTABLE_SERVICES_DYNAMODB_LEGACY_INPUT_H

#include "expressions/legacy.h"
#include "services/request.h"
#include "services/shape.h"

extern const struct shape input_expected, input_filter_conditions, input_attribute_updates,
    input_attributes_to_get, input_conditional_operator;

/* ConditionExpression or Expected; FilterExpression or the operation's filter; with ConditionalOperator. */
must_use bool legacy_input_condition(struct request *request, enum expression_kind kind,
                                     struct placeholders *placeholders, struct condition **out);

/* ProjectionExpression or AttributesToGet of `object`. */
must_use bool legacy_input_projection(struct request *request, const struct json *object,
                                      struct placeholders *placeholders, struct projection **out);

/* UpdateExpression or AttributeUpdates. */
must_use bool legacy_input_update(struct request *request, struct placeholders *placeholders,
                                  struct update **out);

/* KeyConditionExpression or KeyConditions; that there must be one of them, key_condition_check() tells. */
must_use bool legacy_input_key_condition(struct request *request, struct placeholders *placeholders,
                                         struct key_condition *out);

#endif
