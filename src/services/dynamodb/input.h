/*
 * What the inputs of several operations have in common: shapes, the table's name, keys, expressions.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_INPUT_H
#define TURNTABLE_SERVICES_DYNAMODB_INPUT_H

#include "catalog/table.h"
#include "expressions/expressions.h"
#include "items/value.h"
#include "services/request.h"
#include "services/shape.h"

extern const struct shape input_table_name, input_index_name, input_return_consumed_capacity,
    input_return_item_collection_metrics, input_return_values, input_return_values_on_check_failure,
    input_select;

/* a-z, A-Z, 0-9, '_', '.', '-': what names of tables and indexes are made of. */
bool input_is_name(struct slice text);

/* input_is_name(), of a length that names of tables have. */
bool input_is_table_name(struct slice text);

/* What stands behind "table/" in an ARN "arn:aws:dynamodb:REGION:ACCOUNT:table/NAME...", or an empty slice.
 */
struct slice input_table_in_arn(struct slice arn);

/*
 * The table that `TableName` names, by its name or its ARN, put into request->table. `told_by_name` chooses
 * between AWS's two messages for a table that is not there: the control plane's names it.
 */
must_use bool input_find_table(struct request *request, bool told_by_name);

/* The same for the control plane's changes, which have to wait until the table is made. */
must_use bool input_find_made_table(struct request *request);

/* shape_accepts(), and TableName is a name or an ARN. */
must_use bool input_accepts(struct request *request, const struct shape *shape);

/* The name in a TableName that is a name or an ARN; false if it is neither. */
must_use bool input_read_table_name(struct slice given, struct slice *name);
/* The same, with AWS's failure. */
must_use bool input_table_name_of(struct request *request, struct slice given, struct slice *name);

/* Finds a table by `given` (name or ARN) that has items to be read and written; the caller owns the
 * reference. NULL: the failure is set. */
struct table *input_table(struct request *request, struct slice given);

/* A member that is a map of attribute values, decoded; an absent one gives an empty item. */
must_use bool input_item(struct request *request, const struct json *object, const char *name,
                         struct item *out);

/*
 * The expression parameters of a request. Checks that none of the old parameters (`legacy`, ended by NULL) is
 * mixed with an expression, that placeholders do not come without one, and reads the placeholders.
 * `expressions` (ended by NULL) names those of the request that may use them, in the order in which AWS's
 * message lists them.
 */
must_use bool input_placeholders(struct request *request, const struct json *object,
                                 const char *const *expressions, const char *const *legacy,
                                 struct placeholders **out);

/* ConditionExpression or FilterExpression of `object`; absent gives NULL. */
must_use bool input_condition(struct request *request, const struct json *object, enum expression_kind kind,
                              struct placeholders *placeholders, struct condition **out);

/* ProjectionExpression of `object`; absent gives NULL. */
must_use bool input_projection(struct request *request, const struct json *object,
                               struct placeholders *placeholders, struct projection **out);

/* No expression may look inside a key attribute, as in `key.a = :b`: keys are scalars. */
must_use bool input_check_paths(struct request *request, const struct table *table,
                                const struct placeholders *placeholders);

/* The keys of an item tell it from all others: no update may write them. */
must_use bool input_check_update(struct request *request, const struct table *table,
                                 const struct update *update);

/* ReturnValues of operations that can return the old item or nothing. */
must_use bool input_returns_old(struct request *request, bool *out);

/* ---- keys ---- */

/* The key of GetItem, UpdateItem and DeleteItem: exactly the table's key attributes, of the right types and
 * sizes. */
must_use bool input_check_key(struct request *request, const struct table *table, const struct item *key);

/* The keys in an item that is put: of the table, and of every index that the item would stand in. */
must_use bool input_check_item_keys(struct request *request, const struct table *table,
                                    const struct item *item);

/* The same, in AWS's words for an item of a batch. */
must_use bool input_check_batch_keys(struct request *request, const struct table *table,
                                     const struct item *item);

/* The size of an item that is put, together with its entries in the local indexes. Its keys are checked
 * before. */
must_use bool input_check_local_size(struct request *request, const struct table *table,
                                     const struct item *item);

/* The index keys alone, in AWS's words for an update of `old`: those that it changed. */
must_use bool input_check_updated_keys(struct request *request, const struct table *table,
                                       const struct item *item, const struct item *old);

/* AttributeUpdates that take members of a set away from a local index's key, which is no set, are refused,
 * also where the item has no such attribute and nothing would change. `update` was applied before. */
must_use bool input_check_taken_away(struct request *request, const struct table *table,
                                     const struct update *update);

/*
 * No key attribute is an empty string. The checks above tell it too, but a transaction asks this first: there
 * it is a fault of the whole request, and the others are faults of one action.
 */
must_use bool input_check_no_empty_keys(struct request *request, const struct table *table,
                                        const struct item *item);

/* Whether values of this size together can be a partition key or sort key. */
must_use bool input_check_key_size(struct request *request, size_t size, bool is_partition);

#endif
