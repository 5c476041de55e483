/*
 * Transactions: writes and checks of up to 100 items that happen all together or not at all.
 *
 *     struct transaction *transaction = transaction_create(request, count);
 *     ... fill transaction->actions[i] down to the line in struct transaction_action ...
 *     transaction_token(request, transaction, parameters);
 *     if (!transaction_write(request, transaction)) return false;
 *     transaction_respond_capacity(request, &first, transaction);
 *
 * All items are read from one moment, and every one of them is guarded in the commit, whether it is written
 * or only checked: so the transaction happens at one moment, and the reasons of one that is cancelled are of
 * one moment too.
 *
 * Where a guard on an item does not hold, a single write came in between, and the transaction is cancelled
 * with TransactionConflict, as on AWS, where two writers of one item meet; where another guard does not hold,
 * that of a table's descriptor or of the token, it is decided again.
 *
 * Which faults are told how, as AWS does: what can be seen from the request alone, a table that is not there,
 * and an empty key are the whole request's (ValidationException, ResourceNotFoundException). What depends on
 * the table's schema or on the item is the reason of one action ("ValidationError").
 *
 * Everything lives in the request's arena.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_TRANSACTION_H
#define TURNTABLE_SERVICES_DYNAMODB_TRANSACTION_H

#include "catalog/table.h"
#include "expressions/expressions.h"
#include "items/value.h"
#include "services/dynamodb/cancellation.h"
#include "services/dynamodb/item_write.h"
#include "services/dynamodb/ongoing.h"
#include "services/request.h"
#include "services/shape.h"

enum { TRANSACTION_ACTIONS_LIMIT = 100, TRANSACTION_SIZE_LIMIT = 4 * 1024 * 1024 };

enum transaction_kind { TRANSACTION_PUT, TRANSACTION_UPDATE, TRANSACTION_DELETE, TRANSACTION_CHECK };

struct transaction_action {
    enum transaction_kind kind;
    struct slice table_name;                 /* name or ARN, as the request has it */
    struct item item;                        /* of a put the item, otherwise the key */
    const struct condition *condition;       /* NULL: none */
    const struct update *update;             /* of an update; NULL: it changes nothing */
    const struct placeholders *placeholders; /* of its expressions; NULL: it has none */
    bool returns_old;                        /* the reason of a failed condition shows the item */
    bool must_be_new; /* of PartiQL's INSERT: an item that is there is no reason to replace it */

    /* ---- from here on filled by transaction_write() ---- */
    struct table *table;
    struct item_write write;
    struct item new_item; /* of an update */
};

struct transaction {
    struct transaction_action *actions;
    struct reason *reasons;   /* one for each action */
    struct ongoing_key *keys; /* one for each action, and the token's */
    size_t count;
    bool entered; /* the keys are shown to others */

    bool has_token;
    struct slice token;
    uint64_t fingerprint; /* of what the token stands for */
    bool repeated; /* filled: the token was used before, the work is done, and nothing is changed now */
};

struct transaction *transaction_create(struct request *request, size_t count);

/* ClientRequestToken */
extern const struct shape transaction_token_shape;

/*
 * If the request has a ClientRequestToken, makes the transaction idempotent for ten minutes by it.
 * `parameters` is what must be the same in a repetition; the order of members in its objects is not.
 */
void transaction_token(const struct request *request, struct transaction *transaction,
                       const struct json *parameters);

/* Decides, and puts all changes into the request's batch. An action that has a reason before is not looked
 * at; the transaction is cancelled with the reasons of the others too. On false the failure is set: often
 * TransactionCanceledException with its reasons. */
must_use bool transaction_write(struct request *request, struct transaction *transaction);

/* Fails if the payload of a request, added up by the caller, is beyond the limit. */
must_use bool transaction_check_size(struct request *request, size_t bytes);

/* Write the members ConsumedCapacity and ItemCollectionMetrics if the request asks for them. */
void transaction_respond_capacity(struct request *request, bool *first,
                                  const struct transaction *transaction);
void transaction_respond_metrics(struct request *request, bool *first, const struct transaction *transaction);

#endif
