#include "services/inner.h"

#include <semaphore.h>
#include <stdlib.h>

#include "auth/authenticator.h"
#include "auth/holder.h"
#include "base/check.h"
#include "base/clock.h"
#include "catalog/table.h"
#include "http/server.h"
#include "services/gate.h"
#include "services/operation.h"
#include "services/storage_failure.h"
#include "wire/query.h"
#include "wire/request_id.h"

enum {
    JSON_DEPTH = 256,
    EXECUTIONS_LIMIT = 1000,     /* as of a request that came over HTTP */
    USER_SESSION = 36 * 60 * 60, /* seconds; only `At` of what is kept is held against it */
    ROLE_SESSION = 12 * 60 * 60
};

struct inner {
    struct server *server;
    struct holders *holders; /* NULL: nobody is limited */
    struct arena arena;      /* of `anyone` */
    struct principal anyone; /* whom nothing limits */
};

struct inner *inner_create(struct server *server, bool open)
{
    struct inner *inner = calloc(1, sizeof(*inner));

    CHECK(inner != NULL);
    inner->server = server;
    arena_init(&inner->arena);
    inner->anyone = principal_anonymous(server->account_id, &inner->arena);
    if (!open)
        inner->holders = holders_create(server->directory, server->account_id, server->session_keys);
    return inner;
}

void inner_destroy(struct inner *inner)
{
    if (inner == NULL)
        return;
    if (inner->holders != NULL)
        holders_destroy(inner->holders);
    arena_finish(&inner->arena);
    free(inner);
}

/* ---- for whom ----
 *
 * What is kept is {} of who is not limited, and otherwise {"Key", "Token", "At"}: an access key id, the token
 * of its session, and when the session was still good, in seconds. "Lasting": a user who came with an access
 * key; the session is there to name him. "Role": the calls are those of a role of the service. */

static void write_kept(struct request *request, struct slice key, struct slice token, const char *mark,
                       struct slice *out)
{
    struct buffer text;
    bool first = true;

    buffer_init(&text);
    buffer_append_byte(&text, '{');
    json_write_string_member(&text, &first, "Key", key);
    json_write_string_member(&text, &first, "Token", token);
    json_write_int64_member(&text, &first, "At", clock_now() / 1000);
    if (mark != NULL) {
        json_write_name(&text, &first, mark);
        buffer_append_string(&text, "true");
    }
    buffer_append_byte(&text, '}');
    *out = arena_copy(request->arena, buffer_slice(&text));
    buffer_finish(&text);
}

static bool keep_session(struct request *request, struct session *session, int64_t duration, const char *mark,
                         struct slice *out)
{
    struct slice token;

    session->access_key_id = session_new_key_id(request->arena);
    session->issued = clock_now() / 1000;
    session->expires = session->issued + duration;
    if (!session_seal(request->arena, request->server->session_keys, session, &token))
        return fail(&request->failure, ERROR_INTERNAL_FAILURE, "The session is too large");
    write_kept(request, session->access_key_id, token, mark, out);
    return true;
}

bool inner_keep_role(struct request *request, struct slice owner, struct slice owner_id,
                     struct slice session_name, struct slice *out)
{
    struct session session = {
        .kind = SESSION_ROLE, .owner = owner, .owner_id = owner_id, .name = session_name};

    return keep_session(request, &session, ROLE_SESSION, "Role", out);
}

bool inner_keep(struct request *request, struct slice *out)
{
    const struct principal *principal = &request->principal;
    const struct slice *token =
        request->http == NULL ? NULL : http_header(request->http, "x-amz-security-token");
    struct session session = {
        .kind = SESSION_USER, .owner = principal->user_name, .owner_id = principal->user_id};

    *out = SLICE("{}");
    if (principal->authority == NULL)
        return true;
    if (principal->credentials == CREDENTIALS_LASTING && principal->kind == PRINCIPAL_USER)
        return keep_session(request, &session, USER_SESSION, "Lasting", out);
    if (token == NULL) /* a request from within, or one whose token stands elsewhere: presigned */
        return fail(&request->failure, ERROR_ACCESS_DENIED,
                    "The credentials of this request cannot be used for work behind its answer");
    write_kept(request, principal->access_key_id, *token, NULL, out);
    return true;
}

static bool is_marked(const struct json *kept, const char *mark)
{
    const struct json *value = json_get(kept, mark);

    return value != NULL && value->type == JSON_BOOLEAN && value->boolean;
}

static struct slice text_in(const struct json *kept, const char *name)
{
    const struct json *value = json_get(kept, name);

