/*
 * The gate: may who asks do all of what the request needs, row by row?
 *
 * It is asked within an execution of the operation, once the operation has read its input and before it looks
 * anything up: AWS tells what is wrong with an input first, then that access is denied, and only then that
 * there is no such table. So most operations need not know of it:
 *
 *   - to find a table is to pass (gate_table());
 *   - an operation that looks up other things calls gate_pass() before;
 *   - what has not passed when the operation returns is asked then, before anything is answered or committed
 *     (gate_settle()). Only that an input is wrong is told without asking.
 *
 * Whoever is limited by policies finds the very tables that the needs were told of, in the state in which
 * they were then, and no others: see docs/design.md. A denial stays: whatever the operation goes on to do,
 * its changes are thrown away and the denial is the answer.
 */
#ifndef TURNTABLE_SERVICES_GATE_H
#define TURNTABLE_SERVICES_GATE_H

#include "iam/evaluate.h"
#include "services/request.h"

struct policy;

/* Before an execution; what the one before has found is given back. */
void gate_close(struct request *request);

/* True if all needs are allowed, or none is to be asked for. False: the failure is set. */
must_use bool gate_pass(struct request *request);

/* Puts down what policies said about a need, so that it can be told (services/decisions.h). */
void gate_note(struct request *request, const struct authority *authority, const struct iam_request *asked,
               const struct iam_verdict *verdict);

/* Takes a policy that needs point at, and destroys it when this execution is over. */
void gate_hold_policy(struct request *request, struct policy *policy);

/* The table, with a reference for the caller. NULL: there is none, or the failure is set. */
struct table *gate_table(struct request *request, struct slice name);

/* After the operation, with what it returned: what the life of the request goes on with. */
must_use bool gate_settle(struct request *request, bool done);

/*
 * For a request of parts that fail each alone: the operation enters a part before it looks anything up for
 * it. False: this part's needs are denied, and the failure, which is set, is the part's alone.
 */
must_use bool gate_enter_part(struct request *request, unsigned part);

/* Whether who asks could do this if the resource had that policy. */
bool gate_foresees(struct request *request, const char *action, struct slice resource,
                   const struct policy *policy);

/* Keys of a request without its needs: when, from where and how it came. */
bool gate_find_request_key(struct request *request, struct slice key, struct iam_values *out);

/* The same, and keys of who asks. */
bool gate_find_key(struct request *request, struct slice key, struct iam_values *out);

#endif
