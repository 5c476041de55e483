/* Does the server hand requests over as they were sent, park and resume them, and stop without losing one? */
#include "lib/unit.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "http/coding.h"
#include "http/gzip.h"
#include "http/server.h"
#include "unit/http/client.h"

enum { LIMIT = 100 * 1000, THREADS = 2 };

/*
 * The handler under test does what the path says:
 *   /echo     answers what it was given
 *   /early    is woken before it returns HTTP_WAITING
 *   /late     is woken by another thread, some time
 *   /held     is woken by the test
 */
struct bench {
    struct http_server *server;
    int client;
    atomic_int handled, released;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct http_exchange *held;
    struct http_exchange *late[256]; /* to be woken by the waker */
    size_t late_count;
    bool stream_fails; /* of "/stream/cut" */
    atomic_int streams_closed;
    bool ended;
    pthread_t waker;
};

static void echo(struct http_exchange *exchange)
{
    const struct http_request *request = &exchange->request;
    const struct slice *echoed = http_header(request, "X-ECHO");

    buffer_printf(&exchange->response.body, "%.*s|%.*s|%.*s|%.*s|%zu|%s%s|%s|", SLICE_ARGS(request->method),
                  SLICE_ARGS(request->path), SLICE_ARGS(request->query),
                  SLICE_ARGS(echoed == NULL ? SLICE("none") : *echoed), request->sent_body.len,
                  request->body_too_large ? "large" : "", request->body_malformed ? "malformed" : "",
                  request->peer);
    buffer_append(&exchange->response.body, request->body);
    exchange->response.status = 200;
    exchange->response.content_type = "text/plain";
    http_respond_header(exchange, SLICE("X-Extra"), SLICE("yes"));
}

/* ---- answers that are read while they are sent ---- */

enum { STREAMED = 1000 * 1000, STREAM_ENDS = 300 * 1000 };

static char streamed_byte(uint64_t at)
{
    return (char)('a' + at % 23);
}

/* No more than 10,000 bytes at a time; under "/cut" it fails on its way. */
static ssize_t read_stream(void *context, uint64_t at, char *into, size_t room)
{
    struct bench *bench = context;
    size_t most = room < 10000 ? room : 10000;

    if (bench->stream_fails && at >= STREAM_ENDS)
        return -1;
    for (size_t i = 0; i < most; i++)
        into[i] = streamed_byte(at + i);
    return (ssize_t)most;
}

static void close_stream(void *context)
{
    struct bench *bench = context;

    atomic_fetch_add(&bench->streams_closed, 1);
}

static enum http_progress stream(struct bench *bench, struct http_exchange *exchange)
{
    struct http_stream *answer = arena_new(&exchange->arena, struct http_stream);

    *answer = (struct http_stream){STREAMED, read_stream, close_stream, bench};
    bench->stream_fails = slice_is(exchange->request.path, "/stream/cut");
    exchange->response.stream = answer;
    exchange->response.status = 200;
    return HTTP_ANSWERED;
}

/* ---- the handler ---- */

static enum http_progress headers(struct http_exchange *exchange)
{
    struct slice name = http_header(&exchange->request, "x-long") == NULL ? SLICE("v") : SLICE("");

    for (unsigned i = 0; i < 100; i++)
        http_respond_header(exchange, arena_printf(&exchange->arena, "X-%u", i),
                            name.len > 0 ? name : *http_header(&exchange->request, "x-long"));
    exchange->response.status = 200;
    return HTTP_ANSWERED;
}

static struct http_admission admit(void *context, const struct http_request *head)
{
    (void)context;
    if (slice_is(head->path, "/echo/roomy"))
        return (struct http_admission){.body_limit = 2 * LIMIT, .packed = true};
    return (struct http_admission){.body_limit = LIMIT};
}

static enum http_progress handle(void *context, struct http_exchange *exchange)
{
    struct bench *bench = context;
    struct slice path = exchange->request.path;
    static char seen;

