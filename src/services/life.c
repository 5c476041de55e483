#include "services/life.h"

#include <stddef.h>

#include "auth/authenticator.h"
#include "auth/sigv4.h"
#include "base/check.h"
#include "base/clock.h"
#include "catalog/table.h"
#include "services/gate.h"
#include "services/lanes.h"
#include "services/meter.h"
#include "services/storage_failure.h"
#include "wire/answer.h"
#include "wire/aws_json.h"
#include "wire/query.h"
#include "wire/request_id.h"

enum {
    JSON_DEPTH_LIMIT = 256,  /* far beyond the 32 levels of a document, whose own error is a clearer one */
    EXECUTIONS_LIMIT = 1000, /* of one request that conflicts again and again */
};

enum verdict {
    NEXT,     /* on with the next step */
    FAILED,   /* the failure is set: on to the answer */
    AGAIN,    /* somebody else wrote in between, or there is another stage: back to the execution */
    WAITING,  /* on with the next step when the exchange is woken */
    IN_LINE,  /* back to the execution when the exchange is woken, which is when the lane is the request's */
    ANSWERED, /* the answer is in the exchange */
};

struct life {
    struct request request;
    const struct life_config *config;
    struct http_exchange *exchange;
    enum protocol protocol;
    const struct service *service; /* once it is identified */
    const char *content_type;      /* of the answer */
    unsigned step;
    int64_t began;                          /* of the monotonic clock */
    bool (*stage)(struct request *request); /* of an execution in stages; NULL: it is the handler's turn */
    unsigned executions;                    /* of the handler, or of the stage */
    struct arena repeated;                  /* of an execution other than the first; what came before stays */
    enum storage_status status;             /* of the commit */
    struct ticket ticket;                   /* of the lane, once the request was overtaken */
};

static enum verdict receive(struct life *life);
static enum verdict identify(struct life *life);
static enum verdict authenticate(struct life *life);
static enum verdict parse(struct life *life);
static enum verdict execute(struct life *life);
static enum verdict commit(struct life *life);
static enum verdict settle(struct life *life);
static enum verdict linger(struct life *life);
static enum verdict respond(struct life *life);

/*
 * AWS parses before it identifies and authenticates; here nobody's body is parsed before it is known whose it
 * is, and so a request with two faults may be told of the other one.
 */
enum step { RECEIVE, IDENTIFY, AUTHENTICATE, PARSE, EXECUTE, COMMIT, SETTLE, LINGER, RESPOND };

static enum verdict (*const steps[])(struct life *life) = {
    [RECEIVE] = receive,           /* is it a call of an operation at all */
    [IDENTIFY] = identify,         /* of which one */
    [AUTHENTICATE] = authenticate, /* who asks */
    [PARSE] = parse,               /* the body, to a JSON object */
    [EXECUTE] = execute,           /* may they (gate.h); the operation's handler: an answer, and changes */
    [COMMIT] = commit,             /* the batch, while no thread waits */
    [SETTLE] = settle,             /* is it durable, or to be decided again */
    [LINGER] = linger,             /* what was begun behind the answer may be done in a moment */
    [RESPOND] = respond,
};

enum http_progress life_handle(void *context, struct http_exchange *exchange)
{
    struct life *life = exchange->context;

    if (life == NULL) {
        life = exchange->context = arena_new(&exchange->arena, struct life);
        life->config = context;
        life->exchange = exchange;
        life->step = RECEIVE;
        life->began = clock_monotonic();
        life->request.server = life->config->server;
        life->request.http = &exchange->request;
        life->request.arena = &exchange->arena;
        life->request.id = request_id_create(&exchange->arena);
        failure_init(&life->request.failure, &exchange->arena);
    }
    for (;;) {
        switch (steps[life->step](life)) {
        case NEXT:
            life->step++;
            break;
        case FAILED:
            life->step = RESPOND;
            break;
        case AGAIN:
            life->step = EXECUTE;
            break;
        case WAITING:
            life->step++;
            return HTTP_WAITING;
        case IN_LINE:
            life->step = EXECUTE;
            return HTTP_WAITING;
        case ANSWERED:
            return HTTP_ANSWERED;
        }
    }
}

/* What the handler began with this execution is over. */
static void end_execution(struct life *life)
{
    if (life->request.ended != NULL)
        life->request.ended(&life->request);
    life->request.ended = NULL;
}

void life_release(void *context, struct http_exchange *exchange)
{
    const struct life_config *config = context;
    struct life *life = exchange->context;

    end_execution(life); /* as the lane, still open if the client went away */
    lanes_leave(config->lanes, &life->ticket);
    table_release(life->request.table);
    gate_close(&life->request);
    principal_release(&life->request.principal);
    arena_finish(&life->repeated);
}