    return value != NULL && value->type == JSON_STRING ? value->text : SLICE("");
}

static bool open_holder(struct inner *inner, const struct json *kept, struct inner_caller *caller)
{
    const struct json *member = json_get(kept, "At");
    const struct holder *holder;
    int64_t at;

    if (member == NULL || member->type != JSON_NUMBER || !json_to_int64(member, &at) ||
        holders_find(inner->holders, text_in(kept, "Key"), text_in(kept, "Token"), at, &holder) !=
            HOLDER_FOUND)
        return false;
    caller->principal = holder->principal;
    caller->principal.held = holder;
    if (is_marked(kept, "Lasting")) {
        caller->principal.credentials = CREDENTIALS_LASTING;
        caller->principal.issued = caller->principal.expires = 0;
    }
    return true;
}

bool inner_open(struct inner *inner, struct slice kept, const char *service, struct inner_caller *out)
{
    struct arena arena;
    const struct json *object;

    *out = (struct inner_caller){.inner = inner, .via = service};
    arena_init(&arena);
    bool good = json_parse(&arena, kept, JSON_DEPTH, &object) == JSON_OK && object->type == JSON_OBJECT;
    if (good && (inner->holders == NULL || object->object.count == 0)) {
        out->principal = inner->anyone;
    } else if (good) {
        good = open_holder(inner, object, out);
        out->via = is_marked(object, "Role") ? NULL : service;
    }
    arena_finish(&arena);
    return good;
}

void inner_close(struct inner_caller *caller)
{
    principal_release(&caller->principal);
}

struct inner_caller inner_of(const struct request *request, const char *service)
{
    return (struct inner_caller){
        .inner = request->server->inner, .principal = request->principal, .via = service};
}

/* ---- calling ---- */

/* One call, as life.c has one request. */
struct call {
    struct request request;
    struct arena *arena;   /* the caller's: input and answer */
    struct arena repeated; /* of an execution other than the first */
    struct buffer body;    /* the answer's */
    enum protocol protocol;
    bool (*stage)(struct request *request); /* as in life.c */
    unsigned executions;
    enum storage_status status;
    sem_t committed;
};

static const struct service *service_of(enum aws_service service)
{
    static const struct service *const services[] = {[SERVICE_DYNAMODB] = &dynamodb_service,
                                                     [SERVICE_IAM] = &iam_service,
                                                     [SERVICE_USER_POOLS] = &cognito_idp_service,
                                                     [SERVICE_IDENTITY_POOLS] = &cognito_identity_service,
                                                     [SERVICE_S3] = &s3_service,
                                                     [SERVICE_SSM] = &ssm_service};

    return (size_t)service < sizeof(services) / sizeof(services[0]) ? services[service] : NULL;
}

static const struct operation *operation_of(const struct service *service, const char *name)
{
    for (unsigned i = 0; service != NULL && i < service->operation_count; i++) {
        if (strcmp(service->operations[i].name, name) == 0)
            return &service->operations[i];
    }
    return NULL;
}

static void end_execution(struct request *request)
{
    if (request->ended != NULL)
        request->ended(request);
    request->ended = NULL;
    gate_close(request);
    table_release(request->table);
    request->table = NULL;
}

static bool execute(struct call *call)
{
    struct request *request = &call->request;

    end_execution(request); /* the one before */
    if (call->executions++ > 0) {
        arena_reset(&call->repeated);
        request->arena = &call->repeated;
        request->repeated = true;
    }
    request->committed = NULL;
    request->committed_context = NULL;
    request->next = NULL;
    request->linger = NULL; /* nobody polls for what is done within */
    request->overtaken = NULL;
    request->execution = NULL;
    request->meter = NULL;
    request->statements = NULL;
    request->snapshot = NULL;
    request->out = &call->body;
    buffer_reset(request->out);
    batch_init(&request->batch, request->arena);
    failure_init(&request->failure, request->arena);
    return gate_settle(request, request->operation->handler(request));
}

/* What the execution holds stays. */
static bool execute_stage(struct call *call)
{
    struct request *request = &call->request;

    call->executions++;
    request->next = NULL;
    batch_init(&request->batch, request->arena);
    return call->stage(request);
}

/* On the storage's thread, or on this one: what is published in memory is published in the order of the
 * commits. */
static void on_committed(void *context, enum storage_status status)
{
    struct call *call = context;

    call->status = status;
    if (status == STORAGE_OK && call->request.committed != NULL)
        call->request.committed(&call->request);
    CHECK(sem_post(&call->committed) == 0);
}

