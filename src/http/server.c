/*
 * The server on libmicrohttpd (MHD).
 *
 * MHD runs a pool of threads, each with an epoll set of its own; a connection stays with its thread. One
 * `struct carrier` accompanies a connection for its whole life and carries one exchange after the other.
 *
 * Parking. A handler that returns HTTP_WAITING has its connection suspended: MHD takes it out of the epoll
 * set and no thread waits. http_exchange_wake() resumes it. The wake comes from another thread, at any time
 * after the handler has started what it waits for, so also before the handler has returned. The carrier's
 * `state` settles who resumes:
 *
 *     RUNNING    the handler runs, or has returned HTTP_WAITING and the connection is not yet suspended
 *     WOKEN      the wake came
 *     PARKED     the connection is suspended
 *
 *     server thread                                  waker
 *       state = RUNNING                                was = exchange(state, WOKEN)
 *       handler() says HTTP_WAITING                    if was == PARKED: resume
 *       if state == WOKEN: call the handler again      (otherwise the server thread sees WOKEN)
 *       suspend
 *       if state == RUNNING: state = PARKED, done      (one atomic step)
 *       else: resume
 *
 * Exactly one of the two resumes, and only after the suspension; the waker touches the carrier no more once
 * it has handed over, and MHD neither closes nor frees a suspended connection, so nothing is used after its
 * end.
 *
 * Stopping. MHD may not be stopped while a connection is suspended. So `in_flight` counts the requests from
 * their last byte in to their last byte out, and `unanswered` those whose handler is not done;
 * http_server_stop() first lets every answer say "Connection: close", waits until nothing is in flight, then
 * refuses what still comes, and waits again. Clients that do not take their answers are waited for a while;
 * handlers, as long as they need.
 */
#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/check.h"
#include "http/gzip.h"
#include "http/hangups.h"

enum {
    HEADER_LIMIT = 200,            /* headers of a request; MHD bounds their bytes by CONNECTION_MEMORY */
    CONNECTION_MEMORY = 16 * 1024, /* a connection's buffer for headers, and for pieces of bodies */
    IDLE_SECONDS = 180,            /* then a connection that says nothing is closed */
    ANSWER_SECONDS = 30,           /* how long a stop waits for clients to take their answers */
    RESERVED_AT_FIRST = 64 * 1024, /* a Content-Length is a claim: no more than this is believed */
    DRAINED_AT_MOST = 64 * 1024 * 1024, /* of a body over the limit; then the connection is cut */
    BODIES_HELD = 64,                   /* of the largest size, at a time */
    FILES_KEPT = 512,                   /* descriptors that connections leave to the rest of the server */
    STREAMED_AT_ONCE = 128 * 1024,      /* of an answer that is read while it is sent */
};

enum { RUNNING, WOKEN, PARKED };

enum phase { PHASE_HEAD, PHASE_BODY, PHASE_HANDLING };

struct carrier {
    struct http_exchange exchange; /* first: wake() finds the carrier by it */
    struct http_server *server;
    struct MHD_Connection *connection;
    atomic_int state;
    enum phase phase;
    bool counted; /* in server->in_flight */
    bool handled; /* in server->unanswered */
    struct http_admission admission;
    size_t received;
    size_t held; /* of them, in server->held */
    char peer[sizeof(((struct http_request *)NULL)->peer)];
    struct buffer body;     /* as it came */
    struct buffer unpacked; /* if it came gzip'd */
};

struct http_server {
    struct http_config config;
    struct MHD_Daemon *daemon;
    struct hangups *hangups;
    uint16_t port;
    atomic_bool stopping; /* answers close their connections */
    atomic_bool closed;   /* requests are refused */
    atomic_size_t in_flight;
    atomic_size_t unanswered;
    atomic_size_t held; /* bytes of bodies */
    pthread_mutex_t lock;
    pthread_cond_t idle; /* one of the counts became 0 */
};

/* ---- what is in flight ---- */

/* The request is whole: its handling begins, unless the server has stopped. */
static bool enter(struct carrier *carrier)
{
    struct http_server *server = carrier->server;

    atomic_fetch_add(&server->in_flight, 1);
    carrier->counted = true;
    if (atomic_load(&server->closed)) /* after the count: either the stop sees the one or we see the other */
        return false;
    atomic_fetch_add(&server->unanswered, 1);
    carrier->handled = true;
    carrier->phase = PHASE_HANDLING;
    return true;
}