static enum verdict failed_unless(bool done)
{
    return done ? NEXT : FAILED;
}

/* ---- the steps ---- */

/* A call of the query protocol that is a GET, as presigned ones are. */
static bool is_query_in_url(const struct http_request *http)
{
    const struct slice first = SLICE("Action="), later = SLICE("&Action=");

    return slice_starts_with(http->query, first) ||
           (http->query.len > later.len &&
            memmem(http->query.ptr, http->query.len, later.ptr, later.len) != NULL);
}

/* NEXT: the path is no page's. */
static enum verdict give_page(struct life *life)
{
    struct request *request = &life->request;
    struct http_exchange *exchange = life->exchange;
    const char *type = NULL;

    request->out = &exchange->response.body;
    for (const life_page *page = life->config->pages; page != NULL && *page != NULL; page++) {
        if (!(*page)(request, exchange->request.path, &type))
            continue;
        life->content_type = type;
        if (request->failure.code != ERROR_NONE)
            return FAILED;
        answer_complete(exchange, request->id, 200, type);
        return ANSWERED;
    }
    return NEXT;
}

/* What load balancers and the curious are told. */
static enum verdict tell_health(struct life *life)
{
    struct http_exchange *exchange = life->exchange;
    struct slice text = arena_printf(&exchange->arena, "healthy: dynamodb.%.*s.amazonaws.com ",
                                     SLICE_ARGS(life->config->server->region));

    answer_plain(exchange, life->request.id, 200, "text/plain", text);
    return ANSWERED;
}

/* The service of PROTOCOL_REST that the request is for; NULL: it has another protocol. A signature says what
 * it is for. Without one, the marks of the other protocols count more than a path. */
static const struct service *find_rest(const struct life_config *config, const struct http_request *http,
                                       struct arena *arena)
{
    if (http_header(http, "x-amz-target") != NULL)
        return NULL;
    struct slice scope = sigv4_scope_service(http, arena);
    bool marked = aws_json_content_type(http) != NULL || query_is_form(http) || is_query_in_url(http);
    for (unsigned i = 0; i < config->service_count; i++) {
        const struct service *service = config->services[i];
        if (service->protocol == PROTOCOL_REST && (scope.len > 0 || !marked) &&
            service->rest->claims(http, scope))
            return service;
    }
    return NULL;
}

struct http_admission life_admit(void *context, const struct http_request *head)
{
    const struct life_config *config = context;
    struct http_admission admission = {.body_limit = config->body_limit};
    struct arena arena;

    arena_init(&arena);
    const struct service *service = find_rest(config, head, &arena);
    if (service != NULL)
        admission = service->rest->admit(head);
    arena_finish(&arena);
    return admission;
}

static bool is_rest(struct life *life)
{
    life->service = find_rest(life->config, &life->exchange->request, &life->exchange->arena);
    if (life->service != NULL)
        life->protocol = PROTOCOL_REST;
    return life->service != NULL;
}

static enum verdict receive(struct life *life)
{
    struct http_exchange *exchange = life->exchange;
    const struct http_request *http = &exchange->request;
    struct failure *failure = &life->request.failure;
    const struct slice *host = http_header(http, "host");
    bool is_get = slice_is(http->method, "GET");

    life->request.endpoint = host == NULL ? SLICE("localhost") : *host;
    life->request.secure = http->secure;
    life->content_type = aws_json_content_type(http);
    if (query_is_form(http) || (is_get && is_query_in_url(http)))
        life->protocol = PROTOCOL_QUERY;
    if (answer_preflight(exchange, life->request.id))
        return ANSWERED;
    if (life->config->site != NULL && life->config->site(exchange, life->request.id))
        return ANSWERED;
    bool wants_page = is_get && life->protocol != PROTOCOL_QUERY;
    if (wants_page && http_header(http, "authorization") == NULL) {
        enum verdict verdict = give_page(life);
        if (verdict != NEXT)
            return verdict;
    }
    if (is_rest(life))
        return NEXT;
    if (wants_page)
        return tell_health(life);
    if (http->body_too_large) {
        life->content_type = "application/json";
        return failed_unless(fail(failure, ERROR_REQUEST_TOO_LARGE, "The request is larger than 16 MB"));
    }
    if (life->protocol == PROTOCOL_QUERY)
        return NEXT;
    if (!slice_is(http->method, "POST") || (life->content_type == NULL && http->body.len > 0)) {
        answer_plain(exchange, life->request.id, 404, NULL, SLICE("<UnknownOperationException/>\n"));
        return ANSWERED;
    }
    if (life->content_type == NULL)
        life->content_type = "application/json";
    return NEXT;
}

static bool find_operation(struct life *life, const struct service *service, struct slice name)
{
    for (unsigned i = 0; i < service->operation_count; i++) {
        if (!slice_is(name, service->operations[i].name))
            continue;
        life->service = service;
        life->request.operation = &service->operations[i];
        return true;
    }
    return false;
}