static void commit(struct call *call)
{
    struct request *request = &call->request;

    if (batch_is_empty(&request->batch)) {
        call->status = STORAGE_OK;
        if (request->committed != NULL)
            request->committed(request);
        return;
    }
    storage_commit(request->server->storage, &request->batch, on_committed, call);
    while (sem_wait(&call->committed) != 0)
        continue; /* a signal came in between */
}

static bool is_unfinished(const struct call *call)
{
    return (call->status == STORAGE_OK && call->request.next != NULL) ||
           (call->status == STORAGE_CONFLICT && call->executions < EXECUTIONS_LIMIT);
}

/* The handler and its commit, until nobody was faster. Those who write here are few, so nobody stands in a
 * lane. */
static bool carry_out(struct call *call)
{
    struct request *request = &call->request;

    do {
        if (!(call->stage != NULL ? execute_stage(call) : execute(call)))
            return false;
        commit(call);
        if (call->status == STORAGE_OK && request->next != NULL) {
            call->stage = request->next;
            call->executions = 0;
            continue;
        }
        if (call->status == STORAGE_CONFLICT && request->overtaken != NULL && !request->overtaken(request))
            return false;
    } while (is_unfinished(call));
    if (call->status == STORAGE_CONFLICT)
        return fail(&request->failure, ERROR_THROTTLING, "Too many clients write the same data at once");
    if (call->status != STORAGE_OK)
        return storage_failure(&request->failure, call->status);
    return request->failure.code == ERROR_NONE; /* one that was to be remembered */
}

static enum client_outcome refuse(struct call *call, struct client_answer *out)
{
    const struct failure *failure = &call->request.failure;

    out->type = slice_of(call->protocol == PROTOCOL_QUERY ? query_error_name(failure->code)
                                                          : error_type(failure->code)->name);
    out->message = arena_copy(call->arena, failure->message);
    return CLIENT_REFUSED;
}

static enum client_outcome answer(struct call *call, struct client_answer *out)
{
    static const struct json nothing = {.type = JSON_OBJECT};
    struct slice text = arena_copy(call->arena, buffer_slice(&call->body));

    out->body = &nothing;
    if (text.len == 0 || json_parse(call->arena, text, JSON_DEPTH, &out->body) == JSON_OK)
        return CLIENT_DONE;
    out->message = SLICE("the answer is no JSON");
    return CLIENT_FAILED;
}

static void begin(struct call *call, const struct inner_caller *caller, struct arena *arena,
                  const struct operation *operation)
{
    *call = (struct call){.arena = arena};
    call->request = (struct request){.server = caller->inner->server,
                                     .operation = operation,
                                     .principal = caller->principal,
                                     .within = !caller->plain,
                                     .via = caller->via,
                                     .id = request_id_create(arena),
                                     .endpoint = SLICE("localhost"),
                                     .arena = arena};
    failure_init(&call->request.failure, arena);
    arena_init(&call->repeated);
    buffer_init(&call->body);
    CHECK(sem_init(&call->committed, 0, 0) == 0);
}

static void end(struct call *call)
{
    end_execution(&call->request);
    CHECK(sem_destroy(&call->committed) == 0);
    buffer_finish(&call->body);
    arena_finish(&call->repeated);
}

static enum client_outcome invoke(void *context, struct arena *arena, enum aws_service service_number,
                                  const char *name, struct slice input, struct client_answer *out)
{
    const struct inner_caller *caller = context;
    const struct service *service = service_of(service_number);
    const struct operation *operation = operation_of(service, name);
    struct call call;

    *out = (struct client_answer){0};
    if (operation == NULL || operation->handler == NULL) {
        out->type = SLICE("UnknownOperationException");
        out->message = arena_printf(arena, "%s is not implemented by this server", name);
        return CLIENT_REFUSED;
    }
    begin(&call, caller, arena, operation);
    call.protocol = service->protocol;
    bool good = json_parse(arena, input, JSON_DEPTH, &call.request.body) == JSON_OK &&
                call.request.body->type == JSON_OBJECT;
    if (!good)
        (void)fail(&call.request.failure, ERROR_SERIALIZATION, "%s", "");
    enum client_outcome outcome = good && carry_out(&call) ? answer(&call, out) : refuse(&call, out);
    end(&call);
    return outcome;
}

struct invoker inner_invoker(struct inner_caller *caller)
{
    return (struct invoker){.invoke = invoke, .context = caller, .within = !caller->plain};
}