static void count_down(struct http_server *server, atomic_size_t *count)
{
    if (atomic_fetch_sub(count, 1) == 1 && atomic_load(&server->stopping)) {
        pthread_mutex_lock(&server->lock);
        pthread_cond_broadcast(&server->idle);
        pthread_mutex_unlock(&server->lock);
    }
}

static void leave(struct carrier *carrier)
{
    if (carrier->counted)
        count_down(carrier->server, &carrier->server->in_flight);
    carrier->counted = false;
}

static void wait_until_idle(struct http_server *server)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ANSWER_SECONDS;
    pthread_mutex_lock(&server->lock);
    while (atomic_load(&server->in_flight) > 0) {
        if (pthread_cond_timedwait(&server->idle, &server->lock, &until) == ETIMEDOUT)
            break;
    }
    while (atomic_load(&server->unanswered) > 0)
        pthread_cond_wait(&server->idle, &server->lock);
    pthread_mutex_unlock(&server->lock);
}

/* ---- a connection and its exchanges ---- */

static void let_go_of_body(struct carrier *carrier)
{
    if (carrier->held > 0)
        atomic_fetch_sub(&carrier->server->held, carrier->held);
    carrier->held = 0;
}

static void reset(struct carrier *carrier)
{
    struct http_exchange *exchange = &carrier->exchange;

    exchange->request = (struct http_request){0};
    exchange->response.status = 0;
    exchange->response.content_type = NULL;
    exchange->response.header_count = 0;
    exchange->response.stream = NULL;
    buffer_reset(&exchange->response.body);
    buffer_reset(&carrier->body);
    buffer_reset(&carrier->unpacked);
    arena_reset(&exchange->arena);
    exchange->context = NULL;
    carrier->received = 0;
    let_go_of_body(carrier);
    carrier->phase = PHASE_HEAD;
}

static void wake(struct http_exchange *exchange)
{
    struct carrier *carrier = (struct carrier *)(void *)exchange;
    struct MHD_Connection *connection = carrier->connection;

    if (atomic_exchange(&carrier->state, WOKEN) == PARKED)
        MHD_resume_connection(connection);
}

static int socket_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **own,
                          enum MHD_ConnectionNotificationCode code)
{
    struct carrier *carrier = *own;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        carrier = calloc(1, sizeof(*carrier));
        CHECK(carrier != NULL);
        carrier->server = context;
        carrier->connection = connection;
        carrier->exchange.wake = wake;
        atomic_init(&carrier->state, RUNNING);
        *own = carrier;
        hangups_watch(carrier->server->hangups, socket_of(connection));
        return;
    }
    hangups_forget(carrier->server->hangups, socket_of(connection)); /* MHD closes it after this */
    let_go_of_body(carrier);
    arena_finish(&carrier->exchange.arena);
    buffer_finish(&carrier->exchange.response.body);
    buffer_finish(&carrier->body);
    buffer_finish(&carrier->unpacked);
    free(carrier);
    *own = NULL;
}

/* The only moment at which MHD shows the request's target as it was sent; later path and query are unescaped
 * in place. What is returned is the `own` of on_request() and on_completed(). */
static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    struct carrier *carrier =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    (void)context;

    reset(carrier); /* the request before may have had no end: MHD answers a malformed one itself */
    struct http_request *request = &carrier->exchange.request;
    request->path = arena_copy(&carrier->exchange.arena, slice_of(target));
    const char *mark = memchr(request->path.ptr, '?', request->path.len);
    if (mark != NULL) {
        size_t length = (size_t)(mark - request->path.ptr);
        request->query = slice_skip(request->path, length + 1);
        request->path.len = length;
    }
    return carrier;
}

static enum MHD_Result take_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                   const char *value, size_t value_len)
{
    struct http_request *request = context;
    (void)kind;

    if (request->header_count == HEADER_LIMIT)
        return MHD_NO;
    while (value_len > 0 && (value[value_len - 1] == ' ' || value[value_len - 1] == '\t'))
        value_len--; /* MHD takes away the spaces in front only */
    request->headers[request->header_count++] =
        (struct http_header){{name, name_len}, {value == NULL ? "" : value, value_len}};
    return MHD_YES;
}

/* The client's address as a text; the same for all requests of a connection. */
static void note_peer(struct carrier *carrier)
{
    const struct sockaddr *address =
        MHD_get_connection_info(carrier->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;

    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, carrier->peer,
                  sizeof(carrier->peer));
    else if (address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, carrier->peer,
                  sizeof(carrier->peer));
}