static bool identify_target(struct life *life)
{
    const struct slice *target = http_header(&life->exchange->request, "x-amz-target");
    const char *dot = target == NULL || target->len == 0 ? NULL : memchr(target->ptr, '.', target->len);
    struct slice prefix = {NULL, 0}, name = {NULL, 0};

    if (dot != NULL) {
        prefix = (struct slice){target->ptr, (size_t)(dot - target->ptr)};
        name = slice_skip(*target, prefix.len + 1);
    }
    for (unsigned i = 0; i < life->config->service_count; i++) {
        const struct service *service = life->config->services[i];
        if (service->protocol == PROTOCOL_JSON && slice_is(prefix, service->target_prefix))
            return find_operation(life, service, name) ||
                   fail(&life->request.failure, ERROR_UNKNOWN_OPERATION, "%s", "");
    }
    /* AWS says no more than that. */
    return fail(&life->request.failure, ERROR_UNKNOWN_OPERATION, "%s", "");
}

/* A form names its operation itself, so it is read before it is known whose it is; that is bounded. */
static bool identify_action(struct life *life)
{
    struct request *request = &life->request;
    const struct http_request *http = &life->exchange->request;
    struct slice problem = {NULL, 0};

    if (http->body_malformed ||
        !query_parse(request->arena, slice_is(http->method, "GET") ? http->query : http->body, &request->body,
                     &problem))
        return fail(&request->failure, ERROR_SERIALIZATION, "%.*s", SLICE_ARGS(problem));
    const struct json *action = json_get(request->body, "Action"),
                      *version = json_get(request->body, "Version");
    if (action == NULL || action->type != JSON_STRING)
        return fail(&request->failure, ERROR_MISSING_ACTION, "Missing Action");
    struct slice wanted = version != NULL && version->type == JSON_STRING ? version->text : SLICE("");
    for (unsigned i = 0; i < life->config->service_count; i++) {
        const struct service *service = life->config->services[i];
        if (service->protocol != PROTOCOL_QUERY || !slice_is(wanted, service->version))
            continue;
        life->service = service;
        if (find_operation(life, service, action->text))
            return true;
    }
    return fail(&request->failure, ERROR_UNKNOWN_OPERATION, "Could not find operation %.*s for version %.*s",
                SLICE_ARGS(action->text),
                SLICE_ARGS(wanted.len == 0 ? SLICE("NO_VERSION_SPECIFIED") : wanted));
}

static enum verdict identify(struct life *life)
{
    if (life->protocol == PROTOCOL_REST)
        return failed_unless(life->service->rest->identify(&life->request));
    return failed_unless(life->protocol == PROTOCOL_QUERY ? identify_action(life) : identify_target(life));
}

static enum verdict authenticate(struct life *life)
{
    struct request *request = &life->request;

    if (request->operation->caller == CALLER_ANYONE)
        return NEXT;
    if (life->config->authenticator == NULL) {
        request->principal = principal_anonymous(request->server->account_id, request->arena);
        return NEXT;
    }
    if (life->protocol == PROTOCOL_REST)
        return failed_unless(
            life->service->rest->authenticate(request, life->config->authenticator, clock_now() / 1000));
    return failed_unless(authenticator_check(life->config->authenticator, &life->exchange->request,
                                             life->service->name, clock_now() / 1000, request->arena,
                                             &request->failure, &request->principal));
}

static enum verdict parse(struct life *life)
{
    struct request *request = &life->request;
    const struct http_request *http = &life->exchange->request;

    if (life->protocol == PROTOCOL_REST)
        return failed_unless(life->service->rest->parse(request));
    if (life->protocol == PROTOCOL_QUERY) { /* it was, to know what is asked for */
        request->form = true;
        return NEXT;
    }
    if (http->body_malformed ||
        json_parse(request->arena, http->body, JSON_DEPTH_LIMIT, &request->body) != JSON_OK ||
        request->body->type != JSON_OBJECT)
        return failed_unless(fail(&request->failure, ERROR_SERIALIZATION, "%s", "")); /* as little as AWS */
    return NEXT;
}

/* What the execution holds stays. */
static enum verdict execute_stage(struct life *life)
{
    struct request *request = &life->request;

    life->executions++;
    request->next = NULL;
    batch_init(&request->batch, request->arena);
    return failed_unless(life->stage(request));
}

static enum verdict execute(struct life *life)
{
    struct request *request = &life->request;