    if (slice_starts_with(path, SLICE("/echo")) || exchange->context != NULL) {
        atomic_fetch_add(&bench->handled, 1);
        exchange->context = &seen;
        echo(exchange);
        return HTTP_ANSWERED;
    }
    exchange->context = &seen;
    if (slice_starts_with(path, SLICE("/stream")))
        return stream(bench, exchange);
    if (slice_is(path, "/headers"))
        return headers(exchange);
    if (slice_is(path, "/early")) {
        http_exchange_wake(exchange);
        return HTTP_WAITING;
    }
    pthread_mutex_lock(&bench->lock);
    if (slice_is(path, "/late"))
        bench->late[bench->late_count++] = exchange;
    else
        bench->held = exchange;
    pthread_cond_broadcast(&bench->changed);
    pthread_mutex_unlock(&bench->lock);
    return HTTP_WAITING;
}

static void release(void *context, struct http_exchange *exchange)
{
    struct bench *bench = context;

    assert_non_null(exchange->context);
    atomic_fetch_add(&bench->released, 1);
    pthread_mutex_lock(&bench->lock);
    pthread_cond_broadcast(&bench->changed);
    pthread_mutex_unlock(&bench->lock);
}

/* Wakes what is on the list, from a thread that is none of the server's. */
static void *wake_late_ones(void *context)
{
    struct bench *bench = context;

    pthread_mutex_lock(&bench->lock);
    for (;;) {
        while (bench->late_count == 0 && !bench->ended)
            pthread_cond_wait(&bench->changed, &bench->lock);
        if (bench->late_count == 0)
            break;
        struct http_exchange *exchange = bench->late[--bench->late_count];
        pthread_mutex_unlock(&bench->lock);
        http_exchange_wake(exchange);
        pthread_mutex_lock(&bench->lock);
    }
    pthread_mutex_unlock(&bench->lock);
    return NULL;
}

static int begin(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    struct http_config config = {.address = "127.0.0.1",
                                 .body_limit = LIMIT,
                                 .bodies_limit = 3 * LIMIT,
                                 .admit = admit,
                                 .threads = THREADS,
                                 .handler = handle,
                                 .release = release,
                                 .context = bench};
    struct arena arena;
    struct slice problem;

    arena_init(&arena);
    pthread_mutex_init(&bench->lock, NULL);
    pthread_cond_init(&bench->changed, NULL);
    pthread_create(&bench->waker, NULL, wake_late_ones, bench);
    bench->server = http_server_start(&config, &arena, &problem);
    arena_finish(&arena);
    assert_non_null(bench->server);
    bench->client = client_connect(http_server_port(bench->server));
    *state = bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;

    close(bench->client);
    if (bench->server != NULL)
        http_server_stop(bench->server);
    pthread_mutex_lock(&bench->lock);
    bench->ended = true;
    pthread_cond_broadcast(&bench->changed);
    pthread_mutex_unlock(&bench->lock);
    pthread_join(bench->waker, NULL);
    pthread_mutex_destroy(&bench->lock);
    pthread_cond_destroy(&bench->changed);
    free(bench);
    return 0;
}

static void expect(struct answer answer, int status, const char *body)
{
    assert_false(answer.closed);
    assert_int_equal(answer.status, status);
    buffer_append_byte(&answer.body, '\0');
    assert_string_equal(answer.body.bytes, body);
    answer_finish(&answer);
}

/* The rest of an answer of echo() for a plain request. */
#define PEER "||127.0.0.1|"

static void hands_a_request_over_as_it_was_sent(void **state)
{
    struct bench *bench = *state;

    expect(client_ask(bench->client, "POST /echo/a%20b/../%2f?x=%41+&y HTTP/1.1\r\nx-echo:  v  w \r\n",
                      SLICE("hello")),
           200, "POST|/echo/a%20b/../%2f|x=%41+&y|v  w|5" PEER "hello");
}