static enum MHD_Result answer_at_once(struct carrier *carrier, unsigned status)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);

    CHECK(response != NULL);
    enum MHD_Result result = MHD_queue_response(carrier->connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static void take_head(struct carrier *carrier, const char *method, size_t header_count)
{
    struct http_request *request = &carrier->exchange.request;

    request->method = slice_of(method);
    request->headers = arena_array(&carrier->exchange.arena, struct http_header, header_count);
    MHD_get_connection_values_n(carrier->connection, MHD_HEADER_KIND, take_header, request);
    request->secure = carrier->server->config.tls_certificate != NULL;
    if (carrier->peer[0] == '\0')
        note_peer(carrier);
    memcpy(request->peer, carrier->peer, sizeof(request->peer));
    carrier->phase = PHASE_BODY;
}

/* A body over its limit is read on so far, and thrown away, so that its sender gets to read the answer. */
static size_t drained_at_most(size_t limit)
{
    return limit > DRAINED_AT_MOST ? limit : DRAINED_AT_MOST;
}

/* Prepares for the body; false if it is announced as so large that there is no use in waiting for it. */
static bool expect_body(struct carrier *carrier)
{
    const struct http_config *config = &carrier->server->config;
    const struct http_request *request = &carrier->exchange.request;
    const struct slice *length = http_header(request, "content-length");
    unsigned long long announced =
        length == NULL ? 0 : strtoull(length->ptr, NULL, 10); /* MHD has checked it */

    carrier->admission = config->admit != NULL ? config->admit(config->context, request)
                                               : (struct http_admission){.body_limit = config->body_limit};
    const size_t limit = carrier->admission.body_limit;
    if (announced > drained_at_most(limit) || (announced > limit && http_header(request, "expect") != NULL))
        return false;
    if (announced <= limit)
        buffer_reserve(&carrier->body, announced < RESERVED_AT_FIRST ? (size_t)announced : RESERVED_AT_FIRST);
    return true;
}

/* MHD_NO cuts the connection. */
static enum MHD_Result take_piece(struct carrier *carrier, struct slice piece)
{
    struct http_server *server = carrier->server;

    carrier->received += piece.len;
    if (carrier->received > carrier->admission.body_limit) {
        carrier->exchange.request.body_too_large = true;
        buffer_finish(&carrier->body);
        let_go_of_body(carrier);
        return carrier->received > drained_at_most(carrier->admission.body_limit) ? MHD_NO : MHD_YES;
    }
    carrier->held += piece.len;
    if (atomic_fetch_add(&server->held, piece.len) + piece.len > server->config.bodies_limit)
        return MHD_NO;
    buffer_append(&carrier->body, piece);
    return MHD_YES;
}

static void finish_body(struct carrier *carrier)
{
    struct http_request *request = &carrier->exchange.request;
    const struct slice *encoding = http_header(request, "content-encoding");

    request->sent_body = buffer_slice(&carrier->body);
    request->body = request->sent_body;
    if (encoding == NULL || request->body_too_large || carrier->admission.packed || encoding->len != 4 ||
        strncasecmp(encoding->ptr, "gzip", 4) != 0)
        return;
    enum gzip_problem problem =
        gzip_unpack(request->sent_body, carrier->admission.body_limit, &carrier->unpacked);
    request->body_malformed = problem == GZIP_MALFORMED;
    request->body_too_large = problem == GZIP_TOO_LARGE;
    request->body = problem == GZIP_OK ? buffer_slice(&carrier->unpacked) : (struct slice){"", 0};
}

static void add_header(struct carrier *carrier, struct MHD_Response *response, struct slice name,
                       struct slice value)
{
    char on_stack[1024], *room = on_stack;

    /* MHD wants terminated texts. It refuses a value with a line's end in it, and then the header is not
     * sent. */
    if (name.len + value.len + 2 > sizeof(on_stack))
        room = arena_alloc(&carrier->exchange.arena, name.len + value.len + 2);
    memcpy(room, name.ptr, name.len);
    room[name.len] = '\0';
    if (value.len > 0)
        memcpy(room + name.len + 1, value.ptr, value.len);
    room[name.len + 1 + value.len] = '\0';
    (void)MHD_add_response_header(response, room, room + name.len + 1);
}

static ssize_t read_stream(void *context, uint64_t at, char *into, size_t room)
{
    const struct http_stream *stream = context;
    ssize_t got = stream->read(stream->context, at, into, room);

    return got < 0 ? MHD_CONTENT_READER_END_WITH_ERROR : got;
}

static void close_stream(void *context)
{
    struct http_stream *stream = context;

    if (stream->close != NULL)
        stream->close(stream->context);
    free(stream);
}

/* MHD lets go of a response only after the exchange is over, so the stream moves to a place of its own. */
static struct MHD_Response *stream_response(const struct http_stream *stream)
{
    struct http_stream *own = malloc(sizeof(*own));

    CHECK(own != NULL);
    *own = *stream;
    return MHD_create_response_from_callback(own->size, STREAMED_AT_ONCE, read_stream, own, close_stream);
}

static enum MHD_Result send_answer(struct carrier *carrier)
{
    const struct http_response *answer = &carrier->exchange.response;
    /* The body stays where it is until on_completed(). */
    struct MHD_Response *response =
        answer->stream != NULL
            ? stream_response(answer->stream)
            : MHD_create_response_from_buffer(answer->body.len, answer->body.bytes, MHD_RESPMEM_PERSISTENT);

    CHECK(response != NULL);
    if (answer->content_type != NULL)
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->content_type);
    for (size_t i = 0; i < answer->header_count; i++)
        add_header(carrier, response, answer->headers[i].name, answer->headers[i].value);
    if (atomic_load(&carrier->server->stopping))
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    enum MHD_Result result = MHD_queue_response(carrier->connection, answer->status, response);
    MHD_destroy_response(response);
    return result;
}

