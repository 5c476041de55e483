/*
 * Attribute values in DynamoDB's JSON, {"S": "text"}, to values and back.
 *
 * Reading makes every check that AWS makes on a value alone, in AWS's words; sizes of items, and keys, are
 * the caller's to check. What was read points into the JSON tree and the arena, and lives as long as both.
 *
 * AWS reads the whole request into its shapes before it validates anything: a wrong JSON type anywhere
 * (SerializationException) is told before a bad value (ValidationException) anywhere. Both functions keep
 * that order within what they read; a caller that validated something else before can ask
 * attribute_values_well_shaped() first.
 */
#ifndef TURNTABLE_ITEMS_ATTRIBUTE_VALUE_H
#define TURNTABLE_ITEMS_ATTRIBUTE_VALUE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "base/json.h"
#include "items/value.h"

must_use bool value_from_json(struct arena *arena, const struct json *json, struct value *out,
                              struct failure *failure);

/* An object of attribute names and values; also one that is empty. */
must_use bool item_from_json(struct arena *arena, const struct json *json, struct item *out,
                             struct failure *failure);

/* Whether an attribute can have this name. */
must_use bool attribute_name_check(struct slice name, struct failure *failure);

/* Whether the JSON types are those of an attribute value (or, _item, of an object of them). The only failure
 * is SerializationException. */
must_use bool attribute_value_well_shaped(const struct json *json, struct failure *failure);
must_use bool attribute_values_well_shaped(const struct json *object, struct failure *failure);

/* Append {"S":"text"}, and {"name":{"S":"text"},...}. */
void value_to_json(struct buffer *out, const struct value *value);
void item_to_json(struct buffer *out, const struct item *item);

#endif