static void tells_status_type_and_headers(void **state)
{
    struct bench *bench = *state;
    struct answer answer = client_ask(bench->client, "POST /echo HTTP/1.1\r\n", SLICE(""));
    char room[64];

    assert_string_equal(answer_header(&answer, "Content-Type", room, sizeof(room)), "text/plain");
    assert_string_equal(answer_header(&answer, "X-Extra", room, sizeof(room)), "yes");
    assert_non_null(answer_header(&answer, "Date", room, sizeof(room)));
    answer_finish(&answer);
}

static void keeps_a_connection_for_many_requests(void **state)
{
    struct bench *bench = *state;

    for (int i = 0; i < 50; i++)
        expect(client_ask(bench->client, i % 2 == 0 ? "POST /echo HTTP/1.1\r\n" : "POST /early HTTP/1.1\r\n",
                          SLICE("x")),
               200, i % 2 == 0 ? "POST|/echo||none|1" PEER "x" : "POST|/early||none|1" PEER "x");
    assert_int_equal(atomic_load(&bench->handled), 50);
}

static void takes_chunked_bodies(void **state)
{
    struct bench *bench = *state;

    client_send(bench->client, SLICE("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                     "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"));
    expect(client_read(bench->client), 200, "POST|/echo||none|11" PEER "hello world");
}

static void flags_a_body_over_the_limit_and_goes_on(void **state)
{
    struct bench *bench = *state;
    static char large[LIMIT + 1];

    memset(large, 'x', sizeof(large));
    expect(client_ask(bench->client, "POST /echo HTTP/1.1\r\n", (struct slice){large, sizeof(large)}), 200,
           "POST|/echo||none|0|large|127.0.0.1|");
    struct answer answer = client_ask(bench->client, "POST /echo HTTP/1.1\r\n", (struct slice){large, LIMIT});
    assert_int_equal(answer.body.len, strlen("POST|/echo||none|100000" PEER) + LIMIT);
    answer_finish(&answer);
}

static void does_not_wait_for_a_body_that_is_announced_as_huge(void **state)
{
    struct bench *bench = *state;
    char room[32];

    client_send(bench->client,
                SLICE("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\nsome of it"));
    struct answer answer = client_read(bench->client);
    assert_string_equal(answer_header(&answer, "Connection", room, sizeof(room)), "close");
    expect(answer, 200, "POST|/echo||none|0|large|127.0.0.1|");
    int other = client_connect(http_server_port(bench->server));
    client_send(
        other,
        SLICE("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\nExpect: 100-continue\r\n\r\n"));
    expect(client_read(other), 200, "POST|/echo||none|0|large|127.0.0.1|");
    close(other);
}

/* Bodies that never end are cut off before they fill the memory; and what they took is free again afterwards.
 */
static void bounds_the_bodies_of_all_connections(void **state)
{
    struct bench *bench = *state;
    enum { CLIENTS = 8 };
    static char piece[LIMIT - 1];
    struct pollfd clients[CLIENTS];
    struct buffer head;

    memset(piece, 'x', sizeof(piece));
    buffer_init(&head);
    buffer_printf(&head, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", LIMIT);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct pollfd){.fd = client_connect(http_server_port(bench->server)), .events = POLLIN};
        client_send(clients[i].fd, buffer_slice(&head));
        client_send(clients[i].fd, (struct slice){piece, sizeof(piece)});
    }
    assert_true(poll(clients, CLIENTS, -1) > 0); /* three fit, so somebody is cut off */
    int answered = 0;
    for (int i = 0; i < CLIENTS; i++) {
        client_send(clients[i].fd, SLICE("x"));
        struct answer answer = client_read(clients[i].fd);
        answered += answer.status == 200;
        answer_finish(&answer);
        close(clients[i].fd);
    }
    assert_in_range(answered, 1, CLIENTS - 1);
    for (int i = 0; i < 10; i++) {
        struct answer answer =
            client_ask(bench->client, "POST /echo HTTP/1.1\r\n", (struct slice){piece, sizeof(piece)});
        assert_int_equal(answer.status, 200);
        answer_finish(&answer);
    }
    buffer_finish(&head);
}

static void unpacks_gzip(void **state)
{
    struct bench *bench = *state;
    static char zeros[LIMIT + 1];
    struct buffer packed;

    buffer_init(&packed);
    gzip_pack(SLICE("hello hello hello hello hello"), &packed);
    struct answer answer =
        client_ask(bench->client, "POST /echo HTTP/1.1\r\nContent-Encoding: gzip\r\n", buffer_slice(&packed));
    buffer_append_byte(&answer.body, '\0');
    assert_non_null(strstr(answer.body.bytes, "|127.0.0.1|hello hello hello hello hello"));
    answer_finish(&answer);

    buffer_reset(&packed);
    gzip_pack((struct slice){zeros, LIMIT + 1}, &packed);
    answer =
        client_ask(bench->client, "POST /echo HTTP/1.1\r\nContent-Encoding: gzip\r\n", buffer_slice(&packed));
    buffer_append_byte(&answer.body, '\0');
    assert_non_null(strstr(answer.body.bytes, "|large|127.0.0.1|"));
    answer_finish(&answer);
    buffer_finish(&packed);

    expect(client_ask(bench->client, "POST /echo HTTP/1.1\r\nContent-Encoding: gzip\r\n", SLICE("no gzip")),
           200, "POST|/echo||none|7|malformed|127.0.0.1|");
}

static void refuses_too_many_headers(void **state)
{
    struct bench *bench = *state;
    struct buffer head;

    buffer_init(&head);
    buffer_append_string(&head, "POST /echo HTTP/1.1\r\n");
    for (int i = 0; i < 300; i++)
        buffer_printf(&head, "a%d: b\r\n", i);
    buffer_append_byte(&head, '\0');
    struct answer answer = client_ask(bench->client, head.bytes, SLICE(""));
    assert_int_equal(answer.status, 431);
    answer_finish(&answer);
    buffer_finish(&head);
    assert_int_equal(atomic_load(&bench->handled), 0);
}

static void refuses_what_is_no_http(void **state)
{
    struct bench *bench = *state;

    client_send(bench->client, SLICE("\x16\x03\x01 what\r\n\r\n"));
    struct answer answer = client_read(bench->client);
    assert_true(answer.closed || answer.status == 400);
    answer_finish(&answer);
    assert_int_equal(atomic_load(&bench->handled), 0);
}

static struct http_exchange *wait_until_held(struct bench *bench)
{
    pthread_mutex_lock(&bench->lock);
    while (bench->held == NULL)
        pthread_cond_wait(&bench->changed, &bench->lock);
    struct http_exchange *held = bench->held;
    bench->held = NULL;
    pthread_mutex_unlock(&bench->lock);
    return held;
}

static void parks_and_resumes(void **state)
{
    struct bench *bench = *state;

    client_send(bench->client, SLICE("POST /held HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n!"));
    struct http_exchange *held = wait_until_held(bench);
    /* Others are served meanwhile, by more connections than there are threads. */
    for (int i = 0; i < 3 * THREADS; i++) {
        int other = client_connect(http_server_port(bench->server));
        expect(client_ask(other, "POST /echo HTTP/1.1\r\n", SLICE("x")), 200, "POST|/echo||none|1" PEER "x");
        close(other);
    }
    http_exchange_wake(held);
    expect(client_read(bench->client), 200, "POST|/held||none|1" PEER "!");
}

static void releases_the_request_of_a_client_that_went_away(void **state)
{
    struct bench *bench = *state;
    int other = client_connect(http_server_port(bench->server));
    struct linger reset = {.l_onoff = 1, .l_linger = 0};

    client_send(other, SLICE("POST /held HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"));
    struct http_exchange *held = wait_until_held(bench);
    setsockopt(other, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    close(other);
    http_exchange_wake(held);
    pthread_mutex_lock(&bench->lock);
    while (atomic_load(&bench->released) == 0)
        pthread_cond_wait(&bench->changed, &bench->lock);
    pthread_mutex_unlock(&bench->lock);
    assert_int_equal(atomic_load(&bench->released), 1);
}

/* Sends some bytes and, in one segment with them, the end of this side of the connection. What is waited for
 * then comes sooner than an idle connection is closed. */
static void send_last(int client, const char *text)
{
    struct timeval patience = {.tv_sec = 60};

    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    assert_int_equal(send(client, text, strlen(text), MSG_MORE), strlen(text));
    assert_int_equal(shutdown(client, SHUT_WR), 0);
}

static void closes_connections_that_are_cut_off(void **state)
{
    struct bench *bench = *state;
    static const char *const parts[] = {
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "POST /echo HTTP/1.1\r\nHo",
        "POST /ec",
        "\r\n\r\n"};

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        int client = client_connect(http_server_port(bench->server));
        /* After an answer the connection is one that MHD waits for. */
        expect(client_ask(client, "POST /echo HTTP/1.1\r\n", SLICE("x")), 200, "POST|/echo||none|1" PEER "x");
        send_last(client, parts[i]);
        char byte;
        assert_int_equal(recv(client, &byte, 1, 0), 0);
        close(client);
    }
    assert_int_equal(atomic_load(&bench->handled), sizeof(parts) / sizeof(parts[0]));
}

static void answers_those_who_have_no_more_to_say(void **state)
{
    struct bench *bench = *state;
    int other = client_connect(http_server_port(bench->server));

    expect(client_ask(bench->client, "POST /echo HTTP/1.1\r\n", SLICE("x")), 200,
           "POST|/echo||none|1" PEER "x");
    send_last(bench->client, "POST /held HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}");
    struct http_exchange *held = wait_until_held(bench);
    expect(client_ask(other, "POST /echo HTTP/1.1\r\n", SLICE("x")), 200, "POST|/echo||none|1" PEER "x");
    send_last(other, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}");
    expect(client_read(other), 200, "POST|/echo||none|2" PEER "{}");
    assert_true(client_is_closed(other));
    http_exchange_wake(held);
    expect(client_read(bench->client), 200, "POST|/held||none|2" PEER "{}");
    assert_true(client_is_closed(bench->client));
    close(other);
}

struct load {
    uint16_t port;
    int rounds;
};

static void *ask_many_times(void *context)
{
    const struct load *load = context;
    static const char *const heads[] = {"POST /late HTTP/1.1\r\n", "POST /early HTTP/1.1\r\n",
                                        "POST /echo HTTP/1.1\r\n"};
    intptr_t right = 0;
    int client = client_connect(load->port);

    for (int i = 0; i < load->rounds; i++) {
        struct answer answer = client_ask(client, heads[i % 3], SLICE("body"));
        right += answer.status == 200 && answer.body.len > 4 &&
                 memcmp(answer.body.bytes + answer.body.len - 4, "body", 4) == 0;
        answer_finish(&answer);
    }
    close(client);
    return (void *)right;
}

/* The state machine of parking, under load from all sides; meant for a run under ThreadSanitizer too. */
static void many_clients_and_a_waker_race(void **state)
{
    struct bench *bench = *state;
    enum { CLIENTS = 16, ROUNDS = 300 };
    pthread_t clients[CLIENTS];
    struct load load = {http_server_port(bench->server), ROUNDS};
    intptr_t right = 0;

    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(pthread_create(&clients[i], NULL, ask_many_times, &load), 0);
    for (int i = 0; i < CLIENTS; i++) {
        void *result;
        pthread_join(clients[i], &result);
        right += (intptr_t)result;
    }
    assert_int_equal(right, CLIENTS * ROUNDS);
    assert_int_equal(atomic_load(&bench->handled), CLIENTS * ROUNDS);
}

static void *stop(void *context)
{
    struct bench *bench = context;

    http_server_stop(bench->server);
    return NULL;
}

static void a_stop_finishes_what_is_in_flight(void **state)
{
    struct bench *bench = *state;
    uint16_t port = http_server_port(bench->server);
    pthread_t stopper;
    char room[32];

    client_send(bench->client, SLICE("POST /held HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n!"));
    struct http_exchange *held = wait_until_held(bench);
    int idle = client_connect(port);
    expect(client_ask(idle, "POST /echo HTTP/1.1\r\n", SLICE("")), 200, "POST|/echo||none|0" PEER);
    pthread_create(&stopper, NULL, stop, bench);
    /* Once the stop is on its way, nobody is accepted any more; the idle connection has one more request at
     * most. */
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (bool refused = false; !refused;) {
        int probe = socket(AF_INET, SOCK_STREAM, 0);
        refused = connect(probe, (struct sockaddr *)&address, sizeof(address)) != 0;
        close(probe);
    }
    struct answer answer = client_ask(idle, "POST /echo HTTP/1.1\r\n", SLICE(""));
    assert_string_equal(answer_header(&answer, "Connection", room, sizeof(room)), "close");
    answer_finish(&answer);
    close(idle);
    http_exchange_wake(held);
    expect(client_read(bench->client), 200, "POST|/held||none|1" PEER "!");
    assert_true(client_is_closed(bench->client));
    pthread_join(stopper, NULL);
    bench->server = NULL;
}

static void says_why_it_cannot_listen(void **state)
{
    struct bench *bench = *state;
    struct http_config config = {.address = "127.0.0.1",
                                 .port = http_server_port(bench->server),
                                 .threads = 1,
                                 .body_limit = LIMIT,
                                 .handler = handle,
                                 .context = bench};
    struct arena arena;
    struct slice problem;

    arena_init(&arena);
    assert_null(http_server_start(&config, &arena, &problem));
    assert_non_null(strstr(problem.ptr, "Address already in use"));
    config.address = "one.two";
    assert_null(http_server_start(&config, &arena, &problem));
    assert_string_equal(problem.ptr, "'one.two' is not an IP address");
    arena_finish(&arena);
}

/* ---- HTTPS ---- */

static char *pem_text(BIO *bio)
{
    char *bytes;
    long length = BIO_get_mem_data(bio, &bytes);
    char *text = calloc(1, (size_t)length + 1);

    memcpy(text, bytes, (size_t)length);
    BIO_free(bio);
    return text;
}

/* A certificate for localhost, signed by itself. */
static void make_certificate(char **certificate_text, char **key_text)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);
    BIO *out = BIO_new(BIO_s_mem());

    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_set_pubkey(certificate, key);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    PEM_write_bio_X509(out, certificate);
    *certificate_text = pem_text(out);
    out = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL);
    *key_text = pem_text(out);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