    if (life->stage != NULL)
        return execute_stage(life);
    if (request->operation->handler == NULL)
        return failed_unless(fail(&request->failure, ERROR_UNKNOWN_OPERATION,
                                  "%s is not implemented by this server yet", request->operation->name));
    end_execution(life); /* the one before */
    gate_close(request);
    if (life->executions++ > 0) {
        arena_reset(&life->repeated);
        request->arena = &life->repeated;
        request->repeated = true;
    }
    table_release(request->table);
    request->table = NULL;
    request->committed = NULL;
    request->committed_context = NULL;
    request->next = NULL;
    request->linger = NULL;
    request->overtaken = NULL;
    request->execution = NULL;
    request->meter = NULL;
    request->statements = NULL;
    request->snapshot = NULL;
    request->out = &life->exchange->response.body;
    buffer_reset(request->out);
    batch_init(&request->batch, request->arena);
    failure_init(&request->failure, request->arena);
    bool done = request->operation->handler(request);
    return failed_unless(gate_settle(request, done));
}

static void on_granted(struct ticket *ticket)
{
    struct life *life = (struct life *)(void *)((char *)ticket - offsetof(struct life, ticket));

    http_exchange_wake(life->exchange);
}

/* The key at which the batch would meet others: an operation guards last what it writes, and what it only
 * relies on before. */
static struct slice contested_key(const struct life *life)
{
    return life->request.batch.guards->key;
}

/* Back to the execution, with the lane of the contested key. */
static enum verdict take_lane(struct life *life)
{
    end_execution(life);
    life->ticket.granted = on_granted;
    return lanes_enter(life->config->lanes, contested_key(life), &life->ticket) ? AGAIN : IN_LINE;
}

/* On the storage's thread, or on this one before storage_commit() returns. The wake is the last use of the
 * life here. */
static void on_committed(void *context, enum storage_status status)
{
    struct life *life = context;

    life->status = status;
    if (status == STORAGE_OK && life->request.committed != NULL)
        life->request.committed(&life->request);
    http_exchange_wake(life->exchange);
}

static enum verdict commit(struct life *life)
{
    struct request *request = &life->request;

    if (batch_is_empty(&request->batch)) {
        life->status = STORAGE_OK;
        if (request->committed != NULL)
            request->committed(request);
        return NEXT;
    }
    if (life->ticket.lane == NULL && life->stage == NULL && request->batch.guards != NULL &&
        lanes_busy(life->config->lanes, contested_key(life)))
        return take_lane(life);
    storage_commit(request->server->storage, &request->batch, on_committed, life);
    return WAITING;
}

static enum verdict settle(struct life *life)
{
    struct request *request = &life->request;
    struct failure *failure = &request->failure;

    if (life->status == STORAGE_OK && request->next != NULL) {
        life->stage = request->next;
        life->executions = 0;
        return AGAIN;
    }
    if (life->status == STORAGE_CONFLICT && request->overtaken != NULL && !request->overtaken(request))
        return FAILED;
    if (life->status == STORAGE_CONFLICT && life->executions < EXECUTIONS_LIMIT)
        return life->ticket.lane == NULL && life->stage == NULL ? take_lane(life) : AGAIN;
    if (life->status == STORAGE_CONFLICT)
        return failed_unless(
            fail(failure, ERROR_THROTTLING,
                 "Too many clients write the same data at once: %u attempts were overtaken by others, "
                 "and nothing was written",
                 life->executions));
    return failed_unless(life->status == STORAGE_OK || storage_failure(failure, life->status));
}

static void on_lingered(void *context)
{
    http_exchange_wake(context);
}

/* No thread waits, and nobody is held up. */
static enum verdict linger(struct life *life)
{
    struct request *request = &life->request;

    lanes_leave(life->config->lanes, &life->ticket);
    if (request->linger == NULL || request->failure.code != ERROR_NONE)
        return NEXT;
    return request->linger(request, on_lingered, life->exchange) ? WAITING : NEXT;
}

static enum verdict respond(struct life *life)
{
    end_execution(life);
    lanes_leave(life->config->lanes, &life->ticket);
    struct http_exchange *exchange = life->exchange;
    const struct failure *failure = &life->request.failure;
    const char *xmlns = life->service == NULL ? NULL : life->service->xmlns;
    bool of_query = life->service != NULL && life->service->query_names;

    if (life->protocol == PROTOCOL_REST)
        life->service->rest->respond(&life->request, exchange);
    else if (life->protocol == PROTOCOL_QUERY && failure->code == ERROR_NONE)
        query_answer(exchange, life->request.id, xmlns, life->request.operation->name);
    else if (life->protocol == PROTOCOL_QUERY)
        query_fail(exchange, life->request.id, xmlns, failure);
    else if (failure->code == ERROR_NONE)
        aws_json_answer(exchange, life->request.id, life->content_type);
    else
        aws_json_fail(exchange, life->request.id, life->content_type, failure, of_query);
    meter_note(&life->request, life->service, life->began);
    return ANSWERED;
}