static void finish_handling(struct carrier *carrier)
{
    if (carrier->handled)
        count_down(carrier->server, &carrier->server->unanswered);
    carrier->handled = false;
}

static enum MHD_Result handle(struct carrier *carrier)
{
    const struct http_config *config = &carrier->server->config;

    for (;;) {
        atomic_store(&carrier->state, RUNNING);
        if (config->handler(config->context, &carrier->exchange) == HTTP_ANSWERED) {
            enum MHD_Result result = send_answer(carrier);
            finish_handling(carrier);
            return result;
        }
        if (atomic_load(&carrier->state) == WOKEN)
            continue;
        MHD_suspend_connection(carrier->connection);
        int expected = RUNNING;
        if (!atomic_compare_exchange_strong(&carrier->state, &expected, PARKED))
            MHD_resume_connection(carrier->connection);
        return MHD_YES;
    }
}

/* MHD calls this with the head of a request, then with each piece of its body, then with none, and after each
 * resumption. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *piece,
                                  size_t *piece_len, void **own)
{
    struct carrier *carrier = *own;
    (void)context, (void)url, (void)version;

    switch (carrier->phase) {
    case PHASE_HEAD: {
        int count = MHD_get_connection_values_n(connection, MHD_HEADER_KIND, NULL, NULL);
        if (count < 0 || count > HEADER_LIMIT)
            return answer_at_once(carrier, MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE);
        take_head(carrier, method, (size_t)count);
        if (expect_body(carrier))
            return MHD_YES;
        carrier->exchange.request.body_too_large = true;
        break;
    }
    case PHASE_BODY:
        if (*piece_len > 0) {
            struct slice bytes = {piece, *piece_len};
            *piece_len = 0;
            return take_piece(carrier, bytes);
        }
        finish_body(carrier);
        break;
    case PHASE_HANDLING:
        return handle(carrier);
    }
    return enter(carrier) ? handle(carrier) : MHD_NO;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **own,
                         enum MHD_RequestTerminationCode code)
{
    struct carrier *carrier = *own;
    (void)context, (void)connection, (void)code;

    if (carrier == NULL)
        return;
    const struct http_config *config = &carrier->server->config;
    if (carrier->phase == PHASE_HANDLING && config->release != NULL)
        config->release(config->context, &carrier->exchange);
    reset(carrier);
    finish_handling(carrier); /* the client went away while its request waited */
    leave(carrier);
    *own = NULL;
}

/* ---- start and stop ---- */

static int listen_on(const struct http_config *config, uint16_t *port, struct arena *arena,
                     struct slice *problem)
{
    char service[8];
    struct addrinfo wanted = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                              .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    const int on = 1;

    snprintf(service, sizeof(service), "%u", (unsigned)config->port);
    if (getaddrinfo(config->address, service, &wanted, &found) != 0) {
        *problem = arena_printf(arena, "'%s' is not an IP address", config->address);
        return -1;
    }
    int listener = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener >= 0 &&
        (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
         bind(listener, found->ai_addr, found->ai_addrlen) != 0 || listen(listener, SOMAXCONN) != 0)) {
        int error = errno;
        close(listener);
        errno = error;
        listener = -1;
    }
    freeaddrinfo(found);
    struct sockaddr_storage bound;
    socklen_t length = sizeof(bound);
    if (listener < 0 || getsockname(listener, (struct sockaddr *)&bound, &length) != 0) {
        *problem = arena_printf(arena, "cannot listen on %s port %u: %s", config->address,
                                (unsigned)config->port, strerror(errno));
        return -1;
    }
    *port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)(void *)&bound)->sin6_port
                                              : ((struct sockaddr_in *)(void *)&bound)->sin_port);
    return listener;
}