static void serves_https(void **state)
{
    struct bench *bench = *state;
    static const char request[] = "POST /late HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello";
    struct http_config config = {.address = "127.0.0.1",
                                 .body_limit = LIMIT,
                                 .threads = THREADS,
                                 .handler = handle,
                                 .release = release,
                                 .context = bench};
    char *certificate, *key, answer[4096];
    struct arena arena;
    struct slice problem;

    arena_init(&arena);
    make_certificate(&certificate, &key);
    config.tls_certificate = certificate;
    config.tls_key = "no key";
    assert_null(http_server_start(&config, &arena, &problem));
    assert_non_null(strstr(problem.ptr, "PEM"));
    config.tls_key = key;
    struct http_server *server = http_server_start(&config, &arena, &problem);
    assert_non_null(server);

    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *ssl = SSL_new(context);
    int client = client_connect(http_server_port(server));
    SSL_set_fd(ssl, client);
    assert_int_equal(SSL_connect(ssl), 1);
    for (int i = 0; i < 3; i++) {
        size_t length = 0;
        assert_int_equal(SSL_write(ssl, request, sizeof(request) - 1), sizeof(request) - 1);
        while (length < 5 || memcmp(answer + length - 5, "hello", 5) != 0) {
            int got = SSL_read(ssl, answer + length, (int)(sizeof(answer) - 1 - length));
            assert_true(got > 0);
            length += (size_t)got;
        }
        assert_memory_equal(answer, "HTTP/1.1 200 ", 13);
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
    close(client);
    /* Who speaks no TLS is not answered. */
    client = client_connect(http_server_port(server));
    client_send(client, SLICE("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"));
    struct answer refusal = client_read(client);
    assert_true(refusal.closed);
    answer_finish(&refusal);
    close(client);
    http_server_stop(server);
    free(certificate);
    free(key);
    arena_finish(&arena);
}

static void gzip_packs_and_unpacks_all_sizes(void **state)
{
    struct buffer text, packed, unpacked;
    (void)state;

    buffer_init(&text);
    buffer_init(&packed);
    buffer_init(&unpacked);
    for (size_t size = 0; size < 300 * 1000; size = size * 3 + 1) {
        while (text.len < size)
            buffer_append_byte(&text, (char)(text.len * text.len >> 7));
        text.len = size;
        packed.len = unpacked.len = 0;
        gzip_pack(buffer_slice(&text), &packed);
        assert_int_equal(gzip_unpack(buffer_slice(&packed), size, &unpacked), GZIP_OK);
        assert_true(slice_equal(buffer_slice(&text), buffer_slice(&unpacked)));
        for (size_t cut = 0; cut < packed.len; cut += 1 + packed.len / 50) {
            unpacked.len = 0;
            assert_int_equal(gzip_unpack((struct slice){packed.bytes, cut}, size, &unpacked), GZIP_MALFORMED);
        }
    }
    buffer_finish(&text);
    buffer_finish(&packed);
    buffer_finish(&unpacked);
}

static void gzip_is_offered(void **state)
{
    static const struct {
        const char *header;
        bool accepted;
    } cases[] = {{"gzip", true},
                 {"deflate, gzip;q=0.5", true},
                 {"gzip;q=0", false},
                 {"identity", false},
                 {"*", true},
                 {"*;q=0", false},
                 {"gzip;q=0, *", false},
                 {"GZIP", true},
                 {"", false},
                 {" , ,gzip ; q=1", true},
                 {"gzip;q=0.001", true}};
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct http_header header = {SLICE("Accept-Encoding"), slice_of(cases[i].header)};
        struct http_request request = {.headers = &header, .header_count = 1};
        assert_int_equal(http_takes_coding(&request, "gzip"), cases[i].accepted);
    }
}

