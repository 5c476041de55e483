#include "services/gate.h"

#include <inttypes.h>

#include "auth/principal_keys.h"
#include "base/clock.h"
#include "catalog/catalog.h"
#include "http/server.h"
#include "iam/policy.h"
#include "services/decisions.h"
#include "services/denials.h"
#include "services/permissions.h"
#include "services/operation.h"

/* ---- who is asked at all ---- */

/* Root, everybody where nobody is asked who they are, and callers of operations that are anybody's. */
static bool is_unlimited(const struct principal *principal)
{
    switch (principal->kind) {
    case PRINCIPAL_NONE:
    case PRINCIPAL_ROOT:
    case PRINCIPAL_ANONYMOUS:
        return principal->authority == NULL;
    case PRINCIPAL_USER:
    case PRINCIPAL_ROLE_SESSION:
    case PRINCIPAL_FEDERATED_USER:
    case PRINCIPAL_UNSIGNED:
        break;
    }
    return false;
}

static bool is_open(const struct request *request)
{
    const struct operation *operation = request->operation;

    return (operation->action == NULL && operation->needs == NULL) || is_unlimited(&request->principal);
}

/* ---- keys of the request ---- */

static struct slice header_of(const struct request *request, const char *name)
{
    const struct slice *value = request->http == NULL ? NULL : http_header(request->http, name);

    return value == NULL ? (struct slice){NULL, 0} : *value;
}

/* The keys that a request may not have are NULL then. AWS: "AWS global condition context keys", properties of
 * the network, of the resource, of the request. */
static struct slice text_of(struct request *request, struct slice key)
{
    const struct http_request *http = request->http;

    if (iam_key_is(key, "aws:CurrentTime"))
        return key_time(clock_now() / 1000, request->arena);
    if (iam_key_is(key, "aws:EpochTime"))
        return arena_printf(request->arena, "%" PRId64, clock_now() / 1000);
    if (iam_key_is(key, "aws:RequestedRegion"))
        return request->server->region;
    if (iam_key_is(key, "aws:ResourceAccount"))
        return request->server->account_id;
    if (iam_key_is(key, "aws:ViaAWSService"))
        return request->via == NULL ? SLICE("false") : SLICE("true");
    if (iam_key_is(key, "aws:CalledViaFirst") || iam_key_is(key, "aws:CalledViaLast"))
        return request->via == NULL ? (struct slice){NULL, 0} : slice_of(request->via);
    if (iam_key_is(key, "aws:UserAgent"))
        return header_of(request, "user-agent");
    if (iam_key_is(key, "aws:Referer"))
        return header_of(request, "referer");
    if (http != NULL && iam_key_is(key, "aws:SourceIp") && http->peer[0] != '\0')
        return slice_of(http->peer);
    if (http != NULL && iam_key_is(key, "aws:SecureTransport"))
        return http->secure ? SLICE("true") : SLICE("false");
    return (struct slice){NULL, 0};
}

bool gate_find_request_key(struct request *request, struct slice key, struct iam_values *out)
{
    if (iam_key_is(key, "aws:CalledVia")) {
        bool found = request->via != NULL && key_has_one(slice_of(request->via), request->arena, out);
        out->multi_valued = true;
        return found;
    }
    return key_has_one(text_of(request, key), request->arena, out);
}

bool gate_find_key(struct request *request, struct slice key, struct iam_values *out)
{
    return gate_find_request_key(request, key, out) ||
           principal_find_key(&request->principal, key, request->arena, out);
}

/* ---- asking ---- */

struct asking {
    struct request *request;
    const struct permission *need;
};

static bool find_key(void *from, struct slice key, struct iam_values *out)
{
    const struct asking *asking = from;
    const struct iam_context *own = &asking->need->context;

    return (own->find != NULL && own->find(own->from, key, out)) || gate_find_key(asking->request, key, out);
}

static bool deny(struct request *request, const struct iam_request *asked, const struct iam_verdict *verdict)
{
    const struct authority *authority = request->principal.authority;
    struct buffer message;

    buffer_init(&message);
    iam_denial_message(&message, authority, asked, verdict);
    (void)fail(&request->failure, ERROR_ACCESS_DENIED, "%.*s", SLICE_ARGS(buffer_slice(&message)));
    buffer_finish(&message);
    if (request->server->denials != NULL)
        denials_note(request->server->denials, request->id, request->principal.access_key_id, authority,
                     asked, verdict);
    return false;
}

/* What was allowed is put down once, however often the request is decided anew. */
void gate_note(struct request *request, const struct authority *authority, const struct iam_request *asked,
               const struct iam_verdict *verdict)
{
    struct decisions *decisions = request->server->decisions;

    if (decisions != NULL && !(request->repeated && verdict->outcome == IAM_ALLOWED))
        decisions_note(decisions, request->id, authority, asked, verdict);
}

