/* The client: what it makes of endpoints, and of answers that are whole, cut, chunked, or no HTTP at all. */
#include <pthread.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "deploy/client.h"

#include "lib/unit_arena.h"

static struct client *client_of(const char *endpoint, struct slice *problem)
{
    const struct client_options options = {.endpoint = slice_of(endpoint),
                                           .region = SLICE("us-east-1"),
                                           .access_key_id = SLICE("AKIDEXAMPLE"),
                                           .secret_access_key = SLICE("secret"),
                                           .session_token = SLICE("")};

    return client_create(&arena, &options, problem);
}

static void endpoints_are_urls(void **state)
{
    static const char *const good[] = {"http://127.0.0.1:8000", "http://localhost", "https://db.example.com/",
                                       "http://[::1]:8000", "https://[::1]/path"};
    static const char *const wrong[] = {"",           "127.0.0.1:8000",     "ftp://x",        "http://",
                                        "http://:80", "http://x:0",         "http://x:99999", "http://x:8a",
                                        "http://x y", "http://u@h",         "http://[::1",    "http://x/a b",
                                        "http://x?y", "http://x/\r\nHost:y"};
    struct slice problem;
    (void)state;

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct client *client = client_of(good[i], &problem);
        assert_non_null(client);
        client_destroy(client);
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_null(client_of(wrong[i], &problem));
        assert_true(problem.len > 0);
    }
}

/* A server that takes one request and says what it was told to, byte for byte. */
struct server {
    int listener;
    struct slice answer;
    char request[4096];
    size_t request_length;
};

static void *serve(void *context)
{
    struct server *server = context;
    int peer = accept(server->listener, NULL, NULL);

    /* The request is whole when its body is: "{}". */
    while (peer >= 0 && memmem(server->request, server->request_length, "\r\n\r\n{}", 6) == NULL) {
        ssize_t more = recv(peer, server->request + server->request_length,
                            sizeof(server->request) - server->request_length, 0);
        if (more <= 0)
            break;
        server->request_length += (size_t)more;
    }
    for (size_t sent = 0; peer >= 0 && sent < server->answer.len;) {
        ssize_t more = send(peer, server->answer.ptr + sent, server->answer.len - sent, MSG_NOSIGNAL);
        if (more <= 0)
            break;
        sent += (size_t)more;
    }
    if (peer >= 0)
        close(peer);
    return NULL;
}

static enum client_outcome call(struct server *server, struct slice answer, struct client_answer *out)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    struct slice problem;
    pthread_t thread;

    *server = (struct server){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .answer = answer};
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(server->listener, 1), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &length), 0);
    assert_int_equal(pthread_create(&thread, NULL, serve, server), 0);
    struct client *client =
        client_of(arena_printf(&arena, "http://127.0.0.1:%d", ntohs(address.sin_port)).ptr, &problem);
    assert_non_null(client);
    enum client_outcome outcome = client_call(client, &arena, "ListTables", SLICE("{}"), out);
    client_destroy(client);
    assert_int_equal(pthread_join(thread, NULL), 0);
    close(server->listener);
    return outcome;
}

static void answers_are_read(void **state)
{
    static const char *const whole[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
        "HTTP/1.1 200 OK\r\ncontent-length:7 \r\n\r\n{\"a\":1} and more",
        "HTTP/1.0 200 OK\r\n\r\n{\"a\":1}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\n\r\n",
    };
    struct client_answer answer;
    struct server server;
    (void)state;

    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
        assert_int_equal(call(&server, slice_of(whole[i]), &answer), CLIENT_DONE);
        assert_true(slice_is(json_get(answer.body, "a")->text, "1"));
    }
}

static void requests_are_signed(void **state)
{
    struct client_answer answer;
    struct server server;
    (void)state;

    assert_int_equal(call(&server, SLICE("HTTP/1.1 200 OK\r\n\r\n{}"), &answer), CLIENT_DONE);
    server.request[server.request_length] = '\0';
    assert_non_null(strstr(server.request, "POST / HTTP/1.1\r\n"));
    assert_non_null(strstr(server.request, "X-Amz-Target: DynamoDB_20120810.ListTables\r\n"));
    assert_non_null(strstr(server.request, "\r\nAuthorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"));
    assert_non_null(strstr(server.request,
                           "/us-east-1/dynamodb/aws4_request, SignedHeaders=content-type;host;x-amz-date;"
                           "x-amz-target, Signature="));
}

static void refusals_have_type_and_message(void **state)
{
    struct client_answer answer;
    struct server server;
    (void)state;

    assert_int_equal(
        call(&server,
             SLICE("HTTP/1.1 400 Bad Request\r\n\r\n{\"__type\":\"com.amazonaws.x#ResourceInUseException\","
                   "\"message\":\"no\"}"),
             &answer),
        CLIENT_REFUSED);
    assert_true(slice_is(answer.type, "ResourceInUseException"));
    assert_true(slice_is(answer.message, "no"));
}

static void what_is_no_answer_fails(void **state)
{
    static const char *const wrong[] = {
        "",
        "H",
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 abc\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"a\":1}",
        "HTTP/1.1 200 OK\r\n\r\nnot json",
        "HTTP/1.1 200 OK\r\n\r\n[]",
        "HTTP/1.1 404 Not Found\r\n\r\n<html>",
        "HTTP/1.1 500 Oops\r\n\r\n{\"message\":\"no type\"}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n{}\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    };
    struct client_answer answer;
    struct server server;
    (void)state;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        if (call(&server, slice_of(wrong[i]), &answer) != CLIENT_FAILED)
            fail_msg("taken: %s", wrong[i]);
        assert_true(answer.message.len > 0);
    }
}

static void nobody_there_is_told(void **state)
{
    struct client_answer answer;
    struct slice problem;
    struct client *client = client_of("http://127.0.0.1:1", &problem);
    (void)state;

    assert_int_equal(client_call(client, &arena, "ListTables", SLICE("{}"), &answer), CLIENT_FAILED);
    assert_true(slice_is(answer.message, "cannot reach http://127.0.0.1:1: Connection refused"));
    client_destroy(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(endpoints_are_urls),      ARENA_TEST(answers_are_read),
        ARENA_TEST(requests_are_signed),     ARENA_TEST(refusals_have_type_and_message),
        ARENA_TEST(what_is_no_answer_fails), ARENA_TEST(nobody_there_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