static void limits_bodies_by_their_heads(void **state)
{
    struct bench *bench = *state;
    static char large[2 * LIMIT];
    struct buffer packed;

    memset(large, 'x', sizeof(large));
    struct answer answer =
        client_ask(bench->client, "PUT /echo/roomy HTTP/1.1\r\n", (struct slice){large, sizeof(large)});
    assert_int_equal(answer.body.len, strlen("PUT|/echo/roomy||none|200000" PEER) + sizeof(large));
    answer_finish(&answer);
    expect(client_ask(bench->client, "PUT /echo HTTP/1.1\r\n", (struct slice){large, sizeof(large)}), 200,
           "PUT|/echo||none|0|large|127.0.0.1|");

    buffer_init(&packed);
    gzip_pack(SLICE("hello hello hello hello hello"), &packed);
    answer = client_ask(bench->client, "PUT /echo/roomy HTTP/1.1\r\nContent-Encoding: gzip\r\n",
                        buffer_slice(&packed));
    assert_true(answer.body.len > packed.len);
    assert_memory_equal(answer.body.bytes + answer.body.len - packed.len, packed.bytes, packed.len);
    answer_finish(&answer);
    buffer_finish(&packed);
}

static void wait_until_closed(struct bench *bench, int count)
{
    while (atomic_load(&bench->streams_closed) < count)
        sched_yield();
    assert_int_equal(atomic_load(&bench->streams_closed), count);
}