static bool allows(struct request *request, const struct permission *need)
{
    const struct authority *authority = request->principal.authority;
    struct asking asking = {request, need};
    const struct iam_request asked = {.action = need->action,
                                      .resource = need->resource,
                                      .context = {find_key, &asking},
                                      .resource_policy = need->resource_policy};

    if (authority == NULL) /* whoever is limited has one; who has none may nothing */
        return fail(&request->failure, ERROR_ACCESS_DENIED, "User: %.*s is not authorized to perform: %.*s",
                    SLICE_ARGS(request->principal.arn), SLICE_ARGS(need->action));
    struct iam_verdict verdict = iam_evaluate(authority, &asked);
    /* What a condition asked for could not be told: the failure is set. */
    if (request->failure.code != ERROR_NONE)
        return false;
    gate_note(request, authority, &asked, &verdict);
    return verdict.outcome == IAM_ALLOWED || deny(request, &asked, &verdict);
}

static bool gather(struct request *request, struct permissions *needs)
{
    const struct operation *operation = request->operation;

    permissions_init(needs, request);
    if (operation->needs != NULL)
        return operation->needs(request, needs);
    (void)permissions_add(needs, operation->action, SLICE("*"));
    return true;
}

static bool ask(struct request *request)
{
    struct permissions needs;

    if (!gather(request, &needs))
        return false;
    for (const struct permission *need = needs.first; need != NULL; need = need->next) {
        if (!allows(request, need))
            return false;
    }
    return true;
}

struct held_policy {
    struct policy *policy;
    struct held_policy *next;
};

void gate_hold_policy(struct request *request, struct policy *policy)
{
    struct held_policy *held = arena_new(request->arena, struct held_policy);

    *held = (struct held_policy){policy, request->gate.policies};
    request->gate.policies = held;
}

void gate_close(struct request *request)
{
    for (const struct held_policy *held = request->gate.policies; held != NULL; held = held->next)
        policy_destroy(held->policy);
    for (struct table_pin *pin = request->gate.pins; pin != NULL; pin = pin->next)
        table_release(pin->table);
    request->gate = (struct gate){0};
}

bool gate_pass(struct request *request)
{
    struct gate *gate = &request->gate;

    if (gate->passed)
        return true;
    if (gate->denial.code != ERROR_NONE) {
        request->failure = gate->denial;
        return false;
    }
    gate->passed = is_open(request) || ask(request);
    if (!gate->passed)
        gate->denial = request->failure;
    return gate->passed;
}

bool gate_foresees(struct request *request, const char *action, struct slice resource,
                   const struct policy *policy)
{
    const struct authority *authority = request->principal.authority;
    const struct permission none = {0};
    struct asking asking = {request, &none};
    const struct iam_request asked = {.action = slice_of(action),
                                      .resource = resource,
                                      .context = {find_key, &asking},
                                      .resource_policy = policy};

    return is_unlimited(&request->principal) ||
           (authority != NULL && iam_evaluate(authority, &asked).outcome == IAM_ALLOWED);
}

/* ---- tables ---- */

static bool is_in_part(const struct gate *gate)
{
    return gate->parts != NULL && gate->part != 0;
}

struct table *gate_table(struct request *request, struct slice name)
{
    struct gate *gate = &request->gate;

    if (!is_in_part(gate) && !gate_pass(request))
        return NULL;
    if (is_open(request))
        return catalog_find(request->server->catalog, name);
    for (const struct table_pin *pin = gate->pins; pin != NULL; pin = pin->next) {
        if (slice_equal(pin->name, name))
            return pin->table == NULL ? NULL : table_retain(pin->table);
    }
    /* A table that no need names. */
    (void)fail(&request->failure, ERROR_ACCESS_DENIED, "User: %.*s is not authorized to perform: %s",
               SLICE_ARGS(request->principal.arn), request->operation->name);
    gate->denial = request->failure;
    gate->passed = false;
    return NULL;
}

/* ---- parts ---- */

bool gate_enter_part(struct request *request, unsigned part)
{
    struct gate *gate = &request->gate;

    if (is_open(request))
        return true;
    gate->part = 0;
    if (gate->parts == NULL) {
        struct permissions *needs = arena_new(request->arena, struct permissions);
        if (!gather(request, needs)) {
            gate->denial = request->failure;
            return false;
        }
        gate->parts = needs;
    }
    for (const struct permission *need = gate->parts->first; need != NULL; need = need->next) {
        if (need->part == part && !allows(request, need))
            return false;
    }
    gate->part = part;
    return true;
}

/* ---- the end ---- */

/* What is wrong with an input is told to anybody. */
static bool is_of_input(enum error_code code)
{
    return code == ERROR_VALIDATION || code == ERROR_SERIALIZATION;
}

bool gate_settle(struct request *request, bool done)
{
    struct gate *gate = &request->gate;

    if (gate->denial.code != ERROR_NONE) {
        request->failure = gate->denial;
        return false;
    }
    if (gate->passed || gate->parts != NULL || (!done && is_of_input(request->failure.code)))
        return done;
    struct failure failure = request->failure;
    failure_init(&request->failure, request->arena);
    if (!gate_pass(request))
        return false;
    request->failure = failure;
    return done;
}