/* As many connections as the process may have open files, less what the rest of the server needs. */
static unsigned connection_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return FILES_KEPT;
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
        (void)getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > 65536)
        return 65536 - FILES_KEPT;
    return limit.rlim_cur > (rlim_t)2 * FILES_KEPT ? (unsigned)limit.rlim_cur - FILES_KEPT
                                                   : (unsigned)limit.rlim_cur / 2;
}

static struct MHD_Daemon *start_daemon(struct http_server *server, int listener)
{
    const struct http_config *config = &server->config;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO;
    struct MHD_OptionItem more[4];
    size_t count = 0;

    if (config->threads > 1) /* with one there is no pool */
        more[count++] = (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)config->threads, NULL};
    if (config->tls_certificate != NULL) {
        flags |= MHD_USE_TLS;
        more[count++] =
            (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(intptr_t)config->tls_certificate};
        more[count++] =
            (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(intptr_t)config->tls_key};
    }
    more[count] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    return MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, server, MHD_OPTION_LISTEN_SOCKET, listener,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_URI_LOG_CALLBACK, on_target, server,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_CONNECTION_LIMIT, connection_limit(),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_ARRAY, more, MHD_OPTION_END);
}

static void init_waiting(struct http_server *server)
{
    pthread_condattr_t attributes;

    CHECK(pthread_condattr_init(&attributes) == 0);
    CHECK(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&server->idle, &attributes) == 0);
    CHECK(pthread_mutex_init(&server->lock, NULL) == 0);
    pthread_condattr_destroy(&attributes);
}

static void free_server(struct http_server *server)
{
    hangups_stop(server->hangups);
    pthread_cond_destroy(&server->idle);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

struct http_server *http_server_start(const struct http_config *config, struct arena *arena,
                                      struct slice *problem)
{
    uint16_t port = 0;
    int listener = listen_on(config, &port, arena, problem);

    if (listener < 0)
        return NULL;
    struct http_server *server = calloc(1, sizeof(*server));
    CHECK(server != NULL);
    server->config = *config;
    if (config->bodies_limit == 0)
        server->config.bodies_limit = BODIES_HELD * config->body_limit;
    server->port = port;
    init_waiting(server);
    server->hangups = hangups_start();
    server->daemon = server->hangups == NULL ? NULL : start_daemon(server, listener);
    if (server->daemon != NULL)
        return server;
    *problem = config->tls_certificate != NULL
                   ? SLICE("cannot start HTTPS: the certificate and the key must be PEM and belong together")
                   : SLICE("cannot start the HTTP server");
    close(listener);
    free_server(server);
    return NULL;
}

uint16_t http_server_port(const struct http_server *server)
{
    return server->port;
}

unsigned http_server_connections(struct http_server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);

    return info == NULL ? 0 : info->num_connections;
}

void http_server_stop(struct http_server *server)
{
    atomic_store(&server->stopping, true);
    MHD_socket listener = MHD_quiesce_daemon(server->daemon);
    if (listener != MHD_INVALID_SOCKET)
        close(listener);
    wait_until_idle(server);
    atomic_store(&server->closed, true);
    wait_until_idle(server);
    MHD_stop_daemon(server->daemon);
    free_server(server);
}

/* ---- requests and answers ---- */

const struct slice *http_header(const struct http_request *request, const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < request->header_count; i++) {
        const struct http_header *header = &request->headers[i];
        if (header->name.len == length && strncasecmp(header->name.ptr, name, length) == 0)
            return &header->value;
    }
    return NULL;
}

void http_respond_header(struct http_exchange *exchange, struct slice name, struct slice value)
{
    enum { AT_FIRST = 16 };
    struct http_response *response = &exchange->response;
    size_t count = response->header_count;

    /* There is room up to the next power of two, from 16 on; what was before a reset of the arena is gone. */
    if (count == 0)
        response->headers = arena_array(&exchange->arena, struct http_header, AT_FIRST);
    else if (count >= AT_FIRST && (count & (count - 1)) == 0)
        response->headers =
            arena_grow(&exchange->arena, response->headers, count, 2 * count, sizeof(*response->headers));
    response->headers[response->header_count++] = (struct http_header){name, value};
}