static void streams_answers(void **state)
{
    struct bench *bench = *state;
    char byte;

    for (int i = 0; i < 2; i++) {
        struct answer answer = client_ask(bench->client, "GET /stream HTTP/1.1\r\n", SLICE(""));
        assert_int_equal(answer.body.len, STREAMED);
        for (size_t at = 0; at < STREAMED; at++)
            assert_int_equal(answer.body.bytes[at], streamed_byte(at));
        answer_finish(&answer);
        wait_until_closed(bench, i + 1);
    }
    /* HEAD is told the size, and sent nothing: what follows its head is the next answer. */
    client_send(bench->client, SLICE("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
    struct buffer head;
    buffer_init(&head);
    while (head.len < 4 || memcmp(head.bytes + head.len - 4, "\r\n\r\n", 4) != 0) {
        assert_int_equal(recv(bench->client, &byte, 1, 0), 1);
        buffer_append_byte(&head, byte);
    }
    buffer_append_byte(&head, '\0');
    assert_non_null(strstr(head.bytes, "Content-Length: 1000000\r\n"));
    buffer_finish(&head);
    wait_until_closed(bench, 3);
    expect(client_ask(bench->client, "POST /echo HTTP/1.1\r\n", SLICE("x")), 200,
           "POST|/echo||none|1" PEER "x");
}

static void cuts_a_stream_that_cannot_go_on(void **state)
{
    struct bench *bench = *state;

    struct answer answer = client_ask(bench->client, "GET /stream/cut HTTP/1.1\r\n", SLICE(""));
    assert_true(answer.closed);
    assert_int_equal(answer.body.len, STREAM_ENDS);
    answer_finish(&answer);
    wait_until_closed(bench, 1);
}

static void closes_the_stream_of_a_client_that_went_away(void **state)
{
    struct bench *bench = *state;
    int other = client_connect(http_server_port(bench->server));
    char some[100];

    client_send(other, SLICE("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_int_equal(recv(other, some, sizeof(some), MSG_WAITALL), sizeof(some));
    close(other);
    wait_until_closed(bench, 1);
}

static void answers_with_many_headers_and_long_ones(void **state)
{
    struct bench *bench = *state;
    char room[8], longer[40 + 4000] = "GET /headers HTTP/1.1\r\nX-Long: ";
    struct answer answer = client_ask(bench->client, "GET /headers HTTP/1.1\r\n", SLICE(""));

    assert_string_equal(answer_header(&answer, "X-0", room, sizeof(room)), "v");
    assert_string_equal(answer_header(&answer, "X-99", room, sizeof(room)), "v");
    answer_finish(&answer);

    size_t length = strlen(longer);
    memset(longer + length, 'w', 100);
    memcpy(longer + length + 100, "\r\n", 3);
    answer = client_ask(bench->client, longer, SLICE(""));
    assert_string_equal(answer_header(&answer, "X-99", room, sizeof(room)), "wwwwwww");
    answer_finish(&answer);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(hands_a_request_over_as_it_was_sent),
        TEST(tells_status_type_and_headers),
        TEST(keeps_a_connection_for_many_requests),
        TEST(takes_chunked_bodies),
        TEST(flags_a_body_over_the_limit_and_goes_on),
        TEST(does_not_wait_for_a_body_that_is_announced_as_huge),
        TEST(bounds_the_bodies_of_all_connections),
        TEST(unpacks_gzip),
        TEST(refuses_too_many_headers),
        TEST(refuses_what_is_no_http),
        TEST(parks_and_resumes),
        TEST(releases_the_request_of_a_client_that_went_away),
        TEST(closes_connections_that_are_cut_off),
        TEST(answers_those_who_have_no_more_to_say),
        TEST(many_clients_and_a_waker_race),
        TEST(a_stop_finishes_what_is_in_flight),
        TEST(says_why_it_cannot_listen),
        TEST(serves_https),
        TEST(limits_bodies_by_their_heads),
        TEST(streams_answers),
        TEST(cuts_a_stream_that_cannot_go_on),
        TEST(closes_the_stream_of_a_client_that_went_away),
        TEST(answers_with_many_headers_and_long_ones),
        cmocka_unit_test(gzip_packs_and_unpacks_all_sizes),
        cmocka_unit_test(gzip_is_offered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
