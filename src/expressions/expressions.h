/*
 * Expressions: DynamoDB's language of conditions, filters, projections, updates and key conditions.
 *
 * A request brings one set of placeholders (ExpressionAttributeNames and ExpressionAttributeValues) and
 * several texts. Each text is parsed into a tree in the arena, with the placeholders resolved and marked as
 * used; after all are parsed, placeholders_check_used() reports what no expression used, as AWS does. Trees
 * are read-only and hold slices of the request; they are evaluated against items without changing them.
 *
 * Every message is AWS's, with the kind of the expression in front: "Invalid UpdateExpression: Syntax error;
 * token: ...". AWS: "Using expressions in DynamoDB", and "Expression attribute names/values", "Reserved
 * words", "Service quotas".
 */
#ifndef TURNTABLE_EXPRESSIONS_EXPRESSIONS_H
#define TURNTABLE_EXPRESSIONS_EXPRESSIONS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/slice.h"
#include "items/value.h"

struct placeholders;
struct condition;
struct projection;
struct update;

enum expression_kind {
    EXPRESSION_CONDITION,     /* "ConditionExpression" */
    EXPRESSION_FILTER,        /* "FilterExpression" */
    EXPRESSION_KEY_CONDITION, /* "KeyConditionExpression" */
    EXPRESSION_PROJECTION,    /* "ProjectionExpression" */
    EXPRESSION_UPDATE,        /* "UpdateExpression" */
    EXPRESSION_STATEMENT, /* a part of a PartiQL statement (partiql/partiql.h); never parsed by this room */
};

/*
 * Reads the two maps of a request; each may be NULL (absent). Types are those of the wire (already checked to
 * be objects); names, values and syntax are checked here. That AWS refuses the maps when the request has no
 * expression ("ExpressionAttributeNames can only be specified when using expressions") is the caller's to
 * check, before.
 *
 * AWS's order for a whole request: placeholders_parse(); the expressions, UpdateExpression before
 * ConditionExpression, FilterExpression before ProjectionExpression before KeyConditionExpression;
 * placeholders_check_used(); key_condition_check(). Then, knowing the table: the attributes that an update
 * may not write; placeholders_check_key() for each key of the table and its indexes; what the key schema asks
 * of a key condition; filters on key attributes.
 */
must_use bool placeholders_parse(struct arena *arena, const struct json *names, const struct json *values,
                                 struct placeholders **out, struct failure *failure);

/* The bytes of what the placeholders stand for: names and values. */
size_t placeholders_size(const struct placeholders *placeholders);

/* For PartiQL, whose names stand for themselves and whose values are known: what is only kept here is the
 * paths, for placeholders_check_key(). */
struct placeholders *placeholders_none(struct arena *arena);

/* Fails if a name or value was not used by any expression parsed with these placeholders. */
must_use bool placeholders_check_used(const struct placeholders *placeholders, struct failure *failure);

/* Fails if an expression parsed with these placeholders looks inside a key attribute, as in `key.a = :b`. */
must_use bool placeholders_check_key(const struct placeholders *placeholders, struct slice key, bool of_index,
                                     struct failure *failure);

/* The top-level attributes that the expressions parsed with these placeholders name, as often as they do:
 * fills *names (arena), returns how many. */
size_t placeholders_attributes(struct arena *arena, const struct placeholders *placeholders,
                               struct slice **names);

/* ---- conditions and filters ---- */

must_use bool condition_parse(struct arena *arena, enum expression_kind kind, struct slice text,
                              struct placeholders *placeholders, struct condition **out,
                              struct failure *failure);

/* True if the item meets the condition; a missing item is an empty one. Operand types that do not fit make it
 * false, as on AWS, except where AWS fails the request. */
bool condition_holds(const struct condition *condition, const struct item *item);

/* True if the condition names one of these top-level attributes: AWS refuses filters on key attributes. */
bool condition_mentions(const struct condition *condition, struct slice attribute);

/* The top-level attributes that the condition names, each once, in order of bytes: fills *names (arena),
 * returns how many. */
size_t condition_attributes(struct arena *arena, const struct condition *condition, struct slice **names);

/* ---- key conditions ---- */

enum key_operator {
    KEY_NONE,
    KEY_EQUAL,
    KEY_LESS,
    KEY_LESS_OR_EQUAL,
    KEY_GREATER,
    KEY_GREATER_OR_EQUAL,
    KEY_BETWEEN,
    KEY_BEGINS_WITH
};

/* One attribute's part of a key condition. */
struct key_term {
    struct slice attribute;
    enum key_operator comparator;
    const struct value *operands[2]; /* the second for BETWEEN only */
};

enum { KEY_TERMS_LIMIT = 8 };

/* The terms that AND joins, in the order written; whether they fit a table's key is the caller's to check. */
struct key_condition {
    struct key_term terms[KEY_TERMS_LIMIT];
    unsigned count;
    struct slice problem; /* key_condition_check()'s; then count is 0 */
};

must_use bool key_condition_parse(struct arena *arena, struct slice text, struct placeholders *placeholders,
                                  struct key_condition *out, struct failure *failure);

/* The first term on the attribute, or NULL. */
const struct key_term *key_condition_term(const struct key_condition *condition, struct slice attribute);

/* Fails if the expression, though a right condition, is no condition on keys. To be asked after
 * placeholders_check_used(): AWS tells it only then. */
must_use bool key_condition_check(const struct key_condition *condition, struct failure *failure);

/* ---- projections ---- */

must_use bool projection_parse(struct arena *arena, struct slice text, struct placeholders *placeholders,
                               struct projection **out, struct failure *failure);

/* The parts of the item that the projection names, as a new item in the arena that shares values with the
 * old. */
struct item projection_apply(struct arena *arena, const struct projection *projection,
                             const struct item *item);

/* The top-level attribute names that the projection reads, for index checks: fills *names (arena) and returns
 * how many. */
size_t projection_attributes(struct arena *arena, const struct projection *projection, struct slice **names);

/* ---- updates ---- */

must_use bool update_parse(struct arena *arena, struct slice text, struct placeholders *placeholders,
                           struct update **out, struct failure *failure);

/* The top-level attribute that an update writes and that is among `names`, or an empty slice: AWS refuses to
 * update keys. */
struct slice update_writes_any(const struct update *update, const struct slice *names, size_t count);

/* Whether an update has nothing but REMOVE and DELETE: then it makes no item where there is none. */
bool update_only_removes(const struct update *update);

/* The set that AttributeUpdates take away from an attribute, DELETE with a value, or NULL; NULL of
 * expressions. */
const struct value *update_takes_away(const struct update *update, struct slice name);

/* Applies all clauses to `old` (an item that does not exist yet is one with its key alone) as it was before
 * the update. */
must_use bool update_apply(struct arena *arena, const struct update *update, const struct item *old,
                           struct item *out, struct failure *failure);

/*
 * ReturnValues UPDATED_OLD and UPDATED_NEW: the parts of `item` at the paths that the update names (pass the
 * old or the new item), shaped as AWS returns them.
 */
struct item update_touched(struct arena *arena, const struct update *update, const struct item *item);

#endif
